"""`esign config`: settings as people and programs read them."""

from __future__ import annotations

import pytest

from tests.conftest import Esign


def test_what_is_not_set_is_null_for_programs(esign: Esign) -> None:
    told = {s["key"]: s["value"] for s in esign("config", "--json").json["data"]["settings"]}
    assert told["province"] is None
    assert told["profile.address"] is None
    assert told["renewal.entitled_titles"] == []
    assert told["renewal.kadro_suffices"] is False


def test_people_read_a_line_for_each(esign: Esign) -> None:
    (line,) = [one for one in esign("config").stdout.splitlines() if one.startswith("province ")]
    assert line.split(maxsplit=1) == ["province", "–  (default; your province)"]


def test_a_wrong_value_says_in_turkish_what_is_wanted(esign: Esign) -> None:
    ran = esign("config", "set", "province", "xyz", lang="tr")
    assert ran.exit_code == 2
    assert "a province" not in ran.stderr
    ran = esign("import", "yok.xlsx", "--header-row", "0", lang="tr")
    assert ran.exit_code == 2
    assert "is not" not in ran.stderr
    assert "30" in ran.stderr


@pytest.mark.parametrize(
    ("key", "typed", "shown", "kept"),
    [
        ("renewal.open_ended", "sürüyor", "sürüyor (ongoing)", "ongoing"),
        ("renewal.open_ended", "ongoing", "sürüyor (ongoing)", "ongoing"),
        ("renewal.open_ended", "DÜZELTİLMELİ", "düzeltilmeli (needs-update)", "needs-update"),
        ("renewal.kadro_suffices", "EVET", "evet (true)", True),
        ("renewal.kadro_suffices", "HAYIR", "hayır (false)", False),
    ],
)
def test_words_of_settings_are_turkish_and_taken_so(
    esign: Esign, key: str, typed: str, shown: str, kept: object
) -> None:
    assert esign("config", "set", key, typed, lang="tr").exit_code == 0
    (line,) = [one for one in esign("config", lang="tr").stdout.splitlines() if key in one]
    assert f"  {shown}  (ayar dosyası; " in line
    settings = esign("config", "--json").json["data"]["settings"]
    assert {one["key"]: one["value"] for one in settings}[key] == kept
    (line,) = [one for one in esign("config").stdout.splitlines() if key in one]
    assert f"  {str(kept).lower()}  (" in line
