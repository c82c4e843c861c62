"""Errors of workbooks, imports, lists of people."""

from __future__ import annotations

from esign_cli.foundation.errors import InputError, Refusal, UsageError


class WorkbookEmpty(InputError):
    code = "workbook-empty"
    path: str


class WorkbookEncrypted(InputError):
    code = "workbook-encrypted"
    path: str


class WorkbookHasMacros(InputError):
    code = "workbook-has-macros"
    path: str


class WorkbookForeign(InputError):
    code = "workbook-foreign"
    path: str
    kind: str
    """What it is instead: "PDF", "Word", …."""


class WorkbookDamaged(InputError):
    code = "workbook-damaged"
    path: str
    detail: str


class WorkbookOfOtherFormat(InputError):
    """A workbook in a format that only the programs which made it still read."""

    code = "workbook-of-other-format"
    path: str
    kind: str
    """"SYLK", "Excel 4", "Numbers", …."""


class WorkbookUnsupported(InputError):
    """It may be good, and the library that reads its format cannot."""

    code = "workbook-unsupported"
    path: str
    detail: str


class WorkbookTooLarge(InputError):
    """Its reader ran out of memory or time, or crashed."""

    code = "workbook-too-large"
    path: str
    detail: str


class NoTableFound(InputError):
    """No sheet has a row that looks like a header."""

    code = "no-table-found"
    path: str


class NoIdentityColumn(InputError):
    code = "no-identity-column"
    path: str
    sheet: str
    row: int
    headers: list[str]


class AmbiguousColumn(InputError):
    code = "ambiguous-column"
    path: str
    sheet: str
    column: str
    fields: list[str]
    """What it may be."""


class DatesAmbiguous(InputError):
    """One column of dates has the month first, and of others nothing shows what they have."""

    code = "dates-ambiguous"
    path: str
    fields: list[str]


class MappedColumnMissing(InputError):
    code = "mapped-column-missing"
    path: str
    sheet: str
    column: str
    headers: list[str]


class BadMapping(UsageError):
    code = "bad-mapping"
    given: str
    fields: list[str]


class NoSuchSheet(UsageError):
    code = "no-such-sheet"
    path: str
    sheet: str
    sheets: list[str]


class WorkbookWithoutPeople(InputError):
    code = "workbook-without-people"
    path: str


class ColumnOfErrors(InputError):
    """Every row of the file was to be rejected, for one and the same column."""

    code = "column-of-errors"
    path: str
    column: str


class SnapshotOfCertificates(UsageError):
    code = "snapshot-of-certificates"
    path: str


class MixedSheets(InputError):
    code = "mixed-sheets"
    path: str
    kinds: list[str]
    """What its sheets are."""


class ProvinceNeeded(UsageError):
    """The file names no province, and neither did the user."""

    code = "province-needed"
    path: str


class ScopeNeeded(UsageError):
    """A full snapshot of what? Neither an option nor the settings say."""

    code = "scope-needed"


class NoSuchImport(UsageError):
    code = "no-such-import"
    number: int


class NotTheNewestImport(Refusal):
    code = "not-the-newest-import"
    number: int
    newest: int
    """The only import that can be taken back."""


class IdListUnreadable(InputError):
    code = "id-list-unreadable"
    path: str


class IdListEmpty(InputError):
    code = "id-list-empty"
    path: str
