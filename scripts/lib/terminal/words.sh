# shellcheck shell=bash
# The arguments of a client that has options.

# read_words OPTIONS "$@": sorts the arguments. An option of OPTIONS, as in '--key-file= --full', sets the variable of its
# name, with = to the value given and else to yes. The other arguments are in the list `words`.
read_words() {
    local options=" $1 " word name value
    shift
    words=()
    while (($# > 0)); do
        word=$1 name=${1%%=*}
        shift
        case $word in
            --) words+=("$@") && return ;;
            -[0-9]*) words+=("$word") && continue ;; # of a number, more can be said elsewhere
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
