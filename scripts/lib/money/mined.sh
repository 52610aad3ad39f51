# shellcheck shell=bash disable=SC2154 # `answer` is set by http.sh
# Shows the work in a block that was just mined. Python nodes do not report it.

# show_work: shows the work in the block in $answer, unless another block was mined since.
show_work() {
    local last number='([0-9][0-9.]*)' hex='"([0-9a-f]+)"' pattern
    last=$(quiet_get /mine/last) || return 0
    pattern="\"index\": *$number"
    [[ $(head -c 200 -- "$answer") =~ $pattern ]] || return 0
    pattern="\"index\":${BASH_REMATCH[1]},\"proof\":$number,\"seconds\":$number,\"tries\":$number"
    pattern="\"guess\":$hex,\"guess_hash\":$hex,\"hash\":$hex,$pattern"
    [[ $last =~ $pattern ]] || return 0
    printf '\nHash: %s\nWork: %s is the SHA-256 of %s\nTries: %s, in %s s\n' "${BASH_REMATCH[3]}" \
        "${BASH_REMATCH[2]}" "${BASH_REMATCH[1]}" "${BASH_REMATCH[6]}" "${BASH_REMATCH[5]}" >&2
}
