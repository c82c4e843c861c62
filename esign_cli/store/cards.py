"""What was read from cards: their certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.verdict import SAME_CERTIFICATE_DAYS
from esign_cli.store import applications
from esign_cli.store.connection import concerns
from esign_cli.store.database import Store

_SAVE = """
INSERT INTO certificate (
    national_id, origin, sha256, serial, holder, issuer, not_before, not_after, qualified, der,
    seen_at
) VALUES (
    :national_id, :origin, :sha256, :serial, :holder, :issuer, :not_before, :not_after, :qualified,
    :der, :seen_at
)
ON CONFLICT (sha256) WHERE sha256 <> '' DO UPDATE SET seen_at = excluded.seen_at
"""
_LISTED = """
SELECT not_after FROM certificate
WHERE national_id = ? AND origin = 'list' AND not_after <> ? AND not_after BETWEEN ? AND ?
ORDER BY id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a certificate did."""

    new: bool
    listed: date | None
    """The end that an imported list gives for it, where that is another day."""


def save_certificate(
    store: Store,
    certificate: Certificate,
    origin: str,
    now: datetime,
    policy: Policy = applications.SEED,
) -> Saved:
    """Keep a certificate for the person it names; `origin` is "card" or "file".

    The same one again changes nothing but when it was last seen.
    """
    begin, end = (_day(t) for t in (certificate.not_before, certificate.not_after))
    row = {
        "national_id": certificate.national_id,
        "origin": origin,
        "sha256": certificate.sha256,
        "serial": certificate.serial,
        "holder": certificate.holder,
        "issuer": certificate.issuer,
        "not_before": begin,
        "not_after": end,
        "qualified": certificate.qualified_claim,
        "der": certificate.der,
        "seen_at": now.isoformat(timespec="seconds"),
    }
    with store.writing() as db:
        concerns(db, (certificate.national_id,) if certificate.national_id else ())
        known = db.execute(
            "SELECT 1 FROM certificate WHERE sha256 = ?", (certificate.sha256,)
        ).fetchone()
        db.execute(_SAVE, row)
        applications.notice(db, now, [certificate.national_id], policy)
        near = (certificate.national_id, end, *_about(date.fromisoformat(end)))
        listed = db.execute(_LISTED, near).fetchone()
    return Saved(known is None, date.fromisoformat(listed[0]) if listed else None)


def _about(end: date) -> tuple[str, str]:
    """The first and the last day that a list may give for the same certificate."""
    some = timedelta(SAME_CERTIFICATE_DAYS)
    return (end - some).isoformat(), (end + some).isoformat()


def _day(instant: datetime) -> str:
    return instant.astimezone(ISTANBUL).date().isoformat()
