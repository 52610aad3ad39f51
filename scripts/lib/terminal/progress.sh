# shellcheck shell=bash
# How far the search for a proof is: on a terminal, a line that is written anew each second. A Python node does not tell.

# How many searches of others are under way, or wait, when ours is asked for.
ahead=0
watcher=

waiting_begins() {
    local answer
    [ -t 2 ] || return 0
    answer=$(quiet_get /mine/progress) || answer=
    [ -z "$(member tries "$answer")" ] || {
        ahead=$(($(member waiting "$answer") + 1))
        echo 'another search is under way; yours begins after it' >&2
    }
    show_progress $$ &
    watcher=$!
}

waiting_ends() {
    [ -n "$watcher" ] || return 0
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    watcher=
    on_the_line ''
    printf '\r' >&2
}

# member NAME JSON: prints a whole number of a flat object, or nothing.
member() {
    local pattern="\"$1\": *([0-9]+)"
    ! [[ $2 =~ $pattern ]] || printf '%s\n' "${BASH_REMATCH[1]}"
}

# millions NUMBER: how many there are, rounded.
millions() { printf '%s' $((($1 + 500000) / 1000000)); }

# show_progress CLIENT: for as long as the client lives.
show_progress() {
    local answer tries whose before=0
    while sleep 1 && kill -0 "$1" 2>/dev/null; do
        answer=$(quiet_get /mine/progress) || continue
        tries=$(member tries "$answer")
        [ -n "$tries" ] || continue
        # Fewer tries than before are those of the next search. When nobody waits, it is ours.
        ((tries >= before)) || ahead=$((ahead - 1))
        [ "$(member waiting "$answer")" != 0 ] || ahead=0
        before=$tries whose=
        ((ahead <= 0)) || whose='the other search: '
        on_the_line "$whose$(millions "$tries") million proofs tried, \
$(millions "$(member expected_tries "$answer")") million expected, \
$(millions "$(member tries_per_second "$answer")") million a second"
    done
}

# on_the_line TEXT: replaces the line that the cursor is on. It is cut to the width that the terminal has now: of a line
# that wraps only the last row would be replaced by the next one.
on_the_line() {
    local width
    width=$(stty size <&2 2>/dev/null) || width=
    width=${width#* }
    ((width > 1)) || width=80
    printf '\r%-*.*s' "$((width - 1))" "$((width - 1))" "$1" >&2
}
