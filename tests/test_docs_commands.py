"""Every command line of the documents runs on the made-up people, in the order of its page.

The reference and the questions have tests of their own (test_docs.py, test_questions.py).
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
import xlwt

from esign_cli.commands.demo.made_up import staff
from esign_cli.foundation import clock
from tests.conftest import Esign
from tests.support import workbooks
from tests.test_docs import MARKDOWN
from tests.test_questions import _script

ELSEWHERE = {"commands.md", "komutlar.md", "questions.md", "soru-cevap.md", "CHANGELOG.md"}
ASKS = "There is no terminal to ask on"
NOT_HERE = {
    r"esign setup": "asks everything on a terminal: tests/commands/setup",
    r"esign check-card --watch .*": "ends with Ctrl-C: tests/commands/cards",
    r"esign applications (arrive|deliver) --from-watch 3": "after a watch: tests/commands/cards",
    r"esign schedule --(cron|systemd) --install": "changes this account: tests/commands/schedule",
    r"esign (sign|sign-form|extend)\b.*": "a card, a PIN, time stamps: tests/commands/sign",
    r"esign verify .*": "of signatures made before: tests/commands/verify",
    r"esign trust (add|update|remove) .*|esign trust update": "an authority: tests/commands/trust",
    r"esign remind(?! --(?:dry-run|list)).*": "sends: tests/commands/remind",
    r"esign report .*--email .*": "sends: tests/commands/report",
    r"esign audit verify --seal .*": "of a seal made before: tests/commands/audit",
    r"esign config set database postgresql://.*": "a server: tests/store/test_server.py",
    r"esign database (create|migrate|status|copy)\b.*": "the same: tests/commands/database",
    r"esign (backup --seal|restore) .*": "asks for a passphrase or anew: tests/commands/backup",
    r"esign print-form .*": "wants a whole form: tests/commands/print_form",
    r"esign demo deneme": "as everything here begins: tests/commands/demo",
}
"""What is only held to the parser here, and why."""
ANSWERS = {
    r"esign check-card": {4, 5},  # no card, or no reader, is here
    r"esign doctor": {0, 8, 11},
    r"esign import liste\.xls --explain": {3},  # no table: what the page goes on with
    r"esign check-form .*": {0, 8},  # 8: something is missing, which is the answer
    r"esign schedule --(cron|systemd)": {11 if sys.platform == "win32" else 0},
}
"""Exit codes other than 0 that are an answer."""
PLACES = {"/media/usb/": "usb/", "/srv/esign/": "srv/"}
DAY = re.compile(r"(?<=--date )\d{4}-\d\d-\d\d")
"""On what day something was done: one that is still to come is refused."""
TURNS = {"esign imports undo": -1, "esign person forget": 1}
"""The newest import is undone before others are made; whom the lines tell of is forgotten last."""


def _lines() -> list[str]:
    """All command lines that the pages show, once each, without their comments."""
    found: dict[str, None] = {}
    for page in sorted(MARKDOWN):
        if page.name not in ELSEWHERE:
            lines = re.findall(
                r"^(?:\s*\$ |\s*|[0-9* ]+)(esign(?: .+)?)$", page.read_text("utf-8"), re.M
            )
            found.update(dict.fromkeys(re.sub(r"\s+#.*", "", line).strip() for line in lines))
    return list(found)


LINES = _lines()


def _entry(table: Mapping[str, object], line: str) -> str | None:
    return next((pattern for pattern in table if re.fullmatch(pattern, line)), None)


HELD_TO_THE_PARSER = [line for line in LINES if _entry(NOT_HERE, line)]
RUN = sorted(
    (line for line in LINES if line not in HELD_TO_THE_PARSER),
    key=lambda line: sum(turn for begins, turn in TURNS.items() if line.startswith(begins)),
)


def _words(line: str) -> list[str]:
    for place, here in PLACES.items():
        line = line.replace(place, here)
    line = DAY.sub(str(clock.today()), line)
    return shlex.split(line)[1:]


def _titled_list(national_id: str) -> bytes:
    """A workbook whose second sheet has its header in the seventh row."""
    book = xlwt.Workbook()
    book.add_sheet("Açıklama").write(0, 0, "Açıklama")
    sheet = book.add_sheet("Liste")
    sheet.write(0, 0, "Personel listesi")
    for column, (header, value) in enumerate((("Numara", national_id), ("Durum", "A"))):
        sheet.write(6, column, header)
        sheet.write(7, column, value)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _prepare(esign: Esign, folder: Path) -> None:
    """What the pages take for granted: files, twelve applications, three imports."""
    script = _script()
    script.prepare(script.CliRunner())
    for name in ("usb", "srv"):
        (folder / name).mkdir()
    people = [one.national_id for one in staff.everybody()]
    for one in people[11:]:
        esign("applications", "add", one, "--state", "draft")
    esign("config", "set", "province", "batman")
    number = 81
    while esign("imports", "show", "3").exit_code:
        rows = [workbooks.HEADERS, workbooks.person(number)]
        Path(f"{number}.xlsx").write_bytes(workbooks.xlsx(rows))
        assert esign("import", f"{number}.xlsx", "--yes").exit_code == 0
        number += 1
    Path("liste.xls").write_bytes(_titled_list(people[1]))
    Path("basvuranlar.csv").write_text(f"T.C. Kimlik No\n{people[6]}\n", "utf-8")
    Path("gelen-kartlar.txt").write_text(f"{people[4]}\n", "utf-8")
    Path("kimlikler.txt").write_text(f"{people[1]}\n{people[2]}\n", "utf-8")
    Path("sukru.toml").write_text('title = "öğretmen"\n', "utf-8")


def test_every_command_line_runs(
    esign: Esign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "oda"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(tmp_path / "none"))  # readers of another test's
    _prepare(esign, folder)
    wrong = []
    for line in RUN:
        words = _words(line)
        for option, name in pairwise(words):
            if option == "--output" and "--force" not in words and Path(name).is_file():
                Path(name).unlink()  # another page's
        ran = esign(*words)
        if ran.exit_code == 2 and ASKS in ran.stderr and "--yes" in ran.stderr:
            ran = esign(*words, "--yes")
        allowed = ANSWERS.get(_entry(ANSWERS, line) or "", {0})
        if ran.exit_code not in allowed:
            wrong.append(f"{line}: {ran.exit_code} {ran.stderr.strip()[:200]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("line", HELD_TO_THE_PARSER)
def test_the_others_are_lines_that_esign_takes(esign: Esign, line: str) -> None:
    ran = esign(*_words(line), "--help")
    assert ran.exit_code == 0, ran.stderr


def test_the_table_of_those_names_nothing_that_no_page_shows() -> None:
    assert [p for p in NOT_HERE if not any(re.fullmatch(p, line) for line in LINES)] == []
    assert [p for p in ANSWERS if not any(re.fullmatch(p, line) for line in LINES)] == []
    assert len(RUN) > 2 * len(NOT_HERE)
