"""`esign template`: empty workbooks to fill in, which esign takes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli import options
from esign_cli.cli.context import from_typer
from esign_cli.foundation import shell
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.outputs.tables import Table

HELP = N_(
    """Make an empty workbook to fill in: certificates, applications or cards.

    Certificates: who holds one, and its end. Applications: who applied, and when. Cards: whose came
    or was handed over, and when. Once they are filled in, esign takes them back.

    \b
    esign template certificates --output sertifikalar.xlsx
    esign import sertifikalar.xlsx
    esign template applications -o basvurular.xlsx
    esign applications add --from basvurular.xlsx
    esign template cards -o kartlar.xlsx
    esign applications arrive --from kartlar.xlsx
    """
)


@dataclass(frozen=True, slots=True)
class _Column:
    """A header that MEBBİS users know, and what stands below it."""

    header: str
    kind: str = "text"


_WHO = (_Column("T.C. Kimlik No", "id"), _Column("Adı"), _Column("Soyadı"))
TEMPLATES: dict[str, tuple[str, tuple[_Column, ...], str]] = {
    "certificates": (
        "Sertifikalar",
        (*_WHO, _Column("Sertifika Bitiş Tarihi", "date"), _Column("Sertifika Seri No", "id")),
        "esign import {path}",
    ),
    "applications": (
        "Başvurular",
        (*_WHO, _Column("Başvuru Tarihi", "date")),
        "esign applications add --from {path}",
    ),
    "cards": (
        "Kartlar",
        (*_WHO, _Column("Tarih", "date")),
        "esign applications arrive --from {path}",
    ),
}
"""The title of the sheet, its columns (Turkish, whatever is spoken), and what takes it back."""


def template(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=N_("certificates, applications or cards."))
    ],
    output: options.Output = None,
    force: options.Force = False,
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.foundation.errors.usage import UnknownEnding, UnknownWord
    from esign_cli.outputs import tables
    from esign_cli.wording import labels

    context = from_typer(ctx)
    meant = labels.TEMPLATES.code(name)
    if meant is None:
        raise UnknownWord(option="NAME", given=name, known=list(TEMPLATES))
    if output is not None and output.suffix.lower() != ".xlsx":
        raise UnknownEnding(path=str(output), known=[".xlsx"])
    form = asking.form(context, "template", "xlsx", output, json=False, force=force)
    asking.deliver(tables.to_xlsx(_table(meant)), form)
    if output is not None:
        _title, _columns, back = TEMPLATES[meant]
        context.console.say(
            _("Written: {path}. Filled in, it is taken back by:").format(path=output)
        )
        context.console.say("  " + back.format(path=shell.command_line([str(output)])))


def _table(name: str) -> Table:
    from esign_cli.outputs.tables import Column, Kind, Table

    title, columns, _back = TEMPLATES[name]
    return Table(title, [Column(one.header, Kind(one.kind)) for one in columns], ())
