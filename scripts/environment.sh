# Sourced by the other scripts: makes the project's own environment (.venv) out of the lock.
# Nothing is resolved here, so what is released tomorrow changes nothing: every version and its hash
# stands in requirements/, and only wheels are taken, since a source archive brings build tools along.

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
environment="$PWD/.venv"
python="$environment/bin/python"
esign="$environment/bin/esign"

# step TEXT COMMAND… — says what is done now, and how many seconds it took.
step() {
    local text="$1" start="$SECONDS"
    shift
    printf '== %s\n' "$text" >&2
    "$@" || return
    printf '   %s s\n' "$((SECONDS - start))" >&2
}

find_python() {
    local candidate
    for candidate in python3.11 python3.12 python3.13 python3.14 python3; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# install_environment REQUIREMENTS — esign and what is locked there, in .venv.
install_environment() {
    local made_from
    made_from="$(cat requirements/*.txt | sha256sum)"
    if ! "$python" -c 'import pip' 2>/dev/null || [ "$(cat "$environment/made-from" 2>&1)" != "$made_from" ]; then
        find_python >/dev/null || apt_install python3 python3-venv || {
            echo "Python 3.11 or newer with venv is needed (Debian: apt-get install python3-venv)." >&2
            return 1
        }
        step "Making the environment $environment" "$(find_python)" -m venv --clear "$environment"
    fi
    step "Installing the locked versions ($1)" install_locked "$1"
    step "Building esign" build_wheel "$scratch/wheel"
    step "Installing esign" run_pip install --no-deps --no-index --force-reinstall "$scratch"/wheel/*.whl
    step "Checking that nothing is missing" "$python" -m pip --disable-pip-version-check check >&2
    echo "$made_from" >"$environment/made-from"
}

# install_locked REQUIREMENTS [OPTION…] — what is listed, to the letter, and nothing beside it.
install_locked() {
    run_pip install --no-deps --only-binary :all: --require-hashes -r "$@"
}

# build_wheel FOLDER — esign's wheel, made with locked tools that are thrown away afterwards.
build_wheel() {
    install_locked requirements/build.txt --no-compile --target "$scratch/build-tools" &&
        PYTHONPATH="$scratch/build-tools" run_pip wheel --no-deps --no-index --no-build-isolation --wheel-dir "$1" .
}

run_pip() { "$python" -m pip --quiet --disable-pip-version-check "$@"; }

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
    root+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600)
    step "Reading Debian's package lists" "${root[@]}" update >&2 || echo "Going on with those of before." >&2
    step "Installing ${missing[*]}" "${root[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
}
