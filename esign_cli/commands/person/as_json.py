"""One person as JSON carries it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from esign_cli.commands.person.job import PersonReport
from esign_cli.commands.text import application
from esign_cli.commands.text.reason import reason_as_json, source_as_json
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.people import CertificateRecord, DutyRecord, Source
from esign_cli.store.import_history import PastChange
from esign_cli.store.person_record import MarkEntry
from esign_cli.store.reminders import Entry as Reminder

_PERSON_FIELDS = (
    "given_name", "family_name", "birth_place", "birth_date", "email", "mobile_phone",
    "registry_no",
)  # fmt: skip


def source_of(portrait: PersonReport, key: str) -> Source | None:
    """Where a field of the person was read."""
    person = portrait.standing.facts.person
    return portrait.dossier.elsewhere.get(key, person.source if person else None)


def data(portrait: PersonReport, overdue: set[int]) -> dict[str, Any]:
    """All that is known, by the keys of `esign.person/1`; `overdue` are numbers of applications."""
    kept, one = portrait.dossier, portrait.standing
    facts, person = one.facts, one.facts.person
    name = person.full_name if person else ""
    return {
        "national_id": facts.national_id,
        "given_name": (person and person.given_name) or None,
        "family_name": (person and person.family_name) or None,
        "birth_place": (person and person.birth_place) or None,
        "birth_date": _date(person.birth_date if person else None),
        "email": (person and person.email) or None,
        "mobile_phone": (person and person.mobile_phone) or None,
        "registry_no": (person and person.registry_no) or None,
        "source": source_as_json(person.source if person else None),
        "sources": {
            key: source_as_json(source_of(portrait, key))
            for key in _PERSON_FIELDS
            if person is not None and getattr(person, key)
        },
        "missing_since": _date(facts.missing_since),
        "roster_as_of": _date(facts.as_of),
        "verdict": one.verdict.value,
        "phase": one.phase.value,
        "not_after": _date(one.certificate.not_after if one.certificate else None),
        "days_left": one.days_left,
        "opens": _date(one.opens),
        "deadline": _date(one.deadline),
        "reasons": [reason_as_json(reason) for reason in one.reasons],
        "records": [_record_object(record, None) for record in facts.records]
        + [_record_object(record, on) for record, on in kept.closed],
        "certificates": [_certificate_object(*pair) for pair in kept.certificates],
        "marks": [_mark_object(entry) for entry in kept.marks],
        "applications": [
            application.as_json(each, name=name, record=one.record, overdue=each.number in overdue)
            for each in kept.applications
        ],
        "changes": list(map(_change_object, kept.changes)),
        "reminders": list(map(_reminder_object, kept.reminders)),
    }


def _record_object(record: DutyRecord, closed: date | None) -> dict[str, Any]:
    return {
        "class": record.duty_class.value,
        "institution_code": record.institution_code or None,
        "institution": record.institution or None,
        "province": record.province or None,
        "district": record.district or None,
        "title": record.title or None,
        "branch": record.branch or None,
        "unit": record.unit or None,
        "kind": record.kind or None,
        "status": record.status or None,
        "start": _date(record.start),
        "end": _date(record.end),
        "source": source_as_json(record.source),
        "closed": _date(closed),
    }


def _certificate_object(one: CertificateRecord, seen: datetime) -> dict[str, Any]:
    return {
        "not_before": _date(one.not_before),
        "not_after": one.not_after.isoformat(),
        "origin": one.origin if one.origin != "list" or one.source else "told",
        "serial": one.serial or None,
        "sha256": one.sha256 or None,
        "holder": one.holder or None,
        "qualified": one.qualified,
        "revocation": one.revocation or None,
        "seen_at": seen.astimezone(ISTANBUL).isoformat(),
        "source": source_as_json(one.source),
    }


def _mark_object(one: MarkEntry) -> dict[str, Any]:
    return {
        "mark": one.word,
        "reason": one.reason,
        "until": _date(one.until),
        "at": one.at.astimezone(ISTANBUL).isoformat(),
        "os_user": one.os_user,
        "ended_at": one.ended_at.astimezone(ISTANBUL).isoformat() if one.ended_at else None,
    }


def _change_object(one: PastChange) -> dict[str, Any]:
    made = one.changed
    return {
        "import": one.number,
        "as_of": one.as_of.isoformat(),
        "what": made.what,
        "label": made.label or None,
        "field": made.field,
        "old": made.old,
        "new": made.new,
    }


def _reminder_object(one: Reminder) -> dict[str, Any]:
    return {
        "at": one.at.astimezone(ISTANBUL).isoformat(),
        "not_after": one.not_after.isoformat(),
        "threshold": one.threshold,
        "channel": one.channel,
        "state": one.state,
        "text": one.text or None,
        "address": one.address or None,
        "problem": one.problem and dict(one.problem),
    }


def _date(value: date | None) -> str | None:
    return value.isoformat() if value else None
