"""Everything that can go wrong, as facts.

An error names what happened and carries the facts a sentence needs; the sentence itself, the exit
code and the next step stand in `sentences.py`. Errors are serialisable: they cross the pipe of a
child process as `to_facts()` and come back by `from_facts()`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self


def _kebab(name: str) -> str:
    return "".join("-" + c.lower() if c.isupper() else c for c in name).lstrip("-")


class EsignError(Exception):
    """Something that can happen; `facts` are plain JSON values, `code` is stable."""

    code: ClassVar[str] = "error"
    kinds: ClassVar[dict[str, type[EsignError]]] = {}

    def __init_subclass__(cls) -> None:
        cls.code = _kebab(cls.__name__)
        EsignError.kinds[cls.code] = cls

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code

    def to_facts(self) -> dict[str, Any]:
        """The error as a JSON object: its code and its facts."""
        return {"code": self.code, **self.facts}

    @staticmethod
    def from_facts(facts: dict[str, Any]) -> EsignError:
        """The error that `to_facts` described; raises KeyError on an unknown code."""
        rest = dict(facts)
        return EsignError.kinds[rest.pop("code")](**rest)

    @classmethod
    def because(cls, cause: BaseException, **facts: Any) -> Self:
        """The error with the vendor's own words kept as the fact `detail`."""
        return cls(detail=f"{type(cause).__name__}: {cause}".rstrip(": "), **facts)


# --- usage ---------------------------------------------------------------------------------------


class UnknownProvince(EsignError):
    """given: str; suggestions: list[str]."""


class UnknownDistrict(EsignError):
    """given: str; suggestions: list[str], districts whose names are near."""


class BadDate(EsignError):
    """given: str."""


class Usage(EsignError):
    """detail: str, a sentence already in the user's language."""


# --- files and environment -----------------------------------------------------------------------


class FileMissing(EsignError):
    """path: str."""


class FileUnreadable(EsignError):
    """path: str; detail: str."""


class OutputExists(EsignError):
    """path: str."""


class OutputFolderMissing(EsignError):
    """path: str."""


class OutputUnwritable(EsignError):
    """path: str; detail: str."""


class HomeMissing(OutputUnwritable):
    """path: str, the home folder of this account, which is not there; detail: str."""


class DiskFull(EsignError):
    """path: str."""


class BinaryToTerminal(EsignError):
    """format: str."""


class PdfMissing(EsignError):
    """What makes PDF, the extra `pdf`, is not installed."""


class TypesetFailed(EsignError):
    """template: str; detail: str."""


class NoTerminal(EsignError):
    """wanted: str, what would have been asked; option: str, what answers it without a terminal."""


class AlreadyRunning(EsignError):
    """what: str, the command of which another run has not ended; path: str, of the lock."""


class Declined(EsignError):
    """The user said no; nothing was done."""


# --- servers -------------------------------------------------------------------------------------


class HttpFailed(EsignError):
    """url: str, without query and user; problem: str, a code; detail: str. No whole answer came."""


class AddressRefused(HttpFailed):
    """url: str; problem: str, why it was not called: private, scheme, malformed, redirect-…"""


class ServerUnreachable(HttpFailed):
    """url: str; detail: str."""


class ServerTimedOut(HttpFailed):
    """url: str; seconds: float."""


class AnswerTooLarge(HttpFailed):
    """url: str; most: int, bytes."""


class HttpStatusBad(HttpFailed):
    """url: str; status: int, what the server answered instead of what was wanted."""


class TimeStampRefused(EsignError):
    """url: str; status: int, of PKIStatus; detail: str, the server's own words."""


class TimeStampWrong(EsignError):
    """url: str; problem: str, a code; detail: str. It is no time stamp over what was sent."""


class NothingToAddTo(EsignError):
    """path: str; because: list[str], codes: why no signature can be added to what is there."""


class SignatureFailed(EsignError):
    """sub: str, the sub-indication (EN 319 102-1) for which a signature is not raised."""


class SignatureUnproven(EsignError):
    """sub: str, the sub-indication for which a signature is not raised."""


class ProfileNotSigned(EsignError):
    """wanted: str; named: str | None, the profile that the signature itself names."""


class ArchiveForbidden(EsignError):
    """profile: str, whose rules allow no archive time stamp."""


class GraceRunning(EsignError):
    """since: str, the time from which a signature of this profile can be finished."""


class LevelNotReached(EsignError):
    """wanted: str; level: str, what the file is now."""


class NoTrustedPath(EsignError):
    """holder: str, whose certificate leads to no accepted root."""


class NotCleared(EsignError):
    """holder: str; because: str, a code: what is missing to prove that it was not revoked."""


