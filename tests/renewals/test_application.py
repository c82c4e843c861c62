"""The form: what goes in, what is missing, and the very bytes that are signed."""

from __future__ import annotations

import dataclasses
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.renewals import (
    BadFormValue,
    FormUnreadable,
    TemplateHidesText,
    UnknownFormKey,
)
from esign_cli.foundation.people import DutyClass, DutyRecord, Person
from esign_cli.renewals import application
from esign_cli.renewals.application import Form, Problem, Profile

FORM = Form(
    national_id="10000000146",
    given_name="ŞÜKRÜ",
    family_name="IŞIK",
    birth_place="BATMAN",
    birth_date=date(1980, 2, 29),
    institution_name="BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ",
    registry_no="123456",
    unit="Personel",
    title="Müdür",
    address="İl Millî Eğitim Müdürlüğü, Merkez",
    province="BATMAN",
    district="BATMAN MERKEZ",
    postal_code="72050",
    email="sukru.isik@example.tr",
    work_phone="+904882130000",
    mobile_phone="+905321234567",
    channel="both",
    reason="renewal",
    card_reader="none",
    validity_years=3,
)
EXPECTED = (
    "Aşağıda yazılı bütün bilgilerin doğru olduğunu, aksi halde doğacak bütün zararlardan sorumlu "
    "olduğumu beyan ederim.\r\n"
    "Bu formdaki bilgilere göre şahsıma bir nitelikli elektronik sertifika hazırlanmasını talep "
    "ederim.\r\n"
    "ADI:ŞÜKRÜ\r\n"
    "SOYAD:IŞIK\r\n"
    "TC KİMLİK NUMARASI:10000000146\r\n"
    "EPOSTA:sukru.isik@example.tr\r\n"
    "GÜVENLİK SÖZCÜĞÜ:mavi defter\r\n"
    "ADRESİ:İl Millî Eğitim Müdürlüğü, Merkez\r\n"
    "KURUM ADI:BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ\r\n"
)


# --- the text ------------------------------------------------------------------------------------


def test_the_signed_text_to_the_byte() -> None:
    assert application.text(FORM, "mavi defter") == EXPECTED.encode()


def test_the_text_on_screen_differs_in_the_word_alone() -> None:
    screen = application.shown(FORM)
    assert screen == EXPECTED.replace("\r\n", "\n").replace("mavi defter", "••••••")


def test_decomposed_letters_are_composed() -> None:
    apart = dataclasses.replace(FORM, given_name=unicodedata.normalize("NFD", FORM.given_name))
    word = unicodedata.normalize("NFD", "çiğdem")
    signed = application.text(apart, word)
    assert signed.decode() == unicodedata.normalize("NFC", signed.decode())
    assert "GÜVENLİK SÖZCÜĞÜ:çiğdem\r\n".encode() in signed


def test_a_value_is_put_in_once_even_if_it_looks_like_a_field() -> None:
    tricky = dataclasses.replace(FORM, address="{security_word}")
    signed = application.text(tricky, "gizli {email}").decode()
    assert "ADRESİ:{security_word}\r\n" in signed
    assert "GÜVENLİK SÖZCÜĞÜ:gizli {email}\r\n" in signed


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_another_template_may_end_its_lines_as_it_likes(ends: str) -> None:
    template = "\ufeff" + ends.join(["DOĞUM:{birth_date}", "{channel}|{reason}|{card_reader}"])
    signed = application.text(FORM, "", template + "|{validity_years}" + ends * 3)
    assert signed.decode() == ("DOĞUM:29.02.1980\r\nE-posta ve SMS|Yenileme|İstenmedi|3 Yıl\r\n")


def test_a_template_with_an_unknown_field_names_it() -> None:
    assert "security_word" in application.fields_of(application.TEMPLATE)
    with pytest.raises(UnknownFormKey) as raised:
        application.fields_of("X:{blood_group}", "t.txt")
    assert raised.value.facts["key"] == "blood_group"


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_passes_can_write_a_line_of_its_own(address: str, word: str) -> None:
    form = dataclasses.replace(FORM, address=address.strip())
    wrong = application.problems(form, ["address"])
    if wrong or not application.security_word_is_right(word):
        return
    signed = application.text(form, word)
    assert signed.count(b"\r\n") == EXPECTED.count("\r\n")
    assert signed.decode().replace("\r\n", "").splitlines()[1:] == []


