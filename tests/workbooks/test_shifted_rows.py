"""Rows whose cells stand in the wrong columns, and cells that say more than one thing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support import workbooks
from tests.support.workbooks import national_id
from tests.support.writers import python
from tests.workbooks.test_no_wrong_fact import Person, bring, with_string

ID, OTHER = national_id(1), national_id(2)
HEADER = ["T.C. Kimlik No", "Adı", "Soyadı", "Görevi", "Cep Telefonu"]
AYSE = [ID, "AYŞE", "KAYA", "Müdür", "05321234567"]
ALI = [OTHER, "ALİ", "CAN", "Memur", "05321234568"]
READ: Person = ("AYŞE", "KAYA", "+905321234567", "Müdür")
READ_ALI: Person = ("ALİ", "CAN", "+905321234568", "Memur")


def page(*rows: Sequence[str], style: str = "") -> bytes:
    lines = ("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html>{style}<table>{''.join(lines)}</table></html>".encode()


def cell(column: int, markup: str, style: str = "") -> bytes:
    """A page on which one cell of AYŞE's row is written so."""
    row = [*AYSE[:column], markup, *AYSE[column + 1 :]]
    return page(HEADER, row, ALI, style=style)


def lines(*rows: Sequence[str]) -> bytes:
    return "\r\n".join(";".join(row) for row in rows).encode()


def raw(*rows: str) -> bytes:
    return ("<table><tr><td>" + "<td>".join(HEADER) + "".join(rows) + "</table>").encode()


# --- cells of a page -----------------------------------------------------------------------------

SHOWN: dict[str, bytes] = {
    "a table of one cell": cell(3, "<table><tr><td></td><td>Müdür</td></tr></table>"),
    "a table of one cell, in one": cell(
        3, "<table><tr><td><table><tr><td>Müdür</table></td></tr></table>"
    ),
    "the choice of a list": cell(
        3, "<select><option>Memur</option><option selected>Müdür<option>Şef</select>"
    ),
    "the only choice of a list": cell(3, "<select><option value=1>Müdür</select>"),
    "hidden by its style": cell(2, "<span style='display: none'>CAN</span>KAYA"),
    "hidden by an attribute": cell(2, "<b hidden>CAN <i>CAN</i></b>KAYA"),
    "hidden by Excel": cell(2, "<span style='mso-hide:all'>CAN</span>KAYA"),
    "hidden by a class": cell(
        2, "<p class='x gizli'>CAN</p>KAYA", "<style>td, .gizli {color:red; display:none}</style>"
    ),
    "a field": cell(2, "<input type=text value='KAYA'>"),
    "a field that is hidden": cell(2, "<input type=hidden value=CAN>KAYA"),
    "a box to tick": cell(2, "<input type=checkbox value=5> KAYA"),
    "a larger field": cell(2, "<textarea>KAYA</textarea>"),
    "a button": cell(2, "KAYA<button>Düzenle</button>"),
    "for other browsers": cell(2, "KAYA<noscript>CAN</noscript><template>CAN</template>"),
    "CDATA": cell(2, "<![CDATA[KAYA]]>"),
    "a comment of Word": cell(2, "<!--[if gte mso 9]>CAN<![endif]--><![if !x]>KAYA<![endif]>"),
    "a sign of more in an attribute": cell(2, "<a title='x>y'>KAYA</a>"),
    "entities without their ends": cell(2, "&nbspKAYA").replace("Müdür".encode(), b"M&uumld&uumlr"),
    "a table around it": b"<table><tr><td>MEBBIS</td><td>" + page(HEADER, AYSE, ALI) + b"</table>",
    "spans in both ways": raw(
        f"<tr><td>{ID}<td>AYŞE<td>KAYA<td>Müdür<td>05321234567",
        f"<tr><td>{OTHER}<td>ALİ<td>CAN<td>Memur<td>05321234568",
        "<tr><td rowspan=2 colspan=2>TOPLAM<td><td><td><tr><td><td><td>2",
    ),
}
UNCLEAR: dict[str, bytes] = {
    "a table of several cells": cell(3, "<table><tr><td>Müdür<td>Şef</table>"),
    "a list without a choice": cell(3, "<select><option>Memur<option>Müdür</select>"),
    "a list with two": cell(3, "<select><option selected>Şef<option selected>Müdür</select>"),
    "one of several": cell(3, "<input type=radio>Memur <input type=radio checked>Müdür"),
    "crossed out": cell(2, "<s>CAN</s> KAYA"),
    "deleted": cell(2, "<del>CAN</del> <ins>KAYA</ins>"),
    "as above, in a name": python.by_openpyxl([HEADER, ALI, [ID, "AYŞE", '"', "Şef", ""]]),
    "as above, in a post": workbooks.ods([HEADER, ALI, [ID, "AYŞE", "KAYA", "〃", ""]]),
    "as above, by two strokes": page(HEADER, ALI, [ID, "AYŞE", "KAYA", "''", ""]),
    "crossed out in a workbook": with_string(
        "<t>KAYA</t>", "<r><rPr><strike/></rPr><t>CAN</t></r><r><t>KAYA</t></r>", "xlsx"
    ),
}

