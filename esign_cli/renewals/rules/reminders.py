"""Who is owed which reminder on which day: once for each certificate, threshold and channel.

After a gap only the nearest threshold that has passed is owed; the older ones are superseded by it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from esign_cli.foundation.people import CertificateRecord, OpenApplication
from esign_cli.foundation.standing import Standing, Verdict
from esign_cli.renewals.application.life_cycle import BEFORE_SUBMISSION
from esign_cli.renewals.rules.lifetime import SAME_CERTIFICATE_DAYS, months_before

CONFIRM = "confirm"
"""The text that asks whether the new card has come."""
TEXTS = {Verdict.ELIGIBLE: "renew", Verdict.NEEDS_UPDATE: "update"}
"""Which text each verdict calls for; nobody else is reminded."""
ALL_TEXTS = (*TEXTS.values(), CONFIRM)
_THRESHOLD = re.compile(r"([1-9][0-9]{0,2})([dwm])")
_DAYS = {"d": 1, "w": 7}


@dataclass(frozen=True, slots=True)
class Threshold:
    """So many days, weeks or calendar months before the end of a certificate."""

    code: str
    """A number and its unit: 10d, 6w, 3m."""

    def day(self, not_after: date) -> date:
        """Return the first day on which the reminder is owed."""
        number, unit = int(self.code[:-1]), self.code[-1]
        if unit == "m":
            return months_before(not_after, number)
        return not_after - timedelta(number * _DAYS[unit])


@dataclass(frozen=True, slots=True)
class SentReminder:
    """What is recorded of a reminder: "claimed", "sent", "failed" or "superseded"."""

    not_after: date
    threshold: str
    channel: str
    state: str
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder that is owed today."""

    threshold: Threshold
    not_after: date
    """The certificate's end as it was first recorded, else as it is known now."""
    superseded: tuple[Threshold, ...]
    """Older thresholds that have passed and were never recorded."""
    message_id: str = ""
    """The one that an attempt which failed, or was cut off, went out with."""


def text_of(standing: Standing) -> str:
    """Return the text for somebody to whom a reminder is owed.

    Whose card was delivered, and its certificate not seen, is asked whether it has come, and not
    told to apply.
    """
    unseen = any(reason.code == "new-certificate-not-seen" for reason in standing.reasons)
    return CONFIRM if unseen else TEXTS[standing.verdict]


def threshold(text: str) -> Threshold | None:
    """Return the threshold that is written as 10d, 6w or 3m; None for anything else."""
    return Threshold(text) if _THRESHOLD.fullmatch(text) else None


def owed(
    certificate: CertificateRecord,
    thresholds: Iterable[Threshold],
    channel: str,
    sent: Collection[SentReminder],
    today: date,
) -> DueReminder | None:
    """Return what is owed on `today` (a date in Turkey) to a holder whose verdict calls for a text.

    `sent` are the reminders of this person. A certificate whose end was known a little otherwise
    before (from a list) is the same one.
    """
    passed = _passed(certificate.not_after, thresholds, today)
    if not passed:
        return None
    mine = {one.threshold: one for one in sent if _about(one, certificate, channel)}
    *older, nearest = passed
    tried = mine.get(nearest.code)
    if tried is not None and tried.state in ("sent", "superseded"):
        return None
    begun = next(iter(mine.values()), None)
    return DueReminder(
        nearest,
        begun.not_after if begun else certificate.not_after,
        tuple(one for one in older if one.code not in mine),
        tried.message_id if tried else "",
    )


def about(not_after: date, certificate: CertificateRecord | None) -> bool:
    """Return whether a reminder of this end was of that certificate."""
    if certificate is None:
        return False
    return abs((not_after - certificate.not_after).days) <= SAME_CERTIFICATE_DAYS


def not_applied(application: OpenApplication | None) -> bool:
    """Return whether nothing was submitted: an application that was only opened is none yet."""
    return application is None or application.state in BEFORE_SUBMISSION


def near(certificate: CertificateRecord, thresholds: Iterable[Threshold], today: date) -> bool:
    """Return whether any threshold has passed while the certificate is valid."""
    return bool(_passed(certificate.not_after, thresholds, today))


def _passed(not_after: date, thresholds: Iterable[Threshold], today: date) -> Sequence[Threshold]:
    """The thresholds that have passed while the certificate is valid, the nearest last."""
    if today > not_after:
        return ()
    days = {one: one.day(not_after) for one in thresholds}
    return sorted((one for one in days if days[one] <= today), key=lambda one: days[one])


def _about(one: SentReminder, certificate: CertificateRecord, channel: str) -> bool:
    return one.channel == channel and about(one.not_after, certificate)
