"""What an import does to the database: what is new, snapshots, conflicts, one transaction."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esign_cli.commands.imports.job import Outcome, Request, import_files
from esign_cli.foundation.errors.environment import Declined, DiskFull
from esign_cli.foundation.errors.workbooks import NoSuchImport, WorkbookDamaged, WorkbookEmpty
from esign_cli.store import Store, dialect, open_store
from esign_cli.store.import_history import undo
from esign_cli.store.imports import Scope
from esign_cli.store.rosters import Rosters
from esign_cli.workbooks.mebbis.duties import Rules
from esign_cli.workbooks.reader import WorkbookReader
from tests.support import biff, workbooks
from tests.support.databases import Place, content
from tests.support.workbooks import HEADERS, national_id, person

NOW = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
BATMAN = Rules(province="72", assumed=True)
CERTIFICATES = ("TCKN", "Adı", "Soyadı", "Sertifika Bitiş Tarihi", "Sertifika Seri No")


@pytest.fixture
def store(empty: Place) -> Iterator[Store]:
    with open_store(empty) as opened:
        yield opened


class Importing:
    """Files made and imported in one line."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder = folder
        self.store = store
        self.day = NOW
        self.asked: list[tuple[int, int]] = []
        self.answer = True

    def __call__(
        self, *tables: Sequence[Any] | bytes, full: str = "", rules: Rules = BATMAN, **more: Any
    ) -> Outcome:
        paths = []
        for number, table in enumerate(tables):
            path = self.folder / f"{number}.xlsx"
            content = table if isinstance(table, bytes) else workbooks.web(table, encoding="utf-8")
            path.write_bytes(content)
            os.utime(path, (self.day.timestamp(), self.day.timestamp()))
            paths.append(path)
        scope = Scope(*full.split("/")) if full else None
        with WorkbookReader(paths) as opener:
            return import_files(
                Request(paths, rules=rules, scope=scope, **more),
                open_workbook=opener.open,
                store=self.store,
                now=self.day,
                today=self.day.date(),
                confirm=self.confirm,
            )

    def confirm(self, missing: int, known: int) -> bool:
        self.asked.append((missing, known))
        return self.answer

    def all(self, table: str) -> list[dict[str, Any]]:
        columns = self.store.db.execute(dialect.of(self.store.db).columns, (table,)).fetchall()
        names = [name for name, _kind, _key in columns]
        named = ", ".join(f'"{name}"' for name in names)
        rows = self.store.db.execute(f"SELECT {named} FROM {table} ORDER BY 1, 2, 3, 4")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def one(self, question: str) -> Any:
        return self.store.db.execute(question).fetchone()[0]


@pytest.fixture
def bring(tmp_path: Path, store: Store) -> Importing:
    return Importing(tmp_path, store)


def figures(outcome: Outcome) -> tuple[int, ...]:
    (file,) = outcome.files
    told = (file.new, file.changed, file.unchanged, file.rejected, file.ignored)
    assert file.rows_read == sum(told)
    return told


def test_new_changed_unchanged(bring: Importing) -> None:
    rows = [HEADERS, person(1), person(2), person(3)]
    assert figures(bring(rows)) == (3, 0, 0, 0, 1)
    rows[2] = person(2, Görevi="Müdür")
    rows.append(person(4))
    assert figures(bring(rows)) == (1, 1, 2, 0, 1)
    titles = [row["title"] for row in bring.all("duty")]
    assert titles == ["Öğretmen", "Müdür", "Öğretmen", "Öğretmen"]
    assert {row["row"] for row in bring.all("duty")} == {2, 3, 4, 5}


def test_the_same_file_twice_changes_nothing(bring: Importing) -> None:
    old = [HEADERS, person(1, Görevi="Öğretmen")]
    bring(old)
    bring([HEADERS, person(1, Görevi="Müdür")])
    bring.day += datetime.timedelta(days=40)
    before = content(bring.store.db)
    assert figures(bring(old)) == (0, 0, 1, 0, 1)
    assert content(bring.store.db) == before


