# shellcheck shell=bash disable=SC2154 # `client` is set by lib.sh
# Questions to a person. The answer comes from a terminal, where it can be edited, or from a pipe.

# ask QUESTION: prints the line that was typed or piped in. Fails at the end of the input. Call it as $(ask …).
ask() {
    local line='' code=0
    if [ -t 0 ]; then
        # Ask on the terminal, even if standard error goes elsewhere.
        [ -t 2 ] || ! { : >/dev/tty; } 2>/dev/null || exec 2>/dev/tty
        # A pasted line end must end the line, so that the rest is not lost. Older readlines always do this, and lack the setting.
        bind 'set enable-bracketed-paste off' 2>/dev/null || true
        IFS= read -e -r -p "$1 " line || code=$?
    else
        printf '%s ' "$1" >&2
        IFS= read -r line || code=$?
        echo >&2
    fi
    ((code == 0)) || [ -n "$line" ] || {
        [ ! -t 0 ] || echo >&2
        return 1
    }
    line=${line%$'\r'}
    is_plain "$line" || {
        complain "$1 what was typed holds a control character (an arrow key, or a pasted one?): type it anew"
        return 2
    }
    printf '%s\n' "$line"
}

# is_plain TEXT: whether it has no control characters.
is_plain() {
    local LC_ALL=C
    case $1 in
        *[[:cntrl:]]*) return 1 ;;
    esac
}

# complain LINE: says what is wrong with an answer. Text pasted after it must not become the shell's next command.
complain() {
    printf '%s: %s\n' "$client" "$1" >&2
    [ ! -t 0 ] || drain
}

# drain: discards terminal input until none arrives for a fifth of a second.
drain() (
    before=$(stty -g) || return 0
    trap 'stty "$before"' EXIT
    stty -icanon -echo min 0 time 2
    cat >/dev/null
)

# ask_filled QUESTION: like `ask`, but repeats while the line is empty: it may be the rest of a pasted line end.
ask_filled() {
    local line=''
    while [ -z "${line//[[:space:]]/}" ]; do
        line=$(ask "$1") || return
    done
    printf '%s\n' "$line"
}

# joined COMPLETE TEXT: prints the text and the lines that follow it, without white space, until the function COMPLETE finds it
# whole or two lines are empty. Mail programs and terminals break long lines of letters and digits.
joined() {
    local text=$2 more empty=0
    until "$1" "$text" || ((empty == 2)); do
        more=$(ask '(continue it; two empty lines end it)') || break
        more=${more//[[:space:]]/}
        [ -n "$more" ] && empty=0 || empty=$((empty + 1))
        text+=$more
    done
    printf '%s\n' "${text//[[:space:]]/}"
}

# not_given STATUS WHAT: ends a client whose question got no valid answer.
not_given() {
    (($1 == 1)) || exit "$1"
    fail 2 "no $2 given"
}
