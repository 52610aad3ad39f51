# shellcheck shell=bash disable=SC2154 # `key_file` and `lib` are set by the client
# The key that a client signs with: its file, and sigscript, the only program that reads it.

# find_key: prints the given key file, or the wallet of the node on this machine.
find_key() {
    local file=$key_file
    if [ -z "$file" ]; then
        is_local || fail 2 "$LEDGER_NODE is another machine, which keeps its wallet to itself: give --key-file FILE"
        file=$(node_file wallet.pem LEDGER_WALLET)
        [ -f "$file" ] || fail 1 "there is no wallet at $file: name the node's with --key-file FILE or LEDGER_DATA_DIR \
(a node with --in-memory has no wallet file, nor does a Python node)"
    fi
    printf '%s\n' "$file"
}

# address_of FILE: prints the address of the key.
address_of() { "${lib%/*}/sigscript" --address --key-file "$1"; }

# sign FILE SENDER RECIPIENT AMOUNT: prints the signature.
sign() { "${lib%/*}/sigscript" --key-file "$1" -- "$2" "$3" "$4"; }