def test_a_newer_file_makes_unchanged_records_fresh(bring: Importing) -> None:
    bring([HEADERS, person(1), person(2, İl="SİİRT")])
    bring.day += datetime.timedelta(days=40)
    bring([HEADERS, person(1), person(2, İl="SİİRT"), person(3)])
    with bring.store.reading() as db:
        rosters = Rosters(db)
        assert [str(rosters.of_province(place).as_of) for place in ("72", "56")] == [
            "2026-12-30"
        ] * 2


@pytest.mark.parametrize("full", ["", "72"])
def test_the_same_file_of_a_newer_day_makes_the_roster_young_and_changes_nothing_else(
    bring: Importing, full: str
) -> None:
    rows = [HEADERS, person(1), person(2, **{"T.C. Kimlik No": "1"})]
    bring(rows, full=full)
    bring.day += datetime.timedelta(days=40)
    before = content(bring.store.db)
    for day, known in (("2026-12-20", False), ("2026-12-20", True), ("2026-12-01", True)):
        again = bring(rows, full=full, as_of=datetime.date.fromisoformat(day))
        assert (again.files[0].known, figures(again)) == (known, (0, 0, 1, 1, 1))
        assert str(Rosters(bring.store.db).of_province("72").as_of) == "2026-12-20"
    after = content(bring.store.db)
    of_imports = {"import", "file", "problem", "import_place"}
    assert [after[name] for name in after if name not in of_imports] == [
        before[name] for name in before if name not in of_imports
    ]
    assert (len(before["import"]), len(after["import"])) == (1, 2)


def test_the_same_file_of_a_newer_day_than_another_is_how_things_stand(bring: Importing) -> None:
    old = [HEADERS, person(1, Görevi="Öğretmen")]
    bring(old)
    bring([HEADERS, person(1, Görevi="Müdür")])
    bring.day += datetime.timedelta(days=40)
    assert figures(bring(old, as_of=bring.day.date())) == (0, 1, 0, 0, 1)
    assert [row["title"] for row in bring.all("duty")] == ["Öğretmen"]


def test_a_dry_run_says_the_same_and_changes_nothing(bring: Importing) -> None:
    rows = [HEADERS, person(1), person(2, **{"T.C. Kimlik No": "1"})]
    before = content(bring.store.db)
    dry = bring(rows, dry_run=True)
    assert content(bring.store.db) == before
    real = bring(rows)
    assert figures(dry) == figures(real) == (1, 0, 0, 1, 1)
    assert dry.problems == real.problems


def test_what_a_file_lacks_stays(bring: Importing) -> None:
    bring([HEADERS, person(1, **{"Görev Bitiş Tarihi": "31.08.2027"})])
    short = ["TCKN", "Adı", "Soyadı", "Kurum Kodu", "Kadro Durumu", "Başlama Tarihi", "E-Posta"]
    row = [national_id(1), "ŞÜKRÜ", "IŞIK B", 701, "Kadrolu", "01.09.2020", "a@b.tr"]
    assert figures(bring([short, row])) == (0, 1, 0, 0, 1)
    (duty,) = bring.all("duty")
    assert (duty["end"], duty["end_column"], duty["title"]) == ("2027-08-31", 1, "Öğretmen")
    assert (duty["province"], duty["province_assumed"]) == ("72", 0)
    (one,) = bring.all("person")
    assert (one["email"], one["mobile_phone"]) == ("a@b.tr", "+905321000001")


def test_an_emptied_end_date_is_news(bring: Importing) -> None:
    bring([HEADERS, person(1, **{"Görev Bitiş Tarihi": "31.08.2027"})])
    bring([HEADERS, person(1)])
    assert bring.all("duty")[0]["end"] is None


