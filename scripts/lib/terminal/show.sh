# shellcheck shell=bash disable=SC2154 # `answer` is set by http.sh
# The node's answer: a pipe or a file gets its bytes, a person reads it in lines.

# visible: UTF-8 text without C1 controls, marks of direction, line separators and zero-width characters.
visible() {
    LC_ALL=C sed $'s/\xc2[\x80-\x9f]//g; s/\xd8\x9c//g; s/\xe2\x80[\x8b-\x8f\xa8-\xae]//g; s/\xe2\x81[\xa0-\xaf]//g; s/\xef\xbb\xbf//g'
}

# printable: a node's words, without what could steer the terminal they are shown on.
printable() {
    LC_ALL=C tr -d '\000-\010\013-\037\177' | visible
}

# words FILE: the beginning of a text, in one line that can be shown.
words() {
    head -c 2000 "$1" | printable | tr '\n\t' '  '
}

# abridged: what a terminal shows of an answer; a client that shows less has its own.
abridged() { cat; }

# heading LINE: what the answer is.
heading() { printf '%s\n\n' "$1" >&2; }

# show: the answer of the last request. What is no terminal gets every byte as it came, so that a chain can be imported
# again; on a terminal only white space is added, for 5.0 is another amount than 5.
show() {
    if [ -t 1 ] && command -v awk >/dev/null; then
        printable <"$answer" | abridged | indent
    elif [ -t 1 ]; then
        printable <"$answer" | abridged
        echo
    else
        cat <"$answer"
    fi
}

# indent: JSON with a line for each member. Records are what lies between commas, so that no line of a long chain is held
# as a whole.
indent() {
    local colours=1
    { [ -z "${NO_COLOR-}" ] && [ "${TERM:-dumb}" != dumb ]; } || colours=
    LC_ALL=C awk -v colours="$colours" -f "$lib/terminal/indent.awk"
}
