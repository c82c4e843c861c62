"""Who may renew, in a place or among the people of a list."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from esign_cli.commands.eligible.selection import Selection
from esign_cli.commands.text.standing import due
from esign_cli.foundation.people import PersonFacts
from esign_cli.foundation.standing import Phase, Standing, Verdict
from esign_cli.foundation.turkish import sort_key
from esign_cli.renewals.rules.reminders import about, not_applied
from esign_cli.renewals.verdict import CachedJudge, Policy, judge
from esign_cli.store import Store, people, reminders
from esign_cli.store.connection import in_chunks
from esign_cli.store.in_order import NOWHERE, InOrder, Place
from esign_cli.store.people import Roster, Totals
from esign_cli.store.rosters import Rosters

EVERYBODY = Selection()
BY_DEFAULT = frozenset({Verdict.ELIGIBLE, Verdict.NEEDS_UPDATE, Verdict.UNDECIDED})
"""What is shown when nothing else is asked for: those to whom something is to be done."""
WHEN_REMINDED = BY_DEFAULT | {Verdict.APPLIED, Verdict.EXPIRED}
"""The same where reminders and applications are asked for: an application may be only opened."""
MOST_HELD = 2_000
"""So many people are held in memory; more are judged again, each when it is their turn."""


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


@dataclass(slots=True)
class Tally:
    """How many people are shown, and how many of them are what a reader is told of."""

    people: int = 0
    due: int = 0
    """To whom something is due on the day judged."""
    strangers: int = 0
    """Who have no duty record, each once."""
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    """Of each person once, whom a list may name again."""

    def take(self, one: Standing, on: date, *, again: bool) -> None:
        """Count somebody in."""
        self.people += 1
        self.due += due(one, on)
        if not again:
            self.strangers += not one.facts.records
            self.verdicts[one.verdict] += 1


@dataclass(frozen=True, slots=True)
class Answer:
    """The people shown, and how many there are of each verdict, shown or not."""

    request: EligibleRequest
    people: Iterable[Standing]
    """To be read once, before the answer's block ends."""
    tally: Tally
    """Of all of them, from the beginning."""
    counts: Mapping[Verdict, int]
    roster: Roster
    totals: Totals

    @property
    def not_shown(self) -> dict[Verdict, int]:
        """How many of each verdict are left out."""
        left = Counter(self.counts)
        left.subtract(self.tally.verdicts)
        return {verdict: left[verdict] for verdict in Verdict if left[verdict] > 0}

    def held(self) -> Answer:
        """Return the same with its people in memory, for after the block."""
        return replace(self, people=tuple(self.people))


@contextmanager
def answer(store: Store, request: EligibleRequest, policy: Policy) -> Iterator[Answer]:
    """Judge everybody in the place, or those on the list, from one look at the database.

    A place is sorted by the certificate's end, then by name; a list keeps its order and its
    repetitions. Raises DatabaseBusy or DatabaseUnreadable.
    """
    with store.reading():
        of = _of_place if request.national_ids is None else _of_list
        counts, tally, shown = of(store, request, policy)
        roster = people.roster(store, request.province)
        counted = {verdict: counts.get(verdict, 0) for verdict in Verdict}
        yield Answer(request, shown, tally, counted, roster, people.totals(store))


def _narrowed(store: Store, request: EligibleRequest) -> Callable[[Standing], bool]:
    sent = reminders.sent_to(store) if request.reminded else {}

    def reminded(one: Standing) -> bool:
        known = sent.get(one.facts.national_id, ())
        return any(about(e.not_after, one.certificate) for e in known)

    def takes(one: Standing) -> bool:
        return (
            request.selection.takes(one, request.on)
            and (not request.not_applied or not_applied(one.facts.application))
            and (not request.reminded or reminded(one))
        )

    return takes


# --- a list --------------------------------------------------------------------------------------

_Found = tuple[Mapping[Verdict, int], Tally, Iterable[Standing]]


