"""`esign check-card`: what is on the cards in the readers, without a PIN."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli.context import Context, from_typer
from esign_cli.cli.options import Force, Json, Module, Reader, ShowIds, Timeout, Token
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.cards.tokens import Token as Card
    from esign_cli.commands.cards.check_job import Report

HELP = N_(
    """Read the certificates of every card in the readers, without a PIN.

    Shows whose each certificate is, until when it is valid, where its renewal stands, and what to
    do next. Nothing is written to the card, and no login is tried. The card driver is looked for:
    --module, then ESIGN_PKCS11_MODULE, then the setting “module”, then the places where drivers
    are installed (AKİS first), then p11-kit.

    With --watch it goes on: each card that is put in gives one line, until Ctrl-C. --hand-over then
    writes the list by which the cards are handed over, by district, with a column to sign in: as a
    workbook, or as a PDF to be printed in which national ids are masked. It may be given twice.

    Exit codes: 0 read, 4 no driver, reader, card or certificate, 8 something could not be read.

    \b
    esign check-card
    esign check-card --save
    esign check-card --watch --save --hand-over teslim.xlsx --hand-over teslim.pdf
    esign check-card --module /usr/lib/libakisp11.so --json
    """
)


def check_card(
    ctx: typer.Context,
    module: Module = None,
    token: Token = None,
    reader: Reader = None,
    timeout: Timeout = None,
    save: Annotated[
        bool, typer.Option("--save", help=N_("Keep each certificate for the person it names."))
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help=N_("Read card after card until Ctrl-C."))
    ] = False,
    hand_over: Annotated[
        list[Path] | None,
        typer.Option(
            "--hand-over", metavar="PATH", help=N_("With --watch: the list, as .xlsx or .pdf.")
        ),
    ] = None,
    force: Force = False,
    show_ids: ShowIds = False,
    json: Json = False,
) -> None:
    context = from_typer(ctx, "check-card", json=json)
    if watch or hand_over:
        from esign_cli.commands.cards import watch_command

        lists = tuple(hand_over or ())
        chosen = watch_command.Chosen(module, reader, timeout, lists, save=save, show_ids=show_ids)
        watch_command.check_usage(chosen, watch=watch, token=token, force=force)
        watch_command.watch(context, chosen)
        return
    from esign_cli.cards.process import taken

    with taken() as process:  # it loads its own while we load ours
        from esign_cli.cards import tokens

        chosen_module = context.card_module(module)
        cards = tokens.read_tokens(
            chosen_module, process=process, meanwhile=_load_our_own, timeout=timeout
        )
    report = _judge(context, tokens.choose(cards, token, reader), save=save)
    if json:
        from esign_cli.commands.cards.check_job import document

        context.console.envelope(document(report), [p.to_facts() for p in report.problems])
    else:
        _show(context, report, show_ids=show_ids, saved=save)
    if report.problems:
        from esign_cli.foundation.exit_codes import PARTLY

        raise typer.Exit(PARTLY)


def _load_our_own() -> None:
    """Import what is wanted once the card has answered, which takes as long as its answer."""
    from importlib import import_module

    for name in ("asn1crypto.x509", "esign_cli.commands.cards.check_job"):
        import_module(name)


def _judge(context: Context, cards: tuple[Card, ...], *, save: bool) -> Report:
    """The report on these cards; the database is opened where they are to be kept."""
    from functools import partial

    from esign_cli.commands.cards import check_job as job

    judge = partial(
        job.check_card,
        cards,
        policy=context.settings.policy,
        today=context.today,
        tries=context.tries_of,
    )
    if not save:
        return judge()
    from esign_cli.store import cards as kept

    with context.store() as store:
        keep = partial(
            kept.save_certificate,
            store,
            origin="card",
            now=context.now,
            policy=context.settings.policy,
        )
        return judge(save=keep)


def _show(context: Context, report: Report, *, show_ids: bool, saved: bool) -> None:
    from esign_cli.commands.cards import text
    from esign_cli.wording.sentences import told

    console = context.console
    for card in report.cards:
        for line in text.heading(card, whole_ids=show_ids):
            console.out(line)
        for checked in card.certificates:
            console.out()
            for line in text.block(checked, whole_ids=show_ids):
                console.out(line)
        if not card.certificates:
            console.out(_("There is no certificate on it."))
        console.out()
    for problem in report.problems:
        console.say(told(problem))
    if not saved:
        console.say(_("To keep what was read: esign check-card --save"))
