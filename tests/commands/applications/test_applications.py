"""`esign applications`: entering them, their steps, what is refused, and what is listed."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from esign_cli.foundation.turkish import mask
from esign_cli.store import Store
from tests.conftest import Esign, Ran
from tests.support import factories
from tests.support.factories import national_id

STATUS = "Görevde"


@pytest.fixture(autouse=True)
def people(store: Store, today: date) -> None:
    """1 eligible, 2 with an ended assignment, 3 without a certificate, 4 retired, 5 expired."""
    ends = today + timedelta(50)
    ended = factories.assignment(2, start=date(2024, 1, 1), end=today - timedelta(20))
    everybody = [
        factories.facts(1, certificates=(factories.certificate(1, ends),)),
        factories.facts(
            2, certificates=(factories.certificate(2, ends),), records=(factories.post(2), ended)
        ),
        factories.facts(3, certificates=()),
        factories.facts(
            4,
            certificates=(factories.certificate(4, ends),),
            records=(factories.post(4, status="Emekli"),),
        ),
        factories.facts(5, certificates=(factories.certificate(5, today - timedelta(9)),)),
        factories.facts(6, records=(factories.post(6, province="34", district="FATİH"),)),
    ]
    factories.save(store, everybody, as_of=today - timedelta(2))


def only(ran: Ran) -> dict[str, Any]:
    (one,) = ran.json["data"]["applications"]
    return dict(one)


def entered(esign: Esign, number: int, *words: str) -> str:
    """An application of a person; gives its number."""
    ran = esign("applications", "add", national_id(number), *words, "--json")
    assert ran.exit_code == 0, ran.stderr
    return str(only(ran)["number"])


def ago(today: date, days: int) -> tuple[str, str]:
    return "--date", (today - timedelta(days)).isoformat()


def test_the_whole_way_to_the_card_in_hand(esign: Esign, today: date) -> None:
    number = entered(esign, 1, *ago(today, 12), "--note", "portalda yaptı")
    for step, days, state in (
        ("wait", 11, "waiting"),
        ("approve", 10, "approved"),
        ("return", 5, "returned"),
        ("arrive", 3, "arrived"),
        ("deliver", 1, "delivered"),
    ):
        ran = esign("applications", step, number, *ago(today, days), "--json")
        assert ran.exit_code == 0, ran.stderr
        assert only(ran)["state"] == state
    one = only(esign("applications", "show", number, "--json"))
    days = [today - timedelta(n) for n in (12, 11, 10, 5, 3, 1)]
    assert [event["date"] for event in one["events"]] == list(map(str, days))
    assert one["events"][0]["note"] == "portalda yaptı"
    assert one["events"][0]["os_user"]
    assert one["events"][2]["facts"]["verdict"] == "eligible"
    assert one["approved"] == str(today - timedelta(10))
    refused = esign("applications", "cancel", number, "--json")
    assert refused.exit_code == 12
    assert refused.json["problems"][0]["code"] == "illegal-step"


def test_a_person_is_named_by_national_id_and_masked_on_screen(esign: Esign) -> None:
    entered(esign, 1)
    ran = esign("applications", "approve", national_id(1))
    assert ran.exit_code == 0
    assert "100******46" in ran.stdout
    assert national_id(1) not in ran.stdout + ran.stderr
    assert "Give the approval itself on the portal" in ran.stderr
    history = esign("applications", "show", national_id(1)).stdout
    assert "Application 1 · Renewal · Approved" in history
    assert "Submitted (entered " in history


def test_an_open_application_makes_the_verdict_applied(esign: Esign) -> None:
    entered(esign, 1)
    ran = esign("eligible", "--national-id", national_id(1), "--json")
    assert ran.json["data"]["people"][0]["verdict"] == "applied"


@pytest.mark.parametrize("number", [2, 4, 5, 3])
def test_a_renewal_is_approved_only_for_the_eligible(esign: Esign, number: int) -> None:
    application = entered(esign, number)
    ran = esign("applications", "approve", application, "--json")
    assert ran.exit_code == 12
    (problem,) = ran.json["problems"]
    assert problem["code"] == "approval-refused"
    assert problem["verdict"] == {2: "needs-update", 4: "not-eligible", 5: "expired"}.get(
        number, "no-certificate"
    )
    assert only(esign("applications", "show", application, "--json"))["state"] == "submitted"


def test_the_reason_of_a_refusal_is_said(esign: Esign, today: date) -> None:
    ran = esign("applications", "approve", entered(esign, 2))
    ended = today - timedelta(20)
    assert "MEBBİS record needs updating\n  – Assignment has ended: " in ran.stderr
    assert f"Assignment has ended: {ended:%d.%m.%Y}  [" in ran.stderr
    assert "Correct MEBBİS and import it" in ran.stderr


@pytest.mark.parametrize(
    ("number", "verdict", "step"),
    [
        (5, "Expired", "--reason first --wet-ink"),
        (4, "Outside renewal", "Reject the application"),
        (3, "No certificate known", "Read the card"),
        (7, "Not due yet", "Look whether the day is right"),
    ],
)
def test_each_refusal_says_its_verdict_and_what_to_do(
    esign: Esign, store: Store, today: date, number: int, verdict: str, step: str
) -> None:
    valid = factories.certificate(7, today + timedelta(400))
    factories.save(store, [factories.facts(7, certificates=(valid,))], as_of=today)
    ran = esign("applications", "approve", entered(esign, number))
    assert ran.exit_code == 12
    assert f"\n  {verdict}\n" in ran.stderr
    assert step in ran.stderr
    assert "Correct MEBBİS" not in ran.stderr


@pytest.mark.parametrize(("number", "approved"), [(3, True), (5, True), (4, False), (2, False)])
def test_what_is_signed_by_hand_is_approved_for_those_on_duty(
    esign: Esign, number: int, approved: bool
) -> None:
    application = entered(esign, number, "--reason", "ilk", "--wet-ink")
    ran = esign("applications", "approve", application, "--json")
    assert (ran.exit_code == 0) is approved


def test_an_override_is_kept_with_its_reason(esign: Esign) -> None:
    application = entered(esign, 2)
    ran = esign("applications", "approve", application, "--override", "ekranda görüldü", "--json")
    assert ran.exit_code == 0
    facts = only(ran)["events"][-1]["facts"]
    assert facts["override"] == "ekranda görüldü"
    assert (facts["verdict"], facts["reasons"]) == ("needs-update", ["assignment-ended"])
    assert "ekranda görüldü" in esign("applications", "show", application).stdout


def test_an_old_roster_approves_nobody(esign: Esign, store: Store, today: date) -> None:
    store.db.execute("UPDATE import SET as_of = ?", (str(today - timedelta(8)),))
    application = entered(esign, 1)
    ran = esign("applications", "approve", application, "--json")
    assert ran.exit_code == 12
    assert ran.json["problems"][0]["code"] == "approval-roster-old"
    assert ran.json["problems"][0]["days"] == 7
    assert esign("config", "set", "renewal.approval_roster_days", "8").exit_code == 0
    assert esign("applications", "approve", application).exit_code == 0


def test_an_illegal_step_names_the_legal_ones(esign: Esign) -> None:
    ran = esign("applications", "deliver", entered(esign, 1))
    assert ran.exit_code == 12
    assert "deliver (its state: Submitted)" in ran.stderr
    assert "wait, approve, reject, cancel" in ran.stderr


def test_whose_application_is_meant_is_said_once(esign: Esign) -> None:
    ran = esign("applications", "submit", national_id(9))
    assert ran.exit_code == 3
    assert ran.stderr.count(mask(national_id(9))) == 1


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("submit", "99"), "unknown-application", 2),
        (("submit", "10000000147"), "unknown-application", 2),
        (("submit", national_id(9)), "no-open-application", 3),
        (("submit",), "usage", 2),
        (("reject", "1"), "note-needed", 2),
        (("add", "123"), "bad-national-id", 2),
        (("add", national_id(1), "--date", "2999-01-01"), "date-in-future", 12),
        (("add", national_id(1), "--state", "approved"), "unknown-word", 2),
        (("add", national_id(1), "--reason", "because"), "unknown-word", 2),
        (("list", "--state", "nowhere"), "unknown-word", 2),
        (("show", "7"), "unknown-application", 2),
    ],
)
def test_what_is_not_understood_is_refused(
    esign: Esign, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    ran = esign("applications", *words, "--json")
    assert ran.exit_code == exit_code
    assert ran.json["data"] is None
    assert ran.json["problems"][0]["code"] == code


def test_doing_it_again_changes_nothing(esign: Esign) -> None:
    application = entered(esign, 1)
    for words in (("add", national_id(1)), ("approve", application), ("approve", application)):
        again = esign("applications", *words, "--json")
        assert again.exit_code == 0
    assert again.json["data"]["applications"] == []
    assert again.json["data"]["skipped"][0]["number"] == int(application)
    assert len(only(esign("applications", "show", application, "--json"))["events"]) == 2


def test_a_rejected_person_can_apply_again(esign: Esign) -> None:
    first = entered(esign, 1)
    esign("applications", "reject", first, "--note", "evrak eksik")
    second = entered(esign, 1)
    assert second != first
    both = esign("applications", "show", national_id(1), "--json").json["data"]["applications"]
    assert [one["state"] for one in both] == ["rejected", "submitted"]


def test_a_list_with_the_day_of_each(esign: Esign, tmp_path: Path, today: date) -> None:
    day = today - timedelta(6)
    file = tmp_path / "basvuranlar.csv"
    file.write_text(
        f"T.C. Kimlik No;Tarih;Ad\n{national_id(1)};{day:%d.%m.%Y};AYŞE\n"
        f"{national_id(2)}\n12345678901;;\n",
        "utf-8",
    )
    ran = esign("applications", "add", "--from", file, *ago(today, 2), "--json")
    assert ran.exit_code == 8
    assert [one["opened"] for one in ran.json["data"]["applications"]] == [
        str(day),
        str(today - timedelta(2)),
    ]
    assert ran.json["problems"][0]["row"] == 4


def test_a_batch_goes_on_after_one_that_cannot_be_done(esign: Esign) -> None:
    entered(esign, 1)
    entered(esign, 2)
    ran = esign("applications", "approve", "2", "77", "1", "--json")
    assert ran.exit_code == 8
    assert only(ran)["number"] == 1
    assert [problem["id"] for problem in ran.json["problems"]] == ["2", "77"]


def listed(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "liste.csv"
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return file


def test_the_list_given_back_dates_no_step_by_the_one_before(
    esign: Esign, tmp_path: Path, today: date
) -> None:
    entered(esign, 1, *ago(today, 20))
    exported = tmp_path / "gonderilenler.xlsx"
    assert esign("applications", "--output", exported, lang="tr").exit_code == 0
    ran = esign("applications", "approve", "--from", exported)
    assert f"Without a day of their own in the list: 1. Taken for them: {today:%d.%m.%Y}" in (
        ran.stderr
    )
    (shown,) = esign("applications", "show", "1", "--json").json["data"]["applications"]
    assert (shown["approved"], shown["overdue"]) == (str(today), False)


def test_the_column_that_gives_the_day_is_named(esign: Esign, tmp_path: Path, today: date) -> None:
    entered(esign, 1, *ago(today, 20))
    esign("applications", "approve", "1", *ago(today, 9))
    day = today - timedelta(3)
    file = listed(tmp_path, "TCKN;Onay Tarihi;Tarih", f"{national_id(1)};;{day:%d.%m.%Y} 00:00")
    ran = esign("applications", "arrive", "--from", file, "--json")
    assert "Day of the step: column “Tarih”" in ran.stderr
    assert only(ran)["since"] == str(day)


def test_an_unreadable_day_is_the_failure_of_its_row_alone(
    esign: Esign, tmp_path: Path, today: date
) -> None:
    entered(esign, 1, *ago(today, 20))
    entered(esign, 5, *ago(today, 20))
    tomorrow = f"{today + timedelta(1):%d.%m.%Y}"
    head, last = "T.C. Kimlik No;Tarih", f"{today - timedelta(1):%d.%m.%Y}"
    rows = (f"{national_id(5)};Kasım 2026", f"{national_id(2)};{tomorrow}")
    file = listed(tmp_path, head, *rows, f"{national_id(1)};{last}", "TOPLAM;")
    entered(esign, 2, *ago(today, 20))
    ran = esign("applications", "wait", "--from", file)
    assert ran.exit_code == 8
    assert "“Kasım 2026” is not a date.\n  100******28 (liste.csv, line 2)" in ran.stderr
    assert "is still to come" in ran.stderr
    assert "(liste.csv, line 3)" in ran.stderr
    assert "liste.csv, line 5: “TOPLAM” is not a national id." in ran.stderr
    ran = esign("applications", "wait", "--from", file, "--json")
    assert [(p["code"], p["row"]) for p in ran.json["problems"]] == [
        ("bad-date", 2), ("date-in-future", 3), ("bad-national-id", 5),
    ]  # fmt: skip


def test_another_day_for_a_step_that_was_entered_is_taken_only_as_a_correction(
    esign: Esign, today: date
) -> None:
    entered(esign, 1, *ago(today, 20))
    esign("applications", "approve", "1")
    ran = esign("applications", "approve", "1", *ago(today, 2))
    assert ran.exit_code == 12
    assert "--correct" in ran.stderr
    early = esign("applications", "approve", "1", *ago(today, 25), "--correct")
    assert early.exit_code == 12
    right = esign("applications", "approve", "1", *ago(today, 2), "--correct", "--json")
    assert only(right)["approved"] == str(today - timedelta(2))
    assert only(right)["events"][-1]["facts"]["corrects"] == str(today)
    assert esign("applications", "approve", "1", *ago(today, 2)).exit_code == 0
    assert esign("applications", "approve", "1").exit_code == 0
    assert "corrects the day entered before" in esign("applications", "show", "1").stdout


def test_an_export_of_the_staff_enters_applications_only_after_a_yes(
    esign: Esign, tmp_path: Path
) -> None:
    file = listed(tmp_path, "T.C. Kimlik No;Adı;Görevi", f"{national_id(1)};AYŞE;Müdür")
    ran = esign("applications", "add", "--from", file)
    assert ran.exit_code == 2
    assert "columns: Görevi" in ran.stderr
    assert esign("applications", "--json").json["data"]["applications"] == []
    assert esign("applications", "add", "--from", file, "--yes").exit_code == 0


def test_whoever_was_never_seen_is_pointed_out(esign: Esign) -> None:
    ran = esign("applications", "add", national_id(77))
    assert ran.exit_code == 0
    assert "No file, card or list names this person" in ran.stderr
    assert "names this person" not in esign("applications", "add", national_id(1)).stderr


# --- listing -------------------------------------------------------------------------------------


@pytest.fixture
def several(esign: Esign, today: date) -> None:
    for number in (1, 2, 3, 6):
        entered(esign, number, *ago(today, 30))
    esign("applications", "approve", "1", "2", *ago(today, 16), "--override", "x")
    esign("applications", "arrive", "2", *ago(today, 3))
    esign("applications", "cancel", "3")


def numbers(ran: Ran) -> list[int]:
    return [one["number"] for one in ran.json["data"]["applications"]]


@pytest.mark.usefixtures("several")
def test_open_ones_are_listed_by_default_and_the_others_counted(esign: Esign) -> None:
    ran = esign("applications", "--json")
    assert ran.json["schema"] == "esign.applications/1"
    assert numbers(ran) == [4, 1, 2]  # submitted, approved, arrived
    assert ran.json["data"]["overdue"] == 1
    assert ran.json["data"]["counts"]["cancelled"] == 1
    assert "Not shown: Cancelled: 1" in esign("applications").stderr


@pytest.mark.usefixtures("several")
def test_filters_of_the_list(esign: Esign) -> None:
    def listed(*words: str) -> list[int]:
        return numbers(esign("applications", "list", *words, "--json"))

    assert listed("--overdue") == [1]
    assert listed("--state", "iptal") == [3]
    assert listed("--state", "all") == [4, 1, 2, 3]
    assert listed("--state", "arrived", "--state", "Approved") == [1, 2]
    assert listed("--province", "istanbul") == [4]
    assert listed("--province", "batman", "--district", "kozluk") == [2]


@pytest.mark.usefixtures("several")
def test_an_overdue_card_comes_with_the_number_to_call(esign: Esign) -> None:
    ran = esign("applications", "--overdue")
    assert "Overdue cards: 1. The call centre: 444 5 576" in ran.stderr
    assert "100******46" in ran.stdout


@pytest.mark.posix
@pytest.mark.usefixtures("several")
def test_files_of_the_list_hold_whole_ids_and_real_dates(
    esign: Esign, tmp_path: Path, today: date
) -> None:
    rows = list(
        csv.reader(
            io.StringIO(esign("applications", "--format", "csv").stdout.removeprefix("\ufeff")),
            delimiter=";",
        )
    )
    assert len(rows) == 4
    assert rows[1][1] == national_id(6)
    output = tmp_path / "liste.xlsx"
    assert esign("applications", "--output", output).exit_code == 0
    sheet = load_workbook(output).active
    assert sheet is not None
    assert sheet["K2"].value.date() == today - timedelta(30)
    assert output.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("several")
def test_of_people_who_were_forgotten_the_applications_are_still_counted(esign: Esign) -> None:
    assert esign("person", "forget", national_id(1), "--yes").exit_code == 0
    everywhere = ("applications", "list", "--province", "all")
    assert numbers(esign(*everywhere, "--state", "approved", "--json")) == [1]
    listed = esign(*everywhere, "--state", "all")
    assert "(forgotten)" in listed.stdout
    assert national_id(1)[-2:] + " " not in listed.stdout
    open_ones = esign(*everywhere, "--json")
    assert 1 not in numbers(open_ones)
    assert open_ones.json["data"]["counts"]["approved"] == 1
    assert open_ones.json["data"]["overdue"] == 0


def test_an_empty_list_says_how_to_begin(esign: Esign) -> None:
    ran = esign("applications")
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "esign applications add" in ran.stderr


def test_a_list_names_people_and_numbers(esign: Esign, tmp_path: Path) -> None:
    first, second = entered(esign, 1), entered(esign, 5)
    listed = tmp_path / "liste.txt"
    listed.write_text(f"{national_id(1)}\n{second}\n10000000145\n", "utf-8")
    shown = esign("applications", "show", "--from", listed, "--json")
    assert shown.exit_code == 8
    numbers = [one["number"] for one in shown.json["data"]["applications"]]
    assert numbers == [int(first), int(second)]
    assert [problem["row"] for problem in shown.json["problems"]] == [3]
    done = esign("applications", "cancel", "--from", listed, "--json")
    assert {one["state"] for one in done.json["data"]["applications"]} == {"cancelled"}
    assert len(done.json["data"]["applications"]) == 2
    assert esign("applications", "add", "--from", listed).exit_code == 8
    assert esign("applications", "show").exit_code == 2
