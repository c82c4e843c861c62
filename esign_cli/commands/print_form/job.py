"""Print the sheet of an application that is signed by hand (Yöntem 2), and record it as printed.

What would stop the province from approving is looked at first, as it is before a signature: a first
application wants somebody who is on duty, a renewal somebody who may renew. It is shown and stops
nobody, for the approval falls on another day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from esign_cli.foundation import files, turkish
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.people import PersonFacts
from esign_cli.foundation.standing import Phase, Standing
from esign_cli.renewals import application, verdict
from esign_cli.renewals.application import Asks, Form, Problem, Profile
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store.applications import PrintedSheet

TEMPLATE = "form"
_CANNOT_RENEW = (Phase.NONE, Phase.EXPIRED, Phase.REVOKED)


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """What was asked for on the command line and in the form file."""

    national_id: str
    form: Form = field(default_factory=Form)
    wanted: tuple[str, ...] = application.REQUIRED
    """The fields that may not stay empty."""
    output: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is seen before anything is written."""

    form: Form
    standing: Standing
    against: bool
    """Whether, as things stand, the province cannot approve it."""
    not_wanted: tuple[Problem, ...]
    """Fields that may be left to the portal and are not known here, or not right."""
    output: Path


class Prompter(Asks, Protocol):
    """Whoever prints: answers, looks, and agrees."""

    def whose(self, standing: Standing) -> None:
        """Show whose sheet it is, before anything is asked of it."""
        ...

    def agree(self, confirmation: Confirmation) -> None:
        """Show what the sheet rests on; raises Declined where it is not wanted like that."""
        ...


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What is known beforehand, as functions: the database, the settings, the typesetter."""

    facts: Callable[[str], PersonFacts]
    """All that the database knows of a national id."""
    profile: Callable[[str, str], Profile]
    """The directorate's data for a district and an institution code."""
    policy: Policy
    now: datetime
    typeset: Callable[[str, Mapping[str, Any]], bytes]
    """A template and its data as PDF."""
    words: Callable[[Form, date], Mapping[str, Any]]
    """The sheet's data, in the reader's words."""
    record: Callable[[PrintedSheet, datetime], int]
    """Keep that a sheet was printed; gives the application's number."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What was done; `problems` are the parts that were not."""

    path: Path
    size: int
    standing: Standing
    application: int | None = None
    problems: tuple[EsignError, ...] = ()


def print_form(request: PrintRequest, prompter: Prompter, known: Dependencies) -> Printed:
    """Leave the sheet of one person as a private PDF file.

    Raises TwoPeople, FormIncomplete, OutputExists and the like, Declined; then what the typesetter
    and the disk raise. A database that cannot be written to does not undo a sheet.
    """
    person = application.one_person(request.national_id, request.form.national_id)
    today = known.now.astimezone(ISTANBUL).date()
    facts = known.facts(person)
    standing = verdict.judge(facts, known.policy, today)
    prompter.whose(standing)
    if request.output is not None:
        files.check_output(request.output, force=request.force)
    form = _completed(request, standing, prompter, known)
    output = request.output or _named(form, today)
    files.check_output(output, force=request.force)
    against = verdict.not_on_duty(facts, known.policy, today) is not None
    others = tuple(p for p in application.problems(form) if p.field not in request.wanted)
    prompter.agree(Confirmation(form, standing, against, others, output))
    content = known.typeset(TEMPLATE, known.words(form, today))
    files.write_private(output, content)
    return _recorded(Printed(output, len(content), standing), form, today, known)


def _completed(
    request: PrintRequest, standing: Standing, prompter: Prompter, known: Dependencies
) -> Form:
    """The form with nothing missing; an expired certificate asks for a first application."""
    given = request.form
    if not given.reason and standing.phase in _CANNOT_RENEW:
        given = replace(given, reason="first")
    form = application.from_standing(given, standing, known.profile)
    holder = standing.certificate.holder if standing.certificate else ""
    person = standing.facts.person
    names = {(person.full_name if person else ""), holder}
    for name in names:
        application.check_names(form, name)
    form = application.completed(form, request.wanted, application.guess_names(holder), prompter)
    for name in names:
        application.check_names(form, name)
    return form


def _named(form: Form, today: date) -> Path:
    who = "-".join(filter(None, map(turkish.fold, f"{form.given_name} {form.family_name}".split())))
    return Path(f"bilgi-sayfasi-{who or 'basvuru'}-{today.isoformat()}.pdf")


def _recorded(printed: Printed, form: Form, today: date, known: Dependencies) -> Printed:
    sheet = PrintedSheet(
        form.national_id,
        form.reason,
        printed.path.name,
        today,
        str(printed.path.parent.absolute()),
    )
    try:
        return replace(printed, application=known.record(sheet, known.now))
    except EsignError as error:
        return replace(printed, problems=(error,))
