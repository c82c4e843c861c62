"""A verification report in the reader's words: verdict first, then who, when, and each check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from esign_cli.clock import ISTANBUL
from esign_cli.cms.verification import (
    Check,
    Indication,
    Report,
    Result,
    SignatureReport,
    Sub,
    Warned,
)
from esign_cli.i18n import N_, _
from esign_cli.turkish import mask

VERDICTS = {
    Indication.PASSED: N_("VALID [TOTAL-PASSED]"),
    Indication.FAILED: N_("INVALID [TOTAL-FAILED]"),
    Indication.INDETERMINATE: N_("UNDETERMINED [INDETERMINATE]"),
}
REASONS = {
    Sub.FORMAT_FAILURE: N_("The file is not a signature that follows the rules."),
    Sub.HASH_FAILURE: N_("The content is not the content that was signed."),
    Sub.SIG_CRYPTO_FAILURE: N_("The signature is not the one that this certificate's key makes."),
    Sub.SIGNED_DATA_NOT_FOUND: N_("The signature is detached, and the signed content is not here."),
    Sub.NO_SIGNING_CERTIFICATE_FOUND: N_("The certificate that signed is not in the file."),
    Sub.SIG_CONSTRAINTS_FAILURE: N_("The signature breaks a rule of its format."),
    Sub.CRYPTO_CONSTRAINTS_FAILURE: N_("An algorithm or a key is too weak to be relied on."),
    Sub.CHAIN_CONSTRAINTS_FAILURE: N_("The certificate is not meant for signatures of this kind."),
    Sub.POLICY_PROCESSING_ERROR: N_("The signature names a policy that was not processed."),
    Sub.NO_CERTIFICATE_CHAIN_FOUND: N_("The certificate does not lead to a trusted root."),
    Sub.REVOKED_NO_POE: N_("A certificate is revoked, and nothing proves the signature older."),
    Sub.OUT_OF_BOUNDS_NO_POE: N_(
        "A certificate was not valid at that time, and nothing proves the signature older."
    ),
    Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE: N_("The certificates could not be judged."),
    Sub.TRY_LATER: N_("There is no proof yet that every certificate is unrevoked."),
}
STEPS = {
    Sub.SIGNED_DATA_NOT_FOUND: N_("Give the signed file with --content."),
    Sub.NO_CERTIFICATE_CHAIN_FOUND: N_(
        "Accept its root with esign trust add, after comparing the fingerprint with Kamu SM's "
        "publication, or name the certificates that you trust with --trust."
    ),
    Sub.TRY_LATER: N_(
        "Give current revocation data of every certificate below the root with --crl or --ocsp."
    ),
}
CHECKS = {
    "format": N_("Format"),
    "content": N_("Content"),
    "signer": N_("Signer's certificate"),
    "signature": N_("Signature"),
    "attributes": N_("Signed attributes"),
    "algorithms": N_("Algorithms"),
    "key-usage": N_("Key usage"),
    "policy": N_("Signature policy"),
    "time-stamp": N_("Time stamp"),
    "path": N_("Path to a root"),
    "validity": N_("Validity"),
    "revocation": N_("Revocation"),
}
RESULTS = {
    Result.PASSED: N_("passed"),
    Result.FAILED: N_("FAILED"),
    Result.NOT_CHECKED: N_("not checked"),
}
WORDS = {
    "well-formed": N_("CMS SignedData, read to its last byte"),
    "malformed": N_("broken or against the rules: {detail}"),
    "content-intact": N_("unaltered"),
    "content-altered": N_("altered after it was signed"),
    "content-missing": N_("detached, and the content was not given"),
    "other-content": N_("the given file is not the content inside the signature"),
    "unknown-digest": N_("unknown digest algorithm {algorithm}"),
    "certificate-absent": N_("not in the file"),
    "certificate-unreadable": N_("cannot be read: {detail}"),
    "certificate-bound": N_("in the file, and bound by the signature"),
    "certificate-not-bound": N_("in the file, and not bound by the signature"),
    "ess-other-certificate": N_("the signature is bound to another certificate"),
    "signature-right": N_("made with the key of this certificate"),
    "signature-wrong": N_("not made with the key of this certificate over these data"),
    "digests-differ": N_("digest {digest}, but the signature is over {signature}"),
    "no-signed-attributes": N_("none: nothing binds time and certificate"),
    "no-ess": N_("no signing-certificate attribute"),
    "attributes-not-der": N_("signed in an order that is not DER"),
    "attributes-good": N_("complete, and signed in DER"),
    "signed-before-certificate": N_("signing time before the certificate began"),
    "signed-in-future": N_("signing time in the future"),
    "algorithms-strong": N_("strong enough: {algorithm}"),
    "unknown-algorithm": N_("unknown algorithm {algorithm}"),
    "weak-digest": N_("too weak: {algorithm}"),
    "weak-key": N_("key too weak: {key}"),
    "weak-chain": N_("too weak, in the certificate of: {certificate}"),
    "ess-weak": N_("the certificate is bound with a weak digest: {algorithm}"),
    "non-repudiation": N_("nonRepudiation: meant for signatures"),
    "no-non-repudiation": N_("nonRepudiation is missing"),
    "policy-not-processed": N_("named in the signature; this version does not process policies"),
    "stamp-of-another": N_("is not over this signature"),
    "stamp-too-far": N_("too far from the signing time: {time}"),
    "stamp-not-judged": N_("Time stamp of {time}: read, its own signature not judged."),
    "path-found": N_("leads to: {anchor}"),
    "no-path": N_("no path to a trusted root"),
    "path-refused": N_("refused: {detail}"),
    "engine-error": N_("could not be judged: {detail}"),
    "not-judged": N_("could not be judged"),
    "all-valid": N_("every certificate valid on {at}"),
    "expired": N_("expired on {not_after}: {certificate}"),
    "not-yet-valid": N_("valid from {not_before} only: {certificate}"),
    "good": N_("not revoked: {certificate} ({source} of {this_update})"),
    "revoked": N_("revoked on {revoked_at}: {certificate}"),
    "suspended": N_("suspended on {revoked_at}: {certificate}"),
    "unknown": N_("not known to its issuer: {certificate}"),
    "stale": N_("no current data, the newest of {this_update}: {certificate}"),
    "weak": N_("the data are signed too weakly: {certificate}"),
    "none": N_("no data for: {certificate}"),
    "no-signing-time": N_("There is no signing time: the signature is BES, not B-B."),
    "ess-explicit-default": N_("The signing-certificate attribute writes out a default (not DER)."),
    "attributes-not-sorted": N_("The signed attributes are not written in DER order."),
    "other-certificates": N_("Certificates of a kind that was not read: {count}"),
    "not-fetched": N_("Not fetched: {address}"),
    "data-older-than-signature": N_(
        "The revocation data are older than the signature: {certificate} ({this_update})"
    ),
}
_TIMES = frozenset(
    {"at", "time", "not_before", "not_after", "this_update", "next_update", "revoked_at"}
)
_OFTEN_ABSENT = ("policy", "time-stamp")
_NAMES = {
    "crl": N_("CRL"),
    "ocsp": N_("OCSP answer"),
    "cut short": N_("cut short"),
    "not signed data": N_("no CMS SignedData"),
    "too deep": N_("nested too deeply"),
    "too many elements": N_("too many elements"),
}
"""Facts that are words; the rest of a reader's finer points stay as they are."""


