"""What the fields of the application form, and what is wrong with them, are called on screen."""

from __future__ import annotations

from esign_cli.application import Problem
from esign_cli.form_words import FIELDS, PROBLEMS
from esign_cli.i18n import _


def field(key: str) -> str:
    return _(FIELDS[key])


def problem(code: str) -> str:
    return _(PROBLEMS[code])


def told(found: Problem) -> str:
    """A problem in words, behind the field that has it."""
    return f"{field(found.field)}: {problem(found.code)}"
