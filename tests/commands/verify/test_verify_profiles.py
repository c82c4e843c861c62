"""`esign verify` on time-stamped signatures and profiles, as a user reads it, for a past day."""

from __future__ import annotations

from pathlib import Path

import pytest

from esign_cli.signatures.cms.policies import GUIDE_SHA256
from tests.conftest import Esign, Ran
from tests.signatures.verify_table_stamped import (
    OTHER_HASH,
    SIGNED,
    archived,
    long_term,
    profiled,
    stamped,
)
from tests.support.long_term import counter_signed
from tests.support.signatures import HOUR
from tests.support.verification import NOW, World, made_up_world


@pytest.fixture(scope="module")
def world() -> World:
    return made_up_world()


@pytest.fixture
def verify(esign: Esign, world: World, home: Path):
    parts = {"root.pem": world.ca.root_pem, "sub.crl": world.crls[0], "root.crl": world.crls[1]}
    for name, data in parts.items():
        (home / name).write_bytes(data)

    def run(signature: bytes, *more: str) -> Ran:
        (home / "signed.p7m").write_bytes(signature)
        words = ["verify", home / "signed.p7m", "--trust", home / "root.pem", "--offline"]
        words += ["--crl", home / "sub.crl", "--crl", home / "root.crl", "--at", NOW.isoformat()]
        return esign(*words, *more)

    return run


def test_an_archived_signature(verify, world: World) -> None:
    ran = verify(archived(world, long_term(world)), "--require", "qualified,B-LTA")
    assert ran.exit_code == 0, ran.stderr
    assert "Level: B-LTA" in ran.stdout.splitlines()
    assert "Proven to exist since: 12.11.2026 15:01:00 +03:00" in ran.stdout
    assert "Archive time stamp" in ran.stdout


def test_a_policy_is_shown_with_its_three_facts(verify, world: World) -> None:
    ran = verify(profiled(world, "P4"), "--require", "P4")
    assert ran.exit_code == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert "Profile: P4 – accepted" in lines
    assert "Signature policy: 2.16.792.1.61.0.1.5070.3.3.1" in lines
    assert f"Policy hash: sha256 {GUIDE_SHA256} (accepted)" in lines
    address = "http://www.eimza.gov.tr/EimzaPolitikalari/216792161015070331.pdf"
    assert f"Policy address: {address}" in lines


def test_another_hash_has_to_be_accepted_in_the_settings(verify, world: World, home: Path) -> None:
    made = profiled(world, "P2", value=OTHER_HASH)
    refused = verify(made)
    assert refused.exit_code == 10
    assert "POLICY_PROCESSING_ERROR" in refused.stdout
    assert "Profile: P2 – REFUSED" in refused.stdout
    folder = home / "config" / "esign"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'policy_hashes = ["{OTHER_HASH}"]\n', "utf-8")
    assert verify(made).exit_code == 0
    (folder / "config.toml").write_text('policy_hashes = ["no hash"]\n', "utf-8")
    assert verify(made).exit_code == 2


def test_a_preliminary_result_says_so_and_until_when(verify, world: World) -> None:
    ran = verify(profiled(world, "P2", time=SIGNED))
    assert ran.exit_code == 10
    assert "Preliminary: nothing speaks against it so far. Final from: 23.11.2026" in ran.stdout
    assert "Verify it again" in ran.stderr
    document = verify(profiled(world, "P2", time=SIGNED), "--json").json
    profile = document["data"]["signatures"][0]["profile"]
    assert (profile["answer"], profile["final_from"]) == (
        "preliminary",
        "2026-11-23T10:01:00+00:00",
    )


def test_a_counter_signature_is_told_and_changes_nothing(verify, world: World) -> None:
    by = world.issue("P-384")
    brought = [world.issue().certificate, world.ca.sub, by.certificate]

    def made_with(counter) -> bytes:
        return stamped(world, certificates=brought, unsigned=[counter])

    good = made_with(counter_signed(by, NOW - HOUR))
    bad = made_with(counter_signed(by, NOW - HOUR, spoil=True))
    for made, indication, result in (
        (good, "TOTAL-PASSED", "passed"),
        (bad, "TOTAL-FAILED", "failed"),
    ):
        ran = verify(made, "--json")
        assert ran.exit_code == 0
        (entry,) = ran.json["data"]["signatures"]
        assert entry["counter_signatures"][0]["indication"] == indication
        results = {c["name"]: c["result"] for c in entry["checks"]}
        assert results["counter-signature"] == result
