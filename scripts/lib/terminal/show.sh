# shellcheck shell=bash disable=SC2154 # `answer` is set by http.sh
# Shows the node's answer: its bytes in a pipe or file, formatted on a terminal.

# visible: removes C1 controls, direction marks, line separators and zero-width characters from UTF-8 text.
visible() {
    LC_ALL=C sed $'s/\xc2[\x80-\x9f]//g; s/\xd8\x9c//g; s/\xe2\x80[\x8b-\x8f\xa8-\xae]//g; s/\xe2\x81[\xa0-\xaf]//g; s/\xef\xbb\xbf//g'
}

# printable: removes what could control the terminal from a node's words.
printable() {
    LC_ALL=C tr -d '\000-\010\013-\037\177' | visible
}

# words FILE: prints the beginning of a text in one printable line.
words() {
    head -c 2000 "$1" | printable | tr '\n\t' '  '
}

# abridged: selects what a terminal shows of an answer. Clients that show less redefine it.
abridged() { cat; }

# heading LINE: prints the answer's heading.
heading() { printf '%s\n\n' "$1" >&2; }

# show: shows the last answer. A pipe or file gets every byte unchanged, so that a chain can be imported again. On a
# terminal, numbers stay as written: 5.0 is another amount than 5.
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

# indent: prints JSON with a line per member. Commas separate awk's records, so that it never holds a whole long line.
indent() {
    local colours=1
    { [ -z "${NO_COLOR-}" ] && [ "${TERM:-dumb}" != dumb ]; } || colours=
    LC_ALL=C awk -v colours="$colours" -f "$lib/terminal/indent.awk"
}
