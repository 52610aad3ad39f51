# shellcheck shell=bash disable=SC2154 # `answer` is set by http.sh
# Recomputes the work in a block: the text that was hashed for its proof, and the hash.

# A block's members before its timestamp, as hashed.
BLOCK_STARTS='^[{]"index": ([0-9]+), "previous_hash": ("?[0-9a-f]+"?), "proof": ([0-9]+),'

# work_in_block: prints the hash of the block in $answer, and the hash that its proof gives.
work_in_block() {
    local start hash index proof previous guess guess_hash
    start=$(head -c 300 -- "$answer")
    hash=$(header ETag | tr -d '"')
    printf 'Hash: %s' "$hash"
    [[ $start =~ $BLOCK_STARTS ]] || return 0
    index=${BASH_REMATCH[1]} previous=${BASH_REMATCH[2]//\"/} proof=${BASH_REMATCH[3]}
    ((index > 1)) || return 0
    start=$(quiet_get "/blocks/$previous" 2>/dev/null | head -c 300) || true
    [[ $start =~ $BLOCK_STARTS ]] || return 0
    guess=${BASH_REMATCH[3]}$proof$previous
    guess_hash=$(printf '%s' "$guess" | sha256 2>/dev/null) || return 0
    printf '\nWork: %s is the SHA-256 of %s' "$guess_hash" "$guess"
}
