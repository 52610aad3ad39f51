# shellcheck shell=bash
# The progress of the search for a proof: on a terminal, a line updated each second. Python nodes do not report it.

# Searches of other clients that run or wait before ours.
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

# member NAME JSON: prints a whole number from a flat object, if it is there.
member() {
    local pattern="\"$1\": *([0-9]+)"
    ! [[ $2 =~ $pattern ]] || printf '%s\n' "${BASH_REMATCH[1]}"
}

# millions NUMBER: prints it in millions, rounded.
millions() { printf '%s' $((($1 + 500000) / 1000000)); }

# show_progress CLIENT: shows the progress until the client ends.
show_progress() {
    local answer tries whose before=0
    while sleep 1 && kill -0 "$1" 2>/dev/null; do
        answer=$(quiet_get /mine/progress) || continue
        tries=$(member tries "$answer")
        [ -n "$tries" ] || continue
        # Fewer tries than before: the next search has begun. If nobody waits, it is ours.
        ((tries >= before)) || ahead=$((ahead - 1))
        [ "$(member waiting "$answer")" != 0 ] || ahead=0
        before=$tries whose=
        ((ahead <= 0)) || whose='the other search: '
        on_the_line "$whose$(millions "$tries") million proofs tried, \
$(millions "$(member expected_tries "$answer")") million expected, \
$(millions "$(member tries_per_second "$answer")") million a second"
    done
}

# on_the_line TEXT: replaces the cursor's line. Truncates the text to the terminal's width: if a line wraps, the next one
# replaces only its last row.
on_the_line() {
    local width
    width=$(stty size <&2 2>/dev/null) || width=
    width=${width#* }
    ((width > 1)) || width=80
    printf '\r%-*.*s' "$((width - 1))" "$((width - 1))" "$1" >&2
}
