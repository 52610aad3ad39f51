"""The bash clients behind links, in odd directories, and under other shells and settings."""
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from checks import equal
from shells import SCRIPTS, environment, run, shell

ODD = "it's a \"place\"\nwith $(touch /tmp/x) spaces "
# Shells that can source rc, and shells that are told what to type instead. Missing ones are skipped.
GOOD_SHELLS = ["bash", "bash --posix", "dash", "busybox sh", "ksh93", "mksh", "yash", "zsh", "zsh --emulate sh"]
OTHER_SHELLS = {"fish": (".", "set -gx LEDGER_NODE"), "tcsh": ("source", "setenv LEDGER_NODE")}
# Environments that people have and that could break a client.
SETTINGS = {
    "a BASH_ENV that prints, redefines and aliases": {"BASH_ENV": "{folder}/bash_env"},
    "exported functions": {f"BASH_FUNC_{name}%%": "() { echo mine; }" for name in ["cd", "curl", "sed", "head", "fail"]},
    "shell options": {"SHELLOPTS": "noclobber:noglob:posix:xtrace", "BASHOPTS": "expand_aliases:nocaseglob"},
    "POSIXLY_CORRECT": {"POSIXLY_CORRECT": "1"},
    "CDPATH": {"CDPATH": "/:/tmp:/usr"},
    "a Turkish locale": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "another locale's encoding": {"LC_ALL": "C"},
    "no terminal": {"TERM": ""},
    "GREP_OPTIONS and a pager": {"GREP_OPTIONS": "--color=always", "PAGER": "false"},
    "a .curlrc that prints headers elsewhere": {"CURL_HOME": "{folder}", "HOME": "{folder}"},
    "missing certificates": {"CURL_CA_BUNDLE": "/nonexistent", "SSL_CERT_FILE": "/nonexistent"},
    "proxies": {name: "http://127.0.0.1:1" for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"]},
    "an IFS": {"IFS": "/.:"},
}
BASH_ENV = """echo Welcome back
set -o noclobber; shopt -s expand_aliases nullglob failglob
cd() { builtin cd "$@" && ls; }
curl() { echo no; }
alias ls=false sed=false awk=false
"""


class Places:
    def __init__(self, node, checks):
        self.node, self.checks = node, checks

    def run(self):
        with tempfile.TemporaryDirectory() as folder:
            self.folder = Path(folder)
            self.links()
            self.line_ends()
            self.shells()
            self.settings()
            self.missing_tools()

    def works(self, file, **more):
        """Checks that `nodes`, started in this way, prints the neighbours."""
        done = run(file, node=self.node.url, **more)
        equal((done.returncode, done.stdout), (0, self.node.get("/nodes").text))

    def links(self):
        odd = self.folder / ODD
        (odd / "bin").mkdir(parents=True)
        shutil.copytree(SCRIPTS, odd / "scripts")
        (odd / "bin/nodes").symlink_to("../scripts/nodes")
        (odd / "first").symlink_to(odd / "bin/nodes")
        (odd / "bin/second").symlink_to("../first")
        (odd / "dir").symlink_to("scripts")
        (odd / "bin/rc").symlink_to("../dir/rc")
        for what in ["scripts/nodes", "bin/nodes", "first", "bin/second", "dir/nodes"]:
            with self.checks.that(f"a client runs from an odd directory as {what}"):
                self.works(str(odd / what))
                self.works(["bash", str(odd / what)])
                self.works("nodes" if what == "bin/nodes" else str(odd / what), PATH=f"{odd / 'bin'}:{os.environ['PATH']}")
        with self.checks.that("a client runs from the current directory, and through bash's PATH"):
            done = subprocess.run(["bash", "nodes"], cwd=odd / "dir", capture_output=True, text=True,
                                  env=environment(LEDGER_NODE=self.node.url))
            equal((done.returncode, done.stdout), (0, self.node.get("/nodes").text))
            self.works(["bash", "nodes"], PATH=f"{odd / 'bin'}:{os.environ['PATH']}")
        with self.checks.that("a linked client prints its help"):
            assert run(str(odd / "bin/second"), "-h", node="").stdout.startswith("Usage: nodes")
        with self.checks.that("a linked rc finds the clients"):
            done = shell('. "$1" "$2"; nodes', str(odd / "bin/rc"), self.node.url)
            equal(done.stdout, self.node.get("/nodes").text)
        with self.checks.that("a copied client asks for a link instead"):
            shutil.copy(SCRIPTS / "nodes", odd / "copy")
            done = run(str(odd / "copy"), node=self.node.url)
            equal((done.returncode, done.stdout), (2, ""))
            assert "link to the clients (ln -s)" in done.stderr, done.stderr

    def line_ends(self):
        with self.checks.that("git keeps LF in the scripts"):
            git = ["git", "-c", "safe.directory=*", "-C", SCRIPTS.parent]
            listed = subprocess.run([*git, "check-attr", "eol", "--", "scripts/rc", "scripts/lib/terminal/ask.sh", ".ci/run", "README.md"],
                                    capture_output=True, text=True, check=True).stdout
            equal([line.rsplit(" ", 1)[1] for line in listed.splitlines()], ["lf"] * 4)
        crlf = self.folder / "crlf/scripts"
        shutil.copytree(SCRIPTS, crlf)
        for file in crlf.rglob("*"):
            if file.is_file():
                file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        for program in installed(GOOD_SHELLS):
            with self.checks.that(f"{' '.join(program)} explains CRLF line ends in one line"):
                for words in [["-c", '. "$0"; true', str(crlf / "rc")], [str(crlf / "mine")]]:
                    done = run([*program, *words], node=self.node.url)
                    said = done.stdout + done.stderr
                    assert said.count("\n") == 1 and "line ends in scripts are CRLF" in said, said
        for program, (source, _) in OTHER_SHELLS.items():
            if shutil.which(program):
                with self.checks.that(f"{program} explains CRLF line ends or itself"):
                    said = run([program, "-c", f"{source} '{crlf}/rc'"], node=self.node.url).stdout
                    assert said.startswith("rc: "), said

    def shells(self):
        for program in installed(GOOD_SHELLS):
            with self.checks.that(f"{' '.join(program)} sources rc, even with -eu, and runs a client"):
                done = shell('LEDGER_NODE=; . scripts/rc; nodes', program=program, folder=SCRIPTS.parent,
                             typed=self.node.url + "\n")
                equal(done.stdout, self.node.get("/nodes").text)
                done = shell('set -euC; cd scripts; . ./rc; nodes', program=program, folder=SCRIPTS.parent,
                             typed=self.node.url + "\n")
                equal(done.stdout, self.node.get("/nodes").text)
                self.works([*program, str(SCRIPTS / "nodes")])
            with self.checks.that(f"{' '.join(program)} explains that rc must be sourced"):
                for words in [[str(SCRIPTS / "rc")], ["-c", str(SCRIPTS / "rc")]]:
                    done = run([*program, *words], node="")
                    assert done.returncode != 0 and "has to be sourced" in done.stderr, done.stderr
        if shutil.which("dash"):
            with self.checks.that("a shell that cannot locate rc says where to source it"):
                done = shell(f". '{SCRIPTS}/rc'", program=("dash",), folder=self.folder)
                assert done.returncode != 0 and "cd to the checkout" in done.stderr, done.stderr
        for program, (source, words) in OTHER_SHELLS.items():
            if shutil.which(program):
                with self.checks.that(f"{program} says in one line what to type"):
                    done = subprocess.run([program, "-c", f"{source} scripts/rc; echo on"], cwd=SCRIPTS.parent,
                                          capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
                    said, on = done.stdout.splitlines()
                    assert words in said and (on, done.stderr) == ("on", ""), done

    def settings(self):
        (self.folder / "bash_env").write_text(BASH_ENV)
        (self.folder / ".curlrc").write_text(f'output = "{self.folder}/elsewhere"\ninclude\nfail\nuser-agent = "x"\n')
        for what, values in SETTINGS.items():
            with self.checks.that(f"rc and a client work with {what}"):
                values = {name: value.replace("{folder}", str(self.folder)) for name, value in values.items()}
                # BASH_ENV prints before the client starts, so its line is not the client's.
                line = '. "$1/rc" "$2" 2>|"$3/said"; printenv LEDGER_NODE; nodes 2>|"$3/said"'
                done = shell(line, str(SCRIPTS), self.node.url, str(self.folder), **values)
                equal(done.stdout.replace("Welcome back\n", ""), f"{self.node.url}\n{self.node.get('/nodes').text}")

    def missing_tools(self):
        tools = ["awk", "bash", "cat", "curl", "dirname", "env", "grep", "head", "mktemp", "readlink", "rm", "sed", "tr"]
        for missing, words in [("curl", "curl is needed"), ("mktemp", "set TMPDIR")]:
            with self.checks.that(f"a client reports a missing {missing}"), links_to(tools, missing) as folder:
                done = run(str(SCRIPTS / "nodes"), node=self.node.url, PATH=folder)
                equal((done.returncode, done.stdout), (1, ""))
                assert words in done.stderr.splitlines()[-1], done.stderr
        with self.checks.that("a client works without awk, grep, dirname, readlink and jq"), \
                links_to(tools, "awk", "grep", "dirname", "readlink") as folder:
            self.works(str(SCRIPTS / "nodes"), PATH=folder)
        if shutil.which("busybox"):
            with self.checks.that("a client works with busybox's tools"), links_to(["bash", "curl"]) as folder:
                for tool in set(tools) - {"bash", "curl"}:
                    Path(folder, tool).symlink_to(shutil.which("busybox"))
                self.works(str(SCRIPTS / "nodes"), PATH=folder)
        with self.checks.that("an unwritable TMPDIR is named"):
            done = run(str(SCRIPTS / "nodes"), node=self.node.url, TMPDIR="/nonexistent")
            assert done.returncode == 1 and "can be made in /nonexistent: set TMPDIR" in done.stderr, done.stderr
        with self.checks.that("a client leaves nothing in TMPDIR"):
            left = self.folder / "left"
            left.mkdir()
            self.works(str(SCRIPTS / "nodes"), TMPDIR=str(left))
            run(str(SCRIPTS / "nodes"), node="http://127.0.0.1:1", TMPDIR=str(left))
            equal(list(left.iterdir()), [])


def installed(programs):
    """Those of these shells that are installed, as lists of words."""
    return [program.split() for program in programs if shutil.which(program.split()[0])]


@contextmanager
def links_to(tools, *missing):
    """A directory for PATH with these tools except the missing ones."""
    with tempfile.TemporaryDirectory() as folder:
        for tool in set(tools) - set(missing):
            Path(folder, tool).symlink_to(shutil.which(tool))
        yield folder
