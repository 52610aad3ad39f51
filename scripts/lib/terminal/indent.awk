# Prints JSON with a line for each member and entry. Changes only white space. `colours`: colour keys and texts as jq does.

BEGIN {
    RS = ","
    SPACES = sprintf("%80s", "")
    if (colours) { KEY = "\033[34;1m"; TEXT = "\033[32m"; PLAIN = "\033[0m" }
}

NR > 1 { take(",") }
{ take($0) }
END { printf "\n" }

# take PART: prints a piece of the JSON. `in_text` says whether it continues a text of the piece before.
function take(part) {
    while (part != "")
        part = in_text ? rest_of_text(part) : token(part)
}

# token PART: prints one token, or the opening quote of a text, and returns what follows it.
function token(part,    first) {
    if (match(part, /^[ \t\r\n]+/)) return substr(part, RLENGTH + 1)
    first = substr(part, 1, 1)
    if (index("]}", first)) close_with(first)
    else if (first == ",") { printf ","; line(); is_key = kind[depth] == "{" }
    else if (first == ":") { printf ": "; is_key = 0 }
    else return value(part, first)
    return substr(part, 2)
}

# value PART FIRST: prints the start of a value or a name, on a new line if it is the first in its list or object.
function value(part, first) {
    if (opened) { line(); opened = 0 }
    if (index("[{", first)) {
        printf "%s", first
        kind[++depth] = first
        is_key = first == "{"
        opened = 1
        return substr(part, 2)
    }
    if (first == "\"") {
        printf "%s\"", is_key ? KEY : TEXT
        in_text = 1
        return substr(part, 2)
    }
    match(part, /^[^] \t\r\n}:"]+/)
    if (RLENGTH < 1) RLENGTH = 1
    printf "%s", substr(part, 1, RLENGTH)
    return substr(part, RLENGTH + 1)
}

function close_with(bracket) {
    if (depth > 0) depth--
    if (!opened) line()
    opened = is_key = 0
    printf "%s", bracket
}

# rest_of_text PART: prints up to a backslash or the closing quote, and returns what follows.
function rest_of_text(part) {
    if (escaped) {
        escaped = 0
        printf "%s", substr(part, 1, 1)
        return substr(part, 2)
    }
    if (!match(part, /["\\]/)) RSTART = length(part) + 1
    printf "%s", substr(part, 1, RSTART - 1)
    if (substr(part, RSTART, 1) == "\\") { printf "\\"; escaped = 1 }
    if (substr(part, RSTART, 1) == "\"") { printf "\"%s", PLAIN; in_text = 0 }
    return substr(part, RSTART + 1)
}

# line: begins a new line, indented by two spaces a level, for up to 40 levels.
function line() {
    printf "\n%s", substr(SPACES, 1, 2 * depth)
}