def test_of_two_ends_of_one_record_the_later_holds(bring: Importing) -> None:
    ends = ("31.08.2027", "", "31.08.2028", "31.08.2026")
    rows = [HEADERS, *(person(1, **{"Görev Bitiş Tarihi": end}) for end in ends)]
    assert figures(bring(rows)) == (4, 0, 0, 0, 1)
    assert [duty["end"] for duty in bring.all("duty")] == ["2028-08-31"]
    rows.append(person(2))
    assert figures(bring(rows)) == (1, 0, 4, 0, 1)


# --- snapshots -----------------------------------------------------------------------------------


def everybody(*numbers: int) -> list[Any]:
    return [HEADERS, *map(person, numbers)]


def test_a_snapshot_closes_what_it_lacks(bring: Importing) -> None:
    bring(everybody(*range(1, 21)))
    outcome = bring(everybody(*range(2, 21)), full="72")
    assert outcome.missing == 1
    assert not bring.asked
    assert bring.one("SELECT count(*) FROM duty WHERE closed_by IS NULL") == 19
    assert bring.one("SELECT missing_since FROM person WHERE national_id = '10000000146'")
    bring(everybody(*range(1, 22)))
    assert bring.one("SELECT count(*) FROM person WHERE missing_since IS NOT NULL") == 0
    assert bring.one("SELECT count(*) FROM duty WHERE closed_by IS NULL") == 21


def test_a_snapshot_flags_only_its_scope(bring: Importing) -> None:
    bring([HEADERS, person(1), person(2, İl="SİİRT"), person(3, İlçe="KOZLUK"),
           person(4, **{"Kadro Durumu": "Görevlendirme"})])  # fmt: skip
    assert bring(everybody(5), full="72/merkez").missing == 1
    current = {row["national_id"] for row in bring.all("duty") if row["closed_by"] is None}
    assert current == {national_id(n) for n in (2, 3, 4, 5)}
    assert bring.asked == [(1, 1)]


def test_a_snapshot_asks_before_flagging_many(bring: Importing) -> None:
    bring(everybody(1, 2, 3, 4))
    before = content(bring.store.db)
    bring.answer = False
    with pytest.raises(Declined):
        bring(everybody(1, 2), full="72")
    assert bring.asked == [(2, 4)]
    assert content(bring.store.db) == before


def test_a_rejected_row_is_not_an_absent_person(bring: Importing) -> None:
    bring(everybody(*range(1, 31)))
    rows = everybody(*range(1, 30))
    rows.append(person(30, **{"Görev Bitiş Tarihi": "31.02.2027"}))
    assert bring(rows, full="72").missing == 0
    rows[1] = person(1, **{"T.C. Kimlik No": "1,23E+10"})
    outcome = bring(rows, full="72")
    assert outcome.suspended
    assert outcome.missing == 0


def test_a_snapshot_passes_over_the_rows_it_knows(bring: Importing) -> None:
    bring(everybody(*range(1, 31)))
    header = ["TCKN", "Kurum Kodu", "Kadro Durumu", "İl"]
    bring([header, [national_id(2), 9, "Kadrolu", "BATMAN"]])  # a second record of one of them
    rows = everybody(*range(1, 30))
    assert figures(bring(rows, full="72")) == (0, 0, 29, 0, 1)
    staged = {one["national_id"] for one in bring.all("line")}
    assert staged == {national_id(2)}
    assert bring.one("SELECT count(*) FROM passed_over") == 28
    gone = [(d["national_id"], d["institution_code"]) for d in bring.all("duty") if d["closed_by"]]
    assert gone == [(national_id(2), "9"), (national_id(30), "730")]
    assert bring.one("SELECT count(*) FROM person WHERE missing_since IS NOT NULL") == 1
    assert figures(bring([*rows, person(40)], full="72")) == (1, 0, 29, 0, 1)
    assert bring.one("SELECT count(*) FROM duty WHERE closed_by IS NOT NULL") == 2


def test_several_files_are_one_snapshot(bring: Importing) -> None:
    bring(everybody(*range(1, 31)))
    outcome = bring(everybody(*range(1, 16)), everybody(*range(16, 31)), full="72")
    assert (outcome.missing, [file.unchanged for file in outcome.files]) == (0, [15, 15])


