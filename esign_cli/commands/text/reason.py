"""Reasons and the places they were read from, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from esign_cli.foundation.dates import day
from esign_cli.foundation.i18n import _
from esign_cli.foundation.people import Source
from esign_cli.foundation.standing import Reason
from esign_cli.renewals.application.life_cycle import BEFORE_SUBMISSION
from esign_cli.wording import labels

SPOKEN_FIELDS = (
    "status", "end", "title", "mark", "on-duty", "left", "application", "holder", "issuer",
    "working_day",
)  # fmt: skip
"""Fields whose value is worth saying beside the reason."""


def said(reason: Reason) -> str:
    """Return a reason in words, with the value that it rests on where that tells something."""
    text = labels.reason(reason.code)
    if not reason.value or reason.field not in SPOKEN_FIELDS:
        return text
    value = _state(reason.value) if reason.field == "application" else reason.value
    if reason.field in ("end", "working_day"):
        value = day(date.fromisoformat(value))
    return f"{text}: {value}"


def _state(state: str) -> str:
    """How far an application has come; what was only signed or printed is nowhere yet."""
    name = labels.state(state)
    if state in BEFORE_SUBMISSION:
        return _("{state}, not sent on the portal").format(state=name)
    return name


def all_said(reasons: Iterable[Reason]) -> str:
    """Return reasons on one line; each begins with a capital, which a semicolon would not bear."""
    return " · ".join(map(said, reasons))


def place(source: Source | None) -> str:
    """Return where a fact was read; nothing where it came from no file."""
    if source is None:
        return ""
    return _("{file}, sheet {sheet}, row {row}").format(
        file=source.file, sheet=source.sheet, row=source.row
    )
