"""What the command lines answered under Wine is what they answer on Linux.

Run by scripts/test-windows, which names both sides' answers.json in ESIGN_ANSWERS (os.pathsep).
"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.windows.command_lines import CHAINS, Line

DIFFERENT_BY_NATURE = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "{sha256}"),
    (re.compile(r"\d\d:\d\d(:\d\d)?(\.\d+)?"), "{time}"),
    (re.compile(r"UID:[-0-9a-f]+"), "{uid}"),
    (re.compile(r"DTSTAMP:\w+"), "{stamp}"),
    (re.compile(r'"duration": [0-9.]+'), "{duration}"),
    (re.compile(r'"machine": "[^"]+"'), "{machine}"),
)
"""Times of day, digests of signatures that hold one, random identifiers, and the computer's name,
which Windows writes in capitals."""


def _sides() -> tuple[dict[str, Any], dict[str, Any]]:
    linux, windows = os.environ["ESIGN_ANSWERS"].split(os.pathsep)
    return json.loads(Path(linux).read_text("utf-8")), json.loads(Path(windows).read_text("utf-8"))


LINUX, WINDOWS = _sides()
CASES = [
    pytest.param(line, chain, number, id=f"{chain}-{number}-{line.name[:60]}")
    for chain, lines in CHAINS.items()
    for number, line in enumerate(lines)
]


def plain(text: str, side: dict[str, Any], chain: str) -> str:
    """The text with one kind of line end and slash, without this side's own folders and times."""
    text = text.encode("latin-1").decode("utf-8")  # raises where it is not UTF-8
    path = PureWindowsPath if "\\" in side["folder"] else PurePosixPath
    for name in (side["module"], str(path(side["folder"], chain)), side["folder"]):
        for written in (name, json.dumps(name)[1:-1]):
            text = text.replace(written, "{place}")
    text = text.replace("\r\n", "\n").replace("\\\\", "/").replace("\\", "/")
    for pattern, word in DIFFERENT_BY_NATURE:
        text = pattern.sub(word, text)
    return text


def content(name: str, kept: str, side: dict[str, Any], chain: str) -> Any:
    """A file's content in a form that can be compared."""
    data = kept.encode("latin-1")
    if name.endswith(".xlsx"):
        book = load_workbook(io.BytesIO(data))
        assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    if name.endswith(".pdf"):
        return data[:8], len(data) // 1000
    return plain(kept, side, chain)


@pytest.mark.parametrize(("line", "chain", "number"), CASES)
def test_answer_is_that_of_linux(line: Line, chain: str, number: int) -> None:
    linux, windows = (side["answers"][chain][number] for side in (LINUX, WINDOWS))
    assert windows["code"] == linux["code"], windows["stderr"]
    assert "Traceback" not in windows["stderr"]
    if not line.same:
        return
    for stream in ("stdout", "stderr"):
        assert plain(windows[stream], WINDOWS, chain) == plain(linux[stream], LINUX, chain)
    for name in line.leaves:
        left = content(name, windows["leaves"][name], WINDOWS, chain)
        assert left == content(name, linux["leaves"][name], LINUX, chain)


def test_signatures_made_under_wine_verify_on_linux() -> None:
    verdicts = [
        answer
        for lines, answers in ((CHAINS[chain], WINDOWS["answers"][chain]) for chain in CHAINS)
        for line, answer in zip(lines, answers, strict=True)
        if line.words[0] == "verify" and answer["code"] == 0
    ]
    assert len(verdicts) >= 4
