"""The start page: at most twelve lines, or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from esign_cli.cli.console import Console
from esign_cli.commands.start.job import StartRequest
from esign_cli.commands.text.last_doctor import LastDoctor
from esign_cli.foundation import turkish
from esign_cli.foundation.dates import ISTANBUL, day
from esign_cli.foundation.i18n import N_, _, number
from esign_cli.store import backups
from esign_cli.store.overview import Glance
from esign_cli.wording.labels import DOCTOR_LEVELS

MOST_STEPS = 3
_STEPS: tuple[tuple[str, str, str], ...] = (
    ("bare", "esign setup", N_("set esign up, question by question")),
    ("bare", "esign demo", N_("try it on made-up people first")),
    ("unknown", "esign import personel.xlsx", N_("load a MEBBİS workbook")),
    ("unheld", "esign import sertifikalar.xlsx", N_("load the end dates of certificates")),
    ("error", "esign doctor", N_("what does not hold")),
    ("late", "esign report --call-list aranacaklar.xlsx", N_("whom to ring")),
    ("waiting", "esign applications", N_("applications that wait")),
    ("overdue", "esign applications list --overdue", N_("cards that should have come")),
    ("roster-old", "esign import personel.xlsx", N_("load a MEBBİS workbook of today")),
    ("eligible", "esign eligible", N_("who may renew")),
    (
        "needs-update",
        N_("esign eligible --verdict needs-update"),
        N_("whose record is corrected first"),
    ),
    ("backup-old", "esign backup", N_("make a backup")),
    ("any", "esign check-card", N_("read the card in the reader")),
)
"""What calls for a command, the most urgent first."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown."""

    request: StartRequest
    glance: Glance
    doctor: LastDoctor | None
    roster_old_days: int
    set_up: bool
    """Whether the settings name a province."""
    server: str = ""
    """The address of the database; "": it is a file."""

    def count(self, name: str) -> int:
        """Return a number; 0 where nothing was counted."""
        numbers = self.glance.numbers
        return int(numbers.counts.get(name) or 0) if numbers else 0

    @property
    def roster_days(self) -> int | None:
        """How many days old the newest roster is."""
        numbers = self.glance.numbers
        as_of = numbers.counts.get("roster") if numbers else None
        return (self.request.on - datetime.fromisoformat(as_of).date()).days if as_of else None

    @property
    def empty(self) -> bool:
        """Whether nobody is known."""
        return not (self.count("people") or self.count("certificates"))

    @property
    def bare(self) -> bool:
        """Whether nothing is set up, and nobody known."""
        return self.empty and not self.set_up

    def calls(self) -> Iterator[str]:
        """Yield what calls for something to be done."""
        backup, days = self.glance.backup, self.roster_days
        if self.empty:
            yield "unknown" if self.set_up else "bare"
            return
        yield "any"
        if not self.count("certificates"):
            yield "unheld"
        if days is None or days > self.roster_old_days:
            yield "roster-old"
        if not self.server and (backup is None or self.request.now - backup > backups.OLD):
            yield "backup-old"
        if self.doctor and self.doctor.level == "error":
            yield "error"
        names = ("late", "waiting", "overdue", "eligible", "needs-update")
        yield from (name for name in names if self.count(name))


def counting(console: Console) -> None:
    """Say that it takes a moment."""
    if console.interactive:
        console.say(_("Counting …"))


def show(console: Console, page: Page) -> None:
    """Show the page; while nothing is set up, what sets it up."""
    if page.bare:
        console.out(_("esign is not set up yet."))
    else:
        for line in (_heading(page), *_numbers(page), *_machine(page)):
            console.out(line)
    for command, brief in steps(page):
        console.out(f"  {_(command):<42}  {_(brief)}")


def steps(page: Page) -> list[tuple[str, str]]:
    """Return the next commands, each with what it is for, and the list of all."""
    calls = set(page.calls())
    wanted = [(command, brief) for code, command, brief in _STEPS if code in calls]
    return [*wanted[:MOST_STEPS], ("esign --help", N_("all commands"))]


def _heading(page: Page) -> str:
    province = page.request.province
    place = turkish.province_name(province) if province != "all" else _("All provinces")
    return " · ".join(filter(None, ("esign", place, page.request.district, day(page.request.on))))


def _numbers(page: Page) -> Iterator[str]:
    if page.empty:
        yield _("Nobody is known yet.")
        return

    def count(name: str) -> str:
        return number(page.count(name))

    days = page.roster_days
    yield (
        _("There is no MEBBİS export yet.")
        if days is None
        else _("MEBBİS export is {days} days old.").format(days=number(days))
    )
    yield _(
        "Certificates that end in 7 days: {week} · 30 days: {month} · 90 days: {quarter}"
    ).format(week=count("due-7"), month=count("due-30"), quarter=count("due-90"))
    yield _("Past the last day to apply: {late} · MEBBİS record needs updating: {update}").format(
        late=count("late"), update=count("needs-update")
    )
    yield _(
        "Applications to approve: {waiting} · cards expected: {expected} (overdue: {late})"
    ).format(waiting=count("waiting"), expected=count("expected"), late=count("overdue"))
    numbers = page.glance.numbers
    if numbers and not numbers.current:
        at = numbers.at.astimezone(ISTANBUL)
        yield _("As of {time}; changes since then are counted within 10 minutes.").format(
            time=f"{at:%H:%M}"
        )


def _machine(page: Page) -> Iterator[str]:
    """The last runs of what keeps the data and the people safe."""
    yield " · ".join(
        (
            _("Last reminders: {when}").format(when=_when(page.glance.reminded, page)),
            _("database: {address}").format(address=page.server)
            if page.server
            else _("last backup: {when}").format(when=_when(page.glance.backup, page)),
        )
    )
    if page.doctor is None:
        yield _("This computer was not looked at yet (esign doctor).")
    else:
        yield _("esign doctor, {when}: {level} · {line}").format(
            when=_when(page.doctor.at, page),
            level=_(DOCTOR_LEVELS[page.doctor.level]),
            line=page.doctor.line,
        )


def _when(at: datetime | None, page: Page) -> str:
    if at is None:
        return _("never")
    on = at.astimezone(ISTANBUL).date()
    days = (page.request.on - on).days
    if days <= 0:
        return _("today")
    return _("{day} (days ago: {days})").format(day=day(on), days=number(days))


def data(page: Page) -> dict[str, Any]:
    """Return the page for programs; what is not known is null."""
    from esign_cli.outputs.json_data import pick

    numbers = page.glance.numbers
    counts = dict(numbers.counts) if numbers else {}
    counts.pop("seconds", None)
    return {
        "on": page.request.on.isoformat(),
        "province": page.request.province,
        "district": page.request.district or None,
        "roster_as_of": counts.pop("roster", None),
        "counts": counts or None,
        "counted": numbers and pick(numbers, "on at current"),
        **pick(page.glance, "reminded backup"),
        "doctor": page.doctor and pick(page.doctor, "at level line"),
        "next": [command for command, _brief in steps(page)],
    }
