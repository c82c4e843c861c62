"""Compound files ([MS-CFB]), in which .xls lies, and what Office encrypts; read by olefile."""

from __future__ import annotations

import io
import struct
from datetime import datetime
from typing import Any

from esign_cli.workbooks.formats import Damaged, Locked

WORKBOOKS = ("WORKBOOK", "BOOK")
"""The stream of an .xls: of Excel 97 and later, of Excel 5.0 and 95. Case is no difference."""
DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105  (published: [MS-OFFCRYPTO] 2.3.7, 4.1)
"""What Excel itself encrypts with when nobody named a password."""
_SECTOR_SHIFTS = (9, 12)
_KINDS = (
    ("ENCRYPTEDPACKAGE", "encrypted"),
    ("_VBA_PROJECT_CUR", "macros"),
    ("WORKBOOK", "xls"),
    ("BOOK", "xls"),
    ("WORDDOCUMENT", "Word"),
    ("POWERPOINT DOCUMENT", "PowerPoint"),
    ("__PROPERTIES_VERSION1.0", "Outlook"),
)


def _opened(content: bytes) -> Any:
    import olefile

    try:
        return olefile.OleFileIO(io.BytesIO(content))
    except (OSError, ValueError, IndexError, AttributeError, TypeError, RecursionError) as error:
        raise Damaged(str(error)) from error


def kind(content: bytes) -> str:
    """Return what stands in the root storage; what lies deeper is embedded and says nothing."""
    with _opened(content) as file:
        names = {path[0].upper() for path in file.listdir(streams=True, storages=True)}
    return next((kind for name, kind in _KINDS if name in names), "")


def workbook(content: bytes) -> bytes:
    """Return the whole stream of the workbook; raises Damaged if it is not whole."""
    with _opened(content) as file:
        path = _workbook_path(file)
        try:
            stream: bytes = file.openstream(path).read()
            size = file.get_size(path)
        except (OSError, ValueError, IndexError) as error:
            raise Damaged(str(error)) from error
    if len(stream) < size:
        raise Damaged("its workbook stream ends too soon")
    return stream


def is_cut(content: bytes) -> bool:
    """Return whether the file ends in the midst of a sector."""
    shift = int.from_bytes(content[30:32], "little")
    return shift not in _SECTOR_SHIFTS or len(content) % (1 << shift) != 0


def with_workbook(content: bytes, stream: bytes) -> bytes:
    """Return the file with another workbook stream of the same length."""
    file = io.BytesIO(content)
    import olefile

    with olefile.OleFileIO(file, write_mode=True) as opened:
        opened.write_stream(_workbook_path(opened), stream)
    return file.getvalue()


def last_saved(content: bytes) -> datetime | None:
    """Return when its summary information says it was saved, UTC without an offset."""
    with _opened(content) as file:
        saved: datetime | None = file.get_metadata().last_saved_time
        return saved


def with_usual_name(content: bytes) -> bytes:
    """Return the file with the workbook stream named as Excel writes it: case is no difference."""
    with _opened(content) as file:
        name = _workbook_path(file)[0]
    entry, usual = ((one.encode("utf-16-le")).ljust(64, b"\0") for one in (name, name.capitalize()))
    return content.replace(entry, usual, 1) if entry != usual else content


def _workbook_path(file: Any) -> list[str]:
    paths = [path for path in file.listdir() if len(path) == 1 and path[0].upper() in WORKBOOKS]
    if not paths:
        raise Damaged("no workbook stream")
    paths.sort(key=lambda path: WORKBOOKS.index(path[0].upper()))
    first: list[str] = paths[0]
    return first


def unlocked(content: bytes) -> bytes:
    """Return the file without its encryption, if that is by DEFAULT_PASSWORD; raises Locked."""
    import msoffcrypto
    from msoffcrypto import exceptions

    out = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        file.load_key(password=DEFAULT_PASSWORD)
        file.decrypt(out)
    except (
        exceptions.FileFormatError, exceptions.ParseError, exceptions.DecryptionError,
        exceptions.InvalidKeyError, OSError, ValueError, KeyError, IndexError, TypeError,
        AttributeError, NotImplementedError, AssertionError, OverflowError, struct.error,
    ) as error:  # fmt: skip
        raise Locked(str(error)) from error
    return out.getvalue()
