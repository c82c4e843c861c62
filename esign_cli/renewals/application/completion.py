"""Whose application it is, and how a form that lacks something becomes whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from esign_cli.foundation import turkish
from esign_cli.foundation.errors.renewals import BadFormValue, FormIncomplete, TwoPeople
from esign_cli.foundation.standing import Standing
from esign_cli.renewals.application.fields import Form, Profile, filled, with_answer
from esign_cli.renewals.application.problems import Problem, problems


class Asks(Protocol):
    """Somebody who may answer."""

    def cannot_answer(self) -> bool:
        """Return whether nobody is there to be asked."""
        ...

    def answer(self, problem: Problem, proposed: str) -> str:
        """Return the value of a field that is missing or not right; raises FormIncomplete if none
        can.
        """
        ...


def one_person(*national_ids: str) -> str:
    """Return the one national id among those given, some of them ""; raises TwoPeople."""
    given = [number for number in dict.fromkeys(national_ids) if number]
    if len(given) > 1:
        raise TwoPeople(one=turkish.mask(given[0]), other=turkish.mask(given[1]))
    return given[0] if given else ""


def from_standing(given: Form, standing: Standing, profile: Callable[[str, str], Profile]) -> Form:
    """Return the form with all that is known of the person; `profile` is asked for the place they
    serve.

    That is a district and an institution code.
    """
    facts, record = standing.facts, standing.record
    place = (record.district, record.institution_code) if record else ("", "")
    mine = replace(given, national_id=facts.national_id)
    return filled(mine, profile(*place), facts.person, record)


def check_names(form: Form, holder: str) -> None:
    """Refuse a form and a holder that share the number and no name at all: raises TwoPeople.

    One name that differs is a marriage or a correction, which the verdict warns of (name-changed).
    """
    of_holder = set(map(turkish.fold, holder.split()))
    names = set(map(turkish.fold, f"{form.given_name} {form.family_name}".split()))
    if of_holder and names and not of_holder & names:
        raise TwoPeople(one=f"{form.given_name} {form.family_name}".strip(), other=holder)


def completed(form: Form, wanted: Sequence[str], proposals: Form, prompter: Asks) -> Form:
    """Return the form with every wanted field right: asked for one by one, or refused all at once.

    Raises FormIncomplete, which names all that is wrong.
    """
    open_problems = problems(form, wanted)
    if open_problems and prompter.cannot_answer():
        raise FormIncomplete(
            fields=[problem.field for problem in open_problems],
            found=[{"code": problem.code, "field": problem.field} for problem in open_problems],
        )
    for first in open_problems:
        problem = first
        while True:
            proposed = getattr(proposals, problem.field)
            try:
                form = with_answer(form, problem.field, prompter.answer(problem, proposed or ""))
            except BadFormValue:
                problem = Problem("not-understood", problem.field)
                continue
            again = [p for p in problems(form, wanted) if p.field == problem.field]
            if not again:
                break
            problem = again[0]
    return form
