"""What an import is asked, and what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from esign_cli.foundation.errors.workbooks import AmbiguousColumn, DatesAmbiguous
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import imports
from esign_cli.store.import_columns import Answer
from esign_cli.store.import_history import Diff
from esign_cli.workbooks.mebbis.layouts import Layout
from esign_cli.workbooks.tables import ReadOptions, SheetSource

Watch = Callable[[int, int, str], None]
"""Is told how many rows of how many were read of the file that is being read, and which that is."""
Settle = Callable[[AmbiguousColumn | DatesAmbiguous], list[Answer]]
"""Asks somebody what doubtful columns are; raises the error where nobody is there to be asked."""
OpenWorkbook = Callable[[Path], AbstractContextManager[SheetSource]]


@dataclass(frozen=True, slots=True)
class Request(ReadOptions):
    """What the user asked for."""

    files: Sequence[Path]
    scope: imports.Scope | None = None
    """Of a full snapshot; None for a partial import."""
    dry_run: bool = False
    as_of: date | None = None
    """The day the files say how things stand on, as the user said it."""
    policy: Policy = field(default_factory=Policy)
    """The rules by which a certificate ends an application."""

    @property
    def names(self) -> list[str]:
        """What each file is called: its own name, with its folder if others have the same."""
        own = Counter(path.name for path in self.files)
        return [path.name if own[path.name] == 1 else str(path) for path in self.files]


@dataclass(frozen=True, slots=True)
class SheetReport:
    """A sheet that was read, and by what layout."""

    name: str
    layout: Layout


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell or row that is pointed out; `rejected`: it cost the row."""

    code: str
    file: str
    sheet: str
    row: int
    column: str
    field: str
    value: str
    rejected: bool
    national_id: str = ""
    """Whose row it is, for the database alone; "" where that is not known."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file was and what became of its rows."""

    file: str
    sha256: str
    file_type: str
    kind: str
    sheets: Sequence[SheetReport]
    passed_over: Sequence[str]
    """Sheets without a table."""
    hidden: Sequence[str]
    """Hidden sheets, which are read only when asked for by name or number."""
    rows_read: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    ignored: int
    as_of: date
    """The day it says how things stand on."""
    as_of_source: str
    """Who says so: "said", "title", "inside" (the file's own date), "modified"."""
    known: bool
    """This very file was imported before in this very way: nothing of it was taken again."""
    imported: date | None
    """The day as of which it was; where it is not `known` all the same, a newer one was said."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the command did, or would do."""

    files: Sequence[FileReport]
    problems: Sequence[Problem]
    missing: int
    suspended: bool
    """Nobody was flagged as missing, because some national ids could not be read."""
    diff: Diff | None = None
    """What a trial would have changed; None for a real run, which can be asked for it later."""

    @property
    def rejected(self) -> int:
        return sum(file.rejected for file in self.files)
