"""Verification of CAdES signatures: bytes in, a frozen report out.

Indications of ETSI EN 319 102-1. A signature is judged by its own bytes first; then its time stamps
say since when it is proven to exist; then its path and its revocation are judged for that time, and
without proof of non-revocation nothing passes. Last come the level that is reached and the rules of
the Turkish profile that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import certificate
from esign_cli.signatures.cms import (
    counter,
    envelope,
    levels,
    profiles,
    signed_data,
    time_stamp,
    validation_data,
)
from esign_cli.signatures.cms import report as verification
from esign_cli.signatures.cms.profiles import Hashes, Profiled
from esign_cli.signatures.cms.proof_of_existence import Existence
from esign_cli.signatures.cms.report import (
    CounterReport,
    Evidence,
    Finding,
    Indication,
    PathAnswer,
    PathValidator,
    Report,
    SignatureReport,
    Sub,
    Warned,
)
from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo
from esign_cli.signatures.cms.structure import Structure, examine
from esign_cli.signatures.pki.crl import Freshness, RevocationData

_NEEDED = frozenset(verification.CHECKS) - {
    "policy",
    "time-stamp",
    "archive-time-stamp",
    "counter-signature",
    "parts",
}
"""The checks that have to have been made, and passed, before anything passes."""


def verify(
    signature: bytes,
    *,
    content: bytes | None,
    validator: PathValidator,
    at: datetime,
    now: datetime,
    out_of_time: Callable[[], bool] = lambda: False,
    policy_hashes: Hashes | None = None,
    around: Around | None = None,
) -> Report:
    """Return the report on a signature file, DER or PEM.

    `content` is what a detached signature is over. `at` is the time to judge for, `now` the
    present; both aware. Nothing in `signature` makes this raise: what cannot be read is
    TOTAL-FAILED. `out_of_time` is asked before each longer step; once it says so, what was not
    judged yet is INDETERMINATE. `policy_hashes` are accepted beside the known one.
    `around` is what is known of the container that the signature came in.
    """
    try:
        unwrapped = envelope.unwrap(signature)
        data = replace(signed_data.parse(unwrapped.der), padding=unwrapped.padding)
    except Asn1Malformed as error:
        facts = (("detail", str(error.facts["detail"])),)
        return _unreadable(Finding("format", "malformed", Sub.FORMAT_FAILURE, facts), at)
    signed = content if data.content is None or content is not None else data.content
    around = around or Around()
    if unwrapped.padding:
        padding = Warned("padding", (("count", str(unwrapped.padding)),))
        around = replace(around, warnings=(padding, *around.warnings))
    bounded = _Bounded(validator, out_of_time)
    case = _Case(data, signed, bounded, at, min(at, now), policy_hashes or {}, around)
    reports = tuple(map(case.report, data.signers))
    sub = verification.worst(Finding("", "", report.subindication) for report in reports)
    return Report(
        indication=verification.indication(sub),
        subindication=sub,
        level=min((report.level for report in reports), key=levels.LEVELS.index),
        validation_time=at,
        best_signature_time=max(report.best_signature_time for report in reports),
        signatures=reports,
    )


@dataclass(frozen=True, slots=True)
class Around:
    """What was found outside the signature's own bytes: on the parts of its container, say."""

    findings: tuple[Finding, ...] = ()
    warnings: tuple[Warned, ...] = ()


def together(reports: Sequence[Report]) -> Report:
    """Return the reports on several signatures of one container as one: the worst counts."""
    sub = verification.worst(Finding("", "", report.subindication) for report in reports)
    return Report(
        indication=verification.indication(sub),
        subindication=sub,
        level=min((report.level for report in reports), key=levels.LEVELS.index),
        validation_time=reports[0].validation_time,
        best_signature_time=max(report.best_signature_time for report in reports),
        signatures=tuple(entry for report in reports for entry in report.signatures),
        problem=next((report.problem for report in reports if report.problem), None),
    )


def _unreadable(problem: Finding, at: datetime) -> Report:
    return Report(Indication.FAILED, problem.sub, None, at, at, (), problem)


@dataclass(frozen=True, slots=True)
class _Bounded:
    """A path validator that is asked the same thing once, and nothing more when the time is up."""

    inner: PathValidator
    out_of_time: Callable[[], bool]
    known: dict[tuple[object, ...], PathAnswer] = field(default_factory=dict)

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
        asked = (certificate, frozenset(embedded), frozenset(data), at, freshness)
        if asked in self.known:
            return self.known[asked]
        if self.out_of_time():
            bad = Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE
            return PathAnswer((Finding("path", "out-of-time", bad),))
        self.known[asked] = self.inner.validate(
            certificate, embedded=embedded, data=data, at=at, today=today, freshness=freshness
        )
        return self.known[asked]


