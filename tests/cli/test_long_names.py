"""Names as long as they may be, 255 bytes on Linux, in every command that reads or writes a file.

One more byte is refused by name, with what to do, and leaves nothing.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from esign_cli.commands.demo import job as demo
from esign_cli.foundation import clock
from esign_cli.outputs import typeset
from tests.conftest import Esign, Ran
from tests.support import factories
from tests.support.parts import need

pytestmark = pytest.mark.posix
LONGEST = 255
TRUST = tuple(word for name in demo.TRUST_FILES for word in ("--trust", name))
CRLS = tuple(word for name in demo.CRL_FILES.values() for word in ("--crl", name))


def name(ending: str, size: int = LONGEST) -> str:
    """A name of letters that take two bytes each."""
    left = size - len(ending.encode())
    return "ş" * (left // 2) + "a" * (left % 2) + ending


@dataclass(frozen=True)
class Line:
    """A command line; the long name stands in the place of OUT or IN."""

    words: tuple[str, ...]
    ending: str
    copied: str = ""
    """The file whose content the name that is read has."""
    stdin: str = ""
    codes: tuple[int, ...] = (0,)


OUTPUTS = {
    "eligible, workbook": Line(("eligible", "--verdict", "all", "-o", "OUT"), ".xlsx"),
    "eligible, csv": Line(("eligible", "--verdict", "all", "-o", "OUT"), ".csv"),
    "institutions": Line(("institutions", "-o", "OUT"), ".xlsx"),
    "report, page": Line(("report", "-o", "OUT"), ".html"),
    "report, workbook": Line(("report", "-o", "OUT"), ".xlsx"),
    "report, json": Line(("report", "-o", "OUT"), ".json"),
    "report, pdf": Line(("report", "-o", "OUT"), ".pdf"),
    "report, call list": Line(("report", "--call-list", "OUT"), ".xlsx"),
    "check-form": Line(
        ("check-form", "--from", "sertifikalar.xlsx", "-o", "OUT"), ".xlsx", codes=(8,)
    ),
    "applications": Line(("applications", "list", "-o", "OUT"), ".xlsx"),
    "template": Line(("template", "certificates", "-o", "OUT"), ".xlsx"),
    "calendar": Line(("calendar", "-o", "OUT"), ".ics"),
    "audit": Line(("audit", "-o", "OUT"), ".csv"),
    "audit seal": Line(("audit", "seal", "OUT"), ".json"),
    "backup": Line(("backup", "OUT"), ".backup"),
    "import, rejects": Line(("import", "rejected.csv", "--yes", "--rejects", "OUT"), ".xlsx",
                            codes=(8,)),
    "verify, page": Line(("verify", "signed.p7m", *TRUST, *CRLS, "--report", "OUT"), ".html"),
    "sign-form": Line(
        ("sign-form", "--p12", demo.KEY_FILE, "--secrets-stdin", "--yes", "-o", "OUT"), ".p7m",
        stdin=f"{demo.SECURITY_WORD}\n{demo.PASSPHRASE}\n",
    ),
    "print-form": Line(("print-form", "ID", "--yes", "-o", "OUT"), ".pdf"),
}  # fmt: skip
INPUTS = {
    "import": Line(("import", "IN", "--yes"), ".xlsx", "personel.xlsx"),
    "check-form": Line(("check-form", "--from", "IN"), ".xlsx", "sertifikalar.xlsx", codes=(8,)),
    "eligible": Line(("eligible", "--from", "IN"), ".xlsx", "sertifikalar.xlsx", codes=(8,)),
    "verify": Line(("verify", "IN", *TRUST, *CRLS), ".p7m", "signed.p7m"),
    "verify, trust": Line(
        ("verify", "signed.p7m", "--trust", "IN", *TRUST, *CRLS), ".pem", demo.TRUST_FILES[0]
    ),
    "verify, content": Line(
        ("verify", "signed.p7m", "--content", "IN", *TRUST, *CRLS), ".txt", "content",
        codes=(7,),
    ),
    "sign, key": Line(
        ("sign", "content", "--p12", "IN", "--pin-stdin", "--yes", "--force"), ".p12",
        demo.KEY_FILE, f"{demo.PASSPHRASE}\n",
    ),
    "sign": Line(
        ("sign", "IN", "--p12", demo.KEY_FILE, "--pin-stdin", "--yes", "--folder", "elsewhere"), "",
        "content", f"{demo.PASSPHRASE}\n", codes=(11,),
    ),
    "extend": Line(("extend", "IN", "--level", "B-B", *TRUST), ".p7m", "signed.p7m", codes=(0, 10)),
    "trust": Line(
        ("trust", "add", "IN"), ".pem", demo.TRUST_FILES[0], codes=(12,)
    ),
    "form": Line(("print-form", "ID", "--form", "IN", "--yes"), ".toml", "form.toml"),
}  # fmt: skip


@pytest.fixture
def room(home: Path, esign: Esign, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demo's folder, its people imported, with something that is signed."""
    need("typst", typeset.available())
    made = demo.prepare(home / "demo", clock.now, None)
    monkeypatch.chdir(home / "demo")
    monkeypatch.setenv("ESIGN_CONFIG", demo.SETTINGS)
    for step in made.steps():
        if step.words[0] in ("import", "sign-form"):
            assert esign(*step.words, stdin=step.given).exit_code == 0
    Path(demo.SIGNED_FILE).rename("signed.p7m")
    Path("content").write_text("merhaba", encoding="utf-8")
    Path("form.toml").write_text('institution_name = "MÜDÜRLÜK"\n', encoding="utf-8")
    Path("rejected.csv").write_text(REJECTED, encoding="utf-8")
    Path("elsewhere").mkdir()
    return home / "demo"


REJECTED = "T.C. Kimlik No;Adı;Soyadı;Görevi\n10000000145;AYŞE;IŞIK;Müdür\n"


def run(esign: Esign, line: Line, long: str) -> Ran:
    stands = {"OUT": long, "IN": long, "ID": factories.national_id(5)}
    return esign(*(stands.get(word, word) for word in line.words), stdin=line.stdin)


def test_what_is_written_may_have_the_longest_name_and_no_longer(room: Path, esign: Esign) -> None:
    before = sorted(room.iterdir())
    for what, line in OUTPUTS.items():
        ran = run(esign, line, name(line.ending, LONGEST + 1))
        assert ran.exit_code == 11, (what, ran.stderr)
        assert "its name has 256 bytes, and 255 are possible" in ran.stderr, what
        assert "Shorten the name" in ran.stderr, what
        assert sorted(room.iterdir()) == before, what
    for what, line in OUTPUTS.items():
        ran = run(esign, line, name(line.ending))
        assert ran.exit_code in (0, *line.codes), (what, ran.stderr)
        assert (room / name(line.ending)).stat().st_size, what
        (room / name(line.ending)).unlink()
        assert not list(room.glob(".esign-*")), what


def test_what_is_read_may_have_the_longest_name_and_no_longer(room: Path, esign: Esign) -> None:
    for what, line in INPUTS.items():
        ran = run(esign, line, name(line.ending, LONGEST + 1))
        assert ran.exit_code in (3, 8), (what, ran.stderr)
        long = name(line.ending)
        shutil.copy(line.copied, long)
        ran = run(esign, line, long)
        assert ran.exit_code in (0, *line.codes), (what, ran.stderr)
        (room / long).unlink()
