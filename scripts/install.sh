# Sourced by the other scripts: makes the project's own environment and installs the locked set in it.
# install_into REQUIREMENTS — leaves $python and $esign set.

say() { printf '\n== %s\n' "$*" >&2; }

find_python() {
    local candidate
    for candidate in python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer with venv is needed (Debian: apt-get install python3-venv)." >&2
    return 1
}

install_into() {
    local environment="$PWD/.venv" wheels
    if ! "$environment/bin/python" -c 'import pip' 2>/dev/null; then
        say "Making the environment $environment"
        "$(find_python)" -m venv --clear "$environment"
    fi
    python="$environment/bin/python"
    esign="$environment/bin/esign"
    say "Installing the locked versions ($1)"
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
    say "Building and installing esign itself"
    wheels="$(mktemp -d)"
    "$python" -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation \
        --wheel-dir "$wheels" .
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall \
        "$wheels"/*.whl
    rm -rf "$wheels"
}

# apt_install PACKAGE… — where it may (root, or sudo without a password); false where it may not.
apt_install() {
    local missing=() package root=()
    command -v apt-get >/dev/null || return 1
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 1
        root=(sudo -n)
    fi
    say "Installing ${missing[*]}"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 || return 1
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
