"""Errors of HTTP."""

from __future__ import annotations

from esign_cli.foundation.errors import EnvironmentFault
from esign_cli.foundation.exit_codes import REFUSED


class HttpError(EnvironmentFault):
    """No answer that could be used."""

    url: str
    """Without query and user."""


class HttpFailed(HttpError):
    """No whole answer came."""

    code = "http-failed"
    problem: str
    """A code."""
    detail: str


class AddressRefused(HttpError):
    code = "address-refused"
    exit_status = REFUSED
    problem: str
    """Why it was not called: private, scheme, malformed, redirect-…."""


class ServerUnreachable(HttpError):
    code = "server-unreachable"
    detail: str


class ProxyUnreachable(ServerUnreachable):
    code = "proxy-unreachable"
    proxy: str
    """Through which the server was called; `detail` is what kept it."""


class ServerTimedOut(HttpError):
    code = "server-timed-out"
    seconds: float


class AnswerTooLarge(HttpError):
    code = "answer-too-large"
    most: int
    """Bytes."""


class HttpStatusBad(HttpError):
    code = "http-status-bad"
    status: int
    """What the server answered instead of what was wanted."""