def _of_list(store: Store, request: EligibleRequest, policy: Policy) -> _Found:
    counts: Counter[Verdict] = Counter()
    tally = Tally()
    seen: set[str] = set()
    takes = _narrowed(store, request)
    held: list[Standing] = []
    for one in _listed(store, request, policy):
        again = one.facts.national_id in seen
        seen.add(one.facts.national_id)
        counts[one.verdict] += not again
        if request.wants(one.verdict, one.phase) and takes(one):
            tally.take(one, request.on, again=again)
            if len(held) <= MOST_HELD:
                held.append(one)
    if tally.people <= MOST_HELD:
        return counts, tally, held
    wanted = (one for one in _listed(store, request, policy)
              if request.wants(one.verdict, one.phase) and takes(one))  # fmt: skip
    return counts, tally, wanted


def _listed(store: Store, request: EligibleRequest, policy: Policy) -> Iterator[Standing]:
    """Everybody whom the list names, in its order and as often."""
    rosters = Rosters(store.db)
    for chunk in in_chunks(request.national_ids or (), MOST_HELD):
        read = people.facts(store, national_ids=chunk, rosters=rosters)
        judged = {facts.national_id: judge(facts, policy, request.on) for facts in read}
        yield from (judged[one] for one in chunk)


# --- a place -------------------------------------------------------------------------------------


def _of_place(store: Store, request: EligibleRequest, policy: Policy) -> _Found:
    """Judge plain facts first, and read all that is known only of those who are shown."""
    counts, wanted = _counted(store, request, policy)
    takes, tally = _narrowed(store, request), Tally()
    judged = (judge(facts, policy, request.on) for facts in wanted)
    shown = filter(takes, judged)
    held = list(itertools.islice(shown, MOST_HELD + 1))
    for one in held:
        tally.take(one, request.on, again=False)
    if len(held) <= MOST_HELD:
        return counts, tally, sorted(held, key=_place)
    order = InOrder(store)
    order.add((_place(one), one.facts.national_id) for one in held)
    held.clear()

    def placed() -> Iterator[tuple[Place, str]]:
        for one in shown:
            tally.take(one, request.on, again=False)
            yield _place(one), one.facts.national_id

    order.add(placed())
    return counts, tally, (judge(facts, policy, request.on) for _, facts in order.people())


def _counted(
    store: Store, request: EligibleRequest, policy: Policy
) -> tuple[Counter[Verdict], Iterator[PersonFacts]]:
    """How many there are of each verdict, and all that is known of those who may be shown."""
    place = {"province": request.province, "district": request.district}
    cached = CachedJudge(policy, request.on)

    def look(outline: PersonFacts) -> tuple[Verdict, bool]:
        verdict, phase = cached.decide(outline)
        return verdict, request.wants(verdict, phase)

    counts: Counter[Verdict] = Counter()
    wanted = InOrder(store)
    others, others_shown = look(PersonFacts(""))  # those without a certificate are all alike

    def ids() -> Iterator[tuple[Place, str]]:
        entitled = not policy.entitles_all
        for one, (verdict, is_shown) in people.summaries(
            store, look, entitlement=entitled, **place
        ):
            counts[verdict] += 1
            if is_shown:
                yield NOWHERE, one
        if others_shown:
            yield from ((NOWHERE, one) for one in people.others(store, **place))

    count = people.others_beside_summaries(store, **place)
    wanted.add(ids())
    counts[others] += count()
    if wanted.count == counts.total():  # everybody: a walk over the tables beats a list of ids
        everybody = people.facts(store, province=request.province, district=request.district)
        return counts, everybody
    return counts, (facts for _, facts in wanted.people(asked=True))


def _place(one: Standing) -> Place:
    """Where somebody stands: by the certificate's end, then by name."""
    end = one.certificate.not_after if one.certificate else date.max
    return end.isoformat(), sort_key(one.name), one.facts.national_id, ""
