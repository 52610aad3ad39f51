# shellcheck shell=bash
# SHA-256 and base64, by whichever tools are here.

# sha256: prints the hash of what comes in, by whichever tool is here.
sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum
    elif command -v shasum >/dev/null; then
        shasum -a 256
    else
        openssl dgst -sha256 -r
    fi | cut -c 1-64
}

# unarmoured: base64 back into bytes.
unarmoured() {
    if [ "$(echo QQ== | base64 -d 2>/dev/null)" = A ]; then
        base64 -d
    elif [ "$(echo QQ== | base64 -D 2>/dev/null)" = A ]; then
        base64 -D
    else
        openssl base64 -d
    fi
}

# fingerprint ADDRESS: prints the short name that a node's log has for the wallet: the start of the hash of its public key.
fingerprint() {
    printf '%s\n' "$1" | fold -w 64 | unarmoured | sed '/^-/d' | unarmoured | sha256 | cut -c 1-16
}