# --- the form file -------------------------------------------------------------------------------


def test_a_form_file_gives_every_field() -> None:
    lines = ["birth_date = 1980-02-29", "validity_years = 3"]
    lines += [
        f'{key} = "{getattr(FORM, key)}"'
        for key in application.KEYS
        if key not in ("birth_date", "validity_years") and getattr(FORM, key)
    ]
    assert application.read(("\ufeff" + "\n".join(lines)).encode()) == FORM


@pytest.mark.parametrize(
    ("line", "error", "key"),
    [
        ('surname = "X"', UnknownFormKey, "surname"),
        ('security_word = "mavi"', UnknownFormKey, "security_word"),
        ('birth_date = "1980-02-30"', BadFormValue, "birth_date"),
        ('birth_date = "31.02.1980"', BadFormValue, "birth_date"),
        ("birth_date = 1980-02-29T10:00:00Z", BadFormValue, "birth_date"),
        ("national_id = 10000000146", BadFormValue, "national_id"),
        ('channel = "pigeon"', BadFormValue, "channel"),
        ("channel = []", BadFormValue, "channel"),
        ('reason = "keyfî"', BadFormValue, "reason"),
        ("validity_years = 4", BadFormValue, "validity_years"),
        ("validity_years = true", BadFormValue, "validity_years"),
    ],
)
def test_a_wrong_key_or_value_is_an_error_by_name(
    line: str, error: type[EsignError], key: str
) -> None:
    with pytest.raises(error) as raised:
        application.read(line.encode(), "form.toml")
    assert raised.value.facts["key"] == key
    assert raised.value.facts["path"] == "form.toml"
    assert "mavi" not in str(raised.value)


@pytest.mark.parametrize("written", ['"29.02.1980"', '"1980-02-29"', "1980-02-29"])
def test_a_birth_date_may_be_written_as_people_do(written: str) -> None:
    assert application.read(f"birth_date = {written}".encode()).birth_date == date(1980, 2, 29)


def test_a_near_miss_is_suggested() -> None:
    with pytest.raises(UnknownFormKey) as raised:
        application.read(b'familyname = "X"')
    assert "family_name" in raised.value.facts["suggestions"]


@pytest.mark.parametrize("data", [b"\xff\xfe", "ad = 'ş".encode("cp1254"), b"= 1", b"[a"])
def test_what_is_no_toml_is_unreadable(data: bytes) -> None:
    with pytest.raises(FormUnreadable):
        application.read(data)


def test_answers_are_read_as_they_are_typed() -> None:
    form = Form()
    for key, answer in (
        ("birth_date", "29.02.1980"), ("validity_years", "3"), ("email", " a@b.tr ")
    ):  # fmt: skip
        form = application.with_answer(form, key, answer)
    assert (form.birth_date, form.validity_years, form.email) == (date(1980, 2, 29), 3, "a@b.tr")
    for key, answer in (("birth_date", "31.02.1980"), ("validity_years", "x"), ("reason", "?")):
        with pytest.raises(BadFormValue):
            application.with_answer(form, key, answer)


# --- where the data come from --------------------------------------------------------------------

PERSON = Person("10000000146", "ŞÜKRÜ", "IŞIK", "BATMAN", date(1980, 2, 29), "roster@example.tr",
                "+905321234567", "123456")  # fmt: skip
RECORD = DutyRecord("10000000146", DutyClass.PERMANENT, "100", "ATATÜRK LİSESİ", "72", "Kozluk",
                    "Müdür", unit="Yönetim")  # fmt: skip
PROFILE = Profile("BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ", "İl Müdürlüğü", "BATMAN", "MERKEZ", "72050",
                  "+904882130000")  # fmt: skip


