"""What `esign doctor` said last, kept for the start page: its worst line, and when."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from esign_cli.foundation import files, locations, own_files
from esign_cli.foundation.errors import EsignError


@dataclass(frozen=True, slots=True)
class LastDoctor:
    """The worst line of the last run."""

    at: datetime
    """Aware, in UTC."""
    level: str
    """ok | warning | error."""
    line: str
    """What was found, in the words that were shown; without national ids."""


def keep(last: LastDoctor) -> None:
    """Keep it, private. Raises DiskFull or OutputUnwritable."""
    path = locations.doctor_file()
    files.private_folder(path.parent)
    content = {**asdict(last), "at": last.at.isoformat(timespec="seconds")}
    files.write_private(path, json.dumps(content, ensure_ascii=False).encode())


def read() -> LastDoctor | None:
    """Return what was kept; None where nothing was, or nothing that can be read."""
    try:
        content = json.loads(own_files.read(locations.doctor_file()))
        at = datetime.fromisoformat(content["at"])
        return LastDoctor(at, str(content["level"]), str(content["line"]))
    except (EsignError, ValueError, KeyError, TypeError):
        return None
