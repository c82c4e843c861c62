"""Installing takes what the lock says, whatever was released since."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

SOURCE = Path(os.environ.get("ESIGN_SOURCE") or Path(__file__).parents[1])
LOCK = SOURCE / "requirements/test.txt"
"""It has what the other locks have: `scripts/lock` makes them agree."""
NEWER = "9999.0"
"""A release of every package that came out after the lock was written."""
MORE = {
    "asking": "Requires-Dist: asked[more]\n",
    "asked": "Provides-Extra: more\nRequires-Dist: not-locked; extra == 'more'\n",
}
"""Two packages that are locked, and what the one wants of the other is not."""


@contextmanager
def index(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """A package index on loopback over `folder`: its address and the paths it is asked for."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            asked.append(self.path.strip("/"))

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def offer(folder: Path, name: str, version: str, metadata: str) -> Path:
    """Put an empty wheel with this metadata into the index at `folder`."""
    stem = f"{name.replace('-', '_')}-{version}"
    wheel = folder / name / f"{stem}-py3-none-any.whl"
    wheel.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{stem}.dist-info/METADATA", metadata)
        archive.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{stem}.dist-info/RECORD", "")
    return wheel


def described(name: str, version: str, dependencies: str) -> str:
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{dependencies}"


def locked() -> dict[str, str]:
    """The versions by name that the lock has for this Python and system."""
    lines = re.findall(r"^([\w.-]+==[^\\\n]+)", LOCK.read_text("utf-8"), re.M)
    pins = [Requirement(line) for line in lines]
    return {
        pin.name: str(pin.specifier).removeprefix("==")
        for pin in pins
        if not pin.marker or pin.marker.evaluate()
    }


def dependencies(name: str) -> str:
    """What the installed package `name` asks for, in the words of its metadata."""
    metadata = distribution(name).metadata
    kept = [(key, value) for key, value in metadata.items()
            if key in ("Requires-Dist", "Provides-Extra")]  # fmt: skip
    return "".join(f"{key}: {value}\n" for key, value in kept)


@pytest.mark.posix
def test_a_newer_release_of_every_package_changes_nothing(tmp_path: Path) -> None:
    pins = locked()
    assert len(pins) > 50
    wanted = {name: (version, dependencies(name)) for name, version in pins.items()}
    wanted |= {name: ("1.0", text) for name, text in MORE.items()}
    folder, lines, wheels = tmp_path / "index", [], set()
    folder.mkdir()
    for name, (version, text) in wanted.items():
        wheel = offer(folder, name, version, described(name, version, text))
        offer(folder, name, NEWER, described(name, NEWER, text))
        wheels.add(f"{name}/{wheel.name}")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{name}=={version} --hash=sha256:{digest}\n")
    (tmp_path / "lock.txt").write_text("".join(lines), "utf-8")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv/bin/python"
    with index(folder) as (url, asked):
        steps = 'source scripts/environment.sh; python="$1"; install_locked "$2"; run_pip check'
        ran = subprocess.run(
            ["bash", "-euc", steps, "bash", python, tmp_path / "lock.txt"],
            env={"PATH": os.environ["PATH"], "PIP_INDEX_URL": url, "PIP_CONFIG_FILE": os.devnull},
            cwd=SOURCE, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert set(asked) == wheels | set(wanted)


def test_this_environment_is_what_the_lock_says() -> None:
    pins = locked()
    assert {name: distribution(name).version for name in pins} == pins
