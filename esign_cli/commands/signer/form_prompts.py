"""Whoever fills in a form: is asked for what is missing, and sees the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from esign_cli.commands.text import form as form_labels
from esign_cli.commands.text import reason as reason_text
from esign_cli.foundation.i18n import _
from esign_cli.wording import labels

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.foundation.standing import Standing
    from esign_cli.renewals.application import Problem


def asked(console: Console, problem: Problem, proposed: str) -> str:
    """What is typed for a field that is missing or not right."""
    label = form_labels.field(problem.field)
    if problem.code != "missing":
        label += f" ({form_labels.problem(problem.code)})"
    return console.ask(label, option="--form", default=proposed)


def show_standing(console: Console, standing: Standing) -> None:
    """The verdict with its reasons, each with the place it was read from."""
    console.say(_("Verdict: {verdict}").format(verdict=labels.verdict(standing.verdict)))
    for reason in standing.reasons:
        where = reason_text.place(reason.source)
        console.say(f"  · {reason_text.said(reason)}" + (f" ({where})" if where else ""))


def under_way() -> str:
    """That there is an application already."""
    return _("Warning: an application of this person is under way already.")


def said_of_rest(problems: Sequence[Problem]) -> Iterator[str]:
    """Fields that the portal wants too and that are not known here, or not right."""
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
