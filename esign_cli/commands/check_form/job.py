"""What would stop applications on the portal, found before anybody sits down to apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date

from esign_cli.foundation.people import PersonFacts
from esign_cli.foundation.standing import Phase, Standing, Verdict
from esign_cli.foundation.turkish import sort_key
from esign_cli.renewals import application
from esign_cli.renewals.application import Form, Problem, Profile
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.verdict import decide, judge
from esign_cli.store import Store, people, places

OF_PROFILE = frozenset(f.name for f in fields(Profile))
"""Fields that the directorate's profile fills, not the person."""
IN_WINDOW = (Phase.OPEN, Phase.LATE)
MAY_APPLY = (Verdict.ELIGIBLE, Verdict.NEEDS_UPDATE, Verdict.UNDECIDED)
_SAID_BY_RULES = ("identity-conflict", "possible-duplicate")


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Whose forms to check on which day."""

    today: date
    province: str = ""
    """Plate code; "" or "all" for everywhere."""
    district: str = ""
    national_ids: tuple[str, ...] | None = None
    """None: everybody in the place whose renewal is open, or late, and who may come to apply."""
    given: Form = field(default_factory=Form)
    """What a form file says of the one person asked for."""
    not_understood: tuple[str, ...] = ()
    """Fields of the form file whose value is of the wrong kind."""
    wanted: tuple[str, ...] = application.REQUIRED


@dataclass(frozen=True, slots=True)
class Checked:
    """A person's form as it would be, and all that is wrong with it."""

    standing: Standing
    form: Form
    problems: tuple[Problem, ...]
    given: frozenset[str] = frozenset()
    """The fields that a form file fills."""

    @property
    def own(self) -> tuple[Problem, ...]:
        """The problems that are the person's, not the directorate's profile's."""
        return tuple(one for one in self.problems if not self.of_profile(one))

    def of_profile(self, problem: Problem) -> bool:
        """Return whether it is the directorate's profile that has to be set right."""
        return problem.field in OF_PROFILE and problem.field not in self.given


def check(
    store: Store, request: CheckRequest, profile: Callable[[str, str], Profile], policy: Policy
) -> tuple[Checked, ...]:
    """Return everybody asked for, with all problems at once; a place by district and name.

    `profile` gives the directorate's data for a district and an institution code. Raises
    UnknownDistrict, and as `Store.reading` does.
    """
    places.check_district(store, request.district)
    with store.reading():
        if request.national_ids is not None:
            wanted = list(dict.fromkeys(request.national_ids))
        else:
            wanted = list(_in_window(store, request, policy))
        known = {
            facts.national_id: judge(facts, policy, request.today)
            for facts in people.facts(store, national_ids=wanted)
        }
    checked = [_checked(known[one], request, profile) for one in wanted]
    return tuple(checked if request.national_ids is not None else sorted(checked, key=_by_place))


def _in_window(store: Store, request: CheckRequest, policy: Policy) -> Iterator[str]:
    def look(outline: PersonFacts) -> bool:
        decision = decide(outline, policy, request.today)
        return decision.phase in IN_WINDOW and decision.verdict in MAY_APPLY

    for one, applies in people.summaries(
        store, look, province=request.province, district=request.district
    ):
        if applies:
            yield one


def _checked(
    standing: Standing, request: CheckRequest, profile: Callable[[str, str], Profile]
) -> Checked:
    facts, record = standing.facts, standing.record
    place = (record.district, record.institution_code) if record else ("", "")
    given = replace(request.given, national_id=facts.national_id)
    written = _written(request)
    form = application.filled(given, profile(*place), facts.person, record)
    holder = standing.certificate.holder if standing.certificate else ""
    problems = [
        *_of_person(standing),
        *(Problem("not-understood", key) for key in request.not_understood),
        *application.problems(form, request.wanted),
        *application.compared(form, facts.person, holder, request.today),
    ]
    shown = [one for one in problems if one.code != "missing" or one.field not in written]
    return Checked(standing, form, tuple(dict.fromkeys(shown)), written)


def _written(request: CheckRequest) -> frozenset[str]:
    """The fields that stand in the form file, understood or not."""
    understood = (key for key in application.KEYS if getattr(request.given, key))
    return frozenset((*understood, *request.not_understood))


def _of_person(standing: Standing) -> Iterable[Problem]:
    if standing.facts.person is None:
        yield Problem("not-in-roster", "national_id")
    for reason in standing.reasons:
        if reason.code in _SAID_BY_RULES:
            yield Problem(reason.code, "national_id")


def _by_place(one: Checked) -> tuple[str, str, str]:
    standing = one.standing
    district = standing.record.district if standing.record else ""
    name = f"{one.form.given_name} {one.form.family_name}"
    return sort_key(district), sort_key(name), standing.facts.national_id
