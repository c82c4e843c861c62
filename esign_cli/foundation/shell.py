"""Command lines as somebody types them into this system's own shell."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence

PROMPT = ">" if sys.platform == "win32" else "$"
_PLAIN = re.compile(r"[\w./\\:=+-]+")
"""Words that neither cmd.exe nor PowerShell takes for something else."""


def command_line(
    words: Sequence[str], *, given: Sequence[str] = (), platform: str = sys.platform
) -> str:
    """Return the words as one line to copy, which is `given` lines on standard input.

    On Windows double quotation marks: cmd.exe and PowerShell both know them. Between them
    PowerShell still puts in what follows `$`, and cmd.exe what stands between `%`. Lines on
    standard input are written for cmd.exe.
    """
    if platform == "win32":
        typed = " ".join(word if _PLAIN.fullmatch(word) else f'"{word}"' for word in words)
        echoed = "& ".join(f"echo {line}" for line in given)  # no space before &: it would be sent
        return f"({echoed}) | {typed}" if given else typed
    import shlex

    typed = shlex.join(words)
    lines = "".join(f"{line}\\n" for line in given)
    return f"printf '{lines}' | {typed}" if given else typed


def settings(variables: Mapping[str, str], *, platform: str = sys.platform) -> list[str]:
    """Return the lines that set variables of the environment, on Windows for cmd.exe."""
    if platform == "win32":
        return [f"set {name}={value}" for name, value in variables.items()]
    return ["export " + " ".join(f"{name}={value}" for name, value in variables.items())]
