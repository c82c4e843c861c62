"""One person on one screen, or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from esign_cli.cli import whom
from esign_cli.cli.context import Context
from esign_cli.commands.person import as_json
from esign_cli.commands.person.job import Found, PersonReport
from esign_cli.commands.text import application, form, reminder
from esign_cli.commands.text import standing as standing_text
from esign_cli.commands.text.account import who
from esign_cli.commands.text.imports import change
from esign_cli.commands.text.reason import place, said
from esign_cli.foundation import turkish
from esign_cli.foundation.dates import ISTANBUL, day
from esign_cli.foundation.i18n import N_, _, number
from esign_cli.foundation.people import CertificateRecord, DutyRecord
from esign_cli.foundation.standing import Standing
from esign_cli.outputs.tables.columns import ColumnSpec
from esign_cli.renewals.rules.lifetime import said_better
from esign_cli.renewals.rules.policy import Authority, Policy
from esign_cli.renewals.rules.reminders import Threshold
from esign_cli.store import Store
from esign_cli.store.import_history import PastChange
from esign_cli.store.person_record import MarkEntry
from esign_cli.store.reminders import Entry as Reminder
from esign_cli.wording import labels


def show(context: Context, report: PersonReport, *, show_ids: bool) -> None:
    """Show all that is known: blocks of lines for people, one object for programs."""
    overdue = _overdue(context, report)
    if context.console.json_of:
        context.console.envelope(as_json.data(report, overdue))
        return
    for title, lines in _blocks(report, context.settings.policy, overdue, show_ids=show_ids):
        shown = list(lines)
        if shown:
            context.console.out(title)
            for line in shown:
                context.console.out(f"  {line}")


def _overdue(context: Context, report: PersonReport) -> set[int]:
    days = context.settings.policy.delivery_days
    mine = report.record.applications
    return {one.number for one in mine if one.overdue(context.today, days)}


def found(context: Context, store: Store, people: Found, *, show_ids: bool) -> None:
    """Show who was found, each under the number that the next command takes."""
    console = context.console
    if console.json_of:
        console.envelope({"count": people.count, "people": list(map(_found_json, people.people))})
        return
    columns = (
        ColumnSpec(
            N_("National id"),
            lambda one: one.facts.national_id if show_ids else turkish.mask(one.facts.national_id),
        ),
        ColumnSpec(N_("Name"), "name"),
        ColumnSpec(N_("District"), "record.district"),
        ColumnSpec(N_("Institution"), "record.institution"),
        ColumnSpec(N_("Valid until"), "certificate.not_after"),
        ColumnSpec(N_("Result"), lambda one: labels.verdict(one.verdict)),
    )
    numbers = whom.listing(context, store, columns, people.people, "facts.national_id")
    if not people.people:
        console.say(_("Nobody was found."))
        return
    if people.count > len(people.people):
        console.say(
            _("Not shown: {count}. Give more words.").format(
                count=number(people.count - len(people.people))
            )
        )
    console.say(f"  esign person show {next(iter(numbers.values()), '10000000146')}")


def _found_json(one: Standing) -> dict[str, Any]:
    return standing_text.as_json(one)


# --- for people ----------------------------------------------------------------------------------


def _blocks(
    report: PersonReport, policy: Policy, overdue: set[int], *, show_ids: bool
) -> Iterator[tuple[str, Iterator[str]]]:
    stored = report.record
    yield _("Person"), _person(report, show_ids=show_ids)
    yield _("Result"), _verdict(report)
    yield _("Duty records"), map(_record, stored.facts.records)
    yield _("Earlier duty records"), (_closed(record, on) for record, on in stored.closed)
    yield _("Changes by imports"), map(_change, stored.changes)
    yield _("Certificates"), _certificates(report, policy)
    yield _("Marks"), map(_mark, stored.marks)
    yield (
        _("Applications"),
        (
            line
            for one in stored.applications
            for line in application.history(one, owner="", overdue=one.number in overdue)
        ),
    )
    yield _("Reminders"), map(_reminder, stored.reminders)


def _person(report: PersonReport, *, show_ids: bool) -> Iterator[str]:
    facts = report.standing.facts
    person = facts.person
    name = person.full_name if person else ""
    national_id = facts.national_id if show_ids else turkish.mask(facts.national_id)
    named = place(as_json.source_of(report, "family_name")) if name else ""
    yield _with_source(f"{national_id}  {name}".rstrip(), named)
    if person is None:
        yield _("Not in the personnel records")
        return
    for key, label, value in (
        ("birth_date", _("Born"), day(person.birth_date) if person.birth_date else ""),
        ("birth_place", _("Birth place"), person.birth_place),
        ("email", _("E-mail"), person.email),
        ("mobile_phone", _("Mobile phone"), form.phone(person.mobile_phone)),
        ("registry_no", _("Registry number"), person.registry_no),
    ):
        if value:
            yield _with_source(f"{label}: {value}", place(as_json.source_of(report, key)))
    if facts.missing_since:
        yield _("Missing from the latest snapshot since {date}").format(
            date=day(facts.missing_since)
        )


def _verdict(report: PersonReport) -> Iterator[str]:
    one = report.standing
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
    if one.working_day:
        yield _("Working day before it: {date}").format(date=day(one.working_day))
    for reason in one.reasons:
        yield _with_source(f"– {said(reason)}", place(reason.source))


def _record(record: DutyRecord) -> str:
    province = turkish.province_name(record.province) if record.province else ""
    where = list(filter(None, (province, record.district)))
    if record.district_assumed:
        where.append(_("district taken from the institution or the own post"))
    days = _span(record.start, record.end)
    parts = (record.title, record.kind, record.status, days, record.institution, " / ".join(where))
    return _with_source(" · ".join(filter(None, parts)), place(record.source))


def _closed(record: DutyRecord, on: date) -> str:
    return _("{record}; not in the snapshot of {date}").format(record=_record(record), date=day(on))


def _certificates(report: PersonReport, policy: Policy) -> Iterator[str]:
    record = report.record
    every = [one for one, _seen in record.certificates]
    replaced_on = record.facts.replaced_on
    for one, seen in record.certificates:
        same_day = any(o.not_after == one.not_after for o in every if o.origin != "list")
        beaten = said_better(one, every, policy, replaced_on) and not same_day
        yield _certificate(one, seen, policy.authority(one.issuer), beaten=beaten)


_AUTHORITIES = {
    Authority.OWN: "{issuer}",
    Authority.OTHER: N_("of another authority: {issuer}"),
    Authority.UNKNOWN: N_("of an authority that is not known: {issuer}"),
}


def _certificate(
    one: CertificateRecord, seen: datetime, authority: Authority, *, beaten: bool
) -> str:
    parts = [_span(one.not_before, one.not_after), _origin(one), one.holder]
    if one.issuer:
        parts.append(_(_AUTHORITIES[authority]).format(issuer=one.issuer))
    if one.qualified is False:
        parts.append(_("does not claim to be qualified"))
    if beaten:
        parts.append(_("does not count: a card or a file that was read is believed"))
    if one.revocation:
        since = f" {day(one.revoked_on)}" if one.revoked_on else ""
        parts.append(_(_TAKEN[one.revocation]) + since)
    parts.append(_("seen {date}").format(date=day(seen.astimezone(ISTANBUL).date())))
    return _with_source(" · ".join(filter(None, parts)), place(one.source))


_TAKEN = {
    "revoked": N_("revoked or suspended"),
    "suspended": N_("revoked or suspended"),
    "lost": N_("lost"),
}


def _origin(one: CertificateRecord) -> str:
    if one.origin == "list":
        return _("from a list") if one.source else _("told")
    if one.origin == "overruled":
        return _("from a list, overruled by what was told")
    return _("read from a card") if one.origin == "card" else _("read from a file")


def _mark(one: MarkEntry) -> str:
    line = ": ".join(filter(None, (labels.mark(one.word), one.reason)))
    if one.until:
        line += " · " + _("until {date}").format(date=day(one.until))
    marked = one.at.astimezone(ISTANBUL)
    line += " (" + _("entered {time} by {who}").format(
        time=f"{marked:%d.%m.%Y %H:%M}", who=who(one)
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
        reminder.threshold(Threshold(one.threshold)),
        _(reminder.CHANNELS[one.channel]),
        _(reminder.KEPT[one.state]),
        _(reminder.TEXTS[one.text]) if one.text else "",
        one.address,
    )
    return " · ".join(filter(None, parts))


def _span(begin: date | None, end: date | None) -> str:
    return f"{day(begin) if begin else ''} – {day(end) if end else ''}".strip()


def _with_source(text: str, where: str) -> str:
    return f"{text}  [{where}]" if where else text
