"""The steps by which a signature is extended: bytes and means in, more bytes out, or an error.

Each gives the signature anew as soon as something was put in, so that nothing that was paid for is
lost by what fails afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import signatures as errors
from esign_cli.signatures import cades, validation
from esign_cli.signatures.cms import (
    archive,
    attribute_writer,
    long_term,
    policies,
    signed_data,
    time_stamp,
    time_stamp_request,
    validation_data,
)
from esign_cli.signatures.cms.data_collector import DataCollector, PathQuestion, RevocationProof
from esign_cli.signatures.cms.report import Report, SignatureReport, StampReport
from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo
from esign_cli.signatures.cms.time_stamp import Stamp
from esign_cli.signatures.cms.time_stamp_request import TimeStamps
from esign_cli.signatures.extend import inspection
from esign_cli.signatures.extend.targets import ExtensionServices, Step, Task
from esign_cli.signatures.pki import crl_ocsp
from esign_cli.signatures.pki.crl import Freshness, RevocationData

# --- time stamps ---------------------------------------------------------------------------------


def _stamped(signature: bytes, task: Task) -> Iterator[bytes]:
    """Every signer without a good signature time stamp given one, as long as it would count.

    Raises StampTooLate for the others, once the rest have theirs.
    """
    data = signed_data.parse(signature)
    late: list[datetime] = []
    for signer in _lacking(data, Step.STAMP, task):
        if inspection.good_stamps(data, _again(data, signer)):
            continue  # the same part twice
        latest = _latest(signer)
        if latest is not None and task.means.now() > latest:
            late.append(latest)
            continue
        authority = _authority(task.means)
        token = authority.stamp(time_stamp_request.imprint(signer.signature))
        signature = _put(signature, signer, cades.SIGNATURE_TIME_STAMP, token)
        data = signed_data.parse(signature)
        _check(inspection.stamps(data, _again(data, signer)), token, authority.address)
        yield signature
    if late:
        raise errors.StampTooLate(latest=min(late).astimezone(ISTANBUL).isoformat())


def _lacking(data: SignedData, step: Step, task: Task) -> list[SignerInfo]:
    return [
        s
        for _number, s in inspection.signers(data, task)
        if not inspection.has(data, s, step, task)
    ]


def _latest(signer: SignerInfo) -> datetime | None:
    """Until when a time stamp counts by BTK's policies: none is bought that could not be put in."""
    signed_at = inspection.signing_time(signer) if policies.names_known(signer) else None
    return None if signed_at is None else signed_at + time_stamp.LATEST


def _authority(means: ExtensionServices) -> TimeStamps:
    if means.stamps is None:
        raise errors.TimeStampServerUnset
    return means.stamps


def _put(signature: bytes, signer: SignerInfo, oid: str, value: bytes) -> bytes:
    """The attribute added to the signer's part, wherever the sets' order has brought it."""
    data = signed_data.parse(signature)
    added = [cades.attribute(oid, value)]
    places = [n for n, other in enumerate(data.signers) if other.fields == signer.fields]
    return attribute_writer.added(
        signature, attribute_writer.Additions(attributes=dict.fromkeys(places, added))
    )


def _again(data: SignedData, signer: SignerInfo) -> SignerInfo:
    """The same signer's part in the signature as it is now."""
    return next(other for other in data.signers if other.fields == signer.fields)


def _check(stamps: Sequence[Stamp], token: bytes, address: str) -> None:
    """Raise TimeStampWrong unless the time stamp that came is good by its own bytes."""
    stamp = next((one for one in stamps if one.wire == token), None)
    if stamp is None:
        raise errors.TimeStampWrong(problem="too-many", detail="", url=address, authority="")
    if stamp.fault is not None:
        facts = dict(stamp.fault.facts)
        detail = facts.get("detail", "")
        known = detail in _TOLD_BY_DETAIL
        name = stamp.authority.holder if stamp.authority else ""
        problem = detail if known else stamp.fault.code
        raise errors.TimeStampWrong(problem=problem, detail=detail, url=address, authority=name)


