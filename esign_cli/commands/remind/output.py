"""What `esign remind` would send, or has sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.message import EmailMessage
from operator import itemgetter
from typing import Any

import typer

from esign_cli.cli import whom
from esign_cli.cli.arguments import number_column
from esign_cli.cli.context import Context
from esign_cli.commands.remind import text
from esign_cli.commands.remind.delivery import Outcome, Sent
from esign_cli.commands.remind.job import Due, Plan
from esign_cli.commands.text import form as form_labels
from esign_cli.commands.text import reminder
from esign_cli.foundation import i18n, turkish
from esign_cli.foundation.exit_codes import INTERRUPTED, PARTLY
from esign_cli.foundation.i18n import N_, _
from esign_cli.outputs.attributes import at
from esign_cli.outputs.json_data import pick
from esign_cli.outputs.messages.letters import Letters
from esign_cli.outputs.messages.sms import parts
from esign_cli.outputs.tables.columns import ColumnSpec, below
from esign_cli.store import Store
from esign_cli.wording.sentences import sentence


def dry(
    context: Context,
    store: Store,
    plan: Plan,
    letter: EmailMessage | str | None,
    *,
    show_ids: bool,
) -> None:
    """Show what would be sent, to whom and where to, and how the first letter reads."""
    if context.console.json_of:
        context.console.envelope(_data(plan, None, show_ids=show_ids))
        return
    numbers = first(context, store, plan, letter, show_ids=show_ids)
    context.console.say(
        _("Would be sent: {count}. Nothing was sent.").format(count=i18n.number(len(plan.due)))
    )
    whom.say_next(context, numbers)


def first(
    context: Context,
    store: Store,
    plan: Plan,
    letter: EmailMessage | str | None,
    *,
    show_ids: bool,
) -> Mapping[str, int]:
    """Show to whom a run would write, and how the first letter reads; gives the list's numbers."""
    console = context.console
    numbers = _numbers(context, store, plan)
    _table(context, [(due, "") for due in plan.due], numbers, show_ids=show_ids)
    _say_without_address(context, plan, numbers, show_ids=show_ids)
    _say_beside(context, plan)
    if letter is None:
        return numbers
    console.say(_("The first of them reads:"))
    text: str = str(letter)
    if isinstance(letter, EmailMessage):
        body = letter.get_body(("plain",))
        text = f"{letter['Subject']}\n\n{body.get_content() if body else ''}"
    for line in text.splitlines():
        console.say(f"| {line}".rstrip(), indent=2)
    if isinstance(letter, str):
        console.say(
            _("Characters: {count} · parts of this SMS: {parts}").format(
                count=i18n.number(len(text)), parts=i18n.number(parts(text))
            )
        )
    return numbers


def say_parts(
    context: Context, plan: Plan, letters: Letters, facts: Callable[[Due], Mapping[str, Any]]
) -> None:
    """Say how many parts the SMS of a run take, which is what they cost."""
    by_sms = [due for due in plan.due if due.channel == "sms"]
    if by_sms and not context.console.json_of:
        taken = [parts(letters.sms(due.text, facts(due))) for due in by_sms]
        line = _("SMS: {count} · parts in all: {parts} · of more than one part: {long}")
        long = sum(one > 1 for one in taken)
        figures = {"count": len(by_sms), "parts": sum(taken), "long": long}
        context.console.say(line.format(**{k: i18n.number(v) for k, v in figures.items()}))


def say_wait(context: Context, seconds: float) -> None:
    """Say that a busy server is waited for."""
    line = _("The mail server is busy; going on in {seconds} seconds.")
    context.console.say(line.format(seconds=i18n.number(round(seconds))))


def show(
    context: Context, store: Store, plan: Plan, sent: Sequence[Sent], *, show_ids: bool
) -> None:
    """Show what was sent, and what was not and why."""
    if context.console.json_of:
        problems = [one.error.to_facts() for one in _failed(sent) if one.error]
        context.console.envelope(_data(plan, sent, show_ids=show_ids), problems)
        return
    rows = [(one.due, _(text.OUTCOMES[one.outcome])) for one in sent]
    numbers = _numbers(context, store, plan)
    _table(context, rows, numbers, show_ids=show_ids)
    _say_without_address(context, plan, numbers, show_ids=show_ids)
    _say_beside(context, plan)
    for line in _why(_failed(sent)):
        context.console.say(line)
    _say_sums(context, sent)
    whom.say_next(context, numbers)


def say_numbers(context: Context, plan: Plan, sent: Sequence[Sent]) -> None:
    """Say the same of nobody by name: a log outlives whoever is forgotten."""
    if plan.without_address:
        line = _("Without a usable address: {count}")
        context.console.say(line.format(count=i18n.number(len(plan.without_address))))
    _say_beside(context, plan)
    for line in dict.fromkeys(_ADDRESS.sub("…", line) for line in _why(_failed(sent))):
        context.console.say(line)
    _say_sums(context, sent)


_ADDRESS = re.compile(r"\S+@\S+|\+?\d[\d ()-]{6,}\d")
"""What a server may repeat in its answer: where it should have delivered to."""


def end(sent: Sequence[Sent]) -> None:
    """End with exit code 8 if anything was not sent, unless it was only put off."""
    failed = _failed(sent)
    if any(one.outcome is Outcome.CUT_OFF for one in failed):
        raise typer.Exit(INTERRUPTED)
    put_off = all(one.outcome is Outcome.PUT_OFF for one in failed)
    if failed and not (put_off and len(failed) < len(sent)):
        raise typer.Exit(PARTLY)


