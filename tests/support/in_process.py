"""The reader of workbooks in the process of the test: the same frames, without a child a file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from esign_cli.commands.imports.job import Outcome, Request, import_files
from esign_cli.store import Store, open_store
from esign_cli.workbooks import reader
from esign_cli.workbooks.mebbis.duties import Rules
from esign_cli.workbooks.reader_process import Book


class Here:
    """What stands in a child's place; an error of the book is raised where it is received."""

    def __init__(self) -> None:
        self._book = Book()
        self._asked: list[bytes] = []

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, frame: bytes) -> None:
        self._asked.append(frame)

    def receive(self, _seconds: float) -> bytes:
        return self._book.answer(self._asked.pop(0))

    def close(self) -> None:
        self._asked = []


@contextlib.contextmanager
def reading_here(monkeypatch: pytest.MonkeyPatch, path: Path) -> Iterator[reader.WorkbookReader]:
    """A reader of that file whose other half is here."""
    monkeypatch.setattr(reader, "_child", lambda _memory: Here())
    with reader.WorkbookReader([path]) as opened:
        yield opened


NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@contextlib.contextmanager
def brought(
    monkeypatch: pytest.MonkeyPatch, path: Path, database: Path
) -> Iterator[tuple[Store, Outcome]]:
    """The database after the import of that file into Batman, and what came of it."""
    with open_store(database) as store, reading_here(monkeypatch, path) as here:
        outcome = import_files(
            Request([path], rules=Rules(province="72")),
            open_workbook=here.open,
            store=store,
            now=NOW,
            today=NOW.date(),
            confirm=lambda _missing, _known: True,
        )
        yield store, outcome
