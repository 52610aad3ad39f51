# shellcheck shell=bash
# The work of rc, in a shell of its own: `bash -p initiate.sh [ADDRESS]` prints commands for bash, zsh or a POSIX shell, which
# the shell that sourced rc evaluates.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "${0%/*}/../lib.sh"
client=rc

# quoted TEXT: prints it as one word for any shell.
quoted() {
    printf '%s\n' "$1" | sed -e "s/'/'\\\\''/g" -e "1s/^/'/" -e "\$s/\$/'/"
}

# address_of "$@": prints the node's URL, and asks for it if it is not given.
address_of() {
    local typed=${1-}
    case $# in
        0) typed=$(ask 'Please enter your Blockchain address:') || (($? == 1)) || return ;;
        1) ;;
        *) fail 2 'one address at a time' ;;
    esac
    case $typed in
        -*) fail 2 'usage: ". scripts/rc [ADDRESS]"; an address is http://localhost:5001, localhost:5001 or 5001' ;;
    esac
    [ -n "${typed//[[:space:]]/}" ] || typed=http://localhost:5000
    node_url "$typed"
}

LEDGER_NODE=$(address_of "$@")
scripts=$(cd -- "${0%/*}/.." && pwd)
box "$LEDGER_NODE" 'Initiated client'
# Only warn if the node does not answer: it may be started later.
# shellcheck disable=SC2034 # read by fetch
limits=(--max-time 2)
(fetch /nodes) || true

printf 'export LEDGER_NODE=%s\n' "$(quoted "$LEDGER_NODE")"
# shellcheck disable=SC2016 # for the other shell to expand
case :$PATH: in
    *:"$scripts":*) ;;
    *) printf 'export PATH=%s:"$PATH"\n' "$(quoted "$scripts")" ;;
esac
# A shell without a prompt stays without one. Remove the prefix of an earlier rc.
# shellcheck disable=SC2016 # for the other shell to expand
printf '%s\n' '[ -z "${PS1-}" ] || PS1="node: [$LEDGER_NODE]: ${PS1#"node: ["*"]: "}"'
