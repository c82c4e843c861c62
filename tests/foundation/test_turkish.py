"""Turkish text: matching, order, ids, phones and provinces."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_cli.foundation import turkish

LETTERS = "abcçdefgğhıijklmnoöprsştuüvyz"
CAPITALS = "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ"


def test_capital_and_small_letters_are_each_others() -> None:
    assert turkish.upper(LETTERS) == CAPITALS
    assert turkish.lower(CAPITALS) == LETTERS


@pytest.mark.parametrize("spelling", ["İ", "I\u0307", "i\u0307", "i"])
def test_dotted_i_in_any_form_is_one_letter(spelling: str) -> None:
    assert turkish.lower(spelling) == "i"
    assert turkish.upper(spelling) == "İ"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Iğdır", "igdir"),
        ("IĞDIR", "igdir"),
        ("iğdır", "igdir"),
        ("İĞDİR", "igdir"),
        ("T.C. Kimlik No", "tckimlikno"),
        ("Görevlendirme\n  Bitiş", "gorevlendirmebitis"),
        ("HAKKÂRİ", "hakkari"),
        (" Ş.Urfa ", "surfa"),
        ("Кириллица 1", "кириллица1"),
        ("", ""),
        ("—", ""),
    ],
)
def test_fold_makes_spellings_meet(text: str, key: str) -> None:
    assert turkish.fold(text) == key


@given(st.text(alphabet=LETTERS + CAPITALS + "âîûÂÎÛ 0123-.'", max_size=20))
def test_fold_does_not_see_case_form_or_repetition(text: str) -> None:
    key = turkish.fold(text)
    assert turkish.fold(turkish.upper(text)) == key
    assert turkish.fold(turkish.lower(text)) == key
    assert turkish.fold(unicodedata.normalize("NFD", text)) == key
    assert turkish.fold(key) == key
    assert key.isascii()


@given(st.text(max_size=30))
def test_nothing_makes_the_text_functions_stumble(text: str) -> None:
    for function in (turkish.fold, turkish.sort_key, turkish.upper, turkish.lower, turkish.mask):
        assert isinstance(function(text), str)
    turkish.province_code(text)
    turkish.mobile(text)
    turkish.is_national_id(text)


def test_order_is_that_of_the_turkish_alphabet() -> None:
    assert sorted(reversed(LETTERS), key=turkish.sort_key) == list(LETTERS)
    assert sorted(reversed(CAPITALS), key=turkish.sort_key) == list(CAPITALS)


def test_names_are_sorted_word_by_word() -> None:
    names = ["AB CA", "AB ÇA", "Âb da", "ABA", "IŞIK ALİ", "IŞIK ÂLİM", "İNCE", "ZOR", "ШУР"]
    assert sorted(reversed(names), key=turkish.sort_key) == names


@pytest.mark.parametrize("good", ["10000000146"])
def test_good_national_ids(good: str) -> None:
    assert turkish.is_national_id(good)


@pytest.mark.parametrize(
    "bad",
    ["10000000145", "00000000146", "1000000014", "100000001460", "", "1000000014a", "١٠٠٠٠٠٠٠١٤٦"],
)
def test_bad_national_ids(bad: str) -> None:
    assert not turkish.is_national_id(bad)


@given(st.integers(100_000_000, 999_999_999), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(body: int, place: int, change: int) -> None:
    digits = [int(d) for d in str(body)]
    digits.append((7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10)
    digits.append(sum(digits) % 10)
    good = "".join(map(str, digits))
    assert turkish.is_national_id(good)
    digits[place] = (digits[place] + change) % 10
    assert not turkish.is_national_id("".join(map(str, digits)))


def test_mask_shows_the_first_three_and_the_last_two() -> None:
    assert turkish.mask("10000000146") == "100******46"
    assert turkish.mask("123456") == "******"
    assert turkish.mask("") == ""


@pytest.mark.parametrize(
    "text",
    [
        "5321234567",
        "0532 123 45 67",
        "+90 (532) 123-45-67",
        "00905321234567",
        "905321234567",
        "+90 0532 123 45 67",
        "5321234567.0",
    ],
)
def test_mobile_numbers_however_written(text: str) -> None:
    assert turkish.mobile(text) == "+905321234567"


@pytest.mark.parametrize("text", ["", "4445576", "0488 213 00 00", "532123456", "53212345678"])
def test_what_is_no_mobile_number(text: str) -> None:
    assert turkish.mobile(text) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("0488 213 00 00", True),
        ("+90 (488) 213-00-00", True),
        ("0090 488 213 00 00", True),
        ("488 2130000", True),
        ("0 532 123 45 67", True),
        ("444 5 576", True),
        ("0850 123 45 67", True),
        ("0488 213", False),
        ("0188 213 00 00", False),
        ("", False),
        ("yok", False),
    ],
)
def test_telephone_numbers(text: str, is_one: bool) -> None:
    assert turkish.is_phone(text) is is_one


def test_there_are_81_provinces_and_each_is_found_by_all_its_names() -> None:
    assert list(turkish.PROVINCES) == [f"{plate:02}" for plate in range(1, 82)]
    for code, name in turkish.PROVINCES.items():
        spellings = (name, turkish.upper(name), turkish.fold(name), code, str(int(code)))
        for spelling in (*spellings, f"TR-{code}", f"{turkish.upper(name)} İLİ", name.lower()):
            assert turkish.province_code(spelling) == code, spelling
        assert turkish.province_name(code) == name


@pytest.mark.parametrize(
    ("plate", "name"),
    [
        ("03", "Afyonkarahisar"),
        ("06", "Ankara"),
        ("30", "Hakkâri"),
        ("33", "Mersin"),
        ("34", "İstanbul"),
        ("35", "İzmir"),
        ("41", "Kocaeli"),
        ("46", "Kahramanmaraş"),
        ("54", "Sakarya"),
        ("63", "Şanlıurfa"),
        ("67", "Zonguldak"),
        ("72", "Batman"),
        ("76", "Iğdır"),
        ("81", "Düzce"),
    ],
)
def test_plates_stand_where_they_should(plate: str, name: str) -> None:
    assert turkish.PROVINCES[plate] == name


@pytest.mark.parametrize(
    ("alias", "plate"),
    [
        ("Afyon", "03"),
        ("İçel", "33"),
        ("URFA", "63"),
        ("maraş", "46"),
        ("K. Maraş", "46"),
        ("Antep", "27"),
        ("izmit", "41"),
        ("ADAPAZARI", "54"),
        ("Hakkari", "30"),
    ],
)
def test_older_names(alias: str, plate: str) -> None:
    assert turkish.province_code(alias) == plate


@pytest.mark.parametrize("text", ["", "0", "82", "Batmann", "all", "ili", "TR-"])
def test_what_is_no_province(text: str) -> None:
    assert turkish.province_code(text) is None


def test_suggestions_for_a_slip_of_the_finger() -> None:
    assert turkish.suggest_provinces("batmna")[0] == "Batman"
    assert turkish.suggest_provinces("kahraman")[0] == "Kahramanmaraş"
    assert turkish.suggest_provinces("xyzxyz") == []
    assert turkish.suggest_provinces("99") == []
    assert turkish.province_name("99") == "99"
