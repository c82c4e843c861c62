"""Write a site-packages folder's bill of materials: CycloneDX, with what lies inside the wheels.

    python packaging/bill.py SITE_PACKAGES TARGET [MORE.json]

Run by the Python of requirements/supply.txt. A wheel that brings bills of its own (PEP 770: what
was compiled into it) has their parts below it; MORE is a list of components that are no wheels.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

_KEPT = ("type", "name", "version", "purl", "licenses", "hashes")
_ROOT = Path(__file__).parents[1]


def wheels(site: Path) -> dict[str, Any]:
    """Return the bill of the wheels: the tool asks a Python for its folders, and is told this."""
    with tempfile.TemporaryDirectory() as folder:
        python, bill = Path(folder, "python"), Path(folder, "bill.json")
        python.write_text(
            f"#!/bin/sh\nPYTHONPATH='{site}' exec '{sys.executable}' -sS \"$@\"\n", "utf-8"
        )
        python.chmod(0o755)
        words = ("environment", "--pyproject", _ROOT / "pyproject.toml")
        output = ("--output-reproducible", "--no-validate", "--output-format", "JSON")
        program = Path(sys.executable).with_name("cyclonedx-py")
        subprocess.run([program, *words, *output, "--output-file", bill, python], check=True)
        document: dict[str, Any] = json.loads(bill.read_text("utf-8"))
    return document


def inside(site: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what the wheels say is inside them, each with the name of its wheel."""
    for info in sorted(site.glob("*.dist-info")):
        name = Parser().parsestr((info / "METADATA").read_text("utf-8"))["Name"]
        for bill in sorted(info.glob("sboms/*.json")):
            document = json.loads(bill.read_text("utf-8"))
            if document.get("bomFormat") == "CycloneDX":
                for part in document.get("components", ()):
                    yield name, {key: part[key] for key in _KEPT if key in part}


def main(site: Path, target: Path, *more: str) -> None:
    """Write the bill; ends the program where it is none by CycloneDX's own schema."""
    document = wheels(site.resolve())
    by_name = {component["name"]: component for component in document["components"]}
    for name, part in inside(site):
        by_name[name].setdefault("components", []).append(part)
    for file in more:
        document["components"] += json.loads(Path(file).read_text("utf-8"))
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise SystemExit(f"{target}: {fault}")
    target.write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
