"""A connection that notices which tables it is about to change, and of whom it is asked by name.

SQLite asks its authorizer about every statement when it is prepared, so before anything of it is
done: no write of any command passes by it.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

_WRITES = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})


T = TypeVar("T")
BUSY_SECONDS = 5.0
CHUNK = 500
"""So many entries are asked about at a time."""


def connect(
    path: Path, *, readonly: bool = False, kind: type[sqlite3.Connection] = sqlite3.Connection
) -> sqlite3.Connection:
    """Open a database file: the one place where SQLite is handed one. Raises sqlite3's errors.

    Whoever opens a file that may be another's calls `inspection.guard` next.
    """
    name = f"{path.absolute().as_uri()}?mode=ro" if readonly else str(path)
    db = sqlite3.connect(name, uri=readonly, timeout=BUSY_SECONDS, factory=kind)
    if kind is not sqlite3.Connection:
        db.isolation_level = None  # our own transactions
    return db


def scratch() -> sqlite3.Connection:
    """Open a database without a name for what is too much to be held; it ends when it is closed."""
    db = sqlite3.connect("", isolation_level=None)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("BEGIN")  # no statement is a transaction of its own
    return db


class Cursor(Protocol):
    """What an engine answers."""

    row_factory: Any

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def fetchmany(self, size: int = ..., /) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Db(Protocol):
    """A connection to a database of either engine; placeholders are ? and :name."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor: ...
    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Any: ...
    def cursor(self) -> Any: ...
    def close(self) -> None: ...
    @property
    def in_transaction(self) -> bool: ...


class Watched:
    """A connection that knows which tables it changes; what it notices goes into the trail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.machine = ""
        """The computer that is worked at."""
        self.database_user = ""
        """Whom the server knows; "" of a file."""
        self.people: set[str] = set()
        """The national ids that were asked for by name."""
        self.tokens: set[str] = set()
        """What stood for people in the trail who were forgotten just now."""
        self.written: set[str] = set()
        """The tables that a statement of ours changes, or may change."""
        self.before_write: Callable[[str], None] | None = None
        """Told of a table before its first change."""

    def concerns(self, national_ids: Iterable[str]) -> None:
        """Remember that these people's data are read or changed, one by one."""
        self.people.update(filter(None, national_ids))

    def changes(self, table: str) -> None:
        """Notice that a table is about to be changed."""
        if table not in self.written:
            self.written.add(table)
            if self.before_write is not None:
                self.before_write(table)


class Connection(Watched, sqlite3.Connection):
    """A connection to our database file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_authorizer(self._noticed)

    def _noticed(
        self, action: int, table: str | None, _column: str | None, db: str | None, _by: str | None
    ) -> int:
        if action in _WRITES and db == "main" and table and table not in self.written:
            self.changes(table)
        return sqlite3.SQLITE_OK


def together(db: Db, *queries: str, parameters: Any = ()) -> list[Iterator[Any]]:
    """Ask several things at once, a server in one message; gives the plain rows of each."""
    of_server = getattr(db, "together", None)
    if of_server is not None:
        answers: list[Iterator[Any]] = of_server(queries, parameters)
        return answers
    return [iter(plain(db, one, parameters)) for one in queries]


def meanwhile(db: Db, *queries: str, parameters: Any = ()) -> list[Iterator[Any]]:
    """Ask several things whose answers are wanted later; gives the plain rows of each.

    A server works on them once what is asked next is answered, and we go on with that.
    """
    of_server = getattr(db, "meanwhile", None)
    if of_server is not None:
        answers: list[Iterator[Any]] = of_server(queries, parameters)
        return answers
    return [_once_wanted(db, one, parameters) for one in queries]


def _once_wanted(db: Db, query: str, parameters: Any) -> Iterator[Any]:
    yield from plain(db, query, parameters)


def later(db: Db, *statements: str, parameters: Any = ()) -> None:
    """Do this; a server is told with whatever it is asked next."""
    of_server = getattr(db, "later", None)
    if of_server is not None:
        of_server(*statements, parameters=parameters)
        return
    for one in statements:
        db.execute(one, parameters)


def plain(db: Db, query: str, parameters: Any = ()) -> Cursor:
    """Ask; gives rows that are tuples."""
    cursor = db.cursor()
    cursor.row_factory = None
    answer: Cursor = cursor.execute(query, parameters)
    return answer


def in_chunks(entries: Iterable[T], size: int = 0) -> Iterator[tuple[T, ...]]:
    """Yield what is asked or written together, `size` or CHUNK at a time; never all is held."""
    rest = iter(entries)
    while chunk := tuple(itertools.islice(rest, size or CHUNK)):
        yield chunk


def concerns(db: Db, national_ids: Iterable[str]) -> None:
    """Tell the audit trail of whom a query is; connections of other makes have none."""
    if isinstance(db, Watched):
        db.concerns(national_ids)


def done_from(db: Db) -> tuple[str, str]:
    """Return the computer and the database's user, for what somebody enters; "" where unknown."""
    return (db.machine, db.database_user) if isinstance(db, Watched) else ("", "")
