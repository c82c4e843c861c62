"""Read MEBBİS workbooks: files in, people, duty records and certificates out; no database.

    options = mebbis_import.ReadOptions(rules=mebbis_import.Rules(province="72"))
    for sheet in mebbis_import.read_people(Path("personel.xlsx"), options):
        for record in sheet.duty_records:
            print(record.source.row, record.institution, record.duty_class, record.end)

Any workbook that `esign import` takes is read, told by its bytes, in a child process that may crash
or need too much memory (WorkbookTooLarge). `ReadOptions` says what the file does not: the province
of rows that name none (a plate code), the sheet, the header row, what a header means, how dates are
written. `sheet.layout` is the guess that was made of its columns.

Values are as the rows say them, each with its `source`: nothing is merged, so a person may stand in
several. What could not be taken is among `problems`, its value masked; a row that is `rejected`
gave nothing. Dates are those of the file. Errors are those of `foundation.errors.workbooks`.
"""

from esign_cli.foundation.people import CertificateRecord, DutyClass, DutyRecord, Person, Source
from esign_cli.workbooks.import_rows import RowProblem
from esign_cli.workbooks.mebbis.duties import Rules
from esign_cli.workbooks.mebbis.layouts import Layout
from esign_cli.workbooks.people import SheetContents, read_people
from esign_cli.workbooks.tables import ReadOptions

__all__ = [
    "CertificateRecord",
    "DutyClass",
    "DutyRecord",
    "Layout",
    "Person",
    "ReadOptions",
    "RowProblem",
    "Rules",
    "SheetContents",
    "Source",
    "read_people",
]
