"""A "single file web page" (MHTML, RFC 2557): its pages, decoded by the standard library."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

_FIRST = (b"mime-version:", b"from:", b"subject:", b"date:", b"content-type:")


def is_mhtml(start: bytes) -> bool:
    """Return whether a file that begins so is one."""
    head = start.lstrip().lower()
    return head.startswith(_FIRST) and b"content-type:" in head and b"mime-version:" in head


def pages(content: bytes) -> list[bytes]:
    """Return the HTML parts that hold a table, as UTF-8 with a byte order mark where a charset is
    told.
    """
    import email

    parts = [_page(part) for part in email.message_from_bytes(content.lstrip()).walk()
             if part.get_content_type() == "text/html"]  # fmt: skip
    return [page for page in parts if b"<table" in page.lower()]


def _page(part: Message) -> bytes:
    raw = part.get_payload(decode=True)
    page = raw if isinstance(raw, bytes) else b""
    charset = part.get_content_charset()
    if not charset:
        return page
    try:
        return page.decode(charset).encode("utf-8-sig")
    except (LookupError, UnicodeError):
        return page  # a lie: told by its bytes, as any page
