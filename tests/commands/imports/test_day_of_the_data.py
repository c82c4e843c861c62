"""Of which day an export is: said, else of its titles, else the oldest date of the file itself."""

from __future__ import annotations

import datetime
import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from esign_cli.workbooks.formats import inner_dates
from tests.conftest import Esign
from tests.support import cfb, workbooks
from tests.support.workbooks import HEADERS, person
from tests.support.writers import python

ROWS = [HEADERS, person(1)]
LONG_AGO = datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC)
META = (
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
    "<meta:creation-date xmlns:meta='m'>2001-01-01T00:00:00</meta:creation-date>"
    "<dc:date>{}</dc:date></office:meta></office:document-meta>"
)


def saved_on(moment: datetime.datetime) -> bytes:
    """An .xlsx whose docProps/core.xml says when it was saved."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    out = io.BytesIO()
    book.properties.modified = moment.replace(tzinfo=None)
    book.save(out)
    with_day = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(with_day, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":  # openpyxl writes the time of saving
                begin, end = content.index(b"<dcterms:modified"), content.index(b"</dcterms:mod")
                text = f'<dcterms:modified a="b">{moment:%Y-%m-%dT%H:%M:%SZ}'
                content = content[:begin] + text.encode() + content[end:]
            new.writestr(name, content)
    return with_day.getvalue()


def read(esign: Esign, path: Path, *words: str) -> dict[str, Any]:
    ran = esign("import", path, "--json", *words)
    assert ran.exit_code == 0, ran.stderr
    (file,) = ran.json["data"]
    (entry, *_) = esign("imports", "--json").json["data"]
    assert entry["as_of"] == file["as_of"]
    shown: dict[str, Any] = file
    return shown


@pytest.mark.parametrize(
    ("inside", "changed", "day", "source"),
    [
        (LONG_AGO, None, "2026-03-05", "inside"),
        (LONG_AGO.replace(hour=22), None, "2026-03-06", "inside"),
        (LONG_AGO, LONG_AGO - datetime.timedelta(days=9), "2026-02-24", "modified"),
        (LONG_AGO.replace(year=1980), LONG_AGO, "2026-03-05", "modified"),
    ],
    ids=["a copy of today", "after midnight in Turkey", "older outside", "a date that is none"],
)
def test_the_oldest_date_of_a_file(
    esign: Esign,
    tmp_path: Path,
    inside: datetime.datetime,
    changed: datetime.datetime | None,
    day: str,
    source: str,
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(saved_on(inside))
    if changed:
        os.utime(path, (changed.timestamp(), changed.timestamp()))
    file = read(esign, path)
    assert (file["as_of"], file["as_of_source"]) == (day, source)


def test_without_a_date_inside_that_of_the_change(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(workbooks.text(ROWS))
    os.utime(path, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    file = read(esign, path)
    assert (file["as_of"], file["as_of_source"]) == ("2026-03-05", "modified")
    shown = esign("import", path).stdout
    assert "As of: 05.03.2026 (the file was changed then)" in shown


def test_titles_and_options_before_the_dates_of_the_file(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    titles = [["Rapor Tarihi: 05.11.2025", *[""] * (len(HEADERS) - 1)]]
    path.write_bytes(workbooks.web([*titles, *ROWS]))
    file = read(esign, path)
    assert (file["as_of"], file["as_of_source"]) == ("2025-11-05", "title")
    said = esign("import", path, "--as-of", "06.11.2025", "--dry-run", "--json").json["data"][0]
    assert (said["as_of"], said["as_of_source"]) == ("2025-11-06", "said")


def test_only_rosters_make_the_roster_younger(esign: Esign, tmp_path: Path) -> None:
    roster = tmp_path / "kadro.csv"
    roster.write_bytes(workbooks.text(ROWS))
    assert read(esign, roster, "--as-of", "2026-05-01")["kind"] == "roster"
    others = {
        "assignments": ["T.C. Kimlik No", "Adı", "Soyadı", "Görevlendirme Bitiş"],
        "certificates": ["T.C. Kimlik No", "Adı", "Soyadı", "Sertifika Bitiş Tarihi"],
    }
    for kind, header in others.items():
        path = tmp_path / f"{kind}.csv"
        row = [workbooks.national_id(2), "A", "B", "30.06.2027"]
        path.write_bytes(workbooks.text([header, row]))
        assert read(esign, path, "--as-of", "2026-06-01", "--province", "72")["kind"] == kind
    listed = esign("eligible", "--verdict", "all", "--json").json["data"]
    assert listed["roster"]["as_of"] == "2026-05-01"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("xls", python.by_xlwt(ROWS)),
        ("xls", b"no compound file"),
        ("xlsx", b"PK\x03\x04"),
        ("ods", workbooks.ods(ROWS)),
        ("text", b"a;b"),
    ],
)
def test_a_file_may_say_nothing(kind: str, content: bytes) -> None:
    assert inner_dates.last_saved(kind, content) is None


def test_the_day_inside_a_flat_opendocument_file() -> None:
    for written in ("2026-03-05T09:00:00.123", "2026-03-04T22:00:00Z", "2026-03-05T02:00:00+03:00"):
        day = inner_dates.last_saved("fods", META.format(written).encode())
        assert day == datetime.date(2026, 3, 5), written


def test_the_day_inside_spreadsheetml() -> None:
    text = (
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><DocumentProperties'
        ' xmlns="urn:schemas-microsoft-com:office:office"><Created>2020-01-01T00:00:00Z</Created>'
        "<LastSaved>2026-03-05T09:00:00Z</LastSaved></DocumentProperties></Workbook>"
    )
    day = inner_dates.last_saved("SpreadsheetML 2003", text.encode("utf-16"))
    assert day == datetime.date(2026, 3, 5)


SUMMARY = bytes.fromhex("E0859FF2F94F6810AB9108002B27B3D9")
"""FMTID of the summary information ([MS-OLEPS] 3.1)."""
_FILETIMES_TO_1970 = 116_444_736_000_000_000


def with_summary(moment: datetime.datetime) -> bytes:
    """An .xls whose summary information says when it was saved: property 13, a FILETIME (64)."""
    ticks = int(moment.timestamp()) * 10_000_000 + _FILETIMES_TO_1970
    section = struct.pack("<IIII", 28, 1, 13, 16) + struct.pack("<IQ", 64, ticks)
    head = struct.pack("<HHI", 0xFFFE, 0, 0) + bytes(16) + struct.pack("<I", 1)
    stream = head + SUMMARY + struct.pack("<I", 48) + section
    book = cfb.stream(workbooks.xls(ROWS), "Workbook")
    return cfb.container({"\x05SummaryInformation": stream, "Workbook": book})


def with_meta(moment: datetime.datetime) -> bytes:
    """An .ods whose meta.xml says it."""
    out = io.BytesIO(workbooks.ods(ROWS))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("meta.xml", META.format(f"{moment:%Y-%m-%dT%H:%M:%S}.25"))
    return out.getvalue()


@pytest.mark.parametrize("saved", [with_summary, with_meta])
def test_the_date_inside_other_formats(
    esign: Esign, tmp_path: Path, saved: Callable[[datetime.datetime], bytes]
) -> None:
    path = tmp_path / "liste"
    path.write_bytes(saved(LONG_AGO))
    file = read(esign, path)
    assert (file["as_of"], file["as_of_source"]) == ("2026-03-05", "inside")
