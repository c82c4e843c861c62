"""Who was reminded, and has submitted no application since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from esign_cli.cli import whom
from esign_cli.cli.context import Context
from esign_cli.commands.remind.job import RemindRequest
from esign_cli.commands.text import form as form_labels
from esign_cli.commands.text import reminder
from esign_cli.commands.text import standing as standing_text
from esign_cli.foundation import turkish
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.i18n import N_, _, number
from esign_cli.foundation.standing import Standing, Verdict
from esign_cli.foundation.turkish import fold
from esign_cli.outputs.json_data import pick
from esign_cli.outputs.tables.columns import ColumnSpec
from esign_cli.renewals.rules import reminders as rules
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.rules.reminders import Threshold
from esign_cli.renewals.verdict import judge
from esign_cli.store import Store, people, reminders
from esign_cli.store.reminders import Entry
from esign_cli.wording import labels

_SETTLED = (Verdict.NOT_ELIGIBLE, Verdict.NOT_DUE, Verdict.RENEWED, Verdict.NO_CERTIFICATE)
"""Verdicts of those to whom a reminder of this certificate means nothing any more."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody who was reminded and has not applied, and the last reminder."""

    standing: Standing
    last: Entry
    count: int


def silent(store: Store, request: RemindRequest, policy: Policy) -> list[Silent]:
    """Return those of a place who were reminded and have not applied; the nearest end first."""
    with store.reading():
        sent = reminders.sent_to(store)
        quiet = []
        for facts in people.facts(store, national_ids=sorted(sent)):
            standing = judge(facts, policy, request.on)
            mine = [
                e for e in sent[facts.national_id] if rules.about(e.not_after, standing.certificate)
            ]
            waiting = rules.not_applied(facts.application) and standing.verdict not in _SETTLED
            if mine and waiting and _there(standing, request):
                quiet.append(Silent(standing, mine[-1], len(mine)))
    return sorted(quiet, key=lambda one: (one.last.not_after, turkish.sort_key(one.standing.name)))


def _there(standing: Standing, request: RemindRequest) -> bool:
    records = standing.facts.records
    province = request.province in ("", "all") or not records
    return (province or any(r.province == request.province for r in records)) and (
        not request.district or any(fold(r.district) == fold(request.district) for r in records)
    )


def show(context: Context, store: Store, listed: Sequence[Silent], *, show_ids: bool) -> None:
    """Show them with their telephone numbers, or as JSON."""
    if context.console.json_of:
        context.console.envelope({"reminded": [_as_json(one, show_ids) for one in listed]})
        return
    path = "standing.facts.national_id"
    numbers = whom.listing(context, store, _columns(show_ids), listed, path)
    context.console.say(
        _("Reminded, and nothing submitted: {count}").format(count=number(len(listed)))
    )
    if listed:
        context.console.say("  esign report --call-list aranacaklar.xlsx")
        whom.say_next(context, numbers)


def _id(one: Silent, show_ids: bool) -> str:
    national_id = one.standing.facts.national_id
    return national_id if show_ids else turkish.mask(national_id)


def _phone(one: Silent) -> str:
    person = one.standing.facts.person
    return form_labels.phone(person.mobile_phone) if person else ""


def _threshold(one: Silent) -> str:
    return reminder.threshold(Threshold(one.last.threshold))


def _columns(show_ids: bool) -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec(N_("National id"), lambda one: _id(one, show_ids), spare=3),
        ColumnSpec(N_("Name"), "standing.name"),
        ColumnSpec(N_("District"), "standing.record.district", spare=2),
        ColumnSpec(N_("Mobile phone"), _phone),
        ColumnSpec(N_("Valid until"), "standing.certificate.not_after"),
        ColumnSpec(
            N_("Last reminder"), lambda one: one.last.at.astimezone(ISTANBUL).date(), spare=1
        ),
        ColumnSpec(
            N_("Before the end"), lambda one: reminder.threshold(Threshold(one.last.threshold))
        ),
        ColumnSpec(
            N_("Result"),
            lambda one: labels.verdict(one.standing.verdict),
            tone=lambda one: standing_text.tone(one.standing),
        ),
    )


def _as_json(one: Silent, show_ids: bool) -> dict[str, Any]:
    return {
        "national_id": _id(one, show_ids),
        **pick(
            one,
            "name=standing.name district=standing.record.district"
            " institution=standing.record.institution"
            " mobile_phone=standing.facts.person.mobile_phone email=standing.facts.person.email"
            " verdict=standing.verdict not_after=standing.certificate.not_after"
            " at=last.at threshold=last.threshold channel=last.channel reminders=count",
        ),
    }
