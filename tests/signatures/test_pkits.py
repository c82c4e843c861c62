"""NIST's PKITS: 223 certificates, each with the answer that its paths have to get.

The suite's tests that set other initial policies ask for the same certificates again, which here is
no choice (RFC 5280 6.1.1: any policy, none required). What the file's name says is the answer.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from esign_cli.signatures.cms.report import PathAnswer, Sub, worst
from esign_cli.signatures.path_validation import PathCheck
from tests.support import pkits

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
NO_POLICY = {f"DifferentPoliciesTest{n}EE" for n in (4, 5, 7, 8, 9, 12)}
"""Invalid, and not called so (PKITS 4.8.4 and on)."""
NO_DSA = {"ValidDSASignaturesTest4EE", "ValidDSAParameterInheritanceTest5EE"}
"""No key that a Turkish qualified certificate may have: refused by name."""
NAMED = {
    **{f"ValidIDPwithindirectCRLTest{n}EE": "indirect" for n in (22, 24, 25)},
    **{f"ValidcRLIssuerTest{n}EE": "indirect" for n in (28, 29, 30, 33)},
    **{f"ValidonlySomeReasonsTest{n}EE": "some-reasons" for n in (18, 19)},
    "ValidBasicSelfIssuedCRLSigningKeyTest6EE": "other-key",
    "ValidBasicSelfIssuedNewWithOldTest4EE": "other-key",
    "ValidSeparateCertificateandCRLKeysTest19EE": "other-key",
}
"""Good, and not passed: the reason that is told of the CRL."""


@pytest.fixture(scope="module")
def answers() -> dict[str, PathAnswer]:
    suite = pkits.Suite.load(pkits.folder())

    def answer(name: str) -> PathAnswer:
        certificates, crls = suite.around(name)
        check = PathCheck((suite.root,), certificates, crls)
        return check.validate(suite.certificates[name], embedded=(), data=(), at=AT, today=AT)

    return {name: answer(name) for name in suite.tests()}


def is_valid(name: str) -> bool:
    return not name.startswith("Invalid") and name not in NO_POLICY


def test_nothing_invalid_passes(answers: dict[str, PathAnswer]) -> None:
    invalid = [name for name in answers if not is_valid(name)]
    assert len(invalid) == 121
    assert [name for name in invalid if worst(answers[name].findings) is None] == []


def test_what_is_valid_passes_or_is_named(answers: dict[str, PathAnswer]) -> None:
    valid = [name for name in answers if is_valid(name)]
    assert len(valid) == 102
    stopped = {name for name in valid if worst(answers[name].findings) is not None}
    assert stopped == NAMED.keys() | NO_DSA
    for name in NO_DSA:
        assert worst(answers[name].findings) is Sub.CRYPTO_CONSTRAINTS_FAILURE
    for name, why in NAMED.items():
        told = {
            dict(w.facts)["because"] for w in answers[name].warnings if w.code == "crl-not-used"
        }
        assert told == {why}, name
