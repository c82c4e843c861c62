"""What somebody said of doubtful columns, kept for files with the same header."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from esign_cli.foundation.errors.workbooks import NoSuchAnswer
from esign_cli.store.connection import Db
from esign_cli.store.database import Store


@dataclass(frozen=True, slots=True)
class Answer:
    """What a column is, as somebody said it."""

    header: str
    """By what the table is known: its headers, folded."""
    column: str
    """As it stands in the file."""
    key: str
    """The same, folded."""
    what: str
    """field: what the column is; dates: how its dates are written."""
    said: str
    """A field, or "-"; of dates dmy, mdy or ymd."""
    file: str
    """The file that it was said of."""


@dataclass(frozen=True, slots=True)
class KeptAnswer(Answer):
    """The same with the number that it is forgotten by."""

    number: int
    at: str
    """RFC 3339, UTC."""


def by_column(answers: Iterable[Answer]) -> dict[tuple[str, str, str], str]:
    """Return what was said, by header, folded column and what it was said of."""
    return {(one.header, one.key, one.what): one.said for one in answers}


def known(store: Store) -> dict[tuple[str, str, str], str]:
    """Return what was ever said, as `by_column` does."""
    rows = store.db.execute("SELECT header, key, what, said FROM import_column")
    return {(header, key, what): said for header, key, what, said in rows}


def remember(db: Db, answers: Iterable[Answer], now: datetime) -> None:
    """Keep the answers in place of earlier ones; inside `Store.writing`."""
    at = now.isoformat(timespec="seconds")
    db.executemany(
        "INSERT INTO import_column (header, key, what, column_name, said, file, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (header, key, what) DO UPDATE SET"
        " column_name = excluded.column_name, said = excluded.said, file = excluded.file,"
        " at = excluded.at",
        ((a.header, a.key, a.what, a.column, a.said, a.file, at) for a in answers),
    )


def kept(store: Store) -> list[KeptAnswer]:
    """Return all answers, the oldest first."""
    rows = store.db.execute(
        "SELECT header, column_name, key, what, said, file, number, at FROM import_column"
        " ORDER BY number"
    )
    return [KeptAnswer(*row) for row in rows]


def of_files(store: Store, files: Iterable[str]) -> list[KeptAnswer]:
    """Return the answers that were given for files of these names."""
    names = frozenset(files)
    return [answer for answer in kept(store) if answer.file in names]


def forget(store: Store, numbers: Collection[int]) -> None:
    """Forget these answers; raises NoSuchAnswer for a number that none has, and then forgets
    nothing.
    """
    known = {answer.number for answer in kept(store)}
    for number in numbers:
        if number not in known:
            raise NoSuchAnswer(number=number)
    with store.writing() as db:
        db.executemany("DELETE FROM import_column WHERE number = ?", ((n,) for n in numbers))
