"""The form: its fields, the file it is read from, and what is known beforehand."""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from esign_cli.foundation.errors.renewals import BadFormValue, FormUnreadable, UnknownFormKey
from esign_cli.foundation.people import DutyRecord, Person
from esign_cli.foundation.turkish import fold

LONGEST_VALIDITY = 3
"""Years; what the portal offers."""
CHANNELS = {"email": "E-posta", "sms": "SMS", "both": "E-posta ve SMS"}
REASONS = {"renewal": "Yenileme", "lost": "Kayıp-Çalıntı", "other": "Diğer", "first": "İlk başvuru"}
_SHORT = {"both": "ikisi", "lost": "kayıp", "first": "ilk"}
"""How people write what the portal says at length."""
NO_CARD_READER = "none"


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
    """Return the form in a TOML file; only the keys of `Form`; a birth date may stand in quotation
    marks.

    Raises FormUnreadable, UnknownFormKey or BadFormValue, which name `path` and no value.
    """
    form, wrong = read_partly(data, path)
    for key in wrong:
        raise BadFormValue(path=path, key=key, wanted=_KINDS.get(key, _TEXT)[0])
    return form


def read_partly(data: bytes, path: str = "") -> tuple[Form, tuple[str, ...]]:
    """Return the same without the fields whose value is of the wrong kind, and the keys of those.

    Raises FormUnreadable or UnknownFormKey.
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FormUnreadable(path=path, detail="not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise FormUnreadable(path=path, detail=str(error)) from error
    for key in table:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=3)
            raise UnknownFormKey(path=path, key=key, suggestions=near)
    table = _codes(table)
    born = table.get("birth_date")
    if isinstance(born, str):
        table["birth_date"] = _typed_date(born.strip()) or born
    wrong = tuple(key for key, value in table.items() if not _KINDS.get(key, _TEXT)[1](value))
    given = {key: _clean(value) for key, value in table.items() if key not in wrong}
    return Form(**given), wrong


def with_answer(form: Form, key: str, answer: str) -> Form:
    """Return the form with one field as it was typed; a birth date as dd.mm.yyyy or YYYY-MM-DD.

    Raises BadFormValue.
    """
    wanted, is_right = _KINDS.get(key, _TEXT)
    value: Any = _code(key, _clean(answer))
    if key == "birth_date":
        value = _typed_date(value)
    elif key == "validity_years":
        value = int(value) if value.isdecimal() else value
    if not is_right(value):
        raise BadFormValue(path="", key=key, wanted=wanted)
    return replace(form, **{key: value})


def from_roster(person: Person | None, record: DutyRecord | None) -> Form:
    """Return what MEBBİS knows of the person; the school's name and place are no part of
    the form.
    """
    form = Form()
    if person is not None:
        form = Form(
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
        form = replace(form, unit=record.unit, title=record.title)
    return form


def from_profile(profile: Profile) -> Form:
    """Return what the directorate says of itself."""
    return Form(**{field.name: getattr(profile, field.name) for field in fields(profile)})


def merged(*forms: Form) -> Form:
    """Return one form: each field from the first that gives it, and the portal's usual choices
    last.
    """
    values = {}
    for key in KEYS:
        given = (getattr(form, key) for form in (*forms, DEFAULTS))
        values[key] = next((value for value in given if value), getattr(DEFAULTS, key))
    return Form(**values)


def filled(given: Form, profile: Profile, person: Person | None, record: DutyRecord | None) -> Form:
    """Return a form with all that is known: what was given, the directorate's profile, the
    roster.
    """
    return merged(given, from_profile(profile), from_roster(person, record))


def guess_names(holder: str) -> Form:
    """Return the name on the certificate as a proposal: its last word as the family name."""
    given, _space, family = holder.rpartition(" ")
    return Form(given_name=given, family_name=family)


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


def _one_of(words: Collection[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _codes(table: dict[str, Any]) -> dict[str, Any]:
    """The same table with the codes that the portal's words stand for."""
    return {key: _code(key, value) for key, value in table.items()}


def _code(key: str, value: Any) -> Any:
    known = _WORDS.get(key, {})
    return known.get(fold(value), value) if isinstance(value, str) else value


_WORDS = {
    key: {
        fold(word): code
        for code, name in names.items()
        for word in (name, code, _SHORT.get(code, name))
    }
    for key, names in (("channel", CHANNELS), ("reason", REASONS))
}
_Kind = tuple[str, Callable[[Any], bool]]
_TEXT: _Kind = ("text", lambda value: isinstance(value, str))
_KINDS: dict[str, _Kind] = {
    "birth_date": ("YYYY-MM-DD", lambda value: type(value) is date),
    "channel": (" | ".join(CHANNELS), _one_of(CHANNELS)),
    "reason": (" | ".join(REASONS), _one_of(REASONS)),
    "validity_years": (
        f"1–{LONGEST_VALIDITY}",
        lambda value: type(value) is int and 1 <= value <= LONGEST_VALIDITY,
    ),
}