def test_form_file_then_profile_then_roster_then_the_usual_choices() -> None:
    given = Form(email="form@example.tr", channel="sms")
    form = application.merged(
        given, application.from_profile(PROFILE), application.from_roster(PERSON, RECORD)
    )
    assert form.email == "form@example.tr"
    assert form.given_name == "ŞÜKRÜ"
    assert (form.title, form.unit) == ("Müdür", "Yönetim")
    assert (form.channel, form.reason, form.card_reader) == ("sms", "renewal", "none")
    assert application.problems(form) == ()


def test_the_institution_is_the_directorate_never_the_school() -> None:
    form = application.merged(application.from_roster(PERSON, RECORD))
    assert form.institution_name == ""
    assert form.district == ""
    form = application.merged(
        application.from_profile(PROFILE), application.from_roster(PERSON, RECORD)
    )
    assert form.institution_name == PROFILE.institution_name
    assert form.district == "MERKEZ"


def test_a_stranger_gives_an_empty_form() -> None:
    assert application.from_roster(None, None) == Form()


def test_the_card_proposes_a_name() -> None:
    names = application.guess_names("AYŞE NUR YILMAZ")
    assert (names.given_name, names.family_name) == ("AYŞE NUR", "YILMAZ")


NOW = datetime(2026, 11, 22, tzinfo=UTC)


# --- what is wrong with it -----------------------------------------------------------------------


def test_nothing_is_wrong_with_a_whole_form() -> None:
    assert application.problems(FORM) == ()


def test_an_empty_form_misses_everything_required_at_once() -> None:
    found = application.problems(Form())
    assert {p.code for p in found} == {"missing"}
    assert {p.field for p in found} == set(application.REQUIRED)
    assert not {p.field for p in found} & {"work_extension", "mobile_operator", "home_phone"}


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("national_id", "10000000145", "not-a-national-id"),
        ("email", "şükrü@example.tr", "not-an-email"),
        ("email", "sukru@example", "not-an-email"),
        ("email", "a b@example.tr", "not-an-email"),
        ("mobile_phone", "0488 213 00 00", "not-a-mobile"),
        ("postal_code", "7205", "not-a-postal-code"),
        ("postal_code", "34000", "postal-code-elsewhere"),
        ("province", "Batmna", "not-a-province"),
        ("address", "Merkez\r\nKURUM ADI:BAŞKA", "control-character"),
        ("given_name", "ŞÜK\u2028RÜ", "control-character"),
        ("given_name", "ŞÜK\u202eRÜ", "control-character"),
        ("given_name", "ŞÜK\u200bRÜ", "control-character"),
        ("address", "Merkez\u3164Batman", "control-character"),
        ("title", "\x1a", "control-character"),
    ],
)
def test_each_problem_has_its_code(key: str, value: str, code: str) -> None:
    form = dataclasses.replace(FORM, **{key: value})
    assert Problem(code, key) in application.problems(form)
    assert code in application.PROBLEMS


def test_only_the_wanted_fields_are_looked_at() -> None:
    assert application.problems(Form(), ["email"]) == (Problem("missing", "email"),)


@pytest.mark.parametrize("word", ["", "  ", "mavi\ndefter", "mavi\x00", "a\u2029b"])
def test_a_security_word_must_stand_on_its_line(word: str) -> None:
    assert not application.security_word_is_right(word)


@pytest.mark.parametrize(
    "hidden",
    ["\x1b[8mher şeyi\x1b[0m", "\x07", "a\u202eb", "a\u200bb", "a\u2066b", "\u3164", "\x00"],
)
def test_a_template_that_hides_text_is_refused(hidden: str) -> None:
    """What nobody sees would be signed."""
    with pytest.raises(TemplateHidesText) as caught:
        application.fields_of(f"ADI:{{given_name}}\n{hidden}\n", "metin.txt")
    assert caught.value.facts == {"path": "metin.txt", "row": 2}
    assert application.fields_of("ADI:{given_name}\r\nİŞ YERİ:\u00a0{institution_name}\r\n")
