"""What a file is, told by its bytes and never by the ending of its name."""

from __future__ import annotations

import re

from esign_cli.foundation.errors import workbooks as errors
from esign_cli.workbooks.formats import Damaged, biff, compound, mhtml
from esign_cli.workbooks.formats.decoding import text, utf16
from esign_cli.workbooks.formats.package import UNREADABLE, Package

XLSX, XLS, HTML, ODS, XLSB = "xlsx", "xls", "html", "ods", "xlsb"
FODS, MHTML, SPREADSHEETML, TEXT = "fods", "mhtml", "SpreadsheetML 2003", "text"
READ = frozenset((XLSX, XLS, HTML, ODS, XLSB, FODS, MHTML, SPREADSHEETML, TEXT))

_SNIFFED = 8192
_PADDING = b"\x00\x1a \t\r\n"
_ENCRYPTED, _MACROS = "encrypted", "macros"
_LOCKED = b"encryption-data"
"""In the manifest of a password-protected .ods."""
_ZIP, _CFB = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_MAIN_PARTS = (
    ("spreadsheetml.", XLSX),
    ("ms-excel.", XLSX),
    ("wordprocessingml.", "Word"),
    ("presentationml.", "PowerPoint"),
)
"""Words in the content type of the part that a package is there for."""
_BINARY = "sheet.binary"
_MACRO_PARTS = ("/vbaproject.bin", "basic/script-lc.xml")
_ZIP_MEMBERS = (
    ("xl/workbook.xml", XLSX),
    ("xl/workbook.bin", XLSB),
    ("content.xml", ODS),
    ("index/document.iwa", "Numbers"),
    ("index.zip", "Numbers"),
    ("word/document.xml", "Word"),
    ("ppt/presentation.xml", "PowerPoint"),
)
_OTHERS = (
    (b"\x09\x00\x04\x00", "Excel 2"),
    (b"\x09\x02\x06\x00", "Excel 3"),
    (b"\x09\x04\x06\x00", "Excel 4"),
    (b"\x09\x08\x08\x00", "Excel 5"),
    (b"\x09\x08\x10\x00", "Excel 97"),
    (b"ID;P", "SYLK"),
    (b"TABLE\r\n0,1", "DIF"),
    (b"TABLE\n0,1", "DIF"),
)
"""Workbooks in formats that only Excel and LibreOffice still read, by their first bytes."""
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
_FODS_SIGN = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_STRAY = 100
"""Of so many bytes of a text at most one is no letter, blank or 0x1A."""
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")


def tell(content: bytes, path: str) -> str:
    """Return the type of a workbook: one of READ.

    Raises WorkbookEmpty, WorkbookEncrypted, WorkbookHasMacros, WorkbookDamaged,
    WorkbookOfOtherFormat, or WorkbookForeign for what is no workbook. `path` is for the error.
    """
    if not content.strip(_PADDING):
        raise errors.WorkbookEmpty(path=path)
    try:
        kind = _kind(content)
    except (Damaged, *UNREADABLE) as error:
        raise errors.WorkbookDamaged.from_cause(error, path=path) from error
    if kind == _ENCRYPTED:
        raise errors.WorkbookEncrypted(path=path)
    if kind == _MACROS:
        raise errors.WorkbookHasMacros(path=path)
    if kind in {"Numbers", *(kind for _, kind in _OTHERS)}:
        raise errors.WorkbookOfOtherFormat(path=path, kind=kind)
    if kind not in READ:
        raise errors.WorkbookForeign(path=path, kind=kind)
    return kind


def is_text(start: bytes) -> bool:
    """Return whether a file that begins so is TEXT, as `tell` has it."""
    others = (_ZIP, _CFB, *(sign for sign, _ in (*_OTHERS, *_FOREIGN)))
    return bool(start.strip(_PADDING)) and not start.startswith(others) and _written(start) == TEXT


def _kind(content: bytes) -> str:
    if content.startswith(_ZIP):
        return _in_zip(content)
    if content.startswith(_CFB):
        return _in_cfb(content)
    begins = (kind for sign, kind in (*_OTHERS, *_FOREIGN) if content.startswith(sign))
    return next(begins, "") or _written(content)


def _in_zip(content: bytes) -> str:
    package = Package(content)
    if any(name.endswith(_MACRO_PARTS) for name in package.names):
        return _MACROS
    main = package.main()
    if main in package:
        kind = package.content_type(main)
        if _BINARY in kind or main.endswith(".bin"):
            return XLSB
        known_type = next((known for word, known in _MAIN_PARTS if word in kind), "")
        if known_type:
            return known_type
    kind = next((kind for name, kind in _ZIP_MEMBERS if name in package), "ZIP")
    manifest = "META-INF/manifest.xml"
    if kind == ODS and manifest in package and _LOCKED in package.read(manifest):
        return _ENCRYPTED
    return kind


def _in_cfb(content: bytes) -> str:
    kind = compound.kind(content)
    if not kind:
        raise Damaged("no workbook stream")
    if kind == XLS and biff.read_globals(compound.workbook(content)).encrypted:
        return _ENCRYPTED
    return kind


def _written(content: bytes) -> str:
    """Markup or plain text, or nothing we know."""
    start = content[:_SNIFFED]
    if start.startswith(_WIDE_BOMS) or utf16(content):
        start = text(start).encode()
    low = start.lower()
    if _SPREADSHEETML_SIGN in low:
        return SPREADSHEETML
    if _FODS_SIGN in low and b"<office:document" in low:
        return FODS
    if mhtml.is_mhtml(start):
        return MHTML
    if any(sign in low for sign in _HTML_SIGNS):
        return HTML
    return "binary" if len(_CONTROLS.findall(start)) * _STRAY > len(start) else TEXT