# --- who is who ----------------------------------------------------------------------------------


def test_another_person_under_a_known_id_is_not_merged(bring: Importing) -> None:
    bring(everybody(1))
    other = person(1, Adı="AYŞE", Soyadı="YILMAZ")
    outcome = bring([HEADERS, other, person(2)])
    assert figures(outcome) == (1, 0, 0, 1, 1)
    assert [p.code for p in outcome.problems] == ["identity-conflict"]
    first = bring.all("person")[0]
    assert (first["given_name"], first["identity_conflict"]) == ("ŞÜKRÜ", 1)
    assert figures(bring([HEADERS, other, person(2)])) == (0, 0, 1, 1, 1)
    married = bring([HEADERS, person(1, Soyadı="IŞIK YILMAZ")])
    assert figures(married) == (0, 1, 0, 0, 1)


def test_two_people_under_one_id_in_one_file(bring: Importing) -> None:
    outcome = bring([HEADERS, person(1), person(1, Adı="AYŞE", Soyadı="YILMAZ")])
    assert figures(outcome) == (1, 0, 0, 1, 1)
    assert bring.all("person")[0]["identity_conflict"] == 1


def test_a_swap_of_digits_with_the_same_name_is_pointed_out(bring: Importing) -> None:
    one, other = national_id(20_000), national_id(2_000_000)
    bring([HEADERS, person(1, **{"T.C. Kimlik No": one})])
    outcome = bring([HEADERS, person(1, **{"T.C. Kimlik No": other})])
    assert figures(outcome) == (1, 0, 0, 0, 1)
    assert [p.code for p in outcome.problems] == ["possible-duplicate"]
    assert [row["duplicate_of"] for row in bring.all("person")] == [other, one]


# --- certificates --------------------------------------------------------------------------------


def test_a_list_of_certificates(bring: Importing) -> None:
    bring(everybody(1))
    rows = [CERTIFICATES, [national_id(1), "ŞÜKRÜ", "IŞIK", "01.02.2027", "0a1b"],
            [national_id(2), "AYŞE", "YILMAZ", "01.03.2027", ""]]  # fmt: skip
    assert figures(bring(rows)) == (2, 0, 0, 0, 1)
    assert len(bring.all("duty")) == 1
    assert bring.all("person")[0]["family_name"] == "IŞIK B"
    assert [(c["not_after"], c["origin"]) for c in bring.all("certificate")] == [
        ("2027-02-01", "list"), ("2027-03-01", "list")
    ]  # fmt: skip
    rows.append([national_id(3), "A", "B", "01.03.2027", ""])
    assert figures(bring(rows)) == (1, 0, 2, 0, 1)


def test_a_list_that_disagrees_with_the_card(bring: Importing) -> None:
    bring.store.db.execute(
        "INSERT INTO certificate (national_id, origin, sha256, serial, not_after, seen_at)"
        " VALUES (?, 'card', 'x', 'a1b', '2027-02-03', '')",
        (national_id(1),),
    )
    outcome = bring([CERTIFICATES, [national_id(1), "A", "B", "01.02.2027", "0A1B"]])
    assert [p.code for p in outcome.problems] == ["certificate-disagrees"]
    outcome = bring([CERTIFICATES, [national_id(1), "A", "B", "20.05.2027", ""]])
    assert [p.code for p in outcome.problems] == ["certificate-disagrees"]
    assert not bring([CERTIFICATES, [national_id(1), "A", "B", "05.11.2029", ""]]).problems
    outcome = bring([CERTIFICATES, [national_id(1), "A", "B", "03.02.2027", ""]])
    assert not outcome.problems
    assert figures(outcome)[2] == 1


# --- only what is asked for, and all of it or nothing --------------------------------------------


@pytest.mark.sqlite
def test_nothing_else_of_a_row_is_kept(bring: Importing, tmp_path: Path) -> None:
    header, row = [*HEADERS, "Kan Grubu"], [*person(1), "AB Rh NEGATIF"]
    bring([header, row])
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("esign.db*"))
    assert "İLKOKULU".encode() in kept
    assert b"AB Rh NEGATIF" not in kept


