"""What a reminder says of a person, and what its channels, texts and outcomes are called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from esign_cli.commands.remind.delivery import Outcome
from esign_cli.commands.remind.job import Due
from esign_cli.commands.text.application import CALL_CENTRE
from esign_cli.commands.text.form_sheet import PORTAL
from esign_cli.foundation import turkish
from esign_cli.foundation.dates import day
from esign_cli.foundation.i18n import N_
from esign_cli.foundation.standing import Phase, Reason
from esign_cli.renewals.application import Profile

SUCCESS = "Başvuru İmzalama İşlemi Başarıyla Bitirildi"
"""What the portal shows at the very end, and nothing less counts."""
OUTCOMES = {
    Outcome.SENT: N_("sent"),
    Outcome.FAILED: N_("failed"),
    Outcome.CUT_OFF: N_("begun, and cut off"),
    Outcome.NOT_TRIED: N_("not tried"),
    Outcome.PUT_OFF: N_("put off to the next run"),
}
PASSED_OVER = {
    "marked": N_("marked by you"),
    "applied": N_("application under way"),
    "undecided": N_("undecided"),
    "not-eligible": N_("outside renewal"),
}
_TO_BE_UPDATED = {
    "assignment-ended": "Görevlendirmenizin MEBBİS kaydındaki bitiş tarihi geçmiştir",
    "end-date-missing": "Görevlendirmenizin MEBBİS kaydında bitiş tarihi yoktur",
}
"""Reasons as the letters say them, which are Turkish whatever language is spoken here."""


def facts(due: Due, profile: Profile, sender: str) -> Mapping[str, Any]:
    """Return what a template may name: see notify.letters.FACTS.

    `sender` stands for an institution that the profile does not name.
    """
    one = due.standing
    certificate, deadline = one.certificate, one.deadline
    return {
        "name": due.name,
        "national_id": turkish.mask(one.facts.national_id),
        "not_after": day(certificate.not_after) if certificate else "",
        "days_left": one.days_left,
        "deadline": day(deadline) if deadline else "",
        "working_day": day(one.working_day) if one.working_day else "",
        "late": one.phase is Phase.LATE,
        "reasons": [_reason(reason) for reason in one.reasons if reason.code in _TO_BE_UPDATED],
        "delivered": day(one.facts.application.since) if one.facts.application else "",
        "institution": profile.institution_name or sender,
        "phone": profile.work_phone,
        "portal": PORTAL,
        "call_centre": CALL_CENTRE,
        "success": SUCCESS,
    }


def _reason(reason: Reason) -> str:
    said = _TO_BE_UPDATED[reason.code]
    if reason.field != "end" or not reason.value:
        return said
    return f"{said}: {day(date.fromisoformat(reason.value))}"
