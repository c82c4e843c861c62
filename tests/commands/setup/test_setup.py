"""A new administrator is led from nothing to a first list."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from esign_cli.cards.modules import Module
from esign_cli.cli import settings as config
from esign_cli.commands.setup.questions import QUESTIONS, Known
from esign_cli.foundation.districts import DISTRICTS as BY_LAW
from esign_cli.foundation.provinces import PROVINCES
from esign_cli.foundation.turkish import fold, sort_key, upper
from tests.conftest import Esign
from tests.support import parts
from tests.support.workbooks import HEADERS, national_id, person, text, xlsx

if os.name != "posix":
    pytest.skip("pseudo-terminals are POSIX's", allow_module_level=True)

from tests.support.terminal import Terminal


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "personel listesi.xlsx"
    path.write_bytes(xlsx([HEADERS, person(1)]))
    return path


def _answer_profile(terminal: Terminal) -> None:
    terminal.answer("Institution name", "")
    terminal.answer("Address", "İl Millî Eğitim Müdürlüğü, Merkez")
    terminal.answer("Province, as on the form", "")
    terminal.answer("District, as on the form", "")
    terminal.answer("Postal code", "72050")
    terminal.answer("Work phone", "0488 213")
    terminal.answer("Work phone", "0488 213 00 00")
    terminal.answer("Enter: go on", "")


@pytest.mark.posix
@pytest.mark.usefixtures("home")
def test_setup_leads_to_a_first_list(tmp_path: Path, roster: Path, esign: Esign) -> None:
    where = tmp_path / "my settings.toml"
    words = ["--config", where, "--db", tmp_path / "esign.db"]
    with Terminal(*words, "setup") as terminal:
        terminal.answer("1/4", "batmn")
        terminal.answer("1/4", "BATMAN")
        _answer_profile(terminal)
        terminal.answer("4/4", str(roster))
        assert terminal.ended() == 0, terminal.seen
    assert "Perhaps: Batman" in terminal.seen
    assert "new: 1" in terminal.seen
    assert "MEBBİS export is" in terminal.seen[terminal.seen.index("Ready. Settings") :]
    assert "esign import sertifikalar.xlsx" in terminal.seen
    settings = config.load(where)
    assert settings.province == "72"
    profile = settings.profile_for()
    assert profile.institution_name == "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"
    assert (profile.province, profile.district) == ("BATMAN", "BATMAN MERKEZ")
    listed = esign(*words, "eligible", "--verdict", "all", "--json")
    assert [p["family_name"] for p in listed.json["data"]["people"]] == ["IŞIK B"]


@pytest.mark.posix
@pytest.mark.usefixtures("home")
def test_setup_can_be_run_again_and_keeps_what_stands(tmp_path: Path) -> None:
    where = tmp_path / "c.toml"
    where.write_text('province = "41"\n[profile]\naddress = "Kültür Mah."\n', "utf-8")
    with Terminal("--config", where, "--db", tmp_path / "esign.db", "setup") as terminal:
        terminal.answer("1/4", "")
        for question in ("Institution name", "Address", "Province", "District"):
            terminal.answer(question, "")
        terminal.answer("Postal code", "34000")
        terminal.answer("Postal code", "4100")
        terminal.answer("Postal code", "")
        terminal.answer("Work phone", "")
        terminal.answer("Enter: go on", "")
        terminal.answer("4/4", "")
        assert terminal.ended() == 0, terminal.seen
    assert terminal.seen.count("it begins with 41") == 2
    settings = config.load(where)
    assert (settings.province, settings.profile_for().address) == ("41", "Kültür Mah.")
    assert settings.profile_for().institution_name == "KOCAELİ MİLLİ EĞİTİM MÜDÜRLÜĞÜ"


@pytest.mark.posix
@pytest.mark.usefixtures("home")
def test_answers_given_stay_when_setup_is_interrupted(tmp_path: Path) -> None:
    where = tmp_path / "c.toml"
    with Terminal("--config", where, "setup") as terminal:
        terminal.answer("1/4", "72")
        terminal.interrupt("Institution name")
        assert terminal.ended() == 130, terminal.seen
    assert "Traceback" not in terminal.seen
    assert config.load(where).province == "72"


@pytest.mark.posix
@pytest.mark.usefixtures("home")
def test_a_first_file_that_is_not_there_is_asked_for_again(tmp_path: Path, roster: Path) -> None:
    with Terminal("--config", tmp_path / "c.toml", "--db", tmp_path / "e.db", "setup") as terminal:
        terminal.answer("1/4", "72")
        _answer_profile(terminal)
        terminal.answer("4/4", str(tmp_path / "none.xlsx"))
        terminal.answer("4/4", f"'{roster}'")
        assert terminal.ended() == 0, terminal.seen
    assert "There is no file" in terminal.seen
    assert "This is no telephone number" in terminal.seen
    assert "new: 1" in terminal.seen


@pytest.mark.posix
@pytest.mark.usefixtures("home")
def test_a_first_file_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "liste.xlsx").write_bytes(b"%PDF-1.4")
    with Terminal("--config", tmp_path / "c.toml", "--db", tmp_path / "e.db", "setup") as terminal:
        terminal.answer("1/4", "72")
        _answer_profile(terminal)
        terminal.answer("4/4", str(tmp_path / "liste.xlsx"))
        assert terminal.ended() == 3, terminal.seen
    assert "is not a workbook" in " ".join(terminal.seen.split())
    assert "Later, with:  esign import FILE" in terminal.seen


@pytest.mark.posix
def test_a_driver_that_stands_in_for_akis_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where it was found by itself: whoever names OpenSC's means it."""
    found = Module(Path("/usr/lib/opensc-pkcs11.so"), "known-path")
    assert found.stands_in
    assert not Module(found.path, "option").stands_in
    assert not Module(Path("/usr/lib/libakisp11.so"), "known-path").stands_in
    parts.opensc()
    with Terminal("--config", home / "c.toml", "--db", home / "e.db", "setup") as terminal:
        terminal.answer("1/4", "72")
        _answer_profile(terminal)
        terminal.answer("4/4", "")
        assert terminal.ended() == 0, terminal.seen
    assert "AKİS's own driver was not found" in " ".join(terminal.seen.split())


