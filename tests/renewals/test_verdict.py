"""The verdict table against an oracle over every combination, and the rules around it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_cli.foundation import turkish
from esign_cli.foundation.people import (
    CertificateRecord,
    DutyClass,
    DutyRecord,
    Mark,
    OpenApplication,
    PersonFacts,
)
from esign_cli.foundation.standing import Phase, StatusClass, Verdict
from esign_cli.renewals import verdict as renewal
from esign_cli.renewals.verdict import Policy, judge
from tests.support import factories
from tests.support.factories import TODAY

DAY = timedelta(1)


def codes(facts: PersonFacts, policy: Policy | None = None, today: date = TODAY) -> list[str]:
    return [reason.code for reason in judge(facts, policy or Policy(), today).reasons]


# --- the table, over every combination -----------------------------------------------------------

CERTIFICATES: dict[str, tuple[CertificateRecord, ...]] = {
    "none": (),
    "seal": (factories.certificate(qualified=False, origin="card", sha256="a"),),
    "not-due": (factories.certificate(not_after=date(2027, 2, 24)),),
    "open": (factories.certificate(not_after=date(2026, 12, 23)),),
    "late": (factories.certificate(not_after=TODAY),),
    "expired": (factories.certificate(not_after=TODAY - DAY),),
    "renewed": (factories.certificate(not_after=date(2029, 12, 1), not_before=TODAY + DAY),),
    "revoked": (factories.certificate(revocation="suspended", origin="card", sha256="b"),),
    "foreign": (factories.certificate(origin="card", sha256="c", issuer="E-GÜVEN NES S7"),),
    "foreign-beside-open": (
        factories.certificate(not_after=date(2026, 12, 23)),
        factories.certificate(not_after=date(2029, 5, 1), issuer="E-Tuğra", origin="file"),
    ),
    "unheard-of": (
        factories.certificate(not_after=date(2026, 12, 23), issuer="Yeni Alt Kök", origin="card"),
    ),
}
SHOWN_AS = {"foreign": "none", "foreign-beside-open": "open", "unheard-of": "open"}
"""What holders of certificates of other authorities are as good as."""
APPLICATIONS: dict[str, OpenApplication] = {
    "submitted": OpenApplication(1, "submitted", TODAY),
    "lost": OpenApplication(1, "submitted", TODAY, "lost"),
    "delivered": OpenApplication(1, "delivered", TODAY - 30 * DAY),
    "delivered-for-lost": OpenApplication(1, "delivered", TODAY - 30 * DAY, "lost"),
    "unseen": OpenApplication(1, "delivered", TODAY - 31 * DAY),
    "unseen-for-lost": OpenApplication(1, "delivered", TODAY - 31 * DAY, "lost"),
}
KADRO: dict[str, str] = {
    "working": "Görevde",
    "away": "Askerde",
    "unknown": "Uzaklaştırma",
    "left": "Emekli",
    "transferred": "Nakil",
}
HISTORY = date(2020, 1, 1)
ASSIGNMENTS: dict[str, dict[str, object]] = {
    "running": {"end": TODAY + 90 * DAY},
    "last-day": {"end": TODAY},
    "ended": {"end": TODAY - DAY},
    "empty": {"end": None},
    "no-column": {"end": None, "end_column": False},
    "away": {"end": TODAY + 90 * DAY, "status": "Aylıksız İzin"},
    "unknown": {"end": TODAY + 90 * DAY, "status": "?"},
    "left": {"end": TODAY + 90 * DAY, "status": "Ayrıldı"},
    "history": {"start": date(2018, 1, 1), "end": HISTORY},
}
MARKS = {
    "on-duty": Mark("", "on-duty", "said so", TODAY),
    "left": Mark("", "left", "said so"),
    "over": Mark("", "left", "said so", TODAY - DAY),
}
NO = "–"


class Line(NamedTuple):
    """One combination of the table's conditions."""

    certificate: str
    kadro: str
    assignment: str
    mark: str
    missing: bool
    applied: str
    entitled: bool
    kadro_suffices: bool
    ongoing: bool


