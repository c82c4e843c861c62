"""Applications as tables, files, histories and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import typer

from esign_cli.cli import arguments as asking
from esign_cli.cli import whom
from esign_cli.cli.arguments import PersonList
from esign_cli.cli.context import Context
from esign_cli.commands.applications.approvals import approved, columns
from esign_cli.commands.applications.arguments import Named
from esign_cli.commands.applications.job import Failure, Outcome
from esign_cli.commands.applications.overview import Listing, Row
from esign_cli.commands.text.application import AFTER_REFUSAL, CALL_CENTRE, as_json, history
from esign_cli.commands.text.reason import place, said
from esign_cli.foundation import i18n, turkish
from esign_cli.foundation.dates import day
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.renewals import ApprovalRefused
from esign_cli.foundation.exit_codes import PARTLY
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.people import Source
from esign_cli.foundation.standing import Reason, Verdict
from esign_cli.outputs import tables
from esign_cli.outputs.tables import Kind
from esign_cli.outputs.tables.columns import ColumnSpec, fill
from esign_cli.renewals.application.life_cycle import STATES, STEPS, Event, legal_steps
from esign_cli.store import Store
from esign_cli.wording import labels
from esign_cli.wording.sentences import next_step, sentence


def written(context: Context, answer: Listing, form: asking.Form) -> Listing:
    """Write the list as a file or as JSON, an application at a time; of one to be shown, read it.

    Gives the list as it is after that: to show numbers, it must no longer be read.
    """
    if form.name == "table":
        return replace(answer, rows=tuple(answer.rows))
    if form.name != "json":
        asking.deliver_table(table(answer.rows), form)
        return answer
    data = {
        "on": answer.question.today.isoformat(),
        "province": answer.question.province,
        "counts": dict(answer.counts),
        "overdue": answer.overdue,
        "applications": map(_object, answer.rows),
    }
    asking.give_json(context, "applications", data, (), form)
    return answer


def listing(
    context: Context, store: Store, answer: Listing, form: asking.Form, *, show_ids: bool
) -> None:
    """Show the list as a table, if so asked, and say what has to be known beside it."""
    if form.name == "json":
        return
    steps: Iterator[str] = iter(())
    if form.name == "table":
        rows = tuple(answer.rows)
        steps = _next_step(rows, _table(context, store, rows, show_ids=show_ids))
    for line in (*_beside(answer), *steps):
        context.console.say(line)


def approvals(context: Context, answer: Listing, year: int, form: asking.Form) -> None:
    """Show how many were approved in a year, in the form that was asked for."""
    counted = approved(answer.rows, year)
    title = _("Approved in {year}").format(year=year)
    if form.name == "json":
        lines = [{"district": one.district, "months": list(one.months)} for one in counted]
        asking.give_json(context, "applications", {"year": year, "approved": lines}, (), form)
    elif form.name == "table":
        context.console.heading(title)
        context.console.listing(columns(), counted)
    else:
        asking.deliver_table(fill(title, columns(), counted), form)


def _next_step(rows: Sequence[Row], taken: Mapping[int, int]) -> Iterator[str]:
    """What is usually done with the first of the applications listed, by the number shown."""
    for row in rows[:1]:
        if row.application.state == "delivered":
            yield "  esign check-card --save"  # by which the new certificate is known
            continue
        steps = legal_steps(row.application.state)
        likely = next((step for step in ("approve", "deliver", "submit") if step in steps), "show")
        yield f"  esign applications {likely} {_taken(row, taken)}"


def _beside(answer: Listing) -> Iterator[str]:
    left = {state: answer.counts[state] - answer.listed.get(state, 0) for state in STATES}
    counted = " · ".join(f"{labels.state(s)}: {i18n.number(n)}" for s, n in left.items() if n)
    nothing = not any(answer.listed.values())
    if counted and nothing:
        yield _("There is no application to list.")
    if counted:
        yield _("Not shown: {counted}").format(counted=counted)
    if nothing and not counted:
        yield _("No application is known here.")
        yield "  esign applications add 10000000146"
    if answer.overdue:
        yield _("Overdue cards: {count}. The call centre: {phone}").format(
            count=i18n.number(answer.overdue), phone=CALL_CENTRE
        )


def histories(context: Context, outcome: Outcome, people: PersonList, *, show_ids: bool) -> None:
    """Show each application with its events, oldest first."""
    console = context.console
    if not console.json_of:
        for row in outcome.done:
            for line in _history(row, show_ids=show_ids):
                console.out(line)
    _end(context, outcome, people)


# --- what is asked ------------------------------------------------------------------------------


def question(row: Row, step: str, *, show_ids: bool) -> str:
    """Return what is asked before a step is entered for one person: data first."""
    state = labels.state(STEPS[step].to)
    return _("{who}. Enter this step: {state}?").format(who=_who(row, show_ids), state=state)


def undo_question(row: Row, taken: Event, *, show_ids: bool) -> str:
    """Return what is asked before a step is taken back."""
    return _("{who}. Take back this step: {state}, {date}?").format(
        who=_who(row, show_ids), state=labels.state(taken.state), date=day(taken.date)
    )


def undone(
    context: Context, store: Store, outcome: Outcome, named: Named, *, show_ids: bool
) -> None:
    """Show how the application stands again, and that nobody told the portal."""
    if not context.console.json_of:
        _table(context, store, outcome.done, show_ids=show_ids)
        context.console.say(_("Taken back here. On the portal nothing has changed."))
    _end(context, outcome, named.asked)


def _who(row: Row, show_ids: bool) -> str:
    institution = row.record.institution if row.record else ""
    application = _("application {number}").format(number=row.application.number)
    parts = (_id(row, whole=show_ids), _name(row), institution, application)
    return ", ".join(filter(None, parts))


# --- what was done -------------------------------------------------------------------------------


def outcome(
    context: Context, store: Store, outcome: Outcome, named: Named, *, show_ids: bool
) -> None:
    """Show what a command did, passed over and could not do; end with the exit code for it."""
    console = context.console
    outcome = replace(outcome, failed=(*named.failed, *outcome.failed))
    if not console.json_of:
        taken = _table(context, store, outcome.done, show_ids=show_ids)
        for row in outcome.skipped:
            console.say(
                _("Application {number} is so already: {state}, {date}").format(
                    number=row.application.number,
                    state=labels.state(row.application.state),
                    date=day(row.application.since),
                )
            )
        if any(row.application.state == "approved" for row in outcome.done):
            console.say(_("Recorded. Give the approval itself on the portal."))
        _say_strangers(context, outcome)
        for line in _next_step(outcome.done, taken):
            console.say(line)
    _end(context, outcome, named.asked)


def _say_strangers(context: Context, outcome: Outcome) -> None:
    """Those of whom nothing is known: perhaps a number was mistyped for another valid one."""
    for row in outcome.done:
        if not row.known and row.application.national_id:
            context.console.say(
                _("No file, card or list names this person; look at the number: {who}").format(
                    who=turkish.mask(row.application.national_id)
                )
            )


def _end(context: Context, outcome: Outcome, people: PersonList) -> None:
    console = context.console
    steps = []
    for failure in outcome.failed:
        *lines, step = _why(failure, people.file)
        for line in lines:
            console.say(line)
        steps.append(step)
    for step in filter(None, dict.fromkeys(steps)):
        console.say(step)
    asking.say_bad_lines(context, people)
    if console.json_of:
        problems = [
            *(_problem(one, people.file) for one in outcome.failed),
            *asking.bad_lines(people),
        ]
        reached = bool(outcome.done or outcome.skipped)
        data = {
            "applications": list(map(_object, outcome.done)),
            "skipped": list(map(_object, outcome.skipped)),
        }
        console.envelope(data if reached or not problems else None, problems)
    if code := _exit_code(outcome, people):
        raise typer.Exit(code)


def _exit_code(outcome: Outcome, people: PersonList) -> int:
    """0 done, 8 done in part; of a command that did nothing at all, that of its first problem."""
    if not outcome.failed:
        return PARTLY if people.bad else 0
    return PARTLY if outcome.done or outcome.skipped else outcome.failed[0].error.exit_status


def _why(failure: Failure, file: str) -> Iterator[str]:
    """What went wrong, with whom, and why; what to do about it comes last, perhaps empty."""
    error = failure.error
    spoken = type(error)(**_spoken(error))
    what = sentence(spoken)
    yield _("Error: {what}").format(what=what)
    if failure.row:
        where = _("{file}, line {row}").format(file=file, row=failure.row)
        yield f"  {failure.given} ({where})"
    elif failure.given not in what:
        yield f"  {failure.given}"
    if not isinstance(error, ApprovalRefused):
        yield next_step(spoken)
        return
    verdict = error.facts["verdict"]
    if verdict:
        yield f"  {labels.verdict(Verdict(verdict))}"
    for facts in error.facts["details"]:
        where = facts["source"]
        reason = Reason(facts["code"], None, facts["field"] or "", facts["value"] or "")
        where_from = f"  [{place(Source(**where))}]" if where else ""
        yield f"  – {said(reason)}{where_from}"
    yield _(AFTER_REFUSAL[verdict]) if verdict in AFTER_REFUSAL else next_step(error)


def _spoken(error: EsignError) -> dict[str, Any]:
    """The facts of an error as they are said: a state by its name."""
    state = error.facts.get("state", "")
    return {**error.facts, "state": labels.state(state)} if state else error.facts


def _problem(failure: Failure, file: str) -> dict[str, Any]:
    beside = {"file": file, "row": failure.row} if failure.row else {}
    return {**failure.error.to_facts(), "id": failure.given, **beside}


# --- tables --------------------------------------------------------------------------------------


def _table(
    context: Context, store: Store, rows: Sequence[Row], *, show_ids: bool
) -> Mapping[int, int]:
    """Show the applications, each under the number by which a command takes it; gives these.

    It is the application's own, or its owner's where a list gave that one to somebody else.
    """
    ordered = sorted(reversed(rows), key=lambda row: row.application.open)
    own = {row.application.national_id: row.application.number for row in ordered}
    numbers = whom.numbers(context, store, own, own)
    taken = {own[owner]: number for owner, number in numbers.items() if number != own[owner]}
    columns = (
        ColumnSpec(N_("No"), lambda row: _taken(row, taken), Kind.NUMBER),
        *([ColumnSpec(N_("Application no"), "application.number", Kind.NUMBER)] if taken else []),
        ColumnSpec(N_("National id"), lambda row: _id(row, whole=show_ids), spare=2),
        ColumnSpec(N_("Name"), _name),
        ColumnSpec(N_("District"), "record.district", spare=3),
        ColumnSpec(N_("State"), _state, tone=_tone),
        ColumnSpec(N_("Since"), "application.since"),
        ColumnSpec(N_("Application for"), _reason, spare=1),
        ColumnSpec(N_("Overdue"), lambda row: _("yes") if row.overdue else "", tone=_tone),
    )
    context.console.listing(columns, rows)
    return taken


def _taken(row: Row, taken: Mapping[int, int]) -> int:
    """The number by which a command takes the application of a row."""
    return taken.get(row.application.number, row.application.number)


def table(rows: Iterable[Row]) -> tables.Table:
    """Return the applications with everything that a file of them holds."""
    return fill(_("Applications"), _COLUMNS, rows)


def _name(row: Row) -> str:
    return row.name if row.application.national_id else _("(forgotten)")


def _state(row: Row) -> str:
    return labels.state(row.application.state)


def _tone(row: Row) -> tables.Tone:
    return _BAD if row.overdue else _STATE_TONES.get(row.application.state, tables.Tone.PLAIN)


_BAD, _GOOD = tables.Tone.BAD, tables.Tone.GOOD
_STATE_TONES = {
    "waiting": tables.Tone.NOTICE,
    **dict.fromkeys(("returned", "rejected"), _BAD),
    **dict.fromkeys(("approved", "arrived", "delivered", "active"), _GOOD),
}


def _reason(row: Row) -> str:
    return labels.application_reason(row.application.reason)


def _province(row: Row) -> str:
    province = row.record.province if row.record else ""
    return turkish.province_name(province) if province else ""


_COLUMNS = (
    ColumnSpec(N_("No"), "application.number", Kind.NUMBER),
    ColumnSpec(N_("National id"), "application.national_id", Kind.ID),
    ColumnSpec(N_("Name"), "name"),
    ColumnSpec(N_("Province"), _province),
    ColumnSpec(N_("District"), "record.district"),
    ColumnSpec(N_("Institution"), "record.institution"),
    ColumnSpec(N_("Application for"), _reason),
    ColumnSpec(N_("Signed by hand"), lambda row: _("yes") if row.application.wet_ink else ""),
    ColumnSpec(N_("State"), _state),
    ColumnSpec(N_("Since"), "application.since", Kind.DATE),
    ColumnSpec(N_("Opened"), "application.opened", Kind.DATE),
    ColumnSpec(N_("Approved on"), "application.approved", Kind.DATE),
    ColumnSpec(N_("Overdue"), lambda row: _("yes") if row.overdue else ""),
    ColumnSpec(N_("Note"), lambda row: row.application.events[-1].note),
)


def _id(row: Row, *, whole: bool) -> str:
    national_id = row.application.national_id
    return national_id if whole else turkish.mask(national_id)


def _history(row: Row, *, show_ids: bool) -> Iterator[str]:
    owner = f"{_id(row, whole=show_ids)}  {row.name}".rstrip()
    return history(row.application, owner=owner, overdue=row.overdue)


def _object(row: Row) -> dict[str, Any]:
    return as_json(row.application, name=row.name, record=row.record, overdue=row.overdue)
