"""Fetch a CPython for Windows and unpack it: unpack_python.py TARGET.

python-build-standalone's, as the Go module github.com/kluctl/go-embed-python carries it: Go's proxy
is a registry like any other, and its archive is held to the hash below.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from io import BytesIO
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

MODULE, VERSION = "github.com/kluctl/go-embed-python", "v0.0.0-3.11.11-20241219-1"
ADDRESS = f"https://proxy.golang.org/{MODULE}/@v/{VERSION}.zip"
SHA256 = "c8e9a1131021c54e2add690ce413f3d59b38f698e33cf21e4a2c5579360fabe4"
TREE = f"{MODULE}@{VERSION}/python/internal/data/windows-amd64/"
GO_DIRECTORY = 1 << 31  # os.ModeDir of Go's io/fs
PATIENCE = 60


def fetch() -> bytes:
    """Return the module's archive; ends the program where it is not the one that was looked at."""
    with urlopen(ADDRESS, timeout=PATIENCE) as answer:
        archive: bytes = answer.read()
    if hashlib.sha256(archive).hexdigest() != SHA256:
        raise SystemExit(f"{ADDRESS} is not what it was: its hash differs")
    return archive


def unpack(archive: bytes, target: Path) -> None:
    """Write the files of CPython below `target`."""
    with ZipFile(BytesIO(archive)) as module:
        for entry in json.loads(module.read(f"{TREE}files.json"))["files"]:
            place = target / entry["name"]
            if entry["perm"] & GO_DIRECTORY:
                place.mkdir(parents=True, exist_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            packed = entry.get("compressed")
            data = module.read(f"{TREE}{entry['name']}{'.gz' if packed else ''}")
            place.write_bytes(gzip.decompress(data) if packed else data)


if __name__ == "__main__":
    unpack(fetch(), Path(sys.argv[1]))
