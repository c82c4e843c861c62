"""One person on one screen, or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from esign_cli import turkish
from esign_cli.clock import ISTANBUL
from esign_cli.context import Context
from esign_cli.i18n import _, number
from esign_cli.jobs.person import Portrait
from esign_cli.model import CertificateRecord, DutyRecord, Source
from esign_cli.rules.lifetime import said_better
from esign_cli.rules.reminding import Threshold
from esign_cli.store.dossier import MarkEntry
from esign_cli.store.import_history import PastChange
from esign_cli.store.reminders import Entry as Reminder
from esign_cli.wording import application_text, labels, reminder_text
from esign_cli.wording.card_text import day
from esign_cli.wording.import_text import change
from esign_cli.wording.reason_text import place, reason_as_json, said, source_as_json

_PERSON_FIELDS = (
    "given_name", "family_name", "birth_place", "birth_date", "email", "mobile_phone",
    "registry_no",
)  # fmt: skip


def show(context: Context, portrait: Portrait, *, show_ids: bool) -> None:
    """All that is known: blocks of lines for people, one object for programs."""
    overdue = _overdue(context, portrait)
    if context.console.json_of:
        context.console.envelope(_data(portrait, overdue))
        return
    for title, lines in _blocks(portrait, overdue, show_ids=show_ids):
        shown = list(lines)
        if shown:
            context.console.out(title)
            for line in shown:
                context.console.paragraph(line, indent=2)


def _overdue(context: Context, portrait: Portrait) -> set[int]:
    days = context.settings.policy.delivery_days
    mine = portrait.dossier.applications
    return {one.number for one in mine if one.overdue(context.today, days)}


# --- for people ----------------------------------------------------------------------------------


def _blocks(
    portrait: Portrait, overdue: set[int], *, show_ids: bool
) -> Iterator[tuple[str, Iterator[str]]]:
    kept = portrait.dossier
    yield _("Person"), _person(portrait, show_ids=show_ids)
    yield _("Result"), _verdict(portrait)
    yield _("Duty records"), map(_record, kept.facts.records)
    yield _("Earlier duty records"), (_closed(record, on) for record, on in kept.closed)
    yield _("Changes by imports"), map(_change, kept.changes)
    every = [one for one, _seen in kept.certificates]
    yield _("Certificates"), (_certificate(one, seen, every) for one, seen in kept.certificates)
    yield _("Marks"), map(_mark, kept.marks)
    yield (
        _("Applications"),
        (
            line
            for one in kept.applications
            for line in application_text.history(one, owner="", overdue=one.number in overdue)
        ),
    )
    yield _("Reminders"), map(_reminder, kept.reminders)


def _person(portrait: Portrait, *, show_ids: bool) -> Iterator[str]:
    facts = portrait.standing.facts
    person = facts.person
    name = person.full_name if person else ""
    national_id = facts.national_id if show_ids else turkish.mask(facts.national_id)
    named = place(_source(portrait, "family_name")) if name else ""
    yield _with_source(f"{national_id}  {name}".rstrip(), named)
    if person is None:
        yield _("Not in the personnel records")
        return
    for key, label, value in (
        ("birth_date", _("Born"), day(person.birth_date) if person.birth_date else ""),
        ("birth_place", _("Birth place"), person.birth_place),
        ("email", _("E-mail"), person.email),
        ("mobile_phone", _("Mobile phone"), person.mobile_phone),
        ("registry_no", _("Registry number"), person.registry_no),
    ):
        if value:
            yield _with_source(f"{label}: {value}", place(_source(portrait, key)))
    if facts.missing_since:
        yield _("Missing from the latest snapshot since {date}").format(
            date=day(facts.missing_since)
        )


def _source(portrait: Portrait, key: str) -> Source | None:
    """Where a field of the person was read."""
    person = portrait.standing.facts.person
    return portrait.dossier.elsewhere.get(key, person.source if person else None)


def _verdict(portrait: Portrait) -> Iterator[str]:
    one = portrait.standing
    yield " · ".join(dict.fromkeys((labels.verdict(one.verdict), labels.phase(one.phase))))
    if one.certificate is not None:
        yield _("Valid until {date}; days left: {days}").format(
            date=day(one.certificate.not_after),
            days="–" if one.days_left is None else number(one.days_left),
        )
    if one.opens and one.deadline:
        yield _("Renewal opens: {opens}; last day to apply: {deadline}").format(
            opens=day(one.opens), deadline=day(one.deadline)
        )
    for reason in one.reasons:
        yield _with_source(f"– {said(reason)}", place(reason.source))


def _record(record: DutyRecord) -> str:
    where = filter(
        None,
        (turkish.province_name(record.province) if record.province else "", record.district),
    )
    days = _span(record.start, record.end)
    parts = (record.title, record.kind, record.status, days, record.institution, " / ".join(where))
    return _with_source(" · ".join(filter(None, parts)), place(record.source))


def _closed(record: DutyRecord, on: date) -> str:
    return _("{record}; not in the snapshot of {date}").format(record=_record(record), date=day(on))


def _certificate(one: CertificateRecord, seen: datetime, every: Sequence[CertificateRecord]) -> str:
    parts = [_span(one.not_before, one.not_after), _origin(one), one.holder]
    if one.qualified is False:
        parts.append(_("does not claim to be qualified"))
    if said_better(one, every):
        parts.append(_("does not count: the card says otherwise"))
    if one.revocation:
        parts.append(_("revoked or suspended"))
    parts.append(_("seen {date}").format(date=day(seen.astimezone(ISTANBUL).date())))
    return _with_source(" · ".join(filter(None, parts)), place(one.source))


def _origin(one: CertificateRecord) -> str:
    if one.origin == "list":
        return _("from a list") if one.source else _("told")
    if one.origin == "overruled":
        return _("from a list, overruled by what was told")
    return _("read from a card") if one.origin == "card" else _("read from a file")


def _mark(one: MarkEntry) -> str:
    line = f"{labels.mark(one.word)}: {one.reason}"
    if one.until:
        line += " · " + _("until {date}").format(date=day(one.until))
    made = one.at.astimezone(ISTANBUL)
    line += " (" + _("entered {time} by {who}").format(
        time=f"{made:%d.%m.%Y %H:%M}", who=one.os_user
    )
    if one.ended_at:
        line += "; " + _("ended {date}").format(date=day(one.ended_at.astimezone(ISTANBUL).date()))
    return line + ")"


def _change(one: PastChange) -> str:
    return " · ".join(
        (day(one.as_of), _("import {number}").format(number=one.number), change(one.changed))
    )


def _reminder(one: Reminder) -> str:
    parts = (
        day(one.at.astimezone(ISTANBUL).date()),
        reminder_text.threshold(Threshold(one.threshold)),
        _(reminder_text.CHANNELS[one.channel]),
        _(reminder_text.KEPT[one.state]),
        _(reminder_text.TEXTS[one.text]) if one.text else "",
        one.address,
    )
    return " · ".join(filter(None, parts))


def _span(begin: date | None, end: date | None) -> str:
    return f"{day(begin) if begin else ''} – {day(end) if end else ''}".strip()


def _with_source(text: str, where: str) -> str:
    return f"{text}  [{where}]" if where else text


# --- for programs --------------------------------------------------------------------------------


def _data(portrait: Portrait, overdue: set[int]) -> dict[str, Any]:
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
            key: source_as_json(_source(portrait, key))
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
            application_text.as_json(
                each, name=name, record=one.record, overdue=each.number in overdue
            )
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
