"""A connection to a server that answers as one to a file does: the same placeholders and rows.

Values are put into statements here, quoted by libpq, so that statements go to the server as they
are: several in one message, and with values also where the server takes no parameters.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import sql as composed
from psycopg.adapt import Dumper
from psycopg.pq import TransactionStatus

from esign_cli.store.connection import Watched
from esign_cli.store.dialect import POSTGRES, text
from esign_cli.store.import_sql import NEXT_TABLES, STAGED_TABLES

_WRITES = {"INSERT": "INTO", "UPDATE": "", "DELETE": "FROM"}
"""How a statement begins that changes a table, and what stands before the table's name."""
_A_MESSAGE = 500
"""Statements."""
TEMPORARY = frozenset(
    (*STAGED_TABLES, *NEXT_TABLES, "touched", "code_district", "forgotten")
)  # fmt: skip
"""Tables of this session alone, which no trail needs to know."""


class _Number(Dumper):
    """True and False as the numbers that stand for them in our tables."""

    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"

    def quote(self, obj: Any) -> bytes:
        return self.dump(obj)


class Answer:
    """The rows of what was asked: sent with whatever comes next, or once they are wanted."""

    __slots__ = ("_db", "rows")

    def __init__(self, db: ServerConnection) -> None:
        self._db = db
        self.rows: Iterator[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        yield from self._answered()

    def __next__(self) -> Any:
        return next(self._answered())

    def _answered(self) -> Iterator[Any]:
        if self.rows is None:
            self._db.send()
        if self.rows is None:
            self._db.send()  # that was what it was to be asked after
        assert self.rows is not None  # noqa: S101  (its transaction has not ended)
        return self.rows


_Waiting = tuple[str, Answer | None]


class Cursor:
    """What is asked and answered, as a cursor of sqlite3."""

    def __init__(self, db: ServerConnection) -> None:
        self.row_factory: Any = None
        self._db = db
        self._raw: psycopg.Cursor[Any] = db.raw.cursor()

    def execute(self, statement: str, parameters: Any = ()) -> Cursor:
        """Ask; of several statements in one text, the last one's answer is kept."""
        self._db.send(self._db.ready(statement, parameters), self._raw)
        return self

    def fetchone(self) -> Any:
        return self._raw.fetchone()

    def fetchall(self) -> list[Any]:
        return self._raw.fetchall()

    def fetchmany(self, size: int = 1) -> list[Any]:
        return self._raw.fetchmany(size)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._raw)


