"""People, duty records and certificates of a workbook, as values."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from esign_cli.commands.imports.job import Request, import_files
from esign_cli.foundation.errors.workbooks import NoTableFound, ProvinceNeeded
from esign_cli.foundation.people import CertificateRecord, Person, Source
from esign_cli.store import Store, open_store, people
from esign_cli.workbooks.mebbis.duties import Rules
from esign_cli.workbooks.people import SheetContents, read_people
from esign_cli.workbooks.reader import WorkbookReader
from esign_cli.workbooks.tables import ReadOptions
from tests.support import workbooks
from tests.support.workbooks import HEADERS, national_id, person

BATMAN = Rules(province="72")
NOW = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
SENT = (*HEADERS, "Görevlendirildiği Kurum", "Doğum Tarihi")
ENDS = ("TCKN", "Adı", "Soyadı", "Sertifika Bitiş Tarihi", "Sertifika Seri No")


def written(folder: Path, rows: Sequence[Any], **more: Sequence[Any]) -> Path:
    path = folder / "liste.xlsx"
    path.write_bytes(workbooks.xlsx(rows, more))
    return path


def test_row_becomes_values_with_their_source(tmp_path: Path) -> None:
    rows = [SENT, [*person(1), "2. ORTAOKULU", "05.03.1980"]]
    (sheet,) = read_people(written(tmp_path, rows))
    assert sheet.people == (
        Person(
            national_id(1),
            "ŞÜKRÜ",
            "IŞIK B",
            birth_date=datetime.date(1980, 3, 5),
            mobile_phone=sheet.people[0].mobile_phone,
            source=Source("liste.xlsx", "Liste", 2),
        ),
    )
    assert sheet.people[0].mobile_phone.endswith("5321000001")
    post, assignment = sheet.duty_records
    assert (post.duty_class, post.institution, post.start) == ("permanent", "1. İLKOKULU", None)
    assert (assignment.duty_class, assignment.institution) == ("assignment", "2. ORTAOKULU")
    assert assignment.start == datetime.date(2020, 9, 1)
    assert (assignment.province, assignment.end, assignment.end_column) == ("72", None, True)


def test_certificates_stand_beside_a_roster_in_their_own_sheet(tmp_path: Path) -> None:
    ends = [ENDS, [national_id(1), "ŞÜKRÜ", "IŞIK B", "31.01.2027", "0a1b"]]
    roster, certificates = read_people(written(tmp_path, [HEADERS, person(1)], E=ends))
    assert (roster.certificates, certificates.duty_records) == ((), ())
    (certificate,) = certificates.certificates
    assert replace(certificate, serial="") == CertificateRecord(
        national_id(1), datetime.date(2027, 1, 31), source=Source("liste.xlsx", "E", 2)
    )


def test_rejected_row_is_a_problem_and_no_value(tmp_path: Path) -> None:
    rows = [HEADERS, person(1, **{"T.C. Kimlik No": "12345678901"}), person(2)]
    (sheet,) = read_people(written(tmp_path, rows))
    assert [one.national_id for one in sheet.people] == [national_id(2)]
    (problem,) = sheet.problems
    assert (problem.row, problem.code, problem.rejected) == (2, "bad-national-id", True)
    assert "12345678901" not in problem.value


def test_province_comes_from_the_options_or_is_asked_for(tmp_path: Path) -> None:
    place = HEADERS.index("İl")
    rows = [[*row[:place], *row[place + 1 :]] for row in (HEADERS, person(1))]
    path = written(tmp_path, rows)
    with pytest.raises(ProvinceNeeded):
        list(read_people(path))
    (sheet,) = read_people(path, ReadOptions(rules=BATMAN))
    assert [one.province for one in sheet.duty_records] == ["72"]
    with pytest.raises(NoTableFound):
        list(read_people(written(tmp_path, [["hiç"]])))


def test_values_are_those_that_an_import_keeps(tmp_path: Path) -> None:
    """For people of one row each, where nothing is merged."""
    rows = [SENT, *([*person(n), f"{n}. LİSESİ" if n % 3 else "", ""] for n in range(1, 30))]
    path = written(tmp_path, rows)
    (sheet,) = read_people(path, ReadOptions(rules=BATMAN))
    with open_store(tmp_path / "esign.db") as store:
        imported(store, path)
        facts = {one.national_id: one for one in people.facts(store)}
    assert {n: one.person for n, one in facts.items()} == {p.national_id: p for p in sheet.people}
    for national, one in facts.items():
        own = {record for record in sheet.duty_records if record.national_id == national}
        assert set(one.records) == own


def imported(store: Store, path: Path) -> None:
    with WorkbookReader([path]) as opener:
        import_files(
            Request([path], rules=BATMAN),
            open_workbook=opener.open,
            store=store,
            now=NOW,
            today=NOW.date(),
            confirm=lambda _missing, _known: False,
        )


def test_layout_tells_the_guess(tmp_path: Path) -> None:
    sheet: SheetContents
    (sheet,) = read_people(written(tmp_path, [HEADERS, person(1)]))
    assert (sheet.sheet, sheet.layout.kind, sheet.layout.header_row) == ("Liste", "roster", 1)
