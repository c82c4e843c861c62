"""The answers of doubtful columns, as text or JSON."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from esign_cli.commands.imports.question import FORMS
from esign_cli.foundation.i18n import N_, _
from esign_cli.outputs.json_data import pick
from esign_cli.outputs.tables import Kind
from esign_cli.outputs.tables.columns import ColumnSpec
from esign_cli.wording.import_fields import spoken

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.store.import_columns import KeptAnswer

_COLUMNS = (
    ColumnSpec(N_("Number"), "number", Kind.NUMBER),
    ColumnSpec(N_("Column"), "column"),
    ColumnSpec(N_("Answer"), lambda one: said(one.said)),
    ColumnSpec(N_("File"), "file"),
    ColumnSpec(N_("Day"), lambda one: ".".join(reversed(one.at[:10].split("-")))),
    ColumnSpec(N_("Header"), lambda one: one.header.replace("|", " · ")),
)


def said(answer: str) -> str:
    """Return an answer as people read it: a field, a form of dates, or that it is passed over."""
    if answer == "-":
        return _("passed over")
    return _(FORMS[answer]) if answer in FORMS else spoken(answer)


def show(console: Console, answers: Sequence[KeptAnswer], *, forgot: Collection[int]) -> None:
    """Show the answers that are kept; forgotten ones are counted."""
    if console.json_of:
        console.envelope([pick(one, "number column said file at header") for one in answers])
        return
    if forgot:
        console.say(_("Forgotten answers: {count}").format(count=len(set(forgot))))
    if not answers:
        console.say(_("No answer of a doubtful column is remembered."))
    console.listing(_COLUMNS, answers)
