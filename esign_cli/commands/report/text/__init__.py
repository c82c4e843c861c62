"""A report in words: for people to read with masked ids, and whole as a work product."""

from esign_cli.commands.report.text.as_json import as_json
from esign_cli.commands.report.text.files import left_out, ozluk, sheets, table
from esign_cli.commands.report.text.names import name
from esign_cli.commands.report.text.narrative import document, heading

__all__ = [
    "as_json",
    "document",
    "heading",
    "left_out",
    "name",
    "ozluk",
    "sheets",
    "table",
]
