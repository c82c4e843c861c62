"""Everybody there is to judge, read in the order of their national ids.

`facts` gives all that is known of each person. `outlines` gives only what a verdict rests on, made
of shared pieces, of those who hold a certificate, and `others` the ids of those who hold none: for
counting hundreds of thousands of people. Call either inside
`store.reading()`: then all of it is one consistent look.
"""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from esign_cli.foundation.people import Mark, OpenApplication, PersonFacts
from esign_cli.renewals.application.life_cycle import ENDED
from esign_cli.store import merge, rows
from esign_cli.store.connection import Db, plain, together
from esign_cli.store.database import Store
from esign_cli.store.dialect import SQLITE, Dialect, both, filled, text
from esign_cli.store.rosters import Roster, Rosters
from esign_cli.store.rows import Row
from esign_cli.store.scope import Scope

__all__ = [
    "Roster",
    "Totals",
    "count_others",
    "facts",
    "holders",
    "others",
    "others_beside_summaries",
    "roster",
    "summaries",
    "totals",
]

T = TypeVar("T")


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
_MISSING = """
    SELECT national_id, missing_since FROM person WHERE missing_since IS NOT NULL AND {where}
    ORDER BY national_id
"""
_DUTY = """
    SELECT national_id, duty_class, institution_code, institution, province, district, title,
        branch, unit, kind, status, start, "end", end_column, province_assumed, file_id, sheet, row,
        district_assumed
    FROM duty WHERE closed_by IS NULL AND {where}
    ORDER BY national_id, duty_class, institution_code, start
"""


def _outline_text(d: Dialect) -> str:
    certificate = d.json_list.format(
        "not_after, not_before, origin, serial, sha256, qualified, revocation, issuer"
    )
    # SQLite walks along its keys, in this very order; it would sort once more if it were asked to
    ties = "" if d is SQLITE else ", c.id, duty_class, institution_code, start"
    return f"""
    SELECT c.national_id,
        CASE WHEN origin = 'list' AND not_before IS NULL AND serial = '' AND sha256 = ''
            AND qualified IS NULL AND revocation = '' THEN not_after
            ELSE {d.json_text.format(certificate)} END,
        format('{rows.PLAIN_DUTY}', duty_class,
            CASE WHEN duty_class = 'permanent' THEN '' ELSE start END, "end", end_column,
            CASE WHEN duty_class = 'permanent' THEN '' ELSE institution_code END),
        status, {{places}}
    FROM certificate AS c LEFT JOIN duty ON duty.national_id = c.national_id AND closed_by IS NULL
    WHERE c.origin <> 'overruled' AND c.{{where}} ORDER BY c.national_id{ties}
"""


_OUTLINE = both(_outline_text)
"""Each certificate of a person with each duty record; a post's beginning and code weigh nothing.

What many rows repeat comes as one text, which is read once: half the time of reading columns. Of
nearly all certificates in a list only the end is known: they come as that alone.
"""
_PLACES = both(lambda d: d.json_text.format(d.json_list.format("institution, title")))
_CERTIFICATE = f"""
    SELECT {rows.CERTIFICATE_COLUMNS}
    FROM certificate WHERE origin <> 'overruled' AND {{where}} ORDER BY national_id, id
"""
"""What lists said before somebody told better is kept, and counts for nothing."""
_HOLDS = "national_id IN (SELECT national_id FROM certificate)"
_HOLDER = "SELECT DISTINCT national_id FROM certificate WHERE {where}"
_MARK = """
    SELECT national_id, word, reason, until FROM mark
    WHERE ended_at IS NULL AND word IN ('on-duty', 'left') AND {where}
    ORDER BY national_id, id
"""
_APPLICATION = """
    SELECT national_id, number, state, date, reason FROM application JOIN application_event
        ON application_event.id =
            (SELECT max(id) FROM application_event WHERE application = application.number)
    WHERE {where} ORDER BY national_id, number
"""
_REPLACED = """
    SELECT national_id, date FROM (
        SELECT national_id, date,
            row_number() OVER (PARTITION BY national_id ORDER BY event.id DESC) AS place
        FROM application JOIN application_event AS event ON event.application = number
        WHERE reason IN ('lost', 'other') AND event.state = 'delivered' AND {where}
            AND (SELECT state FROM application_event WHERE application = number
                ORDER BY id DESC LIMIT 1) IN ('delivered', 'active')) AS delivered
    WHERE place = 1 ORDER BY national_id
"""
"""On which day a card was delivered for a lost one, or for another reason."""


def facts(
    store: Store,
    *,
    province: str = "",
    district: str = "",
    national_ids: Iterable[str] | None = None,
    rosters: Rosters | None = None,
    asked: bool = True,
) -> Iterator[PersonFacts]:
    """Return all that is known of everybody in a place, or of these people, by national id.

    A national id that was asked for and is not known comes with no facts at all. Whoever asks for
    many people one by one hands over the `rosters`: to find their age is a walk over all records.
    Not `asked`: nobody named these people, and the audit trail does not either.
    """
    whom = None if national_ids is None else tuple(national_ids)
    scope = Scope(province, district, whom, asked=asked)
    where = scope.where(store.db)
    return _facts(store, where, scope.whom(store.db), rosters)


def one(store: Store, national_id: str) -> PersonFacts:
    """Return all that is known of one person; raises as `Store.reading` does."""
    with store.reading():
        return next(facts(store, national_ids=[national_id]), PersonFacts(national_id))


