"""The days of the made-up year: files, applications, reminders, bad servers and kills."""

from __future__ import annotations

import csv
import os
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from esign_cli.cli import settings
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors.renewals import ApprovalRefused
from esign_cli.foundation.exit_codes import DONE, PARTLY
from tests.support.mail_server import PASSWORD
from tests.year import servers
from tests.year.clocked import Clocked, Ran
from tests.year.oracle import CHANNELS, Oracle, Owed
from tests.year.people import Dice, Somebody, everybody
from tests.year.servers import Channel, Taken

MONDAY = 0
BAD_DAY, KILL = 0.12, 0.12
"""How likely a bad day of a server is, and the kill of a command."""
LONGEST = 0.35
"""Seconds after the start of a command within which a kill at any moment falls."""


class Wrong(AssertionError):
    """esign did otherwise than the oracle says."""


@dataclass
class Figures:
    """What a run came to."""

    days: int = 0
    commands: int = 0
    kills: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    """By channel, text and threshold."""
    again: int = 0
    """Messages that came a second time, with the same name, after a kill or without an answer."""
    bad_days: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    """Approvals that the rules refused, as they had to."""

    def __str__(self) -> str:
        by_channel: Counter[str] = Counter()
        for (channel, *_), count in ((name.split(), n) for name, n in self.sent.items()):
            by_channel[channel] += count
        lines = [
            f"{self.days} days, {self.commands} commands, {self.kills} kills",
            "reminders: " + ", ".join(f"{n} by {name}" for name, n in sorted(by_channel.items())),
            *(f"  {name}: {count}" for name, count in sorted(self.sent.items())),
            f"came again with the same name: {self.again}",
            "bad days: " + ", ".join(f"{name}: {n}" for name, n in sorted(self.bad_days.items())),
            f"approvals refused by the rules: {self.refused}",
        ]
        return "\n".join(lines)


