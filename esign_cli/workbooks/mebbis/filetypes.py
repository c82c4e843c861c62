"""What a file is, told by its bytes and never by the ending of its name."""

from __future__ import annotations

import io
import zipfile

from esign_cli.foundation.errors.workbooks import (
    WorkbookDamaged,
    WorkbookEmpty,
    WorkbookEncrypted,
    WorkbookForeign,
    WorkbookHasMacros,
)
from esign_cli.workbooks.mebbis import biff_globals
from esign_cli.workbooks.mebbis.zip_parts import UNREADABLE, beginning

XLSX, XLS, HTML, ODS, XLSB = "xlsx", "xls", "html", "ods", "xlsb"
SPREADSHEETML, TEXT = "SpreadsheetML 2003", "text"

_SNIFFED = 8192
_LOCKED = b"encryption-data"
"""In the manifest of a password-protected .ods."""
_FILEPASS = 0x2F
"""The record of a password-protected .xls."""
_ZIP, _CFB = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ZIP_MEMBERS = (
    ("xl/vbaProject.bin", "macros"),
    ("Basic/script-lc.xml", "macros"),
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", XLSB),
    ("content.xml", ODS),
    ("word/document.xml", "Word"),
    ("ppt/presentation.xml", "PowerPoint"),
)
_CFB_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("_VBA_PROJECT_CUR", "macros"),
    ("WordDocument", "Word"),
    ("PowerPoint Document", "PowerPoint"),
    ("Workbook", XLS),
    ("Book", XLS),
)
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
)
_HTML_SIGNS = (b"<table", b"<html", b"<tr", b"<td", b"<!doctype html")
_SPREADSHEETML_SIGN = b"urn:schemas-microsoft-com:office:spreadsheet"


def tell(content: bytes, path: str) -> str:
    """The type of a workbook: one of XLSX, XLS, HTML, ODS, XLSB, SPREADSHEETML, TEXT.

    Raises WorkbookEmpty, WorkbookEncrypted, WorkbookHasMacros, WorkbookDamaged, or WorkbookForeign
    for what is none of these. `path` is only for the error.
    """
    if not content.strip(b"\x00\x1a \t\r\n"):
        raise WorkbookEmpty(path=path)
    if content.startswith(_ZIP):
        return _named(_in_zip(content, path), path)
    if content.startswith(_CFB):
        kind = _in_cfb(content)
        if not kind:
            raise WorkbookDamaged(path=path, detail="no workbook stream")
        if kind == XLS and any(one == _FILEPASS for one, _ in biff_globals.records(content)):
            kind = "encrypted"
        return _named(kind, path)
    for sign, kind in _FOREIGN:
        if content.startswith(sign):
            raise WorkbookForeign(path=path, kind=kind)
    return _written(content, path)


def _named(kind: str, path: str) -> str:
    if kind == "encrypted":
        raise WorkbookEncrypted(path=path)
    if kind == "macros":
        raise WorkbookHasMacros(path=path)
    if kind not in (XLSX, XLS, ODS, XLSB):
        raise WorkbookForeign(path=path, kind=kind)
    return kind


def _in_zip(content: bytes, path: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = frozenset(archive.namelist())
    except UNREADABLE as error:
        raise WorkbookDamaged.from_cause(error, path=path) from error
    kind = next((kind for name, kind in _ZIP_MEMBERS if name in names), "ZIP")
    locked = kind == ODS and _LOCKED in beginning(content, "META-INF/manifest.xml")
    return "encrypted" if locked else kind


def _in_cfb(content: bytes) -> str:
    """By the names in its directory, which are UTF-16."""
    found = (kind for name, kind in _CFB_STREAMS if _utf16(name) in content)
    return next(found, "")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\x00\x00"


def _written(content: bytes, path: str) -> str:
    """Markup or plain text, or nothing we know."""
    start = content[:_SNIFFED]
    if start.startswith(_BOMS[1:]):
        start = start.replace(b"\x00", b"")
    low = start.lower()
    if _SPREADSHEETML_SIGN in low:
        return SPREADSHEETML
    if any(sign in low for sign in _HTML_SIGNS):
        return HTML
    if b"\x00" in start:
        raise WorkbookForeign(path=path, kind="binary")
    return TEXT
