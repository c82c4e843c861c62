"""Forgeries of many kinds, each put together as somebody would who wants it to pass: none does.

What is forged against: keys and certificates, content, attributes, time stamps that would make a
revoked certificate's signature older, lists and answers that would clear it, counter-signatures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from esign_cli.commands.demo.made_up import (
    OCSP_SIGNING,
    TIME_STAMPING,
    Issued,
    MadeUpCa,
    Revoked,
    national_id,
    service,
)
from esign_cli.signatures import cades
from esign_cli.signatures.cms import signed_data
from esign_cli.signatures.cms.report import Indication, Sub
from esign_cli.signatures.pki import algorithms, asn1
from tests.signatures.verify_table_stamped import archived, long_term, profiled, stamped
from tests.support.long_term import added, counter_signed, long_values
from tests.support.signatures import CONTENT, DAY, HOUR, Recipe, several, written
from tests.support.verification import NOW, World, made_up_world

SIGNED = NOW - 2 * HOUR
OTHER = "ADI:BAŞKA\r\n".encode()
N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Forgery:
    """A file, and what it is verified with beside the world's own trust and lists."""

    make: Callable[[World], bytes]
    sub: Sub
    asked: Callable[[World], Mapping[str, Any]] = lambda _w: {}


@pytest.fixture(scope="module")
def world() -> World:
    return made_up_world()


# --- keys and certificates -----------------------------------------------------------------------


def other_ca(w: World) -> MadeUpCa:
    """Another authority of the very same names."""
    if "same names" not in w.issued:
        w.issued["same names"] = MadeUpCa.create(NOW)
    return w.issued["same names"]


def forger(w: World) -> Issued:
    """Somebody's certificate by that authority, in the victim's name and with the same serial."""
    if "forger" not in w.issued:
        w.issued["forger"] = other_ca(w).issue(
            "ŞÜKRÜ IŞIK", national_id(1), key="P-256", not_before=NOW - 30 * DAY,
            serial=w.issue().serial,
        )  # fmt: skip
    return w.issued["forger"]


def with_key_of(w: World, other: Issued) -> Issued:
    """The victim's certificate with another's key."""
    return replace(w.issue(), private_key=other.private_key)


def by_leaf(w: World) -> tuple[Issued, bytes]:
    """A certificate that the owner of a qualified one issued below it."""
    leaf = w.issue("P-384")
    issuer = x509.load_der_x509_certificate(leaf.certificate)
    mine = x509.load_der_x509_certificate(w.issue().certificate)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder(
        subject_name=mine.subject, issuer_name=issuer.subject, public_key=key.public_key(),
        serial_number=77, not_valid_before=NOW - DAY, not_valid_after=NOW + 90 * DAY,
        extensions=[e for e in mine.extensions if e.oid.dotted_string not in ("2.5.29.35",)],
    )  # fmt: skip
    der = builder.sign(leaf.key(), hashes.SHA256()).public_bytes(Encoding.DER)
    return Issued(der, (leaf.certificate, w.ca.sub), key), w.crl()


def renamed_signer(w: World, issued: Issued, named: bytes) -> bytes:
    """A signature by `issued` whose SignerInfo names another certificate."""
    data = signed_data.parse(Recipe(issued, SIGNED, ess_certificate=named).build())
    (signer,) = data.signers
    facts = x509.load_der_x509_certificate(named)
    name = cades.issuer_and_serial(facts.issuer.public_bytes(), asn1.integer(facts.serial_number))
    info = asn1.sequence(signer.fields[0], name, *signer.fields[2:])
    return written(signer.fields[2], cades.ID_DATA, CONTENT, [named, issued.certificate], [info])


