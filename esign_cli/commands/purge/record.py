"""The record of a destruction (imha tutanağı): what kind, how many, by which rule, when; no names.

By-law on the erasure of personal data (Resmî Gazete 28.10.2017, 30224), art. 7(3): every erasure is
recorded, and the records are kept for three years at least.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from esign_cli import __version__
from esign_cli.foundation import i18n
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.i18n import N_, _
from esign_cli.outputs import tables, typeset
from esign_cli.outputs.tables import Column, Kind, Table
from esign_cli.outputs.tables.document import Document, Section
from esign_cli.outputs.tables.page import as_data

KINDS = {
    "left": N_("People who left: identity, contact, duty, certificates"),
    "history": N_("Details of imports: earlier values, rejected cells"),
    "reminders": N_("Reminders that were sent: addressee, channel, day"),
    "watch": N_("Piles of cards that were read"),
}


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A kind, the rule, the day before which it was, and how many."""

    kind: str
    rule: str
    """A setting and its value, or an option."""
    before: date
    count: int


def table(destroyed: Sequence[Destroyed]) -> Table:
    """Return the record's table."""
    columns = (
        Column(_("Data")),
        Column(_("Rule")),
        Column(_("Older than"), Kind.DATE),
        Column(_("Number"), Kind.NUMBER),
    )
    rows = [(_(KINDS[one.kind]), one.rule, one.before, one.count) for one in destroyed]
    return Table(_("Destruction record"), columns, rows)


def pdf(destroyed: Sequence[Destroyed], at: datetime) -> bytes:
    """Return it as PDF; raises PdfMissing or TypesetFailed."""
    when = f"{at.astimezone(ISTANBUL):%d.%m.%Y %H:%M}"
    document = Document(
        lang=i18n.language(),
        title=_("Destruction record"),
        subtitle=when,
        notes=[
            _("What the table names was deleted on {when} and overwritten.").format(when=when),
            _("Carried out by: ____________________   Approved by: ____________________"),
        ],
        figures=[],
        charts=[],
        sections=[Section("destroyed", table(destroyed))],
        foot=f"esign {__version__}",
        contents="",
    )
    return typeset.pdf("report", as_data(document))


def xlsx(destroyed: Sequence[Destroyed], at: datetime) -> bytes:
    """Return it as a workbook."""
    when = Table(
        _("When"),
        (Column(_("When")), Column(_("Carried out by")), Column(_("Approved by"))),
        [(f"{at.astimezone(ISTANBUL):%d.%m.%Y %H:%M}", "", "")],
    )
    return tables.to_xlsx(table(destroyed), when)


FORMATS: dict[str, Callable[[Sequence[Destroyed], datetime], bytes]] = {".xlsx": xlsx, ".pdf": pdf}


def names_beside(beside: Callable[[str], Path], at: datetime) -> list[Path]:
    """Return where records go that are named nowhere: beside the database, in all formats."""
    stamp = at.astimezone(ISTANBUL).strftime("%Y%m%d-%H%M%S")
    name = _("destruction-record")
    endings = [end for end in FORMATS if end != ".pdf" or typeset.available()]
    return [beside(f"{name}-{stamp}{end}") for end in endings]
