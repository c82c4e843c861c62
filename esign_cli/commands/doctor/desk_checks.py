"""The server that several desks share: how it answers, as whom, how the way to it is protected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from esign_cli.commands.text.findings import Level, Line
from esign_cli.store.health import ServerFacts

SLOW_MILLISECONDS = 250
CLOCK_SECONDS = 60
"""Of what a server may be late, and its clock be off."""


def server(there: ServerFacts) -> Iterator[Line]:
    """Yield what the server says of itself, and of us."""
    answers = {
        "server": there.version,
        "milliseconds": there.milliseconds,
        "mebibytes": there.size >> 20,
    }
    slow = there.milliseconds > SLOW_MILLISECONDS
    yield _line("server-slow" if slow else "server-answers", answers, warns=slow)
    rights = {"user": there.user, "rights": there.rights}
    yield _line("server-rights", rights, warns=False)
    yield _way(there)
    off = abs(there.clock_ahead) > CLOCK_SECONDS
    clock = {"seconds": there.clock_ahead}
    yield _line("server-clock-off" if off else "server-clock-fits", clock, warns=off)


def _way(there: ServerFacts) -> Line:
    """Whether somebody on the way can read or change what passes."""
    facts = {"tls": there.tls, "sslmode": there.sslmode}
    if there.is_local:
        return _line("server-local", {}, warns=False)
    if not there.tls:
        return _line("server-in-plain", facts, warns=True)
    checked = there.sslmode == "verify-full"
    return _line("server-tls" if checked else "server-unchecked", facts, warns=not checked)


def _line(code: str, facts: dict[str, Any], *, warns: bool) -> Line:
    return Line("server", Level.WARNING if warns else Level.OK, code, facts)
