# shellcheck shell=bash disable=SC2154 # variables of lib.sh and http.sh
# Messages for when no node answers, another program answers, or a node refuses.

# why_no_answer CODE: prints what curl's exit status means here.
why_no_answer() {
    local why
    case $1 in
        5) why='there is no such proxy' ;;
        6) why='there is no such host' ;;
        7) why="nothing listens there$(how_to_start)" ;;
        1 | 8) why='it answers, but not in HTTP: is this a ledger node?' ;;
        18) why='the answer broke off' ;;
        23) why="curl cannot write it to ${TMPDIR:-/tmp}, which is full, or closed to a curl from a snap: set TMPDIR to another directory" ;;
        28) why='no connection in time' ;;
        52 | 56) why='it hung up without an answer: is this a ledger node?' ;;
        *) why="$(words "$work/said" | sed 's/^curl: //') (curl's status $1)" ;;
    esac
    printf '%s%s\n' "$why" "$(proxy_asked)"
}

# how_to_start: prints the command that starts a node, if the address is on this machine.
how_to_start() {
    local port
    is_local || return 0
    port=$(port_of "$LEDGER_NODE")
    [ "$port" = 5000 ] && port='' || port=" -- -p $port"
    printf ' yet; start a node with: cargo run -p node%s' "$port"
}

# proxy_asked: prints which setting made curl use a proxy, if any.
proxy_asked() {
    local name host=${LEDGER_NODE#http://}
    ! is_local || return 0
    host=${host%:*}
    for name in http_proxy all_proxy ALL_PROXY; do
        [ -n "${!name-}" ] || continue
        ! is_exempt "$host" || return 0
        # A proxy's address may hold a password.
        printf '. %s is set to %s, so curl asked that proxy: unset it, or export NO_PROXY=%s' \
            "$name" "$(printf '%s' "${!name}" | sed 's|//[^/]*@|//|' | printable)" "$host"
        return
    done
}

# is_exempt HOST: whether NO_PROXY names the host or its domain.
is_exempt() {
    local name rest=${no_proxy-${NO_PROXY-}}
    for name in ${rest//,/ }; do
        [ "$name" != '*' ] || return 0
        name=${name#.}
        case $1 in
            "$name" | *".$name") return 0 ;;
        esac
    done
    return 1
}

# hint STATUS: prints advice about a refusal, beyond the node's message. Clients may redefine it.
hint() {
    [ "$1" != 403 ] || [ "$access" != owner ] || owner_hint
}

# owner_hint: explains how to give a client the token that was missing or wrong.
owner_hint() {
    if [ -n "${LEDGER_OWNER_TOKEN-}" ]; then
        echo 'LEDGER_OWNER_TOKEN is set: is it the token of this node?'
    else
        echo 'give the clients that token with: export LEDGER_OWNER_TOKEN=TOKEN'
    fi
}

# check_answer STATUS PATH: ends the client if the answer in $answer is a refusal, or not a node's.
check_answer() {
    local first said
    first=$(head -c 200 "$answer" | LC_ALL=C tr -d ' \t\r\n\000')
    case $1:${first:0:1} in
        2*:'{') is_from_a_node "$2" || not_a_node "$1" 'JSON of another kind' ;;
        *:) not_a_node "$1" nothing ;;
        *:'<') not_a_node "$1" 'a web page' ;;
        2*) not_a_node "$1" 'no JSON of a node' ;;
        *:'{' | *:'[') not_a_node "$1" 'JSON, but a node refuses in plain text' ;;
        *)
            printf '%s: the node answered %s: %s\n' "$client" "$1" "$(words "$answer")" >&2
            said=$(hint "$1")
            [ -z "$said" ] || printf '%s: %s\n' "$client" "$said" >&2
            exit 1
            ;;
    esac
}

# is_from_a_node PATH: whether the JSON has a member that a node's answer has. In long answers it is near the start.
is_from_a_node() {
    local member beginning
    case $1 in
        /chain*) member=chain ;;
        /transactions) member=transactions ;;
        /nodes) member=nodes ;;
        /nodes/resolve) member='(new_)?chain|message' ;;
        /mine | /secret | /transactions/new | /nodes/*) member=message ;;
        *) return 0 ;;
    esac
    member="\"($member)\""
    beginning=$(head -c 4096 "$answer" | LC_ALL=C tr -d '\000')
    [[ $beginning =~ $member ]]
}

# not_a_node STATUS WHAT: reports what answered, and ends the client.
not_a_node() {
    local server place said=''
    server=$(header Server) place=$(header Location)
    [ -z "$server" ] || said=" (Server: $server)"
    [ -z "$place" ] || said+=", and points to $place"
    case $server in
        AirTunes*) said+='; that is AirPlay of macOS: turn off "AirPlay Receiver", or start the node with -p 5001' ;;
        Werkzeug*) said+='; a Python node answers like this to requests that it does not support' ;;
    esac
    fail 1 "$LEDGER_NODE answered $1 with $2$said: is this a ledger node?$(proxy_asked)"
}

# header NAME: prints a header of the last answer.
header() {
    LC_ALL=C awk -v name="$1" 'BEGIN { FS = ": *" } tolower($1) == tolower(name) { sub(/^[^:]*: */, ""); print; exit }' \
        "$work/head" | head -c 200 | printable
}
