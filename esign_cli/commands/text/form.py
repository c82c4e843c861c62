"""What the fields of the application form, and what is wrong with them, are called on screen."""

from __future__ import annotations

from esign_cli.foundation.i18n import _
from esign_cli.renewals.application import Problem
from esign_cli.wording.form_words import FIELDS, PROBLEMS


def field(key: str) -> str:
    return _(FIELDS[key])


def problem(code: str) -> str:
    return _(PROBLEMS[code])


def told(one: Problem) -> str:
    """Return a problem in words, behind the field that has it, without what its prompt hints at."""
    return f"{field(one.field).partition(' (')[0]}: {problem(one.code)}"


def phone(number: str) -> str:
    """Return a Turkish mobile number as it is written on forms: 0532 000 00 01."""
    local = "0" + number.removeprefix("+90")
    if not (number.startswith("+90") and len(local) == _PHONE_DIGITS and local.isdecimal()):
        return number
    return f"{local[:4]} {local[4:7]} {local[7:9]} {local[9:]}"


_PHONE_DIGITS = 11
