"""What a workbook says as people, duty records and certificates, row by row and not merged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from esign_cli.foundation.people import CertificateRecord, DutyClass, DutyRecord, Person, Source
from esign_cli.workbooks import tables
from esign_cli.workbooks.import_rows import CERTIFICATE, PERSON, RowProblem, Rows, Tuple
from esign_cli.workbooks.mebbis.duties import DUTY
from esign_cli.workbooks.mebbis.layouts import Layout
from esign_cli.workbooks.reader import WorkbookReader
from esign_cli.workbooks.tables import ReadOptions

_DATES = frozenset(("birth_date", "start", "end", "not_after"))
_FLAGS = frozenset(("end_column", "province_assumed"))
_FOR_THE_STORE = frozenset(
    ("row", "given_key", "family_key", "digest", "places", "district_key"),
)
"""Fields by which the database compares rows."""


@dataclass(frozen=True, slots=True)
class SheetContents:
    """What the rows of one sheet hold; the `source` of each value names its row."""

    sheet: str
    layout: Layout
    """By which the first of its tables was read: its kind, its columns, what they are headed."""
    people: tuple[Person, ...]
    duty_records: tuple[DutyRecord, ...]
    certificates: tuple[CertificateRecord, ...]
    problems: tuple[RowProblem, ...]
    """Cells that were not taken, their values masked; `rejected`: nothing of the row was."""


def read_people(path: Path, options: ReadOptions | None = None) -> Iterator[SheetContents]:
    """Yield what each sheet with a table holds, in the order of the sheets.

    Raises FileMissing, FileUnreadable, and of `errors.workbooks` those of `WorkbookReader.open`,
    NoTableFound, NoSuchSheet, ProvinceNeeded (rows name no province, nor do the `options`),
    NoIdentityColumn, AmbiguousColumn and MappedColumnMissing.
    """
    asked = options or ReadOptions()
    with WorkbookReader([path]) as reader, reader.open(path) as book:
        for sheet, layout in tables.tables(path, book, asked)[0]:
            read = tables.rows(path, book, sheet, layout, asked)
            blocks = [part for part in read if isinstance(part, Rows)]
            yield _contents(path.name, sheet.name, layout, blocks)


def _contents(file: str, sheet: str, layout: Layout, blocks: Sequence[Rows]) -> SheetContents:
    place = partial(Source, file, sheet)
    people = (facts for block in blocks for facts in _facts(PERSON, block.people, place))
    duties = (facts for block in blocks for facts in _facts(DUTY, block.duties, place))
    ends = (facts for block in blocks for facts in _facts(CERTIFICATE, block.certificates, place))
    return SheetContents(
        sheet=sheet,
        layout=layout,
        people=tuple(Person(**facts) for facts in people),
        duty_records=tuple(DutyRecord(**facts) for facts in duties),
        certificates=tuple(CertificateRecord(**facts) for facts in ends),
        problems=tuple(problem for block in blocks for problem in block.problems),
    )


def _facts(
    fields: Sequence[str], rows: Sequence[Tuple], place: Callable[[int], Source]
) -> Iterator[dict[str, Any]]:
    """The fields of each row as its value has them, and where it stands."""
    for row in rows:
        stored: dict[str, Any] = dict(zip(fields, row, strict=False))
        facts = {name: _value(name, stored[name]) for name in stored.keys() - _FOR_THE_STORE}
        yield facts | {"source": place(stored["row"])}


def _value(field: str, stored: Any) -> Any:
    if field in _DATES:
        return date.fromisoformat(stored) if stored else None
    if field in _FLAGS:
        return bool(stored)
    return DutyClass(stored) if field == "duty_class" else stored or ""
