"""Applications and their events, which are only ever added to.

What is kept of a signed form is the name and the hash of the signed file: never its content, never
a hash of the content, never the güvenlik sözcüğü.
"""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from esign_cli.foundation.dates import ISTANBUL
from esign_cli.renewals.application.life_cycle import (
    BEFORE_SUBMISSION,
    ENDED,
    PROGRAM,
    Application,
    Event,
    caught_up,
    day_of,
    shown_by,
)
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import rows
from esign_cli.store.connection import Db, concerns, done_from, in_chunks, plain
from esign_cli.store.database import Store
from esign_cli.store.dialect import next_number
from esign_cli.store.scope import Scope

T = TypeVar("T")
SEED = Policy()
"""The rules as they are where no setting changes them."""
_EVENTS = """
SELECT number, national_id, reason, state, date, at, os_user, note, facts,
       machine, database_user
  FROM application JOIN application_event AS event ON event.application = number
 WHERE {where} ORDER BY number, event.id
"""
_OPEN = """
number IN (SELECT number FROM application WHERE national_id <> '' AND {where} AND (
    SELECT state FROM application_event WHERE application = number ORDER BY id DESC LIMIT 1
) NOT IN ({ended}))
""".replace("{ended}", ", ".join(f"'{state}'" for state in sorted(ENDED)))
_CERTIFICATES = f"""
SELECT {rows.CERTIFICATE_COLUMNS} FROM certificate
 WHERE national_id IN ({{marks}}) AND origin <> 'overruled' ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A form that was signed: what of it is recorded."""

    national_id: str
    reason: str
    """A key of application.REASONS."""
    file: str
    sha256: str
    """Of the signed file, in lower-case hexadecimal."""
    on: date
    """The day of signing, in Turkey."""
    folder: str = ""
    """Where it was put."""


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A sheet that was printed to be signed by hand: what of it is recorded."""

    national_id: str
    reason: str
    """A key of application.REASONS."""
    file: str
    on: date
    """The day of printing, in Turkey."""
    folder: str = ""


# --- reading -------------------------------------------------------------------------------------


def read(store: Store, scope: Scope) -> tuple[Application, ...]:
    """Return the applications of a place or of people, by number; none of people who were
    forgotten.
    """
    where = f"national_id <> '' AND {scope.where(store.db)}"
    return tuple(_applications(store.db, where))


def of_place(store: Store, scope: Scope) -> Iterator[Application]:
    """Yield the same, none of which is held; of everywhere, those of the forgotten, too.

    Their steps without an owner: who was forgotten has no place to be found by.
    """
    where = scope.where(store.db)
    owned = f"national_id <> '' AND {where}"
    return _applications(store.db, f"({owned}) OR national_id = ''" if scope.everywhere else owned)


def numbered(store: Store, number: int) -> Application | None:
    """Return the application with this number."""
    return next(_applications(store.db, f"number = {number:d}"), None)


def beside(
    store: Store, entries: Iterable[tuple[int | None, T]]
) -> Iterator[tuple[Application | None, T]]:
    """Yield the application with the number of each entry, beside what else stands there: None
    where no number stands, or nothing with it is known.
    """
    for chunk in in_chunks(entries):
        numbers = ", ".join(f"{number:d}" for number, _ in chunk if number)
        where = f"number IN ({numbers or 'NULL'})"
        known: dict[int | None, Application] = {
            one.number: one for one in _applications(store.db, where)
        }
        yield from ((known.get(number), other) for number, other in chunk)


def open_one(store: Store, national_id: str) -> Application | None:
    """Return the person's open application, the latest if there are several."""
    concerns(store.db, (national_id,))
    known = _applications(store.db, "national_id = :one", {"one": national_id})
    return next((one for one in reversed(list(known)) if one.open), None)


def _applications(db: Db, where: str, given: Any = ()) -> Iterator[Application]:
    read = plain(db, _EVENTS.format(where=where), given)
    for (number, national_id, reason), events in itertools.groupby(read, lambda row: row[:3]):
        yield Application(number, national_id, reason, tuple(_event(row[3:]) for row in events))


def _event(row: rows.Row) -> Event:
    state, on, at, os_user, note, facts, machine, user = row
    day, entered = date.fromisoformat(on), datetime.fromisoformat(at)
    return Event(state, day, entered, os_user, note, json.loads(facts), machine, user)