class ServerConnection(Watched):
    """A connection to a server. `raw` is psycopg's: in autocommit, we begin and end ourselves."""

    dialect = POSTGRES

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        super().__init__()
        self.raw = raw
        self._unsent: list[_Waiting] = []
        """Single statements, and who wants to have their answers."""
        self._afterwards: list[_Waiting] = []
        """The same, of what is sent once the next thing is answered."""
        self._worker: threading.Thread | None = None
        """Waits for what was sent afterwards."""
        self._failure: Exception | None = None
        """What went wrong in it."""
        self._columns: dict[str, list[str]] = {}
        """Of the tables that were filled; those of a session are always made alike."""
        raw.cursor_factory = psycopg.ClientCursor
        raw.adapters.register_dumper(bool, _Number)

    def execute(self, statement: str, parameters: Any = ()) -> Cursor:
        """Ask; placeholders are ? and :name. Raises psycopg's errors."""
        return self.cursor().execute(statement, parameters)

    def together(self, queries: Sequence[str], parameters: Any = ()) -> list[Answer]:
        """Ask several things in one message; gives the rows of each. Raises psycopg's errors, here
        or where rows are wanted.
        """
        return self._ask(queries, parameters, self._unsent)

    def meanwhile(self, queries: Sequence[str], parameters: Any = ()) -> list[Answer]:
        """Ask several things once the next is answered: the server works on them while we make use
        of that. Raises as `together`.
        """
        return self._ask(queries, parameters, self._afterwards)

    def _ask(self, queries: Sequence[str], parameters: Any, among: list[_Waiting]) -> list[Answer]:
        answers = [Answer(self) for _query in queries]
        ready = [self.ready(one, parameters) for one in queries]
        among += zip(ready, answers, strict=True)
        return answers

    def later(self, *statements: str, parameters: Any = ()) -> None:
        """Do this with whatever is asked next, which raises what goes wrong here as well."""
        self._unsent += [(self.ready(one, parameters), None) for one in statements]

    def ready(self, statement: str, parameters: Any) -> str:
        """Return a statement with its values, once it is noticed what it is about to change."""
        self.notice(statement)
        query = placeholders(text(self, statement)).encode()
        return psycopg.ClientCursor(self.raw).mogrify(query, _given(parameters))

    def drop_unsent(self) -> None:
        """Do nothing of what was to be done later."""
        self._unsent.clear()
        self._afterwards.clear()
        self._wait_for_worker()

    def send(self, statement: str = "", cursor: psycopg.Cursor[Any] | None = None) -> None:
        """Send what waits to be sent, then this; the cursor has the last answer of it."""
        failure = self._wait_for_worker()
        if failure is not None:
            raise failure
        waiting, self._unsent = self._unsent, []
        if not waiting and not statement:
            waiting, self._afterwards = self._afterwards, []
        if waiting or statement:
            self._exchange(waiting, statement, cursor)
        if self._afterwards:
            waiting, self._afterwards = self._afterwards, []
            self._worker = threading.Thread(target=self._work, args=(waiting,), daemon=True)
            self._worker.start()

    def _work(self, waiting: list[_Waiting]) -> None:
        try:
            self._exchange(waiting, "", None)
        except Exception as failure:  # noqa: BLE001  (raised where the answers are wanted)
            self._failure = failure

    def _wait_for_worker(self) -> Exception | None:
        """Let it come to its end; gives what went wrong in it."""
        if self._worker is not None:
            self._worker.join()
        self._worker, failure, self._failure = None, self._failure, None
        return failure

    def _exchange(
        self, waiting: list[_Waiting], statement: str, cursor: psycopg.Cursor[Any] | None
    ) -> None:
        message = ";".join([*(text for text, _answer in waiting), statement])
        cursor = cursor or self.raw.cursor()
        cursor.execute(message.encode())
        for number, (_text, answer) in enumerate(waiting, start=1):
            is_last = number == len(waiting) and not statement
            if answer is not None:  # the rows of the last are made as they are wanted
                answer.rows = _in_chunks(cursor) if is_last else iter(cursor.fetchall())
            if not is_last:
                cursor.nextset()
        while statement and cursor.nextset():
            pass

    def executemany(self, statement: str, rows: Iterable[Any]) -> None:
        """Do the same for each row, many of them in one message, the last of them `later`."""
        self.notice(statement)
        query = placeholders(text(self, statement)).encode()
        cursor = psycopg.ClientCursor(self.raw)
        for row in rows:
            self._unsent.append((cursor.mogrify(query, _given(row)), None))
            if len(self._unsent) >= _A_MESSAGE:
                self.send()

    def copy(
        self, table: str, rows: Iterable[Sequence[Any]], names: Sequence[str] | None = None
    ) -> None:
        """Add rows to a table by COPY: all of its columns, or these."""
        columns = names or self._columns_of(table)
        into = composed.SQL("COPY {} ({}) FROM STDIN").format(
            composed.Identifier(table), composed.SQL(", ").join(map(composed.Identifier, columns))
        )
        self.send()
        with self.raw.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Yield rows as they come, inside a transaction: they are never all in memory."""
        self.send()
        with self.raw.cursor("streamed") as cursor:
            cursor.itersize = _A_MESSAGE
            yield from cursor.execute(query)

    def _columns_of(self, table: str) -> list[str]:
        if table not in self._columns:
            columns = self.execute(POSTGRES.columns, (table,))
            self._columns[table] = [name for name, _type, _key in columns]
        return self._columns[table]

    def cursor(self) -> Cursor:
        return Cursor(self)

    def close(self) -> None:
        self.raw.close()

    @property
    def in_transaction(self) -> bool:
        status = self.raw.info.transaction_status
        return status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    def notice(self, statement: str) -> None:
        """Notice which table a statement is about to change: our own begin with it."""
        verb, first, second = (*statement.split(None, 3), "", "", "")[:3]
        if verb not in _WRITES:
            return
        table = (second if _WRITES[verb] else first).partition("(")[0].strip('"')
        if table not in TEMPORARY:
            self.changes(table)


def _in_chunks(cursor: psycopg.Cursor[Any]) -> Iterator[Any]:
    """The rows, made as they are wanted, so many at a time: one by one takes thrice as long."""
    return itertools.chain.from_iterable(iter(lambda: cursor.fetchmany(_A_MESSAGE), []))


def _given(row: Any) -> Any:
    return row if isinstance(row, (tuple, list, Mapping)) else tuple(row)


@lru_cache(maxsize=2000)
def placeholders(statement: str) -> str:
    """Return the statement with psycopg's placeholders; what stands in quotes is left alone."""
    return _SIGN.sub(_placeholder, statement)


_SIGN = re.compile(r"""('[^']*'|"[^"]*")|:([^\W\d_]\w*)|[?%]""")
"""What is quoted, or a name behind a colon, or a sign by itself."""


def _placeholder(found: re.Match[str]) -> str:
    quoted, name = found.groups()
    if name:
        return f"%({name})s"
    return "%s" if found[0] == "?" else (quoted or found[0]).replace("%", "%%")
