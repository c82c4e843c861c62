"""pyHanko as a peer, in an environment of its own that is made when it is first wanted."""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path

WANTED = ("pyhanko[pkcs11]==0.38.0", "pyhanko-cli==0.6.0")
"""Its [pkcs11] extra wants another python-pkcs11 than esign, so it cannot share our environment."""


def environment() -> Path:
    """Return the folder of its programs; PEER names where the environment lies, or is to lie."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    place = Path(os.environ.get("PEER", cache / "esign-benchmarks" / "pyhanko"))
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    if not (programs / "pyhanko").exists():
        venv.create(place, with_pip=True)
        words = [programs / "python", "-m", "pip", "install", "-q", *WANTED]
        subprocess.run(list(map(str, words)), check=True)
    return programs


def program() -> str:
    """Return pyHanko's command line."""
    return str(environment() / "pyhanko")


def python() -> str:
    """Return the Python that has pyHanko."""
    return str(environment() / "python")
