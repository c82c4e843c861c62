"""Who of those judged is asked for: by a reason, by a day to come, by title, by their cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from esign_cli.foundation.people import DutyClass
from esign_cli.foundation.standing import Standing
from esign_cli.foundation.turkish import fold


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody has to answer to; by default everybody does. Days count from the day judged."""

    reasons: frozenset[str] = frozenset()
    """Codes of reasons or warnings, of which one is enough."""
    last_day_within: int | None = None
    ends_within: int | None = None
    assignment_ends_within: int | None = None
    title: str = ""
    """A part of it, in any spelling."""
    two_certificates: bool = False

    def takes(self, one: Standing, on: date) -> bool:
        """Return whether somebody answers to all of it."""
        runs = one.days_left is not None  # a card that was lost or revoked ends no more
        end = one.certificate.not_after if one.certificate and runs else None
        record = one.record
        assigned = record if record and record.duty_class is DutyClass.ASSIGNMENT else None
        return (
            (not self.reasons or any(reason.code in self.reasons for reason in one.reasons))
            and (
                _within(one.deadline, on, self.last_day_within)
                or _within(one.working_day, on, self.last_day_within)
            )
            and _within(end, on, self.ends_within)
            and _within(assigned.end if assigned else None, on, self.assignment_ends_within)
            and any(fold(self.title) in fold(title) for title in _titles(one))
            and (not self.two_certificates or len(valid_ends(one, on)) > 1)
        )


def _within(day: date | None, on: date, days: int | None) -> bool:
    return days is None or (day is not None and on <= day <= on + timedelta(days))


def _titles(one: Standing) -> list[str]:
    return [record.title for record in one.facts.records] or [""]


def valid_ends(one: Standing, on: date) -> set[date]:
    """Return the ends of certificates that hold; a list's beside its card is one end."""
    known = one.facts.certificates
    return {c.not_after for c in known if not c.revocation and c.not_after >= on}
