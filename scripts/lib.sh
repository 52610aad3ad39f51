# shellcheck shell=bash
# What the clients share. Runs in bash 3.2, the one of macOS. This file has the frame of a client; beside it, in lib/:
#
#   node/      url: addresses of nodes; addresses: short ones, and those in a URL; http: questions to a node; json: texts
#              as JSON; owner: the owner's token; trouble: no answer, or a refusal; hash: SHA-256 and base64
#   terminal/  ask: questions to a person; show: the node's answer, for a terminal or a pipe; words: options and numbers;
#              progress: how far the search for a proof is
#   money/     payment: what may be typed for one; keys: the file of a wallet; balance: sums, in words; work: a proof,
#              redone; mined: the work in a new block
#   demo/      stage, narration: what the demo is made of
#   programs: node and sigscript; initiate: the work of rc
#
# The box, the headings and the questions go to standard error and only the node's answer to standard output, so that
# `mine | jq .index` works. Exit status: 0, 1 when the node refuses or does not answer, 2 when the call itself is wrong.
#
# A client begins with a few lines that any shell runs. They hand over to bash -p, which takes nothing over from a
# person's BASH_ENV, functions and shell options, and set `self` to the client's file, whatever links led to it.
# Empty comments in the place of empty lines and line ends survive CRLF line ends, until the check below names them.
#
# shellcheck disable=SC1010,SC2194 # the constant is the line end of this file
case '
' in ?) ;; *) printf '%s\n' "${0##*/}: the line ends in scripts are CRLF, which no shell runs; mend them: rm -r scripts && git checkout scripts" >&2 && exit 2 ;; esac #

set -euo pipefail
# Ctrl-C ends a client as it ends any program, but after what it waits for has put the terminal right.
trap 'trap - INT; kill -INT $$' INT
client=${0##*/}
lib=${BASH_SOURCE[0]%/*}/lib

# shellcheck source-path=SCRIPTDIR source=lib/node/url.sh
. "$lib/node/url.sh"
# shellcheck source-path=SCRIPTDIR source=lib/node/owner.sh
. "$lib/node/owner.sh"
# shellcheck source-path=SCRIPTDIR source=lib/terminal/ask.sh
. "$lib/terminal/ask.sh"
# shellcheck source-path=SCRIPTDIR source=lib/node/json.sh
. "$lib/node/json.sh"
# shellcheck source-path=SCRIPTDIR source=lib/terminal/show.sh
. "$lib/terminal/show.sh"
# shellcheck source-path=SCRIPTDIR source=lib/node/trouble.sh
. "$lib/node/trouble.sh"
# shellcheck source-path=SCRIPTDIR source=lib/node/http.sh
. "$lib/node/http.sh"

# fail STATUS LINE: one line that says what went wrong, and the end of the client.
fail() {
    printf '%s: %s\n' "$client" "$2" >&2
    exit "$1"
}

# usage: the comment at the head of the client is its help text, up to its first empty line.
usage() {
    # shellcheck disable=SC2154 # set by the client
    sed -n -e '1d' -e '/^#$/q' -e 's/^# \{0,1\}//p' "$self"
}

# wrong_usage LINE
wrong_usage() {
    printf '%s: %s\n' "$client" "$1" >&2
    usage >&2
    exit 2
}

# help_wanted "$@": prints the help text and ends when it is all that was asked for.
help_wanted() {
    case $#:${1-} in
        1:-h | 1:--help)
            usage
            exit 0
            ;;
    esac
}

# box ADDRESS ACTION
box() {
    local width=${#1} rule
    ((${#2} <= width)) || width=${#2}
    printf -v rule '%*s' "$((width + 2))" ''
    rule="+--------+${rule// /-}+"
    printf '%s\n' "$rule" >&2
    printf "| %-6s | %-${width}s |\n" From "$1" Action "$2" >&2
    printf '%s\n\n' "$rule" >&2
}

# begin ACTION: where and what, before anything is asked.
begin() {
    find_node
    box "$LEDGER_NODE" "$1"
}

# find_node: makes sure that LEDGER_NODE is a node's address.
find_node() {
    [ -n "${LEDGER_NODE-}" ] ||
        fail 2 'LEDGER_NODE is not set: start with ". scripts/rc", or export LEDGER_NODE=http://localhost:5000'
    LEDGER_NODE=$(node_url "$LEDGER_NODE") || exit
}

# get ACTION HEADING PATH "$@": the whole of a client that takes no arguments.
get() {
    local action=$1 heading=$2 path=$3
    shift 3
    help_wanted "$@"
    (($# == 0)) || wrong_usage "$client takes no arguments"
    begin "$action"
    request "$heading" "$path"
}
