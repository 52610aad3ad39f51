# shellcheck shell=bash
# SHA-256 and base64, with the tools available.

# sha256: prints the hash of standard input.
sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum
    elif command -v shasum >/dev/null; then
        shasum -a 256
    else
        openssl dgst -sha256 -r
    fi | cut -c 1-64
}

# unarmoured: decodes base64.
unarmoured() {
    if [ "$(echo QQ== | base64 -d 2>/dev/null)" = A ]; then
        base64 -d
    elif [ "$(echo QQ== | base64 -D 2>/dev/null)" = A ]; then
        base64 -D
    else
        openssl base64 -d
    fi
}

# fingerprint ADDRESS: prints the wallet's short name in a node's log: the start of its public key's hash.
fingerprint() {
    printf '%s\n' "$1" | fold -w 64 | unarmoured | sed '/^-/d' | unarmoured | sha256 | cut -c 1-16
}
