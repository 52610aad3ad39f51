# shellcheck shell=bash
# The arguments of a client with options.

# read_words OPTIONS "$@": parses the arguments. An option of OPTIONS, such as '--key-file= --full', sets the variable of its
# name: to the value that follows if it ends in =, else to yes. The other arguments go to the list `words`.
read_words() {
    local options=" $1 " word name value
    shift
    words=()
    while (($# > 0)); do
        word=$1 name=${1%%=*}
        shift
        case $word in
            --) words+=("$@") && return ;;
            -[0-9]*) words+=("$word") && continue ;; # a negative number: the client says what is wrong with it
            -?*) ;;
            *) words+=("$word") && continue ;;
        esac
        case $options in
            *" $word "*) value=yes ;;
            *" $name= "*)
                value=${word#*=}
                [ "$word" != "$name" ] || { (($# > 0)) && value=$1 && shift; } || wrong_usage "$word needs a value"
                ;;
            *) wrong_usage "there is no option $word" ;;
        esac
        name=${name#--}
        printf -v "${name//-/_}" %s "$value"
    done
}

# whole_number TEXT HIGHEST WHAT: prints a number from 1 to HIGHEST without leading zeros, or says what is wrong with it.
whole_number() {
    if [[ $1 =~ ^0*([0-9]{1,9})$ ]] && ((BASH_REMATCH[1] >= 1 && BASH_REMATCH[1] <= $2)); then
        printf '%s\n' "${BASH_REMATCH[1]}"
    else
        wrong_usage "$3 must be a whole number from 1 to $2, not $(printf '%.40q' "$1")"
    fi
}
