"""Whose application it is, and what stands in its form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from esign_cli import application, errors, renewal, turkish
from esign_cli.application import Form, Problem
from esign_cli.clock import ISTANBUL
from esign_cli.jobs.sign_form.handed import Desk, Knowledge
from esign_cli.model import Certificate, CertificateRecord, PersonFacts, Standing
from esign_cli.rules.policy import Policy


def one_person(*national_ids: str) -> str:
    given = [number for number in dict.fromkeys(national_ids) if number]
    if len(given) > 1:
        raise errors.TwoPeople(one=turkish.mask(given[0]), other=turkish.mask(given[1]))
    return given[0] if given else ""


def standing(
    facts: PersonFacts, certificate: Certificate, policy: Policy, now: datetime
) -> Standing:
    """The verdict of today, with the certificate that is about to sign among what is known."""
    seen = CertificateRecord(
        national_id=facts.national_id,
        not_after=certificate.not_after.astimezone(ISTANBUL).date(),
        not_before=certificate.not_before.astimezone(ISTANBUL).date(),
        origin="card",
        serial=certificate.serial,
        sha256=certificate.sha256,
        holder=certificate.holder,
    )
    others = tuple(c for c in facts.certificates if c.sha256 != seen.sha256)
    merged = replace(facts, certificates=(*others, seen))
    return renewal.judge(merged, policy, now.astimezone(ISTANBUL).date())


def form(given: Form, person: str, standing: Standing, known: Knowledge) -> Form:
    record = standing.record
    place = (record.district, record.institution_code) if record else ("", "")
    profile = known.profile(*place)
    mine = replace(given, national_id=person)
    return application.filled(mine, profile, standing.facts.person, record)


def check_names(form: Form, certificate: Certificate) -> None:
    """Refuse a form and a card that share the number and no name at all.

    One name that differs is a marriage or a correction, which the verdict warns of (name-changed).
    """
    holder = set(map(turkish.fold, certificate.holder.split()))
    names = set(map(turkish.fold, f"{form.given_name} {form.family_name}".split()))
    if holder and names and not holder & names:
        raise errors.TwoPeople(
            one=f"{form.given_name} {form.family_name}".strip(), other=certificate.holder
        )


def completed(form: Form, wanted: Sequence[str], certificate: Certificate, desk: Desk) -> Form:
    """The form with every wanted field right: asked for one by one, or refused all at once."""
    found = application.problems(form, wanted)
    if found and desk.cannot_answer():
        raise errors.FormIncomplete(
            fields=[problem.field for problem in found],
            found=[{"code": problem.code, "field": problem.field} for problem in found],
        )
    proposals = application.guess_names(certificate)
    for first in found:
        problem = first
        while True:
            proposed = getattr(proposals, problem.field)
            form = _answered(form, problem, desk.answer(problem, proposed or ""))
            again = [p for p in application.problems(form, wanted) if p.field == problem.field]
            if not again:
                break
            problem = again[0]
    return form


def _answered(form: Form, problem: Problem, answer: str) -> Form:
    try:
        return application.with_answer(form, problem.field, answer)
    except errors.BadFormValue:
        return form  # still wrong: it is asked for again


def security_word(wanted: Iterable[str], desk: Desk) -> str:
    if application.SECURITY_WORD not in wanted:
        return ""
    word = desk.security_word()
    if not application.security_word_is_right(word):
        raise errors.BadSecurityWord
    return word
