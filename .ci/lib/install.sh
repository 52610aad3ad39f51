# shellcheck shell=bash
# Installs what .ci/run needs beside a Rust toolchain. .ci/run defines `fail`, `has`, `target`, `mixed` and `python`.
# shellcheck disable=SC2154 # the last three

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif has sudo; then
        sudo -n "$@"
    else
        fail "needs root or sudo to run: $*"
    fi
}

system_packages() {
    local missing=() tool
    # The shells are those from which people may run the clients.
    for tool in shellcheck jq curl git sqlite3 busybox fish mksh tcsh zsh openssl xxd; do
        has "$tool" || missing+=("$tool")
    done
    { [ "$(uname -m)" != x86_64 ] || has qemu-x86_64; } || missing+=(qemu-user)
    pkg-config --exists openssl 2>/dev/null || missing+=(pkg-config libssl-dev)
    has cc || missing+=(gcc libc6-dev)
    has ssh-keygen || missing+=(openssh-client)
    has puttygen || missing+=(putty-tools)
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
    has ip || missing+=(iproute2)
    has npm || missing+=(nodejs npm)
    has chromium || missing+=(chromium)
    has chromedriver || missing+=(chromium-driver)
    ((${#missing[@]} > 0)) || return 0
    has apt-get || fail "install these first, as there is no apt-get: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

rust_components() {
    cargo --version
    cargo fmt --version 2>/dev/null || rustup component add rustfmt
    cargo clippy --version 2>/dev/null || rustup component add clippy
}

# Keeps the virtual environment in the target folder, where the next run finds it.
python_packages() {
    "$python" -c 'import flask, requests, Crypto, prometheus_client, schemathesis' 2>/dev/null && return
    python3 -m venv --clear "$target/ci-venv"
    "$python" -m pip install --quiet --disable-pip-version-check -r "$mixed/requirements.txt"
}