def test_one_bad_file_keeps_all_out(bring: Importing) -> None:
    before = content(bring.store.db)
    with pytest.raises(WorkbookEmpty):
        bring(everybody(1), b"")
    assert content(bring.store.db) == before
    assert [p.name for p in bring(everybody(1)).files[0].sheets] == ["HTML"]


@pytest.mark.sqlite
def test_a_full_disk_is_said_and_nothing_is_kept(bring: Importing) -> None:
    bring(everybody(1))
    pages = bring.one("PRAGMA page_count")
    bring.store.db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskFull):
        bring(everybody(*range(1, 2000)))
    assert bring.one("SELECT count(*) FROM person") == 1
    bring.store.db.execute("PRAGMA max_page_count = 1000000")
    assert figures(bring(everybody(*range(1, 2000))))[0] == 1998


POINTS = int(os.environ.get("ESIGN_KILL_POINTS", "20"))
"""The long run: ESIGN_KILL_POINTS=200 python -m pytest tests/store/test_imports.py -k killed"""


@pytest.mark.posix
@pytest.mark.sqlite
def test_killed_anywhere_it_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    database = tmp_path / "esign.db"
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    first.write_bytes(workbooks.web(everybody(*range(1, 51))))
    second.write_bytes(workbooks.web(everybody(*range(1, 2001))))

    def command(file: Path) -> list[str]:
        return [sys.executable, "-m", "esign_cli", "--lang", "en", "--db", str(database),
                "import", "--json", str(file)]  # fmt: skip

    subprocess.run(command(first), check=True, capture_output=True)
    begun = time.monotonic()
    copy = tmp_path / "whole.db"
    for part in tmp_path.glob("esign.db*"):  # with the key of its trail
        shutil.copy2(part, part.with_name(part.name.replace("esign", "whole")))
    subprocess.run([*command(second)[:6], str(copy), *command(second)[7:]], check=True,
                   capture_output=True)  # fmt: skip
    length = time.monotonic() - begun
    old = database.read_bytes()
    seen = set()
    for step in range(POINTS):
        for left in tmp_path.glob("esign.db-*"):
            left.unlink()
        database.write_bytes(old)
        running = subprocess.Popen(command(second), stdout=subprocess.DEVNULL)
        time.sleep(length * (0.3 + 0.8 * step / POINTS))
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        with sqlite3.connect(database) as db:
            seen.add(db.execute("SELECT count(*) FROM duty").fetchone()[0])
            assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        db.close()
    assert seen <= {50, 2000}
    done = subprocess.run(command(second), check=True, capture_output=True)
    assert json.loads(done.stdout)["data"][0]["rows_read"] == 2001


def test_two_first_imports_at_once_lose_nothing(tmp_path: Path) -> None:
    running = []
    for number in range(2):
        file = tmp_path / f"{number}.xlsx"
        file.write_bytes(workbooks.web(everybody(*range(number * 500 + 1, number * 500 + 501))))
        words = ["--db", str(tmp_path / "new" / "esign.db"), "import", str(file)]
        command = [sys.executable, "-m", "esign_cli", "--lang", "en", *words]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
    assert [one.wait() for one in running] == [0, 0]
    with open_store(tmp_path / "new" / "esign.db") as store:
        assert store.db.execute("SELECT count(*) FROM person").fetchone()[0] == 1000


@pytest.mark.sqlite
def test_a_writer_beside_it_is_waited_for(bring: Importing, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "esign.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    release.start()
    assert figures(bring(everybody(1)))[0] == 1
    release.join()
    other.close()


# --- any roster in any file comes back -----------------------------------------------------------

WORDS = st.text(alphabet="ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZÂ", min_size=1, max_size=8)
DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2100, 12, 31))


