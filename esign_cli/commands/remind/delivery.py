"""Sending what is owed: each reminder is claimed first, then sent, then recorded as sent.

Cut off at any point, a run leaves nobody forgotten: what was claimed and perhaps not sent goes out
again at the next run, with the same Message-ID. What one message meets costs that message only;
what every message would meet (no server, a refused login) ends the channel, and the rest is not
tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum
from typing import Any, Protocol

from esign_cli.commands.remind.job import Due, Plan
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import outputs as errors
from esign_cli.foundation.errors.store import DatabaseBusy
from esign_cli.outputs.messages.letters import Letters
from esign_cli.outputs.messages.mail import Mailer
from esign_cli.outputs.messages.sms import Sms, SmsSender
from esign_cli.store import Store, reminders, uid_key
from esign_cli.store.reminders import Claim

OF_THIS_MESSAGE = (errors.RecipientsRefused, errors.MessageRefused, errors.GatewayRefused)
"""The server answers, and does not want this one."""
OF_THE_LINE = (errors.MessageUnsent, errors.MailServerUnreachable, errors.GatewayFailed)
"""The server hung or went away; the next message may fare better."""
MOST_IN_A_ROW = 5
"""So many messages in a row that met a dead line end their channel."""


MOST_TRIES = 12
"""So often a record is tried to be written while another program writes: a minute in all."""


class Outcome(StrEnum):
    """What became of a reminder."""

    SENT = "sent"
    FAILED = "failed"
    CUT_OFF = "cut-off"
    """Interrupted in the middle: sent or not, the next run sends it (again)."""
    NOT_TRIED = "not-tried"


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder of a run and what became of it."""

    due: Due
    outcome: Outcome
    error: EsignError | None = None


class Channel(Protocol):
    """How the messages of one channel go out."""

    def connect(self) -> None:
        """Show a fault that every message would meet."""

    def send(self, due: Due, message_id: str) -> None:
        """Hand over one reminder."""


@dataclass(frozen=True, slots=True)
class ByEmail:
    """Reminders as e-mail; `facts` says what the templates know of one."""

    mailer: Mailer
    letters: Letters
    facts: Callable[[Due], Mapping[str, Any]]

    def connect(self) -> None:
        self.mailer.connect()

    def send(self, due: Due, message_id: str) -> None:
        message = self.letters.email(due.text, self.facts(due))
        domain = parseaddr(self.mailer.server.sender)[1].rpartition("@")[2] or "esign.invalid"
        message["Message-ID"] = f"<{message_id}@{domain}>"
        message["To"] = due.address
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer of a machine's
        self.mailer.send(message)


@dataclass(frozen=True, slots=True)
class BySms:
    """Reminders as SMS."""

    sender: SmsSender
    letters: Letters
    facts: Callable[[Due], Mapping[str, Any]]

    def connect(self) -> None:
        self.sender.connect()

    def send(self, due: Due, message_id: str) -> None:
        self.sender.send(Sms(due.address, self.letters.sms(due.text, self.facts(due)), message_id))


def send(
    store: Store,
    plan: Plan,
    channels: Mapping[str, Channel],
    now: Callable[[], datetime],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Sent, ...]:
    """Send what is owed, channel by channel; raises what every message would meet at the start.

    Interrupted (Ctrl-C), it tells what was sent until then.
    `now` tells aware times. Raises as `Store.writing` does, too.
    """
    for channel in channels.values():
        channel.connect()
    key = uid_key.read(store)
    sent = []
    lines = {name: _Line(channel) for name, channel in channels.items()}
    for number, due in enumerate(plan.due, start=1):
        line = lines[due.channel]
        if line.dead is not None:
            sent.append(Sent(due, Outcome.NOT_TRIED, line.dead))
            continue
        try:
            sent.append(_one(store, due, line, key, now))
        except KeyboardInterrupt:
            rest = plan.due[number:]
            return (*sent, Sent(due, Outcome.CUT_OFF), *(Sent(d, Outcome.NOT_TRIED) for d in rest))
        progress(number, len(plan.due))
    return tuple(sent)


class _Line:
    """A channel, and how it has fared lately."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.in_a_row = 0
        self.dead: EsignError | None = None

    def fared(self, error: EsignError | None) -> None:
        """Count what happened; too much in a row, or a fault of the whole channel, ends it."""
        if error is None or isinstance(error, OF_THIS_MESSAGE):
            self.in_a_row = 0
            return
        self.in_a_row += 1
        if self.in_a_row >= MOST_IN_A_ROW or not isinstance(error, OF_THE_LINE):
            self.dead = error


def _one(store: Store, due: Due, line: _Line, key: bytes, now: Callable[[], datetime]) -> Sent:
    claim = _claim(due, key)
    _patiently(lambda: reminders.claim(store, claim, now()))
    failed: EsignError | None = None
    try:
        line.channel.send(due, claim.message_id)
    except EsignError as error:
        failed = error
    problem = failed.to_facts() if failed else None
    _patiently(lambda: reminders.ended(store, claim, now(), problem))
    line.fared(failed)
    return Sent(due, Outcome.FAILED if failed else Outcome.SENT, failed)


def _patiently(write: Callable[[], None]) -> None:
    """Write, also beside a long import: what was sent and not recorded would be sent again."""
    for _try in range(MOST_TRIES - 1):
        try:
            return write()
        except DatabaseBusy:
            continue  # each try has waited for seconds
    return write()


def _claim(due: Due, key: bytes) -> Claim:
    who, owed = due.standing.facts.national_id, due.owed
    name = uid_key.named(key, who, owed.not_after, owed.threshold.code, due.channel)
    return Claim(
        who,
        owed.not_after,
        owed.threshold,
        due.channel,
        due.text,
        due.address,
        owed.message_id or name,
        owed.superseded,
    )
