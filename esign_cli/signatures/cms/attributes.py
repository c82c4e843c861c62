"""Where each attribute of a SignerInfo may stand, and how often: one table, and what breaks it.

RFC 5652 11 (content-type, message-digest, signing-time, countersignature), RFC 5035 3 and 5
(signing-certificate), RFC 6211 2 (cmsAlgorithmProtection), ETSI EN 319 122-1 5 and table 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from esign_cli.signatures import cades
from esign_cli.signatures.cms.signed_data import Attribute, SignerInfo


@dataclass(frozen=True, slots=True)
class Rule:
    """Where an attribute stands, and how often."""

    oid: str
    name: str
    signed: bool
    """Among the signed attributes; else among the unsigned ones."""
    once: bool = True
    """At most one attribute of the type, with one value."""
    breaks: bool = False
    """What breaks the rule breaks the structure; else only the baseline level is lost."""


@dataclass(frozen=True, slots=True)
class Breach:
    """An attribute that does not keep its rule."""

    rule: Rule
    misplaced: bool
    count: int
    """How many values there are, over all attributes of the type in that place."""

    @property
    def detail(self) -> str:
        """What is wrong, as `malformed` tells it."""
        if self.misplaced:
            return f"{self.rule.name} {'unsigned' if self.rule.signed else 'signed'}"
        return f"{self.rule.name}: {self.count}"


RULES = tuple(
    Rule(*row)
    for row in (
        (cades.CONTENT_TYPE, "content-type", True, True, True),
        (cades.MESSAGE_DIGEST, "message-digest", True, True, True),
        (cades.SIGNING_TIME, "signing-time", True, True, True),
        (cades.SIGNING_CERTIFICATE, "signing-certificate", True, True, True),
        (cades.SIGNING_CERTIFICATE_V2, "signing-certificate-v2", True, True, True),
        (cades.SIGNATURE_POLICY, "signature-policy-identifier", True, True, True),
        (cades.ALGORITHM_PROTECTION, "cms-algorithm-protection", True, True, True),
        (cades.COUNTERSIGNATURE, "countersignature", False, False, True),
        (cades.MIME_TYPE, "mime-type", True),
        (cades.CONTENT_HINTS, "content-hints", True),
        (cades.CONTENT_IDENTIFIER, "content-identifier", True),
        (cades.CONTENT_REFERENCE, "content-reference", True),
        (cades.COMMITMENT_TYPE, "commitment-type-indication", True, False),
        (cades.SIGNER_LOCATION, "signer-location", True),
        (cades.SIGNER_ATTRIBUTES, "signer-attributes", True),
        (cades.SIGNER_ATTRIBUTES_V2, "signer-attributes-v2", True),
        (cades.CONTENT_TIME_STAMP, "content-time-stamp", True, False),
        (cades.SIGNATURE_TIME_STAMP, "signature-time-stamp", False, False),
        (cades.CERTIFICATE_REFERENCES, "complete-certificate-references", False),
        (cades.REVOCATION_REFERENCES, "complete-revocation-references", False),
        (cades.ATTRIBUTE_CERTIFICATE_REFERENCES, "attribute-certificate-references", False),
        (cades.ATTRIBUTE_REVOCATION_REFERENCES, "attribute-revocation-references", False),
        (cades.CERTIFICATE_VALUES, "certificate-values", False),
        (cades.REVOCATION_VALUES, "revocation-values", False),
        (cades.CADES_C_TIME_STAMP, "CAdES-C-time-stamp", False, False),
        (cades.REFERENCES_TIME_STAMP, "time-stamped-certs-crls-references", False, False),
        (cades.ARCHIVE_TIME_STAMP_V1, "archive-time-stamp", False, False),
        (cades.ARCHIVE_TIME_STAMP_V2, "archive-time-stamp-v2", False, False),
        (cades.ARCHIVE_TIME_STAMP_V3, "archive-time-stamp-v3", False, False),
        (cades.LONG_TERM_VALIDATION, "long-term-validation", False, False),
        (cades.SIGNATURE_POLICY_STORE, "signature-policy-store", False),
    )
)
_NAMES = {rule.oid: rule.name for rule in RULES}
_READ_ELSEWHERE = frozenset({cades.ATS_HASH_INDEX, cades.ATS_HASH_INDEX_V3})


def breaches(signer: SignerInfo) -> Iterator[Breach]:
    """Yield what does not keep its rule, in the order of the table."""
    signed, unsigned = signer.attributes or (), signer.unsigned
    for rule in RULES:
        here, elsewhere = (signed, unsigned) if rule.signed else (unsigned, signed)
        if astray := _of(elsewhere, rule.oid):
            yield Breach(rule, True, sum(len(a.values) for a in astray))
        right = _of(here, rule.oid)
        counts = [len(a.values) for a in right]
        if (rule.once and counts not in ([], [1])) or 0 in counts:
            yield Breach(rule, False, sum(counts))


def unread(signer: SignerInfo) -> Iterator[str]:
    """Yield what nobody looks into: types that are not known, and attributes without a value."""
    for attribute in (*(signer.attributes or ()), *signer.unsigned):
        known = attribute.oid in _NAMES or attribute.oid in _READ_ELSEWHERE
        if not known or not attribute.values:
            yield _NAMES.get(attribute.oid, attribute.oid)


def _of(attributes: tuple[Attribute, ...], oid: str) -> list[Attribute]:
    return [attribute for attribute in attributes if attribute.oid == oid]
