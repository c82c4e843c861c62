"""What doctor found, line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from esign_cli.foundation.errors import EsignError
from esign_cli.outputs.json_data import pick


class Level(StrEnum):
    """How grave a line is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Line:
    """What was found of one part; `problem` is the error it met, if it met one."""

    check: str
    level: Level
    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    problem: EsignError | None = None


def failed(check: str, problem: EsignError, level: Level = Level.ERROR) -> Line:
    """Return a line that an error makes."""
    return Line(check, level, problem.code, problem.facts, problem)


def worst(lines: Sequence[Line]) -> Level:
    """Return the gravest level of all lines."""
    order = list(Level)
    return max((line.level for line in lines), key=order.index)


def document(lines: Sequence[Line], command: Callable[[Line], str]) -> dict[str, Any]:
    """Return the lines as `--json` prints them; `command` gives the one that mends a line,
    or "".
    """
    return {
        "status": worst(lines).value,
        "lines": [
            {
                **pick(line, "check level code"),
                "facts": line.facts,
                "command": command(line) or None,
            }
            for line in lines
        ],
    }
