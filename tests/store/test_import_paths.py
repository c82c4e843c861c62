"""A first import takes a shorter way than a later one; what it leaves must be the same."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esign_cli.commands.imports.job import Request, import_files
from esign_cli.store import import_sql, open_store
from esign_cli.workbooks.mebbis.duties import Rules
from esign_cli.workbooks.reader import WorkbookReader
from tests.support import workbooks

NOW = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
HEADERS = (
    "T.C. Kimlik No", "Adı", "Soyadı", "İlçe", "Kurum Kodu", "Kurum Adı", "Görevi",
    "Başlama Tarihi", "Görev Bitiş Tarihi", "E-Posta", "Doğum Yeri",
)  # fmt: skip
LIST = ("T.C. Kimlik No", "Adı", "Soyadı", "Sertifika Bitiş Tarihi", "Sertifika Seri No")
SWAPPED = (workbooks.national_id(20_000), workbooks.national_id(2_000_000))
"""Of these one is the other with two digits swapped."""
IDS = [*SWAPPED, *map(workbooks.national_id, range(8)), "12345678901"]
DAYS = st.sampled_from(["", "01.09.2025", "01.02.2027", "31.01.2028"])
ID = st.sampled_from(IDS)
GIVEN, FAMILY = st.sampled_from(["AYŞE", "ALİ", ""]), st.sampled_from(["ÇELİK", "IŞIK", ""])
ROW = st.tuples(
    ID, GIVEN, FAMILY, st.sampled_from(["MERKEZ", "SASON", ""]), st.sampled_from(["700", "701"]),
    st.sampled_from(["A OKULU", ""]), st.sampled_from(["Müdür", "Öğretmen"]), DAYS, DAYS,
    st.sampled_from(["", "a@example.tr", "b@example.tr"]), st.sampled_from(["", "BATMAN"]),
)  # fmt: skip
LISTED = st.tuples(ID, GIVEN, FAMILY, DAYS, st.sampled_from(["", "0a1b", "0a1c"]))
ROSTERS = st.lists(st.lists(ROW, min_size=1, max_size=40), min_size=1, max_size=2)
LISTS = st.lists(st.lists(LISTED, min_size=1, max_size=6), max_size=1)
OWN = ("person", "duty", "certificate", "seen", "change", "problem", "import", "file",
       "import_place")  # fmt: skip


def _brought(folder: Path, paths: list[Path], *, short: bool) -> tuple[Any, ...]:
    """What the database holds after it, and what was told."""
    with pytest.MonkeyPatch.context() as patch, open_store(folder / f"{short}.db") as store:
        if not short:
            patch.setattr(import_sql, "NOTHING_IS_KNOWN", "SELECT 0")
        with WorkbookReader(paths) as opener:
            outcome = import_files(
                Request(paths, rules=Rules(province="72", assumed=True)),
                open_workbook=opener.open,
                store=store,
                now=NOW,
                today=NOW.date(),
                confirm=lambda _missing, _known: True,
            )
        held = {
            t: sorted(map(repr, map(tuple, store.db.execute(f"SELECT * FROM {t}")))) for t in OWN
        }
        kept = "SELECT name, sql FROM sqlite_master WHERE tbl_name IN ('person', 'duty')"
        indexes = sorted(map(repr, map(tuple, store.db.execute(kept))))
    return held, indexes, outcome.files, sorted(map(repr, outcome.problems))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(rosters=ROSTERS, lists=LISTS)
def test_the_short_way_leaves_the_same(rosters: list[Any], lists: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = []
        for number, rows in enumerate([*rosters, *lists]):
            head = HEADERS if number < len(rosters) else LIST
            path = folder / f"{number}.html"
            path.write_bytes(workbooks.web([head, *rows], encoding="utf-8"))
            paths.append(path)
        short, long = (_brought(folder, paths, short=way) for way in (True, False))
    assert short == long
