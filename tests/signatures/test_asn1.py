"""ASN.1 by the byte: what is written is DER, and nothing malformed is read or takes long."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures.pki import asn1


@given(st.integers(-(2**70), 2**70))
def test_integers(value: int) -> None:
    written = asn1.integer(value)
    assert written == core.Integer(value).dump()
    assert asn1.read(written).integer() == value


@given(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**40), max_size=6))
def test_object_identifiers(first: int, second: int, rest: list[int]) -> None:
    dotted = ".".join(map(str, (first, second, *rest)))
    written = asn1.oid(dotted)
    assert written == core.ObjectIdentifier(dotted).dump()
    assert asn1.read(written).oid() == dotted


@given(st.binary(max_size=70_000))
def test_octet_strings(value: bytes) -> None:
    assert asn1.octet_string(value) == core.OctetString(value).dump()


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_sets_are_in_der_order(values: list[bytes]) -> None:
    written = asn1.set_of(*map(asn1.octet_string, values))
    assert [node.raw for node in asn1.read(written)] == sorted(map(asn1.octet_string, values))


@pytest.mark.parametrize("year", [1950, 1999, 2049, 2050, 2100])
def test_times(year: int) -> None:
    moment = datetime(year, 2, 28, 23, 59, 59, tzinfo=UTC)
    assert asn1.read(asn1.time(moment)).time() == moment


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (asn1.UTC_TIME, b"2611221200Z"),
        (asn1.UTC_TIME, b"26112212000Z"),
        (asn1.UTC_TIME, b"2611 2120000Z"),
        (asn1.UTC_TIME, b"261122120000"),
        (asn1.UTC_TIME, b"261122120000+0300"),
        (asn1.UTC_TIME, b"261322120000Z"),
        (asn1.UTC_TIME, b"20261122120000Z"),
        (asn1.UTC_TIME, b""),
        (asn1.GENERALIZED_TIME, b"261122120000Z"),
        (asn1.GENERALIZED_TIME, b"20261122120000.5Z"),
        (asn1.GENERALIZED_TIME, b"20261122126000Z"),
        (asn1.GENERALIZED_TIME, b"202611221200 0Z"),
        (asn1.GENERALIZED_TIME, b"00001122120000Z"),
        (asn1.OCTET_STRING, b"20261122120000Z"),
    ],
)
def test_what_is_no_time_in_der(tag: int, text: bytes) -> None:
    """RFC 5280 4.1.2.5: all digits, seconds too, and Z."""
    with pytest.raises(Asn1Malformed):
        asn1.read(asn1.tlv(tag, text)).time()


def test_an_octet_string_in_pieces_is_one() -> None:
    pieces = b"\x24\x80" + asn1.octet_string(b"mer") + asn1.octet_string(b"haba") + b"\0\0"
    assert asn1.read(pieces).octets() == b"merhaba"
    assert asn1.der(asn1.read(b"\x30\x80" + pieces + b"\0\0")) == asn1.sequence(
        asn1.octet_string(b"merhaba")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x05\x02\x01",
        b"\x02\x01\x05\x00",
        b"\x1f" + b"\xff" * 1000,
        b"\x30\x80" * 1000,
        b"\x30\x80" + b"\x05\x00" * (asn1.MOST_ELEMENTS + 1) + b"\0\0",
        b"\x04\x80\x00\x00",
        b"\x30\x89" + b"\x01" * 20,
    ],
)
def test_malformed(data: bytes) -> None:
    with pytest.raises(Asn1Malformed):
        asn1.read(data)


@given(st.binary(max_size=200))
def test_anything_is_read_or_refused(data: bytes) -> None:
    try:
        node = asn1.read(data)
        asn1.der(node)
    except Asn1Malformed:
        return
    assert node.raw == data
