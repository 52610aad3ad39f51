"""Runs the clients in bash or another shell."""
import os
import subprocess

from harness import HERE

SCRIPTS = HERE.parents[3] / "scripts"


def environment(**more):
    """This process's environment without settings of nodes and clients."""
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith("LEDGER_") and name != "CARGO_TARGET_DIR"}
    return {**clean, **more}


def shell(command, *arguments, typed="", program=("bash",), folder=None, **more):
    """Runs a line in bash or another shell. The arguments are $1 and up."""
    return subprocess.run([*program, "-c", command, program[0], *arguments], input=typed, capture_output=True, text=True,
                          encoding="utf-8", errors="surrogateescape", timeout=120, cwd=folder, env=environment(**more))


def client(*words, node, scripts=SCRIPTS, sourced=False, heard=False, **rest):
    """Runs a client against a node, or a function of lib.sh if `sourced`. `heard` keeps rc's messages."""
    if sourced:
        return shell('. "$1/lib.sh"; LEDGER_NODE=$2; shift 2; "$@"', str(scripts), node, *words, **rest)
    line = f'. "$1/rc" "$2" {"" if heard else "2>/dev/null"}; shift 2; "$@"'
    return shell(line, str(scripts), node, *words, **rest)


def run(file, *words, node, **more):
    """Runs a client by its file, without rc."""
    return subprocess.run([*([file] if isinstance(file, str) else file), *words], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=120, env=environment(LEDGER_NODE=node, **more))


client.scripts = SCRIPTS
client.path = os.environ["PATH"]
