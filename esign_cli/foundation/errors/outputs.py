"""Errors of messages, documents, schedules."""

from __future__ import annotations

from esign_cli.foundation.errors import EnvironmentFault, InputError, Refusal, UsageError


class PdfMissing(EnvironmentFault):
    """What makes PDF, the extra `pdf`, is not installed."""

    code = "pdf-missing"
    command: str
    """What installs it, by how esign was installed."""


class TypesetFailed(EnvironmentFault):
    code = "typeset-failed"
    template: str
    detail: str


class MailServerUnset(UsageError):
    code = "mail-server-unset"
    key: str
    """The setting that is missing."""


class MailServerUnreachable(EnvironmentFault):
    code = "mail-server-unreachable"
    host: str
    port: int
    detail: str


class MailServerBusy(EnvironmentFault):
    """It says that it takes nothing just now (421, 451, 452): nothing was taken."""

    code = "mail-server-busy"
    host: str
    detail: str


class MailServerUntrusted(EnvironmentFault):
    code = "mail-server-untrusted"
    host: str
    detail: str
    """Its certificate does not stand up to the check."""


class MailServerWithoutTls(EnvironmentFault):
    code = "mail-server-without-tls"
    host: str
    """Which does not offer STARTTLS, or no login."""


class MailLoginUnencrypted(Refusal):
    """A login without encryption would show the password to the network."""

    code = "mail-login-unencrypted"
    host: str


class MailLoginRefused(EnvironmentFault):
    code = "mail-login-refused"
    host: str
    user: str
    detail: str
    """The server's answer."""


class RecipientsRefused(EnvironmentFault):
    code = "recipients-refused"
    host: str
    addresses: list[str]
    everybody: bool
    """Whether nobody is left."""
    detail: str
    for_good: bool
    """Whether trying again is of no use."""


class MessageRefused(EnvironmentFault):
    code = "message-refused"
    host: str
    detail: str
    """The server's answer."""


class MessageUnsent(EnvironmentFault):
    code = "message-unsent"
    host: str
    detail: str
    """It hung or went away, and may have taken the message or not."""


class GatewayUnset(UsageError):
    code = "gateway-unset"
    key: str
    """The setting that is missing."""


class GatewayFailed(EnvironmentFault):
    """Was it taken or not?."""

    code = "gateway-failed"
    host: str
    problem: str
    """A code or words: no whole answer came."""


class GatewayHiddenByProxy(GatewayFailed):
    code = "gateway-hidden-by-proxy"
    proxy: str
    """Through which it was called."""


class GatewayRefused(EnvironmentFault):
    code = "gateway-refused"
    host: str
    detail: str
    """Its status and what it said."""


class BadTimeOfDay(UsageError):
    code = "bad-time-of-day"
    given: str


class PathUnschedulable(InputError):
    code = "path-unschedulable"
    path: str
    """With a control character in it, which no scheduler takes."""


class CrontabMarksBroken(Refusal):
    """Not one pair of our marks is in the crontab, so that ours cannot be told from the rest."""

    code = "crontab-marks-broken"


class SchedulerMissing(EnvironmentFault):
    code = "scheduler-missing"
    program: str


class SchedulerFailed(EnvironmentFault):
    code = "scheduler-failed"
    program: str
    detail: str
    """What it said."""


class TemplateBroken(InputError):
    code = "template-broken"
    path: str
    row: int | None
    detail: str
    """In the template language's own words."""
