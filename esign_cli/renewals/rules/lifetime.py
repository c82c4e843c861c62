"""The life of a certificate in calendar dates: its window, its phase, and which one counts."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from esign_cli.foundation import turkish
from esign_cli.foundation.standing import Phase
from esign_cli.renewals.rules.policy import Authority, Policy

if TYPE_CHECKING:
    from esign_cli.foundation.people import CertificateRecord

SAME_CERTIFICATE_DAYS = 31
"""A listed end date this near to a DER's is the same certificate's: real ones lie years apart."""
RENEWAL_PART = 2 / 3
"""A renewal ends at least this part of a certificate's life after it; less is no renewal of it."""
USUAL_LIFE_DAYS = 3 * 365
"""The life of a certificate whose beginning is not known."""
_MONTHS = 12


@lru_cache(maxsize=10_000)
def months_before(day: date, months: int) -> date:
    """Return the same day so many calendar months earlier; 3 before 31 May is 28 or 29 February."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 - months, _MONTHS)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def window(not_after: date, policy: Policy) -> tuple[date, date]:
    """Return the day from which a certificate can be renewed, and the day by which it should have
    been.
    """
    return (
        months_before(not_after, policy.opens_months_before),
        months_before(not_after, policy.deadline_months_before),
    )


def phase_of_dates(not_before: date | None, not_after: date, policy: Policy, today: date) -> Phase:
    """Return where `today` stands in the life of a certificate with these dates
    (Europe/Istanbul).
    """
    if not_before is not None and today < not_before:
        return Phase.RENEWED
    opens, deadline = window(not_after, policy)
    for last, name in ((opens - timedelta(1), Phase.NOT_DUE), (deadline, Phase.OPEN)):
        if today <= last:
            return name
    return Phase.LATE if today <= not_after else Phase.EXPIRED


def of_authority(
    certificates: Sequence[CertificateRecord], policy: Policy
) -> Sequence[CertificateRecord]:
    """Return the certificates that can be renewed here, without those known not to be qualified.

    Those of other authorities never are. Whose authority is not known count only where there is
    nothing else, so that one that was renamed silences nobody.
    """
    qualified = [c for c in certificates if c.qualified is not False]
    own = [c for c in qualified if policy.authority(c.issuer) is Authority.OWN]
    return own or [c for c in qualified if policy.authority(c.issuer) is Authority.UNKNOWN]


def newest(
    certificates: Sequence[CertificateRecord], policy: Policy, replaced_on: date | None = None
) -> CertificateRecord | None:
    """Return the certificate that counts: the latest to end of those neither unqualified nor
    revoked, nor another authority's.

    What a list says of a certificate that is known by its DER does not count, nor an end that is
    later than a DER's and yet too early for a renewal of it: unless a card was delivered meanwhile
    (`replaced_on`) for one that was lost. When nothing else is left, the latest revoked or
    suspended one.
    """
    counting = of_authority(certificates, policy)
    if len(certificates) > 1:
        counting = [c for c in counting if not said_better(c, certificates, policy, replaced_on)]
    valid = [c for c in counting if not c.revocation]
    chosen = valid or counting
    return max(chosen, key=recency) if len(chosen) > 1 else next(iter(chosen), None)


def phase(certificates: Sequence[CertificateRecord], policy: Policy, today: date) -> Phase:
    """Return the phase of the newest certificate; revoked when nothing else is valid."""
    chosen = newest(certificates, policy)
    return Phase.NONE if chosen is None else phase_of(chosen, certificates, policy, today)


def phase_of(
    chosen: CertificateRecord,
    certificates: Sequence[CertificateRecord],
    policy: Policy,
    today: date,
) -> Phase:
    """Return the phase, where the newest of the certificates is known already."""
    if chosen.revocation:
        return Phase.REVOKED
    phase = phase_of_dates(chosen.not_before, chosen.not_after, policy, today)
    if phase is Phase.EXPIRED and any(
        c.revocation and c.not_after > chosen.not_after for c in of_authority(certificates, policy)
    ):
        return Phase.REVOKED  # the newer one was taken away, the older one is over
    return phase


def said_better(
    listed: CertificateRecord,
    certificates: Iterable[CertificateRecord],
    policy: Policy,
    replaced_on: date | None = None,
) -> bool:
    """Return whether a DER stands against a list's word."""
    return listed.origin == "list" and any(
        _beats(der, listed) and not _replaces(listed, der, replaced_on)
        for der in certificates
        if policy.authority(der.issuer) is Authority.OWN
    )


def _replaces(listed: CertificateRecord, der: CertificateRecord, replaced_on: date | None) -> bool:
    """Whether a list that was made after a delivery tells the end of the new card."""
    made_after = replaced_on and listed.told_on and listed.told_on >= replaced_on
    return bool(made_after) and listed.not_after > der.not_after


def _beats(der: CertificateRecord, listed: CertificateRecord) -> bool:
    """Whether a list speaks of this certificate, or of none that could have followed it."""
    if der.origin == "list":
        return False
    if listed.serial and der.serial:
        return _serial(listed) == _serial(der)
    if der.qualified is False:
        return False  # another certificate of the same card, made on the same day
    later = (listed.not_after - der.not_after).days
    if abs(later) <= SAME_CERTIFICATE_DAYS:
        return True
    return 0 < later < least_renewal_days(der) and not der.revocation


def disagree(der: CertificateRecord, listed: CertificateRecord) -> bool:
    """Return whether a list says of a certificate that was read, or of its time, what that does not
    say.

    Not: a list's word on an earlier certificate, or on one that renewed it.
    """
    later = (listed.not_after - der.not_after).days
    if later < -SAME_CERTIFICATE_DAYS and not (listed.serial and der.serial):
        return der.qualified is not False and -later < least_renewal_days(der)
    return later != 0 and _beats(der, listed)


def least_renewal_days(der: CertificateRecord) -> float:
    """Return how many days after this certificate's end one that renews it ends at the least.

    One that was revoked may be replaced on any day; of that nothing is said here.
    """
    begins = der.not_before
    life = (der.not_after - begins).days if begins else USUAL_LIFE_DAYS
    return life * RENEWAL_PART


def _serial(certificate: CertificateRecord) -> str:
    return turkish.fold(certificate.serial).lstrip("0")


def recency(certificate: CertificateRecord) -> tuple[object, ...]:
    """Return what sorts certificates, the one that counts last; every fact tells two apart."""
    c = certificate
    begins = c.not_before or date.min
    first = (c.not_after, c.origin != "list", begins, c.sha256, c.serial, str(c.source), c.holder)
    last = (c.issuer, c.revocation, str(c.revoked_on), str(c.told_on), str(c.origin))
    return (*first, str(c.qualified), *last)


def served_since(certificate: CertificateRecord, policy: Policy, today: date) -> date:
    """Return the day from which assignments matter: the one on which the certificate in use began.

    Where only its end is known, that and the usual validity tell it; a certificate that is still to
    begin follows one that began as long before it.
    """
    validity = policy.validity_years * _MONTHS
    begins = certificate.not_before or months_before(certificate.not_after, validity)
    return begins if begins <= today else months_before(begins, validity)