class NewerDataNeeded(NotCleared):
    """holder: str, as in NotCleared; since: str, when data are expected that are new enough."""


class StampTooLate(EsignError):
    """latest: str, until when a time stamp would have counted for the signature."""


class LevelForbidden(EsignError):
    """level: str, which a signature cannot be with the references and values that it has."""


class ReferencesUnfinished(EsignError):
    """profile: str, of whose references and values a signature holds some and not all."""


class VerifiedAsLess(EsignError):
    """wanted: str; level: str, which verifying makes of a signature with all that it takes."""


class TimeStampServerUnset(EsignError):
    """Neither an option nor the settings name a time stamp server."""


# --- config --------------------------------------------------------------------------------------


class ConfigUnreadable(EsignError):
    """path: str; detail: str."""


class UnknownSetting(EsignError):
    """path: str; key: str; suggestions: list[str]."""


class BadSetting(EsignError):
    """path: str; key: str; value: str; wanted: str."""


# --- database ------------------------------------------------------------------------------------


class DatabaseNewer(EsignError):
    """path: str; migrations: list[str], the ones this version does not know."""


class DatabaseUnreadable(EsignError):
    """path: str; detail: str, what is wrong with its content."""


class DatabaseUnopenable(EsignError):
    """path: str; detail: str, what keeps it from being reached; its content may be well."""


class DatabaseBusy(EsignError):
    """path: str; seconds: float."""


# --- child processes -----------------------------------------------------------------------------


class ChildDied(EsignError):
    """program: str; signal: str | None; exit_code: int | None; stderr: str, its last lines."""


class ChildTimedOut(EsignError):
    """program: str; seconds: float."""


# --- certificates and signatures -----------------------------------------------------------------


class CertificateUnreadable(EsignError):
    """detail: str."""


class Asn1Malformed(EsignError):
    """detail: str."""


class KeyRefused(EsignError):
    """key: str, in the words of model.Certificate."""


class SelfCheckFailed(EsignError):
    """detail: str, what of our own signature did not hold."""


class TrustUnreadable(EsignError):
    """path: str; detail: str."""


class BadFingerprint(EsignError):
    """given: str, that is no whole SHA-256."""


class FingerprintNotFound(EsignError):
    """given: str; found: list[str], the SHA-256 of the roots that are there."""


class FingerprintNotInStore(EsignError):
    """given: str, which names no certificate of the trust store, or several."""


class RootNotAccepted(EsignError):
    """holder: str; sha256: str, of a root that nobody was there to accept."""


class NoRootAccepted(EsignError):
    """The trust store has no root that a sub-CA could lead to."""


class NothingTrusted(EsignError):
    """path: list[str], files with no certificate that is, or leads to, an accepted root."""


class RevocationUnreadable(EsignError):
    """path: str; detail: str."""


class RequirementNotMet(EsignError):
    """missing: list[str], what a valid signature was required to be and is not."""


class BadTime(EsignError):
    """given: str."""


# --- the application form and who signs it -------------------------------------------------------


class FormUnreadable(EsignError):
    """path: str; detail: str."""


class UnknownFormKey(EsignError):
    """path: str, of the form file or of the template; key: str; suggestions: list[str]."""


class BadFormValue(EsignError):
    """path: str; key: str; wanted: str."""


class FormIncomplete(EsignError):
    """fields: list[str], their keys; found: list[{"code", "field"}], all problems at once."""


class TwoPeople(EsignError):
    """one: str, other: str: masked national ids, or names, that should be the same person's."""


class BadSecurityWord(EsignError):
    """The güvenlik sözcüğü is empty, has a control character, or was typed differently twice."""


class CertificateNotChosen(EsignError):
    """given: str, the SHA-256 asked for; certificates: list[str], those that are there."""


class AmbiguousCertificate(EsignError):
    """certificates: list[str]: several that could sign equally."""


class CertificateExpired(EsignError):
    """holder: str; not_after: str, in Turkish time."""


class CertificateNotYetValid(EsignError):
    """holder: str; not_before: str, in Turkish time."""


class CertificateNotQualified(EsignError):
    """holder: str; because: list[str], codes of Certificate.unqualified_because."""


class CertificateDoesNotSign(EsignError):
    """holder: str; its key usage lacks nonRepudiation."""


class KeyNotThere(EsignError):
    """holder: str; the certificate is there, its private key is not."""


class KeyAmbiguous(EsignError):
    """holder: str; more than one private key could belong to the certificate."""


class Pkcs12Unreadable(EsignError):
    """detail: str."""


class Pkcs12Refused(EsignError):
    """The passphrase is wrong (or the file damaged in a way that looks the same)."""


