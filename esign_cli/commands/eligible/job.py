"""Who may renew, in a place or among the people of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from esign_cli.commands.eligible.selection import Selection
from esign_cli.foundation.people import PersonFacts
from esign_cli.foundation.standing import Phase, Standing, Verdict
from esign_cli.foundation.turkish import sort_key
from esign_cli.renewals.rules.reminders import about, not_applied
from esign_cli.renewals.verdict import CachedJudge, Policy, judge
from esign_cli.store import Store, people, reminders
from esign_cli.store.people import Roster, Totals

EVERYBODY = Selection()
BY_DEFAULT = frozenset({Verdict.ELIGIBLE, Verdict.NEEDS_UPDATE, Verdict.UNDECIDED})
"""What is shown when nothing else is asked for: those to whom something is to be done."""
WHEN_REMINDED = BY_DEFAULT | {Verdict.APPLIED, Verdict.EXPIRED}
"""The same where reminders and applications are asked for: an application may be only opened."""


@dataclass(frozen=True, slots=True)
class EligibleRequest:
    """Whom to judge, on which day, and which of them to show."""

    on: date
    province: str = ""
    """Plate code; "" or "all" for everywhere."""
    district: str = ""
    national_ids: tuple[str, ...] | None = None
    """A list of people to answer one by one, in its order."""
    verdicts: frozenset[Verdict] | None = None
    """None: by default BY_DEFAULT, or everybody where a list, phases or a selection are given."""
    phases: frozenset[Phase] = frozenset()
    """Empty: any."""
    reminded: bool = False
    """Only those to whom a reminder of this certificate's end was sent."""
    not_applied: bool = False
    """Only those of whom no application was submitted."""

    selection: Selection = EVERYBODY

    @property
    def shown(self) -> frozenset[Verdict]:
        """The verdicts to show."""
        if self.verdicts is not None:
            return self.verdicts
        if self.national_ids is not None or self.phases or self.selection != EVERYBODY:
            return frozenset(Verdict)
        return WHEN_REMINDED if self.reminded or self.not_applied else BY_DEFAULT

    def wants(self, verdict: Verdict, phase: Phase) -> bool:
        """Return whether somebody with this answer is shown."""
        return verdict in self.shown and (not self.phases or phase in self.phases)


@dataclass(frozen=True, slots=True)
class Answer:
    """The people shown, and how many there are of each verdict, shown or not."""

    request: EligibleRequest
    people: tuple[Standing, ...]
    counts: Mapping[Verdict, int]
    roster: Roster
    totals: Totals

    @property
    def not_shown(self) -> dict[Verdict, int]:
        """How many of each verdict are left out."""
        left = Counter(self.counts)
        left.subtract(Counter({one.facts.national_id: one.verdict for one in self.people}.values()))
        return {verdict: left[verdict] for verdict in Verdict if left[verdict] > 0}


def answer(store: Store, request: EligibleRequest, policy: Policy) -> Answer:
    """Judge everybody in the place, or those on the list, from one look at the database.

    A place is sorted by the certificate's end, then by name; a list keeps its order and its
    repetitions. Raises DatabaseBusy or DatabaseUnreadable.
    """
    with store.reading():
        if request.national_ids is None:
            counts, shown = _of_place(store, request, policy)
        else:
            counts, shown = _of_list(store, request, request.national_ids, policy)
        shown = _narrowed(store, request, shown)
        roster = people.roster(store, request.province)
        return Answer(request, tuple(shown), counts, roster, people.totals(store))


def _narrowed(store: Store, request: EligibleRequest, shown: list[Standing]) -> list[Standing]:
    shown = list(request.selection.chosen(shown, request.on))
    if request.not_applied:
        shown = [one for one in shown if not_applied(one.facts.application)]
    if request.reminded:
        sent = reminders.sent_to(store)
        shown = [
            one
            for one in shown
            if any(about(e.not_after, one.certificate) for e in sent.get(one.facts.national_id, ()))
        ]
    return shown


def _of_list(
    store: Store, request: EligibleRequest, national_ids: tuple[str, ...], policy: Policy
) -> tuple[dict[Verdict, int], list[Standing]]:
    judged = {
        facts.national_id: judge(facts, policy, request.on)
        for facts in people.facts(store, national_ids=national_ids)
    }
    counts = Counter(one.verdict for one in judged.values())
    shown = [judged[one] for one in national_ids]
    return _all(counts), [one for one in shown if request.wants(one.verdict, one.phase)]


def _of_place(
    store: Store, request: EligibleRequest, policy: Policy
) -> tuple[dict[Verdict, int], list[Standing]]:
    """Judge plain facts first, and read all that is known only of those who are shown."""
    place = {"province": request.province, "district": request.district}

    cached = CachedJudge(policy, request.on)

    def look(outline: PersonFacts) -> tuple[Verdict, bool]:
        verdict, phase = cached.decide(outline)
        return verdict, request.wants(verdict, phase)

    counts: Counter[Verdict] = Counter()
    wanted: list[str] = []
    entitlement = not policy.entitles_all
    for one, (verdict, is_shown) in people.summaries(store, look, entitlement=entitlement, **place):
        counts[verdict] += 1
        if is_shown:
            wanted.append(one)
    verdict, is_shown = look(PersonFacts(""))  # those without a certificate are all alike
    counts[verdict] += people.count_others(store, **place)
    if is_shown:
        wanted += people.others(store, **place)
    shown = [judge(facts, policy, request.on) for facts in _whole(store, request, counts, wanted)]
    return _all(counts), sorted(shown, key=_by_end_and_name)


def _whole(
    store: Store, request: EligibleRequest, counts: Counter[Verdict], wanted: list[str]
) -> Iterator[PersonFacts]:
    if len(wanted) == counts.total():  # everybody: a walk over the tables beats a list of ids
        return people.facts(store, province=request.province, district=request.district)
    return people.facts(store, national_ids=wanted)


def _all(counts: Mapping[Verdict, int]) -> dict[Verdict, int]:
    return {verdict: counts.get(verdict, 0) for verdict in Verdict}


def _by_end_and_name(one: Standing) -> tuple[date, str, str]:
    end = one.certificate.not_after if one.certificate else date.max
    return end, sort_key(one.name), one.facts.national_id


def not_in_roster(shown: Iterable[Standing]) -> int:
    """Return how many of these people have no duty record."""
    return len({one.facts.national_id for one in shown if not one.facts.records})
