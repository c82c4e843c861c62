"""What a CRL says of one certificate (RFC 5280 6.3), and the nouns that OCSP shares with it.

A CRL counts when the certificate's own issuer signed it: no indirect one, none of some reasons
only. A delta CRL counts with a complete one that it builds upon (5.2.4), and alone where it lists
the certificate as revoked. Malformed data raise whatever the library raises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from esign_cli.signatures.pki import algorithms, asn1, crl_scope, keys, tbs

if TYPE_CHECKING:
    from cryptography import x509

NO_NEXT_UPDATE = timedelta(minutes=30)
"""How long an OCSP answer holds that does not say until when (RFC 6960 4.2.2.1 leaves it open)."""

CLOCK_SKEW = timedelta(seconds=300)
"""By how much a CA's clock may be ahead of the one that the validation time comes from."""


class State(StrEnum):
    """What is said of a certificate."""

    GOOD = "good"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RevocationData:
    """A CRL or an OCSP response in DER."""

    source: str
    """"crl" or "ocsp"."""
    der: bytes
    held: datetime
    """When it is proven to have existed, at the latest."""
    embedded: bool = False
    """It came with the signature: the signer, or anybody, chose it."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What a signature's profile asks of the data on the signer's own certificate."""

    source: str = ""
    """"crl" or "ocsp": only such data count; empty: both."""
    since: datetime | None = None
    """The earliest thisUpdate; None: as the general rule has it."""
    held_counts: bool = True
    """Whether data count that were current when they are proven to have existed; else only those
    that are current at the validation time, or were issued after the proven time."""
    inside_for: datetime | None = None
    """The time of a time stamp, for which data decide that came with the signature, where nothing
    newer speaks; None: there is none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One authentic statement on one certificate; times in UTC."""

    source: str
    """"crl" or "ocsp"."""
    state: State
    this_update: datetime
    next_update: datetime | None
    weak: bool
    """Signed with SHA-1 or the like: it proves nothing good."""
    revoked_at: datetime | None = None
    reason: str = ""
    held: datetime | None = None
    """When the datum is proven to have existed; None: only now."""
    embedded: bool = False
    late: bool = False
    """Only proven to have existed when its issuer's key no longer vouched for anything."""

    def current(self, at: datetime) -> bool:
        """Return whether it speaks for the time `at`."""
        return self.this_update - CLOCK_SKEW <= at <= self.until

    @property
    def until(self) -> datetime:
        """The last moment that it speaks for; a CRL without an end speaks for none."""
        if self.next_update is not None:
            return self.next_update
        if self.source == "ocsp":
            return self.this_update + NO_NEXT_UPDATE
        return self.this_update - 2 * CLOCK_SKEW


def signed_by(issuer_key: bytes, algorithm: bytes, signature: bytes, message: bytes) -> bool | None:
    """Return whether the key signed the message; None: it did, with an algorithm that is
    too weak.
    """
    scheme = algorithms.scheme(algorithms.algorithm(asn1.read(algorithm)), "")
    if scheme is None or not keys.verifies(issuer_key, scheme, signature, message):
        return False
    return True if scheme.strong and keys.strong(issuer_key) else None


def from_crl(
    der: bytes, certificate: bytes, issuer: bytes, others: Sequence[bytes] = ()
) -> Iterator[Answer]:
    """Yield what the CRL says, if it is the issuer's and takes the certificate in.

    `others` are CRLs among which a delta CRL finds what it builds upon.
    """
    from cryptography import x509

    if not _is_issuers(der, certificate) or refusal(der, certificate, issuer):
        return
    crl, subject = _load(der), x509.load_der_x509_certificate(certificate)
    entry = crl.get_revoked_certificate_by_serial_number(subject.serial_number)
    if _base_number(crl) is not None and state_of(entry is not None, _said(entry)) is State.GOOD:
        complete = _complete(crl, certificate, issuer, others)
        if complete is None:
            return
        entry = entry or complete.get_revoked_certificate_by_serial_number(subject.serial_number)
    reason = _said(entry)
    yield Answer(
        source="crl",
        state=state_of(entry is not None, reason),
        this_update=crl.last_update_utc,
        next_update=crl.next_update_utc,
        weak=_signed_by(der, tbs.read(issuer).key_info) is None,
        revoked_at=entry.revocation_date_utc if entry is not None else None,
        reason=reason,
    )


