"""Whom to ring: those of the urgent lists, by district and school, with room for notes."""

from __future__ import annotations

from esign_cli import __version__
from esign_cli.commands.report.text import names, narrative
from esign_cli.commands.text.form import phone
from esign_cli.foundation import i18n, turkish
from esign_cli.foundation.i18n import N_, _
from esign_cli.outputs.tables import Kind, Table
from esign_cli.outputs.tables.columns import ColumnSpec, below, fill
from esign_cli.outputs.tables.document import Document, Section
from esign_cli.renewals.report_summary import Call, Summary


def table(summary: Summary) -> Table:
    """Return the list of calls; national ids are masked, for it is printed."""
    return fill(_("Call list"), _COLUMNS, summary.calls)


def document(summary: Summary) -> Document:
    """Return the same to be printed."""
    section = Section("calls", table(summary), "", _("Nobody."), count=len(summary.calls))
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
