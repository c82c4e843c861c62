"""Check the parts that users get: their licences, and the holes that are known of their versions.

    python packaging/supply_chain.py licences SITE_PACKAGES LIST
    python packaging/supply_chain.py locked LOCK
    python packaging/supply_chain.py holes PARTS AUDIT.json…

The second prints every part of a lock, also those of other systems, which pip-audit leaves out. The
third reads that list, and what pip-audit wrote of it, a file for each database that was asked.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from email.parser import Parser
from pathlib import Path

from licences import declared, licence_files

HERE = Path(__file__).parent
REQUIRED = "ESIGN_HOLES_REQUIRED"
_OPERATORS = re.compile(r"\s+(?:AND|OR|WITH)\s+|[()]")


def entries(path: Path) -> dict[str, str]:
    """Return the lines of a list: a name, then why; `#` begins a remark."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    pairs = (re.split(r"\s{2,}", line, maxsplit=1) for line in lines if line)
    return {name: (why[0] if why else "") for name, *why in pairs}


def outside(licence: str, allowed: Iterable[str]) -> list[str]:
    """Return the licences of an SPDX expression, or of old metadata, that are not allowed."""
    if licence in allowed:
        return []
    parts = [part.strip() for part in _OPERATORS.split(licence) if part.strip()]
    return [part for part in parts or [licence] if part not in allowed]


def parts(site: Path) -> Iterator[tuple[str, str, str, bool]]:
    """Yield each part's name, version, licence, and whether a text of it lies beside it."""
    for info in sorted(site.glob("*.dist-info"), key=lambda folder: folder.name.lower()):
        facts = Parser().parsestr((info / "METADATA").read_text("utf-8"))
        yield facts["Name"], facts["Version"], declared(facts), bool(licence_files(info))


def licences(site: Path, target: Path) -> list[str]:
    """Write the list of all licences; gives what is not allowed."""
    allowed = entries(HERE / "licences-allowed.txt")
    bad, lines = [], []
    for name, version, licence, _text in parts(site):
        known = allowed.get(f"part:{name}") or licence
        lines.append(f"{name} {version}: {known}\n")
        if not known or outside(known, allowed):
            bad.append(f"{name} {version}: {known or 'no licence is declared'}")
    target.write_text("".join(lines), "utf-8")
    return bad


def locked(lock: Path) -> list[str]:
    """Return name==version of every part of a lock, whatever system it is for."""
    return re.findall(r"^([\w.-]+==[^\s;\\]+)", lock.read_text("utf-8"), re.MULTILINE)


def holes(reports: Iterable[Path]) -> tuple[set[str], dict[str, str]]:
    """Return the parts that some database knew, and the holes with where they are."""
    asked: set[str] = set()
    found: dict[str, str] = {}
    for report in reports:
        try:
            document = json.loads(report.read_text("utf-8"))
        except (OSError, ValueError):
            continue  # this database was not reached
        for part in document["dependencies"]:
            if "skip_reason" in part:
                continue
            asked.add(f"{part['name']}=={part['version']}")
            for hole in part["vulns"]:
                fixed = ", ".join(hole["fix_versions"]) or "no version"
                found[hole["id"]] = f"{part['name']} {part['version']}; mended in: {fixed}"
    return asked, found


def _checked(reports: list[Path], wanted: set[str]) -> int:
    """Say what is known of the parts; gives the exit code."""
    asked, found = holes(reports)
    required = os.environ.get(REQUIRED, "") == "1"
    if not asked:
        sys.stderr.write("No database of holes could be reached: nothing was checked.\n")
        return int(required)
    reasons = entries(HERE / "known-holes.txt")
    for hole, where in sorted(found.items()):
        sys.stderr.write(f"{hole}: {where} ({reasons.get(hole, 'NOT LISTED')})\n")
    unknown = sorted(wanted - asked)
    for part in unknown:
        sys.stderr.write(f"not checked, as no database that was reached knows it: {part}\n")
    sys.stderr.write(f"Parts that were looked up: {len(asked)}, holes: {len(found)}\n")
    return int(bool(found.keys() - reasons.keys()) or (required and bool(unknown)))


def main(words: list[str]) -> int:
    """Do what the command line says; gives the exit code."""
    if words[0] == "licences":
        bad = licences(Path(words[1]), Path(words[2]))
        for line in bad:
            sys.stderr.write(f"not allowed: {line}\n")
        return int(bool(bad))
    if words[0] == "locked":
        sys.stdout.write("".join(f"{part}\n" for part in locked(Path(words[1]))))
        return 0
    parts_wanted, *reports = map(Path, words[1:])
    return _checked(reports, set(parts_wanted.read_text("utf-8").split()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
