"""What is known of people: the roster's persons, their duty records, certificates and marks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DutyClass(StrEnum):
    """A post of one's own (kadro), or an assignment (görevlendirme) to another place."""

    PERMANENT = "permanent"
    ASSIGNMENT = "assignment"


@dataclass(frozen=True, slots=True)
class Source:
    """A row of a workbook, as its reader counts (the first row is 1)."""

    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Person:
    """What the roster says of a person; empty text and None mean "not given"."""

    national_id: str
    given_name: str = ""
    family_name: str = ""
    birth_place: str = ""
    birth_date: date | None = None
    email: str = ""
    mobile_phone: str = ""
    registry_no: str = ""
    source: Source | None = None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class DutyRecord:
    """One current record of duty: a post, or an assignment; province is a plate code ("72")."""

    national_id: str
    duty_class: DutyClass
    institution_code: str = ""
    institution: str = ""
    province: str = ""
    district: str = ""
    title: str = ""
    branch: str = ""
    unit: str = ""
    kind: str = ""
    status: str = ""
    start: date | None = None
    end: date | None = None
    end_column: bool = True
    """Whether the file had an end-date column at all."""
    province_assumed: bool = False
    source: Source | None = None
    district_assumed: bool = False
    """Whether the district was taken from the institution's code, or from the own post."""


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """What the database knows of a person's certificate; dates in Europe/Istanbul."""

    national_id: str
    not_after: date
    not_before: date | None = None
    origin: str = "list"
    """"card", "file" (both DER) or "list" (dates only)."""
    serial: str = ""
    sha256: str = ""
    holder: str = ""
    qualified: bool | None = None
    """None: not known (a list says nothing of it)."""
    revocation: str = ""
    """"", "revoked", "suspended" or, by the administrator's word on the card, "lost"."""
    source: Source | None = None
    issuer: str = ""
    """The common name of its authority; a list names none."""
    revoked_on: date | None = None
    """The day of the loss or the revocation, where the administrator gave it."""
    told_on: date | None = None
    """The day on which a list was made, or on which somebody told the end."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The administrator's own word on a person, standing for the duty records while it holds."""

    national_id: str
    word: str
    """"on-duty" or "left"."""
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OpenApplication:
    """An application that has neither ended nor been cancelled."""

    number: int
    state: str
    since: date
    reason: str = "renewal"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """All that is known of one national id; the verdict depends on nothing else but the date."""

    national_id: str
    person: Person | None = None
    records: tuple[DutyRecord, ...] = ()
    certificates: tuple[CertificateRecord, ...] = ()
    mark: Mark | None = None
    application: OpenApplication | None = None
    missing_since: date | None = None
    """The day a full snapshot lacked the person, who then had no record left."""
    identity_conflict: bool = False
    duplicate_of: str = ""
    """A national id one digit or one swap away with the same name."""
    as_of: date | None = None
    """The day of the newest MEBBİS export that the records were read from."""
    replaced_on: date | None = None
    """The day on which a card was delivered for a lost one, or for another reason."""

    @property
    def known(self) -> bool:
        """Whether any file, card or list has named this person."""
        return bool(self.person or self.records or self.certificates or self.missing_since)