def combinations() -> Iterator[Line]:
    """Every one; of the less usual applications, those with the settings as they come."""
    yes_no = (False, True)
    usual = (NO, "submitted")
    others = [name for name in APPLICATIONS if name not in usual]
    people = CERTIFICATES, (NO, *KADRO), (NO, *ASSIGNMENTS), (NO, *MARKS)
    yield from map(Line._make, itertools.product(*people, yes_no, usual, yes_no, yes_no, yes_no))
    yield from map(
        Line._make, itertools.product(*people, (False,), others, yes_no, (False,), (False,))
    )


def facts_of(line: Line) -> PersonFacts:
    records: list[DutyRecord] = []
    if line.kadro != NO:
        records.append(factories.post(status=KADRO[line.kadro]))
    if line.assignment != NO:
        records.append(factories.assignment(**ASSIGNMENTS[line.assignment]))
    return factories.facts(
        records=tuple(records),
        certificates=CERTIFICATES[line.certificate],
        mark=MARKS.get(line.mark),
        missing_since=TODAY if line.missing else None,
        application=APPLICATIONS.get(line.applied),
    )


@cache
def policy_with(entitled: bool, kadro_suffices: bool, ongoing: bool) -> Policy:
    return Policy(
        kadro_suffices=kadro_suffices,
        open_ended="ongoing" if ongoing else "needs-update",
        entitled_titles=() if entitled else ("Şube Müdürü",),
    )


def policy_of(line: Line) -> Policy:
    return policy_with(line.entitled, line.kadro_suffices, line.ongoing)


def expected(line: Line) -> tuple[str, set[str]]:  # noqa: C901, PLR0911, PLR0912  (the table)
    """The table read from top to bottom, in words and without a date."""
    cert, kadro, job, mark, missing, applied, entitled, kadro_suffices, ongoing = line
    cert = SHOWN_AS.get(cert, cert)
    mark = NO if mark == "over" else mark
    nothing = kadro == NO and job == NO
    if job == "history":
        job = NO if kadro != NO else "ended"
    if cert in ("none", "seal"):
        return "no-certificate", {"no-certificate"} | (
            set() if entitled or nothing else {"not-entitled"}
        )
    if nothing and mark == NO:
        return "undecided", {"missing-from-latest" if missing else "not-in-roster"}
    if mark == "left":
        return "not-eligible", {"left"}
    gone = {kadro, job} - {NO}
    if mark == NO and gone <= {"left", "transferred"}:
        return "not-eligible", gone
    if applied in ("lost", "delivered-for-lost"):
        return "applied", {"application-open"}
    if cert in ("renewed", "not-due"):
        return cert, set()
    if mark == NO and not (kadro_suffices and kadro == "working"):
        if job == "ended":
            return "needs-update", {"assignment-ended"}
        if job == "empty" and not ongoing:
            return "needs-update", {"end-date-missing"}
    note = {"end-date-not-in-file"} if job == "no-column" and mark == NO else set()
    if mark == NO:
        served = {kadro, job} - {NO, "left", "transferred"}
        if job == "no-column" and kadro in ("away", "unknown"):
            served = {kadro}  # kadro decides
        if not served - {"away", "unknown"}:
            if "unknown" in served:
                return "undecided", {"status-unknown"} | note
            return "not-eligible", {"away"} | note
    if not entitled and not nothing:
        return "not-eligible", {"not-entitled"} | note
    if applied in ("submitted", "delivered"):
        return "applied", {"application-open"} | note
    if cert in ("expired", "revoked"):
        return "expired", {cert} | note
    return "eligible", {f"window-{cert}"} | note


def test_every_combination_of_the_tables_conditions() -> None:
    wrong = []
    seen: set[str] = set()
    for line in combinations():
        standing = judge(facts_of(line), policy_of(line), TODAY)
        reasons = {r.code for r in standing.reasons if r.code not in renewal.CAUTIONS}
        seen |= reasons
        if (standing.verdict.value, reasons) != expected(line):
            wrong.append((line, standing.verdict.value, reasons, expected(line)))
    assert not wrong, (len(wrong), wrong[:3])
    assert seen == set(renewal.REASONS)


def test_every_reason_that_was_read_somewhere_says_where() -> None:
    for line in itertools.islice(combinations(), 0, None, 8):
        for reason in judge(facts_of(line), policy_of(line), TODAY).reasons:
            if reason.field in ("status", "end", "title", "not_after"):
                assert reason.source is not None, (line, reason)


# --- order does not matter -----------------------------------------------------------------------

