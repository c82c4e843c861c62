"""Containers: passed only if every part that is signed is there, unaltered; what else is named."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from esign_cli.foundation.errors.signatures import (
    ContainerTooLarge,
    ContainerUnreadable,
    ContainerUnsupported,
)
from esign_cli.signatures import cades, containers, validation
from esign_cli.signatures.cms.report import Indication, Sub
from esign_cli.signatures.containers import coverage, parts
from esign_cli.signatures.pki import asn1
from tests.support.containers import PARTS, SIGNATURE, SUMMARY, Package, asic_e, asic_s, zipped
from tests.support.signatures import Recipe
from tests.support.verification import HOUR, NOW, World, made_up_world

HASH, FORMAT, WEAK = Sub.HASH_FAILURE, Sub.FORMAT_FAILURE, Sub.CRYPTO_CONSTRAINTS_FAILURE
LETTER = "UstYazi/ustyazi.pdf"


@pytest.fixture(scope="module")
def world() -> World:
    return made_up_world()


@dataclass
class Row:
    """How to make a container, and what has to come of it."""

    make: Callable[[Callable[[bytes], bytes]], bytes]
    sub: Sub | None = None
    warned: tuple[str, ...] = ()
    detached: bool = False


def package(**changes) -> Callable[[Callable[[bytes], bytes]], bytes]:
    return lambda sign: Package(**changes).build(sign)


VALUE = re.compile("<ds:DigestValue>[^<]+")
ITEM = re.compile("<ds:DigestMethod.*</ds:DigestValue>")
WRONG = (
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/>'
    "<ds:DigestValue>AAAA</ds:DigestValue>"
)
ODD = WRONG.replace("xmlenc#sha512", "xmlenc#ozet")
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
ROWS: dict[str, Row] = {
    "e-Yazışma 2": Row(package()),
    "e-Yazışma 1": Row(package(version=1, digests=["sha256"])),
    "signature outside its content": Row(package(), detached=True),
    "one digest of two": Row(package(digests=["sha512"])),
    "a part altered": Row(package(instead={LETTER: b"%PDF-1.7 sahte"}), HASH),
    "a part's name in other letters": Row(
        package(without=[LETTER], instead={"ustyazi/USTYAZI.pdf": PARTS[LETTER]})
    ),
    "a part missing": Row(package(without=[LETTER]), HASH),
    "the summary missing": Row(package(without=[SUMMARY]), HASH),
    "the summary altered": Row(
        package(instead={SUMMARY: Package(digests=["sha256"]).summary()}), HASH
    ),
    "the summary not XML": Row(package(instead={SUMMARY: b"x"}), FORMAT),
    "a part more": Row(package(instead={"Ekler/ek2.pdf": b"%PDF-"}), warned=("part-uncovered",)),
    "a part twice": Row(package(twice=[(LETTER, b"%PDF-1.7 sahte")]), FORMAT),
    "a part twice, in other letters": Row(
        package(twice=[("USTYAZI/ustyazi.pdf", b"%PDF-1.7 sahte")]), FORMAT
    ),
    "a part twice, percent-encoded": Row(
        package(twice=[("UstYazi/ustyaz%69.pdf", b"%PDF-1.7 sahte")]), FORMAT
    ),
    **{
        f"a part twice, as {other}": Row(package(twice=[(other, b"%PDF-1.7 sahte")]), FORMAT)
        for other in (
            "./UstYazi/ustyazi.pdf", "UstYazi/./ustyazi.pdf", "UstYazi//ustyazi.pdf",
            "Ekler/../UstYazi/ustyazi.pdf", "../UstYazi/ustyazi.pdf", "/UstYazi/ustyazi.pdf",
            "UstYazi\\ustyazi.pdf", "UstYazi/ustyazi.pdf.", "UstYazi/ustyazi.pdf ",
            "UstYazi /ustyazi.pdf",
        )
    },
    "a part in the place of one outside": Row(
        package(outside=["ek.pdf"], instead={"ek.pdf": b"sahte"}),
        warned=("part-outside", "part-uncovered"),
    ),
    **{
        f"a manifest with {name}": Row(
            lambda sign, listed=listed: asic_e({"a.txt": b"a"}, sign, listed=listed), sub
        )
        for name, listed, sub in (
            ("an unknown algorithm", lambda e: e.replace("xmlenc#sha256", "xmlenc#ozet"), WEAK),
            ("an empty digest", lambda e: VALUE.sub("<ds:DigestValue>", e), HASH),
            ("a digest that is no base64", lambda e: VALUE.sub("<ds:DigestValue>%%", e), HASH),
            ("no digest", lambda e: ITEM.sub("", e), WEAK),
            ("another digest beside the right one", lambda e: ITEM.sub(r"\g<0>" + WRONG, e), HASH),
            ("an unknown digest beside the right one", lambda e: ITEM.sub(r"\g<0>" + ODD, e), None),
            ("nothing", lambda _e: "", FORMAT),
            ("a part outside", lambda e: e.replace('"a.txt"', '"http://ornek.invalid/a"'), HASH),
            ("a part above", lambda e: e.replace('"a.txt"', '"../b.txt"'), HASH),
            ("two references in one", lambda e: e.replace("</asic", e + "</asic"), HASH),
        )
    },
    "digests by SHA-1 alone": Row(package(version=1, digests=["sha1"]), WEAK),
    "SHA-1 beside SHA-256": Row(package(digests=["sha1", "sha256"])),
    "a list of nothing": Row(package(parts={}), FORMAT),
    "entities in the list": Row(package(doctype=BOMB), FORMAT),
    "a reference to something outside": Row(
        package(outside=["http://ornek.invalid/ek"]), warned=("part-outside",)
    ),
    "a seal that is none": Row(
        package(instead={"Muhur/MuhurCades.imz": b"\xef\xbb\xbf"}), warned=("part-placeholder",)
    ),
    "ASiC-S": Row(lambda sign: asic_s({"a.txt": b"a"}, sign)),
    "ASiC-S with another file": Row(
        lambda sign: asic_s({"a.txt": b"a", "b.txt": b"b"}, sign), HASH
    ),
    "ASiC-E": Row(lambda sign: asic_e({"a.txt": b"a", "b/c.txt": b"c"}, sign)),
    "ASiC-E, altered": Row(
        lambda sign: asic_e({"a.txt": b"a"}, sign, instead={"a.txt": b"b"}), HASH
    ),
    "ASiC-E, a file more": Row(
        lambda sign: asic_e({"a.txt": b"a"}, sign, instead={"b.txt": b"b"}),
        warned=("part-uncovered",),
    ),
    "ASiC-E whose manifest names another signature": Row(
        lambda sign: asic_e(
            {"a.txt": b"a"}, sign,
            instead={"META-INF/ASiCManifest001.xml": b"<ASiCManifest/>"},
        ),
        HASH,
    ),
    "ASiC-E with a time stamp of its own": Row(
        lambda sign: asic_e({"a.txt": b"a"}, sign, instead={"META-INF/timestamp001.tst": b"x"}),
        warned=("part-not-judged",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_row(world: World, name: str) -> None:
    row = ROWS[name]

    def sign(content: bytes) -> bytes:
        inside = None if row.detached else content
        return Recipe(world.issue(), NOW - 2 * HOUR, content=content, inside=inside).build()

    container = containers.read_container(row.make(sign))
    assert container is not None
    (signature,) = container.signatures
    around = validation.Around(
        coverage.findings(container, signature), coverage.warnings(container)
    )
    report = world.verify(signature.signature, content=signature.content, around=around)
    assert report.subindication == row.sub
    warned = [warning.code for warning in around.warnings]
    assert row.sub is not None or tuple(warned) == row.warned
    assert (report.indication is Indication.PASSED) is (row.sub is None)


BEGINNING = asn1.sequence(asn1.oid(cades.ID_SIGNED_DATA))


def unsigned(because: str, kind: str = "e-Yazışma") -> tuple[type[Exception], dict[str, str]]:
    return ContainerUnsupported, {"kind": kind, "because": because}


REFUSED = {
    "not signed yet": (Package(instead={SIGNATURE: b"\xef\xbb\xbf"}), unsigned("unsigned")),
    "of a version to come": (Package(version=3), unsigned("version", "e-Yazışma 3")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_named(name: str) -> None:
    package, (error, facts) = REFUSED[name]
    with pytest.raises(error) as raised:
        containers.read_container(package.build(lambda _content: BEGINNING))
    assert raised.value.facts == facts


def test_encrypted_package_is_named() -> None:
    with pytest.raises(ContainerUnsupported) as raised:
        containers.read_container(zipped([("SifreliIcerik/x.eyps", b"x")]))
    assert raised.value.because == "encrypted"


def test_another_zip_is_no_container() -> None:
    assert containers.read_container(zipped([("word/document.xml", b"<x/>")])) is None


def test_broken_zip() -> None:
    with pytest.raises(ContainerUnreadable):
        containers.read_container(b"PK\x03\x04" + b"x" * 100)


def test_too_many_parts() -> None:
    many = zipped([(str(number), b"") for number in range(parts.MOST_PARTS + 1)])
    with pytest.raises(ContainerTooLarge):
        containers.read_container(many)


def bomb(kind: int) -> bytes:
    """A few hundred kilobytes that say they are small, and unpack to 64 MiB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", kind) as archive:
        archive.writestr("a.txt", bytes(64 << 20))
    packed = made.getvalue()
    directory = packed.rindex(b"PK\x01\x02") + 24
    return packed[:directory] + (1).to_bytes(4, "little") + packed[directory + 4 :]


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_to_more_than_it_says_takes_little_memory(kind: int) -> None:
    held = parts.Parts.of(bomb(kind))
    tracemalloc.start()
    assert held.digests("a.txt", ["sha256"]) is None
    assert held.read("a.txt") is None
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


def test_what_says_that_it_is_too_much_is_not_unpacked() -> None:
    made = zipped([("a.txt", b"x")])
    directory = made.rindex(b"PK\x01\x02") + 24
    claims = made[:directory] + (parts.MOST_BYTES + 1).to_bytes(4, "little") + made[directory + 4 :]
    with pytest.raises(ContainerTooLarge):
        containers.read_container(claims)
