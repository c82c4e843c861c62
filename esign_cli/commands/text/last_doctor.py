"""What `esign doctor` said last, kept for the start page: its worst line, and when.

As facts, so that it is told in the language of the day.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from esign_cli.commands.text.doctor_lines import row
from esign_cli.commands.text.findings import Level, Line
from esign_cli.foundation import files, locations, own_files
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.i18n import _
from esign_cli.foundation.turkish import without_ids


@dataclass(frozen=True, slots=True)
class LastDoctor:
    """The worst line of the last run."""

    at: datetime
    """Aware, in UTC."""
    worst: Line

    @property
    def level(self) -> str:
        return self.worst.level.value

    @property
    def line(self) -> str:
        """What was found, in words."""
        if self.worst.level is Level.OK:
            return _("all holds")
        _level, part, result = row(self.worst)
        return f"{part}: {result}"


def keep(last: LastDoctor) -> None:
    """Keep it, private and without national ids. Raises DiskFull or OutputUnwritable."""
    path = locations.doctor_file()
    files.private_folder(path.parent)
    line = last.worst
    content = {
        "at": last.at.isoformat(timespec="seconds"),
        "level": line.level.value,
        "check": line.check,
        "code": line.code,
        "problem": line.problem is not None,
        "facts": {name: _without_ids(value) for name, value in line.facts.items()},
    }
    files.write_private(path, json.dumps(content, ensure_ascii=False).encode())


def read() -> LastDoctor | None:
    """Return what was kept; None where nothing was, or nothing that can be read."""
    try:
        content = json.loads(own_files.read(locations.doctor_file()))
        last = LastDoctor(datetime.fromisoformat(content["at"]), _line(content))
        readable = bool(last.line)
    except (EsignError, ValueError, LookupError, TypeError, AttributeError):
        return None  # also of an older esign, which kept other facts
    return last if readable else None


def _line(content: dict[str, Any]) -> Line:
    check, code, facts = content["check"], content["code"], content["facts"]
    problem = EsignError.from_facts({"code": code, **facts}) if content["problem"] else None
    return Line(check, Level(content["level"]), code, facts, problem)


def _without_ids(value: Any) -> Any:
    return without_ids(value) if isinstance(value, str) else value
