# shellcheck shell=bash disable=SC2154 # `lib`, `node`, `difficulty` and `pauses` are set by the demo
# The stage of the demo: nodes in a temporary directory.

# Where the nodes store their data and logs.
stage=

# set_stage: creates the directory, and removes it however the demo ends.
set_stage() {
    # Ignore the settings of a person's own nodes.
    unset "${!LEDGER_@}"
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 141' PIPE
    trap 'exit 143' TERM
    stage=$(mktemp -d "${TMPDIR:-/tmp}/ledger-demo.XXXXXX") ||
        fail 1 "no directory can be made in ${TMPDIR:-/tmp}: set TMPDIR to one that can be written to"
}

# clean_up: stops all nodes and removes the directory. Takes the shell's jobs: a signal can arrive before a .pid file is written.
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

# run_node NAME WORD...: runs the program in a node's directory. It does not return: run it in a subshell.
run_node() {
    local name=$1
    shift
    # Not in the current directory, which may have a configuration file.
    cd -- "$stage" || exit
    exec "$node" "$@" --data-dir "$stage/$name" --difficulty "$difficulty" </dev/null
}

# start NAME: starts a node on a port that the system chooses. Call `arrive` to wait for it.
start() {
    : >"$stage/$1.log" # emptied here, so that `arrive` cannot read the lines of an earlier start
    (run_node "$1" --port 0 --host 127.0.0.1) >>"$stage/$1.log" 2>&1 &
    printf '%s\n' "$!" >"$stage/$1.pid"
}

# arrive NAME: waits until the node logs where it listens, at most a minute. Fails if the node ends instead.
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

# wait_for_end PID: gives the node ten seconds to stop, then kills it.
wait_for_end() {
    local tenths
    for ((tenths = 0; tenths < 100; tenths++)); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    ((tenths < 100)) || kill -9 "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# last_words NAME PATTERN: prints the last matching line of the node's log.
last_words() { grep -e "$2" -- "$stage/$1.log" | tail -n 1; }
