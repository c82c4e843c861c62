"""The answer of `esign eligible`, as a table, a file or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import typer

from esign_cli.cli import arguments as asking
from esign_cli.cli import whom
from esign_cli.cli.arguments import Form, PersonList
from esign_cli.cli.console import Console
from esign_cli.cli.context import Context
from esign_cli.commands.eligible.job import Answer, EligibleRequest
from esign_cli.commands.eligible.selection import valid_ends
from esign_cli.commands.text import standing as standing_text
from esign_cli.commands.text.reason import all_said
from esign_cli.foundation import i18n, turkish
from esign_cli.foundation.dates import day
from esign_cli.foundation.exit_codes import PARTLY
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.standing import Standing
from esign_cli.outputs import tables
from esign_cli.outputs.json_data import pick, plain
from esign_cli.outputs.tables import Kind
from esign_cli.outputs.tables.columns import ColumnSpec, fill
from esign_cli.store import Store
from esign_cli.wording import labels


def write(context: Context, answer: Answer, people: PersonList | None, form: Form) -> None:
    """Write the answer as a file or as JSON, a person at a time."""
    if form.name == "json":
        asking.give_json(context, "eligible", data(answer), asking.bad_lines(people), form)
    else:
        asking.deliver_table(table(answer), form)


def show(
    context: Context,
    store: Store,
    answer: Answer,
    people: PersonList | None,
    form: Form,
    *,
    show_ids: bool,
) -> None:
    """Show the answer as a table, if so asked, and say what the reader has to know.

    Ends with exit code 8 when lines of a list named nobody.
    """
    numbers: Mapping[str, int] = {}
    if form.name == "table":
        columns = _columns(answer.request, show_ids=show_ids)
        due = partial(standing_text.due, on=answer.request.on)
        shown = tuple(answer.people)
        numbers = whom.listing(context, store, columns, shown, "facts.national_id", due)
    if form.output is not None:
        context.console.say(
            _("Written: {path} · people: {count}").format(
                path=form.output, count=i18n.number(answer.tally.people)
            )
        )
    if form.name != "json":
        _say_the_rest(context.console, answer, context.today)
        whom.say_next(context, numbers)
    asking.say_bad_lines(context, people)
    if people and people.bad:
        raise typer.Exit(PARTLY)


# --- for people ----------------------------------------------------------------------------------


def _columns(request: EligibleRequest, *, show_ids: bool) -> tuple[ColumnSpec, ...]:
    def national_id(one: Standing) -> str:
        return one.facts.national_id if show_ids else turkish.mask(one.facts.national_id)

    return (
        ColumnSpec(N_("National id"), national_id, spare=2),
        ColumnSpec(N_("Name"), "name"),
        ColumnSpec(N_("District"), "record.district", spare=3),
        ColumnSpec(N_("Institution"), "record.institution", spare=4),
        ColumnSpec(N_("Valid until"), "certificate.not_after"),
        *(_asked_for(request) or (ColumnSpec(N_("Days left"), "days_left", Kind.NUMBER, spare=1),)),
        ColumnSpec(N_("Result"), lambda one: labels.verdict(one.verdict), tone=standing_text.tone),
        ColumnSpec(N_("Reason"), lambda one: all_said(one.reasons)),
    )


def _asked_for(request: EligibleRequest) -> tuple[ColumnSpec, ...]:
    """The days that the selection looks at, in place of those left."""
    selection, on = request.selection, request.on
    columns = {
        ColumnSpec(N_("Last day to apply"), "deadline"): selection.last_day_within is not None
        or "deadline-on-holiday" in selection.reasons,
        ColumnSpec(N_("Assignment ends"), "record.end"): selection.assignment_ends_within
        is not None,
        ColumnSpec(
            N_("Valid certificates"), lambda one: " · ".join(map(day, sorted(valid_ends(one, on))))
        ): selection.two_certificates,
    }
    return tuple(column for column, wanted in columns.items() if wanted)


def table(answer: Answer) -> tables.Table:
    """Return the answer with everything that a file of it holds."""
    return fill(_("Result"), standing_text.COLUMNS, answer.people)


# --- what is said beside it ----------------------------------------------------------------------


def _say_the_rest(console: Console, answer: Answer, today: date) -> None:
    for line in (*_what_is_missing(answer), *_counts(answer), *_age(answer, today)):
        console.say(line)


def _counts(answer: Answer) -> Iterator[str]:
    if answer.tally.due:
        yield _("Something is due that day (in bold on a terminal): {count}").format(
            count=i18n.number(answer.tally.due)
        )
    if left := answer.not_shown:
        counted = " · ".join(f"{labels.verdict(v)}: {i18n.number(n)}" for v, n in left.items())
        yield _("Not shown: {counted}").format(counted=counted)
    if answer.request.national_ids is not None and answer.tally.strangers:
        yield _("Not in the personnel records: {count}").format(
            count=i18n.number(answer.tally.strangers)
        )


def _age(answer: Answer, today: date) -> Iterator[str]:
    if answer.roster.as_of is not None:
        days = (today - answer.roster.as_of).days
        yield _("MEBBİS export is {days} days old.").format(days=i18n.number(days))
    elif answer.tally.people or answer.totals.certificates:
        yield _("There is no MEBBİS export yet.")


def _what_is_missing(answer: Answer) -> Iterator[str]:
    if answer.tally.people or answer.request.national_ids == ():
        return
    people, certificates = answer.totals.people, answer.totals.certificates
    facts = {"people": i18n.number(people), "certificates": i18n.number(certificates)}
    if not people and not certificates:
        yield _("Nothing is known yet: bring in a MEBBİS workbook.")
        yield "  esign import personel.xlsx"
    elif not certificates:
        yield _(
            "{people} people, {certificates} certificate dates: bring in a list with the end dates"
            " of certificates, or read the cards."
        ).format(**facts)
        yield "  esign import sertifikalar.xlsx"
        yield "  esign check-card --save"
    elif answer.roster.as_of is None:
        yield _(
            "{people} people, {certificates} certificate dates, and no duty record: bring in a"
            " MEBBİS workbook."
        ).format(**facts)
        yield "  esign import personel.xlsx"
    elif not any(answer.counts.values()):
        yield _("Nobody is known here. Every place at once:")
        yield "  " + _("esign eligible --province all")
    else:
        yield _("There is nobody to list. To see everybody:")
        yield "  " + _("esign eligible --verdict all")


# --- for programs --------------------------------------------------------------------------------


def data(answer: Answer) -> dict[str, Any]:
    """Return the answer as the JSON envelope carries it; what is not known is null."""
    return {
        "on": answer.request.on.isoformat(),
        "province": answer.request.province,
        "roster": pick(answer.roster, "as_of files"),
        "counts": plain(answer.counts),
        "people": map(standing_text.as_json, answer.people),
    }
