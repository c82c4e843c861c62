"""The check of our signatures by others does find what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from esign_cli.commands.demo.made_up import MadeUpCa, national_id
from esign_cli.signatures import cades, creation
from esign_cli.signatures.cms import attribute_writer, signed_data
from tests.support import verified
from tests.support.certomancer_server import Pki
from tests.support.extension import Bench
from tests.support.signatures import CONTENT, DAY, KeySigner, Recipe

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def issued():
    return MadeUpCa.create(NOW).issue("A B", national_id(5), key="P-256", not_before=NOW - DAY)


def test_signatures_are_heard(issued) -> None:
    with verified.collecting() as collected:
        made = creation.cades(
            CONTENT, KeySigner(issued), signing_time=NOW, detached=False, mime_type=None
        )
    creation.cades(b"later", KeySigner(issued), signing_time=NOW, detached=False, mime_type=None)
    assert collected.signatures == {made: CONTENT}


def test_a_bad_signature_is_refused_by_all(issued, tmp_path: Path) -> None:
    verified.need_all()
    made = Recipe(issued, NOW, spoil=True).build()
    found = " ".join(verified.refusals({made: CONTENT}, tmp_path))
    assert "openssl" in found
    assert "certtool" in found
    assert "Bouncy Castle" in found


def test_bouncy_castle_refuses_what_only_time_stamps_are_wrong_of(pki: Pki, tmp_path: Path) -> None:
    """Time stamps that are over another signature."""
    verified.need_all()
    bench = Bench(pki, tmp_path / "cache")
    others = signed_data.parse(bench.made("B-LTA")).signers[0].unsigned
    wanted = {
        cades.SIGNATURE_TIME_STAMP: "time stamp",
        cades.ARCHIVE_TIME_STAMP_V3: "archive time stamp",
    }
    plain = bench.signed("rsa")
    cases: dict[bytes, bytes] = {}
    for attribute in others:
        foreign = cades.attribute(attribute.oid, attribute.values[0].raw)
        cases[
            attribute_writer.added(plain, attribute_writer.Additions(attributes={0: [foreign]}))
        ] = CONTENT
    found = " ".join(verified.refusals(cases, tmp_path))
    assert "openssl" not in found
    assert all(f"Bouncy Castle: {said}" in found for said in wanted.values())
