"""Whatever is done to a header, what is imported is what was written, and every row is told of."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.exit_codes import BAD_INPUT
from tests.support import rosters, workbooks
from tests.support.in_process import brought
from tests.support.rosters import FORMS, Fact, Row
from tests.support.workbooks import national_id

NAMES = st.text("ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ", min_size=2, max_size=9)
DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2027, 12, 31))


def _fact(number: int, given: str, family: str, days: Sequence[datetime.date | None]) -> Fact:
    start, end, birth = days
    assert birth is not None
    return Fact(national_id(number), given, family, f"{family} LİSESİ", "Müdür", start, end,
                f"5321{number:06}", birth)  # fmt: skip


PEOPLE = st.lists(
    st.builds(
        _fact,
        st.integers(1, 900_000),
        NAMES,
        NAMES,
        st.tuples(st.none() | DAYS, st.none() | DAYS, DAYS),
    ),
    min_size=2,
    max_size=6,
    unique_by=lambda one: one.national_id,
)
WAYS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "text": lambda rows: workbooks.text(_plain(rows)),
    "HTML": lambda rows: workbooks.web(_plain(rows), encoding="utf-8"),
    "SpreadsheetML": lambda rows: workbooks.spreadsheetml(_plain(rows)),
    "ods": lambda rows: workbooks.ods(_plain(rows)),
    "xlsx": workbooks.xlsx,
    "xls": lambda rows: workbooks.xls(_plain(rows)),
}


def _plain(rows: Sequence[Row]) -> list[Row]:
    return [["" if value is None else value for value in row] for row in rows]


# --- what may happen to a header -----------------------------------------------------------------


def _nothing(rows: list[Row], _column: int) -> None:
    """A file as it should be."""
    del rows


def _lost(rows: list[Row], column: int) -> None:
    rows[_header(rows)][column] = None


def _otherwise(rows: list[Row], column: int) -> None:
    rows[_header(rows)][column] = "Açıklama"


def _blank_column(rows: list[Row], column: int) -> None:
    for row in rows:
        row.insert(column, None)


def _beside(rows: list[Row], column: int) -> None:
    """The header of one column moves over a blank one at its side."""
    _blank_column(rows, column)
    header = rows[_header(rows)]
    header[column], header[column + 1] = header[column + 1], None


def _broken_in_two(rows: list[Row], column: int) -> None:
    """A header of two words stands on two rows."""
    at = _header(rows)
    words = str(rows[at][column] or "").split()
    rows.insert(at + 1, [None] * len(rows[at]))
    rows[at][column], rows[at + 1][column] = (words or [""])[0], " ".join(words[1:]) or None


def _header(rows: Sequence[Row]) -> int:
    return next(n for n, row in enumerate(rows) if "T.C. Kimlik No" in row)


DAMAGES = (_nothing, _lost, _otherwise, _blank_column, _beside, _broken_in_two)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    people=PEOPLE,
    form=st.sampled_from(sorted(FORMS)),
    way=st.sampled_from(sorted(WAYS)),
    damage=st.sampled_from(DAMAGES),
    column=st.integers(0, 8),
)
def test_nothing_is_invented(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    people: list[Fact],
    form: str,
    way: str,
    damage: Callable[[list[Row], int], None],
    column: int,
) -> None:
    rows = FORMS[form](people)
    damage(rows, column)
    path = tmp_path / "roster"
    path.write_bytes(WAYS[way](rows))
    database = tmp_path / "esign.db"
    for file in tmp_path.glob("esign.db*"):
        file.unlink()
    try:
        with brought(monkeypatch, path, database) as (store, outcome):
            (file,) = outcome.files
            told = file.new + file.changed + file.unchanged + file.rejected + file.ignored
            assert file.rows_read == told
            assert file.new + file.rejected >= len(people)  # a stray piece of a header, too
            _check(rosters.imported(store), people)
    except EsignError as error:
        assert error.exit_status == BAD_INPUT  # noqa: PT017  (some may be refused)


def _check(found: Sequence[Fact], people: Sequence[Fact]) -> None:
    """Each value is that of the same person and field, or none at all."""
    written = {one.national_id: one for one in people}
    for one in found:
        for field in fields(one):
            value: Any = getattr(one, field.name)
            assert value in (getattr(written[one.national_id], field.name), "", None), field.name
