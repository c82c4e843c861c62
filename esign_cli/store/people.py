"""Everybody there is to judge, read in the order of their national ids.

`facts` gives all that is known of each person. `outlines` gives only what a verdict rests on, made
of shared pieces, for counting hundreds of thousands of people. Call either inside
`store.reading()`: then all of it is one consistent look.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from esign_cli.application import ENDED
from esign_cli.model import Mark, OpenApplication, PersonFacts
from esign_cli.store import rows
from esign_cli.store.database import Store
from esign_cli.store.rosters import Roster, Rosters
from esign_cli.store.rows import Row
from esign_cli.store.scope import Scope

__all__ = ["Roster", "Totals", "facts", "outlines", "roster", "totals"]


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is kept at all: people with a duty record or a name, and certificates."""

    people: int
    certificates: int


_PERSON = """
    SELECT national_id, given_name, family_name, birth_place, birth_date, email, mobile_phone,
        registry_no, file_id, sheet, row, missing_since, identity_conflict, duplicate_of
    FROM person WHERE {where} ORDER BY national_id
"""
_PERSON_OUTLINE = "SELECT national_id, missing_since FROM person WHERE {where} ORDER BY national_id"
_DUTY = """
    SELECT national_id, duty_class, institution_code, institution, province, district, title,
        branch, unit, kind, status, start, "end", end_column, province_assumed, file_id, sheet, row
    FROM duty WHERE closed_by IS NULL AND {where} ORDER BY national_id
"""
_DUTY_OUTLINE = """
    SELECT national_id, duty_class, institution_code, institution, title, status, start, "end",
        end_column
    FROM duty WHERE closed_by IS NULL AND {where} ORDER BY national_id
"""
_CERTIFICATE = """
    SELECT national_id, not_after, not_before, origin, serial, sha256, holder, qualified,
        revocation, file_id, sheet, row
    FROM certificate WHERE {where} ORDER BY national_id
"""
_CERTIFICATE_OUTLINE = """
    SELECT national_id, not_after, not_before, origin, serial, sha256, qualified, revocation
    FROM certificate WHERE {where} ORDER BY national_id
"""
_MARK = """
    SELECT national_id, word, reason, until FROM mark WHERE ended_at IS NULL AND {where}
    ORDER BY national_id, id
"""
_APPLICATION = """
    SELECT national_id, number, state, date FROM application JOIN application_event
        ON application_event.id =
            (SELECT max(id) FROM application_event WHERE application = application.number)
    WHERE {where} ORDER BY national_id, number
"""


def facts(
    store: Store,
    *,
    province: str = "",
    district: str = "",
    national_ids: Iterable[str] | None = None,
) -> Iterator[PersonFacts]:
    """All that is known of everybody in a place, or of these people, by national id.

    A national id that was asked for and is not known comes with no facts at all.
    """
    scope = Scope(province, district, _ids(national_ids))
    sources, rosters = rows.Sources(store.db), Rosters(store.db)
    streams = _Streams(store.db, scope, (_PERSON, _DUTY, _CERTIFICATE))
    for national_id, (people, duties, certificates), mark, application in streams.merged():
        known = people[0] if people else None
        yield PersonFacts(
            national_id=national_id,
            person=rows.person(known, sources) if known else None,
            records=tuple([rows.record(row, sources) for row in duties]),
            certificates=tuple([rows.certificate(row, sources) for row in certificates]),
            mark=mark,
            application=application,
            missing_since=rows.day(known[11]) if known else None,
            identity_conflict=bool(known and known[12]),
            duplicate_of=known[13] if known else "",
            as_of=rosters.newest(row[4] for row in duties),
        )


def outlines(store: Store, *, province: str = "", district: str = "") -> Iterator[PersonFacts]:
    """Of everybody in a place only what a verdict rests on: no names, no warnings, no sources.

    Equal pieces are one object, so that a caller can tell equal cases by comparing them.
    """
    streams = _Streams(
        store.db,
        Scope(province, district),
        (_PERSON_OUTLINE, _DUTY_OUTLINE, _CERTIFICATE_OUTLINE),
    )
    for national_id, (people, duties, certificates), mark, application in streams.merged():
        yield PersonFacts(
            national_id,
            None,
            tuple([rows.plain_record(row[1:]) for row in duties]),
            tuple([rows.plain_certificate(row[1:]) for row in certificates]),
            mark,
            application,
            rows.day(people[0][1]) if people else None,
        )


def roster(store: Store, province: str = "") -> Roster:
    """The MEBBİS exports that speak of a province ("" or "all": of any)."""
    return Rosters(store.db).of(province)


def totals(store: Store) -> Totals:
    """How many people and certificates are kept, whatever their place."""
    people, certificates = store.db.execute(
        "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM certificate)"
    ).fetchone()
    return Totals(people, certificates)


# --- several tables in one pass ------------------------------------------------------------------

_Merged = tuple[str, list[list[Row]], Mark | None, OpenApplication | None]


class _Streams:
    """Tables read side by side, each in the order of national ids."""

    def __init__(self, db: sqlite3.Connection, scope: Scope, queries: Sequence[str]) -> None:
        self.where, self.values = scope.where()
        self.db = db
        self.queries = queries
        self.asked = sorted(set(scope.national_ids or ()))

    def read(self, query: str) -> Iterator[Row]:
        cursor = self.db.cursor()
        cursor.row_factory = None
        return iter(cursor.execute(query.format(where=self.where), self.values))

    def merged(self) -> Iterator[_Merged]:
        marks = {row[0]: Mark(row[0], row[1], row[2], rows.day(row[3])) for row in self.read(_MARK)}
        applications = {
            row[0]: OpenApplication(row[1], row[2], date.fromisoformat(row[3]))
            for row in self.read(_APPLICATION)
            if row[2] not in ENDED
        }
        extra = sorted({*marks, *applications, *self.asked})
        streams = [groupby(self.read(query), _first) for query in self.queries]
        streams.append(groupby(((one,) for one in extra), _first))
        heads = [next(stream, None) for stream in streams]
        while remaining := [head[0] for head in heads if head is not None]:
            national_id = min(remaining)
            found: list[list[Row]] = []
            for index, head in enumerate(heads):
                if head is not None and head[0] == national_id:
                    found.append(list(head[1]))
                    heads[index] = next(streams[index], None)
                else:
                    found.append([])
            yield national_id, found[:3], marks.get(national_id), applications.get(national_id)


def _first(row: Row) -> str:
    return str(row[0])


def _ids(national_ids: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if national_ids is None else tuple(national_ids)
