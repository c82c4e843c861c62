# Sourced by what builds packages: the locked wheels of one kind of computer, laid out for it.
# `scratch` has esign's wheel; nothing is compiled, so each package can be built on any Debian.

# unpack_wheels PYTHON_VERSION PLATFORM FOLDER PIP_PLATFORM… — everything that runs, esign's wheel with it.
unpack_wheels() {
    local python_version="$1" platform="$2" folder="$3" lock="$scratch/$1-$2.txt"
    "$python" packaging/locked_for.py "$python_version" "$platform" >"$lock"
    fetch_wheels "$python_version" "$folder" "${@:4}" -- --require-hashes -r "$lock"
    fetch_wheels "$python_version" "$folder" "${@:4}" -- --no-index "$scratch"/wheel/*.whl
    rm -rf "$folder"/*/tests "$folder/esign_cli/docs" # a package brings the docs as a site
    ready_pages "$folder/esign_cli/locale"
    # Sources for compilers are of no use.
    find "$folder" \( -name '*.pyx' -o -name '*.pxd' -o -name '*.c' -o -name '*.h' \) -delete
}

# fetch_wheels PYTHON_VERSION FOLDER PIP_PLATFORM… -- WHAT… — without the scripts of others.
fetch_wheels() {
    local target=(--target "$2" --no-compile --only-binary :all: --python-version "$1"
        --implementation cp --abi "cp${1/./}" --abi abi3 --abi none)
    shift 2
    while [ "$1" != -- ]; do target+=(--platform "$1"); shift; done
    pip install --no-deps "${target[@]}" "${@:2}"
    # How pip came by a part says something of this computer.
    local folder="${target[1]}"
    rm -rf "$folder/bin"
    find "$folder" \( -name RECORD -o -name INSTALLER -o -name REQUESTED -o -name direct_url.json \) -delete
}

# ready_pages FOLDER — `esign --help` in each language, which is then shown before the app is loaded.
ready_pages() {
    local language
    for language in tr en; do
        mkdir -p "$1/$language"
        env -i PATH="$PATH" HOME="$scratch" PYTHONUTF8=1 "$python" -P -m esign_cli --lang "$language" --help >"$1/$language/help.txt"
    done
}

# bill_of SITE TARGET [MORE.json] — what lies in it, part by part (CycloneDX).
bill_of() {
    env -u PYTHONPATH "$scratch/supply/bin/python" packaging/bill.py "$@"
}

pip() { "$python" -m pip --quiet --disable-pip-version-check "$@"; }

# same_times FOLDER — no file tells when the package was built.
same_times() { find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }
