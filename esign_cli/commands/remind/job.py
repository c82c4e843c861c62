"""Whom to remind today of the end of a certificate, by which text, and where to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from esign_cli.foundation.people import PersonFacts
from esign_cli.foundation.standing import Phase, Standing
from esign_cli.foundation.turkish import sort_key
from esign_cli.renewals import application
from esign_cli.renewals.rules import reminders as reminding
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.rules.reminders import TEXTS, DueReminder, Threshold
from esign_cli.renewals.rules.verdict_table import unconfirmed
from esign_cli.renewals.verdict import decide, judge
from esign_cli.store import Store, people, places, reminders
from esign_cli.store.people import Roster

FIELDS = {"email": "email", "sms": "mobile_phone"}
"""Each channel, and the field of the form that says where to."""
PASSED_OVER = ("marked", "applied", "undecided", "not-eligible")
"""Why somebody whose certificate comes to an end is not reminded; the mark comes first."""


@dataclass(frozen=True, slots=True)
class RemindRequest:
    """Whom to remind, on which day, how long before the end and how."""

    on: date
    thresholds: tuple[Threshold, ...]
    channels: tuple[str, ...] = ("email",)
    province: str = ""
    """Plate code; "" or "all" for everywhere."""
    district: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is owed to somebody."""

    standing: Standing
    channel: str
    text: str
    """"renew", "update" for the personnel records, or "confirm" that the new card has come."""
    owed: DueReminder
    address: str
    """Empty where none is known, or none that can be used."""
    problem: str = ""
    """Why there is no address: a code of application.PROBLEMS."""

    @property
    def name(self) -> str:
        """The name in the roster, or else the one on the certificate."""
        return self.standing.name


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would send."""

    request: RemindRequest
    due: tuple[Due, ...]
    """The nearest end first."""
    without_address: tuple[Due, ...]
    passed_over: Mapping[str, int]
    """How many are not reminded although a threshold has passed, by PASSED_OVER."""
    first: bool
    """Whether nothing was ever sent from this database."""
    roster: Roster


def plan(store: Store, request: RemindRequest, policy: Policy) -> Plan:
    """Return everybody to whom a reminder is owed, from one look at the database.

    Raises UnknownDistrict, DatabaseBusy or DatabaseUnreadable.
    """
    places.check_district(store, request.district)
    with store.reading():
        wanted, passed_over = _candidates(store, request, policy)
        remembered = reminders.kept(store, wanted)
        owed = [
            due
            for facts in people.facts(store, national_ids=wanted)
            for due in _owed(judge(facts, policy, request.on), request, remembered)
        ]
        first = not reminders.any_kept(store)
        roster = people.roster(store, request.province)
    owed.sort(key=_by_end_and_name)
    return Plan(
        request,
        tuple(one for one in owed if one.address),
        tuple(one for one in owed if not one.address),
        passed_over,
        first,
        roster,
    )


def _candidates(
    store: Store, request: RemindRequest, policy: Policy
) -> tuple[list[str], Mapping[str, int]]:
    """Who may be owed something, and how many others are near the end too."""

    def look(outline: PersonFacts) -> str:
        decision = decide(outline, policy, request.on)
        if decision.certificate is None or not reminding.near(
            decision.certificate, request.thresholds, request.on
        ):
            return ""
        if decision.marked:
            return "marked"
        if unconfirmed(outline.application, policy, request.on):
            return decision.verdict.value  # the old certificate decides again
        if outline.application is not None:
            return "applied"  # also while the record of an applicant waits for its correction
        return decision.verdict.value

    wanted: list[str] = []
    counts: Counter[str] = Counter()
    for one, verdict in people.summaries(
        store,
        look,
        province=request.province,
        district=request.district,
        entitlement=not policy.entitles_all,
    ):
        if verdict in TEXTS:
            wanted.append(one)
        counts[verdict] += 1
    return wanted, {code: counts[code] for code in PASSED_OVER}


def _owed(
    standing: Standing, request: RemindRequest, sent: Mapping[str, list[reminding.SentReminder]]
) -> list[Due]:
    who = standing.facts.national_id
    lost = standing.phase is Phase.REVOKED  # the end of a card that is no more reminds of nothing
    certificate = None if lost else standing.certificate
    reminders_due = []
    for channel in request.channels:
        owed = certificate and reminding.owed(
            certificate, request.thresholds, channel, sent.get(who, ()), request.on
        )
        if owed:
            address, problem = _address(standing, channel)
            text = reminding.text_of(standing)
            reminders_due.append(Due(standing, channel, text, owed, address, problem))
    return reminders_due


def _address(standing: Standing, channel: str) -> tuple[str, str]:
    """Where to, or a code of what is wrong with it."""
    field = FIELDS[channel]
    given = application.from_roster(standing.facts.person, None)
    wrong = application.problems(given, (field,))
    return ("", wrong[0].code) if wrong else (getattr(given, field), "")


def _by_end_and_name(one: Due) -> tuple[date, str, str, str]:
    certificate = one.standing.certificate
    end = certificate.not_after if certificate else date.max
    return end, sort_key(one.name), one.standing.facts.national_id, one.channel
