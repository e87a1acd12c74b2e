#!/bin/sh
# Makes .venv: a Python that runs, the bootstrap, then the requirements, all by hash, then this checkout. Called by the Makefile.
set -u
cd "$(dirname "$0")/.." || exit 1
venv=.venv/bin/python

say() { printf 'policylab: %s\n' "$1" >&2; }
stop() { say "$1" && exit 1; }

right() { # can $1 make an environment? A name on the path may be a shim that fails, so it is run
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11) or sys.implementation.name != "cpython")' </dev/null >/dev/null 2>&1
}

identity() { # which Python stands behind $1
    "$1" -c 'import sys; print(sys.base_prefix, sys.version)' </dev/null 2>/dev/null
}

find_python() {
    without_venv=
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3.13 python3.12 python3.11 python3.14 python3 python; fi
    for python in "$@"; do
        right "$python" || continue
        "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
        without_venv=$python
    done
    [ -z "$without_venv" ] || stop "$without_venv comes without venv and pip: install them (Debian, Ubuntu: apt install python3-venv), then run make again."
    stop "no Python 3.11 or newer runs here (tried $*): install one, or name it: make PYTHON=/path/to/python3"
}

hand() { # what pip is told ($1), unless uv is told it already ($2)
    [ -z "$(printenv "$2")" ] || return 0
    for section in :env: install global; do
        value=$(printf '%s\n' "$settings" | sed -n "s/^$section\.$1='\(.*\)'\$/\1/p")
        [ -z "$value" ] || { export "$2=$value" && return; }
    done
}

failed() {
    [ -w .venv ] || stop "$(pwd -P)/.venv cannot be written: work in a copy of your own, or have it made yours, then run make again."
    free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
    [ "${free:-9999}" -gt 200 ] || stop "the disk is full ($free MB left, about 1,500 are needed): free some space, then run make again."
    stop "$1 could not be installed (reasons above). Is there a network? Does pip's mirror answer (pip config list)? Then run make again."
}

{ mkdir -p .venv .make && : >.venv/writable; } 2>/dev/null ||
    stop "$(pwd -P) cannot be written: work in a copy of your own, or have it made yours, then run make again."
rm -f .venv/writable .venv/ready
python=
[ -z "${PYTHON:-}" ] || find_python
if ! right "$venv" || ! "$venv" -c 'import pip' 2>/dev/null || [ "$(identity "${python:-$venv}")" != "$(identity "$venv")" ]; then
    [ -n "$python" ] || find_python
    say "$("$python" -c 'import platform, sys; print("Python", platform.python_version(), "at", sys.executable)') makes .venv"
    "$python" -m venv --clear .venv >&2 || failed "the environment"
fi

quiet=-q
[ ! -t 2 ] || quiet=
say "installing the locked packages (the first time some 300 MB, a minute or more)"
PIP_USER=0 "$venv" -m pip install --no-input --disable-pip-version-check --require-hashes --only-binary :all: -r locks/bootstrap.txt >.venv/pip.log 2>&1 ||
    { tail -n 1 .venv/pip.log >&2 && failed "the installer"; }

settings=$("$venv" -m pip config list 2>/dev/null)
hand index-url UV_DEFAULT_INDEX
hand cert SSL_CERT_FILE
hand proxy ALL_PROXY
export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-120}"
mkdir -p "${UV_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/uv}" 2>/dev/null || export UV_NO_CACHE=1
# jieba and fontmeta come as source only; bytecode is made here because jieba's old escapes would warn when compiled later
.venv/bin/uv pip install $quiet --python "$venv" --require-hashes --no-build-isolation --only-binary :all: --no-binary jieba --no-binary fontmeta \
    --compile-bytecode -r locks/requirements.txt >&2 || failed "the packages"
.venv/bin/uv pip install $quiet --python "$venv" --no-deps --no-build-isolation -e . >&2 || failed "policylab itself"
pwd -P >.venv/ready