WRITERS = {
    "xlsx": workbooks.xlsx, "xls": workbooks.xls, "ods": workbooks.ods, "html": workbooks.web,
    "text": workbooks.text, "SpreadsheetML": workbooks.spreadsheetml, "xlsb": biff.xlsb,
    "BIFF5": biff.xls5,
}  # fmt: skip
PEOPLE = st.lists(
    st.tuples(st.integers(0, 899_999_999), WORDS, WORDS, st.none() | DAYS),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one[0],
)


@given(people=PEOPLE, kind=st.sampled_from([*WRITERS]), layout=st.sampled_from(["table", "form"]))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_roster_comes_back(tmp_path: Path, people: list[Any], kind: str, layout: str) -> None:
    if layout == "form":
        people = [(n, given, family, None) for n, given, family, _ in people]
        table = workbooks.form(
            [(f"{given} {family}", national_id(n)) for n, given, family, _ in people]
        )
        expected = (3 * len(people), 0, 0, 0, 2)
    else:
        table = [["T.C. Kimlik No", "Adı", "Soyadı", "Görev Bitiş Tarihi"]]
        table += [[national_id(n), given, family, end or ""] for n, given, family, end in people]
        expected = (len(people), 0, 0, 0, 1)
    content = WRITERS[kind](table)
    database = tmp_path / f"{time.monotonic_ns()}.db"
    with open_store(database) as store:
        bring = Importing(tmp_path, store)
        assert figures(bring(content)) == expected
        back = {
            (row["national_id"], row["given_name"], row["family_name"], row["end"])
            for row in store.db.execute("SELECT * FROM person JOIN duty USING (national_id)")
        }
    assert back == {
        (national_id(n), given, family, end and end.isoformat()) for n, given, family, end in people
    }


# --- every kind of file, both layouts ------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1254", "utf-16"])
def test_delimited_text(bring: Importing, delimiter: str, encoding: str) -> None:
    content = workbooks.text(everybody(1, 2), delimiter=delimiter, encoding=encoding)
    outcome = bring(content)
    assert figures(outcome) == (2, 0, 0, 0, 1)
    assert outcome.files[0].file_type == "text"
    assert bring.all("person")[0]["given_name"] == "ŞÜKRÜ"


def test_a_delimiter_that_is_named(bring: Importing) -> None:
    content = b"sep=|\r\n" + workbooks.text(everybody(1), delimiter="|", encoding="cp1254")
    assert figures(bring(content))[0] == 1


def test_spreadsheetml(bring: Importing) -> None:
    outcome = bring(workbooks.spreadsheetml(everybody(1, 2)))
    assert figures(outcome) == (2, 0, 0, 0, 1)
    assert outcome.files[0].file_type == "SpreadsheetML 2003"


LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'
FOREIGN = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("before", [LAUGHS, FOREIGN])
def test_xml_that_tries_something(bring: Importing, before: str) -> None:
    with pytest.raises(WorkbookDamaged):
        bring(workbooks.spreadsheetml(everybody(1), before=before))


def test_the_form_layout(bring: Importing) -> None:
    people = [("ŞÜKRÜ IŞIK", national_id(1)), ("AYŞE NUR ÖZ", national_id(2))]
    outcome = bring(workbooks.form([*people, ("YANLIŞ NUMARA", "10000000145")]))
    assert figures(outcome) == (6, 0, 0, 3, 2)
    assert outcome.files[0].sheets[0].layout.form
    one, two = bring.all("person")
    assert (one["given_name"], one["family_name"]) == ("ŞÜKRÜ", "IŞIK")
    assert (two["registry_no"], two["birth_date"]) == ("12346", "1979-05-26")
    duty = bring.all("duty")[0]
    assert (duty["institution"], duty["institution_code"]) == ("0. İLKOKULU", "700000")
    assert (duty["province"], duty["district"], duty["start"]) == ("72", "MERKEZ", "2020-09-01")
    assert (duty["title"], duty["branch"], duty["status"]) == ("Öğretmen", "Tarih", "Görevde")
    kept = b"".join(path.read_bytes() for path in bring.folder.glob("esign.db*"))
    assert b"Rh (" not in kept