_TOLD_BY_DETAIL = frozenset({"ess-weak", "no-ess", "weak-digest", "weak-key", "signature-wrong"})
"""What is wrong with a token, where its own code only says that something is."""


# --- what a signature stands on ------------------------------------------------------------------


def _judged(signature: bytes, task: Task) -> tuple[DataCollector, Report]:
    now = task.means.now()
    collector = DataCollector(task.means.validator, task.means.fetch)
    report = validation.verify(
        signature, content=task.content, validator=collector, at=now, now=now
    )
    return collector, report


def _asked(collector: DataCollector, der: bytes, at: datetime, holder: str) -> PathQuestion:
    """The question about a certificate at that time: for each it is cleared by other data."""
    questions = [a for a in collector.asked if a.certificate == der and a.at == at]
    if not questions:
        raise errors.NoTrustedPath(holder=holder)
    return questions[-1]


def _own(collector: DataCollector, entry: SignatureReport, freshness: Freshness) -> PathQuestion:
    """What was asked about the signer, with the freshness that is wanted of what is put in."""
    if entry.signer is None:
        raise errors.NoTrustedPath(holder="")
    at = entry.best_signature_time
    asked = _asked(collector, entry.signer.der, at, entry.signer.holder)
    return replace(asked, freshness=freshness)


def _of_stamps(collector: DataCollector, entry: SignatureReport) -> list[PathQuestion]:
    """What was asked about the authorities of the time stamps that prove something, or may yet."""
    known = [stamp for stamp in entry.stamps if stamp.authority]
    relied_on = [stamp for stamp in known if stamp.code in _RELIED_ON] or known
    return [_of_stamp(collector, stamp) for stamp in relied_on]


_RELIED_ON = ("stamp-good", "stamp-unproven")


def _of_stamp(collector: DataCollector, stamp: StampReport) -> PathQuestion:
    if stamp.authority is None or stamp.proven is None:
        raise errors.NoTrustedPath(holder="")
    return _asked(collector, stamp.authority.der, stamp.proven, stamp.authority.holder)


# --- validation data -----------------------------------------------------------------------------


def _with_values(signature: bytes, task: Task) -> Iterator[bytes]:
    """Certificates and revocation data of signers and time stamps put into SignedData.

    The signer's have to be from after its time stamp: older ones would prove nothing later.
    """
    collector, report = _judged(signature, task)
    data = signed_data.parse(signature)
    asked: list[PathQuestion] = []
    for number, signer in inspection.signers(data, task):
        entry = report.signatures[number]
        fresh = Freshness(since=inspection.stamp_time(data, signer))
        asked += [_own(collector, entry, fresh), *_of_stamps(collector, entry)]
    yield attribute_writer.added(signature, _in_signed_data(collector, asked))


def _in_signed_data(
    collector: DataCollector, asked: Sequence[PathQuestion], there: frozenset[bytes] = frozenset()
) -> attribute_writer.Additions:
    """What clears all that was asked about, less what is `there`."""
    cleared = [one for each in asked for one in collector.cleared(each)]
    data = [datum for one in cleared for datum in one.data if datum.der not in there]
    return attribute_writer.Additions(
        certificates=[one.certificate for one in cleared if one.certificate not in there],
        revocation=[
            d.der if d.source == "crl" else attribute_writer.ocsp_choice(d.der) for d in data
        ],
    )


def _there(data: SignedData, signer: SignerInfo) -> frozenset[bytes]:
    """Certificates and revocation data that the signer's part holds, or SignedData."""
    inside = (one.der for one in validation_data.revocation(data, signer))
    return frozenset((*validation_data.certificates(data, signer), *inside))


