"""Which PKCS#11 module to use: the one that is named, or else the one that is there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from esign_cli.cards import binary
from esign_cli.foundation import ownership
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import cards as errors


@dataclass(frozen=True, slots=True)
class Module:
    """A PKCS#11 module; `found_by`: option, environment, config, known-path or p11-kit."""

    path: Path
    found_by: str

    @property
    def stands_in(self) -> bool:
        """Whether it was taken only because AKİS's own is not there, whose cards it cannot read."""
        is_known = self.found_by in ("known-path", "p11-kit")
        return is_known and STAND_IN in self.path.name


@dataclass(frozen=True, slots=True)
class Places:
    """Where modules lie on one system, and what they are called, the likeliest first."""

    folders: tuple[str, ...]
    names: tuple[str, ...]


KNOWN: dict[str, Places] = {
    "linux": Places(
        (
            "/usr/lib",
            "/usr/lib64",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/local/lib",
            "/usr/local/lib64",
            "/opt/akis/lib",
            "/opt/Akia",
        ),
        (
            "libakisp11.so",
            "libtckkp11.so",
            "libeTPkcs11.so",
            "libeToken.so",
            "libidprimepkcs11.so",
            "libaetpkss.so.3",
            "libaetpkss.so",
            "libsiecap11.so",
            "opensc-pkcs11.so",
        ),
    ),
    "win32": Places(
        (r"C:\Windows\System32", r"C:\Windows\SysWOW64", r"C:\Program Files\OpenSC Project\OpenSC"),
        (
            "akisp11.dll",
            "tckkp11.dll",
            "eTPKCS11.dll",
            "IDPrimePKCS1164.dll",
            "IDPrimePKCS11.dll",
            "aetpkss1.dll",
            "siecap11.dll",
            r"pkcs11\opensc-pkcs11.dll",
            "opensc-pkcs11.dll",
        ),
    ),
    "darwin": Places(
        ("/usr/local/lib", "/opt/akis/lib", "/Library/OpenSC/lib", "/opt/homebrew/lib"),
        (
            "libakisp11.dylib",
            "libtckkp11.dylib",
            "libeTPkcs11.dylib",
            "libIDPrimePKCS11.dylib",
            "libaetpkss.dylib",
            "libsiecap11.dylib",
            "opensc-pkcs11.so",
        ),
    ),
}
P11_KIT_FOLDERS = (
    "/etc/pkcs11/modules",
    "/usr/share/p11-kit/modules",
    "/usr/local/share/p11-kit/modules",
    "/opt/homebrew/share/p11-kit/modules",
)
P11_KIT_LIBRARIES = ("pkcs11", "")
"""Below a library folder, where a p11-kit module named without a folder lies."""
STAND_IN = "opensc"
"""OpenSC reads cards of many kinds; those of AKİS no more since its version 0.25."""
NEVER_BY_ITSELF = ("pkcs11-spy", "p11-kit", "nssckbi", "softokn", "onepin-")
"""Tracers, which write PINs down, proxies, and modules that hold no card."""


def find_module(
    *, option: Path | None = None, environment: str = "", configured: str = ""
) -> Module:
    """Find the module to use: option > environment > config > known paths > p11-kit.

    Raises ModuleMissing (it is named, and not there), NoModule, ModuleWrongArchitecture,
    ModuleNotALibrary.
    """
    named = (("option", option), ("environment", environment), ("config", configured))
    for found_by, path in named:
        if path:
            return _checked(Module(Path(path).expanduser(), found_by))
    return _first_that_fits()


def _first_that_fits() -> Module:
    """The first module on the system that this program can load."""
    unfit: EsignError | None = None
    for module in (*_known(), *_registered()):
        try:
            return _checked(module)
        except (errors.ModuleWrongArchitecture, errors.ModuleNotALibrary) as error:
            unfit = unfit or error
    if unfit is not None:
        raise unfit
    raise errors.NoModule(looked=[*_places().folders, *_registers()])


def _checked(module: Module) -> Module:
    """The module, if its file is a library for the machine we run on that nobody else can swap."""
    ownership.check_own(module.path)
    try:
        built_for = binary.built_for(module.path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise errors.ModuleMissing(path=str(module.path), found_by=module.found_by) from error
    except OSError as error:
        detail = error.strerror or ""
        raise errors.ModuleUnusable(path=str(module.path), detail=detail) from error
    if not built_for:
        raise errors.ModuleNotALibrary(path=str(module.path))
    ours = binary.ours()
    if ours not in built_for:
        raise errors.ModuleWrongArchitecture(path=str(module.path), module=built_for, ours=ours)
    return module


def _places() -> Places:
    return KNOWN.get(sys.platform, KNOWN["linux"])


def _known() -> Iterator[Module]:
    places = _places()
    for name in places.names:
        for folder in places.folders:
            path = Path(folder, name)
            if path.exists():
                yield Module(path, "known-path")


# --- p11-kit's register (pkcs11.conf(5)) ---------------------------------------------------------


def _registers() -> tuple[str, ...]:
    """The folders of p11-kit's register, which Windows has not."""
    return () if sys.platform == "win32" else P11_KIT_FOLDERS


def _registered() -> Iterator[Module]:
    """The modules that p11-kit knows, by priority, then name, as p11-kit orders them."""
    if not _registers():
        return
    settings: dict[str, dict[str, str]] = {}
    own = os.path.expanduser("~/.config/pkcs11/modules")  # noqa: PTH111  (Path's raises without a home)
    for folder in (*_registers(), own):
        for path in sorted(Path(folder).glob("*.module")):
            settings.setdefault(path.stem, {}).update(_read(path))
    ordered = sorted(settings.items(), key=lambda item: (-_priority(item[1]), item[0]))
    for _name, values in ordered:
        library = _resolve(values.get("module", ""))
        if library is not None and _may_be_picked(library, values):
            yield Module(library, "p11-kit")


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    pairs = (line.partition(":") for line in lines if not line.lstrip().startswith("#"))
    return {key.strip(): value.strip() for key, colon, value in pairs if colon}


def _priority(values: dict[str, str]) -> int:
    text = values.get("priority", "0")
    return int(text) if text.lstrip("-").isdigit() else 0


def _may_be_picked(path: Path, values: dict[str, str]) -> bool:
    """Never a tracing module, a proxy or a store of trusted roots, also behind a link."""
    names = {path.name, Path(os.path.realpath(path)).name}
    if any(word in name for word in NEVER_BY_ITSELF for name in names):
        return False
    return values.get("trust-policy") != "yes" and "remote" not in values


def _resolve(name: str) -> Path | None:
    if not name:
        return None
    if Path(name).is_absolute():
        return Path(name) if Path(name).exists() else None
    folders = (Path(folder, below) for folder in _places().folders for below in P11_KIT_LIBRARIES)
    return next((folder / name for folder in folders if (folder / name).exists()), None)
