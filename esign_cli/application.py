"""The application for a certificate: its form, what is wrong with it, and the text that is signed.

The güvenlik sözcüğü is no field of the form: it is handed to `text` alone, so that nothing that
keeps or shows a form can keep or show the word.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from esign_cli import errors, turkish
from esign_cli.model import Certificate, DutyRecord, Person

HIDDEN = "••••••"
SECURITY_WORD = "security_word"
LONGEST_VALIDITY = 3
"""Years; what the portal offers."""
CHANNELS = {"email": "E-posta", "sms": "SMS", "both": "E-posta ve SMS"}
REASONS = {"renewal": "Yenileme", "lost": "Kayıp-Çalıntı", "other": "Diğer", "first": "İlk başvuru"}
NO_CARD_READER = "none"

TEMPLATE = (
    "Aşağıda yazılı bütün bilgilerin doğru olduğunu, aksi halde doğacak bütün zararlardan sorumlu "
    "olduğumu beyan ederim.\n"
    "Bu formdaki bilgilere göre şahsıma bir nitelikli elektronik sertifika hazırlanmasını talep "
    "ederim.\n"
    "ADI:{given_name}\n"
    "SOYAD:{family_name}\n"
    "TC KİMLİK NUMARASI:{national_id}\n"
    "EPOSTA:{email}\n"
    "GÜVENLİK SÖZCÜĞÜ:{security_word}\n"
    "ADRESİ:{address}\n"
    "KURUM ADI:{institution_name}\n"
)
"""The declaration with the portal's labels; the config may name a file with another."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the directorate says of itself on every form; never a school's name or address."""

    institution_name: str = ""
    address: str = ""
    province: str = ""
    district: str = ""
    postal_code: str = ""
    work_phone: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the portal's form; empty text, None and 0 mean "not given"."""

    national_id: str = ""
    given_name: str = ""
    family_name: str = ""
    birth_place: str = ""
    birth_date: date | None = None
    institution_name: str = ""
    registry_no: str = ""
    unit: str = ""
    title: str = ""
    address: str = ""
    province: str = ""
    district: str = ""
    postal_code: str = ""
    email: str = ""
    work_phone: str = ""
    work_extension: str = ""
    mobile_phone: str = ""
    mobile_operator: str = ""
    home_phone: str = ""
    channel: str = ""
    reason: str = ""
    card_reader: str = ""
    validity_years: int = 0


KEYS = tuple(field.name for field in fields(Form))
OPTIONAL = frozenset({"work_extension", "mobile_operator", "home_phone"})
REQUIRED = tuple(key for key in KEYS if key not in OPTIONAL)
DEFAULTS = Form(
    channel="both", reason="renewal", card_reader=NO_CARD_READER, validity_years=LONGEST_VALIDITY
)


# --- where the data come from --------------------------------------------------------------------


def read(data: bytes, path: str = "") -> Form:
    """The form in a TOML file; only the keys of `Form`.

    Raises FormUnreadable, UnknownFormKey or BadFormValue, which name `path` and no value.
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise errors.FormUnreadable(path=path, detail="not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise errors.FormUnreadable(path=path, detail=str(error)) from error
    for key, value in table.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=3)
            raise errors.UnknownFormKey(path=path, key=key, suggestions=near)
        wanted, is_right = _KINDS.get(key, _TEXT)
        if not is_right(value):
            raise errors.BadFormValue(path=path, key=key, wanted=wanted)
    given = {key: _clean(value) for key, value in table.items()}
    return Form(**given)


def with_answer(form: Form, key: str, answer: str) -> Form:
    """The form with one field as it was typed; a birth date as dd.mm.yyyy or YYYY-MM-DD.

    Raises BadFormValue.
    """
    wanted, is_right = _KINDS.get(key, _TEXT)
    value: Any = _clean(answer)
    if key == "birth_date":
        value = _typed_date(value)
    elif key == "validity_years":
        value = int(value) if value.isdecimal() else value
    if not is_right(value):
        raise errors.BadFormValue(path="", key=key, wanted=wanted)
    return replace(form, **{key: value})


def of_roster(person: Person | None, record: DutyRecord | None) -> Form:
    """What MEBBİS knows of the person; the school's name and place are no part of the form."""
    found = Form()
    if person is not None:
        found = Form(
            national_id=person.national_id,
            given_name=person.given_name,
            family_name=person.family_name,
            birth_place=person.birth_place,
            birth_date=person.birth_date,
            registry_no=person.registry_no,
            email=person.email,
            mobile_phone=person.mobile_phone,
        )
    if record is not None:
        found = replace(found, unit=record.unit, title=record.title)
    return found


def of_profile(profile: Profile) -> Form:
    """What the directorate says of itself."""
    return Form(**{field.name: getattr(profile, field.name) for field in fields(profile)})


def merged(*forms: Form) -> Form:
    """One form: each field from the first that gives it, and the portal's usual choices last."""
    values = {}
    for key in KEYS:
        given = (getattr(form, key) for form in (*forms, DEFAULTS))
        values[key] = next((value for value in given if value), getattr(DEFAULTS, key))
    return Form(**values)