# --- rows ----------------------------------------------------------------------------------------

SHIFTED: dict[str, tuple[bytes, set[str]]] = {
    "a field less": (lines(HEADER, [*AYSE[:2], *AYSE[3:]], ALI, ALI), {"too-few-fields"}),
    "a field less, blank at its end": (
        lines(HEADER, [ID, "AYŞE", "Müdür", ""], ALI, ALI), {"too-few-fields"}
    ),
    "a field less, only words": (
        lines(HEADER[:4], [ID, "AYŞE", "Müdür"], ALI[:4], ALI[:4]), {"too-few-fields"}
    ),
    "a field less, alone": (lines(HEADER[:4], [ID, "AYŞE", "Müdür"]), {"too-few-fields"}),
    "a field less before a day that may be another": (
        lines(
            [*HEADER[:3], "Görevlendirme Başlangıç", "Görevlendirme Bitiş"],
            [ID, "AYŞE", "KAYA", "01.09.2024"],
            *[[*ALI[:3], "01.09.2024", "30.06.2027"]] * 2,
        ),
        {"too-few-fields"},
    ),
    "a field more": (lines(HEADER, [*AYSE[:2], "FATMA", *AYSE[2:]], ALI, ALI), {"too-many-fields"}),
    "a cell less": (page(HEADER, [*AYSE[:2], *AYSE[3:]], ALI, ALI), {"too-few-fields"}),
    "a cell more": (page(HEADER, [*AYSE[:2], "FATMA", *AYSE[2:]], ALI), {"too-many-fields"}),
    "a cell more, hidden": (
        raw(f"<tr><td>{ID}<td style='display:none'>X<td>AYŞE<td>KAYA<td>Müdür<td>05321234567"),
        {"too-many-fields"},
    ),
    "a cell that reaches too far down": (
        raw(
            f"<tr><td>{OTHER}<td>ALİ<td>CAN<td>Memur<td rowspan=9>05321234568",
            f"<tr><td>{ID}<td>AYŞE<td>KAYA<td>Müdür<td>05321234567",
        ),
        {"too-many-fields"},
    ),
    "cells moved to the left": (
        python.by_openpyxl([HEADER, [ID, "AYŞE", "Müdür", "05321234567"]]), {"misplaced-value"}
    ),
    "a day in place of a name": (
        python.by_openpyxl([HEADER, [ID, "AYŞE", "01.09.2024", "Müdür"]]), {"misplaced-value"}
    ),
    "a number in place of a name": (
        python.by_xlwt([HEADER, [ID, 5321234567, "KAYA", "Müdür"]]), {"misplaced-value"}
    ),
    "an address in place of a number": (
        workbooks.ods([HEADER, [ID, "AYŞE", "KAYA", "Müdür", "a@example.tr"]]), {"misplaced-value"}
    ),
    "another's number in place of a post": (
        python.by_openpyxl([HEADER, [ID, "AYŞE", "KAYA", OTHER]]), {"misplaced-value"}
    ),
    "a number in place of an address": (
        python.by_openpyxl([[*HEADER[:4], "E-Posta"], AYSE]), {"misplaced-value"}
    ),
    "a day in place of a code": (
        python.by_openpyxl([[*HEADER[:4], "Kurum Kodu"], [*AYSE[:4], "01.09.2024"]]),
        {"misplaced-value"},
    ),
    "the sign of a footnote": (cell(2, "KAYA<sup>1</sup>"), {"garbled-text"}),
    "both names in one of the columns": (
        raw(f"<tr><td>{ID}<td colspan=2>AYŞE KAYA<td>Müdür<td>05321234567"), {"unclear-name"}
    ),
}  # fmt: skip
ROUNDED = {
    "an id": ([HEADER, [15400000000, "AYŞE", "KAYA", "Müdür"]], "lossy-national-id", True),
    "another": ([HEADER, [10900000000.0, "AYŞE", "KAYA", "Müdür"]], "lossy-national-id", True),
    "a number": ([HEADER, [*AYSE[:4], 5.32e9]], "bad-mobile-phone", False),
    "a number as text": ([HEADER, [*AYSE[:4], "5321200000"]], "bad-mobile-phone", False),
}
EXCEL = [[national_id(n), f"A{'BCDEFGHIJKLMNOPQRST'[n]}", "CAN", "Şef"] for n in range(2, 17)]
WHOLE: dict[str, bytes] = {
    "the last columns left out by Excel": lines(
        [*HEADER, "Açıklama"],
        *([*row, "", ""] for row in EXCEL),
        AYSE,
        ALI,
    ),
    "the last column in no row": lines([*HEADER, "Açıklama"], AYSE, ALI),
    "the last left out behind a number": lines(
        [*HEADER, "Açıklama"], AYSE, *[[*ALI, "x"]] * 2
    ),
    "a blank header at the end": lines([*HEADER, ""], AYSE, ALI),
    "a line break within quotes, in each row": lines(
        [*HEADER, "Kurum"], [*AYSE, '"YILDIZ\nİLKOKULU"'], [*ALI, '"GÜN\nLİSESİ"']
    ),
    "strokes for nothing": lines([*HEADER, "Kurum"], [*AYSE, "-"], [*ALI, "---"]),
    "a column without a header": lines(HEADER, [*AYSE, "x"], [*ALI, "y"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    outcome, stored = bring(tmp_path / "liste", monkeypatch, SHOWN[name])
    assert (outcome.problems, stored) == ([], [READ, READ_ALI])


@pytest.mark.parametrize("name", UNCLEAR)
def test_a_cell_of_several_texts_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    outcome, stored = bring(tmp_path / "liste", monkeypatch, UNCLEAR[name])
    assert [one.code for one in outcome.problems] == ["unclear-cell"]
    assert all(given != "AYŞE" for given, *_ in stored)


@pytest.mark.parametrize("name", SHIFTED)
def test_a_shifted_row_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    content, codes = SHIFTED[name]
    outcome, stored = bring(tmp_path / "liste", monkeypatch, content)
    costly = [one for one in outcome.problems if one.rejected]
    assert {one.row for one in costly} <= {2, 3}
    assert codes <= {one.code for one in costly}
    assert all(given != "AYŞE" for given, *_ in stored)
    assert outcome.rejected == 1


@pytest.mark.parametrize("name", WHOLE)
def test_a_row_without_its_end_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    outcome, stored = bring(tmp_path / "liste", monkeypatch, WHOLE[name])
    assert outcome.problems == []
    assert {READ, READ_ALI} <= set(stored)


@pytest.mark.parametrize("name", ROUNDED)
def test_a_rounded_number_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """1,54E+10 that was opened and saved again; the check digits of this one are right."""
    rows, code, rejected = ROUNDED[name]
    outcome, stored = bring(tmp_path / "liste", monkeypatch, workbooks.xlsx([*rows, ALI]))
    assert [(one.code, one.rejected) for one in outcome.problems] == [(code, rejected)]
    assert stored == ([] if rejected else [("AYŞE", "KAYA", "", "Müdür")]) + [READ_ALI]