class Pkcs12Empty(EsignError):
    """The file holds no private key with its certificate."""


class PinWantedAgain(EsignError):
    """The key wants the PIN for each signature, and standard input gave it once."""


class SoftTokenFailed(EsignError):
    """detail: str, what SoftHSM2 said while a made-up token was made."""


class DemoFolderInUse(EsignError):
    """path: str, a folder with files in it that the demo did not make."""


class DemoStepFailed(EsignError):
    """command: str; status: int, its exit code."""


# --- cards, readers and their drivers ------------------------------------------------------------


class NoModule(EsignError):
    """looked: list[str], the folders that were searched."""


class ModuleMissing(EsignError):
    """path: str; found_by: str, what named it: option, environment or config."""


class ModuleWrongArchitecture(EsignError):
    """path: str; module: list[str], what it was built for; ours: str."""


class ModuleNotALibrary(EsignError):
    """path: str."""


class ModuleLacksLibrary(EsignError):
    """path: str; library: str, what it needs and did not find."""


class ModuleUnusable(EsignError):
    """path: str; detail: str: it does not load, or refuses to start."""


class ModuleCrashed(EsignError):
    """path: str; during: str; signal: str | None; stderr: str."""


class ModuleHung(EsignError):
    """path: str; during: str; seconds: float."""


class CardServiceDown(EsignError):
    """No reader is seen, and the system's smart card service is not running."""


class NoReader(EsignError):
    """path: str, the module that sees none."""


class NoCard(EsignError):
    """readers: list[str], all empty."""


class CardBlank(EsignError):
    """readers: list[str], whose card was never initialised."""


class CardUnknown(EsignError):
    """reader: str, whose card this module does not know."""


class NoSuchCard(EsignError):
    """wanted: str; present: list[str], labels."""


class CardAmbiguous(EsignError):
    """present: list[str], labels of the cards one of which must be chosen."""


class NoCertificateOnCard(EsignError):
    """present: list[str], labels of the cards that were read."""


class CardBusy(EsignError):
    """card: str, its serial number; seconds: int; another esign holds the card that long."""


class NoSuchReader(EsignError):
    """wanted: str; present: list[str], the readers in which there is a card."""


class CardUnreadable(EsignError):
    """card: str; detail: str."""


class CardRemoved(EsignError):
    """The card, or its reader, went away in the middle."""


class CardExchanged(EsignError):
    """The card is not the one that was shown, or its certificate is not."""


class CardRefusedToSign(EsignError):
    """detail: str."""


class PinLocked(EsignError):
    """card: str; by_this_try: bool."""


class PinOnLastTry(EsignError):
    """card: str."""


class PinNotInitialised(EsignError):
    """card: str."""


class PinIncorrect(EsignError):
    """card: str; pin: str, its state after the try."""


class PinLengthWrong(EsignError):
    """card: str; shortest: int; longest: int."""


class PinUnanswered(EsignError):
    """card: str; the module ended or hung inside the login, so the try may have been counted."""


class SecretMissing(EsignError):
    """name: str."""


class SecretMalformed(EsignError):
    """name: str; because: str, a code."""


class SecretsExtra(EsignError):
    """expected: int, the number of lines."""


class CredentialMissing(EsignError):
    """name: str, of the secret; looked: list[str], the places that were looked in."""


class CredentialMalformed(EsignError):
    """name: str, of a secret with a control character in it."""


class CredentialExposed(EsignError):
    """path: str; mode: str, octal: others than its owner may read this file of secrets."""


# --- workbooks and imports -----------------------------------------------------------------------


class WorkbookEmpty(EsignError):
    """path: str."""


class WorkbookEncrypted(EsignError):
    """path: str."""


class WorkbookHasMacros(EsignError):
    """path: str."""


class WorkbookForeign(EsignError):
    """path: str; kind: str, what it is instead: "PDF", "Word", …"""


class WorkbookNotYetRead(EsignError):
    """path: str; kind: str, a kind of workbook that this version does not read."""


class WorkbookDamaged(EsignError):
    """path: str; detail: str."""


class WorkbookTooLarge(EsignError):
    """path: str; its reader ran out of memory or time, or crashed."""


class NoTableFound(EsignError):
    """path: str; no sheet has a row that looks like a header."""


class NoIdentityColumn(EsignError):
    """path: str; sheet: str; row: int; headers: list[str]."""


class AmbiguousColumn(EsignError):
    """path: str; sheet: str; column: str; fields: list[str], what it may be."""


class MappedColumnMissing(EsignError):
    """path: str; sheet: str; column: str; headers: list[str]."""


