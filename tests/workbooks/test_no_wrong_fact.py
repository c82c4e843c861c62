"""Tables that seem to say of somebody what they say of another: right, refused, or told by row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from esign_cli.commands.imports.job import Outcome
from esign_cli.foundation.errors.workbooks import AmbiguousColumn, TablesSideBySide
from tests.support import workbooks
from tests.support.in_process import brought
from tests.support.workbooks import national_id
from tests.support.writers import python

ID, OTHER = national_id(1), national_id(2)
WHO = ["T.C. Kimlik No", "Adı", "Soyadı"]
Person = tuple[str, str, str, str]


def bring(
    path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> tuple[Outcome, list[Person]]:
    """What came of the file, and of each person: given and family name, phone, title."""
    path.write_bytes(content)
    with brought(monkeypatch, path, path.with_suffix(".db")) as (store, outcome):
        rows = store.db.execute(
            "SELECT given_name, family_name, mobile_phone, title FROM person JOIN duty"
            " USING (national_id) ORDER BY national_id"
        )
        return outcome, [tuple(row) for row in rows]


def lines(*rows: Sequence[str]) -> bytes:
    return "\n".join(";".join(row) for row in rows).encode()


def with_string(old: str, new: str, kind: str) -> bytes:
    """A workbook in which the markup of one text is another."""
    rows = [[*WHO, "Görevi"], [ID, "AYŞE", "KAYA", "Müdür"]]
    content, part = {
        "xlsx": (python.by_openpyxl(rows), "xl/sharedStrings.xml"),
        "ods": (workbooks.ods(rows), "content.xml"),
    }[kind]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            whole = before.read(name)
            assert name != part or old.encode() in whole
            after.writestr(name, whole.replace(old.encode(), new.encode()))
    return out.getvalue()


NOTE = "<office:annotation><text:p>CAN</text:p></office:annotation><text:p>KAYA</text:p>"
RUBY = (
    "<text:p><text:ruby><text:ruby-base>KAYA</text:ruby-base><text:ruby-text>CAN</text:ruby-text>"
    "</text:ruby></text:p>"
)
AYSE: list[Person] = [("AYŞE", "KAYA", "", "Müdür")]
RIGHT: dict[str, tuple[bytes, list[Person]]] = {
    "a group of the father": (
        python.by_openpyxl(
            [
                ["T.C. Kimlik No", "Soyadı", "Baba", None, "Kişi", None],
                [None, None, "Adı", "Mesleği", "Adı", "Görevi"],
                [ID, "KAYA", "HASAN", "x", "AYŞE", "Müdür"],
            ]
        ),
        AYSE,
    ),
    "columns of the headmaster": (
        workbooks.text(
            [
                [*WHO, "Görevi", "Müdürün Adı Soyadı", "Müdürün Cep Telefonu"],
                [ID, "AYŞE", "KAYA", "Müdür", "VELİ CAN", "05321234567"],
            ]
        ),
        AYSE,
    ),
    "groups of the person's own": (
        python.by_openpyxl(
            [
                ["Kimlik Bilgileri", None, None, "Görev Yeri Bilgileri", "İletişim"],
                [*WHO, "Görevi", "Cep Telefonu"],
                [ID, "AYŞE", "KAYA", "Müdür", "05321234567"],
            ]
        ),
        [("AYŞE", "KAYA", "+905321234567", "Müdür")],
    ),
    "how a name is spoken": (
        with_string("<t>KAYA</t>", '<t>KAYA</t><rPh sb="0" eb="4"><t>CAN</t></rPh>', "xlsx"),
        AYSE,
    ),
    "a text in pieces": (
        with_string("<t>KAYA</t>", "<r><t>KA</t></r><r><t>YA</t></r>", "xlsx"),
        AYSE,
    ),
    "a letter as Excel escapes it": (with_string("KAYA", "KA_x0059_A_x000D_", "xlsx"), AYSE),
    "a comment on a cell": (with_string("<text:p>KAYA</text:p>", NOTE, "ods"), AYSE),
    "how a name is spoken, OpenDocument": (with_string("<text:p>KAYA</text:p>", RUBY, "ods"), AYSE),
    "a number in the text of another attribute": (
        workbooks.web(
            [[*WHO, "Cep Telefonu"], [ID, "AYŞE", "KAYA", "05321234567"]], encoding="utf-8"
        ).replace(b"<td>05321234567", b"<td title='x:num=\"5339999999\"'>05321234567"),
        [("AYŞE", "KAYA", "+905321234567", "")],
    ),
    "a cell down to the end of its table": (
        (
            f"<table><tr><td>TCKN<td>Adı<td>Soyadı<td>Görevi<tr><td>{ID}<td>AYŞE<td rowspan=0>KAYA"
            f"<td>Müdür<tr><td>{OTHER}<td>ALİ<td>Öğretmen</table>"
        ).encode(),
        [*AYSE, ("ALİ", "KAYA", "", "Öğretmen")],
    ),
    "a page that was written twice over": (
        python.by_openpyxl([[*WHO, "Görevi"], [ID, "AY&#350;E", "KAYA", "M&uuml;d&uuml;r"]]),
        AYSE,
    ),
    "a delimiter at the end of each line": (
        lines([*WHO, "Görevi"], [ID, "AYŞE", "KAYA", "Müdür", "", ""]),
        AYSE,
    ),
}
TOLD: dict[str, tuple[bytes, set[str]]] = {
    "a delimiter within a name": (
        lines([*WHO, "Kurum Adı", "Görevi"], [ID, "AYŞE", "KAYA", "ÖZEL", " LİSE", "Müdür"],
              [OTHER, "ALİ", "CAN", "LİSE", "Müdür"]),
        {"too-many-fields"},
    ),
    "the same, alone in its file": (
        lines([*WHO, "Kurum Adı", "Görevi"], [ID, "AYŞE", "KAYA", "ÖZEL", " LİSE", "Müdür"]),
        {"too-many-fields"},
    ),
    "the same below a table with a wider header": (
        lines([*WHO, "Görevi"], [OTHER, "ALİ", "CAN", "Müdür"], ["", ""],
              [*WHO, "Kurum Adı", "Görevi"], [ID, "AYŞE", "KAYA", "ÖZEL", " LİSE", "Müdür"]),
        {"too-many-fields"},
    ),
    "the family name first": (
        workbooks.text([["T.C. Kimlik No", "Adı Soyadı", "Görevi"], [ID, "KAYA, AYŞE", "Müdür"]]),
        {"unclear-name"},
    ),
    "one name alone": (
        workbooks.text([["T.C. Kimlik No", "Adı Soyadı", "Görevi"], [ID, "AYŞE", "Müdür"]]),
        {"unclear-name"},
    ),
    "a title in brackets": (
        workbooks.text([["T.C. Kimlik No", "Adı Soyadı", "Görevi"], [ID, "AYŞE KAYA (V)", "M"]]),
        {"unclear-name"},
    ),
    **{
        f"no day: {day}": (
            workbooks.text([[*WHO, "Görevlendirme Bitiş"], [ID, "AYŞE", "KAYA", day]]),
            {"bad-date"},
        )
        for day in ("300627", "99999", "30.06.2027 - 30.06.2028", "30062027", "1782777600", "yok")
    },
    **{
        f"midnight in UTC: {end}": (
            python.by_openpyxl([[*WHO, "Görevlendirme Bitiş"], [ID, "AYŞE", "KAYA", end]]),
            {"shifted-date"},
        )
        for end in (
            datetime.fromisoformat("2027-06-29T21:00"), "2015-01-09 22:00", "29.06.2027 21:00:00",
            46567.875, "6/29/2027 9:00:00 PM", "29.06.2027 21.00", "29.06.2027, 10:00 p.m.",
            " 29.06.2027 21:00:00,000 ",
        )
    },
    "a NUL in a name": (
        lines([*WHO, "Görevi"], [ID, "AYŞE", "KA\0YA", "M"],
              [OTHER, "ALİ", "CAN", "Müdür Yardımcısı"], ["TOPLAM", "2", "", ""]),
        {"garbled-text"},
    ),
    "a stray byte in a name": (
        lines([*WHO, "Görevi"], [OTHER, "ALİ", "IŞIKÇI", "M"], [ID, "AYŞE", "KA_YA", "M"]).replace(
            b"KA_YA", b"KA\xffYA"
        ),
        {"garbled-text"},
    ),
    "a lost sign for a post": (
        python.by_openpyxl([[*WHO, "Görevi"], [ID, "AYŞE", "KAYA", "?"]]),
        {"garbled-text"},
    ),
    **{
        f"a lost letter as {one}": (
            python.by_openpyxl([[*WHO, "Kurum Adı", "Görevi"], [ID, *row]]),
            {"garbled-text"},
        )
        for one, row in {
            "all of a name": ("ALI", "____", "OKUL", "M"),
            "an initial": ("_. NUR", "KAYA", "OKUL", "M"),
            "a word of a name": ("ALI", "_ KAYA", "OKUL", "M"),
            "an initial of a school": ("ALI", "KAYA", "_. MURAT O.O.", "M"),
        }.items()
    },
    "a rounded code": (
        python.by_openpyxl([[*WHO, "Kurum Kodu"], [ID, "AYŞE", "KAYA", "7,001E+05"]]),
        {"lossy-number"},
    ),
    "a birth to come": (
        workbooks.text([[*WHO, "Görevi", "Doğum Tarihi"], [ID, "AYŞE", "KAYA", "M", "12.05.29"]]),
        {"bad-date"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_it_is_read_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    content, people = RIGHT[name]
    outcome, stored = bring(tmp_path / "liste", monkeypatch, content)
    assert (outcome.problems, stored) == ([], people)


@pytest.mark.parametrize("name", TOLD)
def test_the_row_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    content, codes = TOLD[name]
    outcome, stored = bring(tmp_path / "liste", monkeypatch, content)
    assert {one.code for one in outcome.problems} == codes
    assert outcome.rejected == 1
    assert all(given != "AYŞE" for given, *_ in stored)


def test_two_tables_side_by_side_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header: list[Any] = [*WHO, "", *WHO, "Görevi"]
    rows = [header, [ID, "AYŞE", "KAYA", "", OTHER, "ALİ", "CAN", "Müdür"]]
    with pytest.raises(TablesSideBySide):
        bring(tmp_path / "a", monkeypatch, workbooks.text(rows))
    rows[1][4] = ID  # the same person twice
    outcome, stored = bring(tmp_path / "b", monkeypatch, workbooks.text(rows))
    assert (outcome.problems, stored) == ([], [("AYŞE", "KAYA", "", "Müdür")])


@pytest.mark.parametrize("header", ["Sertifika Sonu", "E-İmza Tarihi", "Geçerlilik"])
def test_a_list_of_certificates_is_never_one_of_posts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    rows = [[*WHO, header], [ID, "AYŞE", "KAYA", "01.02.2027"]]
    with pytest.raises(AmbiguousColumn) as raised:
        bring(tmp_path / "a", monkeypatch, workbooks.text(rows))
    assert raised.value.fields == ["certificate_end"]
    rows[0][3] = "Son Kullanma Tarihi"
    outcome, stored = bring(tmp_path / "b", monkeypatch, workbooks.text(rows))
    assert ([file.kind for file in outcome.files], stored) == (["certificates"], [])
