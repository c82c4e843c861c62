"""Whom to ring: those of the urgent lists, by district and school, with room for notes."""

from __future__ import annotations

from dataclasses import dataclass

from esign_cli import __version__
from esign_cli.commands.report.text import names, narrative
from esign_cli.commands.text.form import phone
from esign_cli.foundation import i18n, turkish
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.turkish import sort_key
from esign_cli.outputs.tables import Kind, Table
from esign_cli.outputs.tables.columns import ColumnSpec, below, fill
from esign_cli.outputs.tables.document import Document, Section
from esign_cli.renewals.report_summary import Listed, Summary

RUNG = ("late", "expired", "unconfirmed", "stalled", "overdue")
"""The lists whose people are rung."""


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to ring, and why."""

    listed: Listed
    reasons: tuple[str, ...]
    """Codes of lists."""


def calls(summary: Summary) -> list[Call]:
    """Return everybody to ring, once, by district, institution and name."""
    reasons: dict[str, list[str]] = {}
    people: dict[str, Listed] = {}
    for code in RUNG:
        for one in summary.lists[code]:
            people.setdefault(one.national_id, one)
            reasons.setdefault(one.national_id, []).append(code)
    listed = [Call(one, tuple(reasons[who])) for who, one in people.items()]
    return sorted(listed, key=_by_school)


def _by_school(call: Call) -> tuple[str, str, str, str]:
    standing = call.listed.standing
    record = standing.record
    where = (record.district, record.institution) if record else ("", "")
    district, institution = map(sort_key, where)
    return district, institution, sort_key(standing.name), call.listed.national_id


def table(summary: Summary) -> Table:
    """Return the list of calls; national ids are masked, for it is printed."""
    return fill(_("Call list"), _COLUMNS, calls(summary))


def document(summary: Summary) -> Document:
    """Return the same to be printed."""
    count = i18n.number(len(calls(summary)))
    section = Section("calls", table(summary), "", _("Nobody."), count=count)
    return Document(
        lang=i18n.language(),
        title=_("Call list"),
        subtitle=narrative.heading(summary),
        notes=(),
        figures=(),
        charts=(),
        sections=(section,),
        foot=_("Made with esign {version}. National ids are masked.").format(version=__version__),
        contents="",
    )


def _mobile(call: Call) -> str:
    person = call.listed.standing.facts.person
    return phone(person.mobile_phone) if person and person.mobile_phone else ""


_COLUMNS = (
    *below(
        lambda call: call.listed.standing,
        (
            ColumnSpec(N_("District"), "record.district"),
            ColumnSpec(N_("Institution"), "record.institution"),
            ColumnSpec(N_("Name"), "name"),
            ColumnSpec(N_("National id"), lambda one: turkish.mask(one.facts.national_id), Kind.ID),
        ),
    ),
    ColumnSpec(N_("Mobile phone"), _mobile),
    ColumnSpec(N_("E-mail"), "listed.standing.facts.person.email"),
    ColumnSpec(N_("Reason"), lambda call: " · ".join(map(names.name, call.reasons))),
    ColumnSpec(N_("Valid until"), "listed.standing.certificate.not_after", Kind.DATE),
    ColumnSpec(N_("Notes"), lambda _call: ""),
)
