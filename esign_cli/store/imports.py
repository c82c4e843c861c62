"""What is told of an import: what it is of, what it does, and what was imported before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from esign_cli.store.database import Store

ProblemRow = tuple[int, str, int, str, str, str, str, bool, str]
"""A problem to be written down: the file's number in the command, sheet, row, column, field, code,
value, whether it cost the row, whose row it is."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a full snapshot is a snapshot of: a plate code or "all", and a district or ""."""

    province: str
    district: str = ""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file of the command; `how` are the options that change what is read from it."""

    name: str
    sha256: str
    how: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of one file's rows; `conflicts` were rejected here."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that is pointed out, by its file's number in the command."""

    code: str
    file: int
    sheet: str
    row: int
    field: str
    value: str
    national_id: str
    """Whose row it is."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What an import does, or did."""

    counts: Mapping[int, Counts]
    """By the file's number in the command."""
    findings: Sequence[Finding]
    missing: int
    known: int
    """People known in the scope of a full snapshot; 0 without one."""
    suspended: bool
    """A full snapshot flagged nobody, because some of its national ids could not be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How the import is written down: `read`, `rejected` and `ignored` are those of the rows."""

    files: Sequence[ImportedFile]
    kind: str
    scope: Scope | None
    """The scope of a full snapshot; None for a partial import."""
    read: int
    rejected: int
    ignored: int
    as_of: date | None = None
    """The day the files say how things stand on; None: no later than they were first brought in."""
    file_day: date | None = None
    """Where they say none: the oldest day of the files themselves."""


def known_since(store: Store, sha256: str) -> str | None:
    """Return the day (ISO) this file's facts were first brought in, if they were."""
    row = store.db.execute(
        "SELECT min(as_of) FROM import JOIN file ON import_id = import.id WHERE sha256 = ?",
        (sha256,),
    )
    day: str | None = row.fetchone()[0]
    return day


def imported_as_of(store: Store, file: ImportedFile) -> date | None:
    """Return the newest day as of which this very file was imported with these very options, if no
    snapshot came since.

    A later full snapshot may have closed what the file names, which is then taken again.
    """
    row = store.db.execute(
        "SELECT max(as_of) FROM file JOIN import ON import.id = import_id"
        " WHERE sha256 = ? AND how = ? AND NOT EXISTS"
        ' (SELECT 1 FROM import later WHERE later."full" <> 0 AND later.id > file.import_id)',
        (file.sha256, file.how),
    )
    (day,) = row.fetchone()
    return date.fromisoformat(day) if day else None
