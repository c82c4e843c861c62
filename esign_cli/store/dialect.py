"""What SQLite and PostgreSQL say in different words; the rest is one text, which both take.

A `Statement` is a text as SQLite takes it that carries the other one; a connection to a server
executes that. So whoever executes it need not know which engine there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words of one engine, and the templates of what they are put into."""

    name: str
    whole: str
    """The type of a whole number of 64 bits."""
    text: str
    """The type of text that is compared by code points."""
    keyed: str
    """What stands behind a table that is its primary key's tree."""
    row_id: str
    """The column `rowid` of a temporary table, where it has to be named; with its comma."""
    first: str
    """A chain of UNION and EXCEPT, before INTERSECT: SQLite takes all from left to right."""
    before_staging: tuple[str, ...]
    """What a session is told before many rows are staged."""
    position: str
    joined: str
    json_field: str
    json_list: str
    json_object: str
    json_text: str
    """A JSON value as text."""
    json_group: str
    columns: str
    """A query for the columns of a table in their order: name, type, place in the key or 0."""
    """An object of texts that are JSON, by name; NULL of none."""
    json_value: str
    """A field as JSON."""
    json_emptied: str
    """An object in a column of text, with the field an empty text."""
    json_pairs: str
    """A table of an object's fields; NULL has none."""
    differs: str
    larger: str
    smaller: str

    def at(self, column: str, field: str) -> str:
        """Return the field of a JSON object in a column of text, as text or a number."""
        return self.json_field.format(column, field)


_CACHE_KIB = 32 * 1024
_SERVER_COLUMNS = """
SELECT attname, upper(format_type(atttypid, NULL)), coalesce(array_position(indkey, attnum) + 1, 0)
  FROM pg_attribute LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
 WHERE attrelid = CAST(? AS regclass) AND attnum > 0 AND NOT attisdropped
   AND attname <> 'rowid'
 ORDER BY attnum
"""
"""SQLite does not count a row's own number among the columns; places begin at 0 in indkey."""
_SERVER_EMPTIED = """(
    SELECT CAST(json_object_agg(key, CASE key WHEN '{1}' THEN CAST('""' AS json) ELSE value END)
        AS text) FROM json_each(CAST({0} AS json)))"""
SQLITE = Dialect(
    name="sqlite",
    whole="INTEGER",
    text="TEXT",
    keyed=" WITHOUT ROWID",
    row_id="",
    first="{}",
    before_staging=("PRAGMA temp_store = MEMORY", f"PRAGMA main.cache_size = -{_CACHE_KIB}"),
    position="instr({}, {})",
    joined="group_concat({})",
    json_field="{} ->> '$.{}'",
    json_list="json_array({})",
    json_object="json_object({})",
    json_text="{}",
    json_group="nullif(json_group_object({}, json({})), '{{}}')",
    columns="SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid",
    json_value="{} -> '$.{}'",
    json_emptied="json_set({}, '$.{}', '')",
    json_pairs="json_each({})",
    differs="{} IS NOT {}",
    larger="max({}, {})",
    smaller="min({}, {})",
)
POSTGRES = Dialect(
    name="postgres",
    whole="BIGINT",
    text='TEXT COLLATE "C"',
    keyed="",
    row_id=", rowid BIGINT GENERATED ALWAYS AS IDENTITY",
    first="SELECT * FROM ({}) AS one",
    before_staging=(),
    position="strpos({}, {})",
    joined="string_agg({}, ',')",
    json_field="CAST({} AS json) ->> '{}'",
    json_list="json_build_array({})",
    json_object="json_build_object({})",
    json_text="CAST({} AS text)",
    json_group="CAST(json_object_agg({}, CAST({} AS json)) AS text)",
    columns=_SERVER_COLUMNS,
    json_value="CAST({} AS json) -> '{}'",
    json_emptied=_SERVER_EMPTIED,
    json_pairs="json_each(CAST({} AS json))",
    differs="{} IS DISTINCT FROM {}",
    larger="greatest({}, {})",
    smaller="least({}, {})",
)


class Statement(str):
    """A statement as SQLite takes it, which carries the text that PostgreSQL takes."""

    __slots__ = ("postgres",)
    postgres: str

    def __new__(cls, sqlite: str, postgres: str) -> Statement:
        """Put the two together."""
        both = super().__new__(cls, sqlite)
        both.postgres = postgres
        return both


def both(written: Callable[[Dialect], str]) -> Statement:
    """Return a statement that differs in words alone, written in each of the two dialects."""
    return Statement(written(SQLITE), written(POSTGRES))


def parts(script: str) -> Iterator[str]:
    """Yield the statements of a script, each as both engines take it."""
    if isinstance(script, Statement):
        pairs = zip(script.split(";"), script.postgres.split(";"), strict=True)
        yield from (Statement(one, other) for one, other in pairs if one.strip())
    else:
        yield from (one for one in script.split(";") if one.strip())


def of(db: object) -> Dialect:
    """Return the dialect of a connection: SQLite's, unless it says another."""
    dialect: Dialect = getattr(db, "dialect", SQLITE)
    return dialect


def next_number(table: str, column: str) -> str:
    """Return the number that comes next, as SQL: no server's sequence, which skips some."""
    return f"(SELECT coalesce(max({column}), 0) + 1 FROM {table})"  # noqa: S608  (names of ours)


def text(db: object, statement: str) -> str:
    """Return the text of a statement that the engine of a connection takes."""
    return getattr(statement, of(db).name, str(statement))


def filled(statement: Statement, **pieces: str) -> Statement:
    """Put the same pieces into both texts, as `str.format` does."""
    return Statement(statement.format(**pieces), statement.postgres.format(**pieces))


def either(when: str, then: str, otherwise: str) -> str:
    """Return the one value or the other, as SQL."""
    return f"CASE WHEN {when} THEN {then} ELSE {otherwise} END"
