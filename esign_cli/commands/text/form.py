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
    """Return a problem in words, behind the field that has it."""
    return f"{field(one.field)}: {problem(one.code)}"
