"""Our own signatures: what is written, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from esign_cli.commands.demo.made_up import MadeUpCa, national_id
from esign_cli.foundation.errors.signatures import KeyRefused, SelfCheckFailed
from esign_cli.signatures import cades
from esign_cli.signatures import creation as sign
from esign_cli.signatures.cms import signed_data
from tests.support.signatures import CONTENT, DAY, KeySigner

NOW = datetime(2026, 11, 22, 12, 0, 30, 999999, tzinfo=UTC)


@pytest.fixture(scope="module")
def ca() -> MadeUpCa:
    return MadeUpCa.create(NOW)


def issued(ca: MadeUpCa, key: str = "P-256", **more):
    return ca.issue("ÇİĞDEM ÖĞÜT", national_id(3), key=key, not_before=NOW - DAY, **more)


def made(signer: sign.Signer, **more) -> bytes:
    wanted = {"signing_time": NOW, "detached": False, "mime_type": "text/plain", **more}
    return sign.cades(CONTENT, signer, **wanted)


@pytest.mark.parametrize("detached", [False, True])
@pytest.mark.parametrize(
    ("key", "digest"),
    [
        ("RSA-2048", "sha256"),
        ("RSA-3072", "sha256"),
        ("P-256", "sha256"),
        ("P-384", "sha384"),
        ("P-521", "sha512"),
    ],
)
def test_what_is_written(ca: MadeUpCa, key: str, digest: str, detached: bool) -> None:
    certificate = issued(ca, key)
    data = signed_data.parse(made(KeySigner(certificate), detached=detached))
    (signer,) = data.signers
    assert (data.version, signer.version, data.content_type) == (1, 1, cades.ID_DATA)
    assert data.content == (None if detached else CONTENT)
    assert set(data.certificates) == {certificate.certificate, ca.sub}
    assert (signer.digest.digest, signer.digest.parameters) == (digest, None)
    assert signer.signature_algorithm.parameters == (b"\x05\x00" if "RSA" in key else None)
    assert signer.signed_wire == signer.signed_der
    assert signer.unsigned == ()
    names = sorted(attribute.oid for attribute in signer.attributes or ())
    assert names == sorted(
        [
            cades.CONTENT_TYPE,
            cades.MESSAGE_DIGEST,
            cades.SIGNING_TIME,
            cades.SIGNING_CERTIFICATE_V2,
            cades.MIME_TYPE,
        ]
    )
    bound = cades.certificate_id(signer.values(cades.SIGNING_CERTIFICATE_V2)[0][0], v2=True)
    assert bound.digest == digest
    assert bound.issuer
    assert not bound.explicit_default


def test_the_root_is_left_out_and_an_unknown_type_is_not_written(ca: MadeUpCa) -> None:
    certificate = replace(issued(ca), chain=(ca.sub, ca.root, ca.sub))
    data = signed_data.parse(made(KeySigner(certificate), mime_type=None))
    assert ca.root not in data.certificates
    assert len(data.certificates) == 2
    assert not data.signers[0].values(cades.MIME_TYPE)


@pytest.mark.parametrize("moment", [NOW, NOW.replace(year=2049), NOW.replace(year=2050)])
def test_signing_time_is_utc_time_to_2049(moment: datetime) -> None:
    ca = MadeUpCa.create(moment)
    der = ca.issue("A B", national_id(4), key="P-256", not_before=moment - DAY)
    (signer,) = signed_data.parse(made(KeySigner(der), signing_time=moment)).signers
    node = signer.values(cades.SIGNING_TIME)[0][0]
    assert node.identifier == (0x17 if moment.year < 2050 else 0x18)
    assert node.time() == moment.replace(microsecond=0)


@pytest.mark.parametrize("key", ["RSA-1024", "secp256k1"])
def test_keys_that_are_not_used(ca: MadeUpCa, key: str) -> None:
    with pytest.raises(KeyRefused):
        made(KeySigner(issued(ca, key)))
    with pytest.raises(KeyRefused):
        sign.check_key(issued(ca, key).certificate)


def test_a_card_that_signs_something_else_is_found_out(ca: MadeUpCa) -> None:
    class Liar(KeySigner):
        def sign(self, message: bytes, digest_algorithm: str) -> bytes:
            return super().sign(message + b" ", digest_algorithm)

    with pytest.raises(SelfCheckFailed) as caught:
        made(Liar(issued(ca)))
    assert caught.value.facts["detail"] == "signature-wrong"


def test_a_certificate_that_is_not_valid_yet_is_found_out(ca: MadeUpCa) -> None:
    with pytest.raises(SelfCheckFailed):
        made(KeySigner(issued(ca)), signing_time=NOW - 2 * DAY)


def test_without_non_repudiation_it_still_signs(ca: MadeUpCa) -> None:
    assert made(KeySigner(issued(ca, non_repudiation=False)))
