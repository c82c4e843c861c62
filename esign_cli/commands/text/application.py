"""An application with its history, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from esign_cli.commands.text.account import who
from esign_cli.foundation.dates import ISTANBUL, day
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.people import DutyRecord
from esign_cli.outputs.json_data import pick
from esign_cli.renewals.application.life_cycle import UNDOES, Application, Event
from esign_cli.wording import labels

CALL_CENTRE = "444 5 576"
_OF_AN_EVENT = "state date at os_user machine database_user note"
_CORRECT_OR_OVERRIDE = N_(
    "Correct MEBBİS and import it, or approve all the same with --override and the reason."
)
_FIRST_APPLICATION = N_(
    "An expired or revoked e-imza is not renewed. Reject this application with its reason, and"
    " enter a first application signed by hand (Yöntem 2): esign applications add … --reason first"
    " --wet-ink"
)
AFTER_REFUSAL: dict[str, str] = {
    "needs-update": _CORRECT_OR_OVERRIDE,
    "undecided": _CORRECT_OR_OVERRIDE,
    "expired": _FIRST_APPLICATION,
    "not-due": N_(
        "Look whether the day is right (--date), and whether a newer certificate was read. Approve"
        " all the same: --override and the reason."
    ),
    "renewed": N_("The new certificate is there already; nothing is left to approve."),
    "no-certificate": N_(
        "Read the card or import a list of certificates. For somebody who never had one: esign"
        " applications add … --reason first --wet-ink"
    ),
    "not-eligible": N_(
        "Reject the application with its reason. If the records are wrong: esign person mark …"
        " on-duty --reason …"
    ),
}
"""What to do about an application that was not approved, by the verdict on its owner."""


def history(one: Application, *, owner: str, overdue: bool) -> Iterator[str]:
    """Yield one application: what for, where it stands, whose ("" for none), and every step."""
    yield _("Application {number} · {reason} · {state}").format(
        number=one.number,
        reason=labels.application_reason(one.reason),
        state=labels.state(one.state),
    )
    if owner:
        yield f"  {owner}"
    if overdue:
        yield "  " + _("The card is overdue. The call centre: {phone}").format(phone=CALL_CENTRE)
    for event in one.events:
        yield f"  {day(event.date)}  {labels.state(event.state)}{_said(event)}"


def _said(event: Event) -> str:
    """What was kept with a step, behind its name."""
    entered = event.at.astimezone(ISTANBUL)
    parts = [_("entered {time} by {who}").format(time=f"{entered:%d.%m.%Y %H:%M}", who=who(event))]
    if event.note:
        parts.append(f"“{event.note}”")
    facts = event.facts
    if "override" in facts:
        parts.append(_("approved against the rules: {reason}").format(reason=facts["override"]))
    if "certificate" in facts:
        end = date.fromisoformat(facts["certificate"]["not_after"])
        parts.append(_("a newer certificate was seen, valid until {date}").format(date=day(end)))
    if "corrects" in facts:
        instead = date.fromisoformat(facts["corrects"])
        parts.append(_("corrects the day entered before: {date}").format(date=day(instead)))
    if UNDOES in facts:
        parts.append(_("step taken back: {state}").format(state=labels.state(facts[UNDOES])))
    if "file" in facts:
        parts.append(facts["file"])
    return " (" + "; ".join(parts) + ")"


def as_json(
    one: Application, *, name: str, record: DutyRecord | None, overdue: bool
) -> dict[str, Any]:
    """Return one application as JSON carries it; what is not known is null."""
    return {
        "number": one.number,
        "national_id": one.national_id or None,
        "name": name or None,
        **pick(record, "province district"),
        **pick(one, "reason wet_ink state since opened approved"),
        "overdue": overdue,
        "events": [{**pick(each, _OF_AN_EVENT), "facts": dict(each.facts)} for each in one.events],
    }
