"""A verdict rests on what the files say, not on the order in which they came in."""

from __future__ import annotations

import itertools
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Esign
from tests.support import workbooks

ON = date(2026, 11, 23)
PEOPLE = 6
DAYS = st.one_of(st.none(), st.integers(-60, 400))
STATUS = st.sampled_from(["Görevde", "Emekli", "Nakil", "Ücretsiz İzinde", "Sevk İşleminde", ""])
LETTERS = str.maketrans("0123456789", "ABCÇDEFGĞH")
"""No name has a digit."""
ROW = st.tuples(st.booleans(), STATUS, DAYS, DAYS)
"""In the roster or not, with which status, days to the assignment's and the certificate's end."""


def _day(days: int | None) -> str:
    return f"{ON + timedelta(days=days):%d.%m.%Y}" if days is not None else ""


def _files(rows: list[tuple[bool, str, int | None, int | None]]) -> dict[str, list[list[str]]]:
    ids = [workbooks.national_id(n) for n in range(len(rows))]
    roster = [["T.C. Kimlik No", "Adı", "Soyadı", "İl", "Kurum Kodu", "Görev Durumu"]]
    assigned = [
        ["T.C. Kimlik No", "Görevlendirildiği Kurum Kodu", "Görevlendirme Başlangıç",
         "Görevlendirme Bitiş"],
    ]  # fmt: skip
    listed = [["T.C. Kimlik No", "Sertifika Bitiş Tarihi"]]
    for who, (present, status, ends, expires) in zip(ids, rows, strict=True):
        if present:
            roster.append(
                [who, "AYŞE", f"ÇELİK {who[-3:].translate(LETTERS)}", "BATMAN", "700", status]
            )
        if ends is not None:
            assigned.append([who, "900", "01.09.2025", _day(ends)])
        if expires is not None:
            listed.append([who, _day(expires)])
    made = {"roster.xlsx": roster, "assigned.xlsx": assigned, "listed.xlsx": listed}
    return {name: table for name, table in made.items() if len(table) > 1}


def _verdicts(esign: Esign, folder: Path, order: tuple[str, ...]) -> Any:
    db = folder / f"{'-'.join(order)}.db"
    for name in order:
        ran = esign("--db", db, "import", folder / name, "--province", "72", "--json")
        assert ran.exit_code == 0, ran.stdout
    ran = esign("--db", db, "eligible", "--verdict", "all", "--on", ON.isoformat(), "--json")
    return ran.json["data"]["counts"], ran.json["data"]["people"]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(ROW, min_size=PEOPLE, max_size=PEOPLE))
def test_the_order_of_imports_changes_no_verdict(
    esign: Esign, rows: list[tuple[bool, str, int | None, int | None]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables = _files(rows)
        for file, table in tables.items():
            (folder / file).write_bytes(workbooks.xlsx(table))
        told = [_verdicts(esign, folder, order) for order in itertools.permutations(tables)]
    assert all(one == told[0] for one in told)
