# shellcheck shell=bash
# What the clients share: their arguments, the box, a question to the node, JSON. Runs in bash 3.2, the one of macOS.
#
# The box, the headings and the questions go to standard error and only the node's answer to standard output, so that
# `mine | jq .index` works. Exit status: 0, 1 when the node refuses or does not answer, 2 when the call itself is wrong.

set -euo pipefail
client=${0##*/}

# shellcheck source-path=SCRIPTDIR source=owner.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/owner.sh"

# fail STATUS LINE: one line that says what went wrong, and the end of the client.
fail() {
    printf '%s: %s\n' "$client" "$2" >&2
    exit "$1"
}

# usage: the comment at the head of the client is its help text.
usage() {
    sed -n -e '1d' -e '/^#/!q' -e 's/^# \{0,1\}//p' -- "$0"
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
    [ -n "${LEDGER_NODE-}" ] || fail 2 'LEDGER_NODE is not set: start with ". scripts/rc"'
    LEDGER_NODE=$(node_url "$LEDGER_NODE") || exit
    box "$LEDGER_NODE" "$1"
}

# node_url ADDRESS: prints the address as scheme://host[:port]. The tutorial's node, on a newer Python, misreads an
# address without a scheme; so the clients never send one.
node_url() {
    local url=$1 pattern='^https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+])(:([0-9]{1,5}))?$'
    url=${url#"${url%%[![:space:]]*}"}
    url=${url%"${url##*[![:space:]]}"}
    while [ "${url%/}" != "$url" ]; do url=${url%/}; done
    case $url in
        *://*) ;;
        *) url=http://$url ;;
    esac
    if ! [[ $url =~ $pattern ]] || ((10#${BASH_REMATCH[3]:-80} < 1 || 10#${BASH_REMATCH[3]:-80} > 65535)); then
        # %q, for what was typed may hold anything, a terminal's control sequences too.
        printf '%s: %q is not the address of a node, as http://localhost:5000 is\n' "$client" "$1" >&2
        return 2
    fi
    printf '%s\n' "$url"
}

# ask QUESTION: prints the line that was typed, or piped in. Fails at the end of the input.
ask() {
    local line
    printf '%s ' "$1" >&2
    IFS= read -r line || [ -n "$line" ] || {
        echo >&2
        return 1
    }
    [ -t 0 ] || echo >&2
    printf '%s\n' "$line"
}

# json_string TEXT: prints the text as JSON, quotes included. It goes byte by byte: under any locale what is not ASCII
# passes unchanged, and only quotes, backslashes and control characters need a word.
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

# visible: UTF-8 text without C1 controls, marks of direction, line separators and zero-width characters.
visible() {
    LC_ALL=C sed $'s/\xc2[\x80-\x9f]//g; s/\xd8\x9c//g; s/\xe2\x80[\x8b-\x8f\xa8-\xae]//g; s/\xe2\x81[\xa0-\xaf]//g; s/\xef\xbb\xbf//g'
}

# printable: a node's words, without what could steer the terminal they are shown on.
printable() {
    LC_ALL=C tr -d '\000-\010\013-\037\177' | visible
}

# to_terminal: as visible, for JSON that a person sees; a pipe or a file gets every byte. (jq escapes C0 controls itself.)
to_terminal() {
    if [ -t 1 ]; then visible; else cat; fi
}

# readable FILE: JSON as people read it; as it came where jq is missing, or cannot read what a Python node lets into a chain:
# half a surrogate pair, a list that is nested thousands of times.
# (jq 1.6 shows the amount 5.0 as 5 and NaN as null; who needs every digit asks the node itself.)
readable() {
    local code=0 colours
    if ! command -v jq >/dev/null; then
        printable <"$1"
        echo
    elif ! [ -s "$1" ]; then
        fail 1 "$LEDGER_NODE answered with nothing: is it a node?"
    else
        colours=-C
        { [ -t 1 ] && [ -z "${NO_COLOR-}" ]; } || colours=-M
        jq "$colours" . "$1" 2>/dev/null | to_terminal || code=$?
        ((code < 128)) || exit "$code" # the reader of a pipe has gone
        ((code != 0)) || return 0
        [ "$(head -c 1 "$1")" = '{' ] || fail 1 "$LEDGER_NODE answered, but not in JSON: is it a node?"
        printable <"$1"
        echo
    fi
}

# While an answer is waited for; a client that has something to show meanwhile has its own.
waiting_begins() { :; }
waiting_ends() { :; }

# quiet_get PATH: what the node answers within 2 seconds, for a client that asks while it waits for something else.
quiet_get() {
    local options=(-q -s -f -g --max-time 2)
    ! is_local || options+=(--noproxy '*')
    curl "${options[@]}" "$LEDGER_NODE$1"
}

# What a request is beyond a GET by anybody: a client of the owner's sets the first, one that needs another method the
# second.
access=anybody
method=

# request HEADING PATH [BODY]: a GET, or a POST of the body; prints the heading and the node's answer.
# The connection has 5 seconds. The answer may take as long as mining does; Ctrl-C ends the wait.
request() {
    local options status code=0 why secrets=''
    command -v curl >/dev/null || fail 1 'curl is needed to talk to a node'
    answer=$(mktemp)
    trap 'waiting_ends; rm -f -- "$answer"' EXIT
    # -q: no ~/.curlrc, it could change what is printed. -g: the brackets of an IPv6 address mean themselves.
    options=(-q -s -g --connect-timeout 5 -o "$answer" -w '%{http_code}')
    ! is_local || options+=(--noproxy '*')
    # The body goes over standard input: arguments are there for every user of the machine to see.
    (($# < 3)) || options+=(-H 'Content-Type: application/json' --data-binary @-)
    [ -z "$method" ] || options+=(-X "$method")
    # So does the token, as a line of curl's configuration.
    [ "$access" != owner ] || secrets=$(owner_header) || exit
    waiting_begins
    status=$(printf '%s' "${3-}" | curl "${options[@]}" -K /dev/fd/3 "$LEDGER_NODE$2" 3<<<"$secrets") || code=$?
    waiting_ends
    case $code in
        0) ;;
        6) why='there is no such host' ;;
        7) why='nothing listens there' ;;
        28) why='no connection in 5 seconds' ;;
        52 | 56) why='it hung up without an answer' ;;
        *) why="curl gave up with status $code" ;;
    esac
    ((code == 0)) || fail 1 "no answer from $LEDGER_NODE: $why"
    case $status in
        2*) ;;
        *) fail 1 "the node answered $status: $(head -c 2000 -- "$answer" | printable)" ;;
    esac
    printf '%s\n\n' "$1" >&2
    readable "$answer"
    rm -f -- "$answer"
}

