"""What is said of errors: workbooks."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "workbook-empty": Sentence(
        N_("{path} is empty."), N_("Download it again; nothing was imported.")
    ),
    "workbook-encrypted": Sentence(
        N_("{path} is protected by a password."),
        N_("Open it, save it without a password, and import that file."),
    ),
    "workbook-has-macros": Sentence(
        N_("{path} holds macros, and is not opened."),
        N_("Save it as a plain .xlsx workbook and import that file."),
    ),
    "workbook-foreign": Sentence(
        N_("{path} is not a workbook (what it is: {kind})."),
        N_("Give the .xls or .xlsx file that MEBBİS wrote."),
    ),
    "workbook-damaged": Sentence(
        N_("{path} is damaged or was not downloaded to its end."),
        N_("Download it again; nothing was imported."),
    ),
    "workbook-of-other-format": Sentence(
        N_("{path} is a workbook of another format (what it is: {kind})."),
        N_("Open it in Excel or LibreOffice, save it as .xlsx, and import that file."),
    ),
    "workbook-unsupported": Sentence(
        N_("{path} cannot be read by this program, though it may be in order."),
        N_("Open it in Excel or LibreOffice, save it as .xlsx, and import that file."),
    ),
    "workbook-too-large": Sentence(
        N_(
            "{path} cannot be read: it is damaged, or made to need more memory or time than allowed."
        ),
        N_(
            "Open it in Excel, copy the table into a new workbook, and import that. Nothing was imported."
        ),
    ),
    "no-table-found": Sentence(
        N_("No table was found in {path}: no row among the first ones looks like column headers."),
        N_("Name the row with --header-row, or the columns with --map."),
    ),
    "no-identity-column": Sentence(
        N_("{path} has no column with the T.C. kimlik no (sheet: {sheet}, header row: {row})."),
        N_('Columns found: {headers}. Name it with --map "HEADER=national_id".'),
    ),
    "ambiguous-column": Sentence(
        N_("The column “{column}” can mean more than one thing ({path}, sheet: {sheet})."),
        N_(
            "It may be: {fields}. The first values: {samples}. Say which, or pass over it with “-”:"
        ),
    ),
    "dates-ambiguous": Sentence(
        N_(
            "Whether the day or the month comes first cannot be told in {path}, in these columns:"
            " {columns}"
        ),
        N_("Say which with --dates:"),
    ),
    "header-beside": Sentence(
        N_(
            "The column “{column}” is empty, and a full one near it has no header: headers may stand"
            " beside their columns ({path}, sheet: {sheet}, columns: {columns})."
        ),
        N_("Correct the header row in the file: each full column needs a header of its own."),
    ),
    "tables-side-by-side": Sentence(
        N_("One row names two people ({path}, sheet: {sheet}, columns: {columns})."),
        N_(
            "Put tables that stand side by side below each other, each with its header; or pass"
            " over the column that is not the person's with --map and “-”. Nothing was imported."
        ),
    ),
    "mapped-column-missing": Sentence(
        N_("There is no column “{column}” ({path}, sheet: {sheet})."),
        N_("Columns found: {headers}"),
    ),
    "bad-mapping": Sentence(
        N_("“{given}” does not name a column and a field."),
        N_('Write --map "HEADER=FIELD"; fields: {fields}'),
    ),
    "no-such-sheet": Sentence(N_("There is no sheet “{sheet}” in {path}."), N_("Sheets: {sheets}")),
    "workbook-without-people": Sentence(
        N_("{path} names nobody: below its header there is no row."),
        N_("Export it again; nothing was imported."),
    ),
    "column-of-errors": Sentence(
        N_("In {path} every cell of the column “{column}” is an error or was never calculated."),
        N_(
            "Open it in Excel, let it calculate, save it, and import it again."
            " Such cells ({count}): {cells}"
        ),
    ),
    "snapshot-of-certificates": Sentence(
        N_("{path} is a list of certificates, and --full is for duty records."),
        N_("Import it without --full; nothing was imported."),
    ),
    "mixed-sheets": Sentence(
        N_("The sheets of {path} are of different kinds: {kinds}"),
        N_("Import them one by one with --sheet."),
    ),
    "province-needed": Sentence(
        N_("{path} names no province."),
        N_("Name it with --province, or once for all: esign config set province NAME"),
    ),
    "scope-needed": Sentence(
        N_("A full snapshot is one of a province or a district; which one was not said."),
        N_("Name it with --province (“all” for the whole ministry) and --district."),
    ),
    "no-such-import": Sentence(
        N_("There is no import number {number}."),
        N_("`esign imports` lists them."),
    ),
    "no-such-answer": Sentence(
        N_("There is no answer number {number}."),
        N_("`esign imports columns` lists them."),
    ),
    "import-details-gone": Sentence(
        N_("Import {number} cannot be taken back: its details were deleted (retention.history)."),
        N_("Nothing was changed."),
    ),
    "not-the-newest-import": Sentence(
        N_("Import {number} is not the newest: later ones rest on it."),
        N_("Only the newest can be taken back: `esign imports undo {newest}`."),
    ),
    "id-list-unreadable": Sentence(
        N_("{path} is not a list of national ids."),
        N_("Give a text or csv file with one national id a line, or in its first column."),
    ),
    "id-list-empty": Sentence(
        N_("{path} names nobody."),
        N_("Give one national id a line, or a csv with them in its first column."),
    ),
}
