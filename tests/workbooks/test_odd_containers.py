"""Good tables in odd containers: read like any other, or named for what they are."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import workbooks as errors
from esign_cli.workbooks.formats import xlsb
from tests.support import biff, cfb, rosters, workbooks
from tests.support.in_process import brought, reading_here
from tests.support.rosters import PEOPLE
from tests.support.writers import python

TYPED = rosters.typed(PEOPLE)
WRITTEN = [["" if value is None else value for value in row] for row in rosters.written(PEOPLE)]
TYPED_FOR_XLSB = [["" if value is None else value for value in row] for row in TYPED]
XLSX = python.by_xlsxwriter(TYPED)
XLS = python.by_xlwt(TYPED)
ODS = workbooks.ods(WRITTEN)
TEXT = workbooks.text(WRITTEN, encoding="utf-8").decode()


def rezipped(
    content: bytes,
    name: Callable[[str], str] = str,
    part: Callable[[str, bytes], bytes] = lambda _name, part: part,
    order: Callable[[str], object] = lambda _name: 0,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """The same ZIP with other names of its members, other content, in another order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", method) as new:
        for one in sorted(old.namelist(), key=order):
            new.writestr(name(one), part(one, old.read(one)))
    return out.getvalue()


def with_dimension(ref: str) -> bytes:
    tag = f'<dimension ref="{ref}"/>' if ref else "<dimension/>"
    return rezipped(XLSX, part=lambda _n, part: re.sub(rb"<dimension[^>]*/>", tag.encode(), part))


def renamed_workbook() -> bytes:
    """The part of the workbook is called otherwise; only content types and relations say which."""
    old, new = b"xl/workbook.xml", b"xl/kitap.xml"
    return rezipped(
        XLSX,
        name=lambda n: n.replace("workbook.xml", "kitap.xml"),
        part=lambda n, part: part.replace(old, new) if "xl/worksheets" not in n else part,
    )


def stream_named(name: str) -> bytes:
    old, new = ("Workbook".encode("utf-16-le"), name.encode("utf-16-le"))
    return XLS.replace(old, new)


def with_codepage(number: int) -> bytes:
    """The CODEPAGE record ([MS-XLS] 2.4.52) of Excel 97 says 1200 always; others do not."""
    record = struct.pack("<HHH", 0x42, 2, 1200)
    assert record in XLS
    return XLS.replace(record, struct.pack("<HHH", 0x42, 2, number))


def encrypted(password: str) -> bytes:
    out = io.BytesIO()
    file = msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(XLSX))
    file.encrypt(password, out)
    return out.getvalue()


def mhtml(encoding: str) -> bytes:
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText

    page = workbooks.web(WRITTEN, encoding="utf-8").decode()
    part = MIMEText(page, "html", "utf-8")
    if encoding == "quoted-printable":
        del part["Content-Transfer-Encoding"]
        import quopri

        part["Content-Transfer-Encoding"] = encoding
        part.set_payload(quopri.encodestring(page.encode()).decode("ascii"))
    whole = MIMEMultipart("related")
    whole.attach(part)
    return whole.as_bytes()


def wide_spreadsheetml() -> bytes:
    """A cell in each of Excel's 16,384 columns above the table."""
    content = workbooks.spreadsheetml(WRITTEN).decode()
    cells = '<Cell ss:Index="16384"><Data ss:Type="String">x</Data></Cell>'
    first = re.search(r"<Row[^>]*>", content)
    assert first
    return (content[: first.start()] + f"<Row>{cells}</Row>" + content[first.start() :]).encode()


