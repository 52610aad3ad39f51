# shellcheck shell=bash
# Requests to the node, with curl.

# Runs while the client waits for an answer. Clients with something to show redefine it.
waiting_begins() { :; }
waiting_ends() { :; }

# Options of requests. Owner clients set `access`; clients that need another method set `method`. Only connecting has a time
# limit: mining may take long.
access=anybody
method=
limits=(--connect-timeout 5)

# quiet_get PATH: prints the node's answer if it comes within 2 seconds, for a client that waits for something else.
quiet_get() {
    local options=(-q -s -f -g --path-as-is --max-time 2)
    ! is_local || options+=(--noproxy '*')
    command curl "${options[@]}" "$LEDGER_NODE$1"
}

# temporary: creates a directory for this client, removed however the client ends. Sets `work`, and `answer`, the file with
# the last answer.
work=
temporary() {
    [ -z "$work" ] || return 0
    trap 'waiting_ends; [ -z "$work" ] || rm -rf -- "$work"' EXIT
    work=$(mktemp -d "${TMPDIR:-/tmp}/ledger.XXXXXX" 2>/dev/null) ||
        fail 1 "no temporary directory can be made in ${TMPDIR:-/tmp}: set TMPDIR to a directory that can be written to"
    answer=$work/answer
}

# fetch PATH [BODY]: sends a GET, or a POST with the body, and writes the answer to the file $answer. Anything but a node's
# successful answer is reported and ends the client. Ctrl-C ends the wait.
fetch() {
    local options status code=0 secrets=''
    command -v curl >/dev/null || fail 1 'curl is needed to talk to a node, and is not installed'
    temporary
    # -q: no ~/.curlrc, which could change the output. -g: keeps the brackets of an IPv6 address. --path-as-is: keeps an
    # address named "..".
    options=(-q -sS -g --path-as-is "${limits[@]}" -o "$answer" -D "$work/head" -w '%{http_code}')
    ! is_local || options+=(--noproxy '*')
    # Pass the body on standard input: every user of the machine can see arguments.
    (($# < 2)) || options+=(-H 'Content-Type: application/json' --data-binary @-)
    [ -z "$method" ] || options+=(-X "$method")
    # Pass the token on descriptor 3, as a line of curl's configuration.
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

# request HEADING PATH [BODY]: fetches, then prints the heading and the node's answer.
request() {
    local title=$1
    shift
    fetch "$@"
    heading "$title"
    show
}