def _with_references(signature: bytes, task: Task) -> Iterator[bytes]:
    """The four attributes of ES-XL added to every signer that lacks them (P3, P4)."""
    policy = task.target.policy
    assert policy is not None  # noqa: S101  (only profiles have this step)
    since = inspection.final_from(signature, task)
    if since is not None and task.means.now() < since:
        raise errors.GraceRunning(since=since.astimezone(ISTANBUL).isoformat())
    collector, report = _judged(signature, task)
    data = signed_data.parse(signature)
    attributes: dict[int, list[bytes]] = {}
    for number, signer in inspection.signers(data, task):
        if inspection.has(data, signer, Step.REFERENCES, task):
            continue
        entry = report.signatures[number]
        fresh = Freshness(policy.source, inspection.stamp_time(data, signer) + policy.grace)
        own = _own(collector, entry, fresh)
        attributes[number] = _long_term(collector, own, _of_stamps(collector, entry))
    yield attribute_writer.added(signature, attribute_writer.Additions(attributes=attributes))


def _long_term(
    collector: DataCollector, asked: PathQuestion, others: Sequence[PathQuestion]
) -> list[bytes]:
    """The four attributes; the references are the signer's path, the values all that was used."""
    none: list[RevocationData] = []
    own = collector.cleared(asked)
    used: list[RevocationProof] = [
        *own,
        *(one for each in others for one in collector.cleared(each)),
    ]
    certificates = [der for each in (asked, *others) for der in _chain(each)]
    return [
        long_term.certificate_references(asked.authorities),
        long_term.revocation_references([*(one.data for one in own), none]),
        long_term.certificate_values(certificates),
        long_term.revocation_values([datum for one in used for datum in one.data]),
    ]


def _chain(asked: PathQuestion) -> tuple[bytes, ...]:
    return (asked.certificate, *asked.authorities)


# --- archive time stamps -------------------------------------------------------------------------


def _archived(signature: bytes, task: Task) -> Iterator[bytes]:
    """An archive time stamp (version 3) over all that is there, for each signer that lacks one.

    What the signer and the time stamps before it stand on is put in first (EN 319 122-1 5.5.3): the
    newest on the authorities, since what is there on the others counts as long as these vouch.
    """
    data = signed_data.parse(signature)
    every = [signer for _number, signer in inspection.signers(data, task)]
    waiting = every if task.again else _lacking(data, Step.ARCHIVE, task)
    collector, report = _judged(signature, task)
    for signer, entry in zip(data.signers, report.signatures, strict=True):
        if signer in waiting:
            asked = [_own(collector, entry, crl_ocsp.ANY), *_of_stamps(collector, entry)]
            more = _in_signed_data(collector, asked, _there(data, signer))
            signature = attribute_writer.added(signature, more)
    for signer in waiting:
        token = _archive_token(signed_data.parse(signature), signer, task)
        signature = _put(signature, signer, cades.ARCHIVE_TIME_STAMP_V3, token)
        _check_archive(signature, signer, token, task)
        yield signature


def _archive_token(data: SignedData, signer: SignerInfo, task: Task) -> bytes:
    """A token for the signer, with the index of what it covers in it."""
    signer, content = _again(data, signer), task.content or b""
    index = archive.hash_index(data, signer, time_stamp_request.DIGEST)
    imprint = archive.imprint(data, signer, content, index, time_stamp_request.DIGEST)
    token = _authority(task.means).stamp(imprint)
    inside = {0: [cades.attribute(cades.ATS_HASH_INDEX_V3, index)]}
    return attribute_writer.added(token, attribute_writer.Additions(attributes=inside))


def _check_archive(signature: bytes, signer: SignerInfo, token: bytes, task: Task) -> None:
    data = signed_data.parse(signature)
    here = _again(data, signer)
    at = inspection.signing_time(here)
    stamps = time_stamp.archive_stamps(data, here, task.content or b"", at)
    _check(stamps, token, _authority(task.means).address)


STEPS: dict[Step, Callable[[bytes, Task], Iterator[bytes]]] = {
    Step.STAMP: _stamped,
    Step.VALUES: _with_values,
    Step.REFERENCES: _with_references,
    Step.ARCHIVE: _archived,
}