KEYS: dict[str, Forgery] = {
    "signed by another's key": Forgery(
        lambda w: w.recipe(issued=with_key_of(w, forger(w))).build(), Sub.SIG_CRYPTO_FAILURE
    ),
    "signed by another qualified signer's key": Forgery(
        lambda w: w.recipe(issued=with_key_of(w, w.issue("P-256", qualified=False))).build(),
        Sub.SIG_CRYPTO_FAILURE,
    ),
    "SignerInfo names the victim, the certificates hold both": Forgery(
        lambda w: renamed_signer(w, w.issue("P-256", qualified=False), w.issue().certificate),
        Sub.SIG_CRYPTO_FAILURE,
    ),
    "same names, same serial, another authority": Forgery(
        lambda w: w.recipe(issued=forger(w)).build(), Sub.NO_CERTIFICATE_CHAIN_FOUND
    ),
    "that, with its root inside": Forgery(
        lambda w: w.recipe(
            issued=forger(w),
            certificates=[forger(w).certificate, other_ca(w).sub, other_ca(w).root],
        ).build(),
        Sub.NO_CERTIFICATE_CHAIN_FOUND,
    ),
    "same names, and the genuine sub-CA beside it": Forgery(
        lambda w: Recipe(
            one := forger(w), SIGNED, certificates=[one.certificate, w.ca.sub]
        ).build(),
        Sub.NO_CERTIFICATE_CHAIN_FOUND,
    ),
    "same names and serial, ESS of the victim's certificate": Forgery(
        lambda w: Recipe(
            one := forger(w), SIGNED, ess_certificate=w.issue().certificate,
            certificates=[one.certificate, w.issue().certificate],
        ).build(),
        Sub.SIG_CRYPTO_FAILURE,
    ),
    "ESS of version 1 names the victim, version 2 the forger": Forgery(
        lambda w: Recipe(
            one := forger(w), SIGNED,
            extra=[Recipe(one, SIGNED, ess_v1=True, ess_certificate=w.issue().certificate).ess()],
        ).build(),
        Sub.NO_SIGNING_CERTIFICATE_FOUND,
    ),
    "the self-signed root signs": Forgery(
        lambda w: Recipe(
            Issued(other_ca(w).root, (), other_ca(w).root_authority.key), SIGNED, digest="sha256"
        ).build(),
        Sub.CHAIN_CONSTRAINTS_FAILURE,
    ),
    "below a qualified certificate": Forgery(
        lambda w: w.recipe(issued=by_leaf(w)[0]).build(), Sub.NO_CERTIFICATE_CHAIN_FOUND
    ),
    "a time stamp authority signs a document": Forgery(
        lambda w: w.recipe(issued=w.stamper().issued).build(), Sub.CHAIN_CONSTRAINTS_FAILURE
    ),
    **{
        f"ECDSA value {name}": Forgery(
            lambda w, r=r, s=s: with_value(
                w, asn1.sequence(asn1.integer(r), asn1.integer(s))
            ),
            Sub.SIG_CRYPTO_FAILURE,
        )
        for name, (r, s) in {
            "0, 0": (0, 0), "n, n": (N256, N256), "1, 0": (1, 0), "n, 1": (N256, 1),
        }.items()
    },
    "an empty signature": Forgery(lambda w: with_value(w, b""), Sub.SIG_CRYPTO_FAILURE),
    **{
        f"RSA value {number}": Forgery(
            lambda w, number=number: with_value(
                w, number.to_bytes(256, "big"), w.issue("RSA-2048")
            ),
            Sub.SIG_CRYPTO_FAILURE,
        )
        for number in (0, 1)
    },
}  # fmt: skip


def with_value(w: World, value: bytes, issued: Issued | None = None) -> bytes:
    """A signature whose value is this."""
    data = signed_data.parse(Recipe(issued or w.issue(), SIGNED).build())
    (signer,) = data.signers
    info = asn1.sequence(*signer.fields[:-1], asn1.octet_string(value))
    return written(signer.fields[2], cades.ID_DATA, CONTENT, data.certificates_wire, [info])


# --- content and attributes ----------------------------------------------------------------------


def with_fields(w: World, change: Callable[[list[bytes]], list[bytes]], **more: Any) -> bytes:
    """A good signature, some of whose signed attributes were changed afterwards."""
    data = signed_data.parse(Recipe(w.issue(), SIGNED).build())
    (signer,) = data.signers
    attributes = change([attribute.wire for attribute in signer.attributes or ()])
    info = asn1.sequence(
        *signer.fields[:3], asn1.tlv(asn1.context(0), *attributes), *signer.fields[4:]
    )
    return written(
        signer.fields[2], more.get("kind", cades.ID_DATA), more.get("inside", CONTENT),
        data.certificates_wire, [info],
    )  # fmt: skip


def digest_of(content: bytes) -> bytes:
    return cades.attribute(
        cades.MESSAGE_DIGEST, asn1.octet_string(algorithms.hashed("sha256", content) or b"")
    )