def refusal(der: bytes, certificate: bytes, issuer: bytes) -> str:
    """Return why a CRL in the issuer's name is not counted; empty if it is, or leaves the
    certificate out.

    "other-key", "indirect", "some-reasons" or "unknown-extension".
    """
    from cryptography import x509

    crl, subject = _load(der), x509.load_der_x509_certificate(certificate)
    if _signed_by(der, tbs.read(issuer).key_info) is False or not _may_sign_crls(issuer):
        return "other-key"
    for extension in crl.extensions:
        if isinstance(extension.value, x509.IssuingDistributionPoint):
            if why := crl_scope.refusal(extension.value, crl, subject):
                return why
        elif extension.critical and not isinstance(
            extension.value, x509.CRLNumber | x509.DeltaCRLIndicator
        ):
            return "unknown-extension"
    return ""


def unused(der: bytes, certificate: bytes, issuer: bytes, others: Sequence[bytes]) -> str:
    """Return why a CRL that is for this certificate says nothing; empty if it is for others, or
    says something.

    As `refusal`, or "delta": what it builds upon is not there. The certificate may name another
    authority for its CRLs: "indirect".
    """
    if not _is_issuers(der, certificate):
        return "indirect" if crl_scope.names_issuer(_load(der), certificate) else ""
    if any(from_crl(der, certificate, issuer, others)):
        return ""
    why = refusal(der, certificate, issuer) or "delta"
    return "" if why == crl_scope.OTHERS else why


def _is_issuers(der: bytes, certificate: bytes) -> bool:
    """Whether it is in the name of the certificate's issuer."""
    return tbs.same_name(_load(der).issuer.public_bytes(), tbs.read(certificate).issuer)


def _number(crl: x509.CertificateRevocationList) -> int:
    from cryptography import x509

    try:
        return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return 0


def _base_number(crl: x509.CertificateRevocationList) -> int | None:
    """The number of what a delta CRL builds upon at least; None: it is a complete one."""
    from cryptography import x509

    try:
        return crl.extensions.get_extension_for_class(x509.DeltaCRLIndicator).value.crl_number
    except x509.ExtensionNotFound:
        return None


def _complete(
    delta: x509.CertificateRevocationList,
    certificate: bytes,
    issuer: bytes,
    others: Sequence[bytes],
) -> x509.CertificateRevocationList | None:
    """The newest complete CRL that the delta builds upon (RFC 5280 5.2.4); None: there is none."""
    base = _base_number(delta) or 0
    fitting = [
        crl
        for der in others
        if (crl := _loaded(der)) is not None
        and _base_number(crl) is None
        and base <= _number(crl) <= _number(delta)
        and crl_scope.declared(crl) == crl_scope.declared(delta)
        and _is_issuers(der, certificate)
        and not refusal(der, certificate, issuer)
    ]
    return max(fitting, key=_number, default=None)


def _loaded(der: bytes) -> x509.CertificateRevocationList | None:
    with suppress(ValueError, TypeError):
        return _load(der)
    return None


@lru_cache(maxsize=64)
def _load(der: bytes) -> x509.CertificateRevocationList:
    from cryptography import x509

    return x509.load_der_x509_crl(der)


@lru_cache(maxsize=512)
def _signed_by(der: bytes, issuer_key: bytes) -> bool | None:
    """As `signed_by`, of a whole CRL."""
    crl = _load(der)
    algorithm = asn1.read(der).children(asn1.SEQUENCE)[1].raw
    return signed_by(issuer_key, algorithm, crl.signature, crl.tbs_certlist_bytes)


def state_of(listed: bool, reason: str) -> State:
    """Return what being listed for this reason comes to."""
    if not listed or reason == "removeFromCRL":
        return State.GOOD
    return State.SUSPENDED if reason == "certificateHold" else State.REVOKED


def _said(entry: x509.RevokedCertificate | None) -> str:
    return _reason(entry) if entry is not None else ""


def _reason(entry: x509.RevokedCertificate) -> str:
    """The reason of an entry; raises ValueError for a critical extension that is not known."""
    from cryptography import x509

    reason = ""
    for extension in entry.extensions:
        if isinstance(extension.value, x509.CRLReason):
            reason = extension.value.reason.value
        elif extension.critical:
            raise ValueError("critical extension of a CRL entry")
    return reason


def _may_sign_crls(issuer: bytes) -> bool:
    from cryptography import x509

    certificate = x509.load_der_x509_certificate(issuer)
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True