DATES = st.one_of(st.none(), st.dates(TODAY - 1500 * DAY, TODAY + 1500 * DAY))
WORDS = st.sampled_from(["", "Görevde", "Emekli", "Nakil", "Askerde", "???"])
RECORDS = st.builds(
    DutyRecord,
    national_id=st.just(factories.national_id(1)),
    duty_class=st.sampled_from(DutyClass),
    institution_code=st.sampled_from(["1", "2", "3"]),
    province=st.sampled_from(["72", "34", ""]),
    title=st.sampled_from(["Müdür", "Öğretmen"]),
    status=WORDS,
    start=DATES,
    end=DATES,
    end_column=st.booleans(),
)
HELD = st.builds(
    CertificateRecord,
    national_id=st.just(factories.national_id(1)),
    not_after=st.dates(TODAY - 400 * DAY, TODAY + 1200 * DAY),
    not_before=DATES,
    origin=st.sampled_from(["list", "card", "file"]),
    serial=st.sampled_from(["", "1a", "2b"]),
    sha256=st.sampled_from(["", "x", "y"]),
    issuer=st.sampled_from(["", "", "E-Güven", "Kim", *Policy().issuers]),
    told_on=DATES,
    qualified=st.sampled_from([None, True, False]),
    revocation=st.sampled_from(["", "", "revoked", "suspended"]),
)
POLICIES = st.builds(
    Policy,
    kadro_suffices=st.booleans(),
    open_ended=st.sampled_from(["needs-update", "ongoing"]),
    entitled_titles=st.sampled_from([(), ("müdür",)]),
)


@given(
    st.lists(RECORDS, max_size=4),
    st.lists(HELD, max_size=4),
    POLICIES,
    st.dates(TODAY - 1200 * DAY, TODAY + 1200 * DAY),
    st.randoms(use_true_random=False),
)
def test_the_verdict_does_not_depend_on_the_order_of_facts(
    records: list[DutyRecord],
    held: list[CertificateRecord],
    policy: Policy,
    today: date,
    shuffler: random.Random,
) -> None:
    facts = factories.facts(records=tuple(records), certificates=tuple(held))
    told = judge(facts, policy, today)
    shuffler.shuffle(records)
    shuffler.shuffle(held)
    other = factories.facts(records=tuple(records), certificates=tuple(held))
    assert replace(judge(other, policy, today), facts=facts) == told
    assert {r.code for r in told.reasons} <= {*renewal.REASONS, *renewal.CAUTIONS}
    quick = renewal.decide(facts, policy, today)
    assert (quick.verdict, quick.phase) == (told.verdict, told.phase)


@pytest.mark.parametrize(
    "other",
    [
        {"qualified": True},
        {"issuer": Policy().issuers[0]},
        {"told_on": TODAY},
        {"revoked_on": TODAY},
    ],
    ids=lambda other: next(iter(other)),
)
def test_order_does_not_choose_between_two_certificates_alike(other: dict[str, Any]) -> None:
    one = factories.certificate(1, TODAY + 100 * DAY)
    pair = (one, replace(one, **other))
    assert renewal.newest(pair, Policy()) == renewal.newest(pair[::-1], Policy())


TOLD = st.one_of(
    st.none(),
    st.builds(
        Mark,
        national_id=st.just(""),
        word=st.sampled_from(["on-duty", "left"]),
        reason=st.just("told"),
        until=DATES,
    ),
)


@given(
    st.lists(RECORDS, min_size=1, max_size=5),
    st.lists(HELD, min_size=1, max_size=5),
    POLICIES,
    st.dates(TODAY - 1200 * DAY, TODAY + 1200 * DAY),
    st.data(),
)
def test_a_bench_decides_as_is_decided_one_by_one(
    records: list[DutyRecord],
    held: list[CertificateRecord],
    policy: Policy,
    today: date,
    data: st.DataObject,
) -> None:
    people = st.builds(
        PersonFacts,
        national_id=st.just(""),
        records=st.lists(st.sampled_from(records), max_size=3, unique_by=id).map(tuple),
        certificates=st.lists(st.sampled_from(held), max_size=3, unique_by=id).map(tuple),
        mark=TOLD,
        application=st.sampled_from([None, *APPLICATIONS.values()]),
        replaced_on=DATES,
        missing_since=DATES,
    )
    bench = renewal.CachedJudge(policy, today)
    for facts in data.draw(st.lists(people, max_size=12)):
        one = renewal.decide(facts, policy, today)
        assert bench.decide(facts) == (one.verdict, one.phase)


