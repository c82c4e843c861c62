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

from esign_cli.life_cycle import ENDED
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


_HOLDERS = "national_id IN (SELECT national_id FROM certificate)"
_PERSON = """
    SELECT national_id, given_name, family_name, birth_place, birth_date, email, mobile_phone,
        registry_no, file_id, sheet, row, missing_since, identity_conflict, duplicate_of
    FROM person WHERE {where} ORDER BY national_id
"""
_MISSING = """
    SELECT national_id, missing_since FROM person WHERE missing_since IS NOT NULL AND {where}
    ORDER BY national_id
"""
_DUTY = """
    SELECT national_id, duty_class, institution_code, institution, province, district, title,
        branch, unit, kind, status, start, "end", end_column, province_assumed, file_id, sheet, row
    FROM duty WHERE closed_by IS NULL AND {where} ORDER BY national_id
"""
_DUTY_OUTLINE = """
    SELECT national_id, duty_class, institution_code, institution, title, status, start, "end",
        end_column
    FROM duty WHERE closed_by IS NULL AND {where}
        AND {holders} ORDER BY national_id
""".replace("{holders}", _HOLDERS)
_CERTIFICATE = """
    SELECT national_id, not_after, not_before, origin, serial, sha256, holder, qualified,
        revocation, file_id, sheet, row
    FROM certificate WHERE {where} ORDER BY national_id
"""
_CERTIFICATE_OUTLINE = """
    SELECT national_id, not_after, not_before, origin, serial, sha256, qualified, revocation
    FROM certificate WHERE {where} ORDER BY national_id
"""
_HOLDS_NONE = """
    SELECT national_id FROM ({whom}) AS one
    WHERE NOT EXISTS (SELECT 1 FROM certificate WHERE national_id = one.national_id)
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
    where, whom = scope.where(store.db), scope.whom
    sources, rosters = rows.Sources(store.db), Rosters(store.db)
    marks, applications = _marks(store.db, where), _applications(store.db, where)
    streams = [
        _read(store.db, query.format(where=where))
        for query in (_PERSON, _DUTY, _CERTIFICATE, f"{whom} ORDER BY national_id")
    ]
    for national_id, (people, duties, certificates, _) in _merged(streams):
        known = people[0] if people else None
        yield PersonFacts(
            national_id=national_id,
            person=rows.person(known, sources) if known else None,
            records=tuple([rows.record(row, sources) for row in duties]),
            certificates=tuple([rows.certificate(row, sources) for row in certificates]),
            mark=marks.get(national_id),
            application=applications.get(national_id),
            missing_since=rows.day(known[11]) if known else None,
            identity_conflict=bool(known and known[12]),
            duplicate_of=known[13] if known else "",
            as_of=rosters.newest(row[4] for row in duties),
        )


def outlines(store: Store, *, province: str = "", district: str = "") -> Iterator[PersonFacts]:
    """Of everybody in a place only what a verdict rests on, in no order.

    Without names, sources and what only warnings look at; those who hold no certificate come with
    nothing at all, for no verdict looks further. Equal pieces are one object.
    """
    scope = Scope(province, district)
    where, whom = scope.where(store.db), scope.whom
    marks, applications = _marks(store.db, where), _applications(store.db, where)
    streams = [
        _read(store.db, query.format(where=where))
        for query in (_CERTIFICATE_OUTLINE, _DUTY_OUTLINE, _MISSING)
    ]
    for national_id, (certificates, duties, missing) in _merged(streams):
        if certificates:
            yield PersonFacts(
                national_id,
                None,
                tuple([rows.plain_record(row[1:]) for row in duties]),
                tuple([rows.plain_certificate(row[1:]) for row in certificates]),
                marks.get(national_id),
                applications.get(national_id),
                rows.day(missing[0][1]) if missing else None,
            )
    for row in _read(store.db, _HOLDS_NONE.format(whom=whom)):
        yield PersonFacts(row[0])


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


def _read(db: sqlite3.Connection, query: str) -> Iterator[Row]:
    cursor = db.cursor()
    cursor.row_factory = None
    return iter(cursor.execute(query))


def _marks(db: sqlite3.Connection, where: str) -> dict[str, Mark]:
    found = _read(db, _MARK.format(where=where))
    return {row[0]: Mark(row[0], row[1], row[2], rows.day(row[3])) for row in found}


def _applications(db: sqlite3.Connection, where: str) -> dict[str, OpenApplication]:
    return {
        row[0]: OpenApplication(row[1], row[2], date.fromisoformat(row[3]))
        for row in _read(db, _APPLICATION.format(where=where))
        if row[2] not in ENDED
    }


def _merged(streams: Sequence[Iterator[Row]]) -> Iterator[tuple[str, list[list[Row]]]]:
    """Rows of several tables by their first column, which each is sorted by."""
    heads: list[Row] = [next(stream, _END) for stream in streams]
    places = range(len(streams))
    while (national_id := min([head[0] for head in heads])) != _LAST:
        found: list[list[Row]] = []
        for place in places:
            mine: list[Row] = []
            head = heads[place]
            if head[0] == national_id:
                stream = streams[place]
                while head[0] == national_id:
                    mine.append(head)
                    head = next(stream, _END)
                heads[place] = head
            found.append(mine)
        yield national_id, found


_LAST = "\U0010ffff"
"""Sorts after every national id."""
_END: Row = (_LAST,)


def _ids(national_ids: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if national_ids is None else tuple(national_ids)
