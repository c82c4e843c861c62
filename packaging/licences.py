"""Print the licences of all parts that lie in a site-packages folder, also of those inside wheels.

    python packaging/licences.py SITE_PACKAGES

A part without a licence text of its own is named with the licence that it declares; one that
declares none ends the program: it may not be given to others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

_TEXTS = ("LICEN", "COPYING", "NOTICE", "AUTHORS")
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
            [f"== {facts['Name']} {facts['Version']}: {licence or 'see below'}", *texts]
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


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(parts(Path(sys.argv[1]))) + "\n")
