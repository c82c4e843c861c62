"""Every command works with no terminal, in an empty environment, with a home it cannot write to."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from esign_cli.cards import lock
from esign_cli.cli.command_table import ENTRIES
from esign_cli.commands.imports import import_command
from esign_cli.foundation import clock, files, locations, locks
from esign_cli.foundation.errors.cards import CardBusy
from esign_cli.store import open_store
from tests.conftest import Esign
from tests.support import factories, workbooks
from tests.support.factories import national_id
from tests.support.parts import need

NOWHERE = "/proc/1"
"""Nobody can make a file or a folder there, not even root."""
WORDS: dict[str, Sequence[Sequence[str]]] = {
    "setup": (["setup"],),
    "check-card": (["check-card"],),
    "cards": (["cards"],),
    "import": (["import", "{room}/people.xlsx", "--province", "72"],),
    "imports": (["imports"],),
    "eligible": (["eligible", "--province", "batman"],),
    "check-form": (["check-form"],),
    "print-form": (["print-form", "--national-id", national_id(1), "--output", "{room}/form.pdf"],),
    "sign-form": (["sign-form"],),
    "applications": (["applications"], ["applications", "add", national_id(1)]),
    "person": (["person", "show", national_id(1)],),
    "report": (["report", "--output", "{room}/report.html"],),
    "remind": (["remind", "--dry-run"],),
    "schedule": (["schedule"], ["schedule", "--systemd"]),
    "sign": (["sign", "{room}/people.xlsx"],),
    "extend": (["extend", "{room}/people.xlsx", "--level", "B-T"],),
    "verify": (["verify", "{room}/people.xlsx"],),
    "trust": (["trust", "list"],),
    "doctor": (["doctor"],),
    "config": (["config"], ["config", "set", "province", "72"]),
    "demo": (["demo", "--help"],),
    "template": (["template", "applications", "--output", "{room}/empty.xlsx"],),
    "institutions": (["institutions"],),
    "calendar": (["calendar", "--output", "{room}/days.ics"],),
    "audit": (["audit"], ["audit", "verify"], ["audit", "seal", "{room}/audit.txt"]),
    "database": (
        ["database", "where"],
        ["database", "check"],
        ["database", "compact"],
        ["database", "copy", "{room}/esign.db", "{room}/copy.db"],
    ),
    "backup": (["backup", "{room}/esign.backup"],),
    "restore": (["restore", "{room}/people.xlsx", "--yes"],),
    "purge": (["purge", "--left-before", "2020-01-01", "--dry-run"],),
}
"""What is run of each command; one that is not named here is asked for its help."""
NEEDING_MORE = {
    "print-form": 3,
    "restore": 3,
    "sign": 4,
    "sign-form": 4,
    "setup": 2,
    "check-card": 4,
    "cards": 4,
    "extend": 3,
    "verify": 3,
}
"""What ends otherwise without a card, somebody to ask, or a signature."""

pytestmark = pytest.mark.posix
"""`env -i`, a home in /proc."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database, a workbook, and settings that name no card of the machine's."""
    folder = tmp_path_factory.mktemp("bare")
    end = clock.today() + timedelta(40)
    with open_store(folder / "esign.db") as store:
        people = [factories.facts(n, certificates=(factories.certificate(n, end),)) for n in (1, 3)]
        factories.save(store, people)
    (folder / "config.toml").write_text(
        f'province = "72"\ntrust_folder = "{folder}/trust"\nmodule = "{folder}/none.so"\n', "utf-8"
    )
    rows = [("T.C. Kimlik No", "Adı", "Soyadı"), (national_id(2), "ŞÜKRÜ", "IŞIK")]
    (folder / "people.xlsx").write_bytes(workbooks.xlsx(rows))
    return folder


def bare(room: Path, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run esign as a service may be run; its folder is all that it can write to."""
    command = ["env", "-i", f"HOME={NOWHERE}", "LANG=C", sys.executable, "-m", "esign_cli"]
    named = ["--db", str(room / "esign.db"), "--config", str(room / "config.toml")]
    return subprocess.run(
        [*command, *named, *(word.format(room=room) for word in words)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", [entry.name for entry in ENTRIES])
def test_every_command_works_bare(room: Path, name: str) -> None:
    for words in WORDS.get(name, ([name, "--help"],)):
        ran = bare(room, words)
        said = ran.stdout + ran.stderr
        assert "Traceback" not in said
        allowed = {0, 8, NEEDING_MORE.get(name, 0)} | ({11} if name == "doctor" else set())
        assert ran.returncode in allowed, said


def test_words_are_turkish_there_too(room: Path) -> None:
    assert "Yenilemeye uygun" in bare(room, ["eligible", "--national-id", national_id(3)]).stdout


def test_a_home_that_is_not_there_is_not_made(room: Path, tmp_path: Path) -> None:
    home = tmp_path / "nobody"
    command = ["env", "-i", f"HOME={home}", sys.executable, "-m", "esign_cli", "--lang", "en"]
    for words in (["report"], ["remind"], ["config", "set", "province", "72"]):
        ran = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
        assert ran.returncode == 11, ran.stderr
        assert f"home folder is not there: {home}" in ran.stderr
        assert not home.exists()
    named = ["--db", str(room / "esign.db"), "--config", str(room / "config.toml")]
    ran = subprocess.run([*command, *named, "eligible"], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert not home.exists()


@pytest.mark.posix
def test_a_lock_on_a_card_needs_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "SHARED", ())
    monkeypatch.setattr(locations, "lock_folder", lambda: Path(NOWHERE, "locks"))
    with lock.card_lock(["1234"]):  # noqa: SIM117  (the second one waits)
        with pytest.raises(CardBusy), lock.card_lock(["1234"], wait=0.1):
            pytest.fail("two programs held the card")
    assert stat.S_IMODE(files.own_temporary_folder().stat().st_mode) == 0o700


def test_a_second_import_is_refused(
    esign: Esign, room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "esign.db"
    words = ("--db", database, "import", room / "people.xlsx", "--province", "72")
    monkeypatch.setattr(import_command, "WAIT", 0.1)
    with locks.lock(database.with_name("esign.db.import.lock"), "import"):
        ran = esign(*words)
        assert ran.exit_code == 11
        assert "running already" in ran.stderr
    assert esign(*words).exit_code == 0


NOBODY = (
    *("setpriv", "--reuid=4242", "--regid=4242", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "env", "-i"),
)
"""An account without an entry and without variables; it may read where only root has a way, since
the tests' own Python may lie there."""


@pytest.mark.posix
@pytest.mark.parametrize(
    "words", [["config"], ["eligible"], ["doctor"], ["database", "where"], ["trust", "list"]],
    ids=" ".join,
)  # fmt: skip
def test_an_account_without_a_home_and_without_an_entry_is_told(words: list[str]) -> None:
    need("root", os.geteuid() == 0)
    command = [*NOBODY, sys.executable, "-m", "esign_cli", "--lang", "en", *words]
    ran = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert ran.returncode in (8, 11), ran.stderr
    assert "no home folder" in ran.stdout + ran.stderr
    assert "fault in esign" not in ran.stderr
