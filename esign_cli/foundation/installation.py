"""How this esign was installed, and the commands that complete or renew such an installation.

None of them asks a package index for esign: the name is not ours there, and whoever registers it
would be installed into a program that takes PINs.
"""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path

DEBIAN_FOLDER = "/usr/lib/esign"
PDF_REQUIREMENT = "typst<0.16,>=0.13"
"""What the extra `pdf` asks for; the package of others."""


class Installation(Enum):
    """A way of installing: what brings the extra `pdf`, and what brings a newer esign."""

    CHECKOUT = (
        'bash "{checkout}/scripts/install"',
        'git -C "{checkout}" pull && bash "{checkout}/scripts/install"',
    )
    DEBIAN = ("sudo apt install --reinstall ./esign_*.deb", "sudo apt install ./esign_*.deb")
    WINDOWS = ("esign-setup.exe", "esign-setup.exe")
    PIPX = ('pipx inject esign-cli "{pdf}"', "pipx install --force ./esign_cli-*.whl")
    UV = (
        'uv pip install --python "{python}" "{pdf}"',
        "uv tool install --force ./esign_cli-*.whl",
    )
    OTHER = (
        '"{python}" -m pip install "{pdf}"',
        '"{python}" -m pip install --upgrade ./esign_cli-*.whl',
    )


def installation(prefix: Path, platform: str) -> Installation:
    """Return how the environment at `prefix` (sys.prefix) came about, by the marks left in it."""
    if platform == "win32" and (prefix / "kaldir.exe").exists():
        return Installation.WINDOWS
    if prefix.as_posix() == DEBIAN_FOLDER:
        return Installation.DEBIAN
    if (prefix / "pipx_metadata.json").exists():
        return Installation.PIPX
    if (prefix / "uv-receipt.toml").exists():
        return Installation.UV
    if (prefix.parent / "scripts/install").exists():
        return Installation.CHECKOUT
    return Installation.OTHER


def pdf_command(prefix: str = sys.prefix, platform: str = sys.platform) -> str:
    """Return the command that installs what makes PDF."""
    return _commands(Path(prefix), platform)[0]


def update_command(prefix: str = sys.prefix, platform: str = sys.platform) -> str:
    """Return the command that installs a newer esign."""
    return _commands(Path(prefix), platform)[1]


def _commands(prefix: Path, platform: str) -> tuple[str, str]:
    python = prefix / ("python.exe" if platform == "win32" else "bin/python")
    pdf, update = (
        command.format(checkout=prefix.parent, python=python, pdf=PDF_REQUIREMENT)
        for command in installation(prefix, platform).value
    )
    return pdf, update