def guess_names(certificate: Certificate) -> Form:
    """The name on the certificate as a proposal: its last word as the family name."""
    given, _space, family = certificate.holder.rpartition(" ")
    return Form(given_name=given, family_name=family)


# --- what is wrong with it -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """What would stop the application: a code of the closed list PROBLEMS, and the field."""

    code: str
    field: str


PROBLEMS = (
    "missing",
    "control-character",
    "not-a-national-id",
    "not-an-email",
    "not-a-mobile",
    "not-a-postal-code",
    "postal-code-elsewhere",
    "not-a-province",
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_POSTAL_CODE = re.compile(r"[0-9]{5}")


def problems(form: Form, wanted: Iterable[str] = REQUIRED) -> tuple[Problem, ...]:
    """Everything that is wrong with the wanted fields, all at once, in the form's order."""
    found = []
    for key in KEYS:
        if key not in set(wanted):
            continue
        value = getattr(form, key)
        code = "missing" if not value else _control_character(value) or _look(form, key)
        if code:
            found.append(Problem(code, key))
    return tuple(found)


def _look(form: Form, key: str) -> str:
    return _CHECKS[key](form) if key in _CHECKS else ""


def _control_character(value: Any) -> str:
    """A line break in a value would write a line of its own into the signed text."""
    text = value if isinstance(value, str) else ""
    hidden = any(unicodedata.category(letter)[0] == "C" for letter in text)
    return "control-character" if hidden or "\u2028" in text or "\u2029" in text else ""


def _postal_code(form: Form) -> str:
    if not _POSTAL_CODE.fullmatch(form.postal_code):
        return "not-a-postal-code"
    plate = turkish.province_code(form.province) if form.province else None
    return "postal-code-elsewhere" if plate and form.postal_code[:2] != plate else ""


_CHECKS: dict[str, Callable[[Form], str]] = {
    "national_id": lambda f: "" if turkish.is_national_id(f.national_id) else "not-a-national-id",
    "email": lambda f: "" if _EMAIL.fullmatch(f.email) else "not-an-email",
    "mobile_phone": lambda f: "" if turkish.mobile(f.mobile_phone) else "not-a-mobile",
    "postal_code": _postal_code,
    "province": lambda f: "" if turkish.province_code(f.province) else "not-a-province",
}


# --- the text that is signed ---------------------------------------------------------------------

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def fields_of(template: str, path: str = "") -> tuple[str, ...]:
    """The fields that a template asks for, in its order; raises UnknownFormKey."""
    found = tuple(dict.fromkeys(_PLACEHOLDER.findall(template)))
    for key in found:
        if key not in KEYS and key != SECURITY_WORD:
            raise errors.UnknownFormKey(path=path, key=key, suggestions=[])
    return found


def text(form: Form, security_word: str, template: str = TEMPLATE) -> bytes:
    """What is signed: UTF-8 without BOM, NFC, every line ended by CRLF, values put in once."""
    return _written(form, security_word, template).replace("\n", "\r\n").encode()


def shown(form: Form, template: str = TEMPLATE) -> str:
    """The same text for the screen, with the güvenlik sözcüğü hidden and plain line ends."""
    return _written(form, HIDDEN, template)


def security_word_is_right(word: str) -> bool:
    """Whether the word can stand on its line: something visible, and no control character."""
    return bool(word.strip()) and not _control_character(word)


def _written(form: Form, security_word: str, template: str) -> str:
    lines = template.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    values = {key: _as_on_the_form(key, getattr(form, key)) for key in KEYS}
    values[SECURITY_WORD] = security_word
    filled = _PLACEHOLDER.sub(lambda found: values[found[1]], lines.rstrip("\n") + "\n")
    return unicodedata.normalize("NFC", filled)


def _as_on_the_form(key: str, value: Any) -> str:
    """A value in the portal's own words (which are Turkish, whatever the user's language)."""
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    words = {"channel": CHANNELS, "reason": REASONS, "card_reader": {NO_CARD_READER: "İstenmedi"}}
    if key == "validity_years":
        return f"{value} Yıl" if value else ""
    return str(words.get(key, {}).get(value, value) or "")


# --- kinds of values -----------------------------------------------------------------------------


def _clean(value: Any) -> Any:
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def _typed_date(answer: str) -> date | None:
    for pattern in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(answer, pattern).date()  # noqa: DTZ007  (a date, no instant)
        except ValueError:
            continue
    return None


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_validity(value: Any) -> bool:
    return type(value) is int and 1 <= value <= LONGEST_VALIDITY


def _one_of(words: Collection[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


_Kind = tuple[str, Callable[[Any], bool]]
_TEXT: _Kind = ("text", lambda value: isinstance(value, str))
_KINDS: dict[str, _Kind] = {
    "birth_date": ("YYYY-MM-DD", _is_date),
    "channel": (" | ".join(CHANNELS), _one_of(CHANNELS)),
    "reason": (" | ".join(REASONS), _one_of(REASONS)),
    "validity_years": (f"1–{LONGEST_VALIDITY}", _is_validity),
}
