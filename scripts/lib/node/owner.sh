# shellcheck shell=bash disable=SC2154 # `lib` is set by lib.sh
# The files of the node on this machine, and the owner's token: finds it and passes it to curl. Runs in bash 3.2, the version
# of macOS.

# owner_header: prints a line of curl's configuration with the token, if there is one. LEDGER_OWNER_TOKEN goes to any node; a
# token from a file goes only to a node on this machine.
owner_header() {
    local token
    token=$(trimmed "${LEDGER_OWNER_TOKEN-}")
    if [ -n "$token" ]; then
        is_token "$token" || fail 2 'LEDGER_OWNER_TOKEN is not a token: those have 16 to 256 letters, digits and -._~+/='
    elif is_local; then
        token=$(read_token "$(node_file owner-token LEDGER_OWNER_TOKEN_FILE)")
    fi
    [ -z "$token" ] || printf 'header = "Authorization: Bearer %s"\n' "$token"
}

# is_token TEXT: whether it has the form of a token: no character has a meaning in curl's configuration.
is_token() {
    local LC_ALL=C pattern='^[A-Za-z0-9._~+/=-]{16,256}$'
    [[ $1 =~ $pattern ]]
}

# node_file NAME SETTING: prints the path of a file of the node on this machine: the node's setting, or its default.
node_file() {
    local name=$1 setting=$2
    if [ -n "${!setting-}" ]; then
        printf '%s\n' "${!setting}"
    elif [ -n "${LEDGER_DATA_DIR-}" ]; then
        printf '%s\n' "$LEDGER_DATA_DIR/$name"
    else
        printf '%s\n' "$(cd -- "$lib/../.." && pwd)/data/node-$(port_of "$LEDGER_NODE")/$name"
    fi
}

# read_token FILE: prints the token in a file, if it can be read.
read_token() {
    local token=''
    if [ -f "$1" ] && [ -r "$1" ]; then IFS= read -r token <"$1" || true; fi
    token=${token%$'\r'}
    ! is_token "$token" || printf '%s\n' "$token"
}