def attributes_as_content(w: World) -> bytes:
    """What was signed is shown as a document: the attributes' encoding, without attributes."""
    data = signed_data.parse(Recipe(w.issue(), SIGNED).build())
    (signer,) = data.signers
    info = asn1.sequence(*signer.fields[:3], *signer.fields[4:])
    certificates = data.certificates_wire
    return written(signer.fields[2], cades.ID_DATA, signer.signed_der, certificates, [info])


def counter_as_signature(w: World) -> bytes:
    """A counter-signature over another's value, shown as a signature of that value."""
    recipe = Recipe(w.issue(), SIGNED, content=b"value", drop=["content-type"])
    return written(
        recipe.digest_identifier(), cades.ID_DATA, b"value",
        [w.issue().certificate, w.ca.sub], [recipe.info()],
    )  # fmt: skip


ATTRIBUTES: dict[str, Forgery] = {
    "another content": Forgery(
        lambda w: with_fields(w, list, inside=OTHER), Sub.HASH_FAILURE
    ),
    "another content and its digest": Forgery(
        lambda w: with_fields(
            w, lambda all_: [a for a in all_ if a != digest_of(CONTENT)] + [digest_of(OTHER)],
            inside=OTHER,
        ),
        Sub.SIG_CRYPTO_FAILURE,
    ),
    "no content": Forgery(lambda w: with_fields(w, list, inside=b""), Sub.HASH_FAILURE),
    "content of another type": Forgery(
        lambda w: with_fields(w, list, kind=cades.TST_INFO), Sub.FORMAT_FAILURE
    ),
    "an attribute taken out": Forgery(
        lambda w: with_fields(
            w, lambda all_: [a for a in all_ if a != cades.signing_time(SIGNED)]
        ),
        Sub.SIG_CRYPTO_FAILURE,
    ),
    "an attribute put in": Forgery(
        lambda w: with_fields(
            w, lambda all_: [*all_, cades.attribute(cades.MIME_TYPE, asn1.utf8_string("a/b"))]
        ),
        Sub.SIG_CRYPTO_FAILURE,
    ),
    "another signing-time": Forgery(
        lambda w: with_fields(
            w,
            lambda all_: [
                cades.signing_time(NOW - DAY) if a == cades.signing_time(SIGNED) else a
                for a in all_
            ],
        ),
        Sub.SIG_CRYPTO_FAILURE,
    ),
    "the attributes as the content": Forgery(attributes_as_content, Sub.SIG_CONSTRAINTS_FAILURE),
    "a counter-signature as a signature": Forgery(counter_as_signature, Sub.FORMAT_FAILURE),
    "a forged one beside a good one": Forgery(
        lambda w: several(w.recipe(), w.recipe(issued=with_key_of(w, forger(w)))),
        Sub.SIG_CRYPTO_FAILURE,
    ),
    "a stranger's beside a good one": Forgery(
        lambda w: several(w.recipe(), Recipe(w.stamper().issued, SIGNED)),
        Sub.CHAIN_CONSTRAINTS_FAILURE,
    ),
    "two contents by one signer, the first shown": Forgery(
        lambda w: several(w.recipe(), w.recipe(content=OTHER)), Sub.HASH_FAILURE
    ),
}  # fmt: skip


# --- older than the revocation, by a forged time stamp -------------------------------------------

MINUTE = HOUR / 60


def revoked(w: World) -> Mapping[str, Any]:
    """The signer was revoked five minutes before the signature."""
    return {"crls": (w.crl(Revoked(w.issue().serial, SIGNED - 5 * MINUTE)), w.crls[1])}


def back_dated(w: World, by: Any, *, at: Any = SIGNED - 10 * MINUTE) -> bytes:
    """A signature of after the revocation, whose signing-time and stamp say before."""
    return stamped(w, by=by, at=at, time=SIGNED - 10 * MINUTE)


def self_stamper(w: World) -> Any:
    stamper = w.stamper()
    return replace(stamper, issued=w.issue("P-384"))


def with_token_key(w: World) -> Any:
    """The genuine authority's certificate, another's key."""
    stamper = w.stamper()
    own = replace(stamper.issued, private_key=ec.generate_private_key(ec.SECP256R1()))
    return replace(stamper, issued=own)


def genuine_token_of_another(w: World) -> bytes:
    """A good token over another signature of before the revocation, moved here."""
    older = signed_data.parse(stamped(w, at=SIGNED - 10 * MINUTE, time=SIGNED - 10 * MINUTE))
    (token,) = older.signers[0].unsigned
    recipe = Recipe(w.issue(), SIGNED - 9 * MINUTE)
    return added(recipe.build(), token.wire)