def add(db: Db, national_id: str, reason: str, first: Event) -> int:
    """Open an application with its first event; gives its number."""
    (number,) = db.execute(
        "INSERT INTO application (number, national_id, reason, opened)"
        f" VALUES ({next_number('application', 'number')}, ?, ?, ?) RETURNING number",
        (national_id, reason, first.date.isoformat()),
    ).fetchone()
    append(db, number, first)
    return int(number)


def append(db: Db, number: int, event: Event) -> None:
    """Add an event to an application."""
    db.execute(
        "INSERT INTO application_event (application, state, date, at, os_user, note, facts,"
        " machine, database_user) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            event.state,
            event.date.isoformat(),
            event.at.astimezone(UTC).isoformat(timespec="seconds"),
            event.os_user,
            event.note,
            json.dumps(dict(event.facts), ensure_ascii=False),
            *done_from(db),
        ),
    )


def notice(
    db: Db,
    at: datetime,
    national_ids: Iterable[str] | None = None,
    policy: Policy = SEED,
) -> tuple[int, ...]:
    """Move on the open applications whose certificate is known by now; gives their numbers.

    Of these people, or of everybody. To be called wherever certificates are kept.
    """
    moved = list(_moves(db, at, national_ids, policy))
    for number, event in moved:
        append(db, number, event)
    return tuple(dict.fromkeys(number for number, _event in moved))


def catch_up(store: Store, at: datetime, policy: Policy = SEED) -> None:
    """Do the same for everybody, when only time has passed: a certificate's first day has come.

    Writes only if anything is to be moved on, and for whoever may. Raises as `Store.writing` does.
    """
    if not store.may_change:
        return
    with store.reading() as db:
        waiting = any(_moves(db, at, None, policy))
    if waiting:
        with store.writing() as db:
            notice(db, at, None, policy)


def _moves(
    db: Db,
    at: datetime,
    national_ids: Iterable[str] | None,
    policy: Policy,
) -> Iterator[tuple[int, Event]]:
    today = at.astimezone(ISTANBUL).date()
    sources = rows.Sources(db)
    for application, known in _with_certificates(db, _open(db, national_ids)):
        certificates = [rows.certificate(row, sources) for row in known]
        brought = shown_by(application, certificates, policy)
        if brought is None:
            continue
        facts: dict[str, Any] = {
            "certificate": {
                "origin": brought.origin,
                "not_after": brought.not_after.isoformat(),
            }
        }
        for state in caught_up(application, brought, today):
            on = day_of(state, application, brought, today)
            yield application.number, Event(state, on, at, PROGRAM, "", facts)


def _open(db: Db, national_ids: Iterable[str] | None) -> Iterator[Application]:
    if national_ids is None:
        yield from _applications(db, _OPEN.format(where="true"))
        return
    for chunk in in_chunks(national_ids):
        where = f"national_id IN ({_marks(chunk)})"
        yield from _applications(db, _OPEN.format(where=where), chunk)


def _with_certificates(
    db: Db, them: Iterable[Application]
) -> Iterator[tuple[Application, list[rows.Row]]]:
    for chunk in in_chunks(them):
        owners = tuple(dict.fromkeys(one.national_id for one in chunk))
        known: dict[str, list[rows.Row]] = {owner: [] for owner in owners}
        for row in plain(db, _CERTIFICATES.format(marks=_marks(owners)), owners):
            known[row[0]].append(row)
        yield from ((one, known[one.national_id]) for one in chunk)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


# --- a form that was signed or printed -----------------------------------------------------------


def record_signed(store: Store, signed: SignedFile, *, at: datetime, os_user: str) -> int:
    """Keep that the form was signed; gives the application's number.

    An application of the person that was not submitted yet goes on, else a new one is opened.
    `at` is aware. Raises as `Store.writing` does.
    """
    facts = {"file": signed.file, "sha256": signed.sha256, "folder": signed.folder}
    event = Event("signed", signed.on, at, os_user, "", facts)
    return _record(store, signed.national_id, signed.reason, event)


def record_printed(store: Store, printed: PrintedSheet, *, at: datetime, os_user: str) -> int:
    """Keep that the sheet was printed, in the same way."""
    event = Event(
        "printed", printed.on, at, os_user, "", {"file": printed.file, "folder": printed.folder}
    )
    return _record(store, printed.national_id, printed.reason, event)


def _record(store: Store, national_id: str, reason: str, event: Event) -> int:
    with store.writing() as db:
        concerns(db, (national_id,))
        known = list(_applications(db, "national_id = :one", {"one": national_id}))
        going_on = [one.number for one in known if one.state in BEFORE_SUBMISSION]
        if not going_on:
            return add(db, national_id, reason, event)
        append(db, going_on[-1], event)
        return going_on[-1]
