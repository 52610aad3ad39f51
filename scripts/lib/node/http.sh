# shellcheck shell=bash
# Questions to the node, through curl.

# While an answer is waited for; a client that has something to show meanwhile has its own.
waiting_begins() { :; }
waiting_ends() { :; }

# What a request is beyond a GET by anybody: a client of the owner's sets the first, one that needs another method the
# second. The answer may take as long as mining does.
access=anybody
method=
limits=(--connect-timeout 5)

# quiet_get PATH: what the node answers within 2 seconds, for a client that asks while it waits for something else.
quiet_get() {
    local options=(-q -s -f -g --path-as-is --max-time 2)
    ! is_local || options+=(--noproxy '*')
    command curl "${options[@]}" "$LEDGER_NODE$1"
}

# temporary: a directory of this client's, which it removes whatever ends it. Sets `work`, and `answer`, the file in it
# that the last answer is in.
work=
temporary() {
    [ -z "$work" ] || return 0
    trap 'waiting_ends; [ -z "$work" ] || rm -rf -- "$work"' EXIT
    work=$(mktemp -d "${TMPDIR:-/tmp}/ledger.XXXXXX" 2>/dev/null) ||
        fail 1 "no temporary directory can be made in ${TMPDIR:-/tmp}: set TMPDIR to a directory that can be written to"
    answer=$work/answer
}

# fetch PATH [BODY]: a GET, or a POST of the body; the answer is in the file $answer then. What is not a node's answer, or
# is a refusal, is said, and ends the client. Ctrl-C ends the wait.
fetch() {
    local options status code=0 secrets=''
    command -v curl >/dev/null || fail 1 'curl is needed to talk to a node, and is not installed'
    temporary
    # -q: no ~/.curlrc, it could change what is printed. -g: the brackets of an IPv6 address mean themselves. --path-as-is:
    # so does an address that is called "..".
    options=(-q -sS -g --path-as-is "${limits[@]}" -o "$answer" -D "$work/head" -w '%{http_code}')
    ! is_local || options+=(--noproxy '*')
    # The body goes over standard input: arguments are there for every user of the machine to see.
    (($# < 2)) || options+=(-H 'Content-Type: application/json' --data-binary @-)
    [ -z "$method" ] || options+=(-X "$method")
    # So does the token, as a line of curl's configuration.
    [ "$access" != owner ] || secrets=$(owner_header) || exit
    rm -f -- "$answer"
    waiting_begins
    status=$(printf '%s' "${2-}" | command curl "${options[@]}" -K /dev/fd/3 "$LEDGER_NODE$1" 2>"$work/said" 3<<<"$secrets") ||
        code=$?
    waiting_ends
    ((code == 0)) || fail 1 "no answer from $LEDGER_NODE: $(why_no_answer "$code")"
    [ -f "$answer" ] || : >"$answer"
    check_answer "$status" "$1"
}

# request HEADING PATH [BODY]: fetches, prints the heading, and the node's answer.
request() {
    local title=$1
    shift
    fetch "$@"
    heading "$title"
    show
}
