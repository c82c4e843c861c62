"""E-mail over SMTP (RFC 5321), with STARTTLS (RFC 3207) or TLS, login and time-outs."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Self

from esign_cli.foundation import clock, ownership
from esign_cli.foundation.credentials import Secret
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import outputs as errors
from esign_cli.foundation.errors.environment import FileUnreadable
from esign_cli.foundation.http_client import reasons
from esign_cli.foundation.i18n import N_

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""The usual port of each way to secure the connection."""
_WHOLE_MESSAGE = 10
"""A message may take so many times as long as one answer of the server may."""
_LONGEST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes our mail, and how to speak to it."""

    host: str
    sender: str
    """The From of messages that have none: an address, or a name with one in <>."""
    port: int = 0
    """0: the usual one."""
    security: str = "starttls"
    """A key of PORTS."""
    user: str = ""
    """Empty: no login."""
    seconds: float = 30.0
    """How long the server may take for one answer."""
    ca_file: Path | None = None
    """Certificates that may have issued the server's; None: those that the system trusts."""

    @property
    def address(self) -> tuple[str, int]:
        return self.host, self.port or PORTS[self.security]


class Mailer:
    """A connection to a mail server: made at the first message, made anew after a failure.

    Each message stands for itself: what keeps one from being taken does not keep the next.
    """

    def __init__(self, server: MailServer, password: Callable[[], Secret] | None = None) -> None:
        self.server = server
        self._password = password
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()  # the messages before were taken already

    def connect(self) -> None:
        """Speak to the server and log in, so that a fault shows before the first message.

        Raises MailServerUnset, MailServerUnreachable, MailServerUntrusted, MailServerWithoutTls,
        MailLoginUnencrypted, MailLoginRefused, or what finding the password raises.
        """
        if self._smtp is not None and not self._alive(self._smtp):
            self._drop()
        if self._smtp is None:
            self._smtp = self._connected()

    def send(self, message: EmailMessage) -> None:
        """Hand a message to the server; From and Date are put in where they are missing.

        Raises RecipientsRefused (the others of the message were sent to), MessageRefused, or
        MessageUnsent (the server hung or went away, and may have taken it or not); as `connect`.
        """
        if "From" not in message:
            message["From"] = self.server.sender
        if "Date" not in message:
            message["Date"] = format_datetime(clock.now())
        self.connect()
        smtp = self._smtp
        assert smtp is not None  # noqa: S101  (connect made it)
        try:
            with _limited(smtp, self.server.seconds * _WHOLE_MESSAGE):
                refused = smtp.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise self._error(error) from error
        except BaseException:
            self._drop()  # in the middle of a message: the line is of no more use
            raise
        if refused:
            raise self._refused(refused, everybody=False)

    # --- the connection --------------------------------------------------------------------------

    def _alive(self, smtp: smtplib.SMTP) -> bool:
        """Whether the server still listens: many close after a number of messages."""
        try:
            return smtp.rset()[0] == _OKAY
        except (OSError, smtplib.SMTPException):
            return False

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _connected(self) -> smtplib.SMTP:
        server = self.server
        if not (server.host and server.sender):
            raise errors.MailServerUnset(key="smtp.from" if server.host else "smtp.host")
        if server.user and server.security == "none":
            raise errors.MailLoginUnencrypted(host=server.host)
        password = self._password() if server.user and self._password else None
        smtp = self._unconnected()
        try:
            with _limited(smtp, server.seconds * _WHOLE_MESSAGE):
                smtp.connect(*server.address)
                if server.security == "starttls":
                    smtp.starttls(context=_trusting(server.ca_file))
                if password is not None:
                    _log_in(smtp, server.user, password)
        except (OSError, smtplib.SMTPException) as error:
            smtp.close()
            raise self._connection_error(error) from error
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _unconnected(self) -> smtplib.SMTP:
        name, seconds = _own_name(), self.server.seconds
        smtp: smtplib.SMTP
        if self.server.security == "tls":
            context = _trusting(self.server.ca_file)
            smtp = smtplib.SMTP_SSL(local_hostname=name, timeout=seconds, context=context)
        else:
            smtp = smtplib.SMTP(local_hostname=name, timeout=seconds)
        # The name that TLS checks; smtplib notes it only where it connects at once, unlimited.
        smtp._host = self.server.host  # type: ignore[attr-defined]  # a name of its own
        return smtp

    # --- what went wrong -------------------------------------------------------------------------

    def _connection_error(self, error: OSError | smtplib.SMTPException) -> EsignError:
        host, port = self.server.address
        if _is_busy(error):
            return errors.MailServerBusy(host=host, detail=_answer(error))
        if isinstance(error, ssl.SSLCertVerificationError):
            return errors.MailServerUntrusted(host=host, detail=error.verify_message)
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return errors.MailServerWithoutTls(host=host)
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return errors.MailLoginRefused(host=host, user=self.server.user, detail=_answer(error))
        return errors.MailServerUnreachable(host=host, port=port, detail=_answer(error))

    def _error(self, error: OSError | smtplib.SMTPException) -> EsignError:
        host = self.server.host
        if _is_busy(error):
            return errors.MailServerBusy(host=host, detail=_answer(error))
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return self._refused(error.recipients, everybody=True)
        if isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPNotSupportedError):
            return errors.MessageRefused(host=host, detail=_answer(error))
        return errors.MessageUnsent(host=host, detail=_answer(error))

    def _refused(
        self, refused: dict[str, tuple[int, bytes]], *, everybody: bool
    ) -> errors.RecipientsRefused:
        status, text = next(iter(refused.values()))
        return errors.RecipientsRefused(
            host=self.server.host,
            addresses=list(refused),
            everybody=everybody,
            for_good=all(status >= _FOR_GOOD for status, _text in refused.values()),
            detail=f"{status} {_readable(text)}",
        )


