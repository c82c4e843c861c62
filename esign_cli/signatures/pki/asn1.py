"""ASN.1 by the byte: what was written stays visible, and nothing is read that was not asked for.

asn1crypto reads certificates; signatures are read and written here, because a verifier has to see
how something was encoded (order, defaults, bytes after the end), and because asn1crypto takes
quadratic time over some malformed input. ITU-T X.690.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice

from esign_cli.foundation.errors.signatures import Asn1Malformed

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTF8_STRING, IA5_STRING, UTC_TIME, GENERALIZED_TIME = 0x0C, 0x16, 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31
CONSTRUCTED = 0x20
CONTEXT = 0x80
DEEPEST = 32
DEEPEST_INDEFINITE = 10
"""Streaming writers nest six: from ContentInfo to the pieces of the content."""
MOST_ELEMENTS = 200_000
"""How many elements one look for the end of an indefinite length may pass over."""
MOST_CHILDREN = 1000

_LONG_FORM = 0x80
_LONGEST_LENGTH = 8
_HIGH_TAG = 0x1F
_LAST_UTC_YEAR = 2049
_FIRST_OLD_YEAR = b"50"
"""Of a UTCTime: from here on it is of the last century (RFC 5280 4.1.2.5.1)."""
_SHORT_LENGTH = 0x7F


def context(number: int, *, constructed: bool = True) -> int:
    """Return the identifier octet of [number]."""
    return CONTEXT | (CONSTRUCTED if constructed else 0) | number


# --- writing -------------------------------------------------------------------------------------


def tlv(identifier: int, *parts: bytes) -> bytes:
    """Return one DER element around `parts`."""
    size = sum(map(len, parts))
    if size <= _SHORT_LENGTH:
        header = bytes((identifier, size))
    else:
        length = size.to_bytes((size.bit_length() + 7) // 8, "big")
        header = bytes((identifier, _LONG_FORM | len(length))) + length
    return b"".join((header, *parts))


def sequence(*parts: bytes) -> bytes:
    return tlv(SEQUENCE, *parts)


def set_of(*parts: bytes, identifier: int = SET) -> bytes:
    """Return a SET OF in DER: the elements in the order of their encodings (X.690 11.6)."""
    return tlv(identifier, *sorted(parts))


def integer(value: int) -> bytes:
    size = (value.bit_length() if value >= 0 else (value + 1).bit_length()) // 8 + 1
    return tlv(INTEGER, value.to_bytes(size, "big", signed=True))


def octet_string(value: bytes) -> bytes:
    return tlv(OCTET_STRING, value)


def utf8_string(value: str) -> bytes:
    return tlv(UTF8_STRING, value.encode())


def null() -> bytes:
    return tlv(NULL)


@lru_cache(maxsize=256)
def oid(dotted: str) -> bytes:
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return tlv(OID, *map(_base128, (40 * first + second, *rest)))


def _base128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(arc & 0x7F | 0x80)
    return bytes(reversed(digits))


def time(moment: datetime) -> bytes:
    """Return UTCTime through 2049, GeneralizedTime after (RFC 5652 11.3); whole seconds, in UTC."""
    utc = moment.astimezone(UTC)
    if utc.year <= _LAST_UTC_YEAR:
        return tlv(UTC_TIME, utc.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(GENERALIZED_TIME, utc.strftime("%Y%m%d%H%M%SZ").encode())


# --- reading -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """One element in place: nothing is copied until it is asked for."""

    source: bytes
    start: int
    body: int
    stop: int
    """Where the contents end; an indefinite length has two zero octets more."""
    end: int

    @property
    def identifier(self) -> int:
        return self.source[self.start]

    @property
    def contents(self) -> bytes:
        return self.source[self.body : self.stop]

    @property
    def raw(self) -> bytes:
        """The element as it stands."""
        return self.source[self.start : self.end]

    @property
    def constructed(self) -> bool:
        return bool(self.identifier & CONSTRUCTED)

    def __iter__(self) -> Iterator[Node]:
        """The elements inside; raises Asn1Malformed."""
        if not self.constructed:
            raise malformed("elements wanted, a plain value found")
        position = self.body
        while position < self.stop:
            node = _node(self.source, position, self.stop, 0)
            position = node.end
            yield node

    def children(self, identifier: int | None = None) -> tuple[Node, ...]:
        """Return the elements inside; with `identifier`, the element itself has to be that."""
        if identifier is not None:
            self.expect(identifier)
        nodes = tuple(islice(self, MOST_CHILDREN + 1))
        if len(nodes) > MOST_CHILDREN:
            raise malformed("too many elements")
        return nodes

    def expect(self, identifier: int) -> Node:
        """Return the node, which has to have this identifier octet; raises Asn1Malformed."""
        if self.identifier != identifier:
            raise malformed(f"identifier {identifier:02x} wanted, {self.identifier:02x} found")
        return self

    def octets(self, identifier: int = OCTET_STRING, depth: int = 0) -> bytes:
        """Return the value of an OCTET STRING, also one that was written in pieces (BER)."""
        if self.identifier == identifier:
            return self.contents
        if self.identifier != identifier | CONSTRUCTED or depth > DEEPEST:
            raise malformed(f"octet string wanted, {self.identifier:02x} found")
        return b"".join(piece.octets(depth=depth + 1) for piece in self)

    def oid(self) -> str:
        """Return the value of an OBJECT IDENTIFIER, dotted."""
        return _dotted(self.expect(OID).contents)

    def integer(self) -> int:
        contents = self.expect(INTEGER).contents
        if not contents:
            raise malformed("empty integer")
        return int.from_bytes(contents, "big", signed=True)

    def time(self) -> datetime:
        """Return the value of a UTCTime or GeneralizedTime in UTC, whole seconds (RFC 5652
        11.3).
        """
        digits, zone = self.contents[:-1], self.contents[-1:]
        if self.identifier == UTC_TIME:
            digits = (b"20" if digits[:2] < _FIRST_OLD_YEAR else b"19") + digits
        elif self.identifier != GENERALIZED_TIME:
            raise malformed("time")
        if zone != b"Z":
            raise malformed("time")
        return moment(digits)


def moment(digits: bytes) -> datetime:
    """Return YYYYMMDDhhmmss as a time in UTC; raises Asn1Malformed for anything else."""
    if not (digits.isdigit() and len(digits) == len("YYYYMMDDhhmmss")):
        raise malformed("time")
    month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(4, 14, 2))
    try:
        return datetime(int(digits[:4]), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise malformed("time") from error


def malformed(detail: str) -> Asn1Malformed:
    return Asn1Malformed(detail=detail)


def read(data: bytes) -> Node:
    """Return the one element that `data` is, with nothing after it; raises Asn1Malformed."""
    node = read_first(data)
    if node.end != len(data):
        raise malformed(f"{len(data) - node.end} bytes after the end")
    return node


def read_first(data: bytes) -> Node:
    """Return the element that `data` begins with; raises Asn1Malformed."""
    return _node(data, 0, len(data), 0)


def _node(data: bytes, start: int, limit: int, depth: int) -> Node:
    if limit - start < 2:  # noqa: PLR2004  (an identifier and a length)
        raise malformed("cut short")
    if data[start] & _HIGH_TAG == _HIGH_TAG:
        raise malformed("tag number over 30")
    length, body = data[start + 1], start + 2
    if length == _LONG_FORM:
        stop = _end_of_indefinite(data, start, body, limit, depth)
        return Node(data, start, body, stop, stop + 2)
    if length > _LONG_FORM:
        size = length & ~_LONG_FORM
        if size > _LONGEST_LENGTH or limit - body < size:
            raise malformed("length")
        length, body = int.from_bytes(data[body : body + size], "big"), body + size
    if length > limit - body:
        raise malformed("cut short")
    return Node(data, start, body, body + length, body + length)


def _end_of_indefinite(data: bytes, start: int, body: int, limit: int, depth: int) -> int:
    if depth > DEEPEST_INDEFINITE or not data[start] & CONSTRUCTED:
        raise malformed("indefinite length")
    position = body
    for _element in range(MOST_ELEMENTS):
        if data[position : min(position + 2, limit)] == b"\0\0":
            return position
        position = _node(data, position, limit, depth + 1).end
    raise malformed("too many elements")


@lru_cache(maxsize=1024)
def _dotted(contents: bytes) -> str:
    if not contents or contents[-1] & 0x80 or len(contents) > 64:  # noqa: PLR2004
        raise malformed("object identifier")
    arcs: list[int] = []
    value = 0
    for octet in contents:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def der(node: Node, depth: int = 0) -> bytes:
    """Return the element encoded anew with definite, shortest lengths; order is left as it
    stands.
    """
    if depth > DEEPEST:
        raise malformed("too deep")
    if not node.constructed:
        return tlv(node.identifier, node.contents)
    if node.identifier == OCTET_STRING | CONSTRUCTED:
        return octet_string(node.octets())
    return tlv(node.identifier, *(der(child, depth + 1) for child in node))
