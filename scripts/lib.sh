# shellcheck shell=bash
# Code that the clients share. Runs in bash 3.2, the version of macOS. This file is the frame of a client; in lib/:
#
#   node/      url: node addresses; addresses: short addresses, and addresses in a URL; http: requests to a node; json: texts
#              as JSON; owner: a node's files, the owner's token; trouble: no answer, or a refusal; hash: SHA-256 and base64
#   terminal/  ask: questions to a person; show: the node's answer, for a terminal or a pipe; words: options and numbers;
#              progress: the progress of the search for a proof
#   money/     payment: checks a typed payment; keys: the wallet's file; balance: sums in words; work: repeats the work of a
#              proof; mined: the work in a new block
#   demo/      stage, narration: the parts of the demo
#   programs: node and sigscript; initiate: the work of rc
#
# The box, the headings and the questions go to standard error and only the node's answer to standard output, so that
# `mine | jq .index` works. Exit status: 0, 1 when the node refuses or does not answer, 2 when the call itself is wrong.
#
# A client begins with a few lines that any shell runs. They start bash -p, which ignores a person's BASH_ENV, functions and
# shell options, and set `self` to the client's file, with all links resolved. Comments instead of empty lines, and at line
# ends, let the client run with CRLF line ends until the check below reports them.
#
# shellcheck disable=SC1010,SC2194 # the constant is the line end of this file
case '
' in ?) ;; *) printf '%s\n' "${0##*/}: the line ends in scripts are CRLF, which no shell runs; mend them: rm -r scripts && git checkout scripts" >&2 && exit 2 ;; esac #

set -euo pipefail
# Ctrl-C ends a client like any program, after the command in progress has restored the terminal.
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

# fail STATUS LINE: prints what went wrong, and ends the client.
fail() {
    printf '%s: %s\n' "$client" "$2" >&2
    exit "$1"
}

# usage: prints the help text: the comment at the head of the client, up to its first empty line.
usage() {
    # shellcheck disable=SC2154 # set by the client
    sed -n -e '1d' -e '/^#$/q' -e 's/^# \{0,1\}//p' "$self"
}

# wrong_usage LINE: prints what is wrong with the call and the help text, and ends the client.
wrong_usage() {
    printf '%s: %s\n' "$client" "$1" >&2
    usage >&2
    exit 2
}

# help_wanted "$@": prints the help text and exits if the only argument asks for it.
help_wanted() {
    case $#:${1-} in
        1:-h | 1:--help)
            usage
            exit 0
            ;;
    esac
}

# box ADDRESS ACTION: prints both in a box.
box() {
    local width=${#1} rule
    ((${#2} <= width)) || width=${#2}
    printf -v rule '%*s' "$((width + 2))" ''
    rule="+--------+${rule// /-}+"
    printf '%s\n' "$rule" >&2
    printf "| %-6s | %-${width}s |\n" From "$1" Action "$2" >&2
    printf '%s\n\n' "$rule" >&2
}

# begin ACTION: shows the node and the action before the first question.
begin() {
    find_node
    box "$LEDGER_NODE" "$1"
}

# find_node: checks that LEDGER_NODE is a node's address.
find_node() {
    [ -n "${LEDGER_NODE-}" ] ||
        fail 2 'LEDGER_NODE is not set: start with ". scripts/rc", or export LEDGER_NODE=http://localhost:5000'
    LEDGER_NODE=$(node_url "$LEDGER_NODE") || exit
}

# get ACTION HEADING PATH "$@": a whole client without arguments.
get() {
    local action=$1 heading=$2 path=$3
    shift 3
    help_wanted "$@"
    (($# == 0)) || wrong_usage "$client takes no arguments"
    begin "$action"
    request "$heading" "$path"
}
