# shellcheck shell=bash
# Addresses as people see them, and as they stand in a URL.

# What addresses of 2048 bits have in common: the armour, in base64, and the first bytes of every public key, some more.
ADDRESS_START='LS0tLS1CRUdJTiBQVUJMSUMgS0VZ[A-Za-z0-9+/]\{68\}'

# shorten_addresses: text with each address cut to "LS0t...", twelve characters of its own, and "...".
shorten_addresses() {
    LC_ALL=C sed "s|$ADDRESS_START\\([A-Za-z0-9+/]\\{12\\}\\)[A-Za-z0-9+/]\\{100,\\}=*|LS0t...\\1...|g"
}

# named TEXT: prints an address as a person is told of it, in few characters.
named() {
    printf '%.2000s' "$1" | shorten_addresses | printable | tr '\n\t' '  ' | LC_ALL=C cut -c 1-100
}

# url_encoded TEXT: prints the text as it stands in a path: every byte but a letter, a digit or one of -._~ encoded.
url_encoded() {
    local LC_ALL=C text=$1 encoded='' char code i
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1}
        case $char in
            [A-Za-z0-9._~-]) ;;
            *)
                printf -v code '%d' "'$char"
                printf -v char '%%%02X' "$((code & 255))" # bash 3.2 counts the bytes of UTF-8 from -128 on
                ;;
        esac
        encoded+=$char
    done
    printf '%s' "$encoded"
}

# shorten_on_terminal: from here on the client shows a person short addresses. A pipe gets the node's bytes all the same.
shorten_on_terminal() {
    # shellcheck disable=SC2317 # `show` runs it
    abridged() { shorten_addresses; }
}
