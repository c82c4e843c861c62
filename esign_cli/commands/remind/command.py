"""`esign remind`: tell people in time that their e-signature comes to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage

    from esign_cli.commands.remind.delivery import Channel, Sent
    from esign_cli.commands.remind.job import Due, Plan, RemindRequest
    from esign_cli.outputs.messages.letters import Letters
    from esign_cli.store import Store

HELP = N_(
    """Remind people by e-mail or SMS, in time, that their e-signature comes to an end.

    A reminder goes out 3 months, 6 weeks, 1 month and 10 days before the end (remind.thresholds),
    once for each certificate, threshold and channel; after a gap only the nearest one. Who has
    applied, has a new certificate or was marked gets none; whose MEBBİS record needs updating is
    told to see to that first. People without an address are listed. A message that cannot be sent
    is tried again by the next run. Exit code 8: not all of them could be sent.

    The mail server is set by smtp.host, smtp.from and their like; docs:reminders has it all.

    \b
    esign remind --dry-run
    esign remind --list
    esign remind --province batman
    esign remind --channel sms --yes
    """
)
ON = Annotated[
    str | None,
    typer.Option(
        "--on", metavar="YYYY-MM-DD", help=N_("What a run on this date would send; sends nothing.")
    ),
]


def remind(
    ctx: typer.Context,
    province: options.Province = None,
    district: options.District = None,
    channel: Annotated[
        list[str] | None,
        typer.Option("--channel", metavar="NAME", help=N_("email or sms; e-mail unless given.")),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Show what would be sent, and send nothing."))
    ] = False,
    on: ON = None,
    list_: Annotated[
        bool,
        typer.Option("--list", help=N_("List who was reminded and has submitted nothing since.")),
    ] = False,
    patience: Annotated[
        int,
        typer.Option(
            "--patience", min=0, metavar="N", help=N_("Minutes to wait for a busy mail server.")
        ),
    ] = 10,
    yes: options.Yes = False,
    show_ids: options.ShowIds = False,
    no_names: Annotated[
        bool,
        typer.Option(
            "--no-names",
            help=N_("Say numbers and reasons only: for a log; in systemd's journal always."),
        ),
    ] = False,
    json: options.Json = False,
) -> None:
    from functools import partial

    from esign_cli.commands.remind import job, output
    from esign_cli.foundation import processes

    context = from_typer(ctx, "remind", json=json)
    request = _request(context, province, district, channel or ["email"], on)
    policy = context.settings.policy
    if list_:
        from esign_cli.commands.remind import response

        with context.store() as store:
            listed = response.silent(store, request, policy)
            response.show(context, store, listed, show_ids=show_ids)
        return
    if dry_run or on:
        with context.store() as store:
            plan = job.plan(store, request, policy)
            letter = _first_letter(context, plan, _letters(context, request))
            output.say_parts(context, plan, _letters(context, request), partial(_facts, context))
            output.dry(context, store, plan, letter, show_ids=show_ids)
        return
    with context.exclusive_run("remind"), context.store() as store:
        plan = job.plan(store, request, policy)
        sent = _sent(context, store, plan, patience, yes=yes, show_ids=show_ids)
        if (no_names or processes.into_journal()) and not json:
            output.say_numbers(context, plan, sent)
        else:
            output.show(context, store, plan, sent, show_ids=show_ids)
        output.end(sent)


def _request(
    context: Context,
    province: str | None,
    district: str | None,
    channels: list[str],
    on: str | None,
) -> RemindRequest:
    from esign_cli.cli import arguments as asking
    from esign_cli.commands.remind.job import FIELDS, RemindRequest
    from esign_cli.renewals.rules import reminders
    from esign_cli.wording import labels

    channels = [asking.code(labels.CHANNELS, name, "--channel", FIELDS) for name in channels]
    named = map(reminders.threshold, context.settings["remind.thresholds"])
    return RemindRequest(
        asking.day(on) if on else context.today,
        tuple(one for one in named if one),
        tuple(dict.fromkeys(channels)),
        asking.province(context, province),
        district or context.settings.district,
    )


def _sent(
    context: Context, store: Store, plan: Plan, minutes: int, *, yes: bool, show_ids: bool
) -> tuple[Sent, ...]:
    """Send what is owed, after everything that could stop all of it was looked at."""
    import time
    from functools import partial

    from esign_cli.commands.remind import delivery, output
    from esign_cli.foundation import clock

    letters = _letters(context, plan.request)
    if not plan.due:
        return ()
    facts = partial(_facts, context)
    output.say_parts(context, plan, letters, facts)
    if plan.first and not yes:
        _agree(context, store, plan, letters, show_ids=show_ids)
    with context.mailer() as mailer:
        every: dict[str, Channel] = {
            "email": delivery.ByEmail(mailer, letters, facts),
            "sms": delivery.BySms(context.sms_sender(), letters, facts),
        }
        channels = {name: every[name] for name in plan.request.channels}
        waiting = partial(output.say_wait, context)
        patience = delivery.Patience(minutes * 60.0, time.sleep, waiting)
        return delivery.send(store, plan, channels, clock.now, patience, context.console.progress)


def _facts(context: Context, due: Due) -> Mapping[str, Any]:
    """What the templates know of somebody."""
    from email.utils import parseaddr

    from esign_cli.commands.remind import text

    record = due.standing.record
    place = (record.district, record.institution_code) if record else ("", "")
    sender = parseaddr(context.settings["smtp.from"])[0]
    return text.facts(due, context.settings.profile_for(*place), sender)


def _letters(context: Context, request: RemindRequest) -> Letters:
    """The texts in force, each of which was tried."""
    from esign_cli.outputs.messages.letters import Letters
    from esign_cli.renewals.rules.reminders import ALL_TEXTS

    letters = Letters(context.settings["remind.templates"], context.settings["sms.sender"])
    letters.check(ALL_TEXTS, request.channels)
    return letters


def _first_letter(context: Context, plan: Plan, letters: Letters) -> EmailMessage | str | None:
    if not plan.due:
        return None
    first = plan.due[0]
    facts = _facts(context, first)
    by_sms = first.channel == "sms"
    return letters.sms(first.text, facts) if by_sms else letters.email(first.text, facts)


def _agree(context: Context, store: Store, plan: Plan, letters: Letters, *, show_ids: bool) -> None:
    """Show whom the first run of all would write to, and what; raises Declined or NoTerminal."""
    from esign_cli.commands.remind import output
    from esign_cli.foundation import i18n

    if context.console.interactive:
        letter = _first_letter(context, plan, letters)
        output.first(context, store, plan, letter, show_ids=show_ids)
    question = _("The first reminders ever: send them? Messages: {count}")
    context.console.agree(question.format(count=i18n.number(len(plan.due))))
