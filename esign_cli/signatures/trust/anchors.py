"""Certificates read from files.

Only what is self-signed can be an anchor; the rest are intermediates, which help to build a path
and prove nothing by themselves.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.signatures import CertificateUnreadable, TrustUnreadable
from esign_cli.signatures import certificate
from esign_cli.signatures.pki import algorithms, keys, tbs

_PEM = re.compile(
    rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----(.*?)-----END [A-Z0-9 ]+-----", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Trust:
    """DER of the trusted roots and of the sub-CAs that came with them."""

    anchors: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()


def from_files(paths: Iterable[Path]) -> Trust:
    """Return the certificates of these files, PEM (one or more) or DER.

    Raises FileMissing, FileUnreadable or TrustUnreadable.
    """
    certificates_read = dict.fromkeys(der for path in paths for der in certificates(path))
    anchors = tuple(der for der in certificates_read if self_signed(der))
    return Trust(anchors, tuple(der for der in certificates_read if der not in anchors))


def self_signed(der: bytes) -> bool:
    """Return whether the certificate names itself as its issuer and its own key signed it."""
    return signed_by(der, der)


def signed_by(der: bytes, issuer: bytes, *, strong: bool = False) -> bool:
    """Return whether the certificate names this issuer and the issuer's key signed it.

    With `strong`, only by an algorithm and a key that are strong enough to be relied on.
    """
    parts, by = tbs.read(der), tbs.read(issuer)
    scheme = algorithms.scheme(parts.algorithm, "")
    return (
        tbs.same_name(parts.issuer, by.subject)
        and scheme is not None
        and (not strong or (scheme.strong and keys.strong(by.key_info)))
        and keys.verifies(by.key_info, scheme, parts.signature, parts.signed)
    )


def certificates(path: Path) -> list[bytes]:
    """Return DER of the certificates in one file; raises as `from_files`."""
    data = files.read(path)
    try:
        encoded = [base64.b64decode(body) for body in _PEM.findall(data)] or [data]
        for der in encoded:
            certificate.parse(der)
            tbs.read(der)
    except (binascii.Error, CertificateUnreadable) as error:
        detail = error.facts["detail"] if isinstance(error, EsignError) else "PEM"
        raise TrustUnreadable(path=str(path), detail=detail) from error
    return encoded
