"""The real parts that tests run on, and what happens when one is not there.

A missing part skips a test on a developer's machine, and fails it where ESIGN_TEST_REQUIRE_ALL=1
says that every part must be there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

_LIBRARIES = tuple(
    map(
        Path,
        ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib",
         "/usr/local/lib", "/opt/homebrew/lib"),
    )
)  # fmt: skip
SOFTHSM = ("softhsm/libsofthsm2.so", "libsofthsm2.so", "pkcs11/libsofthsm2.so")
OPENCRYPTOKI = ("opencryptoki/libopencryptoki.so", "pkcs11/libopencryptoki.so")
OPENSC = ("opensc-pkcs11.so", "pkcs11/opensc-pkcs11.so")
PKCS11_SPY = ("pkcs11-spy.so", "pkcs11/pkcs11-spy.so")
BOUNCY_CASTLE = ("bcprov.jar", "bcpkix.jar", "bcutil.jar")


def need(name: str, available: object) -> None:
    """Go on only if the part called `name` is available."""
    if available:
        return
    if os.environ.get("ESIGN_TEST_REQUIRE_ALL") == "1":
        pytest.fail(f"{name} is missing, and every part is required here", pytrace=False)
    pytest.skip(f"{name} is missing")


def program(name: str) -> str:
    """The path of a program that a test runs."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    need(name, path)
    return path or ""


def softhsm() -> Path:
    """SoftHSM2's module: a token without a daemon, which never locks."""
    return _library("softhsm2", SOFTHSM)


def opencryptoki() -> Path:
    """openCryptoki's module: a token that locks at the third wrong PIN; wants `pkcsslotd`."""
    program("pkcsslotd")
    return _library("opencryptoki", OPENCRYPTOKI)


def pkcs11_spy() -> Path:
    """OpenSC's module that writes down every call made through it."""
    return _library("pkcs11-spy", PKCS11_SPY)


def opensc() -> Path:
    """OpenSC's own module, which reads PIV cards."""
    return _library("opensc-pkcs11", OPENSC)


def bouncy_castle() -> str:
    """The class path of Bouncy Castle's CMS classes."""
    jars = [Path("/usr/share/java") / jar for jar in BOUNCY_CASTLE]
    need("libbcpkix-java", all(jar.exists() for jar in jars))
    return ":".join(map(str, jars))


def _library(name: str, places: Iterable[str]) -> Path:
    found = [folder / place for folder in _LIBRARIES for place in places]
    found = [path for path in found if path.exists()]
    need(name, found)
    return found[0]
