"""The table of signatures and the answers that they have to get: every row, and every bit."""

from __future__ import annotations

from pathlib import Path

import pytest

from esign_cli.signatures import validation
from esign_cli.signatures.cms import signed_data
from esign_cli.signatures.cms.report import Indication, Report
from esign_cli.signatures.path_validation import PathCheck
from tests.signatures import fuzz
from tests.signatures.verify_table import BAD, GOOD, STATES
from tests.signatures.verify_table_stamped import LONG, NEWER, PROFILES, RESPONDERS, STAMPS, Row
from tests.support.signatures import CONTENT
from tests.support.verification import NOW, Remembering, World, made_up_world

ROWS: dict[str, Row] = {
    **{name: Row(make, level="") for name, make in GOOD.items()},
    **{name: Row(make, sub, level="") for name, (make, sub) in BAD.items()},
    **{
        f"revocation: {name}": Row(
            lambda w: w.recipe().build(), sub, asked=lambda w, make=make: {"crls": make(w)}
        )
        for name, (make, sub) in STATES.items()
    },
    **RESPONDERS,
    **STAMPS,
    **LONG,
    **PROFILES,
    **NEWER,
}
LEVELS = {"no signing-time": "BES"}
"""Of the good ones that are not B-B."""


@pytest.fixture(scope="module")
def world() -> World:
    return made_up_world()


def test_how_many_there_are() -> None:
    assert len(ROWS) == sum(
        map(len, (GOOD, BAD, STATES, RESPONDERS, STAMPS, LONG, PROFILES, NEWER))
    )
    assert len(ROWS) >= 240


@pytest.mark.parametrize("name", ROWS)
def test_row(world: World, name: str) -> None:
    row = ROWS[name]
    report = world.verify(row.make(world), **row.asked(world))
    wanted = row.sub.indication if row.sub else Indication.PASSED
    assert (report.subindication, report.indication) == (row.sub, wanted), said(report)
    if row.level:
        assert report.level == row.level, said(report)
    elif row.sub is None:
        assert report.level == LEVELS.get(name, "B-B")
        assert all(entry.qualified for entry in report.signatures)
    if row.qualified is not True:
        assert [entry.qualified for entry in report.signatures] == [row.qualified]
    if row.stamps is not None:
        (entry,) = report.signatures
        assert tuple(stamp.code for stamp in entry.stamps) == row.stamps
    if row.profile is not None:
        profile = report.signatures[0].profile
        assert profile is not None
        assert (profile.name, profile.answer) == row.profile, said(report)


def said(report) -> list:
    return [
        (check.name, check.code, check.facts)
        for entry in report.signatures
        for check in entry.checks
        if check.code
    ] + [(stamp.code, stamp.facts) for entry in report.signatures for stamp in entry.stamps]


# --- every bit of one file -----------------------------------------------------------------------


def test_no_flipped_bit_of_what_is_signed_passes(world: World) -> None:
    """Content, signed attributes and signature: each bit, and one of the failing answers."""
    made = world.recipe().build()
    validator = Remembering(PathCheck(anchors=(world.ca.root,), crls=world.crls))

    def report(signature: bytes) -> Report:
        return validation.verify(signature, content=None, validator=validator, at=NOW, now=NOW)

    assert report(made).indication is Indication.PASSED
    (signer,) = signed_data.parse(made).signers
    failing = 0
    for part in (CONTENT, signer.fields[3], signer.signature):
        begin = made.index(part)
        for bit in range(begin * 8, (begin + len(part)) * 8):
            flipped = bytearray(made)
            flipped[bit // 8] ^= 1 << bit % 8
            found = report(bytes(flipped))
            assert found.indication is not Indication.PASSED, bit
            assert found.subindication is not None
            failing += 1
    assert failing > 2000


# --- what nobody would make ----------------------------------------------------------------------


def test_a_short_run_of_the_fuzzer(tmp_path: Path) -> None:
    """Of `python -m tests.signatures.fuzz`."""
    came_out = fuzz.run(400, 7, tmp_path)
    assert came_out.total() == 400
    assert len(came_out) > 4
