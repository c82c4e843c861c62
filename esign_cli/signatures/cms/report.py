"""The nouns of verification: indications (ETSI EN 319 102-1), findings, and what a report holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from esign_cli.foundation.certificate import Certificate
from esign_cli.signatures.cms.policies import Named
from esign_cli.signatures.pki.crl import Freshness, RevocationData


class Indication(StrEnum):
    """The answer; the words of EN 319 102-1 5.1.3."""

    PASSED = "TOTAL-PASSED"
    FAILED = "TOTAL-FAILED"
    INDETERMINATE = "INDETERMINATE"


class Sub(StrEnum):
    """Why the answer is not TOTAL-PASSED, the gravest first (EN 319 102-1 table 6)."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    POLICY_PROCESSING_ERROR = "POLICY_PROCESSING_ERROR"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    TRY_LATER = "TRY_LATER"

    @property
    def indication(self) -> Indication:
        return Indication.FAILED if self in _FAILING else Indication.INDETERMINATE


_FAILING = (Sub.FORMAT_FAILURE, Sub.HASH_FAILURE, Sub.SIG_CRYPTO_FAILURE)
_GRAVITY = {sub: rank for rank, sub in enumerate(Sub)}


class Result(StrEnum):
    """What a check came to."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not-checked"


CHECKS = (
    "format",
    "content",
    "parts",
    "signer",
    "signature",
    "attributes",
    "algorithms",
    "key-usage",
    "policy",
    "time-stamp",
    "archive-time-stamp",
    "path",
    "validity",
    "revocation",
    "counter-signature",
)
"""Every check there is, in the order it is told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: a code of the closed list, with facts; `sub` is why it failed."""

    check: str
    code: str
    sub: Sub | None = None
    facts: tuple[tuple[str, str], ...] = ()
    result: Result | None = None
    """What it came to where it neither counts against the signature nor passed."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    name: str
    result: Result
    code: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that does not change the answer but should be seen."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The datum that a certificate's revocation status rests on; times in UTC."""

    certificate: str
    """Its common name."""
    source: str
    """"crl" or "ocsp"."""
    this_update: datetime
    next_update: datetime | None


@dataclass(frozen=True, slots=True)
class PathAnswer:
    """What a PathValidator says of one certificate at one time."""

    findings: tuple[Finding, ...]
    path: tuple[bytes, ...] = ()
    """DER, the anchor first; empty if there is no path."""
    evidence: tuple[Evidence, ...] = ()
    warnings: tuple[Warned, ...] = ()


class PathValidator(Protocol):
    """Says whether a certificate leads to a trusted root, was valid and was not revoked."""

    def validate(
        self,
        certificate: bytes,
        *,
        embedded: Sequence[bytes],
        data: Sequence[RevocationData],
        at: datetime,
        today: datetime,
        freshness: Freshness,
    ) -> PathAnswer:
        """Return the answer, with the certificates and revocation data that the signature brought
        along.

        `at` is when what the certificate's key signed is proven to have existed, at the latest
        `today`, which is the validation time. `freshness` is asked of the certificate's own data.
        """
        ...


class StampKind(StrEnum):
    """What a time stamp is over."""

    SIGNATURE = "signature"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class StampReport:
    """The answer for one time stamp; times in UTC."""

    kind: StampKind
    time: datetime | None
    """None: the token cannot be read."""
    good: bool
    """Whether it proves that what it is over existed at its time."""
    code: str
    facts: tuple[tuple[str, str], ...] = ()
    authority: Certificate | None = None
    anchor: Certificate | None = None
    proven: datetime | None = None
    """When the token itself is proven to have existed: what its certificate was judged for."""
    evidence: tuple[Evidence, ...] = ()


class Acceptance(StrEnum):
    """What the rules of a Turkish profile make of a signature."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PRELIMINARY = "preliminary"


@dataclass(frozen=True, slots=True)
class ProfileReport:
    """Which Turkish profile a signature is of, and whether it keeps the profile's rules."""

    name: str | None
    """"P1" to "P4"; None: its policy is none of these."""
    answer: Acceptance | None
    """None: it breaks no rule of the profile, and yet is not valid, or not known to be."""
    policy: Named | None
    hash_accepted: bool | None
    """Whether the policy's hash is one that is accepted; None: no policy is named."""
    broken: tuple[str, ...] = ()
    """Codes of the rules that it breaks."""
    final_from: datetime | None = None
    """When the grace period ends or has ended; None: the profile has none."""


@dataclass(frozen=True, slots=True)
class CounterReport:
    """The answer for a counter-signature; it changes nothing for what it is over."""

    indication: Indication
    subindication: Sub | None
    signer: Certificate | None
    signing_time: datetime | None


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """The answer for one signer."""

    indication: Indication
    subindication: Sub | None
    level: str | None
    """"B-B" to "B-LTA", "BES" (no signing-time), or None: not even that."""
    signer: Certificate | None
    signing_time: datetime | None
    qualified: bool | None
    """None: it claims to be, and no trusted root says so."""
    anchor: Certificate | None
    evidence: tuple[Evidence, ...]
    checks: tuple[Check, ...]
    warnings: tuple[Warned, ...]
    best_signature_time: datetime
    """The earliest time at which the signature is proven to have existed."""
    stamps: tuple[StampReport, ...] = ()
    counters: tuple[CounterReport, ...] = ()
    profile: ProfileReport | None = None
    part: str = ""
    """The part of a container that holds it; empty: the file itself."""


@dataclass(frozen=True, slots=True)
class Report:
    """The answer for a file: the worst of its signers'."""

    indication: Indication
    subindication: Sub | None
    level: str | None
    validation_time: datetime
    best_signature_time: datetime
    signatures: tuple[SignatureReport, ...]
    problem: Finding | None = None
    """Why the file has no signature to speak of."""


def worst(findings: Iterable[Finding]) -> Sub | None:
    """Return the gravest reason among the findings; None: all passed."""
    subs = [finding.sub for finding in findings if finding.sub is not None]
    return min(subs, key=_GRAVITY.__getitem__, default=None)


def indication(sub: Sub | None) -> Indication:
    """Return what a reason comes to."""
    return Indication.PASSED if sub is None else sub.indication


def checks(findings: Sequence[Finding]) -> tuple[Check, ...]:
    """Return one line for each check: its gravest failure, or that it passed, or was not
    made.

    Revocation, time stamps and counter-signatures have a line for each.
    """
    lines: list[Check] = []
    for name in CHECKS:
        of_check = [finding for finding in findings if finding.check == name]
        if name in _EACH and of_check:
            lines += [_check(name, [finding]) for finding in of_check]
        else:
            lines.append(_check(name, of_check))
    return tuple(lines)


_EACH = frozenset({"parts", "revocation", "time-stamp", "archive-time-stamp", "counter-signature"})
_NO_ANSWER = frozenset(
    {"none", "stale", "unknown", "preliminary", "not-fresh", "out-of-time", "policy-unfinished"}
)
"""What could not be told: nobody said that the certificate was revoked."""


def _check(name: str, findings: Sequence[Finding]) -> Check:
    if not findings:
        return Check(name, Result.NOT_CHECKED)
    failed = [finding for finding in findings if finding.sub is not None]
    gravest = min(failed, key=lambda finding: _GRAVITY[finding.sub or Sub.TRY_LATER], default=None)
    if gravest is not None:
        result = Result.NOT_CHECKED if gravest.code in _NO_ANSWER else Result.FAILED
        return Check(name, result, gravest.code, gravest.facts)
    first = findings[0]
    return Check(name, first.result or Result.PASSED, first.code, first.facts)