@dataclass(frozen=True, slots=True)
class _Case:
    """What every signer of a file is judged with."""

    data: SignedData
    content: bytes | None
    validator: _Bounded
    at: datetime
    latest: datetime
    hashes: Hashes
    around: Around

    def report(self, signer: SignerInfo) -> SignatureReport:
        """Return the answer for one signer."""
        if self.validator.out_of_time():
            return self._untried()
        structure = examine(self.data, signer, self.content, latest=self.latest)
        known = Existence(self.data, signer, self.validator, self.at)
        known.weigh(*self._stamps(signer, structure))
        profiled = profiles.examine(signer, known.judged, self.hashes, self.at)
        answer = _path(structure, known, profiled)
        profiled = profiles.settled(profiled, known, answer)
        counters = counter.judged(known)
        examined = _Found(signer, structure, known, profiled, answer, counters, self.around)
        return examined.report()

    def _stamps(
        self, signer: SignerInfo, structure: Structure
    ) -> tuple[list[time_stamp.Stamp], list[time_stamp.Stamp]]:
        """Signature time stamps and archive time stamps; the latter need the content."""
        archives = []
        if self.content is not None:
            archives = time_stamp.archive_stamps(
                self.data, signer, self.content, structure.signing_time
            )
        others = validation_data.certificates(self.data, signer)
        return time_stamp.signature_stamps(signer, structure.signing_time, others), archives

    def _untried(self) -> SignatureReport:
        bad = Finding("path", "out-of-time", Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE)
        return SignatureReport(
            Indication.INDETERMINATE, bad.sub, None, None, None, None, None, (),
            verification.checks([bad]), (), self.at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """All that was found on one signer."""

    signer: SignerInfo
    structure: Structure
    known: Existence
    profiled: Profiled
    answer: PathAnswer
    counters: tuple[CounterReport, ...]
    around: Around

    def findings(self) -> tuple[Finding, ...]:
        return (
            *self.structure.findings,
            *self.around.findings,
            *self.profiled.findings,
            *(judged.finding for judged in self.known.judged),
            *time_stamp.other_stamps(self.signer),
            *self.answer.findings,
            *map(counter.finding, self.counters),
        )

    def report(self) -> SignatureReport:
        findings = _complete(self.findings())
        sub = verification.worst(findings)
        of_stamps = (w for judged in self.known.judged for w in judged.stamp.warnings)
        older = _older(self.structure, self.known, self.answer.evidence)
        return SignatureReport(
            indication=verification.indication(sub),
            subindication=sub,
            level=levels.reached(self.structure.level, self.known, self.answer.path),
            signer=self.structure.certificate,
            signing_time=self.structure.signing_time,
            qualified=_qualified(self.structure, self.answer),
            anchor=certificate.parse(self.answer.path[0]) if self.answer.path else None,
            evidence=self.answer.evidence,
            checks=verification.checks(findings),
            warnings=(
                *self.around.warnings,
                *self.structure.warnings,
                *of_stamps,
                *self.answer.warnings,
                *older,
            ),
            best_signature_time=self.known.since,
            stamps=tuple(judged.report for judged in self.known.judged),
            counters=self.counters,
            profile=_profile(self.profiled, sub, findings),
        )


def _path(structure: Structure, known: Existence, profiled: Profiled) -> PathAnswer:
    """The validator's answer for the proven time; with no certificate to ask for, none."""
    if structure.certificate is None:
        return PathAnswer(())
    der = structure.certificate.der
    stamped = known.since if known.since < known.today else None
    freshness = replace(profiled.freshness, held_counts=False, inside_for=stamped)
    return known.ask(der, at=known.since, freshness=freshness)


def _profile(
    profiled: Profiled, sub: Sub | None, findings: Sequence[Finding]
) -> verification.ProfileReport | None:
    preliminary = any(f.code in ("preliminary", "policy-unfinished") for f in findings)
    return profiles.report(profiled, sub, verification.indication(sub), preliminary=preliminary)


def _complete(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings; where none failed and yet a check was not made, that counts as a failure."""
    missing = sorted(_NEEDED - {finding.check for finding in findings})
    if verification.worst(findings) is not None or not missing:
        return findings
    bad = Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE
    return (*findings, *(Finding(name, "not-judged", bad) for name in missing))


def _qualified(structure: Structure, answer: PathAnswer) -> bool | None:
    """False: it does not even claim to be. None: it claims to, and no trusted root says so."""
    if structure.certificate is None:
        return None
    if not structure.certificate.qualified_claim:
        return False
    return True if answer.path else None


def _older(
    structure: Structure, known: Existence, evidence: tuple[Evidence, ...]
) -> tuple[Warned, ...]:
    """Revocation data from before the signature: current, and yet they cannot tell of it."""
    said = structure.signing_time
    moment = known.since if known.since < known.today else said
    return tuple(
        Warned(
            "data-older-than-signature",
            (("certificate", e.certificate), ("this_update", e.this_update.isoformat())),
        )
        for e in evidence
        if moment is not None and e.this_update < moment
    )
