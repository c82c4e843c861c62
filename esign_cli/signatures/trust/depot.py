"""Kamu SM's SertifikaDeposu.xml: an offer of certificates, which proves nothing by itself.

Roots stand in depo/koksertifikalar/koksertifika/mValue and sub-CAs in
depo/sertifikalar/sertifika/mValue, as base64 of DER. It is published over plain HTTP, so where a
certificate stands in it does not count; only what the certificate itself is.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from esign_cli.foundation import files, http_client
from esign_cli.foundation.errors.network import HttpStatusBad
from esign_cli.foundation.errors.signatures import CertificateUnreadable, TrustUnreadable
from esign_cli.signatures import certificate
from esign_cli.signatures.pki import tbs

LARGEST = 8 << 20
"""Bytes; the real one has well under a hundred certificates."""
MOST_CERTIFICATES = 1000
DEEPEST = 32
_OK = 200
_WANTED = (
    ["depo", "koksertifikalar", "koksertifika", "mValue"],
    ["depo", "sertifikalar", "sertifika", "mValue"],
)


@dataclass(frozen=True, slots=True)
class Depot:
    """DER of the certificates that could be read, and how many could not."""

    certificates: tuple[bytes, ...]
    unreadable: int


def is_depot(path: Path) -> bool:
    """Return whether the file is XML by its looks; raises as `files.read`."""
    return bool(re.match(rb"(?:\xef\xbb\xbf)?\s*<", files.read(path)[:256]))


def read(path: Path) -> Depot:
    """Return the certificates of the file; raises FileMissing, FileUnreadable, TrustUnreadable."""
    return _parsed(files.read(path), str(path))


def fetch(url: str, *, allow_private: bool, proxy: str, seconds: float) -> Depot:
    """Return the certificates that are published there; raises HttpError or TrustUnreadable."""
    answer = http_client.request(
        "GET",
        url,
        limits=http_client.Limits(seconds, LARGEST),
        allow_private=allow_private,
        proxy=http_client.proxy_for(url, proxy),
    )
    if answer.status != _OK:
        raise HttpStatusBad(url=http_client.shown(url), status=answer.status)
    return _parsed(answer.body, http_client.shown(url))


def _parsed(data: bytes, where: str) -> Depot:
    if len(data) > LARGEST:
        raise TrustUnreadable(path=where, detail=f"{len(data)} bytes")
    reader = _Reader()
    try:
        values = reader.read(data)
    except (expat.ExpatError, _Refused, LookupError) as error:
        raise TrustUnreadable(path=where, detail=str(error)) from error
    certificates = [_certificate(value) for value in values]
    good = tuple(dict.fromkeys(der for der in certificates if der is not None))
    if not good:
        raise TrustUnreadable(path=where, detail="mValue: 0")
    return Depot(good, certificates.count(None))


class _Refused(Exception):
    """The XML has what an honest depot never has."""


@dataclass(slots=True)
class _Reader:
    """Expat with everything refused that could fetch, expand or nest without end."""

    _path: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _values: list[str] = field(default_factory=list)

    def read(self, data: bytes) -> list[str]:
        """Return the text of each mValue."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.Parse(data, True)
        return self._values

    def _doctype(self, *_declaration: object) -> None:
        raise _Refused("DOCTYPE")  # entities can be declared nowhere else

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(":")[2])
        if len(self._path) > DEEPEST:
            raise _Refused("depth")
        self._text.clear()

    def _end(self, _name: str) -> None:
        if self._path in _WANTED:
            self._values.append("".join(self._text))
            if len(self._values) > MOST_CERTIFICATES:
                raise _Refused(f"mValue: > {MOST_CERTIFICATES}")
        self._path.pop()
        self._text.clear()


def _certificate(value: str) -> bytes | None:
    try:
        der = base64.b64decode("".join(value.split()), validate=True)
        certificate.parse(der)
        tbs.read(der)
    except (ValueError, CertificateUnreadable):  # ValueError: what is not base64
        return None
    return der
