"""What decides about trust is not used where another account can change it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from esign_cli.foundation import ownership
from esign_cli.foundation.errors.environment import OthersMayWrite
from tests.conftest import Esign
from tests.support.parts import need

pytestmark = pytest.mark.posix
NOBODY = 65534


def mode(bits: int) -> Callable[[Path], None]:
    return lambda path: path.chmod(stat.S_IMODE(path.stat().st_mode) | bits)


def anothers(path: Path) -> None:
    need("root", os.geteuid() == 0)
    os.chown(path, NOBODY, NOBODY)


def anothers_group(path: Path) -> None:
    need("root", os.geteuid() == 0)
    os.chown(path, 0, NOBODY)
    mode(0o020)(path)


SWAPPED: dict[str, tuple[str, Callable[[Path], None]]] = {
    "anybody may write": ("file", mode(0o002)),
    "a group may write": ("file", anothers_group),
    "it is somebody else's": ("file", anothers),
    "its folder may be written": (".", mode(0o002)),
    "a folder further up": ("..", mode(0o002)),
    "its folder is somebody else's": (".", anothers),
    "a folder further up is": ("..", anothers),
}


@pytest.mark.parametrize("kind", SWAPPED)
def test_what_others_can_change_is_refused_with_the_command(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a" / "b" / "file"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    ownership.check_own(path)
    where, change = SWAPPED[kind]
    change(path if where == "file" else (path.parent / where).resolve())
    link = tmp_path / "link"
    link.symlink_to(path)
    for one in (path, link):
        with pytest.raises(OthersMayWrite) as caught:
            ownership.check_own(one)
    assert os.system(str(caught.value.facts["command"]).removeprefix("sudo ")) == 0
    ownership.check_own(path)


def test_what_is_sticky_not_there_or_no_file_passes(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp").chmod(0o1777)
    (tmp_path / "tmp/file").write_bytes(b"")
    for path in (tmp_path / "tmp/file", tmp_path / "none", Path("/dev/null")):
        ownership.check_own(path)


def links(folder: Path) -> dict[str, Path]:
    """Ways to a file, some of which somebody else can turn elsewhere."""
    (folder / "own").mkdir()
    (folder / "own/file").write_bytes(b"x")
    (folder / "inner").symlink_to("own")
    (folder / "outer").symlink_to(folder / "inner")
    (folder / "file").symlink_to("outer/file")
    (folder / "up").symlink_to("own/../inner")
    (folder / "circle").symlink_to("circle")
    return {name: folder / name for name in ("own/file", "outer/file", "file", "up/file", "circle")}


def test_links_of_ours_are_followed(tmp_path: Path) -> None:
    for path in (*links(tmp_path).values(), tmp_path / "none/none", Path("/dev/stdout")):
        assert ownership.anothers_link(path) is None
        ownership.check_own(path)


def test_a_link_of_somebody_elses_is_found_wherever_it_lies(tmp_path: Path) -> None:
    need("root", os.geteuid() == 0)
    ways = links(tmp_path)
    os.chown(tmp_path / "inner", NOBODY, NOBODY, follow_symlinks=False)
    found = {name for name, path in ways.items() if ownership.anothers_link(path)}
    assert found == {"outer/file", "file", "up/file"}
    with pytest.raises(OthersMayWrite) as caught:
        ownership.check_own(ways["file"])
    assert os.system(str(caught.value.facts["command"]).removeprefix("sudo ")) == 0
    ownership.check_own(ways["file"])


COMMANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "the settings": ("config/esign/config.toml", ("config",)),
    "the trust folder": ("data/esign/trust", ("trust", "list")),
    "the accepted roots": ("data/esign/trust/accepted-roots.txt", ("trust", "list")),
    "a card driver": ("driver.so", ("check-card", "--module", "driver.so")),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_every_command_that_rests_on_one_refuses_it(
    esign: Esign, home: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    name, words = COMMANDS[kind]
    path = home / name
    if path.suffix:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    else:
        path.mkdir(parents=True)
    mode(0o002)(path)
    ran = esign(*words)
    assert ran.exit_code == 12, ran.stderr
    assert f"chmod go-w {path}" in ran.stderr
