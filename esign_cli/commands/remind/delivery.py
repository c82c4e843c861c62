"""Sending what is owed: each reminder is claimed first, then sent, then recorded as sent.

Cut off at any point, a run leaves nobody forgotten: what was claimed and perhaps not sent goes out
again at the next run, with the same Message-ID. What one message meets costs that message only;
what every message would meet (no server, a refused login) ends the channel, and the rest is not
tried.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum
from itertools import chain, repeat
from typing import Any, Protocol

from esign_cli.commands.remind.job import Due, Plan
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import outputs as errors
from esign_cli.foundation.errors.store import Busy
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
_BUSY_FOR_ALL = 2
"""Messages in a row that a busy server did not take: then it is not busy for one alone."""
PAUSES = (0.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds until a busy server is asked again: at once by a new connection, for many close one after
so many messages; then ever later, in the end each minute."""


MOST_TRIES = 12
"""So often a record is tried to be written while another program writes: a minute in all."""


class Outcome(StrEnum):
    """What became of a reminder."""

    SENT = "sent"
    FAILED = "failed"
    CUT_OFF = "cut-off"
    """Interrupted in the middle: sent or not, the next run sends it (again)."""
    NOT_TRIED = "not-tried"
    PUT_OFF = "put-off"
    """The server took nothing more, and patience had an end: the next run goes on."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder of a run and what became of it."""

    due: Due
    outcome: Outcome
    error: EsignError | None = None


@dataclass(slots=True)
class Patience:
    """How long a run waits for busy servers, all in all; `sleep` waits so many seconds."""

    seconds: float
    sleep: Callable[[float], None]
    say: Callable[[float], None] = lambda _seconds: None
    """Told of a wait before it begins."""

    def wait(self, pause: float) -> bool:
        """Wait, if as much is left; returns whether it is."""
        if pause > self.seconds:
            return False
        self.seconds -= pause
        if pause:
            self.say(pause)
            self.sleep(pause)
        return True

    def call(self, reach: Callable[[], None]) -> None:
        """Call until the server is no more busy; raises MailServerBusy when patience ends."""
        pauses = _pauses()
        while True:
            try:
                return reach()
            except errors.MailServerBusy:
                if not self.wait(next(pauses)):
                    raise


def _pauses() -> Iterator[float]:
    return chain(PAUSES, repeat(PAUSES[-1]))


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
    patience: Patience,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Sent, ...]:
    """Send what is owed, channel by channel; raises what every message would meet at the start.

    Interrupted (Ctrl-C), it tells what was sent until then.
    `now` tells aware times. Raises as `Store.writing` does, too.
    """
    for channel in channels.values():
        patience.call(channel.connect)
    key = uid_key.read(store)
    lines = {name: _Line(channel) for name, channel in channels.items()}
    outcomes: dict[int, Sent] = {}
    queue = deque(range(len(plan.due)))
    while queue:
        place = queue.popleft()
        due = plan.due[place]
        line = lines[due.channel]
        if line.dead is not None:
            outcomes[place] = Sent(due, line.left_out, line.dead)
            continue
        try:
            outcomes[place] = _one(store, due, line, key, now)
            if line.busy and line.wants_more(patience, alone=not queue):
                queue.append(place)  # behind the others: perhaps it is busy for this one only
        except KeyboardInterrupt:
            outcomes[place] = Sent(due, Outcome.CUT_OFF)
            break
        progress(len(outcomes), len(plan.due))
    nothing = (Sent(due, Outcome.NOT_TRIED) for due in plan.due)
    return tuple(outcomes.get(place, none) for place, none in enumerate(nothing))


class _Line:
    """A channel, and how it has fared lately."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.in_a_row = 0
        self.dead: EsignError | None = None
        self.busy: EsignError | None = None
        """What a busy server said to the last message."""
        self._busy_in_a_row = 0
        self._pauses = _pauses()

    @property
    def left_out(self) -> Outcome:
        """What becomes of those to whom nothing is sent any more."""
        busy = isinstance(self.dead, errors.MailServerBusy)
        return Outcome.PUT_OFF if busy else Outcome.NOT_TRIED

    def wants_more(self, patience: Patience, *, alone: bool) -> bool:
        """Wait for a busy server; returns False, and ends the channel, when patience ends.

        Busy for one message, it is asked for the next one before anybody waits.
        """
        if self._busy_in_a_row < _BUSY_FOR_ALL and not alone:
            return True
        if patience.wait(next(self._pauses)):
            return True
        self.dead = self.busy
        return False

    def fared(self, error: EsignError | None) -> None:
        """Count what happened; too much in a row, or a fault of the whole channel, ends it."""
        self.busy = error if isinstance(error, errors.MailServerBusy) else None
        self._busy_in_a_row = self._busy_in_a_row + 1 if self.busy else 0
        if self.busy:
            return
        self._pauses = _pauses()
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
    if isinstance(failed, errors.MailServerBusy):
        return Sent(due, Outcome.PUT_OFF, failed)
    return Sent(due, Outcome.FAILED if failed else Outcome.SENT, failed)


def _patiently(write: Callable[[], None]) -> None:
    """Write, also beside a long import: what was sent and not recorded would be sent again."""
    for _try in range(MOST_TRIES - 1):
        try:
            return write()
        except Busy:
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
