"""Proof of existence: which time stamps can be relied on, and since when a signature is known.

ETSI EN 319 102-1 5.4 (time stamps), 5.5 and 5.6 (signatures with time stamps and archive time
stamps). The newest archive time stamp is judged for the validation time; each of the others for the
time at which a newer one proves it to have existed; signature time stamps likewise; and the
signature at last for the earliest time that any of them proves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from esign_cli.signatures import certificate
from esign_cli.signatures.cms import structure, time_stamp, validation_data
from esign_cli.signatures.cms.archive import Covered
from esign_cli.signatures.cms.report import (
    Finding,
    PathAnswer,
    PathValidator,
    Result,
    StampKind,
    StampReport,
    Sub,
    worst,
)
from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo
from esign_cli.signatures.cms.time_stamp import Stamp
from esign_cli.signatures.cms.tst import Token
from esign_cli.signatures.cms.validation_data import EmbeddedData
from esign_cli.signatures.pki.crl import Freshness, RevocationData

ANY = Freshness()
Facts = tuple[tuple[str, str], ...]
_WHY = {
    Sub.NO_CERTIFICATE_CHAIN_FOUND: ("stamp-untrusted", Result.NOT_CHECKED),
    Sub.TRY_LATER: ("stamp-unproven", Result.NOT_CHECKED),
    Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE: ("stamp-not-judged", Result.NOT_CHECKED),
    Sub.REVOKED_NO_POE: ("stamp-revoked", Result.FAILED),
    Sub.OUT_OF_BOUNDS_NO_POE: ("stamp-expired", Result.FAILED),
}
"""Why an authority cannot be relied on, and how that is shown; no signature fails by it."""


@dataclass(frozen=True, slots=True)
class ValidatedStamp:
    """A time stamp with the answer on it."""

    stamp: Stamp
    finding: Finding
    report: StampReport
    path: tuple[bytes, ...] = ()
    """Of its authority; empty unless it is good."""
    why: Sub | None = None
    """What its authority came to, where it is not good."""


@dataclass
class Existence:
    """What is known of one signer's bytes at the validation time `today`."""

    data: SignedData
    signer: SignerInfo
    validator: PathValidator
    today: datetime
    judged: list[ValidatedStamp] = field(default_factory=list)
    _covering: list[tuple[datetime, Covered]] = field(default_factory=list)

    def weigh(self, signatures: Iterable[Stamp], archives: Iterable[Stamp]) -> None:
        """Judge every time stamp, the archive time stamps from the newest on."""
        for stamp in sorted(archives, key=_age, reverse=True):
            answer = self._judge(stamp)
            self.judged.append(answer)
            if answer.report.good and stamp.token and stamp.covered:
                self._covering.append((stamp.token.time, stamp.covered))
        self.judged += [self._judge(stamp) for stamp in signatures]
        kinds = {judged.stamp.kind for judged in self.good}
        if StampKind.SIGNATURE in kinds:  # then no verdict needs an archive time stamp
            kinds.add(StampKind.ARCHIVE)
        self.judged = [_told_only(j) if j.stamp.kind in kinds else j for j in self.judged]

    @property
    def good(self) -> list[ValidatedStamp]:
        """The time stamps that prove something."""
        return [judged for judged in self.judged if judged.report.good]

    @property
    def since(self) -> datetime:
        """The earliest time at which the signature is proven to have existed."""
        times = [judged.report.time for judged in self.good if judged.report.time]
        return min((*times, self.today))

    def held(self, wire: bytes) -> datetime:
        """Return when this element of the signature is proven to have existed."""
        times = (
            time
            for time, covered in self._covering
            if wire in covered.attributes or wire in covered.revocation
        )
        return min(times, default=self.today)

    @cached_property
    def _certificates(self) -> tuple[bytes, ...]:
        return validation_data.certificates(self.data, self.signer)

    @cached_property
    def kept(self) -> tuple[EmbeddedData, ...]:
        """The revocation data in the signature, its time stamps apart."""
        return validation_data.revocation(self.data, self.signer)

    def certificates(self) -> tuple[bytes, ...]:
        """Return those that came with the signature, and those inside its time stamps."""
        stamps = (j.stamp.token for j in self.judged if j.stamp.token is not None)
        inside = (der for token in stamps for der in token.data.certificates)
        return tuple(dict.fromkeys((*self._certificates, *inside)))

    def revocation(self) -> tuple[RevocationData, ...]:
        """Return the revocation data in the signature, each with the time it is proven to
        be from.
        """
        return self._data(self.kept, self.held)

    def of_stamps(self) -> tuple[RevocationData, ...]:
        """Return the revocation data inside the time stamps."""
        return tuple(
            datum
            for judged in self.judged
            if judged.stamp.token is not None
            for datum in self._of_token(judged.stamp.token, judged.stamp.wire)
        )

    def _of_token(self, token: Token, wire: bytes) -> tuple[RevocationData, ...]:
        embedded = validation_data.revocation(token.data, token.signer)
        return self._data(embedded, lambda _holder: self.held(wire))

    def ask(
        self, der: bytes, *, at: datetime, freshness: Freshness = ANY, stamp: Stamp | None = None
    ) -> PathAnswer:
        """Return the path validator's answer on a certificate, with all that came along."""
        embedded, data = self.certificates(), self.revocation()
        if stamp is not None and stamp.token is not None:
            token = stamp.token
            embedded = (*validation_data.certificates(token.data, token.signer), *embedded)
            data = (*self._of_token(token, stamp.wire), *data)
        return self.validator.validate(
            der, embedded=embedded, data=data, at=at, today=self.today, freshness=freshness
        )

    def _data(
        self, embedded: Iterable[EmbeddedData], held: Callable[[bytes], datetime]
    ) -> tuple[RevocationData, ...]:
        return tuple(
            RevocationData(one.source, one.der, held(one.holder), embedded=True) for one in embedded
        )

    def _judge(self, stamp: Stamp) -> ValidatedStamp:
        check, at = time_stamp.CHECKS[stamp.kind], self.held(stamp.wire)
        fault, time = stamp.fault, stamp.token.time if stamp.token else None
        facts: Facts = (("time", time.isoformat()),) if time else ()
        if fault is None and time is not None and time > at + structure.CLOCK_SKEW:
            fault = Finding(check, "stamp-later", None, facts, Result.NOT_CHECKED)
        if fault is not None or stamp.authority is None:
            bad = fault or Finding(check, "stamp-broken", Sub.SIG_CONSTRAINTS_FAILURE)
            return ValidatedStamp(stamp, bad, _report(stamp, bad, None, at), why=_why(bad))
        freshness = Freshness(inside_for=time)
        answer = self.ask(stamp.authority.der, at=at, freshness=freshness, stamp=stamp)
        sub = worst(answer.findings)
        facts += (("authority", stamp.authority.holder),)
        if sub is Sub.CRYPTO_CONSTRAINTS_FAILURE:
            finding = Finding(check, "stamp-weak", sub, facts)
        elif sub is not None:
            code, result = _WHY.get(sub, ("stamp-not-judged", Result.NOT_CHECKED))
            finding = Finding(check, code, None, (*facts, *_reason(answer, sub)), result)
        else:
            finding = Finding(check, "stamp-good", None, (*facts, *_resting_on(answer)))
        path = answer.path if sub is None else ()
        return ValidatedStamp(stamp, finding, _report(stamp, finding, answer, at), path, sub)


