"""All that CRLs and OCSP answers say of one certificate at one time, and which of it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from esign_cli.pki.crl import Answer, State, from_crl
from esign_cli.pki.ocsp import from_ocsp


def answers(
    certificate: bytes,
    issuer: bytes,
    *,
    crls: Sequence[bytes],
    ocsps: Sequence[bytes],
    at: datetime,
) -> tuple[Answer, ...]:
    """Every authentic statement on `certificate`, whose issuer's certificate is `issuer`.

    What cannot be read or does not belong to the two is passed over.
    """
    reads: list[Callable[[], Iterator[Answer]]] = [
        *(partial(from_crl, der, certificate, issuer) for der in crls),
        *(partial(from_ocsp, der, certificate, issuer, crls, at) for der in ocsps),
    ]
    return tuple(answer for read in reads for answer in _sound(read))


def _sound(read: Callable[[], Iterator[Answer]]) -> list[Answer]:
    try:
        return list(read())
    except Exception:  # noqa: BLE001  (data of strangers, read by a library: unreadable, no proof)
        return []


def judge(known: Sequence[Answer], at: datetime) -> tuple[str, Answer | None]:
    """What holds at `at`, as a code, and the statement it rests on.

    "good", "revoked", "suspended", "unknown"; or, where nothing strong and current speaks, "weak",
    "stale" or "none". A revocation is for ever: it counts from any statement, however old. Of
    current statements the newest decides.
    """
    revoked = [a for a in known if a.state is State.REVOKED and _holds(a, at)]
    if revoked:
        return "revoked", min(revoked, key=lambda a: a.revoked_at or at)
    current = [a for a in known if a.current(at)]
    strong = [a for a in current if not a.weak]
    newest = max(strong or known, key=_newest, default=None)
    if strong and newest is not None:
        return newest.state.value, newest
    return ("weak" if current else "stale" if known else "none"), newest


def _holds(revocation: Answer, at: datetime) -> bool:
    moment = revocation.revoked_at
    return moment is None or moment <= at or revocation.current(at)


def _newest(answer: Answer) -> tuple[datetime, bool]:
    return answer.this_update, answer.state is not State.GOOD


def is_crl(der: bytes) -> bool:
    """Whether these bytes are a CRL."""
    from cryptography import x509

    try:
        return bool(x509.load_der_x509_crl(der).last_update_utc)
    except (ValueError, TypeError):
        return False


def is_ocsp(der: bytes) -> bool:
    """Whether these bytes are a successful OCSP response."""
    from cryptography.x509 import ocsp

    try:
        response = ocsp.load_der_ocsp_response(der)
    except (ValueError, TypeError):
        return False
    return response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
