"""Whom a query is about, as a condition on national_id."""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from esign_cli.foundation import turkish
from esign_cli.store import dialect
from esign_cli.store.connection import Db, concerns, later, meanwhile, plain
from esign_cli.store.dialect import Statement, filled, parts, text

EVERYWHERE = ("", "all")
_TABLE = """
CREATE TEMP TABLE IF NOT EXISTS scope (national_id TEXT PRIMARY KEY) WITHOUT ROWID;
DELETE FROM scope
"""
_SETTING = "SELECT length(set_config('esign.scope', CAST({ids} AS text), false))"
"""On a server a reader may make no table: the ids are an array in a setting of the session."""
_PUT = Statement("INSERT INTO scope VALUES (?) ON CONFLICT DO NOTHING",
                 _SETTING.format(ids="CAST(? AS text[])"))  # fmt: skip
_FILL = Statement("INSERT INTO scope {query}", _SETTING.format(
    ids="(SELECT coalesce(array_agg(national_id), '{{}}') FROM ({query}) AS one)"))  # fmt: skip
_SCOPED = Statement(
    "SELECT national_id FROM scope",
    "SELECT unnest(CAST(current_setting('esign.scope', true) AS text[])) COLLATE \"C\""
    " AS national_id",
)
_KNOWN_OTHERWISE = """
    SELECT national_id FROM mark
    UNION SELECT national_id FROM application WHERE national_id <> ''
"""
_KNOWN = f"""
    SELECT national_id FROM certificate UNION SELECT national_id FROM person
    UNION {_KNOWN_OTHERWISE}
"""
"""Everybody: whoever has a duty record is in the table of people as well."""
_WITHOUT_RECORD = f"{_KNOWN} EXCEPT SELECT national_id FROM duty UNION"
_SERVING = "SELECT national_id FROM duty WHERE closed_by IS NULL AND {place}"
_MISSING = """
    SELECT national_id FROM duty AS d WHERE closed_by IS NOT NULL AND {place}
        AND NOT EXISTS (SELECT 1 FROM duty WHERE national_id = d.national_id AND closed_by IS NULL)
"""
_IN_PLACE = f"{_SERVING} UNION {_MISSING}"
_HOLDERS = """
    SELECT DISTINCT national_id FROM certificate AS c
    WHERE EXISTS (SELECT 1 FROM duty WHERE national_id = c.national_id AND closed_by IS NULL
            AND {place})
        OR NOT EXISTS (SELECT 1 FROM duty WHERE national_id = c.national_id AND closed_by IS NULL)
            AND ({without_record} EXISTS (SELECT 1 FROM duty WHERE national_id = c.national_id
                AND closed_by IS NOT NULL AND {place}))
"""
"""Those in a place who hold a certificate, each looked up: they are a quarter of all, at most."""
_WITHOUT_ANY = "NOT EXISTS (SELECT 1 FROM duty WHERE national_id = c.national_id) OR"
_IS_NO_PERSON = "NOT EXISTS (SELECT 1 FROM person WHERE national_id = {of}.national_id)"
_STRANGERS = " UNION ".join(
    f"SELECT national_id FROM {table} WHERE national_id <> '' AND {_IS_NO_PERSON.format(of=table)}"
    for table in ("certificate", "mark", "application")
)
_COUNT_WITHOUT_RECORD = f"""
    SELECT (SELECT count(*) FROM person)
        - (SELECT count(DISTINCT national_id) FROM duty)
        + (SELECT count(*) FROM ({_STRANGERS}) AS stranger)
"""
"""Everybody but those with a duty record, each of whom is in the table of people as well."""
_COUNT = "SELECT count(*) FROM (SELECT DISTINCT national_id FROM ({query}) AS one) AS each_once"
_OTHERS = "EXCEPT SELECT national_id FROM certificate"
_COUNT_OTHERS = f"""
    SELECT (SELECT count(*) FROM person)
        - (SELECT count(*) FROM (SELECT DISTINCT national_id FROM certificate) AS holder
            WHERE national_id IN (SELECT national_id FROM person))
        + (SELECT count(*) FROM ({_KNOWN_OTHERWISE}) AS otherwise
            WHERE national_id NOT IN (SELECT national_id FROM person)
                AND national_id NOT IN (SELECT national_id FROM certificate))
"""
"""Counted without a walk over all the people."""
_SORTED = "ORDER BY national_id"
"""Behind a chain of UNION, INTERSECT and EXCEPT, which SQLite takes from left to right, this makes
it merge the tables in their own order instead of collecting everybody anew: ten times faster."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom to read: everybody, a province or district, or these people and nobody else.

    A province means those with a current record in it, those who are missing from the latest
    snapshot and had one there, and everybody who has no duty record at all (they have no province
    to be found by). A district leaves the last out.
    """

    province: str = ""
    """Plate code; "" or "all" for everywhere."""
    district: str = ""
    national_ids: tuple[str, ...] | None = None
    asked: bool = True
    """Whether somebody named these people, which the audit trail notes."""

    def whom(self, db: Db) -> str:
        """Return a query for the ids that `where` has put aside before, or for everybody."""
        return _KNOWN if self.everywhere else text(db, _SCOPED)

    @property
    def everywhere(self) -> bool:
        """Whether nobody is left out."""
        return self.national_ids is None and self.province in EVERYWHERE and not self.district

    def where(self, db: Db) -> str:
        """Return a condition on the column national_id; the ids themselves are put aside."""
        if self.everywhere:
            return "true"
        if self.national_ids is not None:
            if self.asked:
                concerns(db, self.national_ids)
            return _put_aside(db, self.national_ids)
        query, given = self._of_place
        return _fill(db, f"{query} {_SORTED}", given)

    def where_holders(self, db: Db) -> str:
        """Return the same for those of them who hold a certificate."""
        if self.everywhere:
            return "national_id IS NOT NULL"
        return _fill(db, self._holders, self._given)

    def others(self, db: Db) -> Iterator[tuple[str]]:
        """Return the ids of those in a place who hold no certificate, in order, a row each."""
        query, given = self._of_place
        return iter(plain(db, f"{query} {_OTHERS} {_SORTED}", given))

    def count_others(self, db: Db, *, holders_aside: bool = False) -> Callable[[], int]:
        """Ask how many `others` there are; gives what waits for the answer.

        `holders_aside`: `where_holders` of this very scope is the last by then that puts ids aside.
        """
        if self.everywhere:
            (everywhere,) = meanwhile(db, _COUNT_OTHERS)
            return lambda: int(next(everywhere)[0])
        holders = text(db, _SCOPED) if holders_aside else self._holders
        parts = (_SERVING.format(place=self._place), _MISSING.format(place=self._place))
        counts = [_COUNT.format(query=query) for query in (holders, *parts)]
        without = [] if self.district else [_COUNT_WITHOUT_RECORD]
        answers = meanwhile(db, *counts, *without, parameters=self._given)

        def counted() -> int:
            holding, *added = (number for answer in answers for (number,) in answer)
            return int(sum(added) - holding)

        return counted

    @property
    def _holders(self) -> str:
        without = "" if self.district else _WITHOUT_ANY
        return _HOLDERS.format(place=self._place, without_record=without)

    @property
    def _of_place(self) -> tuple[str, dict[str, str]]:
        """A query for everybody in the place, and what it is given."""
        if self.everywhere:
            return _KNOWN, {}
        whole = _WITHOUT_RECORD if not self.district else ""
        return f"{whole} {_IN_PLACE.format(place=self._place)}", self._given

    @property
    def _given(self) -> dict[str, str]:
        places = {
            "province": "" if self.province in EVERYWHERE else self.province,
            "district_key": turkish.fold(self.district),
        }
        return {column: value for column, value in places.items() if value}

    @property
    def _place(self) -> str:
        """A condition on a duty record."""
        return " AND ".join(f"{column} = :{column}" for column in self._given)


def _put_aside(db: Db, national_ids: Sequence[str]) -> str:
    if dialect.of(db) is dialect.SQLITE:
        _empty(db)
        db.executemany(_PUT, ((one,) for one in national_ids))
    else:
        later(db, _PUT, parameters=(list(national_ids),))
    return _in_scope(db)


def _fill(db: Db, query: str, given: Mapping[str, str]) -> str:
    if dialect.of(db) is dialect.SQLITE:
        _empty(db)
    later(db, filled(_FILL, query=query), parameters=given)
    return _in_scope(db)


def _in_scope(db: Db) -> str:
    return f"national_id IN ({text(db, _SCOPED)})"


def _empty(db: Db) -> None:
    later(db, *parts(_TABLE))
