# shellcheck shell=bash disable=SC2154 # `client` is set by lib.sh
# Node addresses, as people type them.

# trimmed TEXT: prints the text without surrounding white space.
trimmed() {
    local text=$1
    text=${text#"${text%%[![:space:]]*}"}
    text=${text%"${text##*[![:space:]]}"}
    printf '%s\n' "$text"
}

# node_url ADDRESS: prints the address as http://host[:port]; a bare port is one of this machine. On a newer Python, the
# tutorial's node misreads an address without a scheme, so the clients always send one.
node_url() {
    local LC_ALL=C url port
    local pattern='^(([a-z]+)://)?([a-z0-9._-]+|\[[0-9a-f:.]+])(:([0-9]{1,5}))?/*(.*)$'
    url=$(trimmed "$1" | LC_ALL=C tr '[:upper:]' '[:lower:]') # case does not matter in host names
    ! [[ $url =~ ^:?([0-9]{1,5})$ ]] || url=localhost:${BASH_REMATCH[1]}
    [[ $url =~ $pattern ]] || no_url "$1" 'is not the address of a node, as http://localhost:5000 is' || return
    url=${BASH_REMATCH[3]}${BASH_REMATCH[4]} port=$((10#${BASH_REMATCH[5]:-80}))
    case ${BASH_REMATCH[2]} in
        '' | http) ;;
        https) no_url "$1" "asks for https, which no node speaks; give http://$url" || return ;;
        *) no_url "$1" "is not the address of a node; give http://$url" || return ;;
    esac
    ((port >= 1 && port <= 65535)) || no_url "$1" 'has an invalid port: ports are 1 to 65535' || return
    case ${BASH_REMATCH[6]} in
        '') ;;
        [[:alnum:]?#]*) no_url "$1" "has more than a host and a port; give http://$url" || return ;;
        *) no_url "$1" 'is not the address of a node, as http://localhost:5000 is' || return ;;
    esac
    printf 'http://%s\n' "$url"
}

# no_url ADDRESS WHY: says why an address is invalid, and fails. %q: typed text may hold terminal control sequences.
no_url() {
    printf '%s: %.200q %s\n' "$client" "$1" "$2" >&2
    return 2
}

# is_local: whether LEDGER_NODE is on this machine. 0.0.0.0 and [::] count too: a node's log may show them.
is_local() {
    local pattern='^http://(localhost|0\.0\.0\.0|127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|\[::1?])(:[0-9]+)?$'
    [[ $LEDGER_NODE =~ $pattern ]]
}

# port_of URL: prints its port.
port_of() {
    local port=${1##*:}
    case $port in
        '' | *[!0-9]*) port=80 ;;
    esac
    printf '%s\n' "$((10#$port))"
}

# read_neighbours [ADDRESS...]: reads node addresses from the arguments, or asks for them, into the list `neighbours`. Commas
# may separate typed addresses.
read_neighbours() {
    local typed='' words address
    case $#:$* in
        0:) typed=$(ask "Please enter the neighbours' addresses:") || fail 2 'no address given' ;;
        *,*) typed=$* ;;
    esac
    [ -z "$typed" ] || {
        read -r -a words <<<"${typed//,/ }"
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
