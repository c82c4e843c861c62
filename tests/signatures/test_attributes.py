"""Every attribute where it may stand and where it may not, never, once and twice.

RFC 5652 11, RFC 5035 3 and 5, RFC 6211 2, ETSI EN 319 122-1 table 1.
"""

from __future__ import annotations

import pytest

from esign_cli.signatures import cades
from esign_cli.signatures.cms import attributes
from esign_cli.signatures.cms.report import Indication, Sub
from esign_cli.signatures.pki import algorithms, asn1
from tests.support.long_term import added
from tests.support.signatures import Recipe
from tests.support.verification import HOUR, NOW, World, made_up_world

FORMAT, CRYPTO = Sub.FORMAT_FAILURE, Sub.SIG_CRYPTO_FAILURE
HARMLESS = asn1.octet_string(b"x")
PROTECTION = asn1.sequence(
    algorithms.digest_identifier("sha256"),
    asn1.tlv(asn1.context(1), asn1.oid(algorithms.SIGNATURE_OIDS["ecdsa", "sha256"])),
)
STAMP, POLICY = Sub.SIG_CONSTRAINTS_FAILURE, Sub.POLICY_PROCESSING_ERROR
# name: (identifier, value, unsigned once, signed once, signed twice): a reason to fail, or a level
Answer = Sub | str
TABLE: dict[str, tuple[str, bytes, Answer, Answer, Answer]] = {
    "content-type": (cades.CONTENT_TYPE, asn1.oid(cades.ID_DATA), FORMAT, FORMAT, FORMAT),
    "message-digest": (cades.MESSAGE_DIGEST, HARMLESS, FORMAT, FORMAT, FORMAT),
    "signing-time": (cades.SIGNING_TIME, asn1.time(NOW - HOUR), FORMAT, FORMAT, FORMAT),
    "signing-certificate": (cades.SIGNING_CERTIFICATE, b"", FORMAT, "B-B", FORMAT),
    "signing-certificate-v2": (cades.SIGNING_CERTIFICATE_V2, b"", FORMAT, FORMAT, FORMAT),
    "cms-algorithm-protection": (cades.ALGORITHM_PROTECTION, PROTECTION, FORMAT, "B-B", CRYPTO),
    "countersignature": (cades.COUNTERSIGNATURE, HARMLESS, "B-B", FORMAT, FORMAT),
    "mime-type": (cades.MIME_TYPE, asn1.utf8_string("text/plain"), "BES", "B-B", "BES"),
    "content-hints": (cades.CONTENT_HINTS, HARMLESS, "BES", "B-B", "BES"),
    "content-identifier": (cades.CONTENT_IDENTIFIER, HARMLESS, "BES", "B-B", "BES"),
    "content-reference": (cades.CONTENT_REFERENCE, HARMLESS, "BES", "B-B", "BES"),
    "commitment-type": (cades.COMMITMENT_TYPE, HARMLESS, "BES", "B-B", "B-B"),
    "signer-location": (cades.SIGNER_LOCATION, HARMLESS, "BES", "B-B", "BES"),
    "signer-attributes": (cades.SIGNER_ATTRIBUTES, HARMLESS, "BES", "B-B", "BES"),
    "signer-attributes-v2": (cades.SIGNER_ATTRIBUTES_V2, HARMLESS, "BES", "B-B", "BES"),
    "content-time-stamp": (cades.CONTENT_TIME_STAMP, HARMLESS, "BES", "B-B", "B-B"),
    "complete-certificate-references": (
        cades.CERTIFICATE_REFERENCES, HARMLESS, "B-B", "BES", "BES",
    ),
    "complete-revocation-references": (
        cades.REVOCATION_REFERENCES, HARMLESS, "B-B", "BES", "BES",
    ),
    "certificate-values": (cades.CERTIFICATE_VALUES, HARMLESS, "B-B", "BES", "BES"),
    "revocation-values": (cades.REVOCATION_VALUES, HARMLESS, "B-B", "BES", "BES"),
    "signature-policy-store": (cades.SIGNATURE_POLICY_STORE, HARMLESS, "B-B", "BES", "BES"),
    "signature-policy-identifier": (cades.SIGNATURE_POLICY, HARMLESS, FORMAT, POLICY, FORMAT),
    "signature-time-stamp": (cades.SIGNATURE_TIME_STAMP, HARMLESS, STAMP, "BES", "BES"),
    "attribute-certificate-references": (
        cades.ATTRIBUTE_CERTIFICATE_REFERENCES, HARMLESS, "B-B", "BES", "BES",
    ),
    "attribute-revocation-references": (
        cades.ATTRIBUTE_REVOCATION_REFERENCES, HARMLESS, "B-B", "BES", "BES",
    ),
    "CAdES-C-time-stamp": (cades.CADES_C_TIME_STAMP, HARMLESS, "B-B", "BES", "BES"),
    "time-stamped-certs-crls-references": (
        cades.REFERENCES_TIME_STAMP, HARMLESS, "B-B", "BES", "BES",
    ),
    "archive-time-stamp": (cades.ARCHIVE_TIME_STAMP_V1, HARMLESS, "B-B", "BES", "BES"),
    "archive-time-stamp-v2": (cades.ARCHIVE_TIME_STAMP_V2, HARMLESS, STAMP, "BES", "BES"),
    "archive-time-stamp-v3": (cades.ARCHIVE_TIME_STAMP_V3, HARMLESS, STAMP, "BES", "BES"),
    "long-term-validation": (cades.LONG_TERM_VALIDATION, HARMLESS, "B-B", "BES", "BES"),
    "an unknown one": ("1.2.3.4.5", HARMLESS, "B-B", "B-B", "B-B"),
}  # fmt: skip
CASES = [
    (name, place, times)
    for name in TABLE
    for place in ("unsigned", "signed")
    for times in (0, 1, 2)
    if not (place == "unsigned" and times == 2)
]
TWICE_UNSIGNED = {
    "complete-certificate-references": "BES",
    "complete-revocation-references": "BES",
    "certificate-values": "BES",
    "revocation-values": "BES",
    "signature-policy-store": "BES",
    "countersignature": "B-B",
    "signature-time-stamp": STAMP,
    "attribute-certificate-references": "BES",
    "attribute-revocation-references": "BES",
    "CAdES-C-time-stamp": "B-B",
    "time-stamped-certs-crls-references": "B-B",
    "archive-time-stamp": "B-B",
    "archive-time-stamp-v2": STAMP,
    "archive-time-stamp-v3": STAMP,
    "long-term-validation": "B-B",
    "an unknown one": "B-B",
}
"""Of those that stand among the unsigned attributes."""


