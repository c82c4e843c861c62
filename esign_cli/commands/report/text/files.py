"""The report as a work product: workbook, CSV, and what each district's özlük unit gets.

National ids are whole here, for these files are compared with others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import attrgetter, itemgetter

from esign_cli.commands.report.text import names, narrative
from esign_cli.commands.report.text.lists import tone
from esign_cli.commands.text import standing as standing_text
from esign_cli.commands.text.reason import all_said
from esign_cli.commands.text.reason import place as source_place
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.standing import Reason
from esign_cli.foundation.turkish import fold
from esign_cli.outputs.tables import Cell, Kind, Table
from esign_cli.outputs.tables.columns import ColumnSpec, Rows, below, fill
from esign_cli.outputs.tables.document import Document, Section
from esign_cli.renewals.report_summary import LISTS, Change, Listed, Place, Summary

_CORRECTIONS = {
    "assignment-ended": N_(
        "If the assignment goes on, enter its new end; if it is over, enter the leaving."
    ),
    "end-date-missing": N_("Enter the end of the assignment."),
}
_FIELDS = {"end": N_("end of the assignment"), "status": N_("status"), "title": N_("title")}


def sheets(summary: Summary, document: Document) -> list[Table]:
    """Return a workbook: the numbers, the months, a sheet for each list, and what changed."""
    numbers = {section.name: section for section in document.sections}
    sheets_made = [numbers["numbers"].table, numbers["months"].table]
    sheets_made += [_list(code, summary) for code in LISTS]
    if summary.changes is not None:
        sheets_made.append(_changes(summary.changes.people, numbers["changes"]))
    return sheets_made


def table(summary: Summary) -> Table:
    """Return all lists below each other, for CSV: the first column says which list it is."""
    lines = ((code, one) for code in LISTS for one in summary.lists[code])
    heading = partial(names.heading, only_new=summary.only_new)
    columns = (
        ColumnSpec(N_("List"), lambda line: heading(line[0])),
        *below(itemgetter(1), _COLUMNS),
    )
    return fill(_("e-imza renewal report"), columns, lines)


def _list(code: str, summary: Summary) -> Table:
    title = names.heading(code, only_new=summary.only_new)
    return fill(title, _COLUMNS, summary.lists[code], tone=tone)


_COLUMNS = (
    *below(attrgetter("standing"), standing_text.COLUMNS),
    ColumnSpec(N_("Approved"), "application.approved", Kind.DATE),
)


def _changes(people: Iterable[Change], section: Section) -> Table:
    return Table(section.table.title, section.table.columns, Rows(_change, people))


def _change(one: Change) -> tuple[Cell, ...]:
    record = one.listed.standing.record
    return (
        one.listed.national_id,
        one.listed.standing.name,
        record.district if record else "",
        narrative.remembered(one.was),
        narrative.remembered(one.now),
    )


# --- one file a district -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DistrictFile:
    """What the özlük unit of one district gets."""

    place: Place
    table: Table


def ozluk(summary: Summary) -> Iterator[DistrictFile]:
    """Yield a file for each district with somebody whose record needs updating, and for none at
    all.

    The district is that of the record to be corrected; people without one are in a file of their
    own. A report of one district has that one's file alone: those of others would lack people.
    """
    for key, lines in summary.corrections.items():
        if _own(key, summary):
            where = next(iter(lines)).place if key[1] else Place()
            title = where.district or _("District not known")
            yield DistrictFile(where, fill(title, _CORRECTION_COLUMNS, lines, tone=tone))


def left_out(summary: Summary) -> int:
    """Return how many are in none of the districts' files, for they are another's to correct."""
    corrected = summary.corrections.items()
    return sum(len(lines) for key, lines in corrected if not _own(key, summary))


def _own(key: tuple[str, str], summary: Summary) -> bool:
    return not summary.district or key[1] == fold(summary.district)


def _given_name(one: Listed) -> str:
    person = one.standing.facts.person
    return person.given_name if person and person.full_name else one.standing.name


def _reasons(one: Listed) -> list[Reason]:
    return [reason for reason in one.standing.reasons if reason.code in _CORRECTIONS]


def _correction(one: Listed) -> str:
    return " ".join(_(_CORRECTIONS[reason.code]) for reason in _reasons(one))


def _cell(reason: Reason) -> str:
    """Where the field was read: file, sheet, row, and what the column is of."""
    where = source_place(reason.source)
    field = _(_FIELDS[reason.field]) if reason.field in _FIELDS else ""
    return ", ".join(filter(None, (where, field)))


_CORRECTION_COLUMNS = (
    ColumnSpec(N_("National id"), "national_id", Kind.ID),
    ColumnSpec(N_("Given name"), _given_name),
    ColumnSpec(N_("Family name"), "standing.facts.person.family_name"),
    ColumnSpec(N_("Registry number"), "standing.facts.person.registry_no"),
    ColumnSpec(N_("Own institution"), "own.institution"),
    ColumnSpec(N_("Code of the own institution"), "own.institution_code", Kind.ID),
    ColumnSpec(N_("Institution of the assignment"), "standing.record.institution"),
    ColumnSpec(
        N_("Code of the assignment's institution"), "standing.record.institution_code", Kind.ID
    ),
    ColumnSpec(N_("Title"), "standing.record.title"),
    ColumnSpec(N_("Start"), "standing.record.start", Kind.DATE),
    ColumnSpec(N_("End in MEBBİS"), "standing.record.end", Kind.DATE),
    ColumnSpec(N_("Reason"), lambda one: all_said(_reasons(one))),
    ColumnSpec(N_("Correction asked for"), _correction),
    ColumnSpec(N_("Source"), lambda one: "; ".join(map(_cell, _reasons(one)))),
    ColumnSpec(N_("Certificate valid until"), "standing.certificate.not_after", Kind.DATE),
    ColumnSpec(N_("Last day to apply"), "standing.deadline", Kind.DATE),
    ColumnSpec(N_("Working day before it"), "standing.working_day", Kind.DATE),
)