class Year:
    """A made-up year in a folder of its own; each day is checked when it ends."""

    def __init__(self, folder: Path, people: int, first: date, days: int, seed: int) -> None:
        self.people = everybody(people, first, days, seed)
        self.by_id = {one.national_id: one for one in self.people}
        self.first = first
        self.dice = Dice(seed + 1)
        self.oracle = Oracle()
        self.figures = Figures()
        self._folder = folder
        self._config = folder / "config" / "esign" / "config.toml"
        self._names: dict[tuple[str, str, str], str] = {}
        """The Message-ID of each reminder, by national id, channel and threshold."""
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._folder.mkdir(exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "ESIGN_LANG": "en",
            "ESIGN_SMTP_PASSWORD": PASSWORD,
            **{f"XDG_{name}_HOME": str(self._folder / name.lower())
               for name in ("CONFIG", "DATA", "STATE")},
        }  # fmt: skip
        self.channels, self._mail, self._gateway = self._stack.enter_context(
            servers.running(self._folder)
        )
        self._set(**{"province": "72", "sms.allow_private": "true"})
        self._set(**self._mail.server.settings(**{"smtp.timeout": "30"}))  # nothing hangs
        self._set(
            **{
                "sms.body": '{"to": "{mobile}", "text": "{text}", "id": "{id}"}',
                "sms.success_text": "^00 ",
            }
        )
        self._esign = Clocked(environment, self._folder / "log.txt")
        self._stack.callback(self._esign.close)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    # --- a day ------------------------------------------------------------------------------------

    def day(self, today: date) -> None:
        """Live through a day; raises Wrong."""
        if today == self.first or today.weekday() == MONDAY:
            self._rosters(today)
        if today == self.first or today.day == 1:
            self._certificates(today)
        for one in self.people:
            self._application(one, today)
        for name in CHANNELS:
            self._remind(name, today)
        if today.weekday() == MONDAY:
            self._expect(self._run(("--json",), today, 18), DONE)
        self.figures.days += 1

    def _rosters(self, day: date) -> None:
        there = [one for one in self.people if one.joins <= day < one.vanishes]
        posts, assignments = self._folder / "personel.csv", self._folder / "gorevlendirme.csv"
        _write(posts, day, _POSTS, (_post(one, day) for one in there))
        _write(
            assignments, day, _ASSIGNMENTS, (row for one in there for row in _assignment(one, day))
        )
        self._import(day, posts, assignments, "--full", "--yes")
        self.oracle.rosters(self.people, day)

    def _certificates(self, day: date) -> None:
        path = self._folder / "sertifika.csv"
        rows = ([one.national_id, f"{one.listed_end(day):%d.%m.%Y}"] for one in self.people)
        _write(path, day, ["T.C. Kimlik No", "Sertifika Bitiş Tarihi"], rows)
        self._import(day, path)
        self.oracle.certificates(self.people, day)

    def _import(self, day: date, *words: str | Path) -> None:
        self._expect(self._command(("import", *map(str, words)), day, 7), DONE)

    def _application(self, one: Somebody, day: date) -> None:
        plan, who = one.application, one.national_id
        if day == plan.applies:
            self._step(who, "add", "submitted", day)
        elif day == plan.cancels:
            self._step(who, "cancel", "", day, "--note", "vazgeçti")
        elif day == plan.delivered:
            self._step(who, "deliver", "delivered", day)
        if day == plan.approved:
            self._approve(who, day)

    def _approve(self, who: str, day: date) -> None:
        right = self.oracle.eligible(who, day)
        words = ("applications", "approve", who, "--yes")
        ran = self._command(words, day, 8)
        if not right:
            self._expect(ran, ApprovalRefused.exit_status)
            self.figures.refused += 1
            ran = self._command((*words, "--override", "ekranda görüldü"), day, 8)
        self._expect(ran, DONE)
        self.oracle.step(who, "approved", day)

    def _step(self, who: str, step: str, state: str, day: date, *words: str) -> None:
        ran = self._command(("applications", step, who, "--yes", *words), day, 8)
        self._expect(ran, DONE)
        self.oracle.step(who, state, day)

    # --- reminders --------------------------------------------------------------------------------

    def _remind(self, name: str, day: date) -> None:
        channel = self.channels[name]
        bad = self.dice.random() < BAD_DAY
        channel.new_day(self.dice.choice(servers.BAD_DAYS[name]) if bad else servers.UP)
        self._reach(name, channel.mode)
        owed = self.oracle.owed(name, day)
        words = ("remind", "--channel", name, "--yes", "--patience", "0")
        kills = self._killed(channel, words, day, len(owed))
        ran = self._command(words, day, 9, kill=False)
        self._mail.channel.came += self._mail.collect()
        unsent = bool(channel.refused or channel.swallowed)
        if channel.mode == servers.UP or (channel.mode not in servers.TAKES_NOTHING and not unsent):
            self._expect(ran, DONE)
        elif unsent:
            self._expect(ran, PARTLY)
        elif owed and ran.code == DONE:
            raise Wrong(f"{day}: nothing could be sent by {name}, and the exit code is 0")
        if bad:
            self.figures.bad_days[f"{name} {channel.mode}"] += 1
        self._check(day, channel, owed, kills)

    def _killed(self, channel: Channel, words: Sequence[str], day: date, owed: int) -> int:
        """Perhaps run it and kill it; gives how many were killed."""
        if self.dice.random() > KILL:
            return 0
        stage, number = self.dice.choice(("before", "after")), self.dice.randint(1, max(1, owed))
        left = [number]

        def at(now: str) -> bool:
            if now != stage:
                return False
            left[0] -= 1
            if left[0] == 0:
                self._esign.kill()
            return left[0] == 0

        if self.dice.random() < 0.6 and owed:
            channel.kill = at
            ran = self._run(words, day, 9)
            channel.kill = lambda _stage: False
        else:
            ran = self._run(words, day, 9, self._kill_soon)
        self.figures.kills += ran.code < 0
        return int(ran.code < 0)

    def _reach(self, name: str, mode: str) -> None:
        """Let the settings lead to the server, or to where there is none."""
        port = _closed_port() if mode == servers.UNREACHABLE else 0
        if name == "email":
            self._set(**{"smtp.port": str(port or self._mail.server.port)})
        else:
            url = f"http://127.0.0.1:{port}" if port else self._gateway.url
            self._set(**{"sms.url": f"{url}/send"})

    def _check(self, day: date, channel: Channel, owed: list[Owed], kills: int) -> None:
        """Compare what came with what had to; note it as sent."""
        nothing = channel.mode in servers.TAKES_NOTHING
        wanted = [] if nothing else [o for o in owed if o.letter.address != channel.refused]
        once = dict.fromkeys(channel.came)
        again = len(channel.came) - len(once)
        if sorted(one.letter for one in once) != sorted(one.letter for one in wanted):
            raise Wrong(_difference(day, channel, wanted, list(once)))
        # one taken without an answer before a kill is not known of, so it comes again
        unknown = int(bool(kills and channel.swallowed))
        if again > kills + unknown:
            raise Wrong(f"{day}: {again} messages came twice by {channel.name}, {kills} kills")
        self.figures.again += again
        names = {one.letter: one.message_id for one in once}
        for one in owed:
            if one.letter in names:
                self._note_name(one, names[one.letter], day)
            if channel.mode == servers.UNREACHABLE:
                continue
            swallowed = one.letter.address == channel.swallowed
            failed = one not in wanted or swallowed
            self.oracle.gone_out(one, "failed" if failed else "sent")
            if not failed:
                self.figures.sent[f"{channel.name} {one.letter.text} {one.threshold}"] += 1

    def _note_name(self, one: Owed, message_id: str, day: date) -> None:
        """One reminder has one name, whenever it comes; no two have the same."""
        key = (one.who, one.channel, one.threshold)
        if key in self._names:
            self.figures.again += 1
        if self._names.setdefault(key, message_id) != message_id:
            raise Wrong(f"{day}: {key} came under another name")

    def check_record(self) -> None:
        """Compare what esign has recorded of each threshold with the oracle; raises Wrong."""
        db = sqlite3.connect(self._folder / "data" / "esign" / "esign.db")
        rows = db.execute("SELECT national_id, channel, threshold, state FROM reminder").fetchall()
        db.close()
        recorded = {(who, channel, threshold): state for who, channel, threshold, state in rows}
        wanted = {
            (who, channel, threshold): state
            for (who, channel), mine in self.oracle.done.items()
            for threshold, state in mine.items()
        }
        if len(rows) != len(recorded) or recorded != wanted:
            wrong = sorted(set(recorded.items()) ^ set(wanted.items()))
            raise Wrong(f"recorded otherwise: {wrong[:10]}")
        if len(set(self._names.values())) != len(self._names):
            raise Wrong("two reminders had one name")

    # --- commands ---------------------------------------------------------------------------------

    def _command(self, words: Sequence[str], day: date, hour: int, *, kill: bool = True) -> Ran:
        """Run a command to its end, perhaps after one that was killed."""
        if kill and self.dice.random() < KILL:
            ran = self._run(words, day, hour, self._kill_soon)
            self.figures.kills += ran.code < 0
        return self._run(words, day, hour)

    def _run(
        self, words: Sequence[str], day: date, hour: int, then: Callable[[], None] | None = None
    ) -> Ran:
        now = datetime(day.year, day.month, day.day, hour, tzinfo=ISTANBUL)
        self.figures.commands += 1
        ran = self._esign.run(words, now, then)
        if "Traceback" in ran.output or "fault in esign" in ran.output:
            raise Wrong(f"{day}: esign {' '.join(words)}\n{ran.output}")
        return ran

    def _kill_soon(self) -> None:
        time.sleep(self.dice.random() * LONGEST)
        self._esign.kill()

    def _expect(self, ran: Ran, code: int) -> None:
        if ran.code != code:
            raise Wrong(f"exit code {ran.code} and not {code}:\n{ran.output}")

    def _set(self, **values: str) -> None:
        for key, value in values.items():
            settings.set_value(self._config, key, value)


