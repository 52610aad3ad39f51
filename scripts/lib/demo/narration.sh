# shellcheck shell=bash disable=SC2154 # `lib`, `stage` and `pauses` are set by the demo
# The demo's texts, and how it shows commands.

# act TITLE: begins a new part; on a terminal, when the person presses Enter.
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

# brief: shortens addresses, and cuts the middle out of long text.
brief() {
    shorten_addresses | sed 's/^\(.\{150\}\).\{20,\}\(.\{130\}\)$/\1 ... \2/'
}

# quietly NAME CLIENT WORD...: runs a client as the node's owner.
quietly() {
    LEDGER_NODE=$(url_of "$1") LEDGER_DATA_DIR=$stage/$1 "${lib%/*}/$2" "${@:3}"
}

# at NAME CLIENT WORD...: the same, but shows the command, the client's messages without its box, and the node's answer.
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

# node_says NAME WORD...: runs a command of the node's program, shows it and its output, and returns its success.
node_says() {
    local said code=0
    printf '\n  %s$ node %s\n' "$1" "${*:2}"
    said=$(run_node "$@" 2>&1) || code=$?
    printf '%s\n' "$said" | printable | sed 's/^/    /'
    return "$code"
}
