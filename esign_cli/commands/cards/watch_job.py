"""A pile of cards, read one after the other, and the list by which they are handed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from esign_cli.cards.tokens import Token
from esign_cli.commands.cards.check_job import CheckedCertificate, Report, document
from esign_cli.foundation import turkish
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.people import PersonFacts
from esign_cli.outputs.json_data import plain
from esign_cli.renewals import verdict
from esign_cli.renewals.rules.policy import Policy

Judge = Callable[[Token], Report]
"""Where the certificates of one card stand; raises what was wrong with it."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the roster says of a person: whether there is a record, and of which place."""

    in_roster: bool
    district: str = ""
    institution: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A card that was put in; the certificate that counts is the first, a person's newest."""

    token: Token
    again: bool
    """It was read before in this pile."""
    report: Report | None
    checked: CheckedCertificate | None
    place: Place | None
    """None: there is no roster to look in, or nobody to look for."""
    problem: EsignError | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the hand-over list."""

    district: str
    institution: str
    holder: str
    national_id: str
    token_serial: str
    issuer: str
    end: date


@dataclass(slots=True)
class CardBatch:
    """The cards read so far. `place` looks a person up, `keep` keeps whose card it was."""

    judge: Judge
    place: Callable[[str], Place | None]
    keep: Callable[[Token, CheckedCertificate], None]
    phases: Counter[str] = field(default_factory=Counter)
    """Of the cards that were read, each once, by the phase of its certificate."""
    again: int = 0
    failed: int = 0
    _entries: dict[tuple[str, ...], Entry | None] = field(default_factory=dict)
    """By the card's serial number, which some cards share, and its certificates."""

    @property
    def cards(self) -> int:
        """How many different cards were read."""
        return len(self._entries)

    def look(self, token: Token) -> Seen:
        """Return what is on the card that was put in, and whether it was here before."""
        try:
            report = self.judge(token)
        except EsignError as problem:
            self.failed += 1
            return Seen(token, False, None, None, None, problem)
        card = (token.serial, *sorted(token.people))
        again = card in self._entries
        checked = report.cards[0].certificates[0]
        national_id = checked.certificate.national_id
        place = self.place(national_id) if national_id else None
        self.again += again
        if not again:
            self.phases[checked.phase.value] += 1
            self._entries[card] = _entry(token, checked, place)
            self.keep(token, checked)
        first = report.problems[0] if report.problems else None
        return Seen(token, again, report, checked, place, first)

    def entries(self) -> list[Entry]:
        """Return the hand-over list: by district, institution and name."""
        entries: Iterable[Entry] = filter(None, self._entries.values())
        key = turkish.sort_key
        return sorted(entries, key=lambda e: (key(e.district), key(e.institution), key(e.holder)))


def place_of(facts: PersonFacts, policy: Policy, today: date) -> Place:
    """Return where a person serves, by the record that governs the renewal."""
    record = verdict.judge(facts, policy, today).record
    if record is None:
        return Place(bool(facts.records))
    return Place(True, record.district, record.institution)


def _entry(token: Token, checked: CheckedCertificate, place: Place | None) -> Entry | None:
    certificate = checked.certificate
    if not certificate.qualified_claim:
        return None  # not an e-imza: there is nothing to hand over
    return Entry(
        district=place.district if place else "",
        institution=place.institution if place else "",
        holder=certificate.holder,
        national_id=certificate.national_id,
        token_serial=token.serial,
        issuer=certificate.issuer,
        end=certificate.not_after.astimezone(ISTANBUL).date(),
    )


def watch_document(seen: Seen) -> dict[str, Any] | None:
    """Return one card as `--watch --json` prints it: check-card's document and what only a pile
    knows.
    """
    if seen.report is None:
        return None
    return {
        **document(seen.report),
        "again": seen.again,
        "roster": plain(seen.place),
    }
