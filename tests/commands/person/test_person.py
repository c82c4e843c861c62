"""`esign person`: one person on one screen, the administrator's own word, and forgetting."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from esign_cli.foundation.people import OpenApplication
from esign_cli.store import Store
from tests.conftest import Esign
from tests.support import factories, workbooks
from tests.support.factories import national_id


@pytest.fixture(autouse=True)
def people(store: Store, today: date) -> None:
    """1 eligible with a record that a snapshot lacked; 2 with an application; 3 with no records."""
    ends = today + timedelta(50)
    gone = factories.post(1, institution_code="300003", status="Nakil")
    everybody = [
        factories.facts(1, certificates=(factories.certificate(1, ends),)),
        factories.facts(2, application=OpenApplication(7, "submitted", today - timedelta(4))),
        factories.facts(3, certificates=(factories.certificate(3, ends),), records=()),
    ]
    factories.save(store, everybody, as_of=today - timedelta(2), closed=[gone])


def known(esign: Esign, number: int) -> dict[str, Any]:
    ran = esign("person", "show", national_id(number), "--json")
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["schema"] == "esign.person/1"
    return dict(ran.json["data"])


def test_all_that_is_known_with_its_sources(esign: Esign, today: date) -> None:
    one = known(esign, 1)
    assert one["given_name"] == "AYŞE"
    assert one["verdict"] == "eligible"
    assert one["reasons"][0]["code"] == "window-open"
    assert one["source"] == {"file": "personel.xlsx", "sheet": "Sayfa1", "row": 7}
    assert [record["closed"] for record in one["records"]] == [None, str(today - timedelta(2))]
    assert one["certificates"][0]["origin"] == "list"
    assert one["certificates"][0]["source"]["row"] == 5


def test_on_one_screen_with_the_number_masked(esign: Esign) -> None:
    ran = esign("person", "show", national_id(2))
    assert ran.exit_code == 0
    for words in ("İBRAHİM IŞIK", "Application under way", "personel.xlsx", "Application 7"):
        assert words in ran.stdout
    assert national_id(2) not in ran.stdout
    assert national_id(2) in esign("person", "show", national_id(2), "--show-ids").stdout
    earlier = esign("person", "show", national_id(1)).stdout
    assert "Earlier duty records" in earlier
    assert "not in the snapshot of" in earlier


def test_somebody_without_a_roster_entry_is_shown_too(esign: Esign) -> None:
    assert known(esign, 3)["verdict"] == "undecided"
    assert "Result" in esign("person", "show", national_id(3)).stdout


def test_a_mark_stands_for_the_records_until_it_is_taken_away(esign: Esign) -> None:
    who = national_id(1)
    assert esign("person", "mark", who, "ayrıldı", "--reason", "emekli oldu").exit_code == 0
    assert known(esign, 1)["verdict"] == "not-eligible"
    assert "Left the service: emekli oldu" in esign("person", "show", who).stdout
    assert esign("person", "mark", who, "on-duty", "--reason", "yanlışmış").exit_code == 0
    assert known(esign, 1)["verdict"] == "eligible"
    assert esign("person", "mark", who, "none").exit_code == 0
    marks = known(esign, 1)["marks"]
    assert [mark["mark"] for mark in marks] == ["left", "on-duty"]
    assert all(mark["ended_at"] and mark["os_user"] for mark in marks)
    assert "ended" in esign("person", "show", who).stdout


def test_a_mark_makes_up_for_what_the_roster_lacks(esign: Esign, today: date) -> None:
    until = (today + timedelta(30)).isoformat()
    words = ("person", "mark", national_id(3), "on-duty", "--reason", "telefon", "--until", until)
    assert esign(*words).exit_code == 0
    assert known(esign, 3)["verdict"] == "eligible"
    assert known(esign, 3)["marks"][0]["until"] == until
    assert "until " in esign("person", "show", national_id(3)).stdout


def test_what_was_told_counts_like_a_list_and_is_replaced(esign: Esign, today: date) -> None:
    for days in (400, 500):
        end = (today + timedelta(days)).isoformat()
        assert esign("person", "set", national_id(1), "--not-after", end).exit_code == 0
    one = known(esign, 1)
    assert (one["not_after"], one["verdict"]) == (end, "not-due")
    assert [c["origin"] for c in one["certificates"]] == ["told", "overruled"]
    assert "told" in esign("person", "show", national_id(1)).stdout


def test_what_was_told_holds_also_where_a_list_said_later(
    esign: Esign, today: date, tmp_path: Path
) -> None:
    header = ("T.C. Kimlik No", "Adı", "Soyadı", "Sertifika Bitiş Tarihi")

    def bring(days: int) -> None:
        path = tmp_path / f"{days}.xlsx"
        row = (national_id(1), "AYŞE", "IŞIK", today + timedelta(days))
        path.write_bytes(workbooks.xlsx([header, row]))
        assert esign("import", path).exit_code == 0

    def end() -> int:
        return (date.fromisoformat(known(esign, 1)["not_after"]) - today).days

    bring(700)
    assert end() == 700
    told = (today + timedelta(60)).isoformat()
    assert esign("person", "set", national_id(1), "--not-after", told).exit_code == 0
    assert end() == 60
    assert "overruled" in esign("person", "show", national_id(1)).stdout
    bring(700)
    assert end() == 60  # the same list says nothing new
    bring(900)
    assert end() == 900
    assert esign("person", "set", national_id(1), "--not-after", told).exit_code == 0
    assert esign("person", "set", national_id(1), "--not-after", "none").exit_code == 0
    assert end() == 900
    assert [c["origin"] for c in known(esign, 1)["certificates"]] == ["list", "list", "list"]


def test_forgetting_leaves_numbers_and_no_trace_in_the_file(
    esign: Esign, store: Store, database: Path
) -> None:
    who = national_id(2)
    store.db.execute("UPDATE person SET duplicate_of = ? WHERE national_id = ?", (who, "x"))
    refused = esign("person", "forget", who)
    assert refused.exit_code == 2  # nobody to be asked
    assert esign("person", "forget", who, "--yes").exit_code == 0
    assert esign("person", "show", who).exit_code == 3
    kept = esign("applications", "show", "7", "--json").json["data"]["applications"][0]
    assert (kept["number"], kept["national_id"], kept["state"]) == (7, None, "submitted")
    assert esign("applications", "--json").json["data"]["applications"] == []
    counts = esign("eligible", "--province", "all", "--json").json["data"]["counts"]
    assert sum(counts.values()) == 2
    left = b"".join(path.read_bytes() for path in database.parent.glob("esign.db*"))
    assert who.encode() not in left
    assert b"kisi2@example.tr" not in left


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("show", "123"), "bad-national-id", 2),
        (("show", national_id(50)), "unknown-person", 3),
        (("forget", national_id(50), "--yes"), "unknown-person", 3),
        (("mark", "123", "left", "--reason", "x"), "bad-national-id", 2),
        (("mark", national_id(1), "away", "--reason", "x"), "unknown-word", 2),
        (("mark", national_id(1), "left"), "reason-needed", 2),
        (("mark", national_id(1), "left", "--reason", "x", "--until", "2020-01-01"), "over", 2),
        (("set", national_id(1), "--not-after", "2090-01-01"), "end-too-far", 3),
        (("set", national_id(1), "--not-after", "yarın"), "bad-date", 2),
    ],
)
def test_what_is_not_right_is_refused(
    esign: Esign, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    ran = esign("person", *words)
    assert ran.exit_code == exit_code, code
    assert ran.stderr.startswith("Error: ")


def test_what_imports_changed_is_part_of_the_history(esign: Esign, tmp_path: Path) -> None:
    header = ("T.C. Kimlik No", "Adı", "Soyadı", "Görev Durumu", "Kurum Adı", "Kurum Kodu")
    who = national_id(40)
    for number, status in enumerate(("Görevde", "Emekli")):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(workbooks.xlsx([header, (who, "VELİ", "İNCE", status, "OKUL", "1")]))
        assert esign("import", path, "--province", "72").exit_code == 0
    (change,) = known(esign, 40)["changes"]
    assert (change["what"], change["field"], change["old"], change["new"]) == (
        "duty",
        "status",
        "Görevde",
        "Emekli",
    )
    shown = esign("person", "show", who).stdout
    assert "Changes by imports" in shown
    assert "duty record OKUL, status: Görevde → Emekli" in shown


def test_set_says_what_a_card_that_was_read_says(esign: Esign, store: Store, today: date) -> None:
    end = today + timedelta(42)
    read = factories.certificate(50, end, origin="card", sha256="cd" * 32)
    factories.save(store, [factories.facts(50, certificates=(read,))], file="kart")

    def said(days: int) -> str:
        told = (end + timedelta(days)).isoformat()
        ran = esign("person", "set", national_id(50), "--not-after", told)
        assert ran.exit_code == 0
        return ran.stderr

    assert "It does not count" in said(16)
    assert f"says: {end:%d.%m.%Y}" in said(-400)
    assert "What was told counts" in said(1000)
    assert "says" not in said(0)
    assert "It does not count" in said(150)
    assert "told · does not count: a card or a file that was read is believed" in (
        esign("person", "show", national_id(50)).stdout
    )


def test_a_number_that_nothing_names_is_pointed_out(esign: Esign) -> None:
    warning = "No file, card or list names this person"
    ran = esign("person", "mark", national_id(99), "left", "--reason", "x")
    assert ran.exit_code == 0
    assert warning in ran.stderr
    ran = esign("person", "set", national_id(98), "--not-after", "2027-05-05")
    assert ran.exit_code == 0
    assert warning in ran.stderr


def test_what_is_entered_is_confirmed_by_name(esign: Esign) -> None:
    ran = esign("person", "mark", national_id(1), "left", "--reason", "x")
    assert f"100******46 {factories.person(1).full_name}: Left the service" in ran.stderr
    assert "names this person" not in ran.stderr


def test_each_field_names_the_file_that_it_was_read_from(esign: Esign, tmp_path: Path) -> None:
    who = national_id(41)

    def brought(name: str, header: tuple[str, ...], row: tuple[str, ...]) -> Path:
        path = tmp_path / name
        path.write_bytes(workbooks.xlsx([("T.C. Kimlik No", "Adı", "Soyadı", *header), row]))
        return path

    def sources() -> dict[str, str]:
        return {key: at["file"] for key, at in known(esign, 41)["sources"].items()}

    staff = brought(
        "personel.xlsx",
        ("Kurum Adı", "Kurum Kodu", "E-Posta", "Sicil No"),
        (who, "VELİ", "İNCE", "OKUL", "1", "veli@example.tr", "123"),
    )
    duties = brought(
        "gorev.xlsx",
        ("Görevlendirildiği Kurum", "Görevlendirme Başlangıç", "Görevlendirme Bitiş"),
        (who, "VELİ", "İNCE", "LİSE", "01.09.2025", "30.06.2027"),
    )
    assert esign("import", staff, duties, "--province", "72").exit_code == 0
    assert sources()["email"] == sources()["registry_no"] == "personel.xlsx"
    assert sources()["family_name"] == "gorev.xlsx"
    later = brought(
        "yeni.xlsx",
        ("Kurum Adı", "Kurum Kodu", "E-Posta"),
        (who, "VELİ", "İNCE", "OKUL", "1", "ince@example.tr"),
    )
    assert esign("import", later, "--province", "72").exit_code == 0
    told = sources()
    assert told["email"] == told["family_name"] == "yeni.xlsx"
    assert told["registry_no"] == "personel.xlsx"
    shown = esign("person", "show", who).stdout
    assert "Registry number: 123  [personel.xlsx, sheet " in shown
    assert esign("imports", "undo", "3", "--yes").exit_code == 0
    assert sources()["email"] == "personel.xlsx"
    assert esign("person", "forget", who, "--yes").exit_code == 0
