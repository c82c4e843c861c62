"""`esign cards`: every card that is seen now, to choose one by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from esign_cli.cli.context import Context, from_typer
from esign_cli.cli.options import Json, Module, Reader, Timeout
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esign_cli.cards.tokens import Token
    from esign_cli.commands.cards.list_job import SeenCard

HELP = N_(
    """List every card in the readers now: reader, card, holder, end, PIN.

    Where several people work at one desk, the other commands take the card or the reader from
    here: --token with the card's label or serial number, --reader with a part of the reader's name.
    No PIN is asked for.

    Exit codes: 0 listed, 4 no driver, reader or card, 8 a card could not be read.

    \b
    esign cards
    esign sign-form --token AKIS_0123456789
    """
)


def cards(
    ctx: typer.Context,
    module: Module = None,
    reader: Reader = None,
    timeout: Timeout = None,
    json: Json = False,
) -> None:
    from esign_cli.cards.process import CardProcess

    context = from_typer(ctx, "cards", json=json)
    with CardProcess() as process:  # it loads its own while we load ours
        from esign_cli.cards import tokens

        read = tokens.read_tokens(context.card_module(module), process=process, timeout=timeout)
    seen = _seen(context, tokens.choose(read, None, reader))
    problems = [card.token.problem for card in seen if card.token.problem]
    if json:
        from esign_cli.commands.cards.list_job import document

        context.console.envelope(document(seen), [problem.to_facts() for problem in problems])
    else:
        _show(context, seen)
    if problems:
        from esign_cli.foundation.exit_codes import PARTLY

        raise typer.Exit(PARTLY)


def _seen(context: Context, tokens: Sequence[Token]) -> tuple[SeenCard, ...]:
    """The cards, their PINs with the tries that are remembered."""
    from esign_cli.commands.cards.list_job import cards_seen

    return cards_seen(tokens, context.tries_of)


def _show(context: Context, seen: Sequence[SeenCard]) -> None:
    from esign_cli.commands.cards import text
    from esign_cli.wording.sentences import told

    headers = [_("Reader"), _("Card"), _("Serial"), _("Holder"), _("Issuer"), _("End"), _("PIN")]
    context.console.table(headers, [row for card in seen for row in text.rows(card)])
    for card in seen:
        if card.token.problem:
            context.console.say(told(card.token.problem))
