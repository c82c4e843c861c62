"""Errors of workbooks, imports, lists of people."""

from __future__ import annotations

from esign_cli.foundation.errors import InputError, Refusal, UsageError


class WorkbookFault(InputError):
    """A workbook, or a list of people, that cannot be used."""

    path: str


class WorkbookEmpty(WorkbookFault):
    code = "workbook-empty"


class WorkbookEncrypted(WorkbookFault):
    code = "workbook-encrypted"


class WorkbookHasMacros(WorkbookFault):
    code = "workbook-has-macros"


class WorkbookForeign(WorkbookFault):
    code = "workbook-foreign"
    kind: str
    """What it is instead: "PDF", "Word", …."""


class WorkbookDamaged(WorkbookFault):
    code = "workbook-damaged"
    detail: str


class WorkbookOfOtherFormat(WorkbookFault):
    """A workbook in a format that only the programs which made it still read."""

    code = "workbook-of-other-format"
    kind: str
    """"SYLK", "Excel 4", "Numbers", …."""


class WorkbookUnsupported(WorkbookFault):
    """It may be good, and the library that reads its format cannot."""

    code = "workbook-unsupported"
    detail: str


class WorkbookTooLarge(WorkbookFault):
    """Its reader ran out of memory or time, or crashed."""

    code = "workbook-too-large"
    detail: str


class NoTableFound(WorkbookFault):
    """No sheet has a row that looks like a header."""

    code = "no-table-found"


class NoIdentityColumn(WorkbookFault):
    code = "no-identity-column"
    sheet: str
    row: int
    headers: list[str]


class AmbiguousColumn(WorkbookFault):
    code = "ambiguous-column"
    sheet: str
    column: str
    fields: list[str]
    """What it may be."""


class DatesAmbiguous(WorkbookFault):
    """One column of dates has the month first, and of others nothing shows what they have."""

    code = "dates-ambiguous"
    fields: list[str]


class MappedColumnMissing(WorkbookFault):
    code = "mapped-column-missing"
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


class WorkbookWithoutPeople(WorkbookFault):
    code = "workbook-without-people"


class ColumnOfErrors(WorkbookFault):
    """Every row of the file was to be rejected, for one and the same column."""

    code = "column-of-errors"
    column: str


class SnapshotOfCertificates(UsageError):
    code = "snapshot-of-certificates"
    path: str


class MixedSheets(WorkbookFault):
    code = "mixed-sheets"
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


class IdListUnreadable(WorkbookFault):
    code = "id-list-unreadable"


class IdListEmpty(WorkbookFault):
    code = "id-list-empty"
