"""A report in words: for people to read with masked ids, and whole as a work product."""

from esign_cli.wording.report_text.files import left_out, ozluk, sheets, table
from esign_cli.wording.report_text.names import list_of, name
from esign_cli.wording.report_text.reading import document, heading
from esign_cli.wording.report_text.structured import as_json

__all__ = [
    "as_json",
    "document",
    "heading",
    "left_out",
    "list_of",
    "name",
    "ozluk",
    "sheets",
    "table",
]