@pytest.mark.parametrize("last", ["TOPLAM: 3", "Rapor tarihi: 01.11.2026", "Sayfa 1 / 3", ""])
def test_a_form_may_end_with_a_row_of_nobody(bring: Importing, last: str) -> None:
    rows = workbooks.form([("ŞÜKRÜ IŞIK", national_id(1)), ("AYŞE NUR ÖZ", national_id(2))])
    blank = [""] * len(rows[0])
    assert figures(bring([*rows, blank, [last, *blank[1:]]])) == (6, 0, 0, 0, 4)


@pytest.mark.parametrize("number", ["1000000014", "100000001467", "1,23E+10", "1000000014X", ""])
def test_a_person_of_a_form_without_a_whole_number_is_rejected(
    bring: Importing, number: str
) -> None:
    people = [("ŞÜKRÜ IŞIK", national_id(1)), ("OYA ÇİÇEK", national_id(2))]
    assert figures(bring(workbooks.form(people))) == (6, 0, 0, 0, 2)
    rows = workbooks.form([people[0], ("OYA ÇİÇEK", number), ("AYŞE ÖZ", national_id(3))])
    outcome = bring(rows, full="72")
    assert figures(outcome)[3:] == (3, 2)
    assert (outcome.missing, outcome.suspended) == (0, True)


def test_a_page_number_is_no_status(bring: Importing) -> None:
    first, *rest = workbooks.form([("ŞÜKRÜ IŞIK", national_id(1))])
    blank = [""] * (len(first) - 1)
    without = [first, *rest[:-1], ["Sayfa 1 / 3", *blank]]
    assert figures(bring(without)) == (2, 0, 0, 0, 3)
    assert [one["status"] for one in bring.all("duty")] == [""]
    assert figures(bring([first, *rest, ["Sayfa 1 / 3", *blank]])) == (0, 3, 0, 0, 3)
    assert [one["status"] for one in bring.all("duty")] == ["Görevde"]


def test_names_with_the_national_id_in_brackets(bring: Importing) -> None:
    header = ["Adı Soyadı (T.C. Kimlik No)", "Kurum Adı"]
    rows = [header, [f"AYŞE NUR IŞIK ({national_id(1)})", "OKUL"], header,
            ["AHMET (10000000145)", "OKUL"], ["TOPLAM", ""]]  # fmt: skip
    outcome = bring(rows)
    assert figures(outcome) == (1, 0, 0, 1, 3)
    assert outcome.problems[0].value.count("*")
    (one,) = bring.all("person")
    assert (one["national_id"], one["given_name"]) == (national_id(1), "AYŞE NUR")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(biff.xls5, "xls"), (biff.xlsb, "xlsb"), (workbooks.xls, "xls"), (workbooks.ods, "ods")],
)
def test_kinds_that_excel_once_wrote(bring: Importing, content: Any, kind: str) -> None:
    ends = datetime.date(2027, 1, 31)
    outcome = bring(content([HEADERS, person(1, **{"Görev Bitiş Tarihi": ends}), person(2)]))
    assert figures(outcome) == (2, 0, 0, 0, 1)
    assert outcome.files[0].file_type == kind
    one = bring.all("person")[0]
    assert (one["given_name"], one["family_name"]) == ("ŞÜKRÜ", "IŞIK B")
    assert [duty["end"] for duty in bring.all("duty")] == ["2027-01-31", None]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "xlsb", "BIFF5", "ods"])
def test_days_counted_from_1904(bring: Importing, kind: str) -> None:
    bring(workbooks.from_1904([HEADERS, person(1, **{"Görev Bitiş Tarihi": 44956})], kind))
    assert bring.all("duty")[0]["end"] == "2027-01-31"


@pytest.mark.parametrize("kind", ["xlsb", "BIFF5"])
def test_dates_from_1904_that_are_marked_as_such(bring: Importing, kind: str) -> None:
    ends = datetime.date(2027, 1, 31)
    bring(workbooks.from_1904([HEADERS, person(1, **{"Görev Bitiş Tarihi": ends})], kind))
    assert bring.all("duty")[0]["end"] == "2027-01-31"


