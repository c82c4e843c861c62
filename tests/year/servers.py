"""The mail server and the SMS gateway of the made-up year, with their bad days."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

from tests.outputs.test_sms import Loopback
from tests.support import mail_server
from tests.support.mail_server import MailServer
from tests.year.oracle import Letter

UP, UNREACHABLE, BUSY, BROKEN, REFUSES, SWALLOWS = (
    "up", "unreachable", "busy", "broken", "refuses", "swallows",
)  # fmt: skip
BAD_DAYS = {
    "email": (UNREACHABLE, BUSY, BROKEN, REFUSES, SWALLOWS),
    "sms": (UNREACHABLE, BROKEN, REFUSES, SWALLOWS),
}
TAKES_NOTHING = (UNREACHABLE, BUSY, BROKEN)
_TEXTS = {
    "email": {"confirm": "Yeniden başvuru yapmayınız", "update": "düzeltilmeden"},
    "sms": {"confirm": "geldi mi?", "update": "MEBB"},
}


@dataclass(frozen=True)
class Taken:
    """A message that a server has taken."""

    letter: Letter
    message_id: str


@dataclass
class Channel:
    """What came in on a day, and how the server fares on it."""

    name: str
    mode: str = UP
    came: list[Taken] = field(default_factory=list)
    refused: str = ""
    """The address that is refused on this day: the first one."""
    swallowed: str = ""
    """The address whose message was taken without an answer: the first one."""
    kill: Callable[[str], bool] = lambda _stage: False
    """Told "before" and "after" a message is taken; whether the sender was killed there."""

    def new_day(self, mode: str) -> None:
        """Forget what came, and fare like this."""
        self.mode, self.came, self.refused, self.swallowed = mode, [], "", ""

    def refuses(self, address: str) -> bool:
        """Whether this one is refused; on such a day the first address is, each time."""
        if self.mode == REFUSES:
            self.refused = self.refused or address
        return bool(self.refused) and self.refused == address

    def swallows(self, address: str) -> bool:
        """Whether this one is taken without an answer: once on such a day."""
        if self.mode == SWALLOWS and not self.swallowed:
            self.swallowed = address
            return True
        return False


class Mail:
    """How the mail server takes part."""

    def __init__(self, server: MailServer, channel: Channel) -> None:
        self.server, self.channel = server, channel
        server.misbehave = self._instead

    def _instead(self, stage: str, address: str) -> str | None:
        channel = self.channel
        if stage == "rcpt":
            if channel.kill("before"):
                return "451 gone"
            if channel.mode in (BUSY, BROKEN):
                return "451 later" if channel.mode == BUSY else "drop"
            return "550 unknown" if channel.refuses(address) else None
        if channel.kill("after"):
            return "drop"
        return "drop" if channel.swallows(address) else None

    def collect(self) -> list[Taken]:
        """What came since the last time."""
        received, self.server.received = self.server.received, []
        return [_of_mail(message) for message in received]


def _of_mail(message: EmailMessage) -> Taken:
    body = message.get_body(("plain",))
    assert body is not None
    return _taken("email", str(message["To"]), body.get_content(), str(message["Message-ID"]))


def _taken(channel: str, address: str, text: str, message_id: str) -> Taken:
    kinds = [kind for kind, words in _TEXTS[channel].items() if words in text]
    ends = _end(text) if channel == "email" else _first_day(text)
    return Taken(Letter(address, (kinds or ["renew"])[0], ends), message_id)


def _is_day(word: str) -> bool:
    return len(word) == 10 and word[2] == word[5] == "." and word.replace(".", "").isdigit()


def _first_day(text: str) -> date:
    return next(_day(word[:10]) for word in text.split() if _is_day(word[:10]))


def _end(text: str) -> date:
    line = next(line for line in text.splitlines() if "bitiş tarihi:" in line)
    return _day(line.split()[-1])


def _day(word: str) -> date:
    return datetime.strptime(word, "%d.%m.%Y").date()  # noqa: DTZ007  (a day)


class Sms:
    """How the SMS gateway takes part."""

    def __init__(self, gateway: Loopback, channel: Channel) -> None:
        self.gateway, self.channel = gateway, channel
        gateway.answer = self._answer

    def _answer(self, said: str) -> tuple[int, bytes] | str:
        told = json.loads(said.rpartition("/send")[0])
        channel, address = self.channel, told["to"]
        if channel.kill("before"):
            return "gone"
        if channel.mode == BROKEN:
            return 500, b"down"
        if channel.refuses(address):
            return 200, b"40 no credit"
        channel.came.append(_taken("sms", address, told["text"], told["id"]))
        return "gone" if channel.kill("after") or channel.swallows(address) else (200, b"00 17")


@contextmanager
def running(folder: Path) -> Iterator[tuple[dict[str, Channel], Mail, Loopback]]:
    """Both servers, for the length of a `with` block."""
    channels = {name: Channel(name) for name in BAD_DAYS}
    gateway = Loopback()
    thread = threading.Thread(target=gateway.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        with mail_server.running(folder) as server:
            Sms(gateway, channels["sms"])
            yield channels, Mail(server, channels["email"]), gateway
    finally:
        gateway.server.shutdown()
        gateway.server.server_close()
        thread.join()
