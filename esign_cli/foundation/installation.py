"""How this esign was installed, and the commands that complete or renew such an installation.

None of them asks a package index for esign: the name is not ours there, and whoever registers it
would be installed into a program that takes PINs.
"""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path

from esign_cli import __version__
from esign_cli.foundation.i18n import N_

DEBIAN_FOLDER = "/usr/lib/esign"
PDF_REQUIREMENT = "typst<0.16,>=0.13"
"""What the extra `pdf` asks for; the package of others."""
POSTGRES_REQUIREMENT = "psycopg[binary]<4,>=3.2"
"""What the extra `postgres` asks for."""
_BY_PIPX = 'pipx inject esign-cli "{part}"'


class Installation(Enum):
    """A way of installing: its name; what brings the extras `pdf`, `postgres`; a newer esign."""

    CHECKOUT = (
        N_("checkout"),
        'bash "{checkout}/scripts/install"',
        'bash "{checkout}/scripts/install" postgres',
        'git -C "{checkout}" pull && bash "{checkout}/scripts/install"',
    )
    DEBIAN = (
        N_("Debian package"),
        "sudo apt install --reinstall ./esign_*.deb",
        "sudo apt install python3-psycopg",
        "sudo apt install ./esign_*.deb",
    )
    WINDOWS = (
        N_("Windows installer"),
        "esign-setup.exe",
        "esign-postgresql-setup.exe",
        "esign-setup.exe",
    )
    PIPX = ("pipx", _BY_PIPX, _BY_PIPX, "pipx install --force ./esign_cli-*.whl")
    UV = (
        "uv tool",
        'uv pip install --python "{python}" "{part}"',
        'uv pip install --python "{python}" "{part}"',
        "uv tool install --force ./esign_cli-*.whl",
    )
    OTHER = (
        N_("Python environment"),
        '"{python}" -m pip install "{part}"',
        '"{python}" -m pip install "{part}"',
        '"{python}" -m pip install --upgrade ./esign_cli-*.whl',
    )

    def __init__(self, label: str, pdf: str, postgres: str, update: str) -> None:
        self.label, self.pdf, self.postgres, self.update = label, pdf, postgres, update

    @property
    def code(self) -> str:
        """What it is called in JSON."""
        return self.name.lower()


def commit(package: Path = Path(__file__).parents[1]) -> str:
    """Return the commit that this esign was built of ("…-dirty": with changes), "" if none is told.

    The build writes it into the wheel.
    """
    file = package / "commit.txt"
    return file.read_text("ascii").strip() if file.exists() else ""


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


def facts() -> dict[str, str]:
    """Return what is told of this esign: its version, its commit ("" if none is told), the code of
    how it was installed, and the command that installs a newer one.
    """
    return {
        "version": __version__,
        "commit": commit(),
        "installed_as": installation(Path(sys.prefix), sys.platform).code,
        "update": update_command(),
    }


def pdf_command(prefix: str = sys.prefix, platform: str = sys.platform) -> str:
    """Return the command that installs what makes PDF."""
    kind = installation(Path(prefix), platform)
    return _filled(kind.pdf, Path(prefix), platform, PDF_REQUIREMENT)


def postgres_command(prefix: str = sys.prefix, platform: str = sys.platform) -> str:
    """Return the command that installs what speaks to PostgreSQL."""
    kind = installation(Path(prefix), platform)
    return _filled(kind.postgres, Path(prefix), platform, POSTGRES_REQUIREMENT)


def update_command(prefix: str = "", platform: str = sys.platform) -> str:
    """Return the command that installs a newer esign at `prefix`, by default where this one is."""
    prefix = prefix or sys.prefix
    return _filled(installation(Path(prefix), platform).update, Path(prefix), platform)


def _filled(command: str, prefix: Path, platform: str, part: str = "") -> str:
    python = prefix / ("python.exe" if platform == "win32" else "bin/python")
    return command.format(checkout=prefix.parent, python=python, part=part)