def heading(report: Report) -> Iterator[str]:
    """The verdict and why, and the time it is for."""
    yield _(VERDICTS[report.indication])
    if report.subindication is not None:
        yield f"{_(REASONS[report.subindication])} [{report.subindication}]"
    if report.problem is not None:
        yield words(report.problem.code, report.problem.facts)
    yield _("Validated for: {time}").format(time=local(report.validation_time))


def about(entry: SignatureReport) -> Iterator[str]:
    """Who signed, when, with what."""
    signer = entry.signer
    if signer is not None:
        number = f" ({mask(signer.national_id)})" if signer.national_id else ""
        yield _("Signer: {name}").format(name=signer.holder + number)
        yield _("Certificate: {serial}, from: {issuer}").format(
            serial=signer.serial, issuer=signer.issuer
        )
        yield _("Qualified: {answer}").format(answer=_qualified(entry.qualified))
    if entry.signing_time is not None:
        moment = local(entry.signing_time)
        yield _("Signing time, by the signer's own clock: {time}").format(time=moment)
    yield _("Level: {level}").format(level=entry.level or "–")


def _qualified(answer: bool | None) -> str:
    if answer is None:
        return _("it claims to be; no trusted root confirms it")
    return _("yes") if answer else _("no")


def rows(entry: SignatureReport) -> Iterator[tuple[str, str, str]]:
    """Check, result and evidence, one row a check that says something."""
    for check in entry.checks:
        if check.name in _OFTEN_ABSENT and check.result is Result.NOT_CHECKED:
            continue
        yield _(CHECKS[check.name]), _(RESULTS[check.result]), said(check)


def said(what: Check | Warned) -> str:
    """A check's evidence or a warning."""
    return words(what.code, what.facts)


def words(code: str, facts: tuple[tuple[str, str], ...]) -> str:
    """A code with its facts as a sentence."""
    if not code:
        return ""
    return _(WORDS[code]).format_map(_Facts((name, _fact(name, value)) for name, value in facts))


def next_step(report: Report) -> str:
    """What to do about it; may be empty."""
    step = STEPS.get(report.subindication) if report.subindication else None
    return _(step) if step else ""


def local(time: datetime) -> str:
    """22.11.2026 14:30:05 +03:00, in Turkish local time."""
    here = time.astimezone(ISTANBUL)
    return f"{here:%d.%m.%Y %H:%M:%S} {here.isoformat()[-6:]}"


_AFTER_THE_END = " bytes after the end"


def _fact(name: str, value: str) -> str:
    if name in _TIMES:
        return local(datetime.fromisoformat(value))
    if value.endswith(_AFTER_THE_END):
        return _("{count} bytes after the end").format(count=value.removesuffix(_AFTER_THE_END))
    return _(_NAMES[value]) if value in _NAMES else value


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"
