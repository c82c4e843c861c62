"""Errors of words of the command line and answers to questions."""

from __future__ import annotations

from esign_cli.foundation.errors import UsageError


class UnknownProvince(UsageError):
    code = "unknown-province"
    given: str
    suggestions: list[str]


class UnknownDistrict(UsageError):
    code = "unknown-district"
    given: str
    suggestions: list[str]
    """Districts whose names are near."""


class BadDate(UsageError):
    code = "bad-date"
    given: str


class Usage(UsageError):
    code = "usage"
    detail: str
    """A sentence already in the user's language."""


class BadNationalId(UsageError):
    code = "bad-national-id"
    given: str
    """Masked."""


class UnknownListNumber(UsageError):
    """No list gave this number, or somebody else has it by now."""

    code = "unknown-list-number"
    number: str


class NameOfNobody(UsageError):
    code = "name-of-nobody"
    given: str


class NameOfSeveral(UsageError):
    code = "name-of-several"
    given: str
    count: int


class NameForScript(UsageError):
    """What writes takes a name only where somebody can be asked whether it is the right person."""

    code = "name-for-script"
    given: str


class TextIsOption(UsageError):
    """A text that begins like an option was meant as one; its own text was forgotten."""

    code = "text-is-option"
    given: str


class UnknownWord(UsageError):
    code = "unknown-word"
    option: str
    given: str
    known: list[str]


class UnknownFormat(UsageError):
    code = "unknown-format"
    path: str
    known: list[str]


class UnknownEnding(UsageError):
    """Nothing but the ending of the name tells the format."""

    code = "unknown-ending"
    path: str
    known: list[str]


class OptionsExclude(UsageError):
    code = "options-exclude"
    options: list[str]
    """That cannot be given together."""