@pytest.mark.parametrize("kind", ["xlsx", "xlsb", "ods"])
def test_a_form_that_counts_from_1904(bring: Importing, kind: str) -> None:
    rows = workbooks.form([("ŞÜKRÜ IŞIK", national_id(1))])
    days = {29000: 10_500 - 1462, 40000: 40_000 - 1462}
    bring(workbooks.from_1904([[days.get(cell, cell) for cell in row] for row in rows], kind))
    assert [one["birth_date"] for one in bring.all("person")] == ["1928-09-29"]


# --- rows that need not come again, and taking back ----------------------------------------------


def dump(store: Store, *without: str) -> list[str]:
    held = content(store.db)
    return [f"{table} {row}" for table in held if table not in without for row in held[table]]


def test_rows_that_are_known_are_passed_over(bring: Importing) -> None:
    everyone = everybody(*range(1, 31))
    bring(everyone)
    everyone[5] = person(5, Görevi="Müdür")
    assert bring.one("SELECT count(*) FROM seen") == 30
    assert figures(bring(everyone)) == (0, 1, 29, 0, 1)
    # changed back by another file: the row of the second import is no longer known
    bring(everybody(5))
    assert figures(bring([*everyone, person(40)])) == (1, 1, 29, 0, 1)
    titles = {row["national_id"]: row["title"] for row in bring.all("duty")}
    assert titles[national_id(5)] == "Müdür"


def test_a_known_row_matters_when_its_person_has_another(bring: Importing) -> None:
    bring(everybody(1, 2))
    longer = person(1, **{"Görev Bitiş Tarihi": "31.08.2027"})
    assert figures(bring([HEADERS, longer, person(2)])) == (0, 1, 1, 0, 1)
    shorter = person(1, **{"Görev Bitiş Tarihi": "31.08.2026"})
    outcome = bring([HEADERS, longer, person(2), shorter])
    assert figures(outcome) == (0, 0, 3, 0, 1)
    assert bring.all("duty")[0]["end"] == "2027-08-31"


def test_a_row_in_other_words_is_read_anew(bring: Importing) -> None:
    table = [["TCKN", "Adı", "Soyadı"], [national_id(1), "A", "B"]]
    bring(table)
    table.append([national_id(2), "C", "D"])
    assert figures(bring(table, rules=Rules(province="56"))) == (1, 1, 0, 0, 1)


def test_taken_back_it_is_as_before(bring: Importing) -> None:
    bring([CERTIFICATES, [national_id(1), "ŞÜKRÜ", "IŞIK B", "01.02.2027", ""]])
    bring(everybody(*range(1, 21)), full="72")
    before = dump(bring.store, "seen")
    rows = [HEADERS, *map(person, range(3, 25)), person(3, Adı="BAŞKA", Soyadı="BİRİ"),
            person(3, **{"Kurum Kodu": 9}), person(4, Görevi="Müdür", Adı="YENİ")]  # fmt: skip
    listed = [CERTIFICATES, [national_id(1), "ŞÜKRÜ", "IŞIK B", "01.02.2027", "0a"],
              [national_id(50), "A", "B", "01.02.2027", "0b"]]  # fmt: skip
    bring(rows, listed, full="72")
    assert dump(bring.store, "seen") != before
    undo(bring.store, 3)
    assert dump(bring.store, "seen") == before
    with pytest.raises(NoSuchImport):
        undo(bring.store, 3)


def test_a_trial_of_a_snapshot_changes_nothing(bring: Importing) -> None:
    bring(everybody(*range(1, 21)))
    before = dump(bring.store)
    outcome = bring([HEADERS, *map(person, range(5, 21))], full="72", dry_run=True)
    assert not bring.asked
    assert (outcome.missing, len(outcome.diff.missing if outcome.diff else ())) == (4, 4)
    assert dump(bring.store) == before
