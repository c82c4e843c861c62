"""Revocation data from local files: CRLs and OCSP answers, PEM or DER."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.errors.signatures import RevocationUnreadable
from esign_cli.signatures.pki import crl_ocsp

_PEM = re.compile(rb"-----BEGIN (X509 CRL|OCSP RESPONSE)-----(.*?)-----END \1-----", re.DOTALL)


def crls(paths: Iterable[Path]) -> tuple[bytes, ...]:
    """Return DER of the CRLs in these files; raises FileMissing, FileUnreadable,
    RevocationUnreadable.
    """
    return _read(paths, crl_ocsp.is_crl, "CRL")


def ocsps(paths: Iterable[Path]) -> tuple[bytes, ...]:
    """Return DER of the OCSP responses in these files; raises as `crls` does."""
    return _read(paths, crl_ocsp.is_ocsp, "OCSP")


def _read(paths: Iterable[Path], right: Callable[[bytes], bool], wanted: str) -> tuple[bytes, ...]:
    return tuple(der for path in paths for der in _data(path, right, wanted))


def _data(path: Path, right: Callable[[bytes], bool], wanted: str) -> list[bytes]:
    data = files.read(path)
    try:
        encoded = [base64.b64decode(body) for _name, body in _PEM.findall(data)] or [data]
    except binascii.Error as error:
        raise RevocationUnreadable(path=str(path), detail="PEM") from error
    if not all(map(right, encoded)):
        raise RevocationUnreadable(path=str(path), detail=wanted)
    return encoded
