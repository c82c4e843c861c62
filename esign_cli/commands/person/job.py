"""One person: all that is known, and the administrator's own word on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from esign_cli.foundation import turkish
from esign_cli.foundation.errors.renewals import (
    EndTooFar,
    MarkOver,
    NoSuchCertificate,
    ReasonNeeded,
    UnknownPerson,
)
from esign_cli.foundation.errors.usage import BadNationalId, UnknownWord
from esign_cli.foundation.people import CertificateRecord
from esign_cli.foundation.standing import Standing
from esign_cli.renewals import verdict
from esign_cli.renewals.application import life_cycle
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import (
    Store,
    applications,
    erasure,
    people,
    person_record,
    person_search,
)
from esign_cli.store.person_record import PersonRecord

MARKS = ("on-duty", "left")
OF_CARDS = ("lost", "revoked")
"""What can be said of a card, and not of its person."""
NO_MARK = "none"
READ = ("card", "file")
"""Origins of a certificate that was read itself."""


@dataclass(frozen=True, slots=True)
class PersonReport:
    """All that is known of a person, and the verdict of the day."""

    record: PersonRecord
    standing: Standing


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a national id is, as far as is known."""

    name: str
    known: bool
    """Whether any file, card or list has named this person."""


def show(
    store: Store, national_id: str, policy: Policy, today: date, now: datetime
) -> PersonReport:
    """Return all that is known of this person on `today`; raises BadNationalId or
    UnknownPerson.

    `now` is aware: an application whose certificate has begun by then is over.
    """
    applications.catch_up(store, now, policy)
    known = _known(store, national_id)
    return PersonReport(known, verdict.judge(known.facts, policy, today))


def check_mark(word: str, reason: str, until: date | None, today: date) -> None:
    """Refuse a mark that cannot be: raises UnknownWord, ReasonNeeded or MarkOver."""
    if word not in (*MARKS, *OF_CARDS, NO_MARK):
        raise UnknownWord(option="MARK", given=word, known=[*MARKS, *OF_CARDS, NO_MARK])
    if word in MARKS and not reason.strip():
        raise ReasonNeeded()
    if until is not None and until < today:
        raise MarkOver(date=until.isoformat())


def held(
    store: Store, national_id: str, hash_prefix: str, policy: Policy, today: date, on: date
) -> CertificateRecord:
    """Return the certificate that is about to be marked: the one named, or else the one that
    counts.

    Raises BadNationalId, DateInFuture or NoSuchCertificate.
    """
    check_id(national_id)
    life_cycle.check_date(on, today)
    with store.reading():
        facts = person_record.read(store, national_id).facts
    if hash_prefix:
        wanted = hash_prefix.lower()
        matching = [one for one in facts.certificates if one.sha256.startswith(wanted)]
        chosen = matching[0] if len(matching) == 1 else None
    else:
        chosen = verdict.newest(facts.certificates, policy, facts.replaced_on)
    if chosen is None:
        known = [one.sha256 for one in facts.certificates if one.sha256]
        raise NoSuchCertificate(
            national_id=turkish.mask(national_id), given=hash_prefix, known=known
        )
    return chosen


def check_end(not_after: date, policy: Policy, today: date) -> None:
    """Refuse an end later than `renewal.latest_end_months` from today: raises EndTooFar."""
    latest = verdict.months_before(today, -policy.latest_end_months)
    if not_after > latest:
        raise EndTooFar(date=not_after.isoformat(), latest=latest.isoformat())


@dataclass(frozen=True, slots=True)
class ReportedEnd:
    """What an end that was told has come to."""

    counts: bool
    read: date | None
    """The latest end that a card or a file says, where that is another day."""


def tell_end(
    store: Store, national_id: str, not_after: date, policy: Policy, today: date, now: datetime
) -> ReportedEnd:
    """Keep an end that was told; raises BadNationalId, EndTooFar, and as `Store.writing` does."""
    check_id(national_id)
    check_end(not_after, policy, today)
    person_record.tell_end(store, national_id, not_after, now, policy)
    report = show(store, national_id, policy, today, now)
    counting = report.standing.certificate
    read = [one.not_after for one, _seen in report.record.certificates if one.origin in READ]
    return ReportedEnd(
        counting is not None and counting.not_after == not_after,
        max((end for end in read if end != not_after), default=None),
    )


MOST_FOUND = 200


@dataclass(frozen=True, slots=True)
class Found:
    """The people that were found, the likeliest first, and how many there are in all."""

    people: tuple[Standing, ...]
    count: int


def find(store: Store, words: Sequence[str], province: str, policy: Policy, today: date) -> Found:
    """Return those in whom all the words are found: name, institution or e-mail address.

    At most MOST_FOUND; `province` is a plate code, or "all".
    """
    with store.reading():
        ids = person_search.find(store, [part for word in words for part in word.split()])
        if province != "all":
            there = {facts.national_id for facts in people.facts(store, province=province)}
            ids = tuple(one for one in ids if one in there)
        shown = ids[:MOST_FOUND]
        known = {
            facts.national_id: verdict.judge(facts, policy, today)
            for facts in people.facts(store, national_ids=shown)
        }
    return Found(tuple(known[one] for one in shown), len(ids))


def forget(
    store: Store, national_id: str, now: datetime, outside: Callable[[Sequence[str]], None]
) -> None:
    """Delete what is kept of this person; `outside` what lies beside the database, by the SHA-256
    of their certificates.

    Raises BadNationalId, UnknownPerson, and as `Store.writing` and `erasure.pack`.
    """
    _known(store, national_id)
    certificates = erasure.certificates_of(store, (national_id,))
    with store.writing() as db:
        erasure.delete(db, store.key, (national_id,), now)
    outside(certificates)
    erasure.pack(store)


def check_id(national_id: str) -> None:
    """Raise BadNationalId for what is none."""
    if not turkish.is_national_id(national_id):
        raise BadNationalId(given=turkish.mask(national_id))


def owner(store: Store, national_id: str) -> Owner:
    """Return who it is that is about to be written of; raises BadNationalId, and as
    `Store.reading`.
    """
    check_id(national_id)
    with store.reading():
        facts = person_record.read(store, national_id).facts
    holders = (one.holder for one in facts.certificates if one.holder)
    name = facts.person.full_name if facts.person else next(holders, "")
    return Owner(name, facts.known)


def _known(store: Store, national_id: str) -> PersonRecord:
    check_id(national_id)
    with store.reading():
        record = person_record.read(store, national_id)
    if record.empty:
        raise UnknownPerson(national_id=turkish.mask(national_id))
    return record