class BadMapping(EsignError):
    """given: str; fields: list[str]."""


class NoSuchSheet(EsignError):
    """path: str; sheet: str; sheets: list[str]."""


class WorkbookWithoutPeople(EsignError):
    """path: str."""


class SnapshotOfCertificates(EsignError):
    """path: str."""


class MixedSheets(EsignError):
    """path: str; kinds: list[str], what its sheets are."""


class ProvinceNeeded(EsignError):
    """path: str; the file names no province, and neither did the user."""


class ScopeNeeded(EsignError):
    """A full snapshot of what? Neither an option nor the settings say."""


class NoSuchImport(EsignError):
    """number: int."""


class NotTheNewestImport(EsignError):
    """number: int; newest: int, the only import that can be taken back."""


# --- lists of people -----------------------------------------------------------------------------


class IdListUnreadable(EsignError):
    """path: str."""


class IdListEmpty(EsignError):
    """path: str."""


class NoSuchWatch(EsignError):
    """number: int; there is no such pile of cards, or no e-imza in it."""


class BadNationalId(EsignError):
    """given: str, masked."""


class UnknownWord(EsignError):
    """option: str; given: str; known: list[str]."""


class UnknownFormat(EsignError):
    """path: str; known: list[str]."""


class UnknownEnding(EsignError):
    """path: str; known: list[str]; nothing but the ending of the name tells the format."""


class OptionsExclude(EsignError):
    """options: list[str], that cannot be given together."""


# --- the life of an application ------------------------------------------------------------------


class UnknownApplication(EsignError):
    """given: str, a number that no application has, or what is neither that nor a national id."""


class NoOpenApplication(EsignError):
    """national_id: str, masked."""


class IllegalStep(EsignError):
    """number: int; state: str, its code; step: str; legal: list[str], the steps that are legal."""


class StepTooEarly(EsignError):
    """number: int; date: str; last: str, the last step's date; state: str, its code."""


class DayKept(EsignError):
    """number: int; state: str, its code; last: str, the day that is kept; date: str, that given."""


class DateInFuture(EsignError):
    """date: str."""


class NoteNeeded(EsignError):
    """step: str."""


class ApprovalRefused(EsignError):
    """number: int; verdict: str; reasons: list[str], codes; on: str, the day judged.

    details: list[dict], the reasons as `approving.detail` gives them: with source, field and value.
    """


class ApprovalRosterOld(EsignError):
    """number: int; as_of: str | None, the day of the MEBBİS export; days: int, the most allowed."""


class UnknownPerson(EsignError):
    """national_id: str, masked."""


class ReasonNeeded(EsignError):
    """A mark is somebody's word, and says why."""


class MarkOver(EsignError):
    """date: str, one that has passed."""


class EndTooFar(EsignError):
    """date: str; latest: str, the latest that a certificate could end."""


# --- messages to people --------------------------------------------------------------------------


class MailServerUnset(EsignError):
    """key: str, the setting that is missing."""


class MailServerUnreachable(EsignError):
    """host: str; port: int; detail: str."""


class MailServerUntrusted(EsignError):
    """host: str; detail: str: its certificate does not stand up to the check."""


class MailServerWithoutTls(EsignError):
    """host: str, which does not offer STARTTLS, or no login."""


class MailLoginUnencrypted(EsignError):
    """host: str; a login without encryption would show the password to the network."""


class MailLoginRefused(EsignError):
    """host: str; user: str; detail: str, the server's answer."""


class RecipientsRefused(EsignError):
    """host: str; addresses: list[str]; everybody: bool, whether nobody is left; detail: str.

    for_good: bool, whether trying again is of no use.
    """


class MessageRefused(EsignError):
    """host: str; detail: str, the server's answer."""


class MessageUnsent(EsignError):
    """host: str; detail: str: it hung or went away, and may have taken the message or not."""


class GatewayUnset(EsignError):
    """key: str, the setting that is missing."""


class GatewayFailed(EsignError):
    """host: str; problem: str, a code or words: no whole answer came; was it taken or not?"""


class GatewayRefused(EsignError):
    """host: str; detail: str, its status and what it said."""


class BadTimeOfDay(EsignError):
    """given: str."""


class PathUnschedulable(EsignError):
    """path: str, with a control character in it, which no scheduler takes."""


class CrontabMarksBroken(EsignError):
    """Not one pair of our marks is in the crontab, so that ours cannot be told from the rest."""


class SchedulerMissing(EsignError):
    """program: str."""


class SchedulerFailed(EsignError):
    """program: str; detail: str, what it said."""


class TemplateBroken(EsignError):
    """path: str; row: int | None; detail: str, in the template language's own words."""
