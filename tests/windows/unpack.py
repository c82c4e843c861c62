"""Unpack the CPython for Windows that go-embed-python carries: unpack.py SOURCE TARGET."""

import gzip
import json
import sys
from pathlib import Path

GO_DIRECTORY = 1 << 31  # os.ModeDir of Go's io/fs

source, target = Path(sys.argv[1]), Path(sys.argv[2])
for entry in json.loads((source / "files.json").read_text("utf-8"))["files"]:
    place = target / entry["name"]
    if entry["perm"] & GO_DIRECTORY:
        place.mkdir(parents=True, exist_ok=True)
        continue
    place.parent.mkdir(parents=True, exist_ok=True)
    if entry.get("compressed"):
        place.write_bytes(gzip.decompress((source / f"{entry['name']}.gz").read_bytes()))
    else:
        place.write_bytes((source / entry["name"]).read_bytes())