@pytest.mark.posix
@pytest.mark.usefixtures("home")
def test_a_doubtful_column_is_asked_in_setup_too(tmp_path: Path, esign: Esign) -> None:
    header, row = ["T.C. Kimlik No", "Adı", "Soyadı", "Bitiş Tarihi"], ["A", "B", "01.06.2027"]
    path = tmp_path / "liste.csv"
    path.write_bytes(text([header, [national_id(1), *row]]))
    words = ["--config", tmp_path / "c.toml", "--db", tmp_path / "esign.db"]
    with Terminal(*words, "setup") as terminal:
        terminal.answer("1/4", "BATMAN")
        _answer_profile(terminal)
        terminal.answer("4/4", str(path))
        terminal.press("Press a key", "2")
        assert terminal.ended() == 0, terminal.seen
    (answer,) = esign(*words, "imports", "columns", "--json").json["data"]
    assert (answer["column"], answer["said"]) == ("Bitiş Tarihi", "certificate_end")


@pytest.mark.posix
@pytest.mark.usefixtures("home")
def test_a_question_and_an_answer_of_the_summary_can_be_gone_back_to(tmp_path: Path) -> None:
    where = tmp_path / "c.toml"
    with Terminal("--config", where, "--db", tmp_path / "esign.db", "setup") as terminal:
        terminal.answer("1/4", "siirt")
        terminal.answer("Institution name", "<")
        terminal.answer("1/4", "batman")
        terminal.answer("Institution name", "")
        terminal.answer("Address", "Yanlış Mah.")
        terminal.answer("Province, as on the form", "SİİRT")
        terminal.answer("Province, as on the form", "BATMAN")
        terminal.answer("District, as on the form", "SİİRT MERKEZ")
        terminal.answer("District, as on the form", "")
        terminal.answer("Postal code", "72050")
        terminal.answer("Work phone", "")
        terminal.answer("Enter: go on", "3")
        terminal.answer("Address", "Doğru Mah.")
        terminal.answer("Enter: go on", "")
        terminal.answer("4/4", "")
        assert terminal.ended() == 0, terminal.seen
    assert terminal.seen.count("another province than yours: Batman") == 2
    settings = config.load(where)
    profile = settings.profile_for()
    assert (settings.province, profile.province, profile.address) == ("72", "BATMAN", "Doğru Mah.")
    assert profile.institution_name == "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"


DISTRICTS = {
    "of the roster": ("beşiri", ""),
    "of the law": ("hasankeyf", ""),
    "of the roster alone": ("YENİKENT", ""),
    "of nowhere": ("KADIKÖY", "Batman has no such district"),
    "with the province": ("BATMAN BEŞİRİ", ""),
    "the centre": ("BATMAN MERKEZ", ""),
    "mistyped": ("BEŞİR", "Beşiri"),
    "of another province": ("SİİRT MERKEZ", "Batman"),
    "another province itself": ("DİYARBAKIR", "Batman"),
    "the province itself": ("BATMAN", ""),
    "empty": ("", ""),
}


@pytest.mark.parametrize(("answer", "told"), DISTRICTS.values(), ids=DISTRICTS)
def test_a_district_is_one_of_the_province(answer: str, told: str) -> None:
    known = Known("72", ("BEŞİRİ", "KOZLUK", "YENİKENT"))
    (question,) = [one for one in QUESTIONS if one.key == "profile.district"]
    said = question.check(answer, known)
    assert told in said
    assert bool(said) == bool(told)


@pytest.mark.parametrize("plate", PROVINCES)
def test_every_district_of_the_law_is_taken_in_its_province_alone(plate: str) -> None:
    (question,) = [one for one in QUESTIONS if one.key == "profile.district"]
    known = Known(plate)
    names = BY_LAW[plate]
    assert [question.check(upper(one), known) for one in names] == [""] * len(names)
    assert question.check(f"{known.name} {names[0]}", known) == ""
    folded = set(map(fold, names))
    others = {fold(one) for other in PROVINCES if other != plate for one in BY_LAW[other]}
    foreign = sorted(others - folded - {"ondokuzmayis"} - set(map(fold, PROVINCES.values())))
    assert all(question.check(one, known) for one in foreign[:50])
    default = question.default(known)
    assert default == (f"{upper(known.name)} MERKEZ" if "merkez" in folded else "")
    assert question.check(default, known) == ""


def test_there_are_973_districts_and_a_metropolis_has_no_centre() -> None:
    assert list(BY_LAW) == list(PROVINCES)
    assert sum(map(len, BY_LAW.values())) == 973
    assert sum("Merkez" in names for names in BY_LAW.values()) == 81 - 30
    for names in BY_LAW.values():
        assert sorted(names, key=sort_key) == list(names)
        assert len(set(map(fold, names))) == len(names)
