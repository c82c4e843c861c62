"""What is said of errors: workbooks."""

from __future__ import annotations

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.workbooks import (
    AmbiguousColumn,
    BadMapping,
    IdListEmpty,
    IdListUnreadable,
    MappedColumnMissing,
    MixedSheets,
    NoIdentityColumn,
    NoSuchImport,
    NoSuchSheet,
    NoTableFound,
    NotTheNewestImport,
    ProvinceNeeded,
    ScopeNeeded,
    SnapshotOfCertificates,
    WorkbookDamaged,
    WorkbookEmpty,
    WorkbookEncrypted,
    WorkbookForeign,
    WorkbookHasMacros,
    WorkbookTooLarge,
    WorkbookWithoutPeople,
)
from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences.sentence import Sentence

SENTENCES: dict[type[EsignError], Sentence] = {
    WorkbookEmpty: Sentence(N_("{path} is empty."), N_("Download it again; nothing was imported.")),
    WorkbookEncrypted: Sentence(
        N_("{path} is protected by a password."),
        N_("Open it, save it without a password, and import that file."),
    ),
    WorkbookHasMacros: Sentence(
        N_("{path} holds macros, and is not opened."),
        N_("Save it as a plain .xlsx workbook and import that file."),
    ),
    WorkbookForeign: Sentence(
        N_("{path} is not a workbook (what it is: {kind})."),
        N_("Give the .xls or .xlsx file that MEBBİS wrote."),
    ),
    WorkbookDamaged: Sentence(
        N_("{path} is damaged or was not downloaded to its end."),
        N_("Download it again; nothing was imported."),
    ),
    WorkbookTooLarge: Sentence(
        N_(
            "{path} cannot be read: it is damaged, or made to need more memory or time than allowed."
        ),
        N_(
            "Open it in Excel, copy the table into a new workbook, and import that. Nothing was imported."
        ),
    ),
    NoTableFound: Sentence(
        N_("No table was found in {path}: no row among the first ones looks like column headers."),
        N_("Name the row with --header-row, or the columns with --map."),
    ),
    NoIdentityColumn: Sentence(
        N_("{path} has no column with the T.C. kimlik no (sheet: {sheet}, header row: {row})."),
        N_('Columns found: {headers}. Name it with --map "HEADER=national_id".'),
    ),
    AmbiguousColumn: Sentence(
        N_("The column “{column}” can mean more than one thing ({path}, sheet: {sheet})."),
        N_('Say which with --map "{column}=FIELD"; field: {fields}, or - to pass over it.'),
    ),
    MappedColumnMissing: Sentence(
        N_("There is no column “{column}” ({path}, sheet: {sheet})."),
        N_("Columns found: {headers}"),
    ),
    BadMapping: Sentence(
        N_("“{given}” does not name a column and a field."),
        N_('Write --map "HEADER=FIELD"; fields: {fields}'),
    ),
    NoSuchSheet: Sentence(N_("There is no sheet “{sheet}” in {path}."), N_("Sheets: {sheets}")),
    WorkbookWithoutPeople: Sentence(
        N_("{path} names nobody: below its header there is no row."),
        N_("Export it again; nothing was imported."),
    ),
    SnapshotOfCertificates: Sentence(
        N_("{path} is a list of certificates, and --full is for duty records."),
        N_("Import it without --full; nothing was imported."),
    ),
    MixedSheets: Sentence(
        N_("The sheets of {path} are of different kinds: {kinds}"),
        N_("Import them one by one with --sheet."),
    ),
    ProvinceNeeded: Sentence(
        N_("{path} names no province."),
        N_("Name it with --province, or once for all: esign config set province NAME"),
    ),
    ScopeNeeded: Sentence(
        N_("A full snapshot is one of a province or a district; which one was not said."),
        N_("Name it with --province (“all” for the whole ministry) and --district."),
    ),
    NoSuchImport: Sentence(
        N_("There is no import number {number}."),
        N_("`esign imports` lists them."),
    ),
    NotTheNewestImport: Sentence(
        N_("Import {number} is not the newest: later ones rest on it."),
        N_("Only the newest can be taken back: `esign imports undo {newest}`."),
    ),
    IdListUnreadable: Sentence(
        N_("{path} is not a list of national ids."),
        N_("Give a text or csv file with one national id a line, or in its first column."),
    ),
    IdListEmpty: Sentence(
        N_("{path} names nobody."),
        N_("Give one national id a line, or a csv with them in its first column."),
    ),
}
