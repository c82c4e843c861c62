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
    samples: list[str]
    """The first values of the column."""
    header: str
    """By what a file with the same header is known (`headers.Header.signature`)."""
    commands: list[str]
    """Whole command lines, each with another answer; empty until it is known what was typed."""


class DatesAmbiguous(WorkbookFault):
    """Of columns of dates nothing shows whether the day or the month comes first."""

    code = "dates-ambiguous"
    sheet: str
    fields: list[str]
    columns: list[str]
    """The headers of these fields, as they stand in the file."""
    samples: list[list[str]]
    """The first values of each."""
    header: str
    """By what a file with the same header is known (`headers.Header.signature`)."""
    commands: list[str]
    """As those of `AmbiguousColumn`."""


class TablesSideBySide(WorkbookFault):
    """One row names two people: which of the other columns is whose cannot be told."""

    code = "tables-side-by-side"
    sheet: str
    columns: list[str]
    """The columns of national ids."""


class HeaderBeside(WorkbookFault):
    """A column is empty, and a full one without a header, not far from it, may be the one meant:
    then others may be, too.
    """

    code = "header-beside"
    sheet: str
    column: str
    columns: list[str]
    """Where the header stands and where the full column, as Excel calls them: "J", "I"."""


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
    """In every row a column that the list is about holds an error, or was never calculated."""

    code = "column-of-errors"
    column: str
    cells: list[str]
    """Every such cell of the file, the first CELLS_NAMED at most: "Liste!F2 #N/A"."""
    count: int
    """How many they are."""


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


class NoSuchAnswer(UsageError):
    """None of the answers of doubtful columns has this number."""

    code = "no-such-answer"
    number: int


class ImportDetailsGone(Refusal):
    """What was before it has been deleted, as the settings ask for."""

    code = "import-details-gone"
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
