"""Which baseline level a signature has reached (ETSI EN 319 122-1 6.3).

A time stamp counts only if it was judged good, validation data only if they say that all was in
order at the time in question, an archive time stamp only if it covers all of these and the earliest
time stamp; so a level is not only claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from esign_cli.signatures import cades
from esign_cli.signatures.cms.archive import Covered
from esign_cli.signatures.cms.proof_of_existence import Existence, ValidatedStamp
from esign_cli.signatures.cms.report import StampKind
from esign_cli.signatures.cms.validation_data import EmbeddedData
from esign_cli.signatures.pki import crl_ocsp
from esign_cli.signatures.pki.crl import RevocationData

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
    """Return the level; `base` is what the signature's own bytes reach, `path` the signer's (or
    none).
    """
    over_signature = [j for j in known.good if j.stamp.kind is StampKind.SIGNATURE]
    if base != "B-B" or not over_signature:
        return base
    wanted = [_Wanted(path, known.since)]
    wanted += [_Wanted(j.path, j.report.time) for j in over_signature if j.report.time]
    everything = _Kept(
        frozenset((*known.data.certificates, *_of_tokens(over_signature))),
        [embedded for embedded in known.kept if embedded.inside],
    )
    forbidden = any(known.signer.unsigned_values(oid) for oid in FORBIDDEN_FROM_LT)
    if forbidden or not all(_complete(one, everything, known) for one in wanted):
        return "B-T"
    archives = [j.stamp.covered for j in known.good if j.stamp.kind is StampKind.ARCHIVE]
    earliest = min((one.at for one in wanted[1:]), default=known.since)
    first = [j.stamp.wire for j in over_signature if j.report.time == earliest]
    covering = (
        _within(everything, covered, over_signature)
        for covered in archives
        if covered is not None and any(wire in covered.attributes for wire in first)
    )
    if any(all(_complete(one, embedded, known) for one in wanted) for embedded in covering):
        return "B-LTA"
    return "B-LT"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A path whose certificates and revocation data have to be there, and the time they are for."""

    path: tuple[bytes, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    """Validation data in a signature, or those of them that an archive time stamp covers."""

    certificates: frozenset[bytes]
    revocation: list[EmbeddedData]


def _of_tokens(stamps: Sequence[ValidatedStamp]) -> Iterator[bytes]:
    for judged in stamps:
        if judged.stamp.token is not None:
            yield from judged.stamp.token.data.certificates


def _within(data: _Kept, covered: Covered, stamps: Sequence[ValidatedStamp]) -> _Kept:
    """What of the data an archive time stamp covers; of time stamps, their certificates too."""
    inside = [judged for judged in stamps if judged.stamp.wire in covered.attributes]
    return _Kept(
        data.certificates & (covered.certificates | frozenset(_of_tokens(inside))),
        [one for one in data.revocation if one.holder in covered.revocation],
    )


def _complete(wanted: _Wanted, embedded: _Kept, known: Existence) -> bool:
    """Whether all that the path below its anchor needs lies there and speaks for that time."""
    data = [
        RevocationData(one.source, one.der, known.held(one.holder)) for one in embedded.revocation
    ]
    return bool(wanted.path[1:]) and all(
        der in embedded.certificates and crl_ocsp.speaks_for(der, issuer, data, wanted.at)
        for issuer, der in pairwise(wanted.path)
    )
