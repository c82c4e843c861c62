"""What a signature time stamp says of itself (RFC 3161), as far as the signature is concerned.

Its own signature is not judged here, so it can count against a signature and never for it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from esign_cli import cades, errors
from esign_cli.cms import signed_data
from esign_cli.cms.signed_data import SignerInfo
from esign_cli.cms.verification import Finding, Sub, Warned
from esign_cli.pki import asn1

LATEST = timedelta(hours=2)
EARLIEST = timedelta(seconds=300)
_IMPRINT, _TIME = 2, 4


def examine(
    signer: SignerInfo, signing_time: datetime | None
) -> tuple[tuple[Finding, ...], tuple[Warned, ...]]:
    """The findings on the time stamps over this signature."""
    findings: list[Finding] = []
    warnings: list[Warned] = []
    for stamp in (a for a in signer.unsigned if a.oid == cades.SIGNATURE_TIME_STAMP):
        for token in stamp.values:
            try:
                moment, imprinted = _token(token.raw, signer.signature)
            except errors.Asn1Malformed:
                moment, imprinted = None, False
            if moment is None or not imprinted:
                bad = Sub.SIG_CONSTRAINTS_FAILURE
                findings.append(Finding("time-stamp", "stamp-of-another", bad))
                continue
            facts = (("time", moment.isoformat()),)
            if signing_time and not signing_time - EARLIEST <= moment <= signing_time + LATEST:
                bad = Sub.SIG_CONSTRAINTS_FAILURE
                findings.append(Finding("time-stamp", "stamp-too-far", bad, facts))
            else:
                warnings.append(Warned("stamp-not-judged", facts))
    return tuple(findings), tuple(warnings)


def _token(token: bytes, signature: bytes) -> tuple[datetime, bool]:
    """The token's time, and whether its imprint is this signature's; raises Asn1Malformed."""
    inside = signed_data.parse(token)
    if inside.content_type != cades.TST_INFO or inside.content is None:
        raise asn1.malformed("not a time stamp")
    info = asn1.read(inside.content).children(asn1.SEQUENCE)
    if len(info) <= _TIME:
        raise asn1.malformed("TSTInfo")
    fields = info[_IMPRINT].children(asn1.SEQUENCE)
    algorithm, imprint = cades.first_two(fields, "messageImprint")
    digest = cades.hashed(cades.algorithm(algorithm).digest, signature)
    return _time(info[_TIME].contents), digest == imprint.octets()


def _time(contents: bytes) -> datetime:
    """A GeneralizedTime that may have fractions of a second (RFC 3161 2.4.2)."""
    whole, _dot, _fraction = contents.decode("ascii", "replace").removesuffix("Z").partition(".")
    try:
        return datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise asn1.malformed("genTime") from error
