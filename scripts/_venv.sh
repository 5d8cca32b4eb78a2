# Sourced by scripts/tonecheck and scripts/test: makes the virtual environment that they run in.
#
# ensure_venv KIND PIP-ARGUMENT…  creates $venv if it is not there, and installs unless that was done already for this
#                                 pyproject.toml. KIND names the stamp file. Says one line on stderr when it has work
#                                 to do, and pip's own words only when pip fails.
#
# TONECHECK_VENV moves the environment (default: .venv in the checkout); PYTHON names the interpreter to make it with.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=${TONECHECK_VENV:-$root/.venv}
python=$venv/bin/python

_find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    echo "tonecheck needs Python 3.11 or newer with venv; name one with PYTHON=/path/to/python3" >&2
    return 2
}

# What is installed depends on pyproject.toml and on where the checkout is. No Python: this runs before every command.
_fingerprint() {
    printf '%s %s\n' "$(cksum <"$root/pyproject.toml")" "$root"
}

_quietly() {
    local log
    log=$(mktemp)
    if ! "$@" </dev/null >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        echo "set-up failed: $*" >&2
        return 2
    fi
    rm -f "$log"
}

_is_installed() {
    [ -x "$python" ] && [ "$(cat "$venv/.installed-$1" 2>/dev/null)" = "$(_fingerprint)" ]
}

_install() {
    local kind=$1 interpreter
    shift
    if _is_installed "$kind"; then # by the other end of a pipe, while this one waited
        return
    fi
    echo "tonecheck: setting up $venv for '$kind' (once; a minute or two) …" >&2
    if ! "$python" -c '' >/dev/null 2>&1; then
        interpreter=$(_find_python) || return
        _quietly "$interpreter" -m venv --clear "$venv" || return
    fi
    # Dependency groups need pip 25.1.
    _quietly "$python" -m pip install --disable-pip-version-check --quiet --upgrade 'pip>=25.1' || return
    (cd -- "$root" && _quietly "$python" -m pip install --disable-pip-version-check --quiet "$@") || return
    _fingerprint >"$venv/.installed-$kind"
}

ensure_venv() {
    if _is_installed "$1"; then
        return
    fi
    # Two first calls at once (both ends of a pipe) must not install over each other; flock is missing on macOS only.
    if command -v flock >/dev/null; then
        mkdir -p -- "$(dirname -- "$venv")"
        (flock 9 && _install "$@") 9>"$venv.lock"
    else
        _install "$@"
    fi
}
