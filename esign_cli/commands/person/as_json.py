"""One person as JSON carries it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from esign_cli.commands.person.job import PersonReport
from esign_cli.commands.text import application
from esign_cli.foundation.people import CertificateRecord, Source
from esign_cli.outputs.json_data import pick, plain
from esign_cli.store.import_history import PastChange

_PERSON_FIELDS = "given_name family_name birth_place birth_date email mobile_phone registry_no"
_RECORD_FIELDS = (
    "class=duty_class institution_code institution province district district_assumed title branch"
    " unit kind status start end source"
)


def source_of(report: PersonReport, key: str) -> Source | None:
    """Return where a field of the person was read."""
    person = report.standing.facts.person
    return report.record.elsewhere.get(key, person.source if person else None)


def data(report: PersonReport, overdue: set[int]) -> dict[str, Any]:
    """Return all that is known, by the keys of `esign.person/1`; `overdue` are numbers of
    applications.
    """
    stored, one = report.record, report.standing
    facts, person = one.facts, one.facts.person
    name = person.full_name if person else ""
    return {
        "national_id": facts.national_id,
        **pick(person, f"{_PERSON_FIELDS} source"),
        "sources": {
            key: plain(source_of(report, key))
            for key in _PERSON_FIELDS.split()
            if getattr(person, key, None)
        },
        **pick(facts, "missing_since roster_as_of=as_of"),
        **pick(
            one,
            "verdict phase not_after=certificate.not_after days_left opens deadline working_day"
            " reasons",
        ),
        "records": [
            {**pick(record, _RECORD_FIELDS), "closed": plain(closed)}
            for record, closed in (*((record, None) for record in facts.records), *stored.closed)
        ],
        "certificates": [_certificate(*pair) for pair in stored.certificates],
        "marks": [
            {
                "mark": each.word,
                "reason": each.reason,
                **pick(each, "until at os_user machine database_user ended_at"),
            }
            for each in stored.marks
        ],
        "applications": [
            application.as_json(each, name=name, record=one.record, overdue=each.number in overdue)
            for each in stored.applications
        ],
        "changes": list(map(_change, stored.changes)),
        "reminders": [
            {
                **pick(each, "at not_after threshold channel state text address"),
                "problem": each.problem and dict(each.problem),
            }
            for each in stored.reminders
        ],
    }


def _certificate(one: CertificateRecord, seen: datetime) -> dict[str, Any]:
    return {
        **pick(one, "not_before not_after"),
        "origin": one.origin if one.origin != "list" or one.source else "told",
        **pick(one, "serial sha256 holder qualified issuer revocation revoked_on"),
        "seen_at": plain(seen),
        "source": plain(one.source),
    }


def _change(one: PastChange) -> dict[str, Any]:
    changed = one.changed
    return {
        **pick(one, "import=number as_of what=changed.what label=changed.label"),
        "field": changed.field,
        "old": changed.old,
        "new": changed.new,
    }
