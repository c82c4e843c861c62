"""Whether a certificate leads to a trusted root: certvalidator, one finished path at a time.

The engine's own path building has no limit on its work, so paths are built here within one; the
engine then judges each by RFC 5280 6.1 (signatures, names, constraints, policies, validity) and
fetches nothing. Revocation is judged by `cms.status`, which lets nothing through without proof.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from esign_cli.foundation.errors.signatures import Asn1Malformed, CertificateUnreadable
from esign_cli.signatures import certificate
from esign_cli.signatures.cms.report import Finding, PathAnswer, Sub, worst
from esign_cli.signatures.cms.status import RevocationCase, revocation
from esign_cli.signatures.pki import algorithms, crl_ocsp, keys, tbs
from esign_cli.signatures.pki.crl import Freshness, RevocationData
from esign_cli.signatures.pki.retrieval import Fetch

MOST_CERTIFICATES = 64
LONGEST_PATH = 6
MOST_PATHS = 8
MOST_STEPS = 500
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PathCheck:
    """A PathValidator over certificates and revocation data that are at hand; all of it DER.

    Where these do not tell what has to be known, `fetch` is asked. `out_of_time` ends the search.
    """

    anchors: tuple[bytes, ...]
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    fetch: Fetch | None = None
    out_of_time: Callable[[], bool] = lambda: False

    def validate(
        self,
        certificate: bytes,
        *,
        embedded: Sequence[bytes],
        data: Sequence[RevocationData],
        at: datetime,
        today: datetime,
        freshness: Freshness = crl_ocsp.ANY,
    ) -> PathAnswer:
        """Return the best answer that any path gives; what fails in the engine is no path."""
        known = (
            *data,
            *(RevocationData("crl", der, today) for der in self.crls),
            *(RevocationData("ocsp", der, today) for der in self.ocsps),
        )
        case = RevocationCase(known, at, today, freshness, self.fetch, self.out_of_time)
        answers: list[PathAnswer] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library's remarks on strangers' certificates
            for path in self._paths(certificate, embedded):
                answers.append(_judge(path, case))
                if worst(answers[-1].findings) is None or self.out_of_time():
                    return answers[-1]
        return min(answers, key=_badness, default=_no_path())

    def _paths(self, leaf: bytes, embedded: Sequence[bytes]) -> Iterator[tuple[bytes, ...]]:
        """Chains by name and key identifier from an anchor to `leaf`, the anchor first.

        Those by the signature's own certificates come first: what it holds was gathered for them.
        """
        anchors = set(self.anchors)
        strangers = embedded[:MOST_CERTIFICATES]
        at_hand = dict.fromkeys((*self.anchors, *self.intermediates))
        others = [der for der in at_hand if der not in strangers]
        readable = [der for der in (*others, *dict.fromkeys(strangers)) if _readable(der)]
        waiting: list[tuple[bytes, ...]] = [(leaf,)]
        count = 0
        for _step in range(MOST_STEPS):
            if not waiting or count == MOST_PATHS:
                return
            chain = waiting.pop()
            for issuer in (der for der in readable if der not in chain):
                if not _may_have_issued(issuer, chain[0]):
                    continue
                if issuer in anchors:
                    count += 1
                    yield (issuer, *chain)
                elif len(chain) < LONGEST_PATH:
                    waiting.append((issuer, *chain))


@lru_cache(maxsize=256)
def _readable(der: bytes) -> bool:
    try:
        tbs.read(der)
        certificate.parse(der)
    except CertificateUnreadable:
        return False
    return True


def _may_have_issued(issuer: bytes, subject: bytes) -> bool:
    by, parts = tbs.read(issuer), tbs.read(subject)
    return tbs.same_name(by.subject, parts.issuer) and (
        not by.key_id or parts.authority_key_id in (b"", by.key_id)
    )


def _no_path() -> PathAnswer:
    return PathAnswer((Finding("path", "no-path", Sub.NO_CERTIFICATE_CHAIN_FOUND),))


def _badness(answer: PathAnswer) -> tuple[bool, int]:
    """Which answer tells most: one with a path before one without, then the fewest failures."""
    failed = [finding for finding in answer.findings if finding.sub is not None]
    return not answer.path, len(failed)


def _judge(path: tuple[bytes, ...], case: RevocationCase) -> PathAnswer:
    if (der := _unsigned_link(path)) is not None:
        facts = (("certificate", certificate.parse(der).holder),)
        if _scheme(der) is None:
            weak = Finding("algorithms", "weak-chain", Sub.CRYPTO_CONSTRAINTS_FAILURE, facts)
            return PathAnswer((weak,))
        bad = Sub.NO_CERTIFICATE_CHAIN_FOUND
        return PathAnswer((Finding("path", "path-signature-wrong", bad, facts),))
    try:
        findings = [*_engine(path, case.at), *_strength(path)]
    except Exception as error:  # noqa: BLE001  (the validation engine: whatever it raises is no proof)
        facts = (("detail", type(error).__name__),)
        bad = Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE
        return PathAnswer((Finding("path", "engine-error", bad, facts),))
    if any(finding.sub is Sub.NO_CERTIFICATE_CHAIN_FOUND for finding in findings):
        return PathAnswer(tuple(findings))
    status = revocation(path, case, may_fetch=worst(findings) is None)
    return PathAnswer((*findings, *status.findings), path, status.evidence, status.warnings)


def _unsigned_link(path: tuple[bytes, ...]) -> bytes | None:
    """The first certificate that the one before it did not sign, though its name says so."""
    return next((der for issuer, der in pairwise(path) if not _signed(der, issuer)), None)


def _signed(der: bytes, issuer: bytes) -> bool:
    parts, scheme = tbs.read(der), _scheme(der)
    key = tbs.read(issuer).key_info
    return scheme is not None and keys.verifies(key, scheme, parts.signature, parts.signed)


def _scheme(der: bytes) -> algorithms.Scheme | None:
    """How the certificate is signed; None: with an algorithm that is not known, such as DSA."""
    try:
        return algorithms.scheme(tbs.read(der).algorithm, "")
    except Asn1Malformed:
        return None


def _engine(path: tuple[bytes, ...], at: datetime) -> list[Finding]:
    """RFC 5280 6.1 by certvalidator, revocation left out."""
    from asn1crypto import x509
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator import errors as engine
    from pyhanko_certvalidator.authority import CertTrustAnchor, TrustQualifiers
    from pyhanko_certvalidator.path import ValidationPath
    from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
    from pyhanko_certvalidator.validate import validate_path

    root, *between, leaf = (x509.Certificate.load(der) for der in path)
    validity = TrustQualifiers(valid_from=root.not_valid_before, valid_until=root.not_valid_after)
    context = ValidationContext(
        trust_roots=[root],
        moment=at,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
    )
    try:
        anchor = CertTrustAnchor(root, validity)
        validate_path(context, ValidationPath(anchor, interm=between, leaf=leaf))
    except (engine.ExpiredError, engine.NotYetValidError) as error:
        code = "expired" if isinstance(error, engine.ExpiredError) else "not-yet-valid"
        anchored = Finding("path", "path-found", None, _anchor_facts(path))
        return [anchored, Finding("validity", code, Sub.OUT_OF_BOUNDS_NO_POE, _validity(path, at))]
    except engine.DisallowedAlgorithmError as error:
        facts = (("detail", str(error)),)
        return [Finding("algorithms", "weak-chain", Sub.CRYPTO_CONSTRAINTS_FAILURE, facts)]
    except engine.ValidationError as error:
        facts = (("detail", str(error)),)
        return [Finding("path", "path-refused", Sub.NO_CERTIFICATE_CHAIN_FOUND, facts)]
    return [
        Finding("path", "path-found", None, _anchor_facts(path)),
        Finding("validity", "all-valid", None, (("at", at.isoformat()),)),
    ]


def _anchor_facts(path: tuple[bytes, ...]) -> Facts:
    root = certificate.parse(path[0])
    return (("anchor", root.holder), ("sha256", root.sha256))


def _validity(path: tuple[bytes, ...], at: datetime) -> Facts:
    """Which certificate was out of its time, and that time."""
    for der in path:
        read = certificate.parse(der)
        if not read.not_before <= at <= read.not_after:
            span = (read.not_before.isoformat(), read.not_after.isoformat())
            return (("certificate", read.holder), ("not_before", span[0]), ("not_after", span[1]))
    return ()


def _strength(path: tuple[bytes, ...]) -> Iterator[Finding]:
    """Every key of the path, and every signature but the anchor's own."""
    for position, der in enumerate(path):
        parts = tbs.read(der)
        scheme = algorithms.scheme(parts.algorithm, "")
        weak = position > 0 and (scheme is None or not scheme.strong)
        if weak or not keys.strong(parts.key_info):
            facts = (("certificate", certificate.parse(der).holder),)
            bad = Sub.CRYPTO_CONSTRAINTS_FAILURE
            yield Finding("algorithms", "weak-chain", bad, facts)
