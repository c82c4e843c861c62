"""The forms of somebody who is forgotten are named, and deleted only by a word of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from esign_cli.store import Store
from esign_cli.store.applications import SignedFile, record_signed
from tests.conftest import Esign
from tests.support import factories
from tests.support.factories import national_id
from tests.support.terminal import Terminal

WHO = national_id(3)


@pytest.fixture
def form(store: Store, tmp_path: Path) -> Path:
    from esign_cli.foundation import clock

    factories.save(store, [factories.facts(3)])
    path = tmp_path / "basvuru.p7m"
    path.write_bytes(b"x")
    signed = SignedFile(WHO, "renewal", path.name, "00" * 32, clock.today(), str(tmp_path))
    record_signed(store, signed, at=clock.now(), os_user="a")
    store.db.close()
    return path


def test_yes_names_them_and_deletes_none(esign: Esign, form: Path) -> None:
    ran = esign("person", "forget", WHO, "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert str(form) in ran.stderr
    assert form.exists()


@pytest.mark.sqlite
@pytest.mark.posix
@pytest.mark.parametrize(("answer", "left"), [("y", False), ("n", True)])
def test_on_a_terminal_it_is_asked(
    esign: Esign, form: Path, database: Path, answer: str, left: bool
) -> None:
    with Terminal("--db", database, "person", "forget", WHO) as terminal:
        terminal.answer("cannot be brought back", "y")
        terminal.answer("Delete these files, too?", answer)
        assert terminal.ended() == 0
    assert form.exists() is left
    assert json.dumps(str(form)) not in esign("audit", "--json").stdout


@pytest.mark.sqlite
def test_what_scheduled_runs_wrote_is_named(esign: Esign, form: Path, database: Path) -> None:
    written = [database.with_name(name) for name in ("esign.log", "report.html")]
    for path in written:
        path.write_text("AYŞE", "utf-8")
    said = esign("person", "forget", WHO, "--yes").stderr
    assert [str(path) in said for path in written] == [True, True]
    assert "report.xlsx" not in said