# --- phase and window ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("not_after", "opens", "deadline"),
    [
        (date(2026, 5, 31), date(2026, 2, 28), date(2026, 4, 30)),
        (date(2028, 5, 31), date(2028, 2, 29), date(2028, 4, 30)),
        (date(2026, 3, 31), date(2025, 12, 31), date(2026, 2, 28)),
        (date(2027, 1, 15), date(2026, 10, 15), date(2026, 12, 15)),
    ],
)
def test_months_are_calendar_months(not_after: date, opens: date, deadline: date) -> None:
    assert renewal.window(not_after, Policy()) == (opens, deadline)
    told = {
        opens - DAY: Phase.NOT_DUE,
        opens: Phase.OPEN,
        deadline: Phase.OPEN,
        deadline + DAY: Phase.LATE,
        not_after: Phase.LATE,
        not_after + DAY: Phase.EXPIRED,
    }
    held = (factories.certificate(not_after=not_after),)
    assert {day: renewal.phase(held, Policy(), day) for day in told} == told


def test_thresholds_are_settings() -> None:
    policy = Policy(opens_months_before=6, deadline_months_before=2)
    assert renewal.window(date(2027, 1, 31), policy) == (date(2026, 7, 31), date(2026, 11, 30))


@given(st.dates(date(1960, 1, 1), date(2090, 1, 1)), st.integers(0, 40))
def test_a_month_before_never_leaves_its_month(day: date, months: int) -> None:
    before = renewal.months_before(day, months)
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day == day.day or (before + DAY).day == 1


# --- which certificate counts --------------------------------------------------------------------


def der(not_after: date, **changes: object) -> CertificateRecord:
    changes = {"origin": "card", "sha256": f"{not_after}", "qualified": True, **changes}
    return factories.certificate(not_after=not_after, **changes)


def test_a_der_beats_what_a_list_says_of_the_same_certificate() -> None:
    on_card = der(date(2027, 1, 10))
    listed = factories.certificate(not_after=date(2027, 1, 25))
    assert renewal.newest((listed, on_card), Policy()) == on_card


def test_a_serial_number_tells_a_certificate_apart_from_another() -> None:
    on_card = der(date(2027, 1, 10), serial="0a1b")
    same = factories.certificate(not_after=date(2028, 9, 9), serial="A1B")
    other = factories.certificate(not_after=date(2027, 1, 25), serial="FF")
    assert renewal.newest((same, on_card), Policy()) == on_card
    assert renewal.newest((other, on_card), Policy()) == other


def test_a_later_certificate_in_a_list_is_a_newer_one() -> None:
    on_card = der(date(2026, 12, 10))
    listed = factories.certificate(not_after=date(2029, 12, 10))
    assert renewal.newest((on_card, listed), Policy()) == listed


@pytest.mark.parametrize("begins", [None, date(2024, 1, 10)])
@pytest.mark.parametrize(
    ("listed_end", "counts"),
    [
        (date(2026, 3, 1), False),  # an earlier one
        (date(2027, 5, 20), False),  # later, and too early for a renewal
        (date(2028, 12, 1), False),
        (date(2029, 10, 11), True),  # renewed on the first day of its window
        (date(2030, 1, 9), True),
    ],
)
def test_an_end_that_is_no_renewals_does_not_outrank_the_card(
    begins: date | None, listed_end: date, *, counts: bool
) -> None:
    on_card = der(date(2027, 1, 10), not_before=begins)
    listed = factories.certificate(not_after=listed_end)
    assert renewal.newest((listed, on_card), Policy()) == (listed if counts else on_card)
    facts = factories.facts(certificates=(listed, on_card))
    verdict = Verdict.NOT_DUE if counts else Verdict.ELIGIBLE
    assert renewal.decide(facts, Policy(), TODAY).verdict is verdict


def test_a_certificate_of_one_year_is_renewed_after_one_year() -> None:
    on_card = der(date(2027, 1, 10), not_before=date(2026, 1, 10))
    listed = factories.certificate(not_after=date(2028, 1, 10))
    assert renewal.newest((listed, on_card), Policy()) == listed


