"""Which baseline level a signature has reached (ETSI EN 319 122-1 6.3).

A time stamp counts only if it was judged good; so a level is not only claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from esign_cli import cades
from esign_cli.cms import material
from esign_cli.cms.existence import Existence
from esign_cli.cms.verification import StampKind
from esign_cli.pki import crl_ocsp
from esign_cli.pki.crl import Datum

LEVELS = (None, "BES", "B-B", "B-T", "B-LT", "B-LTA")
"""From the weakest."""
FORBIDDEN_FROM_LT = (
    cades.CERTIFICATE_REFERENCES,
    cades.REVOCATION_REFERENCES,
    cades.ATTRIBUTE_CERTIFICATE_REFERENCES,
    cades.ATTRIBUTE_REVOCATION_REFERENCES,
    cades.CERTIFICATE_VALUES,
    cades.REVOCATION_VALUES,
    cades.CADES_C_TIME_STAMP,
    cades.REFERENCES_TIME_STAMP,
    cades.ARCHIVE_TIME_STAMP_V1,
    cades.ARCHIVE_TIME_STAMP_V2,
    cades.LONG_TERM_VALIDATION,
)
"""Attributes of the older long-term forms, which B-LT and B-LTA may not hold."""


def reached(base: str | None, known: Existence, path: tuple[bytes, ...]) -> str | None:
    """The level; `base` is what the signature's own bytes reach, `path` the signer's (or none)."""
    data, signer, good = known.data, known.signer, known.good
    over_signature = [judged for judged in good if judged.stamp.kind is StampKind.SIGNATURE]
    if base != "B-B" or not over_signature:
        return base
    forbidden = any(signer.unsigned_values(oid) for oid in FORBIDDEN_FROM_LT)
    paths = [path, *(judged.path for judged in over_signature)]
    tokens = [judged.stamp.token for judged in over_signature]
    inside = {*data.certificates, *(c for t in tokens if t for c in t.data.certificates)}
    crls = [
        Datum(kept.source, kept.der, known.today)
        for kept in material.revocation(data, signer)
        if kept.inside
    ]
    if forbidden or not all(_complete(one, inside, crls) for one in paths):
        return "B-T"
    return "B-LTA" if len(good) > len(over_signature) else "B-LT"


def _complete(path: tuple[bytes, ...], inside: set[bytes], data: Sequence[Datum]) -> bool:
    """Whether all that the path below its anchor needs lies in SignedData."""
    below = path[1:]
    return bool(below) and all(
        der in inside and crl_ocsp.answers(der, issuer, data) for issuer, der in pairwise(path)
    )