def _failed(sent: Sequence[Sent]) -> list[Sent]:
    return [one for one in sent if one.outcome is not Outcome.SENT]


def _say_sums(context: Context, sent: Sequence[Sent]) -> None:
    failed = len(_failed(sent))
    context.console.say(
        _("Sent: {sent} · not sent: {failed}").format(
            sent=i18n.number(len(sent) - failed), failed=i18n.number(failed)
        )
    )


def _why(failed: Sequence[Sent]) -> Iterator[str]:
    """Each reason once, with how many it kept back; what was sent not at all last."""
    counts: dict[str, int] = {}
    for one in failed:
        if one.error is not None:
            said = sentence(one.error)
            counts[said] = counts.get(said, 0) + 1
    for said, count in counts.items():
        yield f"{said} ({i18n.number(count)})"
    if failed:
        yield _("What was not sent is tried again by the next run.")


# --- for people ----------------------------------------------------------------------------------


def _numbers(context: Context, store: Store, plan: Plan) -> Mapping[str, int]:
    """The numbers of all whom a run is about, whether they have an address or not."""
    every = (*plan.due, *plan.without_address)
    return whom.numbers(context, store, [due.standing.facts.national_id for due in every])


def _table(
    context: Context,
    rows: Sequence[tuple[Due, str]],
    numbers: Mapping[str, int],
    *,
    show_ids: bool,
) -> None:
    columns = [
        *below(itemgetter(0), number_column(numbers, "standing.facts.national_id")),
        ColumnSpec(N_("National id"), lambda row: _id(row[0], whole=show_ids)),
        ColumnSpec(N_("Name"), lambda row: row[0].name),
        ColumnSpec(N_("Valid until"), lambda row: at(row[0], "standing.certificate.not_after")),
        ColumnSpec(N_("Before the end"), lambda row: reminder.threshold(row[0].owed.threshold)),
        ColumnSpec(N_("Text"), lambda row: _(reminder.TEXTS[row[0].text])),
        ColumnSpec(N_("To"), lambda row: form_labels.phone(row[0].address)),
    ]
    if rows and rows[0][1]:
        columns.append(ColumnSpec(N_("Outcome"), lambda row: row[1]))
    context.console.listing(columns, rows)


def _id(due: Due, *, whole: bool) -> str:
    national_id = due.standing.facts.national_id
    return national_id if whole else turkish.mask(national_id)


def _other_addresses(due: Due) -> Iterator[str]:
    """How else somebody can be reached, as far as is known."""
    person = due.standing.facts.person
    if person is None:
        return
    if due.channel != "sms" and person.mobile_phone:
        yield form_labels.phone(person.mobile_phone)
    if due.channel != "email" and person.email:
        yield person.email


def _say_without_address(
    context: Context, plan: Plan, numbers: Mapping[str, int], *, show_ids: bool
) -> None:
    say = context.console.say
    if plan.without_address:
        say(_("Without a usable address:"))
    for due in plan.without_address:
        one = due.standing
        where = one.record.institution if one.record else ""
        who = _id(due, whole=show_ids)
        problem = form_labels.problem(due.problem)
        channel = _(reminder.CHANNELS[due.channel])
        others = _other_addresses(due)
        listed = numbers.get(one.facts.national_id)
        parts = (str(listed or ""), who, due.name, where, f"{channel}: {problem}", *others)
        say("  " + " · ".join(filter(None, parts)))


def _say_beside(context: Context, plan: Plan) -> None:
    """Say how many were passed over and why, and how old the roster is."""
    say = context.console.say
    passed = " · ".join(
        f"{_(text.PASSED_OVER[code])}: {i18n.number(count)}"
        for code, count in plan.passed_over.items()
        if count
    )
    if passed:
        say(_("Near the end, but not reminded: {counted}").format(counted=passed))
        say("  " + _("esign eligible --verdict all --phase open --phase late"))
    if plan.roster.as_of is None:
        say(_("There is no MEBBİS export yet."))
    else:
        days = (context.today - plan.roster.as_of).days
        say(_("MEBBİS export is {days} days old.").format(days=i18n.number(days)))


# --- for programs --------------------------------------------------------------------------------


def _data(plan: Plan, sent: Sequence[Sent] | None, *, show_ids: bool) -> dict[str, Any]:
    request = plan.request
    rows = [(due, None, None) for due in plan.due] if sent is None else _outcomes(sent)
    return {
        "on": request.on.isoformat(),
        "province": request.province,
        "channels": list(request.channels),
        "dry_run": sent is None,
        **pick(plan.roster, "roster_as_of=as_of"),
        "reminders": [
            {**_object(due, show_ids=show_ids), "outcome": outcome, "problem": problem}
            for due, outcome, problem in rows
        ],
        "without_address": [
            {
                **_object(due, show_ids=show_ids),
                **pick(due, "mobile_phone=standing.facts.person.mobile_phone"),
                **pick(due, "email=standing.facts.person.email"),
                "problem": due.problem,
            }
            for due in plan.without_address
        ],
        "passed_over": dict(plan.passed_over),
    }


def _outcomes(sent: Sequence[Sent]) -> list[tuple[Due, str | None, str | None]]:
    return [(one.due, one.outcome.value, one.error.code if one.error else None) for one in sent]


def _object(due: Due, *, show_ids: bool) -> dict[str, Any]:
    return {
        "national_id": _id(due, whole=show_ids),
        **pick(
            due,
            "name district=standing.record.district institution=standing.record.institution"
            " not_after=standing.certificate.not_after threshold=owed.threshold.code",
        ),
        "superseded": [older.code for older in due.owed.superseded],
        **pick(due, "channel text address"),
    }
