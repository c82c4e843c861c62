"""Whose application it is, and what stands in its form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from esign_cli.commands.sign_form.request import Prompter
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors.renewals import BadSecurityWord
from esign_cli.foundation.people import CertificateRecord, PersonFacts
from esign_cli.foundation.standing import Standing
from esign_cli.renewals import application, verdict
from esign_cli.renewals.rules.policy import Policy


def standing(
    facts: PersonFacts, certificate: Certificate, policy: Policy, now: datetime
) -> Standing:
    """Return the verdict of today, with the certificate that is about to sign among what is
    known.
    """
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
    return verdict.judge(merged, policy, now.astimezone(ISTANBUL).date())


def security_word(wanted: Iterable[str], prompter: Prompter) -> str:
    if application.SECURITY_WORD not in wanted:
        return ""
    word = prompter.security_word()
    if not application.security_word_is_right(word):
        raise BadSecurityWord
    return word
