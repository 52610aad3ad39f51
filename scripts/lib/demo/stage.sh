# shellcheck shell=bash disable=SC2154 # `lib`, `node`, `difficulty` and `pauses` are set by the demo
# The stage of the demo: nodes in a directory that is thrown away, and clients that everybody sees at work.

# Where the nodes keep what they have, and print.
stage=

# set_stage: makes the directory, and sees to it that whatever ends the demo, nothing is left of it.
set_stage() {
    # Settings of a person's own nodes are not for these.
    unset "${!LEDGER_@}"
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 141' PIPE
    trap 'exit 143' TERM
    stage=$(mktemp -d "${TMPDIR:-/tmp}/ledger-demo.XXXXXX") ||
        fail 1 "no directory can be made in ${TMPDIR:-/tmp}: set TMPDIR to one that can be written to"
}

# clean_up: asks the shell for what it has started: a signal can come before a node's number is written down.
clean_up() {
    local pids pid
    trap '' HUP INT PIPE TERM
    pids=$(jobs -p)
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    for pid in $pids; do wait_for_end "$pid"; done
    [ -z "$stage" ] || rm -rf -- "$stage"
}

pid_of() { cat -- "$stage/$1.pid"; }
url_of() { cat -- "$stage/$1.url"; }

# run_node NAME WORD...: runs the program with the directory of a node. It does not come back: run it in a subshell.
run_node() {
    local name=$1
    shift
    # Away from a configuration file that may lie here.
    cd -- "$stage" || exit
    exec "$node" "$@" --data-dir "$stage/$name" --difficulty "$difficulty" </dev/null
}

# start NAME: starts a node on a port that the system chooses. `arrive` waits for it.
start() {
    : >"$stage/$1.log" # here, for what an earlier start said must be gone when `arrive` looks
    (run_node "$1" --port 0 --host 127.0.0.1) >>"$stage/$1.log" 2>&1 &
    printf '%s\n' "$!" >"$stage/$1.pid"
}

# arrive NAME: waits until the node says where it listens, for a minute at the most. Fails when it ends instead.
arrive() {
    local tenths pattern='listening on http://[^ ]*:([0-9]+)'
    for ((tenths = 0; tenths < 600; tenths++)); do
        if [[ $(cat -- "$stage/$1.log") =~ $pattern ]]; then
            printf 'http://127.0.0.1:%s\n' "${BASH_REMATCH[1]}" >"$stage/$1.url"
            return 0
        fi
        kill -0 "$(pid_of "$1")" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

# stop NAME
stop() {
    kill "$(pid_of "$1")" 2>/dev/null || true
    wait_for_end "$(pid_of "$1")"
}

# wait_for_end PID: gives the node ten seconds to stop, then none.
wait_for_end() {
    local tenths
    for ((tenths = 0; tenths < 100; tenths++)); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    ((tenths < 100)) || kill -9 "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# last_words NAME PATTERN: prints the last line of the node's log that fits.
last_words() { grep -e "$2" -- "$stage/$1.log" | tail -n 1; }
