"""What is wrong with a form: everything that would stop it on the portal, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from esign_cli.foundation import turkish
from esign_cli.foundation.people import Person
from esign_cli.foundation.plain_text import REPLACEMENT, plain
from esign_cli.renewals.application.fields import KEYS, REQUIRED, Form


@dataclass(frozen=True, slots=True)
class Problem:
    """What would stop the application: a code of the closed list PROBLEMS, and the field."""

    code: str
    field: str


PROBLEMS = (
    "missing",
    "not-understood",
    "control-character",
    "not-a-national-id",
    "not-an-email",
    "not-a-mobile",
    "not-a-postal-code",
    "postal-code-elsewhere",
    "not-a-province",
    "birth-date-impossible",
    "differs-from-roster",
    "differs-from-card",
    "not-in-roster",
    "identity-conflict",
    "possible-duplicate",
)
YOUNGEST, OLDEST = 18, 100
"""Years; whoever is not as old, or older, did not apply."""
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_POSTAL_CODE = re.compile(r"[0-9]{5}")


def problems(form: Form, wanted: Iterable[str] = REQUIRED) -> tuple[Problem, ...]:
    """Return everything that is wrong with the wanted fields, all at once, in the form's order."""
    faults = []
    for key in KEYS:
        if key not in set(wanted):
            continue
        value = getattr(form, key)
        code = "missing" if not value else control_character(value) or _look(form, key)
        if code:
            faults.append(Problem(code, key))
    return tuple(faults)


def compared(form: Form, person: Person | None, holder: str, today: date) -> tuple[Problem, ...]:
    """Return what does not agree with the roster, the name on the certificate ("" for none) and the
    day.

    Empty fields are left to `problems`.
    """
    differences = [
        Problem("differs-from-roster", key)
        for key in ("given_name", "family_name", "birth_place", "birth_date")
        if person is not None and _differ(getattr(form, key), getattr(person, key))
    ]
    if _differ(f"{form.given_name} {form.family_name}", holder):
        differences.append(Problem("differs-from-card", "given_name"))
    if form.birth_date is not None and not _age_is_possible(form.birth_date, today):
        differences.append(Problem("birth-date-impossible", "birth_date"))
    return tuple(differences)


def is_email(text: str) -> bool:
    """Return whether it is an e-mail address, as the portal takes them."""
    return _EMAIL.fullmatch(text) is not None


def _differ(one: Any, other: Any) -> bool:
    """Whether both are given and are not the same, spelling and capitals aside."""
    if isinstance(one, str) and isinstance(other, str):
        one, other = turkish.fold(one), turkish.fold(other)
    return bool(one and other) and one != other


def _age_is_possible(born: date, today: date) -> bool:
    birthday_is_to_come = (today.month, today.day) < (born.month, born.day)
    return YOUNGEST <= today.year - born.year - birthday_is_to_come <= OLDEST


def _look(form: Form, key: str) -> str:
    return _CHECKS[key](form) if key in _CHECKS else ""


def control_character(value: Any) -> str:
    """Return the problem of a value that hides a control character, or "".

    A line break in a value would write a line of its own into the signed text; what cannot be seen,
    or reorders what is seen, would be signed and not shown.
    """
    text = value if isinstance(value, str) else ""
    hidden = "\n" in text or REPLACEMENT in plain(text)
    return "control-character" if hidden else ""


def _postal_code(form: Form) -> str:
    if not _POSTAL_CODE.fullmatch(form.postal_code):
        return "not-a-postal-code"
    plate = turkish.province_code(form.province) if form.province else None
    return "postal-code-elsewhere" if plate and form.postal_code[:2] != plate else ""


_CHECKS: dict[str, Callable[[Form], str]] = {
    "national_id": lambda f: "" if turkish.is_national_id(f.national_id) else "not-a-national-id",
    "email": lambda f: "" if is_email(f.email) else "not-an-email",
    "mobile_phone": lambda f: "" if turkish.mobile(f.mobile_phone) else "not-a-mobile",
    "postal_code": _postal_code,
    "province": lambda f: "" if turkish.province_code(f.province) else "not-a-province",
}
