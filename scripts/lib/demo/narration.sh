# shellcheck shell=bash disable=SC2154 # `lib`, `stage` and `pauses` are set by the demo
# What the demo says and shows.

# act TITLE: a new part; on a terminal it begins when the person is ready for it.
acts=0
act() {
    if ((acts > 0)) && [ "$pauses" = yes ]; then
        printf '\n[Enter goes on, Ctrl-C ends it] ' >&2
        read -r || pauses=no
    fi
    acts=$((acts + 1))
    printf '\n== %s. %s\n' "$acts" "$1"
}

# say LINE...: a paragraph.
say() {
    printf '\n'
    printf '%s\n' "$@"
}

# brief: text with short addresses and, where it is long, without its middle.
brief() {
    shorten_addresses | sed 's/^\(.\{150\}\).\{20,\}\(.\{130\}\)$/\1 ... \2/'
}

# quietly NAME CLIENT WORD...: runs a client as the owner of the node does.
quietly() {
    LEDGER_NODE=$(url_of "$1") LEDGER_DATA_DIR=$stage/$1 "${lib%/*}/$2" "${@:3}"
}

# at NAME CLIENT WORD...: the same, before everybody's eyes: the command, what the client says, without its box, and the
# node's answer.
at() {
    local answer
    printf '\n  %s$ %s\n' "$1" "$(printf '%s ' "${@:2}" | brief)"
    answer=$(quietly "$@" 2>"$stage/said") || {
        cat -- "$stage/said" >&2
        exit 1
    }
    sed -e '/^[+|]/d' -e '/^$/d' -e 's/^/    /' -- "$stage/said"
    printf '%s\n' "$answer" | brief | sed -e '/^$/d' -e 's/^/    /'
}

# node_says NAME WORD...: shows a command of the node's program, what it prints, and answers whether it went well.
node_says() {
    local said code=0
    printf '\n  %s$ node %s\n' "$1" "${*:2}"
    said=$(run_node "$@" 2>&1) || code=$?
    printf '%s\n' "$said" | printable | sed 's/^/    /'
    return "$code"
}
