"""Errors of the application form and the life of an application."""

from __future__ import annotations

from esign_cli.foundation.errors import InputError, Refusal, UsageError


class FormUnreadable(InputError):
    code = "form-unreadable"
    path: str
    detail: str


class TemplateHidesText(InputError):
    """The text that would be signed has characters that nobody sees."""

    code = "template-hides-text"
    path: str
    row: int


class UnknownFormKey(InputError):
    code = "unknown-form-key"
    path: str
    """Of the form file or of the template."""
    key: str
    suggestions: list[str]


class BadFormValue(InputError):
    code = "bad-form-value"
    path: str
    key: str
    wanted: str


class FormIncomplete(InputError):
    code = "form-incomplete"
    fields: list[str]
    """Their keys."""
    found: list[dict[str, str]]


class TwoPeople(Refusal):
    code = "two-people"
    one: str
    other: str
    """Masked national ids, or names, that should be the same person's."""


class BadSecurityWord(InputError):
    """The güvenlik sözcüğü is empty, has a control character, or was typed differently twice."""

    code = "bad-security-word"


class UnknownApplication(UsageError):
    code = "unknown-application"
    given: str
    """A number that no application has, or what is neither that nor a national id."""


class NoOpenApplication(InputError):
    code = "no-open-application"
    national_id: str
    """Masked."""


class OwnExport(Refusal):
    """A list of applications that esign itself wrote is no list of new ones."""

    code = "own-export"
    path: str


class NumberOfTwo(Refusal):
    """The number is that of an application, and of somebody else in the last list."""

    code = "number-of-two"
    number: int


class IllegalStep(Refusal):
    code = "illegal-step"
    number: int
    state: str
    """Its code."""
    step: str
    legal: list[str]
    """The steps that are legal."""


class StepTooEarly(Refusal):
    code = "step-too-early"
    number: int
    date: str
    last: str
    """The last step's date."""
    state: str
    """Its code."""


class DayKept(Refusal):
    code = "day-kept"
    number: int
    state: str
    """Its code."""
    last: str
    """The day that is kept."""
    date: str
    """That given."""


class NothingToUndo(Refusal):
    code = "nothing-to-undo"
    number: int
    state: str
    """Its code."""


class StepOfCertificate(Refusal):
    """A certificate that was seen shows this step; nobody entered it."""

    code = "step-of-certificate"
    number: int
    state: str
    """Its code."""


class StepMeanwhile(Refusal):
    """Another step came between the question and the answer."""

    code = "step-meanwhile"
    number: int
    state: str
    """Its code."""


class DateInFuture(Refusal):
    code = "date-in-future"
    date: str


class NoteNeeded(UsageError):
    code = "note-needed"
    step: str


class ApprovalRefused(Refusal):
    code = "approval-refused"
    number: int
    verdict: str
    reasons: list[str]
    """Codes."""
    on: str
    """The day judged."""
    details: list[dict[str, str]]
    """The reasons as `approval.detail` gives them: with source, field and value."""


class ApprovalRosterOld(Refusal):
    code = "approval-roster-old"
    number: int
    as_of: str | None
    """The day of the MEBBİS export."""
    days: int
    """The most allowed."""


class UnknownPerson(InputError):
    code = "unknown-person"
    national_id: str
    """Masked."""


class ReasonNeeded(UsageError):
    """A mark is somebody's word, and says why."""

    code = "reason-needed"


class NoSuchCertificate(InputError):
    """A card cannot be marked as lost of whose certificate nothing is known."""

    code = "no-such-certificate"
    national_id: str
    """Masked."""
    given: str
    """The beginning of a hash, or ""."""
    known: list[str]
    """The hashes of those that are known."""


class MarkNeeded(UsageError):
    code = "mark-needed"


class MarkOver(UsageError):
    code = "mark-over"
    date: str
    """One that has passed."""


class EndTooFar(InputError):
    code = "end-too-far"
    date: str
    latest: str
    """The latest that a certificate could end."""


class RetentionUnset(UsageError):
    """Neither a day nor a period says what is to be deleted."""

    code = "retention-unset"