def test_every_attribute_of_the_rules_is_here() -> None:
    assert {rule.oid for rule in attributes.RULES} == {row[0] for row in TABLE.values()} - {
        "1.2.3.4.5"
    }
    unsigned = {rule.oid for rule in attributes.RULES if not rule.signed}
    assert unsigned == {TABLE[name][0] for name in TWICE_UNSIGNED} - {"1.2.3.4.5"}


@pytest.fixture(scope="module")
def world() -> World:
    return made_up_world()


def value_of(recipe: Recipe, name: str) -> bytes:
    """The whole attribute; the two that bind the certificate are those of the signer."""
    oid, value, *_answers = TABLE[name]
    if name == "signing-certificate":
        return Recipe(recipe.issued, recipe.time, ess_v1=True).ess()
    return recipe.ess() if name == "signing-certificate-v2" else cades.attribute(oid, value)


def check(world: World, signature: bytes, wanted: Answer) -> None:
    report = world.verify(signature)
    if isinstance(wanted, Sub):
        assert report.subindication is wanted
    else:
        assert (report.indication, report.level) == (Indication.PASSED, wanted)


@pytest.mark.parametrize(("name", "place", "times"), CASES)
def test_attribute(world: World, name: str, place: str, times: int) -> None:
    recipe = world.recipe()
    attribute = value_of(recipe, name)
    _oid, _value, unsigned, *signed = TABLE[name]
    if times == 0:
        check(world, recipe.build(), "B-B")
    elif place == "unsigned":
        check(world, added(recipe.build(), attribute), unsigned)
    else:
        more = [attribute] * times
        check(world, world.recipe(extra=more).build(), signed[times - 1])


@pytest.mark.parametrize("name", TWICE_UNSIGNED)
def test_attribute_twice_among_the_unsigned(world: World, name: str) -> None:
    recipe = world.recipe()
    attribute = value_of(recipe, name)
    check(world, added(recipe.build(), attribute, attribute), TWICE_UNSIGNED[name])


@pytest.mark.parametrize("name", ["mime-type", "signing-time", "an unknown one"])
def test_attribute_without_a_value(world: World, name: str) -> None:
    oid = TABLE[name][0]
    empty = asn1.sequence(asn1.oid(oid), asn1.tlv(asn1.SET))
    drop = [name] if name == "signing-time" else ()
    report = world.verify(world.recipe(drop=drop, extra=[empty]).build())
    if name == "signing-time":
        assert report.subindication is FORMAT
        return
    (entry,) = report.signatures
    assert entry.checks[0].code == "well-formed-in-part"
    assert report.level == ("BES" if name == "mime-type" else "B-B")


@pytest.mark.parametrize(
    "value",
    [
        asn1.sequence(algorithms.digest_identifier("sha512"), PROTECTION[2:]),
        asn1.sequence(algorithms.digest_identifier("sha256")),
        asn1.sequence(
            algorithms.digest_identifier("sha256"),
            asn1.tlv(asn1.context(2), asn1.oid(algorithms.SIGNATURE_OIDS["ecdsa", "sha256"])),
        ),
        asn1.octet_string(b"x"),
        asn1.sequence(),
    ],
)
def test_protection_that_differs_or_cannot_be_read(world: World, value: bytes) -> None:
    extra = [cades.attribute(cades.ALGORITHM_PROTECTION, value)]
    check(world, world.recipe(extra=extra).build(), CRYPTO)


def test_content_of_another_type_is_bes(world: World) -> None:
    other = "1.2.840.113549.1.9.16.1.1"
    check(world, world.recipe(content_type=other, inner_type=other).build(), "BES")
