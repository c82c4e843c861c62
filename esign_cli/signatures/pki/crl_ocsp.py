"""All that CRLs and OCSP answers say of one certificate at one time, and which of it holds."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from esign_cli.foundation.errors import EsignError
from esign_cli.signatures import certificate as certificates
from esign_cli.signatures.pki.crl import (
    CLOCK_SKEW,
    Answer,
    Freshness,
    RevocationData,
    State,
    from_crl,
    unused,
)
from esign_cli.signatures.pki.ocsp import from_ocsp

ANY = Freshness()
"""Nothing is asked beyond the general rule."""


def answers(
    certificate: bytes,
    issuer: bytes,
    data: Sequence[RevocationData],
    *,
    until: datetime | None = None,
) -> tuple[Answer, ...]:
    """Return every authentic statement on `certificate`, whose issuer's certificate is
    `issuer`.

    What cannot be read or does not belong to the two is passed over. After `until` (its own end, or
    its revocation) the issuer's key vouches for nothing: a statement that is only proven to have
    existed later counts if it tells of a revocation.
    """
    crls = [datum.der for datum in data if datum.source == "crl"]
    collected: list[Answer] = []
    for datum in data:
        read: Callable[[], Iterator[Answer]] = (
            partial(from_crl, datum.der, certificate, issuer, crls)
            if datum.source == "crl"
            else partial(from_ocsp, datum.der, certificate, issuer, crls, datum.held)
        )
        late = until is not None and datum.held > until
        collected += [
            replace(answer, held=datum.held, embedded=datum.embedded, late=late)
            for answer in _sound(read)
            if not late or answer.state is State.REVOKED
        ]
    return tuple(collected)


_OTHER_KEY = "other-key"


def unused_crls(
    certificate: bytes, issuers: Sequence[bytes], data: Sequence[RevocationData]
) -> Iterator[tuple[RevocationData, str]]:
    """Yield each CRL that was given for this certificate and says nothing, with the reason.

    `issuers` are the certificates of its issuer, which may have more than one key.
    """
    crls = [datum.der for datum in data if datum.source == "crl"]
    for datum in data:
        if datum.source == "crl" and not datum.embedded:
            with suppress(ValueError, TypeError, EsignError):
                reasons = [unused(datum.der, certificate, issuer, crls) for issuer in issuers]
                if all(reasons):
                    yield datum, min(reasons, key=_OTHER_KEY.__eq__)


def _sound(read: Callable[[], Iterator[Answer]]) -> list[Answer]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library's remarks on strangers' names
            return list(read())
    except Exception:  # noqa: BLE001  (data of strangers, read by a library: unreadable, no proof)
        return []


def validate(
    known: Sequence[Answer],
    at: datetime,
    *,
    today: datetime | None = None,
    ended: datetime | None = None,
    authority: bool = False,
    freshness: Freshness = ANY,
) -> tuple[str, Answer | None]:
    """Return what holds for `at`, as a code, and the statement it rests on.

    `at` is the proven time, `today` (by default the same) the time of validation. "good",
    "revoked-after" (and not before), "revoked", "suspended", "unknown"; or, where nothing strong
    and fresh speaks, "preliminary" (good so far, but `freshness.since` has not come), "not-fresh",
    "weak", "stale" or "none". A revocation is for ever: it counts from any statement, however old.
    Of fresh statements the newest decides.

    A statement is fresh that was current when it is proven to have existed, or that was issued
    after the proven time and before the certificate `ended` (ended ones are left out of CRLs); of
    an `authority`, also one that was current at the proven time. Where none is, those decide that
    came with the signature and speak for `freshness.inside_for`, with what newer ones say against.
    """
    today = today or at
    revoked = [a for a in known if a.state is State.REVOKED and _holds(a, at, today)]
    if revoked:
        return "revoked", min(revoked, key=lambda a: a.revoked_at or at)
    held = freshness.held_counts
    fresh = [
        a
        for a in known
        if _fresh(a, at, today, ended, held=held) or (authority and not a.late and a.current(at))
    ]
    fresh = fresh or _inside(known, ended, freshness.inside_for)
    strong = [a for a in fresh if not a.weak]
    wanted = [a for a in strong if _wanted(a, freshness)]
    newest = max(wanted or strong or known, key=_newest, default=None)
    if newest is None or not strong:
        return ("weak" if fresh else "stale" if known else "none"), newest
    code = _state(newest, at, today)
    if wanted or code in ("suspended", "unknown"):
        return code, newest
    waiting = freshness.since is not None and today < freshness.since
    return ("preliminary" if waiting else "not-fresh"), newest


def _inside(
    known: Sequence[Answer], ended: datetime | None, stamped: datetime | None
) -> list[Answer]:
    """What came with the signature and was issued after the time stamp, or was current then.

    Beside it all that says otherwise, however old: it is taken where it is newer.
    """
    if stamped is None:
        return []
    inside = [
        a
        for a in known
        if a.embedded
        and not a.late
        and (ended is None or a.this_update <= ended)
        and (stamped <= a.this_update or a.current(stamped))
    ]
    against = [a for a in known if a.state is not State.GOOD and a not in inside]
    return [*inside, *against] if inside else []


def speaks_for(
    certificate: bytes, issuer: bytes, data: Sequence[RevocationData], at: datetime
) -> bool:
    """Return whether one of these, current or not, says that the certificate was in order
    at `at`.

    It was issued later, before the certificate's end, or was current then.
    """
    ended = certificates.parse(certificate).not_after
    return any(
        not answer.weak
        and (answer.state is State.GOOD or (answer.revoked_at or at) > at)
        and (at <= answer.this_update <= ended or answer.current(at))
        for answer in answers(certificate, issuer, data)
    )


def _holds(revocation: Answer, at: datetime, today: datetime) -> bool:
    moment = revocation.revoked_at
    return moment is None or moment <= at or (at == today and revocation.current(at))


def _fresh(
    answer: Answer, at: datetime, today: datetime, ended: datetime | None, *, held: bool
) -> bool:
    if answer.late or answer.this_update > today + CLOCK_SKEW:
        return False
    if ended is not None and answer.this_update > ended:
        return False
    when = (answer.held if held else None) or today
    return answer.current(when) or (at < today and at <= answer.this_update)


def _wanted(answer: Answer, freshness: Freshness) -> bool:
    told_by_another = freshness.source and answer.source != freshness.source
    return not told_by_another and (
        freshness.since is None or answer.this_update >= freshness.since
    )


def _state(answer: Answer, at: datetime, today: datetime) -> str:
    """What the newest statement says of `at`."""
    listed = answer.state in (State.REVOKED, State.SUSPENDED)
    if listed and at < today and answer.revoked_at is not None and answer.revoked_at > at:
        return "revoked-after"
    return answer.state.value


def _newest(answer: Answer) -> tuple[datetime, bool]:
    return answer.this_update, answer.state is not State.GOOD


def is_crl(der: bytes) -> bool:
    """Return whether these bytes are a CRL."""
    from cryptography import x509

    try:
        return bool(x509.load_der_x509_crl(der).last_update_utc)
    except (ValueError, TypeError):
        return False


def is_ocsp(der: bytes) -> bool:
    """Return whether these bytes are a successful OCSP response."""
    from cryptography.x509 import ocsp

    try:
        response = ocsp.load_der_ocsp_response(der)
    except (ValueError, TypeError):
        return False
    return response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