def _told_only(judged: ValidatedStamp) -> ValidatedStamp:
    """A bad time stamp beside a good one: anybody can add one, so it counts against nothing."""
    finding = judged.finding
    if finding.sub is None:
        return judged
    return replace(judged, finding=replace(finding, sub=None, result=Result.FAILED))


def _age(stamp: Stamp) -> tuple[bool, float]:
    """Archive time stamps in order of their times; what cannot be read comes first."""
    return stamp.token is not None, stamp.token.time.timestamp() if stamp.token else 0.0


def _why(finding: Finding) -> Sub | None:
    absent = finding.code == "stamp-without-certificate"
    return Sub.NO_CERTIFICATE_CHAIN_FOUND if absent else finding.sub or Sub.POLICY_PROCESSING_ERROR


def _reason(answer: PathAnswer, sub: Sub) -> Facts:
    """The finding behind it, as a fact."""
    codes = [finding.code for finding in answer.findings if finding.sub is sub]
    return (("reason", codes[0]),) if codes else ()


def _resting_on(answer: PathAnswer) -> Facts:
    """The datum that says that the authority is unrevoked."""
    if not answer.evidence:
        return ()
    datum = answer.evidence[-1]
    return (("source", datum.source), ("this_update", datum.this_update.isoformat()))


def _report(stamp: Stamp, finding: Finding, answer: PathAnswer | None, at: datetime) -> StampReport:
    root = answer.path[0] if answer is not None and answer.path else None
    return StampReport(
        kind=stamp.kind,
        time=stamp.token.time if stamp.token else None,
        good=finding.code == "stamp-good",
        code=finding.code,
        facts=finding.facts,
        authority=stamp.authority,
        anchor=certificate.parse(root) if root is not None else None,
        proven=at,
        evidence=answer.evidence if answer is not None else (),
    )
