# shellcheck shell=bash
# Texts as JSON.

# json_string TEXT: prints the text as JSON, with quotes. Works byte by byte: in any locale non-ASCII text passes unchanged,
# and only quotes, backslashes and control characters are escaped.
json_string() {
    local LC_ALL=C text=$1 quoted='' char code i
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1}
        printf -v code '%d' "'$char"
        if [ "$char" = '"' ] || [ "$char" = \\ ]; then
            quoted+=\\$char
        elif ((code >= 0 && code < 32 || code == 127)); then
            printf -v char '\\u%04x' "$code"
            quoted+=$char
        else
            quoted+=$char
        fi
    done
    printf '"%s"' "$quoted"
}

# json_list TEXT...
json_list() {
    local separator='' text
    printf '['
    for text; do
        printf '%s' "$separator"
        json_string "$text"
        separator=', '
    done
    printf ']'
}
