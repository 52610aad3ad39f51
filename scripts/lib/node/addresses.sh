# shellcheck shell=bash
# Addresses in short form, and in a URL.

# The common start of 2048-bit addresses: the armour in base64, and the first bytes of every public key.
ADDRESS_START='LS0tLS1CRUdJTiBQVUJMSUMgS0VZ[A-Za-z0-9+/]\{68\}'

# shorten_addresses: replaces each address by "LS0t...", twelve characters of its own, and "...".
shorten_addresses() {
    LC_ALL=C sed "s|$ADDRESS_START\\([A-Za-z0-9+/]\\{12\\}\\)[A-Za-z0-9+/]\\{100,\\}=*|LS0t...\\1...|g"
}

# named TEXT: prints an address or another text in at most 100 characters.
named() {
    printf '%.2000s' "$1" | shorten_addresses | printable | tr '\n\t' '  ' | LC_ALL=C cut -c 1-100
}

# url_encoded TEXT: prints the text for a path, with every byte encoded except letters, digits and -._~.
url_encoded() {
    local LC_ALL=C text=$1 encoded='' char code i
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1}
        case $char in
            [A-Za-z0-9._~-]) ;;
            *)
                printf -v code '%d' "'$char"
                printf -v char '%%%02X' "$((code & 255))" # bash 3.2 gives the bytes of UTF-8 negative numbers
                ;;
        esac
        encoded+=$char
    done
    printf '%s' "$encoded"
}

# shorten_on_terminal: makes the client show short addresses on a terminal. A pipe still gets the node's bytes.
shorten_on_terminal() {
    # shellcheck disable=SC2317 # `show` runs it
    abridged() { shorten_addresses; }
}
