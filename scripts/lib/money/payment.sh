# shellcheck shell=bash
# A payment: checks what a person types, and writes the request. The node checks it again, and more strictly.

# An address is the base64 of "-----BEGIN PUBLIC KEY-----…-----END PUBLIC KEY-----", with or without a line end.
ADDRESS_BEGINS=LS0tLS1CRUdJTi
ADDRESS_ENDS='(S0VZLS0tLS0K|IEtFWS0tLS0t|RVktLS0tLQo=|WS0tLS0tCg==|S0VZLS0tLS0=|RVktLS0tLQ==)$'
# The words "PRIVATE KEY" in base64, at each of three alignments.
SECRET='UFJJVkFURSBLRV|BSSVZBVEUgS0VZ|QUklWQVRFIEtFW'

# is_whole_address TEXT: whether the text is a complete address, or not an address at all.
is_whole_address() {
    case $1 in
        "$ADDRESS_BEGINS"*) [[ $1 =~ $ADDRESS_ENDS ]] ;;
    esac
}

# is_whole_signature TEXT: whether a signature is complete. Most end in =; one that does not, of a usual key, has 512 characters.
is_whole_signature() {
    case $1 in
        '' | *=) ;;
        *) ((${#1} >= 512)) ;;
    esac
}

# is_secret TEXT: whether it is a private key, in PEM or in the base64 of PEM.
is_secret() {
    local pattern="PRIVATE KEY|^.{0,60}($SECRET)"
    [[ $1 =~ $pattern ]]
}

# address_fault TEXT: prints what is wrong with an address, if anything.
address_fault() {
    local LC_ALL=C pattern='^[A-Za-z0-9+/]+={0,2}$'
    if is_secret "$1"; then
        echo 'this is a secret key; it is not sent. An address comes from the public key: "address" prints the node'\''s'
    elif [[ $1 == -----BEGIN* ]]; then
        # shellcheck disable=SC2016 # for the person to type
        printf '%s\n' 'this is the text of a PEM file; an address is its base64, in one line: printf %s "$(cat FILE)" | base64 | tr -d "\n"'
    elif ! [[ $1 == "$ADDRESS_BEGINS"* && $1 =~ $pattern ]]; then
        echo "this is not an address, which is base64 that begins with $ADDRESS_BEGINS; \"address\" prints the node's"
    elif ! is_whole_address "$1" || ((${#1} % 4 != 0)); then
        echo "this address lacks something: it has ${#1} characters, and one of a usual key has 600"
    fi
}

# ask_sender: prints the typed address, or says why it is not one.
ask_sender() {
    local sender fault
    sender=$(ask_filled 'Sender:') || return
    sender=$(joined is_whole_address "$sender")
    fault=$(address_fault "$sender")
    [ -z "$fault" ] || {
        complain "Sender: $fault"
        return 2
    }
    printf '%s\n' "$sender"
}

# ask_recipient: prints the typed text, with the spaces around it. An address may span several lines.
ask_recipient() {
    local recipient
    recipient=$(ask_filled 'Recipient:') || return
    is_whole_address "$recipient" || recipient=$(joined is_whole_address "$recipient")
    ! is_secret "$recipient" || {
        complain 'Recipient: this is a secret key; it is not sent'
        return 2
    }
    printf '%s\n' "$recipient"
}

# ask_signature: prints the typed base64, which may span several lines.
ask_signature() {
    local signature
    signature=$(ask_filled 'Signature:') || return
    joined is_whole_signature "$signature"
}

# signature_hint RECIPIENT AMOUNT SIGNATURE: prints why the signature may be invalid.
signature_hint() {
    case $3 in
        "$ADDRESS_BEGINS"*) echo 'what was given as the signature is a key, or an address; sigscript prints the signature' && return ;;
    esac
    case $1 in
        ' '* | *' ') printf '%s' 'the recipient begins or ends with a space, which is signed too; ' ;;
    esac
    printf 'a signature is for one sender, one recipient and one amount, as they are written ("5" is not "5.0"); sign again: '
    printf 'sigscript --key-file FILE SENDER %.100q %.40q\n' "$1" "$2"
}

# payment_json SENDER RECIPIENT AMOUNT SIGNATURE: prints the body of the request.
payment_json() {
    printf '{"sender": %s, "recipient": %s, "amount": %s, "signature": %s}' \
        "$(json_string "$1")" "$(json_string "$2")" "$(json_string "$3")" "$(json_string "$4")"
}