def older_content_stamp(w: World) -> bytes:
    token = w.stamper().token(CONTENT, SIGNED - 10 * MINUTE)
    extra = [cades.attribute(cades.CONTENT_TIME_STAMP, token)]
    return Recipe(w.issue(), SIGNED, extra=extra).build()


GONE = Sub.REVOKED_NO_POE
STAMPS: dict[str, Forgery] = {
    "by an authority that is not trusted": Forgery(
        lambda w: back_dated(w, w.stamper(ca=other_ca(w))), GONE, revoked
    ),
    "by a signer's own key": Forgery(lambda w: back_dated(w, self_stamper(w)), GONE, revoked),
    "by another key with the authority's certificate": Forgery(
        lambda w: back_dated(w, with_token_key(w)), Sub.SIG_CONSTRAINTS_FAILURE, revoked
    ),
    "moved from another signature": Forgery(
        genuine_token_of_another, Sub.SIG_CONSTRAINTS_FAILURE, revoked
    ),
    "over the content, not the signature": Forgery(
        lambda w: back_dated(w, w.stamper(over=CONTENT)), Sub.SIG_CONSTRAINTS_FAILURE, revoked
    ),
    "a content time stamp": Forgery(older_content_stamp, GONE, revoked),
    "by SHA-1": Forgery(
        lambda w: back_dated(w, w.stamper(digest="sha1")), Sub.CRYPTO_CONSTRAINTS_FAILURE, revoked
    ),
    "by an authority without the purpose": Forgery(
        lambda w: back_dated(w, w.stamper(purposes=())), GONE, revoked
    ),
    "by an authority that answers OCSP too": Forgery(
        lambda w: back_dated(w, w.stamper(purposes=(TIME_STAMPING, OCSP_SIGNING))), GONE, revoked
    ),
    "by an authority that had ended": Forgery(
        lambda w: back_dated(w, w.stamper(not_after=SIGNED - HOUR)), GONE, revoked
    ),
    "by a revoked authority": Forgery(
        lambda w: back_dated(w, w.stamper()), GONE,
        lambda w: {
            "crls": (
                w.crl(
                    Revoked(w.issue().serial, SIGNED - 5 * MINUTE),
                    Revoked(w.stamper().issued.serial, SIGNED - DAY),
                ),
                w.crls[1],
            )
        },
    ),
    "an archive time stamp over another": Forgery(
        lambda w: archived(
            w, Recipe(w.issue(), SIGNED).build(), at=SIGNED - 10 * MINUTE,
            by=w.stamper(over=b"x" * 32),
        ),
        Sub.SIG_CONSTRAINTS_FAILURE, revoked,
    ),
    "an archive time stamp by a stranger": Forgery(
        lambda w: archived(
            w, Recipe(w.issue(), SIGNED - 10 * MINUTE).build(), at=SIGNED - 10 * MINUTE,
            by=w.stamper(ca=other_ca(w)),
        ),
        GONE, revoked,
    ),
    "a time to come": Forgery(
        lambda w: stamped(w, at=NOW + HOUR), GONE, revoked
    ),
}  # fmt: skip


# --- lists and answers that clear nobody ---------------------------------------------------------


def only(*crls: bytes, ocsps: tuple[bytes, ...] = ()) -> Mapping[str, Any]:
    return {"crls": crls, "ocsps": ocsps}


def list_by(w: World, key: Any, **more: Any) -> bytes:
    """A list in the sub-CA's name by another's key."""
    sub = replace(w.ca.sub_authority, key=key)
    return MadeUpCa(w.ca.root_authority, sub).crl(this_update=NOW - HOUR, **more)


def answered(w: World, by: Issued | None = None, ca: MadeUpCa | None = None, **more: Any) -> bytes:
    wanted = {"this_update": NOW - HOUR, **more}
    return (ca or w.ca).ocsp(w.issue().certificate, responder=by, **wanted)


def responder(w: World, ca: MadeUpCa | None = None, **more: Any) -> Issued:
    return service(ca or w.ca, "OCSP", not_before=NOW - 30 * DAY, **more)


