"""SpreadsheetML 2003: the workbook of Excel 2002 and 2003 as one XML file.

Its plain rows are taken apart by `spreadsheetml_rows`; expat reads all the rest, event by event,
with an instruction in the place of those rows. A document type declaration is refused, and with it
every entity that is not one of XML's own five and every reference to another file.
"""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Iterator
from xml.parsers import expat

from esign_cli.workbooks.formats import Damaged
from esign_cli.workbooks.formats.chunks import Chunk, Unmerged
from esign_cli.workbooks.formats.decoding import utf16
from esign_cli.workbooks.formats.plain_rows import Piece, Row, chunks
from esign_cli.workbooks.formats.spreadsheetml_events import GAP, NAMESPACE, NotPlain, Reader, Table
from esign_cli.workbooks.formats.spreadsheetml_rows import Cells, Rows
from esign_cli.workbooks.formats.xml_pieces import LONGEST_ITEM, decoded, read

_FROM_1904 = re.compile(rb"<(?:\w+:)?Date1904\b")
_PADDING = b"\x00\x1a \t\r\n"
_ROW_END = re.compile(r"</(?:\w+:|)Row>")
_ROW_TAG = re.compile(r"<(\w+:|)Row\b")
_OWN = re.compile(rf"""xmlns:(\w+)\s*=\s*["']{NAMESPACE}["']""")
_ODD = ("MergeDown", "<![CDATA[")
"""In a piece with one of these what looks like a plain row need not be one."""
_BOUNDS = ("<!", "<?", "Worksheet")
"""What may show that not all rows of a piece are those of one sheet."""
_WHOLE = re.compile("(?!)")
"""Leaves a piece to the parser."""


def is_from_1904(content: bytes) -> bool:
    """Return whether bare counts of days are those of Excel's other calendar."""
    return _FROM_1904.search(content[: 1 << 16].replace(b"\x00", b"")) is not None


def sheets(content: bytes) -> list[Sheet]:
    """Return the sheets; raises Damaged."""
    document = _Document(content)
    return [Sheet(document, *one) for one in enumerate(document.survey())]


class Sheet(Unmerged):
    """A sheet, whose rows are read anew each time; merged cells are filled on the way."""

    def __init__(self, document: _Document, number: int, table: Table) -> None:
        self._document = document
        self._number = number
        self.name = table.name
        self.visible = table.visible
        self.rows = table.rows

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows, from the sheet's first."""
        for piece, rows in self._document.read():
            own = [row for number, row in rows if number == self._number]
            yield from chunks(piece, own, self._document.cells)
            if rows and rows[-1][0] > self._number:
                return


class _Document:
    """The file, read a piece at a time as often as it is wanted."""

    def __init__(self, content: bytes) -> None:
        self.cells = Cells()
        self._content = content
        self._plainly = True

    def survey(self) -> list[Table]:
        """Return what sheets there are."""
        try:
            return self._tables()
        except NotPlain:
            self._plainly = False
            return self._tables()

    def _tables(self) -> list[Table]:
        parser = _Parser(plainly=self._plainly)
        for text in _pieces(self._content):
            parser.skim(text)
        parser.end()
        return parser.reader.tables

    def read(self) -> Iterator[tuple[Piece, list[tuple[int, Row]]]]:
        """Yield pieces, and the rows of each with the numbers of their sheets."""
        parser = _Parser(plainly=self._plainly)
        try:
            for text in _pieces(self._content):
                yield parser.read(text)
        except NotPlain as error:
            raise Damaged("a row within a row") from error
        parser.end()


def _pieces(content: bytes) -> Iterator[str]:
    """The text in pieces that end where a row does, with line ends as XML has them."""
    is_marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if is_marked else utf16(content)
    part = io.BytesIO(content)
    part.seek(0 if encoding else len(content) - len(content.lstrip(_PADDING)))
    rest, row_end = "", None
    for text in decoded(read(part), encoding):
        rest += text
        row_end = row_end or _ROW_END.search(rest)
        cut = rest.rfind(row_end[0]) + len(row_end[0]) if row_end else 0
        if row_end and cut >= len(row_end[0]):
            yield _with_line_ends(rest[:cut])
            rest = rest[cut:]
        if len(rest) > LONGEST_ITEM:
            raise Damaged("a row longer than any can be")
    yield _with_line_ends(rest.rstrip(_PADDING.decode()))


def _with_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


class _Parser:
    """Reads pieces of a document, in their order."""

    def __init__(self, *, plainly: bool) -> None:
        self.reader = Reader(f"rows-{os.urandom(8).hex()}")
        self._plainly = plainly
        self._rows: Rows | None = None
        self._expat = expat.ParserCreate("utf-8", namespace_separator=GAP)
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self.reader.start
        self._expat.EndElementHandler = self.reader.end
        self._expat.CharacterDataHandler = self.reader.letters
        self._expat.StartDoctypeDeclHandler = self.reader.doctype
        self._expat.ProcessingInstructionHandler = self.reader.plain
        self._expat.StartNamespaceDeclHandler = self.reader.bind
        self._expat.EndNamespaceDeclHandler = self.reader.unbind

    def read(self, text: str) -> tuple[Piece, list[tuple[int, Row]]]:
        """Return a piece, and its rows with the numbers of their sheets."""
        piece = self._piece(text)
        self._parse(self._without_plain_rows(piece))
        return piece, self.reader.take()

    def skim(self, text: str) -> None:
        """Read a piece but for its rows, if all of them are plainly those of one sheet."""
        rows = self._rows.all_of(text) if self._rows else ""
        if (
            self._rows is None
            or not rows
            or self._is_odd(text)
            or any(one in rows for one in _BOUNDS)
        ):
            self.read(text)
            return
        before, after = text.split(rows, 1)
        count = rows.count(self._rows.row_end)
        self._parse(f"{before}<?{self.reader.mark} 0 {count}?>{after}")
        if len(self.reader.take()) != count:
            raise NotPlain

    def end(self) -> None:
        """Raise Damaged where the file ends too soon."""
        self._parse("", is_last=True)

    def _parse(self, text: str, *, is_last: bool = False) -> None:
        try:
            self._expat.Parse(text, is_last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise Damaged(str(error)) from error

    def _piece(self, text: str) -> Piece:
        if self._plainly and self._rows is None:
            row, own = _ROW_TAG.search(text), _OWN.search(text)
            self._rows = Rows(row[1], own[1]) if row and own else None
            self.reader.prefixes = (row[1][:-1] or None, own[1]) if row and own else ()
        if self._rows is None or self._is_odd(text):
            return Piece(text, _WHOLE)
        return self._rows.piece(text)

    def _is_odd(self, text: str) -> bool:
        return any(word in text for word in _ODD) or not self.reader.is_between

    def _without_plain_rows(self, piece: Piece) -> str:
        """What the parser is to read: of each run of plain rows only which they are."""
        texts: list[str] = []
        begin = 0
        for number, text in enumerate(piece.between):
            if number == piece.count or (text and not text.isspace()):
                texts += [f"<?{self.reader.mark} {begin} {number}?>"] * (begin < number)
                texts.append(text)
                begin = number
        return "".join(texts)
