"""The list by which a pile of cards is handed over: xlsx to work with, PDF to be signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esign_cli.foundation import files, i18n, turkish
from esign_cli.foundation.dates import day
from esign_cli.foundation.errors.usage import UnknownEnding
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from datetime import date

    from esign_cli.commands.cards.watch_job import Entry
    from esign_cli.outputs.tables import Table
    from esign_cli.outputs.tables.columns import ColumnSpec

TEMPLATE = "hand_over"


def check(paths: Sequence[Path], *, force: bool) -> None:
    """Raise what keeps the lists from being written, before any card is read."""
    for path in paths:
        ending = path.suffix.lower()
        if ending not in _MADE:
            raise UnknownEnding(path=str(path), known=list(_MADE))
        if ending == ".pdf":
            from esign_cli.outputs import typeset

            typeset.need()
        files.check_output(path, force=force)


def write(path: Path, entries: Sequence[Entry], institution: str, on: date) -> None:
    """Leave the list at `path`, in the format that its ending names."""
    files.write_private(path, _MADE[path.suffix.lower()](entries, institution, on))


def _xlsx(entries: Sequence[Entry], _institution: str, _on: date) -> bytes:
    from esign_cli.outputs import tables

    return tables.to_xlsx(_table(entries))


def _pdf(entries: Sequence[Entry], institution: str, on: date) -> bytes:
    from esign_cli.outputs import typeset

    return typeset.pdf(TEMPLATE, _document(entries, institution, on))


_MADE: dict[str, Callable[[Sequence[Entry], str, date], bytes]] = {".xlsx": _xlsx, ".pdf": _pdf}


def _table(entries: Sequence[Entry]) -> Table:
    """The work product: national ids are whole."""
    from esign_cli.outputs.tables.columns import fill

    return fill(_("Hand-over list"), _columns(), list(enumerate(entries, 1)))


def _columns() -> tuple[ColumnSpec, ...]:
    """The columns for numbered cards; the last ones are filled in by hand."""
    from esign_cli.outputs.tables import Kind
    from esign_cli.outputs.tables.columns import ColumnSpec, below

    card = (
        ColumnSpec(N_("District"), "district"),
        ColumnSpec(N_("Institution"), "institution"),
        ColumnSpec(N_("Holder"), "holder"),
        ColumnSpec(N_("Kimlik no"), "national_id", Kind.ID),
        ColumnSpec(N_("Card serial"), "token_serial", Kind.ID),
        ColumnSpec(N_("Issuer"), "issuer"),
        ColumnSpec(N_("End"), "end", Kind.DATE),
    )
    by_hand = (N_("Handed over on"), N_("Received by, signature"))
    return (
        ColumnSpec(N_("No"), itemgetter(0), Kind.NUMBER),
        *below(itemgetter(1), card),
        *(ColumnSpec(title, lambda _card: "") for title in by_hand),
    )


def _document(entries: Sequence[Entry], institution: str, on: date) -> dict[str, Any]:
    """What the template is handed: paper goes from hand to hand, so national ids are masked."""
    parts = groupby(entries, key=lambda entry: entry.district)
    titles = [_(column.title) for column in _columns()]
    return {
        "lang": i18n.language(),
        "title": _("Hand-over list of e-imza cards"),
        "institution": institution,
        "foot": _("Read on: {date} · cards: {count}").format(date=day(on), count=len(entries)),
        "columns": [titles[0], *titles[2:]],  # the district is the title of a part
        "parts": [_part(district, list(cards)) for district, cards in parts],
        "boxes": [_("Handed over by"), _("Taken by, for all cards above")],
        "box_fields": [_("Name"), _("Date"), _("Signature")],
    }


def _part(district: str, cards: Sequence[Entry]) -> dict[str, Any]:
    title = _("District: {district} · cards: {count}")
    return {
        "title": title.format(district=district or _("not known"), count=len(cards)),
        "rows": [
            [
                str(number),
                card.institution or "–",
                card.holder,
                turkish.mask(card.national_id) or "–",
                card.token_serial,
                card.issuer,
                day(card.end),
                "",
                "",
            ]
            for number, card in enumerate(cards, 1)
        ],
    }
