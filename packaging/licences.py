"""Print the licences of all parts that lie in a site-packages folder, also of those inside wheels.

    python packaging/licences.py SITE_PACKAGES [MORE.json MORE.txt]

What was compiled into a wheel is named below it, as its own bills of material (PEP 770) name it;
licences that lie beside modules come last. MORE are components that are no wheels, as CycloneDX
lists them, and their texts. A part without a licence text of its own is named with the licence that
it declares; one that declares none ends the program: it may not be given to others.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Any

_TEXTS = ("LICEN", "COPYING", "NOTICE", "AUTHORS")
_UNTOLD = {"openssl": "Apache-2.0"}
"""Of OpenSSL since 3.0: https://openssl-library.org/source/license/; its wheel names none."""
_LONGEST = 80
"""Old metadata hold the whole text where a name is meant."""


def parts(site: Path) -> Iterator[str]:
    """Return, part by part, its name, version, licence and the texts that come with it."""
    for info in sorted(site.glob("*.dist-info"), key=lambda folder: folder.name.lower()):
        facts = Parser().parsestr((info / "METADATA").read_text("utf-8"))
        licence = declared(facts)
        texts = [path.read_text("utf-8", "replace").strip() for path in licence_files(info)]
        if not licence and not texts:
            raise SystemExit(f"{facts['Name']}: no licence is declared")
        yield "\n\n".join(
            [
                f"== {facts['Name']} {facts['Version']}: {licence or 'see below'}",
                *compiled_in(info),
                *texts,
            ]
        )
    for path in beside_modules(site):
        where = path.relative_to(site).as_posix()
        yield f"== {where}\n\n{path.read_text('utf-8', 'replace').strip()}"


def compiled_in(info: Path) -> list[str]:
    """Return what a wheel's own bills say is inside it, a line each, in one text; [] without."""
    bills = [json.loads(bill.read_text("utf-8")) for bill in sorted(info.glob("sboms/*.json"))]
    lines = {named(part) for bill in bills for part in bill.get("components", ())}
    return ["Compiled in:\n" + "\n".join(f"  {line}" for line in sorted(lines))] if lines else []


def named(part: dict[str, Any]) -> str:
    """Return name, version and licence of a component of CycloneDX."""
    licences = [
        one.get("expression") or one["license"].get("id") or one["license"]["name"]
        for one in part.get("licenses", ())
    ] or [_UNTOLD.get(part["name"], "not told by its wheel")]
    return f"{' '.join(filter(None, (part['name'], part.get('version'))))}: {', '.join(licences)}"


def beside_modules(site: Path) -> list[Path]:
    """Return the licence texts that lie among modules: of what a part took over from others."""
    return sorted(
        path
        for path in site.rglob("*")
        if path.is_file()
        and path.name.upper().startswith(_TEXTS)
        and path.suffix in {"", ".txt", ".md", ".rst"}
        and not any(folder.name.endswith(".dist-info") for folder in path.parents)
    )


def declared(facts: Message) -> str:
    """Return the licence that a part's metadata name, an SPDX expression where there is one."""
    classifiers = (
        c.split(" :: ")[-1] for c in facts.get_all("Classifier", ()) if c[:7] == "License"
    )
    old = (facts["License"] or "").strip().partition("\n")[0]
    return (
        facts["License-Expression"]
        or (old if len(old) < _LONGEST else "")
        or ", ".join(classifiers)
    )


def licence_files(info: Path) -> list[Path]:
    """Return the licence texts beside a part's metadata, those of what it contains among them."""
    return sorted(p for p in info.rglob("*") if p.is_file() and p.name.upper().startswith(_TEXTS))


def more(components: Path, texts: Path) -> Iterator[str]:
    """Return what is no wheel: each component in a line, then the texts of all."""
    for part in json.loads(components.read_text("utf-8")):
        yield f"== {named(part)}"
    yield texts.read_text("utf-8").strip()


if __name__ == "__main__":
    site, *others = map(Path, sys.argv[1:])
    sys.stdout.write("\n\n".join([*parts(site), *(more(*others) if others else ())]) + "\n")
