"""`esign config`: settings as people and programs read them."""

from __future__ import annotations

import re

import pytest

from esign_cli.cli import settings_table
from esign_cli.foundation import i18n
from esign_cli.wording import labels
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
        ("form_optional", "Ev telefonu", "ev-telefonu (home_phone)", ["home_phone"]),
        ("remind.thresholds", "3 AY", "3 ay (3m)", ["3m"]),
        ("retention.left", "2 yıl", "2 yıl (2y)", "2y"),
        ("smtp.security", "Yok", "yok (none)", "none"),
        ("network.proxy", "yok", "yok (none)", "none"),
        ("sms.body_format", "düz metin", "düz-metin (text)", "text"),
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
    written = ", ".join(kept) if isinstance(kept, list) else str(kept).lower()
    assert f"  {written}  (" in line


def test_what_a_setting_shows_in_turkish_can_be_typed(esign: Esign) -> None:
    """Every code has a Turkish word beside it, but for those that are names (json, starttls)."""
    before = esign("config", "--json").json["data"]["settings"]
    lines = {one.split()[0]: one for one in esign("config", lang="tr").stdout.splitlines()}
    coded = {*settings_table.PERIODS, *labels.OFFERED} & lines.keys()
    assert len(coded) > 8
    for key in sorted(coded):
        shown = lines[key].partition(" ")[2].partition("  (")[0].strip()
        typed = re.sub(r" \([a-z0-9_-]+\)", "", shown).replace("–", "")
        assert esign("config", "set", key, typed, lang="tr").exit_code == 0, (key, typed)
    after = esign("config", "--json").json["data"]["settings"]
    values = [{one["key"]: one["value"] for one in told} for told in (before, after)]
    assert values[0] == values[1]
    assert {one["key"] for one in after if one["origin"] == "file"} == coded


def test_no_value_of_a_closed_list_is_shown_in_english_alone(esign: Esign) -> None:
    names = {"starttls", "tls", "json", "xml", "form", "sms"}
    i18n.activate("tr")
    offered = {code: words.offered(code) for words in labels.OFFERED.values() for code in words}
    assert {code for code, said in offered.items() if said == code} <= names
    told = esign("config", "set", "form_optional", "x", lang="tr").stderr
    assert "ev-telefonu (home_phone)" in told
    assert re.findall(r"(?<!\()\b(?:home_phone|none|text)\b", told) == []