def holders(store: Store, *, province: str = "", district: str = "") -> Iterator[PersonFacts]:
    """Return all that is known of everybody in a place who holds a certificate, by national id."""
    scope = Scope(province, district)
    where = _HOLDS if scope.everywhere else scope.where_holders(store.db)
    return _facts(store, where, _HOLDER.format(where=where))


def _facts(
    store: Store, where: str, whom: str, rosters: Rosters | None = None
) -> Iterator[PersonFacts]:
    sources, rosters = rows.Sources(store.db), rosters or Rosters(store.db)
    (marks, applications, replaced), streams = _special(
        store.db, where, _PERSON, _DUTY, _CERTIFICATE, f"{whom} ORDER BY national_id"
    )
    for national_id, (people, duties, certificates, _) in merge.by_first_column(streams):
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
            as_of=rosters.newest(tuple([row[4] for row in duties])),
            replaced_on=replaced.get(national_id),
        )


def summaries(
    store: Store,
    look: Callable[[PersonFacts], T],
    *,
    province: str = "",
    district: str = "",
    entitlement: bool = True,
) -> Iterator[tuple[str, T]]:
    """Yield every holder of a certificate in a place, with what `look` makes of the outline.

    An outline is only what a verdict rests on: no names and sources, nothing that only warnings
    look at, no number of whom it is; without `entitlement` nothing of titles and institutions
    either. Whose outlines are equal are looked at once.
    """
    where = Scope(province, district).where_holders(store.db)
    places = text(store.db, _PLACES) if entitlement else "''"
    query = text(store.db, filled(_OUTLINE, places=places, where=where))
    (marks, applications, replaced), (gone, outlines) = _special(store.db, where, _MISSING, query)
    whole: dict[str, PersonFacts] = {}
    if replaced:  # of what lists say of them, the day counts
        whole = {one.national_id: one for one in facts(store, national_ids=replaced)}
        Scope(province, district).where_holders(store.db)  # whose table was used
        outlines = iter(plain(store.db, query))
    missing: dict[str, str] = dict(gone)
    special = marks.keys() | applications.keys() | missing.keys()
    known: dict[Row, T] = {}
    for national_id, group in itertools.groupby(outlines, operator.itemgetter(0)):
        lines = list(group)
        if national_id in whole:
            yield national_id, look(whole[national_id])
            continue
        if len(lines) > 1 or national_id in special:  # hardly ever two alike
            own = marks.get(national_id), applications.get(national_id), missing.get(national_id)
            yield national_id, look(_outline(lines, *own))
            continue
        alone = lines[0][1:]
        if alone not in known:
            known[alone] = look(_outline(lines))
        yield national_id, known[alone]


def _outline(
    found_rows: Sequence[Row],
    mark: Mark | None = None,
    application: OpenApplication | None = None,
    missing_since: str | None = None,
) -> PersonFacts:
    certificates = dict.fromkeys([row[1] for row in found_rows])
    duties = dict.fromkeys([row[2:] for row in found_rows if row[3] is not None])
    return PersonFacts(
        "",
        None,
        tuple(itertools.starmap(rows.plain_record, duties)),
        tuple(map(rows.plain_certificate_of, certificates)),
        mark,
        application,
        rows.day(missing_since),
    )


def others(store: Store, *, province: str = "", district: str = "") -> Iterator[str]:
    """Return the national ids of everybody else in a place, in order: no certificate of theirs is
    known.

    No verdict looks at anything else of them, so what it is for one it is for all.
    """
    return (row[0] for row in Scope(province, district).others(store.db))


def count_others(store: Store, *, province: str = "", district: str = "") -> int:
    """Return how many `others` there are."""
    return Scope(province, district).count_others(store.db)()


def others_beside_summaries(
    store: Store, *, province: str = "", district: str = ""
) -> Callable[[], int]:
    """Ask the same just before the `summaries` of the place are read: a server counts while they
    are looked at. Gives what waits for the number.
    """
    return Scope(province, district).count_others(store.db, holders_aside=True)


def roster(store: Store, province: str = "") -> Roster:
    """Return the MEBBİS exports that speak of a province ("" or "all": of any)."""
    return Rosters(store.db).of_province(province)


def totals(store: Store) -> Totals:
    """Return how many people and certificates are kept, whatever their place."""
    people, certificates = store.db.execute(
        "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM certificate)"
    ).fetchone()
    return Totals(people, certificates)


# --- tables --------------------------------------------------------------------------------------


_Special = tuple[dict[str, Mark], dict[str, OpenApplication], dict[str, date]]


def _special(db: Db, where: str, *queries: str) -> tuple[_Special, list[Iterator[Row]]]:
    """What hardly anybody has: marks, open applications, the day of a card for a lost one; and the
    rows of the queries.
    """
    asked = [one.format(where=where) for one in (_MARK, _APPLICATION, _REPLACED, *queries)]
    marks, applications, replaced, *others = together(db, *asked)
    special = (
        {row[0]: Mark(row[0], row[1], row[2], rows.day(row[3])) for row in marks},
        {
            row[0]: OpenApplication(row[1], row[2], date.fromisoformat(row[3]), row[4])
            for row in applications
            if row[2] not in ENDED
        },
        {row[0]: date.fromisoformat(row[1]) for row in replaced},
    )
    return special, others
