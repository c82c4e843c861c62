"""All that is kept of one person, and the administrator's own words on one: marks, told dates."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from esign_cli.foundation.people import CertificateRecord, DutyRecord, PersonFacts, Source
from esign_cli.renewals.application.life_cycle import Application
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import applications, import_history, people, reminders, rows
from esign_cli.store.connection import Db, done_from, plain
from esign_cli.store.database import Store
from esign_cli.store.import_history import PastChange
from esign_cli.store.scope import Scope

_CLOSED = """
SELECT national_id, duty_class, institution_code, institution, duty.province, duty.district,
    title, branch, unit, duty.kind, status, start, "end", end_column, province_assumed, file_id,
    sheet, row, district_assumed, import.as_of
  FROM duty JOIN import ON import.id = closed_by WHERE national_id = ?
 ORDER BY start, duty_class, institution_code
"""
_CERTIFICATES = f"""
SELECT {rows.CERTIFICATE_COLUMNS}
  FROM certificate WHERE national_id = ? ORDER BY not_after DESC, id
"""  # noqa: S608  (columns of ours)
_INSERT_MARK = """
INSERT INTO mark (national_id, word, reason, until, at, os_user, machine, database_user)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_TAKE_AWAY = """
UPDATE certificate SET revocation = ?, revoked_on = ?
 WHERE national_id = ? AND origin = ? AND sha256 = ? AND not_after = ?
"""
_GIVE_BACK = """
UPDATE certificate SET revocation = '', revoked_on = NULL
 WHERE national_id = ? AND revoked_on IS NOT NULL
"""
_DELETE_TOLD = """
DELETE FROM certificate WHERE national_id = ? AND origin = 'list' AND file_id IS NULL
"""
_MAKE_WAY = """
DELETE FROM certificate WHERE national_id = ? AND origin IN ('list', 'overruled') AND EXISTS (
    SELECT 1 FROM certificate AS other WHERE other.national_id = certificate.national_id
        AND other.not_after = certificate.not_after AND other.origin = 'overruled'
        AND (certificate.origin = 'list' OR other.id > certificate.id))
"""
"""Of lists that say the same end, what was overruled last comes back in place of the others."""
_MARKS = """
SELECT word, reason, until, at, os_user, ended_at, machine, database_user
  FROM mark WHERE national_id = ? ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class MarkEntry:
    """A mark with who made it and when; `ended_at` is None while it stands."""

    word: str
    reason: str
    until: date | None
    at: datetime
    os_user: str
    ended_at: datetime | None
    machine: str = ""
    database_user: str = ""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """All that is kept of one national id, with what was and is no more."""

    facts: PersonFacts
    closed: tuple[tuple[DutyRecord, date], ...]
    """Records that a full snapshot lacked, and its day."""
    certificates: tuple[tuple[CertificateRecord, datetime], ...]
    """The latest to end first, and when each was last seen."""
    marks: tuple[MarkEntry, ...]
    applications: tuple[Application, ...]
    reminders: tuple[reminders.Entry, ...]
    changes: tuple[PastChange, ...]
    """What imports found otherwise than before, oldest first."""
    elsewhere: Mapping[str, Source | None]
    """Where those fields of the person were read that the person's own row does not give."""

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known."""
        facts = self.facts
        known = facts.person or facts.records or self.closed or self.certificates
        return not (known or self.marks or self.applications)


def read(store: Store, national_id: str) -> PersonRecord:
    """Return what is kept of this person; to be called inside `store.reading()`."""
    known = people.facts(store, national_ids=[national_id])
    facts = next(iter(known), PersonFacts(national_id))
    sources = rows.Sources(store.db)
    return PersonRecord(
        facts,
        tuple(
            (rows.record(row, sources), date.fromisoformat(row[19]))
            for row in _read(store.db, _CLOSED, national_id)
        ),
        tuple(
            (rows.certificate(row, sources), datetime.fromisoformat(row[13]))
            for row in _read(store.db, _CERTIFICATES, national_id)
        ),
        tuple(_mark(row) for row in _read(store.db, _MARKS, national_id)),
        applications.read(store, Scope(national_ids=(national_id,))),
        reminders.history(store, national_id),
        import_history.changes_of(store.db, national_id),
        _elsewhere(store.db, national_id, sources),
    )


def _elsewhere(db: Db, national_id: str, sources: rows.Sources) -> Mapping[str, Source | None]:
    row = db.execute("SELECT sources FROM person WHERE national_id = ?", (national_id,))
    ((places,),) = row.fetchall() or (("",),)
    return {field: sources.place(*at) for field, at in json.loads(places or "{}").items()}


def mark(
    store: Store,
    national_id: str,
    word: str,
    reason: str,
    until: date | None,
    *,
    at: datetime,
    os_user: str,
) -> None:
    """Set the administrator's word on a person, in place of an earlier one; "" only takes it away.

    `at` is aware. Raises as `Store.writing` does.
    """
    now = at.isoformat(timespec="seconds")
    with store.writing() as db:
        of_duty = "" if not word else "AND word IN ('on-duty', 'left')"
        db.execute(
            f"UPDATE mark SET ended_at = ? WHERE national_id = ? AND ended_at IS NULL {of_duty}",  # noqa: S608  (ours)
            (now, national_id),
        )
        if word:
            last = until.isoformat() if until else None
            who = (os_user, *done_from(db))
            db.execute(_INSERT_MARK, (national_id, word, reason, last, now, *who))
        else:
            db.execute(_GIVE_BACK, (national_id,))
            applications.notice(db, at, [national_id])


def take_away(
    store: Store,
    certificate: CertificateRecord,
    word: str,
    on: date,
    reason: str,
    *,
    at: datetime,
    os_user: str,
) -> None:
    """Keep that a certificate no longer speaks for its person: "lost" or "revoked", since `on`.

    `at` is aware. Raises as `Store.writing` does.
    """
    one = certificate
    key = (one.national_id, one.origin, one.sha256, one.not_after.isoformat())
    with store.writing() as db:
        db.execute(_TAKE_AWAY, (word, on.isoformat(), *key))
        now = at.isoformat(timespec="seconds")
        who = (os_user, *done_from(db))
        db.execute(_INSERT_MARK, (one.national_id, word, reason, None, now, *who))


def tell_end(
    store: Store,
    national_id: str,
    not_after: date,
    at: datetime,
    policy: Policy = applications.SEED,
) -> None:
    """Keep the end of a certificate that somebody told, in place of what was told before.

    What lists said until now is overruled by it; it counts as theirs did: a card or a file that is
    read says it better, and so does a list that names yet another end later on.
    """
    end = not_after.isoformat()
    with store.writing() as db:
        db.execute(_DELETE_TOLD, (national_id,))
        db.execute(
            "UPDATE certificate SET origin = 'overruled'"
            " WHERE national_id = ? AND origin = 'list' AND not_after <> ?",
            (national_id, end),
        )
        db.execute(
            "INSERT INTO certificate (national_id, origin, not_after, seen_at)"
            " VALUES (?, 'list', ?, ?) ON CONFLICT DO NOTHING",
            (national_id, end, at.isoformat(timespec="seconds")),
        )
        applications.notice(db, at, [national_id], policy)


def untell_end(
    store: Store, national_id: str, at: datetime, policy: Policy = applications.SEED
) -> None:
    """Take back what was told: what lists say counts again."""
    with store.writing() as db:
        db.execute(_DELETE_TOLD, (national_id,))
        db.execute(_MAKE_WAY, (national_id,))
        db.execute(
            "UPDATE certificate SET origin = 'list' WHERE national_id = ? AND origin = 'overruled'",
            (national_id,),
        )
        applications.notice(db, at, [national_id], policy)


def _mark(row: rows.Row) -> MarkEntry:
    word, reason, until, at, os_user, ended_at, *done_at = row
    ended = datetime.fromisoformat(ended_at) if ended_at else None
    entered = datetime.fromisoformat(at)
    return MarkEntry(word, reason, rows.day(until), entered, os_user, ended, *done_at)


def _read(db: Db, query: str, national_id: str) -> Iterator[rows.Row]:
    return iter(plain(db, query, (national_id,)))
