"""An application with its history, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from esign_cli.clock import ISTANBUL
from esign_cli.i18n import _
from esign_cli.life_cycle import Application, Event
from esign_cli.model import DutyRecord
from esign_cli.wording import labels
from esign_cli.wording.card_text import day

CALL_CENTRE = "444 5 576"


def history(one: Application, *, owner: str, overdue: bool) -> Iterator[str]:
    """One application: what for, where it stands, whose ("" for none), and every step."""
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
    parts = [
        _("entered {time} by {who}").format(time=f"{entered:%d.%m.%Y %H:%M}", who=event.os_user)
    ]
    if event.note:
        parts.append(f"“{event.note}”")
    facts = event.facts
    if "override" in facts:
        parts.append(_("approved against the rules: {reason}").format(reason=facts["override"]))
    if "certificate" in facts:
        end = date.fromisoformat(facts["certificate"]["not_after"])
        parts.append(_("a newer certificate was seen, valid until {date}").format(date=day(end)))
    if "file" in facts:
        parts.append(facts["file"])
    return " (" + "; ".join(parts) + ")"


def as_json(
    one: Application, *, name: str, record: DutyRecord | None, overdue: bool
) -> dict[str, Any]:
    """One application as JSON carries it; what is not known is null."""
    return {
        "number": one.number,
        "national_id": one.national_id or None,
        "name": name or None,
        "province": (record and record.province) or None,
        "district": (record and record.district) or None,
        "reason": one.reason,
        "wet_ink": one.wet_ink,
        "state": one.state,
        "since": one.since.isoformat(),
        "opened": one.opened.isoformat(),
        "approved": one.approved.isoformat() if one.approved else None,
        "overdue": overdue,
        "events": list(map(_event, one.events)),
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "state": event.state,
        "date": event.date.isoformat(),
        "at": event.at.astimezone(ISTANBUL).isoformat(),
        "os_user": event.os_user,
        "note": event.note or None,
        "facts": dict(event.facts),
    }
