"""Print the lines of requirements/runtime.txt that one kind of computer needs.

    python packaging/locked_for.py 3.13 linux [LOCK]   # or what LOCK asks for beyond them

pip judges the markers of a lock by the Python that runs it; a package is made for another one.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from packaging.markers import Marker

LOCK = Path(__file__).parents[1] / "requirements/runtime.txt"
_REQUIREMENT = re.compile(
    r"^(?P<pin>[\w.-]+==\S+)(?: ; (?P<marker>.*?))? \\\n(?P<hashes>(?:    --hash=.*\n)+)",
    re.MULTILINE,
)
PLATFORMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "win32": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}


def locked_for(lock: Path, python: str, platform: str) -> list[str]:
    """Return the requirements of `lock`, hashes and all, without markers."""
    computer = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        **PLATFORMS[platform],
    }
    return [
        f"{requirement['pin']} \\\n{requirement['hashes']}"
        for requirement in _REQUIREMENT.finditer(lock.read_text("utf-8"))
        if not requirement["marker"] or Marker(requirement["marker"]).evaluate(computer)
    ]


if __name__ == "__main__":
    computer, more = sys.argv[1:3], sys.argv[3:]
    wanted = locked_for(LOCK, *computer)
    if more:
        wanted = [one for one in locked_for(Path(more[0]), *computer) if one not in wanted]
    sys.stdout.write("".join(wanted))
