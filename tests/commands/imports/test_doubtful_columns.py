"""A column that may mean several things: asked once where somebody sits, refused elsewhere."""

from __future__ import annotations

import os
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from esign_cli.workbooks.mebbis import dates
from tests.conftest import Esign
from tests.support.factories import national_id

if os.name != "posix":
    pytest.skip("pseudo-terminals are POSIX's", allow_module_level=True)

from tests.support.terminal import Terminal

DUTY = "T.C. Kimlik No;Adı;Soyadı;Kurum Kodu;Görevi;Görevlendirme Başlangıç;Bitiş Tarihi"
BARE = "T.C. Kimlik No;Adı;Soyadı;Bitiş Tarihi"
SLASHES = [("09/01/2024", "06/05/2027"), ("10/01/2024", "07/05/2027")]


def write(path: Path, header: str, *rows: str) -> Path:
    lines = [f"{national_id(n)};AYŞE;KAYA;{row}" for n, row in enumerate(rows, start=1)]
    path.write_text("\n".join([header, *lines, ""]), "utf-8")
    return path


def duties(path: Path, days: list[tuple[str, str]] | None = None) -> Path:
    return write(path, DUTY, *(f"700002;Müdür;{a};{b}" for a, b in days or SLASHES))


@pytest.fixture
def words(home: Path) -> list[str | Path]:
    return ["--db", home / "esign.db", "import", "--province", "batman"]


def stored(words: list[str | Path], query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(words[1])) as db:
        return db.execute(query).fetchall()


ENDS = 'SELECT start, "end" FROM duty ORDER BY national_id'


def test_a_column_is_asked_with_its_values_and_the_answer_remembered(
    home: Path, words: list[str | Path], esign: Esign
) -> None:
    path = write(home / "liste.csv", BARE, "01.06.2027", "02.06.2027", "03.06.2027", "04.06.2027")
    with Terminal(*words, path) as terminal:
        terminal.press("Press a key", "2")
        assert terminal.ended() == 0, terminal.seen
    assert "Values: 01.06.2027 · 02.06.2027 · 03.06.2027\n" in terminal.seen
    assert "1  the end of the assignment (end)" in terminal.seen
    ends = stored(words, "SELECT not_after FROM certificate ORDER BY 1")
    assert [end[:10] for (end,) in ends] == [f"2027-06-0{n}" for n in (1, 2, 3, 4)]

    later = write(home / "sonraki.csv", BARE.replace("Bitiş Tarihi", "BİTİŞ  TARİHİ"), "05.06.2027")
    read = esign(*words, later)
    assert read.exit_code == 0, read.stderr
    assert "As answered: BİTİŞ TARİHİ → certificate_end; to forget it: esign imports columns" in (
        read.stdout
    )
    listed = esign("--db", words[1], "imports", "columns", "--json").json["data"]
    assert [(one["column"], one["said"], one["file"]) for one in listed] == [
        ("Bitiş Tarihi", "certificate_end", "liste.csv")
    ]


def test_an_answer_holds_for_the_same_header_only(
    home: Path, words: list[str | Path], esign: Esign
) -> None:
    with Terminal(*words, write(home / "liste.csv", BARE, "01.06.2027")) as terminal:
        terminal.press("Press a key", "2")
        assert terminal.ended() == 0, terminal.seen
    other = write(home / "b.csv", BARE.replace("Soyadı", "Soyad") + ";Sicil No", "05.06.2027;1")
    assert esign(*words, other).exit_code == 3


def test_a_wrong_answer_is_taken_back_and_forgotten(
    home: Path, words: list[str | Path], esign: Esign
) -> None:
    path = write(home / "liste.csv", BARE, "01.06.2027")
    with Terminal(*words, path) as terminal:
        terminal.press("Press a key", "1")
        assert terminal.ended() == 0, terminal.seen
    undone = esign("--db", words[1], "imports", "undo", "1", "--yes")
    assert "to forget it: esign imports columns --forget 1" in undone.stderr
    assert esign("--db", words[1], "imports", "columns", "--forget", "2").exit_code == 2
    assert "Forgotten answers: 1" in (
        esign("--db", words[1], "imports", "columns", "--forget", "1").stderr
    )
    with Terminal(*words, path) as terminal:
        terminal.press("Press a key", "2")
        assert terminal.ended() == 0, terminal.seen
    assert stored(words, "SELECT count(*) FROM duty") == [(0,)]
    assert stored(words, "SELECT count(*) FROM certificate") == [(1,)]


@pytest.mark.parametrize("key", ["q", "\x04"])
def test_nothing_is_imported_where_nobody_answers(
    home: Path, words: list[str | Path], key: str
) -> None:
    with Terminal(*words, write(home / "liste.csv", BARE, "01.06.2027")) as terminal:
        terminal.press("Press a key", "7")  # no key of the question: waited on
        terminal.press("Press a key", key)
        assert terminal.ended() == 12, terminal.seen
    assert stored(words, "SELECT count(*) FROM person") == [(0,)]


