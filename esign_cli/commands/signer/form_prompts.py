"""Whoever fills in a form: is asked for what is missing, and sees the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from esign_cli.cli import whom
from esign_cli.commands.text import form as form_labels
from esign_cli.commands.text import reason as reason_text
from esign_cli.commands.text.form_sheet import PORTAL
from esign_cli.foundation import turkish
from esign_cli.foundation.exit_codes import PARTLY
from esign_cli.foundation.i18n import _
from esign_cli.wording import labels
from esign_cli.wording.sentences import told

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.cli.context import Context
    from esign_cli.foundation.errors import EsignError
    from esign_cli.foundation.standing import Standing
    from esign_cli.renewals.application import Problem
    from esign_cli.store import Store


class FormPrompter:
    """Whoever fills in a form, at the terminal."""

    _console: Console

    def cannot_answer(self) -> bool:
        """Return whether there is nobody to ask."""
        return not self._console.interactive

    def whose(self, standing: Standing) -> None:
        """Show whose form it is: name, masked national id and institution."""
        if self._console.interactive:
            place = standing.record.institution if standing.record else ""
            parts = (standing.name, turkish.mask(standing.facts.national_id), place)
            who = ", ".join(filter(None, parts))
            self._console.say(_("The application of: {who}").format(who=who))

    def answer(self, problem: Problem, proposed: str) -> str:
        """Return what is typed for a field that is missing or not right."""
        label = form_labels.field(problem.field)
        if problem.code != "missing":
            label += f" ({form_labels.problem(problem.code)})"
        return self._console.ask(label, option="--form", default=proposed)


def end(console: Console, problems: Sequence[EsignError], but: str) -> None:
    """Say behind `but` what was not done, if anything; that ends with exit code 8."""
    if problems:
        console.say(but)
        for problem in problems:
            console.say(f"  {told(problem)}")
        raise typer.Exit(PARTLY)


def say_next(context: Context, store: Store, whose: str, application: int | None) -> None:
    """Say where the application goes on, and the command that enters that it was sent there."""
    context.console.say(
        _("The application is completed on the portal: {address}").format(address=PORTAL)
    )
    if application is not None:
        numbers = whom.numbers(context, store, [whose], {whose: application})
        context.console.say(f"  esign applications submit {numbers.get(whose, application)}")


def show_standing(console: Console, standing: Standing) -> None:
    """Show the verdict with its reasons, each with the place it was read from."""
    console.say(_("Verdict: {verdict}").format(verdict=labels.verdict(standing.verdict)))
    for reason in standing.reasons:
        where = reason_text.place(reason.source)
        console.say(f"  · {reason_text.said(reason)}" + (f" ({where})" if where else ""))


def under_way() -> str:
    """Tell that there is an application already."""
    return _("Warning: an application of this person is under way already.")


def said_of_rest(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield fields that the portal wants too and that are not known here, or not right."""
    missing = [form_labels.field(p.field) for p in problems if p.code == "missing"]
    if missing:
        yield _("The portal will also ask for: {fields}").format(fields=", ".join(missing))
    wrong = [
        f"{form_labels.field(p.field)} ({form_labels.problem(p.code)})"
        for p in problems
        if p.code != "missing"
    ]
    if wrong:
        yield _("To correct on the portal: {fields}").format(fields=", ".join(wrong))
