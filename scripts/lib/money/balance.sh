# shellcheck shell=bash disable=SC2154 # `answer` is set by http.sh
# Puts a node's answer to /addresses/ADDRESS in words.

# read_sums TEXT: reads the sums from the end of an answer. The payments before them are foreign text.
read_sums() {
    local pattern='"received":([^,"]+),"sent":([^,"]+),"sum":([^,"]+),"uncounted":([0-9]+)}[[:space:]]*$'
    [[ $1 =~ $pattern ]] || return
    received=${BASH_REMATCH[1]} sent=${BASH_REMATCH[2]} sum=${BASH_REMATCH[3]} uncounted=${BASH_REMATCH[4]}
}

# balance_in_words ADDRESS
balance_in_words() {
    local received sent sum uncounted
    read_sums "$(tail -c 400 -- "$answer")" || fail 1 "$LEDGER_NODE answered without the sums of an address: is it a ledger node?"
    printf '%s: balance %s (received %s, sent %s)\n' "$(named "$1")" "$sum" "$received" "$sent"
    case $sum in
        -*) printf '%s\n' 'It is below zero: no node checks that the sender has enough.' ;;
        null) printf '%s\n' 'The payments are too large to be added up.' ;;
    esac
    case $uncounted in
        0) ;;
        1) printf '%s\n' 'Not counted: 1 payment with an amount that is not a number.' ;;
        *) printf 'Not counted: %s payments with an amount that is not a number.\n' "$uncounted" ;;
    esac
}

# note_overdraft SENDER AMOUNT: warns if the sender's balance is less. Nodes accept such a payment.
note_overdraft() {
    local told received sent sum uncounted
    told=$(quiet_get "/addresses/$(url_encoded "$1")?limit=1" 2>/dev/null | tail -c 400) || return 0
    read_sums "$told" || return 0
    ! is_less "$sum" "$2" ||
        printf 'note: the balance of this wallet is %s; the node accepts the payment anyway\n\n' "$sum" >&2
}

# is_less A B: whether decimal number A is less than B.
is_less() {
    local number='^-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$'
    [[ $1 =~ $number && $2 =~ $number ]] && awk -v a="$1" -v b="$2" 'BEGIN { exit !(a + 0 < b + 0) }'
}