_OKAY, _LOGGED_IN, _FOR_GOOD = 250, 235, 500
_BUSY = frozenset({421, 451, 452})
"""It closes the line, or takes nothing for now (RFC 5321, 4.2.3): too many, too fast."""


@contextmanager
def _limited(smtp: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """End the connection after so long, also one that says a word now and then."""

    def end() -> None:
        if smtp.sock is not None:
            smtp.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _trusting(ca_file: Path | None) -> ssl.SSLContext:
    """A context that checks the server's certificate and its name.

    Raises FileUnreadable or OthersMayWrite.
    """
    if ca_file:
        ownership.check_own(ca_file)
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except OSError as error:
        detail = error.strerror or str(error)
        raise FileUnreadable(path=str(ca_file), detail=detail) from error


def _log_in(smtp: smtplib.SMTP, user: str, password: Secret) -> None:
    """Log in; where smtplib, which knows ASCII alone, cannot, by AUTH PLAIN in UTF-8 (RFC 4616)."""
    secret = password.reveal()
    if (user + secret).isascii():
        smtp.login(user, secret)
        return
    smtp.ehlo_or_helo_if_needed()
    if "PLAIN" not in smtp.esmtp_features.get("auth", "").split():
        raise smtplib.SMTPNotSupportedError
    plain = base64.b64encode(f"\0{user}\0{secret}".encode()).decode()
    status, answer = smtp.docmd("AUTH", f"PLAIN {plain}")
    if status != _LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(status, answer)


def _own_name() -> str:
    """What we call ourselves; no look-up in a network that may not be there."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _is_busy(error: BaseException) -> bool:
    """Whether the server says that it takes nothing for now, be it of every recipient."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(status in _BUSY for status, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code in _BUSY


def _answer(error: BaseException) -> str:
    """What the server said, or the system, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        status, text = next(iter(error.recipients.values()))
        return f"{status} {_readable(text)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_readable(error.smtp_error)}"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return N_("no answer in time")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return N_("it broke off the connection")
    if isinstance(error, OSError) and (reason := reasons.reason(error)):
        return reason
    return _readable(str(error))


def _readable(text: bytes | str) -> str:
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return "".join(c if c.isprintable() else " " for c in shown)[:_LONGEST_DETAIL].strip()