NO_CRL = {"purposes": (OCSP_SIGNING,), "no_check": True}
LATER = Sub.TRY_LATER
DATA: dict[str, Callable[[World], Mapping[str, Any]]] = {
    "list by an authority of the same names": lambda w: only(
        other_ca(w).crl(this_update=NOW - HOUR), w.crls[1]
    ),
    "list by the signer": lambda w: only(list_by(w, w.issue().key()), w.crls[1]),
    "list by a time stamp authority below": lambda w: only(
        list_by(w, w.stamper().issued.key()), w.crls[1]
    ),
    "list by the root in the sub-CA's name": lambda w: only(
        list_by(w, w.ca.root_authority.key), w.crls[1]
    ),
    "list of the root for both": lambda w: only(w.crls[1]),
    "list that has ended": lambda w: only(w.crl(update=NOW - 2 * DAY), w.crls[1]),
    "list of the root that has ended": lambda w: only(
        w.crls[0], w.crl(update=NOW - 2 * DAY, issuer="root")
    ),
    "list to come": lambda w: only(w.crl(update=NOW + HOUR), w.crls[1]),
    "answer by a stranger": lambda w: only(
        w.crls[1], ocsps=(answered(w, responder(w, other_ca(w), **NO_CRL)),)
    ),
    "answer by an authority of the same names": lambda w: only(
        w.crls[1], ocsps=(answered(w, ca=other_ca(w)),)
    ),
    "answer by the signer": lambda w: only(w.crls[1], ocsps=(answered(w, w.issue()),)),
    "answer by a time stamp authority": lambda w: only(
        w.crls[1], ocsps=(answered(w, w.stamper().issued),)
    ),
    "answer by a responder that had ended": lambda w: only(
        w.crls[1], ocsps=(answered(w, responder(w, not_after=NOW - DAY, **NO_CRL)),)
    ),
    "answer that has ended": lambda w: only(
        w.crls[1], ocsps=(answered(w, this_update=NOW - 3 * DAY),)
    ),
    "answer on another certificate": lambda w: only(
        w.crls[1], ocsps=(w.ca.ocsp(w.issue("P-384").certificate, this_update=NOW - HOUR),)
    ),
    "answer for the same serial of another authority": lambda w: only(
        w.crls[1],
        ocsps=(other_ca(w).ocsp(forger(w).certificate, this_update=NOW - HOUR),),
    ),
}
LISTS = {
    f"cleared by: {name}": Forgery(lambda w: w.recipe().build(), LATER, asked)
    for name, asked in DATA.items()
} | {
    "P3 whose values are another signature's": Forgery(
        lambda w: profiled(
            w, "P3", values=False,
            unsigned=long_values([other_ca(w).sub], [other_ca(w).crl(this_update=NOW - DAY)]),
        ),
        Sub.POLICY_PROCESSING_ERROR,
    ),
    "B-LT with an old list inside, the newer one revokes": Forgery(
        long_term, GONE,
        lambda w: {"crls": (w.crl(Revoked(w.issue().serial, NOW - 11 * DAY)), w.crls[1])},
    ),
    "B-LT with an old list of the root inside, the newer one revokes the sub-CA": Forgery(
        long_term, GONE,
        lambda w: {
            "crls": (
                w.crls[0],
                w.crl(
                    Revoked(w.ca.sub_authority.certificate.serial_number, NOW - 11 * DAY),
                    issuer="root",
                ),
            )
        },
    ),
}  # fmt: skip
ALL = {**KEYS, **ATTRIBUTES, **{f"stamped {n}": f for n, f in STAMPS.items()}, **LISTS}


@pytest.mark.parametrize("name", ALL)
def test_forgery(world: World, name: str) -> None:
    forgery = ALL[name]
    report = world.verify(forgery.make(world), **forgery.asked(world))
    assert report.indication is not Indication.PASSED
    assert report.subindication is forgery.sub


def test_there_are_enough() -> None:
    assert len(ALL) == len(KEYS) + len(ATTRIBUTES) + len(STAMPS) + len(LISTS) >= 60


@pytest.mark.parametrize("spoil", [True, False])
def test_counter_signature_lends_nothing(world: World, spoil: bool) -> None:
    """Somebody's good counter-signature over a forged signature leaves it forged."""
    recipe = world.recipe(
        issued=with_key_of(world, forger(world)),
        unsigned=[counter_signed(world.issue("P-384"), NOW - HOUR, spoil=spoil)],
    )
    assert world.verify(recipe.build()).subindication is Sub.SIG_CRYPTO_FAILURE