def _difference(day: date, channel: Channel, wanted: list[Owed], came: list[Taken]) -> str:
    """What came that had not to, and what did not."""
    letters = Counter(one.letter for one in came)
    missing = [one for one in wanted if not letters[one.letter]]
    known = Counter(one.letter for one in wanted)
    more = [one for one in came if not known[one.letter]]
    return f"{day}, {channel.name}, {channel.mode}: missing {missing}, beyond what is owed {more}"


# --- files ---------------------------------------------------------------------------------------

_POSTS = ["T.C. Kimlik No", "Adı", "Soyadı", "Kurum Kodu", "Kurum Adı", "İl", "İlçe", "Ünvanı",
          "Görev Durumu", "E-Posta", "Cep Telefonu"]  # fmt: skip
_ASSIGNMENTS = ["T.C. Kimlik No", "Adı", "Soyadı", "Görevlendirildiği Kurum Kodu",
                "Görevlendirildiği Kurum", "İl", "İlçe", "Görevi", "Görevlendirme Başlangıç",
                "Görevlendirme Bitiş"]  # fmt: skip


def _write(path: Path, day: date, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """An export of that day, which its title names."""
    title = [f"Rapor Tarihi: {day:%d.%m.%Y}"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([title, head, *rows])


def _post(one: Somebody, day: date) -> list[str]:
    school = one.number % 9
    known = one.address_from <= day
    return [one.national_id, *one.name.split(), f"72{school:04}", f"OKUL {school}", "BATMAN",
            "MERKEZ", "Öğretmen", "Emekli" if one.retires <= day else "Görevde",
            one.email if known else "", one.phone if known else ""]  # fmt: skip


def _assignment(one: Somebody, day: date) -> Iterable[list[str]]:
    end = one.assignment_end(day)
    if end is not None and one.retires > day:
        start = one.assigned_to - timedelta(500) if one.assigned_to else day
        yield [one.national_id, *one.name.split(), "720100", "MÜDÜRLÜK OKULU", "BATMAN", "KOZLUK",
               "Müdür", f"{start:%d.%m.%Y}", f"{end:%d.%m.%Y}"]  # fmt: skip


def _closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