def formatted_xlsb() -> bytes:
    """A text with formats of its own stands in its cell (BrtCellRString), not among the shared
    ones; calamine gives it as empty.
    """
    strings: list[str] = []
    for row in WRITTEN:
        strings += [one for one in row if one and one not in strings]
    number = strings.index("IŞIK")
    shared = struct.pack("<I", number)
    wide = struct.pack("<I", 4) + "IŞIK".encode("utf-16-le")
    place = struct.pack("<II", 2, 0)
    old, new = biff.record(7, place + shared), biff.record(62, place + b"\0" + wide)

    def changed(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet1.bin"):
            return part
        assert old in part
        return part.replace(old, new)

    return rezipped(biff.xlsb(WRITTEN), part=changed)


def short_xlsb() -> bytes:
    """Cells that follow another one name no column, as SheetJS has it."""
    short = {1: 12, 2: 13, 5: 16, 7: 18}

    def changed(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet1.bin"):
            return part
        out, last, shortened = [], -1, 0
        for kind, content in xlsb._records(part):
            column = int.from_bytes(content[:4], "little") if kind in short else -1
            follows = kind in short and last >= 0 and column == last + 1
            last = column
            shortened += follows
            out.append(biff.record(short[kind], content[4:]) if follows
                       else biff.record(kind, content))  # fmt: skip
        assert shortened > len(TYPED)
        return b"".join(out)

    return rezipped(biff.xlsb(TYPED_FOR_XLSB), part=changed)


def panicking_xlsb() -> bytes:
    """An .xlsb over whose styles calamine panics."""
    return rezipped(
        biff.xlsb(WRITTEN),
        part=lambda name, part: part[:5] + part[6:] if name.endswith("styles.bin") else part,
    )


def far_xlsb() -> bytes:
    """An error in a row that no sheet has: the rows up to it would be made one by one."""
    error = biff.record(3, struct.pack("<IIB", 0, 0, 0x2A))
    row = biff.record(0, struct.pack("<I", 1 << 24) + bytes(13))
    end = biff.record(146)
    return rezipped(
        biff.xlsb(WRITTEN),
        part=lambda name, part: (
            part.replace(end, row + error + end) if name.endswith("sheet1.bin") else part
        ),
    )


READ: dict[str, bytes] = {
    "stream WORKBOOK": stream_named("WORKBOOK"),
    "stream workbook": stream_named("workbook"),
    "Excel 95, stream BOOK": cfb.renamed(biff.xls5(WRITTEN), "Book", "BOOK"),
    "code page 1254": with_codepage(1254),
    "code page 1252": with_codepage(1252),
    "code page 65001": with_codepage(65001),
    "an embedded Word document": cfb.container(
        {"Workbook": cfb.stream(XLS, "Workbook"), "MBD0001/WordDocument": b"x" * 5000}
    ),
    "a small Word document within": cfb.container(
        {"MBD0001/WordDocument": b"x", "Workbook": cfb.stream(XLS, "Workbook")}
    ),
    "part names with backslashes": rezipped(XLSX, name=lambda n: n.replace("/", "\\")),
    "part names in capitals": rezipped(XLSX, name=str.upper),
    "part names with a slash before": rezipped(XLSX, name=lambda n: "/" + n),
    "a workbook part of another name": renamed_workbook(),
    "stored, not compressed": rezipped(XLSX, method=zipfile.ZIP_STORED),
    "dimension of columns": with_dimension("A:S"),
    "dimension of rows": with_dimension("1:31"),
    "dimension of one cell": with_dimension("A1"),
    "dimension empty": with_dimension(""),
    "dimension far too large": with_dimension("A1:XFD1048576"),
    "mimetype compressed": rezipped(ODS),
    "mimetype last": rezipped(ODS, order=lambda n: n == "mimetype"),
    "no mimetype": rezipped(ODS, name=lambda n: "x" if n == "mimetype" else n),
    "Excel's default password": encrypted("VelvetSweatshop"),
    "single file web page, quoted-printable": mhtml("quoted-printable"),
    "single file web page, base64": mhtml("base64"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16, big end first, without a mark": TEXT.encode("utf-16-be"),
    "MS-DOS": TEXT.replace("Âlâ", "Ala").replace("â", "a").encode("cp857"),
    "windows-1254": TEXT.encode("cp1254"),
    "0x1A at the end": TEXT.encode() + b"\x1a",
    "formatted text in an .xlsb": formatted_xlsb(),
    "short records in an .xlsb": short_xlsb(),
    "SpreadsheetML in UTF-16": workbooks.spreadsheetml(WRITTEN)
    .decode()
    .replace("utf-8", "utf-16")
    .encode("utf-16"),
    "SpreadsheetML of 16,384 columns": wide_spreadsheetml(),
}
NAMED: dict[str, tuple[bytes, type[EsignError], str]] = {
    "Excel 2": (b"\x09\x00\x04\x00" + bytes(64), errors.WorkbookOfOtherFormat, "Excel 2"),
    "Excel 3": (b"\x09\x02\x06\x00" + bytes(64), errors.WorkbookOfOtherFormat, "Excel 3"),
    "Excel 4": (b"\x09\x04\x06\x00" + bytes(64), errors.WorkbookOfOtherFormat, "Excel 4"),
    "SYLK": (b"ID;PWXL;N;E\r\nC;Y1;X1;K\"TCKN\"\r\nE\r\n", errors.WorkbookOfOtherFormat, "SYLK"),
    "DIF": (b"TABLE\r\n0,1\r\n\"EXCEL\"\r\n", errors.WorkbookOfOtherFormat, "DIF"),
    "Numbers": (rezipped(ODS, name=lambda n: "Index/Document.iwa" if n == "content.xml" else n),
                errors.WorkbookOfOtherFormat, "Numbers"),
    "another password": (encrypted("gizli"), errors.WorkbookEncrypted, ""),
    "a protected .xls": (workbooks.locked_xls(WRITTEN), errors.WorkbookEncrypted, ""),
    "a small protected .xls": (
        cfb.container({"Workbook": cfb.stream(workbooks.locked_xls([["a"]]), "Workbook")[:3000]}),
        errors.WorkbookEncrypted, ""),
    "a cell past the last row": (far_xlsb(), errors.WorkbookDamaged, ""),
    "what its library panics over": (panicking_xlsb(), errors.WorkbookUnsupported, ""),
    "Word": (cfb.container({"WordDocument": b"x" * 5000}), errors.WorkbookForeign, "Word"),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / "liste.xls"
    path.write_bytes(READ[name])
    with brought(monkeypatch, path, tmp_path / "a.db") as (store, outcome):
        assert [(one.code, one.value) for one in outcome.problems] == []
        people = rosters.imported(store)
    wanted = rosters.known(PEOPLE)
    if name == "MS-DOS":  # it has no â
        wanted = [_without_hats(one) for one in wanted]
    assert people == wanted


def _without_hats(one: rosters.Fact) -> rosters.Fact:
    import dataclasses

    plain = str.maketrans("âÂ", "aA")
    return dataclasses.replace(
        one,
        given_name=one.given_name.translate(plain),
        institution=one.institution.translate(plain),
    )


@pytest.mark.parametrize("name", NAMED)
def test_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    content, error, kind = NAMED[name]
    path = tmp_path / "liste.xls"
    path.write_bytes(content)
    with (
        reading_here(monkeypatch, path) as reader,
        pytest.raises(error) as raised,
        reader.open(path),
    ):
        pass
    assert raised.value.facts.get("kind", "") == kind
