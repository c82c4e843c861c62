"""Look at everything that the daily work rests on, and say of each part whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from esign_cli.commands.doctor import card_checks, file_checks, server_checks
from esign_cli.commands.doctor.dependencies import Dependencies, OtherClock, Seen
from esign_cli.commands.text.findings import Level, Line, document, failed, worst
from esign_cli.foundation.errors import EsignError

__all__ = ["CHECKS", "Dependencies", "Level", "Line", "OtherClock", "doctor", "document", "worst"]

CHECKS: tuple[Callable[[Dependencies, Seen], Iterable[Line]], ...] = (
    file_checks.installed,
    file_checks.settings,
    file_checks.database,
    file_checks.disk,
    file_checks.audit,
    file_checks.backups,
    file_checks.trusted,
    card_checks.cards,
    server_checks.mail,
    server_checks.time_stamps,
    server_checks.clock,
    server_checks.online,
)
"""In the order in which what they find is mended best; later ones rest on what earlier ones saw."""


def doctor(deps: Dependencies) -> tuple[Line, ...]:
    """Return a line or more for each part, in the order in which they are mended best."""
    seen = Seen()
    return tuple(line for check in CHECKS for line in check(deps, seen))


def broken_settings(problem: EsignError) -> tuple[Line, ...]:
    """Return the one line there is when the settings themselves cannot be read."""
    return (failed("settings", problem),)
