"""Institutions of a place: how many serve there, how many hold a valid e-imza, who manages them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from esign_cli.foundation.people import DutyRecord, PersonFacts
from esign_cli.foundation.standing import Phase
from esign_cli.foundation.turkish import fold, sort_key
from esign_cli.renewals.rules import duty, lifetime
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import Store, people, places

_VALID = (Phase.NOT_DUE, Phase.OPEN, Phase.LATE)
"""Phases in which somebody can sign today."""


@dataclass(frozen=True, slots=True)
class InstitutionsRequest:
    """Of which day and place, and whether of those alone that cannot sign."""

    on: date
    province: str = ""
    """Plate code; "" or "all" for everywhere."""
    district: str = ""
    without_certificate: bool = False


@dataclass(slots=True)
class Institution:
    """An institution as duty records name it."""

    province: str
    district: str
    code: str
    name: str
    people: set[str] = field(default_factory=set)
    """National ids of those who serve there."""
    holders: set[str] = field(default_factory=set)
    """Of those, who hold an e-imza that is valid today."""
    manager: PersonFacts | None = None


def institutions(
    store: Store, request: InstitutionsRequest, policy: Policy
) -> tuple[Institution, ...]:
    """Return the institutions of a place, by district and name; raises as `Store.reading` does.

    Who left, was transferred, or whose assignment there is over serves there no more.
    """
    places.check_district(store, request.district)
    by_place: dict[tuple[str, str, str], Institution] = {}
    with store.reading():
        everybody = people.facts(store, province=request.province, district=request.district)
        for facts in everybody:
            _add(by_place, facts, request, policy)
    wanted = [one for one in by_place.values() if not (request.without_certificate and one.holders)]
    return tuple(sorted(wanted, key=_by_district))


def _by_district(one: Institution) -> tuple[str, str, str]:
    return sort_key(one.district), sort_key(one.name), one.code


def _add(
    by_place: dict[tuple[str, str, str], Institution],
    facts: PersonFacts,
    request: InstitutionsRequest,
    policy: Policy,
) -> None:
    chosen = lifetime.newest(facts.certificates, policy, facts.replaced_on)
    phase = (
        lifetime.phase_of(chosen, facts.certificates, policy, request.on) if chosen else Phase.NONE
    )
    for record in _served(facts, request, policy):
        code = record.institution_code
        key = (record.province, code, "" if code else fold(record.institution))
        one = by_place.get(key)
        if one is None:
            named = Institution(record.province, record.district, code, record.institution)
            one = by_place[key] = named
        one.people.add(facts.national_id)
        if phase in _VALID:
            one.holders.add(facts.national_id)
        if one.manager is None and is_manager(record):
            one.manager = facts


def _served(
    facts: PersonFacts, request: InstitutionsRequest, policy: Policy
) -> Iterator[DutyRecord]:
    for record in facts.records:
        if not record.institution or policy.status(record.status) in duty.GONE:
            continue
        if request.province not in ("", "all") and record.province != request.province:
            continue
        if request.district and fold(record.district) != fold(request.district):
            continue
        if record.end is None or record.end >= request.on:
            yield record


def is_manager(record: DutyRecord) -> bool:
    """Return whether the title is that of a head: Müdür, Okul Müdürü; no deputy's."""
    title = fold(record.title)
    return title.endswith(("mudur", "muduru")) and "yardimci" not in title
