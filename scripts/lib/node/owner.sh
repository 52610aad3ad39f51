# shellcheck shell=bash disable=SC2154 # `lib` is set by lib.sh
# The owner's token: finds it and passes it to curl. Runs in bash 3.2, the version of macOS.

# owner_header: prints a line of curl's configuration with the token, if there is one. LEDGER_OWNER_TOKEN goes to any node; a
# token from a file goes only to a node on this machine.
owner_header() {
    local token
    token=$(trimmed "${LEDGER_OWNER_TOKEN-}")
    if [ -n "$token" ]; then
        is_token "$token" || fail 2 'LEDGER_OWNER_TOKEN is no token: those have 16 to 256 letters, digits and -._~+/='
    elif is_local; then
        token=$(read_token "$(token_file)")
    fi
    [ -z "$token" ] || printf 'header = "Authorization: Bearer %s"\n' "$token"
}

# is_token TEXT: whether it has no characters with a meaning in curl's configuration.
is_token() {
    local LC_ALL=C pattern='^[A-Za-z0-9._~+/=-]{16,256}$'
    [[ $1 =~ $pattern ]]
}

# token_file: prints the token file's path for a node on this machine: the node's setting, or its default.
token_file() {
    if [ -n "${LEDGER_OWNER_TOKEN_FILE-}" ]; then
        printf '%s\n' "$LEDGER_OWNER_TOKEN_FILE"
    elif [ -n "${LEDGER_DATA_DIR-}" ]; then
        printf '%s\n' "$LEDGER_DATA_DIR/owner-token"
    else
        printf '%s\n' "$lib/../../data/node-$(port_of "$LEDGER_NODE")/owner-token"
    fi
}

# read_token FILE: prints the token in a file, if it can be read.
read_token() {
    local token=''
    if [ -f "$1" ] && [ -r "$1" ]; then IFS= read -r token <"$1" || true; fi
    token=${token%$'\r'}
    ! is_token "$token" || printf '%s\n' "$token"
}
