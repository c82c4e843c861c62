"""Errors of certificates, keys, signatures, time stamps, trust."""

from __future__ import annotations

from esign_cli.foundation.errors import (
    CardError,
    EnvironmentFault,
    Indeterminate,
    InputError,
    PinRefusal,
    Refusal,
    SignatureError,
    Unfinished,
    UsageError,
)
from esign_cli.foundation.exit_codes import PARTLY


class TimeStampRefused(EnvironmentFault):
    code = "time-stamp-refused"
    url: str
    status: int
    """Of PKIStatus."""
    detail: str
    """The server's own words."""


class TimeStampWrong(EnvironmentFault):
    code = "time-stamp-wrong"
    url: str
    problem: str
    """A code."""
    detail: str
    """It is no time stamp over what was sent."""
    authority: str
    """Whose certificate it names; empty if that was not found out."""


class NothingToAddTo(Refusal):
    """Codes: why no signature can be added to what is there."""

    code = "nothing-to-add-to"
    path: str
    because: list[str]


class SignatureFailed(SignatureError):
    code = "signature-failed"
    sub: str
    """The sub-indication (EN 319 102-1) for which a signature is not extended."""


class SignatureUnproven(Indeterminate):
    code = "signature-unproven"
    sub: str
    """The sub-indication for which a signature is not extended."""


class ProfileNotSigned(Refusal):
    code = "profile-not-signed"
    wanted: str
    named: str | None
    """The profile that the signature itself names."""


class ArchiveForbidden(Refusal):
    code = "archive-forbidden"
    profile: str
    """Whose rules allow no archive time stamp."""


class GraceRunning(Unfinished):
    code = "grace-running"
    since: str
    """The time from which a signature of this profile can be finished."""


class LevelNotReached(Unfinished):
    code = "level-not-reached"
    wanted: str
    level: str
    """What the file is now."""


class NoTrustedPath(Indeterminate):
    code = "no-trusted-path"
    holder: str
    """Whose certificate leads to no accepted root."""


class NotCleared(Indeterminate):
    code = "not-cleared"
    holder: str
    because: str
    """A code: what is missing to prove that it was not revoked."""


class NewerDataNeeded(NotCleared):
    code = "newer-data-needed"
    exit_status = PARTLY
    holder: str
    """As in NotCleared."""
    since: str
    """When data are expected that are new enough."""


class StampTooLate(Refusal):
    code = "stamp-too-late"
    latest: str
    """Until when a time stamp would have counted for the signature."""


class LevelForbidden(Refusal):
    code = "level-forbidden"
    level: str
    """Which a signature cannot be with the references and values that it has."""


class ReferencesUnfinished(Refusal):
    code = "references-unfinished"
    profile: str
    """Of whose references and values a signature holds some and not all."""


class VerifiedAsLess(Unfinished):
    code = "verified-as-less"
    wanted: str
    level: str
    """Which verifying makes of a signature with all that it takes."""


class TimeStampServerUnset(UsageError):
    """Neither an option nor the settings name a time stamp server."""

    code = "time-stamp-server-unset"


class CertificateUnreadable(CardError):
    code = "certificate-unreadable"
    detail: str


class Asn1Malformed(InputError):
    code = "asn1-malformed"
    detail: str


class KeyRefused(Refusal):
    code = "key-refused"
    key: str
    """In the words of model.Certificate."""


class SelfCheckFailed(SignatureError):
    code = "self-check-failed"
    detail: str
    """What of our own signature did not hold."""


class TrustUnreadable(InputError):
    code = "trust-unreadable"
    path: str
    detail: str


class BadFingerprint(UsageError):
    code = "bad-fingerprint"
    given: str
    """That is no whole SHA-256."""


class FingerprintNotFound(Refusal):
    code = "fingerprint-not-found"
    given: str
    found: list[str]
    """The SHA-256 of the roots that are there."""


class FingerprintNotInStore(UsageError):
    code = "fingerprint-not-in-store"
    given: str
    """Which names no certificate of the trust store, or several."""


class RootNotAccepted(Refusal):
    code = "root-not-accepted"
    holder: str
    sha256: str
    """Of a root that nobody was there to accept."""


class NoRootAccepted(Refusal):
    """The trust store has no root that a sub-CA could lead to."""

    code = "no-root-accepted"


class NothingTrusted(Refusal):
    code = "nothing-trusted"
    path: list[str]
    """Files with no certificate that is, or leads to, an accepted root."""


class RevocationUnreadable(InputError):
    code = "revocation-unreadable"
    path: str
    detail: str


class RequirementNotMet(Refusal):
    code = "requirement-not-met"
    missing: list[str]
    """What a valid signature was required to be and is not."""


class BadTime(UsageError):
    code = "bad-time"
    given: str


class CertificateNotChosen(Refusal):
    code = "certificate-not-chosen"
    given: str
    """The SHA-256 asked for."""
    certificates: list[str]
    """Those that are there."""


class AmbiguousCertificate(Refusal):
    code = "ambiguous-certificate"
    certificates: list[str]
    """Several that could sign equally."""


class CertificateExpired(Refusal):
    code = "certificate-expired"
    holder: str
    not_after: str
    """In Turkish time."""


class CertificateNotYetValid(Refusal):
    code = "certificate-not-yet-valid"
    holder: str
    not_before: str
    """In Turkish time."""


class CertificateNotQualified(Refusal):
    code = "certificate-not-qualified"
    holder: str
    because: list[str]
    """Codes of Certificate.unqualified_because."""


class CertificateDoesNotSign(Refusal):
    """Its key usage lacks nonRepudiation."""

    code = "certificate-does-not-sign"
    holder: str
    place: str
    """"card" or "pkcs12": a file is never called a card."""


class KeyNotThere(Refusal):
    """The certificate is there, its private key is not."""

    code = "key-not-there"
    holder: str


class KeyAmbiguous(Refusal):
    """More than one private key could belong to the certificate."""

    code = "key-ambiguous"
    holder: str


class Pkcs12Unreadable(InputError):
    code = "pkcs12-unreadable"
    detail: str


class Pkcs12Refused(PinRefusal):
    """The passphrase is wrong (or the file damaged in a way that looks the same)."""

    code = "pkcs12-refused"


class Pkcs12Empty(CardError):
    """The file holds no private key with its certificate."""

    code = "pkcs12-empty"


class PinWantedAgain(Refusal):
    """The key wants the PIN for each signature, and standard input gave it once."""

    code = "pin-wanted-again"


class NotASignature(InputError):
    """The file is something else than a signature, or a container of signatures."""

    code = "not-a-signature"
    path: str
    kind: str
    """Of `signatures.file_kinds`."""


class FileChanged(InputError):
    """A file is another by now than the one that was shown before the consent."""

    code = "file-changed"
    path: str


class ContentAmbiguous(InputError):
    """Several files beside a signature could be what it is over."""

    code = "content-ambiguous"
    path: str
    present: list[str]


class ContainerUnreadable(InputError):
    code = "container-unreadable"
    detail: str


class ContainerTooLarge(InputError):
    code = "container-too-large"
    parts: int
    size: int
    """Bytes, unpacked."""


class ContainerUnsupported(InputError):
    """A container whose version is not read, or with nothing in it that is."""

    code = "container-unsupported"
    kind: str
    because: str
    """"version", "encrypted", "unsigned" or "xades"."""