# read_neighbours [ADDRESS...]: puts the addresses of nodes, or those it asks for, into the list `neighbours`.
read_neighbours() {
    local typed words address
    (($# > 0)) || {
        typed=$(ask "Please enter the neighbours' addresses:") || fail 2 'no address given'
        read -r -a words <<<"$typed"
        set -- ${words[@]+"${words[@]}"}
    }
    (($# > 0)) || fail 2 'no address given'
    neighbours=()
    for address; do
        case $address in
            -*) wrong_usage "there is no option $address" ;;
        esac
        address=$(node_url "$address")
        neighbours+=("$address")
    done
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

# initiate SCRIPTS [ADDRESS]: the work of rc. It prints what the sourcing shell has to evaluate, in words that bash and
# zsh both know.
initiate() {
    local scripts=$1 typed=${2-} url
    (($# < 3)) || fail 2 'one address at a time'
    (($# == 2)) || typed=$(ask 'Please enter your Blockchain address:') || typed=
    [ -n "${typed//[[:space:]]/}" ] || typed=http://localhost:5000
    url=$(node_url "$typed") || exit
    box "$url" 'Initiated client'
    printf 'export LEDGER_NODE=%q\n' "$url"
    # shellcheck disable=SC2016 # for the other shell to expand
    case :$PATH: in
        *:"$scripts":*) ;;
        *) printf 'export PATH=%q:"$PATH"\n' "$scripts" ;;
    esac
    # A shell without a prompt stays without; the prefix of an earlier rc goes.
    # shellcheck disable=SC2016 # for the other shell to expand
    printf '%s\n' '[ -z "${PS1-}" ] || PS1="node: [$LEDGER_NODE]: ${PS1#"node: ["*"]: "}"'
}