def test_dates_are_asked_column_by_column(
    home: Path, words: list[str | Path], esign: Esign
) -> None:
    with Terminal(*words, duties(home / "liste.csv")) as terminal:
        terminal.press("Press a key", "1")
        terminal.press("Press a key", "2")
        assert terminal.ended() == 0, terminal.seen
    assert "1  day first: 06.05.2027 · 07.05.2027" in terminal.seen
    assert "2  month first: 05.06.2027 · 05.07.2027" in terminal.seen
    assert stored(words, ENDS) == [("2024-09-01", "2027-05-06"), ("2024-10-01", "2027-05-07")]
    again = esign(*words, duties(home / "b.csv", [("11/12/2024", "11/12/2027")]))
    assert again.exit_code == 0, again.stderr
    assert "Görevlendirme Başlangıç → month first" in again.stdout
    assert ("2024-11-12", "2027-12-11") in stored(words, ENDS)


@pytest.mark.parametrize(
    "days",
    [
        [("13/01/2024", "06/05/2027")],
        [("09/01/2024", "06/30/2027")],
        [("09/13/2024", "06/05/2027"), ("13/09/2024", "06/05/2027")],
    ],
    ids=["another form in its own column", "in another column", "both in one"],
)
def test_an_answer_never_stands_against_what_the_columns_show(
    home: Path, words: list[str | Path], esign: Esign, days: list[tuple[str, str]]
) -> None:
    with Terminal(*words, duties(home / "liste.csv")) as terminal:
        terminal.press("Press a key", "1")  # the end: day first
        terminal.press("Press a key", "2")  # the start: month first
        assert terminal.ended() == 0, terminal.seen
    refused = esign(*words, duties(home / "b.csv", days))
    assert refused.exit_code == 3, refused.stdout
    assert "cannot be told" in refused.stderr


@pytest.mark.parametrize(("lang", "field"), [("tr", "sertifika_bitiş"), ("en", "certificate_end")])
def test_without_a_terminal_whole_commands_are_named_that_work(
    home: Path, words: list[str | Path], esign: Esign, lang: str, field: str
) -> None:
    path = write(home / "yeni liste $1'.csv", BARE, "01.06.2027")
    refused = esign(*words, path, lang=lang)
    assert refused.exit_code == 3
    assert "01.06.2027" in refused.stderr
    lines = [line.strip() for line in refused.stderr.splitlines() if line.startswith("  esign ")]
    given = [shlex.split(line) for line in lines]
    assert [one[-1].partition("=")[2] for one in given][1:] == [field, "-"]
    assert esign(*given[1][1:]).exit_code == 0
    assert stored(words, "SELECT count(*) FROM certificate") == [(1,)]


def test_without_a_terminal_the_forms_of_dates_are_named(
    home: Path, words: list[str | Path], esign: Esign
) -> None:
    refused = esign(*words, duties(home / "liste.csv"), "--json")
    (problem,) = refused.json["problems"]
    assert problem["columns"] == ["Bitiş Tarihi", "Görevlendirme Başlangıç"]
    given = [shlex.split(line) for line in problem["commands"]]
    assert [one[-2:] for one in given] == [["--dates", "dmy"], ["--dates", "mdy"]]
    assert esign(*given[0][1:]).exit_code == 0
    assert stored(words, ENDS)[0] == ("2024-01-09", "2027-05-06")


def test_a_slash_below_the_first_rows_is_never_guessed(
    home: Path, words: list[str | Path], esign: Esign
) -> None:
    days = [("01.09.2024", "30.06.2027")] * 40
    below = [("9/1/2024", "30/6/2027"), ("13/9/2024", "30/6/2027"), ("5/5/2024", "30/6/2027")]
    read = esign(*words, duties(home / "liste.csv", [*days, *below]), "--json")
    assert read.exit_code == 8
    rejected = [one for one in read.json["problems"] if one["rejected"]]
    assert [(one["row"], one["code"]) for one in rejected] == [(42, "ambiguous-date")]
    rows = stored(words, ENDS + " LIMIT -1 OFFSET 0")
    assert {row[0] for row in rows} == {"2024-09-01", "2024-09-13", "2024-05-05"}


@pytest.mark.parametrize(
    ("shown", "remembered", "known", "doubtful"),
    [
        ({"a": "9/1/2024"}, {}, {}, ["a"]),
        ({"a": "9/1/2024"}, {"a": "mdy"}, {"a": "mdy"}, []),
        ({"a": "9/13/2024"}, {}, {"a": "mdy"}, []),
        ({"a": "9/13/2024"}, {"a": "dmy"}, {}, ["a"]),
        ({"a": "9/1/2024", "b": "13/1/2024"}, {}, {"a": "dmy", "b": "dmy"}, []),
        ({"a": "9/1/2024", "b": "13/1/2024"}, {"a": "mdy"}, {}, ["a"]),
        ({"a": "9/1/2024", "b": "1/13/2024"}, {}, {}, ["a"]),
        ({"a": "9/1/2024", "b": "1/13/2024"}, {"a": "mdy"}, {"a": "mdy", "b": "mdy"}, []),
        ({"a": "01.09.2024"}, {}, {"a": "dmy"}, []),
    ],
)
def test_forms_of_columns(
    shown: dict[str, str],
    remembered: dict[str, str],
    known: dict[str, str],
    doubtful: list[str],
) -> None:
    columns = {field: dates.ColumnForms() for field in shown}
    for field, text in shown.items():
        columns[field].add([text])
    forms, unknown = dates.forms(columns, remembered)
    assert unknown == doubtful
    if not doubtful:
        assert forms == known
