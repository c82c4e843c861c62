"""How a signature may be wrapped: DER as it is, PEM, base64 alone, or S/MIME headers.

RFC 7468 (PEM; labels CMS and PKCS7), RFC 8551 3.2 to 3.5 (S/MIME). Zero bytes behind the structure,
which some card software leaves, are told and taken off.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import cades
from esign_cli.signatures.pki import asn1

if TYPE_CHECKING:
    from email.message import Message

MOST_PADDING = 64 * 1024
"""Zero bytes behind the structure that are passed over."""
_BEGIN = re.compile(rb"-----BEGIN (CMS|PKCS7)-----\s")
_MARKS = b"\xef\xbb\xbf \t\r\n"
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]+={0,2}\s*")
_HEADER = re.compile(
    rb"(?i)(?:mime-version|content-[a-z-]+|from|to|subject|date|message-id)[ \t]*:"
)
_MEDIA_TYPES = re.compile(r"application/(?:x-)?pkcs7-(?:mime|signature)")
_LINE = 64


class Wrapping(StrEnum):
    """What lies around the structure."""

    NONE = "none"
    PEM = "pem"
    BASE64 = "base64"
    SMIME = "smime"


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A signature out of its wrapping."""

    der: bytes
    """The structure in DER or BER, with nothing behind it but what is no padding."""
    wrapping: Wrapping = Wrapping.NONE
    padding: int = 0
    """How many zero bytes lay behind it."""
    content: bytes | None = None
    """What a multipart/signed message is over."""

    def wrap(self, der: bytes) -> bytes:
        """Return another structure in the same wrapping, but for S/MIME, which is left away."""
        return _WRAPPERS.get(self.wrapping, bytes)(der)


def unwrap(data: bytes) -> Unwrapped:
    """Return the structure in `data`; raises Asn1Malformed for PEM or S/MIME that is damaged."""
    if is_pem(data):
        return _without_padding(Unwrapped(_from_pem(data), Wrapping.PEM))
    if data[:1] == b"\x30":
        return _without_padding(Unwrapped(data))
    if _HEADER.match(data.lstrip(_MARKS)):
        return _from_smime(data.lstrip(_MARKS))
    text = data.strip(_MARKS)
    if _BASE64.fullmatch(text) and (der := _decoded(text)) is not None:
        return _without_padding(Unwrapped(der, Wrapping.BASE64))
    return Unwrapped(data)


def to_pem(der: bytes) -> bytes:
    """Return the signature as PEM, under the label of RFC 7468 9."""
    return b"-----BEGIN CMS-----\n%s-----END CMS-----\n" % to_base64(der)


def to_base64(der: bytes) -> bytes:
    body = base64.b64encode(der)
    lines = (body[start : start + _LINE] for start in range(0, len(body), _LINE))
    return b"".join(line + b"\n" for line in lines)


_WRAPPERS = {Wrapping.PEM: to_pem, Wrapping.BASE64: to_base64}


def is_pem(data: bytes) -> bool:
    """Tell whether it is PEM by its looks."""
    return data[:64].lstrip(_MARKS).startswith(b"-----BEGIN ")


def begins_as_signed_data(data: bytes) -> bool:
    """Tell whether the bytes begin as ContentInfo with SignedData, whatever comes of the rest."""
    if len(data) < len(_SIGNED_DATA) or data[0] != asn1.SEQUENCE:
        return False
    length = data[1]
    body = 2 + (length & 0x7F if length & 0x80 else 0)
    return data[body : body + len(_SIGNED_DATA)] == _SIGNED_DATA


_SIGNED_DATA = asn1.oid(cades.ID_SIGNED_DATA)


def is_signature(data: bytes) -> bool:
    """Tell whether it means to be a signature: a damaged one is, a PDF or a .p7b is not."""
    if holds_certificates_alone(data):
        return False
    if _BEGIN.match(data[:128].lstrip(_MARKS)):
        return True
    try:
        return begins_as_signed_data(unwrap(data).der)
    except Asn1Malformed:
        return False


def holds_certificates_alone(data: bytes) -> bool:
    """Tell whether it is SignedData with neither content nor signer (RFC 5652 5.2): a .p7b, say."""
    try:
        _kind, inside = asn1.read(unwrap(data).der).children(asn1.SEQUENCE)
        (signed,) = inside.children(asn1.context(0))
        _version, _digests, content, *_optional, signers = signed.children(asn1.SEQUENCE)
        return len(content.children(asn1.SEQUENCE)) == 1 and not signers.children(asn1.SET)
    except (Asn1Malformed, ValueError):
        return False


def _from_pem(data: bytes) -> bytes:
    text = data.strip(_MARKS)
    begin = _BEGIN.match(text)
    end = b"-----END %s-----" % begin[1] if begin else b""
    if begin is None or not text.endswith(end):
        raise asn1.malformed("PEM")
    der = _decoded(text[begin.end() : -len(end)])
    if der is None:
        raise asn1.malformed("PEM")
    return der


def _decoded(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text.translate(None, b" \t\r\n"), validate=True)
    except binascii.Error:
        return None


def _without_padding(unwrapped: Unwrapped) -> Unwrapped:
    """The same without zero bytes behind the structure; anything else behind it stays."""
    if unwrapped.der[-1:] != b"\0":
        return unwrapped
    try:
        end = asn1.read_first(unwrapped.der).end
    except Asn1Malformed:
        return unwrapped  # cut short: the zero is a part of it
    padding = len(unwrapped.der) - end
    if not 0 < padding <= MOST_PADDING or unwrapped.der.count(b"\0", end) != padding:
        return unwrapped
    return Unwrapped(unwrapped.der[:end], unwrapped.wrapping, padding)


def _from_smime(data: bytes) -> Unwrapped:
    """The signature of a message: its body, or the last part of a multipart/signed one."""
    import email

    message = email.message_from_bytes(data)
    if message.get_content_type() == "multipart/signed":
        return _from_parts(data, message)
    if not _MEDIA_TYPES.fullmatch(message.get_content_type()):
        return Unwrapped(data)
    return _without_padding(Unwrapped(_payload(message), Wrapping.SMIME))


def _payload(message: Message) -> bytes:
    payload = message.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _from_parts(data: bytes, message: Message) -> Unwrapped:
    """The content is what stands between the first boundaries, byte for byte (RFC 1847 2.1)."""
    from email.message import Message

    parts = message.get_payload()
    boundary = b"--" + (message.get_boundary() or "").encode("ascii", "replace")
    pieces = data.replace(b"\r\n", b"\n").split(b"\n" + boundary)
    if not isinstance(parts, list) or len(parts) != 2 or len(pieces) < 3:  # noqa: PLR2004
        raise asn1.malformed("S/MIME")
    signature = parts[1]
    if not isinstance(signature, Message) or not _MEDIA_TYPES.fullmatch(
        signature.get_content_type()
    ):
        raise asn1.malformed("S/MIME")
    content = pieces[1].removeprefix(b"\n").replace(b"\n", b"\r\n")
    unwrapped = _without_padding(Unwrapped(_payload(signature), Wrapping.SMIME))
    return Unwrapped(unwrapped.der, Wrapping.SMIME, unwrapped.padding, content)
