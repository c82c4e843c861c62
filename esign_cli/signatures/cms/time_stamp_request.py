"""Asking for a time stamp: the request, and what a server's answer grants (RFC 3161 2.4).

Whether a granted token is good is judged where it is put into a signature, by the rules that
verifying has (`time_stamp`); the nonce is known only here.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

from esign_cli.foundation.errors.signatures import Asn1Malformed, TimeStampRefused, TimeStampWrong
from esign_cli.signatures.cms import tst
from esign_cli.signatures.pki import algorithms, asn1

DIGEST = "sha256"
"""Of every message imprint: all authorities take it."""
_GRANTED = (0, 1)
"""granted, grantedWithMods."""


class TimeStamps(Protocol):
    """A time stamp authority, wherever it is."""

    @property
    def address(self) -> str:
        """Where it is, as it may be shown."""
        ...

    def stamp(self, digest: bytes) -> bytes:
        """Return the token (DER) over the message that has this SHA-256 digest.

        Raises what kept it from coming: HttpError, TimeStampRefused, TimeStampWrong.
        """
        ...


def imprint(message: bytes) -> bytes:
    """Return what is stamped in place of the message."""
    return hashlib.new(DIGEST, message).digest()


def request(digest: bytes, nonce: int) -> bytes:
    """Return a TimeStampReq that wants the authority's certificate in the token."""
    return asn1.sequence(
        asn1.integer(1),
        asn1.sequence(algorithms.digest_identifier(DIGEST), asn1.octet_string(digest)),
        asn1.integer(nonce),
        asn1.tlv(asn1.BOOLEAN, b"\xff"),
    )


def granted(response: bytes, digest: bytes, nonce: int, *, url: str) -> bytes:
    """Return the token in a TimeStampResp, which has to be over what was asked, and an answer to
    it.

    Raises TimeStampRefused (with the server's own words) or TimeStampWrong.
    """
    try:
        status, *rest = asn1.read(response).children(asn1.SEQUENCE)
        said = status.children(asn1.SEQUENCE)
        code = said[0].integer() if said else -1
        words = _words(said[1]) if len(said) > 1 else ""
        if code not in _GRANTED:
            raise TimeStampRefused(status=code, detail=words, url=url)
        token = algorithms.exactly_one(tuple(rest), "TimeStampResp").raw
        info = tst.read(token)
    except Asn1Malformed as error:
        raise TimeStampWrong(
            problem="malformed", detail=_text(response), url=url, authority=""
        ) from error
    if (info.imprint_digest, info.imprint) != (DIGEST, digest):
        raise TimeStampWrong(problem="imprint", detail="", url=url, authority="")
    if info.nonce != nonce:
        raise TimeStampWrong(problem="nonce", detail="", url=url, authority="")
    return token


def _words(node: asn1.Node) -> str:
    """The PKIFreeText of a status; empty where it is none."""
    if node.identifier != asn1.SEQUENCE:
        return ""
    return "; ".join(part.contents.decode("utf-8", "replace") for part in node.children())


def _text(response: bytes) -> str:
    """The beginning of what some servers answer in place of a time stamp; empty if not text."""
    try:
        text = response[:200].decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text.strip() if text.strip().isprintable() else ""
