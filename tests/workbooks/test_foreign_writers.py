"""The same people come out of the same rows, whichever program wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import rosters
from tests.support.in_process import brought
from tests.support.parts import program
from tests.support.rosters import FORMS, PEOPLE
from tests.support.writers import programs, python

ROSTERS = {name: make(PEOPLE) for name, make in FORMS.items()}
pytestmark = pytest.mark.xdist_group("writers")  # so that the programs run once


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> programs.Files:
    for name in programs.PROGRAMS:
        program(name)
    return programs.write_all(ROSTERS, tmp_path_factory.mktemp("writers"))


@pytest.mark.parametrize("writer", python.WRITERS)
def test_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str) -> None:
    kind, write = python.WRITERS[writer]
    for form, rows in ROSTERS.items():
        path = tmp_path / f"{form}.{kind}"
        path.write_bytes(write(rows))
        check(path, monkeypatch, form)


@pytest.mark.parametrize("writer", [*programs.CONVERSIONS, *programs.JAVA, *programs.JAVASCRIPT])
def test_programs(files: programs.Files, monkeypatch: pytest.MonkeyPatch, writer: str) -> None:
    for form in ROSTERS:
        check(files[form, writer], monkeypatch, form)


def test_lost_letters(files: programs.Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """SheetJS writes _ for each letter that English has not: nobody is stored."""
    for form in ROSTERS:
        path = files[form, programs.LOSES_LETTERS]
        with brought(monkeypatch, path, path.parent / f"{path.name}.db") as (store, outcome):
            assert rosters.imported(store) == [], form
            assert {one.national_id for one in outcome.problems if one.code == "garbled-text"} == {
                one.national_id for one in PEOPLE
            }


def check(path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """Every person, date, id and phone is as it was written."""
    database = path.parent / f"{path.name}.db"
    with brought(monkeypatch, path, database) as (store, outcome):
        assert [(one.code, one.row, one.value) for one in outcome.problems] == [], form
        assert rosters.imported(store) == rosters.known(PEOPLE), form
