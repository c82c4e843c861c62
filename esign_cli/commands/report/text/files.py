"""The report as a work product: workbook, CSV, and what each district's özlük unit gets.

National ids are whole here, for these files are compared with others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from esign_cli.commands.report.text import names, narrative
from esign_cli.commands.report.text.lists import tone
from esign_cli.commands.text import standing as standing_text
from esign_cli.commands.text.reason import place as source_place
from esign_cli.commands.text.reason import said
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.people import DutyRecord
from esign_cli.foundation.standing import Reason
from esign_cli.foundation.turkish import fold
from esign_cli.outputs.tables import Cell, Column, Kind, Table, Tone
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
    """A workbook: the numbers, the months, a sheet for each list, and what changed."""
    numbers = {section.name: section for section in document.sections}
    made = [numbers["numbers"].table, numbers["months"].table]
    made += [_list(code, summary) for code in LISTS]
    if summary.changes is not None:
        made.append(_changes(summary.changes.people, numbers["changes"]))
    return made


def table(summary: Summary) -> Table:
    """All lists below each other, for CSV: the first column says which list it is."""
    columns = (Column(_("List")), *_columns())
    rows = (
        (names.heading(code, only_new=summary.only_new), *_row(one))
        for code in LISTS
        for one in summary.lists[code]
    )
    return Table(_("e-imza renewal report"), columns, rows)


def _list(code: str, summary: Summary) -> Table:
    lines = summary.lists[code]
    title = names.heading(code, only_new=summary.only_new)
    return Table(title, _columns(), [_row(one) for one in lines], _tones(lines))


def _columns() -> tuple[Column, ...]:
    return (*standing_text.columns(), Column(_("Approved"), Kind.DATE))


def _row(one: Listed) -> tuple[Cell, ...]:
    approved = one.application.approved if one.application else None
    return (*standing_text.row(one.standing), approved)


def _tones(lines: Sequence[Listed]) -> list[Tone]:
    return [tone(one) for one in lines]


def _changes(people: Sequence[Change], section: Section) -> Table:
    rows = [
        (
            one.listed.national_id,
            one.listed.standing.name,
            one.listed.standing.record.district if one.listed.standing.record else "",
            narrative.remembered(one.was),
            narrative.remembered(one.now),
        )
        for one in people
    ]
    return Table(section.table.title, section.table.columns, rows)


# --- one file a district -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DistrictFile:
    """What the özlük unit of one district gets."""

    place: Place
    table: Table


def ozluk(summary: Summary) -> Iterator[DistrictFile]:
    """A file for each district with somebody whose record needs updating, and for none at all.

    The district is that of the record to be corrected; people without one are in a file of their
    own. A report of one district has that one's file alone: those of others would lack people.
    """
    found: dict[tuple[str, str], list[Listed]] = {}
    for one in summary.lists["needs-update"]:
        if not _own(one, summary):
            continue
        where = one.place
        key = where.key if where.key[1] else ("", "")
        found.setdefault(key, []).append(one)
    for key in sorted(found):
        lines = found[key]
        where = lines[0].place if key[1] else Place()
        title = where.district or _("District not known")
        rows = [_correction(one) for one in lines]
        yield DistrictFile(where, Table(title, _correction_columns(), rows, _tones(lines)))


def left_out(summary: Summary) -> int:
    """How many are in none of the districts' files, for they are another's to correct."""
    return sum(not _own(one, summary) for one in summary.lists["needs-update"])


def _own(one: Listed, summary: Summary) -> bool:
    return not summary.district or one.place.key[1] == fold(summary.district)


def _correction_columns() -> tuple[Column, ...]:
    return (
        Column(_("National id"), Kind.ID),
        Column(_("Given name")),
        Column(_("Family name")),
        Column(_("Registry number")),
        Column(_("Own institution")),
        Column(_("Code of the own institution"), Kind.ID),
        Column(_("Institution of the assignment")),
        Column(_("Code of the assignment's institution"), Kind.ID),
        Column(_("Title")),
        Column(_("Start"), Kind.DATE),
        Column(_("End in MEBBİS"), Kind.DATE),
        Column(_("Reason")),
        Column(_("Correction asked for")),
        Column(_("Source")),
        Column(_("Certificate valid until"), Kind.DATE),
        Column(_("Last day to apply"), Kind.DATE),
    )


def _correction(one: Listed) -> tuple[Cell, ...]:
    standing, person = one.standing, one.standing.facts.person
    own, assigned = one.own, standing.record
    reasons = [reason for reason in standing.reasons if reason.code in _CORRECTIONS]
    return (
        one.national_id,
        person.given_name if person and person.full_name else standing.name,
        person.family_name if person else "",
        person.registry_no if person else "",
        *_institution(own),
        *_institution(assigned),
        assigned.title if assigned else "",
        assigned.start if assigned else None,
        assigned.end if assigned else None,
        "; ".join(map(said, reasons)),
        " ".join(_(_CORRECTIONS[reason.code]) for reason in reasons),
        "; ".join(map(_cell, reasons)),
        _not_after(one),
        standing.deadline,
    )


def _institution(record: DutyRecord | None) -> tuple[str, str]:
    return (record.institution, record.institution_code) if record else ("", "")


def _not_after(one: Listed) -> date | None:
    return one.standing.certificate.not_after if one.standing.certificate else None


def _cell(reason: Reason) -> str:
    """Where the field was read: file, sheet, row, and what the column is of."""
    where = source_place(reason.source)
    field = _(_FIELDS[reason.field]) if reason.field in _FIELDS else ""
    return ", ".join(filter(None, (where, field)))
