"""What an import takes from beside a row: districts, names on certificates, the roster's age."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Esign
from tests.support.factories import national_id

ROSTER = """T.C. Kimlik No;Adı;Soyadı;Kurum Kodu;Kurum Adı;İlçe;Ünvanı;Kadro Durumu;Görev Durumu
{0};AYŞE;KAYA;700001;OKUL A;KOZLUK;Öğretmen;Kadrolu;Görevde
{1};BURAK;TAŞ;700002;OKUL B;SASON;Öğretmen;Kadrolu;Görevde
"""
ASSIGNED = """T.C. Kimlik No;Adı;Soyadı;Kurum Kodu;Görevi;Görevlendirme Başlangıç;Bitiş Tarihi
{0};AYŞE;KAYA;700002;Müdür;01.09.2025;01.09.2029
{1};BURAK;TAŞ;799999;Müdür;01.09.2025;01.09.2029
"""
LISTED = "T.C. Kimlik No;Adı;Soyadı;Sertifika Bitiş Tarihi\n{0};AYŞE;IŞIK;20.12.2027\n"


@pytest.fixture
def files(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    who = national_id(1), national_id(2)
    for name, text in (("roster", ROSTER), ("assigned", ASSIGNED), ("listed", LISTED)):
        (home / f"{name}.csv").write_text(text.format(*who), "utf-8")
    return home


def shown(esign: Esign, number: int) -> dict[str, Any]:
    return dict(esign("person", "show", national_id(number), "--json").json["data"])


def imported(esign: Esign, *words: str) -> None:
    ran = esign("import", *words, "--province", "batman", "--yes")
    assert ran.exit_code == 0, ran.stderr


def districts(esign: Esign, number: int) -> dict[str, tuple[str, bool]]:
    return {
        one["class"]: (one["district"], one["district_assumed"])
        for one in shown(esign, number)["records"]
    }


def test_a_record_without_a_district_takes_the_institutions_or_the_own_posts(
    esign: Esign, files: Path
) -> None:
    imported(esign, "roster.csv")
    imported(esign, "assigned.csv")
    assert districts(esign, 1) == {"permanent": ("KOZLUK", False), "assignment": ("SASON", True)}
    assert districts(esign, 2) == {"permanent": ("SASON", False), "assignment": ("SASON", True)}
    assert "district taken from" in esign("person", "show", national_id(1)).stdout
    later = ASSIGNED.replace("700002;Müdür", "700002;Müdür Yardımcısı")
    (files / "later.csv").write_text(later.format(national_id(1), national_id(2)), "utf-8")
    ran = esign("import", "later.csv", "--province", "batman", "--yes", "--dry-run", "--json")
    assert [one["field"] for one in ran.json["data"][0]["diff"]["changed"]] == ["title"]
    imported(esign, "later.csv")
    assert districts(esign, 1)["assignment"] == ("SASON", True)


def test_the_name_on_a_listed_certificate_is_compared_with_the_rosters(
    esign: Esign, files: Path
) -> None:
    imported(esign, "roster.csv")
    imported(esign, "listed.csv")
    assert "name-changed" in [reason["code"] for reason in shown(esign, 1)["reasons"]]


def test_a_list_without_names_has_those_of_the_roster_of_its_day(esign: Esign, files: Path) -> None:
    imported(esign, "roster.csv")
    bare = f"T.C. Kimlik No;Sertifika Bitiş Tarihi\n{national_id(1)};20.12.2027\n"
    (files / "bare.csv").write_text(bare, "utf-8")
    imported(esign, "bare.csv")
    assert "name-changed" not in [reason["code"] for reason in shown(esign, 1)["reasons"]]
    married = ROSTER.format(national_id(1), national_id(2)).replace("KAYA", "DEMİR")
    (files / "married.csv").write_text(married, "utf-8")
    imported(esign, "married.csv")
    assert "name-changed" in [reason["code"] for reason in shown(esign, 1)["reasons"]]


def test_only_rosters_say_how_old_the_roster_is(esign: Esign, files: Path) -> None:
    imported(esign, "assigned.csv")
    assert shown(esign, 1)["roster_as_of"] is None
    imported(esign, "roster.csv", "--as-of", "2026-01-15")
    imported(esign, "listed.csv")
    assert date.fromisoformat(shown(esign, 1)["roster_as_of"]) == date(2026, 1, 15)
