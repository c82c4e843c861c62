"""The lists of the report that people read, one a table. National ids are masked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from esign_cli.commands.report.text import names
from esign_cli.commands.text.form import phone
from esign_cli.commands.text.reason import all_said, place, said
from esign_cli.foundation import turkish
from esign_cli.foundation.i18n import N_
from esign_cli.foundation.standing import Phase, Reason
from esign_cli.foundation.turkish import without_ids
from esign_cli.outputs.attributes import at
from esign_cli.outputs.tables import Kind, Table, Tone
from esign_cli.outputs.tables.columns import ColumnSpec, fill
from esign_cli.renewals.report_summary import Listed, Summary
from esign_cli.wording import labels

_SOON = 10
"""Days left from which a row is urgent."""


def table(code: str, summary: Summary) -> Table:
    """Return a list under its name, or those who are new in it."""
    title = names.heading(code, only_new=summary.only_new)
    urgency = tone if code != "overdue" else None
    columns = _columns(code, summary.on)
    return fill(title, columns, summary.lists[code], tone=urgency, details=_details)


def _details(one: Listed) -> list[str]:
    """Each reason with the place that it was read from."""
    said_with_place = (" · ".join(filter(None, (said(r), place(r.source)))) for r in _reasons(one))
    return list(map(without_ids, said_with_place))


def _reasons(one: Listed) -> Sequence[Reason]:
    return one.standing.reasons


def tone(one: Listed) -> Tone:
    """Return how urgent somebody's row is, by the certificate alone."""
    standing = one.standing
    if standing.phase in (Phase.EXPIRED, Phase.REVOKED):
        return Tone.BAD
    if standing.days_left is not None and standing.days_left <= _SOON:
        return Tone.BAD
    return Tone.NOTICE if standing.phase is Phase.LATE else Tone.PLAIN


def _columns(code: str, on: date) -> tuple[ColumnSpec, ...]:
    """A list's columns; those of applications have some of their own."""
    if code == "overdue":
        return (*_APPLIED, *_since(N_("Approved"), "application.approved", on))
    if code == "stalled":
        return (*_APPLIED, *_since(N_("Last step"), "application.since", on), *_LEFT)
    reason = ColumnSpec(N_("Reason"), lambda one: without_ids(all_said(one.standing.reasons)))
    return (*_WHO, *_LEFT, reason)


def _since(title: str, path: str, on: date) -> tuple[ColumnSpec, ...]:
    """A day, and how many have passed since."""

    def passed(one: Listed) -> int | None:
        begun = at(one, path)
        return (on - begun).days if begun else None

    days = ColumnSpec(N_("Days since"), passed, Kind.NUMBER)
    return (ColumnSpec(title, path, Kind.DATE), days)


def _mobile(one: Listed) -> str:
    person = one.standing.facts.person
    return phone(person.mobile_phone) if person else ""


_WHO = (
    ColumnSpec(N_("National id"), lambda one: turkish.mask(one.national_id), Kind.ID),
    ColumnSpec(N_("Name"), lambda one: without_ids(one.standing.name)),
    ColumnSpec(N_("District"), "standing.record.district"),
    ColumnSpec(N_("Institution"), "standing.record.institution"),
    ColumnSpec(N_("Mobile phone"), _mobile, Kind.PHONE),
)
"""Somebody, the id masked, and where they serve."""
_APPLIED = (
    *_WHO,
    ColumnSpec(N_("Application"), lambda one: str(at(one, "application.number") or "")),
    ColumnSpec(N_("State"), lambda one: labels.state(at(one, "application.state") or "")),
)
"""Who applied, and how far the application has come."""
_LEFT = (
    ColumnSpec(N_("Valid until"), "standing.certificate.not_after", Kind.DATE),
    ColumnSpec(N_("Days left"), "standing.days_left", Kind.NUMBER),
)
