# shellcheck shell=bash disable=SC2154 # `lib` is set by lib.sh
# The programs of this checkout.

# find_program NAME: prints the newest binary of that name built here, if there is one.
find_program() {
    local target=${CARGO_TARGET_DIR:-${lib%/*}/../target} binary newest=''
    for binary in "$target/release/$1" "$target/debug/$1"; do
        if [ -x "$binary" ] && [ "$binary" -nt "${newest:-/nonexistent}" ]; then newest=$binary; fi
    done
    printf '%s\n' "$newest"
}