def test_a_revoked_certificate_may_be_replaced_on_any_day() -> None:
    taken = der(date(2027, 1, 10), revocation="revoked")
    listed = factories.certificate(not_after=date(2027, 5, 20))
    assert renewal.newest((taken, listed), Policy()) == listed


def test_a_revoked_certificate_is_never_the_newest_beside_a_valid_one() -> None:
    valid = der(date(2027, 1, 10))
    taken = der(date(2029, 1, 10), revocation="revoked")
    assert renewal.newest((valid, taken), Policy()) == valid
    assert renewal.phase((valid, taken), Policy(), TODAY) is Phase.OPEN


def test_revoked_is_said_when_only_an_expired_one_is_left() -> None:
    old = der(date(2025, 1, 10))
    taken = der(date(2028, 1, 10), revocation="revoked")
    assert renewal.phase((old, taken), Policy(), TODAY) is Phase.REVOKED
    assert renewal.phase((old, replace(taken, not_after=date(2024, 1, 1))), Policy(), TODAY) is (
        Phase.EXPIRED
    )
    listed = factories.certificate(not_after=date(2028, 1, 12))
    assert renewal.phase((taken, listed), Policy(), TODAY) is Phase.REVOKED


def test_a_seal_on_the_same_card_hides_no_listed_certificate() -> None:
    seal = der(date(2027, 1, 15), qualified=False)
    listed = factories.certificate()
    assert renewal.newest((seal, listed), Policy()) == listed


# --- the governing assignment --------------------------------------------------------------------


def test_the_latest_start_governs_and_a_missing_end_comes_last() -> None:
    first = factories.assignment(start=date(2024, 1, 1), end=date(2030, 1, 1))
    ended = factories.assignment(start=date(2025, 1, 1), end=TODAY - DAY, institution_code="3")
    endless = replace(ended, end=None, institution_code="4")
    told = judge(factories.facts(records=(endless, first, ended)), Policy(), TODAY)
    assert told.record == ended
    assert told.verdict is Verdict.NEEDS_UPDATE


def test_what_ended_before_the_certificate_began_is_history() -> None:
    begins = date(2024, 1, 15)  # three years before the end
    before = factories.assignment(start=date(2020, 1, 1), end=begins - DAY)
    facts = factories.facts(records=(factories.post(), before))
    assert judge(facts, Policy(), TODAY).verdict is Verdict.ELIGIBLE
    on_the_day = replace(facts, records=(factories.post(), replace(before, end=begins)))
    assert judge(on_the_day, Policy(), TODAY).verdict is Verdict.NEEDS_UPDATE
    retired = replace(facts, records=(factories.post(status="Emekli"), before))
    assert judge(retired, Policy(), TODAY).verdict is Verdict.NOT_ELIGIBLE


def test_another_assignment_that_is_over_shows_nobody_at_work() -> None:
    away = factories.assignment(status="Askerde", start=date(2025, 1, 1))
    over = factories.assignment(start=date(2024, 6, 1), end=TODAY - DAY, institution_code="9")
    told = judge(factories.facts(records=(away, over)), Policy(), TODAY)
    assert told.verdict is Verdict.NOT_ELIGIBLE
    assert told.reasons[0].code == "away"


def test_the_record_shown_is_the_governing_or_else_the_permanent_one() -> None:
    own, other = factories.post(), factories.assignment()
    assert judge(factories.facts(records=(own, other)), Policy(), TODAY).record == other
    assert judge(factories.facts(records=(own,)), Policy(), TODAY).record == own
    moved = factories.post(status="Nakil", institution_code="5", start=date(2020, 1, 1))
    assert judge(factories.facts(records=(moved, own)), Policy(), TODAY).record == own


# --- words and entitlement -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("", StatusClass.WORKING),
        ("GÖREVDE", StatusClass.WORKING),
        ("izinde", StatusClass.WORKING),
        ("ÜCRETSİZ İZİNDE", StatusClass.AWAY),
        ("Açıkta ", StatusClass.AWAY),
        ("MÜSTAĞFİ", StatusClass.LEFT),
        ("nakil", StatusClass.TRANSFERRED),
        ("Görevden uzaklaştırıldı", StatusClass.UNKNOWN),
    ],
)
def test_status_words(word: str, kind: StatusClass) -> None:
    assert Policy().status(word) is kind


