"""The parts that the tests run on come with what the test command installs, and not by luck."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.support import parts, virtual_card
from tests.test_docs import SOURCE

BEFORE = ("git", "python3-venv")
"""What the README says that a machine has; Debian's essential packages it has in any case."""


def _listed() -> list[str]:
    """The packages that `scripts/test` installs."""
    script = (SOURCE / "scripts/test").read_text("utf-8").replace("\\\n", " ")
    return re.findall(r"^apt_install (.+) \|\|", script, re.M)[0].split()


def _comes_with(packages: list[str]) -> set[str]:
    """The packages that are there once these were installed on a machine that had none."""
    simulation = subprocess.run(
        ["apt-get", "-s", "-o", "Dir::State::status=/dev/null", "install",
         "--no-install-recommends", *packages],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    essential = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Essential}\n"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return {
        *re.findall(r"^Inst (\S+)", simulation, re.M),
        *re.findall(r"^(\S+) yes$", essential, re.M),
    }


def _owners(path: Path) -> set[str]:
    """The packages that a file is of; what is in /usr/bin may be listed as in /bin."""
    places = {str(path), str(path.resolve())}
    places |= {place.removeprefix("/usr") for place in places} | {f"/usr{p}" for p in places}
    said = subprocess.run(["dpkg", "-S", *places], capture_output=True, text=True, check=False)
    owners = re.findall(r"^(\S.*): /", said.stdout, re.M)
    return {name.partition(":")[0] for names in owners for name in names.split(", ")}


def test_every_part_comes_with_what_the_test_command_installs() -> None:
    parts.need("apt-get", shutil.which("apt-get"))
    tests = [path.read_text("utf-8") for path in Path(__file__).parent.rglob("*.py")]
    named = {name for text in tests for name in re.findall(r"\bprogram\(\"([\w-]+)\"\)", text)}
    assert len(named) > 10
    files = [Path(parts.program(name)) for name in sorted({*named, "gcc"})]
    files += [parts.softhsm(), parts.opencryptoki(), parts.opensc(), parts.pkcs11_spy()]
    files += [virtual_card.DRIVER, *map(Path, parts.bouncy_castle().split(":"))]
    installed = _comes_with([*BEFORE, *_listed()])
    assert [str(file) for file in files if not _owners(file) & installed] == []