def test_words_are_added_by_the_settings() -> None:
    added = {**renewal.STATUS_WORDS, turkish.fold("Raporlu"): StatusClass.AWAY}
    assert Policy(status_words=added).status("RAPORLU") is StatusClass.AWAY


def test_entitlement_by_title_and_institution() -> None:
    both = factories.facts(records=(factories.post(), factories.assignment()))
    assert judge(both, Policy(entitled_titles=("MÜDÜR",)), TODAY).verdict is Verdict.ELIGIBLE
    assert codes(both, Policy(entitled_titles=("Memur",)))[:2] == ["not-entitled"] * 2
    by_code = Policy(entitled_institutions=("200002",))
    assert judge(both, by_code, TODAY).verdict is Verdict.ELIGIBLE
    by_name = Policy(entitled_institutions=("Batman Lisesi",))
    assert judge(both, by_name, TODAY).verdict is Verdict.ELIGIBLE
    neither = Policy(entitled_titles=("Müdür",), entitled_institutions=("100001",))
    assert judge(both, neither, TODAY).verdict is Verdict.NOT_ELIGIBLE


# --- warnings ------------------------------------------------------------------------------------


def test_nothing_to_warn_of() -> None:
    assert codes(factories.facts()) == ["window-open"]


def test_name_changed() -> None:
    held = factories.certificate(holder="Ayşe İnce")
    same = replace(factories.person(1), given_name="AYŞE", family_name="İNCE")
    assert "name-changed" not in codes(factories.facts(certificates=(held,), person=same))
    other = replace(same, family_name="YILDIZ")
    facts = factories.facts(certificates=(held,), person=other)
    assert "name-changed" in codes(facts)


def test_conflicting_and_doubtful_identities() -> None:
    other = factories.national_id(2)
    facts = factories.facts(identity_conflict=True, duplicate_of=other)
    assert codes(facts)[1:] == ["identity-conflict", "possible-duplicate"]
    told = judge(facts, Policy(), TODAY).reasons[-1]
    assert told.value == turkish.mask(other)


@pytest.mark.parametrize(("days", "warned"), [(0, True), (30, True), (31, False)])
def test_an_assignment_that_ends_soon(days: int, warned: bool) -> None:
    record = factories.assignment(end=TODAY + days * DAY)
    assert ("assignment-ends-soon" in codes(factories.facts(records=(record,)))) is warned


@pytest.mark.parametrize(
    ("days", "warnings"),
    [(0, ["expires-today", "gap-expected"]), (14, ["gap-expected"]), (15, []), (-1, [])],
)
def test_a_certificate_about_to_end(days: int, warnings: list[str]) -> None:
    held = factories.certificate(not_after=TODAY + days * DAY)
    assert codes(factories.facts(certificates=(held,)))[1:] == warnings


def test_serving_in_another_province() -> None:
    here, there = factories.post(), factories.assignment(province="34")
    assert "serves-elsewhere" in codes(factories.facts(records=(here, there)))
    assert "serves-elsewhere" not in codes(factories.facts(records=(here, factories.assignment())))


def test_a_live_certificate_of_somebody_who_left() -> None:
    facts = factories.facts(records=(factories.post(status="Emekli"),))
    assert codes(facts) == ["left", "live-certificate"]
    moved = factories.facts(records=(factories.post(status="Nakil"),))
    assert codes(moved) == ["transferred"]
    over = replace(facts, certificates=(factories.certificate(not_after=TODAY - DAY),))
    assert codes(over) == ["left"]


@pytest.mark.parametrize(("days", "warned"), [(30, False), (31, True)])
def test_an_old_roster(days: int, warned: bool) -> None:
    facts = factories.facts(as_of=TODAY - days * DAY)
    assert ("roster-old" in codes(facts)) is warned


def test_a_mark_is_always_shown_while_it_holds() -> None:
    mark = Mark("", "on-duty", "called the school", TODAY)
    facts = factories.facts(records=(factories.post(status="?"),), mark=mark)
    assert codes(facts) == ["window-open", "marked"]
    assert codes(facts, today=TODAY + DAY)[:1] == ["status-unknown"]
    left = factories.facts(mark=Mark("", "left", "retired"))
    assert codes(left) == ["left", "live-certificate", "marked"]
    nothing = factories.facts(certificates=(), mark=mark)
    assert codes(nothing) == ["no-certificate", "marked"]


# --- dates of the answer -------------------------------------------------------------------------


def test_the_answer_carries_its_dates() -> None:
    told = judge(factories.facts(), Policy(), TODAY)
    assert (told.days_left, told.opens, told.deadline) == (
        53,
        date(2026, 10, 15),
        date(2026, 12, 15),
    )
    taken = factories.certificate(revocation="revoked", origin="card")
    told = judge(factories.facts(certificates=(taken,)), Policy(), TODAY)
    assert (told.phase, told.days_left, told.opens) == (Phase.REVOKED, None, None)


def test_the_date_alone_moves_the_verdict() -> None:
    facts = factories.facts()
    told = [judge(facts, Policy(), TODAY + n * DAY).verdict for n in (-60, 0, 30, 60)]
    assert told == [Verdict.NOT_DUE, Verdict.ELIGIBLE, Verdict.ELIGIBLE, Verdict.EXPIRED]


# --- whose certificate, and a card that takes the place of another -------------------------------


def test_a_certificate_of_another_authority_is_shown_and_stands_for_nothing() -> None:
    kamu = der(date(2026, 12, 23), issuer="Kamu Elektronik Sertifika Hizmet Sağlayıcısı - Sürüm 6")
    private = der(date(2029, 5, 1), issuer="E-GÜVEN NES Hizmet Sağlayıcısı S7", sha256="p")
    both = factories.facts(certificates=(kamu, private))
    told = judge(both, Policy(), TODAY)
    assert (told.verdict, told.certificate) == (Verdict.ELIGIBLE, kamu)
    assert [r.code for r in told.reasons] == ["window-open", "other-authority"]
    assert told.reasons[-1].value == private.issuer
    alone = judge(factories.facts(certificates=(private,)), Policy(), TODAY)
    assert (alone.verdict, alone.certificate) == (Verdict.NO_CERTIFICATE, None)
    listed = factories.certificate(not_after=date(2027, 1, 15))
    beside = factories.facts(certificates=(listed, private))
    assert judge(beside, Policy(), TODAY).certificate == listed


def test_an_authority_in_no_list_counts_where_there_is_nothing_else() -> None:
    strange = der(date(2026, 12, 23), issuer="KAMU NES ALT KÖK - S9")
    told = judge(factories.facts(certificates=(strange,)), Policy(), TODAY)
    assert told.certificate == strange
    assert [r.code for r in told.reasons] == ["window-open", "issuer-unknown"]
    listed = factories.certificate(not_after=date(2026, 12, 20))
    told = judge(factories.facts(certificates=(strange, listed)), Policy(), TODAY)
    assert told.certificate == listed
    own = Policy(issuers=("kamu nes",))
    assert codes(factories.facts(certificates=(strange,)), own) == ["window-open"]


def test_after_a_lost_card_a_later_end_that_was_told_since_is_believed() -> None:
    delivered = TODAY - 3 * DAY
    lost = der(date(2028, 5, 1), not_before=date(2025, 5, 1))
    told = factories.certificate(not_after=date(2029, 11, 29), told_on=delivered)
    before = replace(told, told_on=delivered - DAY)
    for replaced_on, listed, counts in (
        (delivered, told, told),
        (delivered, before, lost),
        (None, told, lost),
        (delivered, replace(told, not_after=date(2028, 4, 30)), lost),
    ):
        assert renewal.newest((lost, listed), Policy(), replaced_on) == counts


@pytest.mark.parametrize(("days", "warned"), [(30, False), (31, True)])
def test_a_card_that_was_delivered_and_whose_certificate_nobody_saw(
    days: int, warned: bool
) -> None:
    application = OpenApplication(1, "delivered", TODAY - days * DAY)
    told = judge(factories.facts(application=application), Policy(), TODAY)
    seen = [r.code for r in told.reasons]
    assert told.verdict is (Verdict.ELIGIBLE if warned else Verdict.APPLIED)
    assert ("new-certificate-not-seen" in seen) is warned


def test_a_leaver_with_an_application_is_named() -> None:
    facts = factories.facts(
        records=(factories.post(status="Emekli"),),
        application=OpenApplication(1, "approved", TODAY),
    )
    assert codes(facts) == ["left", "live-certificate", "application-of-leaver"]
    assert "application-of-leaver" not in codes(factories.facts(application=facts.application))
