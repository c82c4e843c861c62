"""The table of signatures and answers, first part: content, bytes, certificates, revocation.

Each row makes a signature and says what has to come of it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

from esign_cli.commands.demo.made_up import MadeUpCa, Revoked
from esign_cli.signatures import cades, creation
from esign_cli.signatures.cms.report import Sub
from esign_cli.signatures.pki import algorithms, asn1
from tests.support.signatures import (
    CONTENT,
    DAY,
    HOUR,
    KeySigner,
    Recipe,
    several,
    signed_with_sha1,
    written,
)
from tests.support.verification import NOW, World

SECOND = timedelta(seconds=1)

GOOD: dict[str, Callable[[World], bytes]] = {
    "attached": lambda w: w.recipe().build(),
    "our own": lambda w: creation.cades(
        CONTENT, KeySigner(w.issue()), signing_time=NOW - 2 * HOUR, detached=False, mime_type=None
    ),
    "PEM": lambda w: armoured(w.recipe().build(), b"CMS"),
    "PEM as PKCS7": lambda w: armoured(w.recipe().build(), b"PKCS7"),
    "RSA": lambda w: w.recipe(issued=w.issue("RSA-2048")).build(),
    "RSA-PSS": lambda w: w.recipe(issued=w.issue("RSA-2048"), pss=True).build(),
    "rsaEncryption": lambda w: w.recipe(issued=w.issue("RSA-2048"), rsa_encryption=True).build(),
    "digest NULL": lambda w: w.recipe(null_parameters=True).build(),
    "P-384": lambda w: w.recipe(issued=w.issue("P-384"), digest="sha384").build(),
    **{
        f"{key} with {digest}": lambda w, key=key, digest=digest: w.recipe(
            issued=w.issue(key), digest=digest, ess_digest=digest
        ).build()
        for key in ("RSA-2048", "P-256")
        for digest in ("sha3_256", "sha3_384", "sha3_512")
    },
    "RSA-PSS with sha3_256": lambda w: w.recipe(
        issued=w.issue("RSA-2048"), digest="sha3_256", pss=True
    ).build(),
    "64 KiB of zeros after it": lambda w: w.recipe().build() + bytes(64 * 1024),
    "zeros after the PEM's structure": lambda w: armoured(w.recipe().build() + bytes(3), b"CMS"),
    "ESS by SHA-512": lambda w: w.recipe(ess_digest="sha512").build(),
    "no issuerSerial": lambda w: w.recipe(issuer_serial=False).build(),
    "written unsorted, signed in DER": lambda w: w.recipe(badly_written=True).build(),
    "explicit default": lambda w: w.recipe(explicit_default=True).build(),
    "no signing-time": lambda w: w.recipe(drop=["signing-time"]).build(),
    "indefinite lengths": lambda w: indefinite(w.recipe().build()),
    "CRLs inside": lambda w: w.recipe(crls=w.crls).build(),
    "two signers": lambda w: several(w.recipe(), w.recipe(issued=w.issue("P-384"))),
}


def armoured(der: bytes, label: bytes) -> bytes:
    return b"-----BEGIN %s-----\n%s-----END %s-----\n" % (label, base64.encodebytes(der), label)


def indefinite(der: bytes) -> bytes:
    """The outer sequence with an indefinite length, as streaming writers leave it."""
    return b"\x30\x80" + asn1.read(der).contents + b"\0\0"


FORMAT, HASH, CRYPTO = Sub.FORMAT_FAILURE, Sub.HASH_FAILURE, Sub.SIG_CRYPTO_FAILURE
RULE, WEAK = Sub.SIG_CONSTRAINTS_FAILURE, Sub.CRYPTO_CONSTRAINTS_FAILURE
ABSENT = Sub.NO_SIGNING_CERTIFICATE_FOUND
Bad = Callable[[World], bytes]


def twice(oid: str, value: bytes) -> bytes:
    return cades.attribute(oid, value)


def two_values(w: World) -> bytes:
    digests = asn1.set_of(asn1.octet_string(b"1" * 32), asn1.octet_string(b"2" * 32))
    both = asn1.sequence(asn1.oid(cades.MESSAGE_DIGEST), digests)
    return w.recipe(drop=["message-digest"], extra=[both]).build()


BAD: dict[str, tuple[Bad, Sub]] = {
    "nothing": (lambda _w: b"", FORMAT),
    "not CMS": (lambda _w: b"merhaba", FORMAT),
    "a certificate": (lambda w: w.issue().certificate, FORMAT),
    "cut short": (lambda w: w.recipe().build()[:-1], FORMAT),
    "bytes after it": (lambda w: w.recipe().build() + b"\0x", FORMAT),
    "64 KiB of zeros and one more after it": (
        lambda w: w.recipe().build() + bytes(64 * 1024 + 1),
        FORMAT,
    ),
    "bytes after the PEM": (lambda w: armoured(w.recipe().build(), b"CMS") + b"x", FORMAT),
    "PEM of nonsense": (lambda _w: b"-----BEGIN CMS-----\n%%%\n-----END CMS-----\n", FORMAT),
    "no signers": (
        lambda w: written(algorithms.digest_identifier("sha256"), cades.ID_DATA, CONTENT, [], []),
        FORMAT,
    ),
    "content-type missing": (lambda w: w.recipe(drop=["content-type"]).build(), FORMAT),
    "content-type twice": (
        lambda w: w.recipe(extra=[twice(cades.CONTENT_TYPE, asn1.oid(cades.ID_DATA))]).build(),
        FORMAT,
    ),
    "message-digest missing": (lambda w: w.recipe(drop=["message-digest"]).build(), FORMAT),
    "message-digest twice": (
        lambda w: w.recipe(
            extra=[twice(cades.MESSAGE_DIGEST, asn1.octet_string(b"1" * 32))]
        ).build(),
        FORMAT,
    ),
    "message-digest of two values": (two_values, FORMAT),
    "content-type differs": (
        lambda w: w.recipe(content_type=cades.TST_INFO).build(),
        FORMAT,
    ),
    "two signing-times": (lambda w: w.recipe(extra=[cades.signing_time(NOW)]).build(), FORMAT),
    "signing-certificate-v2 twice": (lambda w: w.recipe(extra=[w.recipe().ess()]).build(), FORMAT),
    "wrong version": (lambda w: w.recipe(version=2).build(), FORMAT),
    "content altered": (lambda w: w.recipe(inside=CONTENT + b" ").build(), HASH),
    "signature wrong": (lambda w: w.recipe(spoil=True).build(), CRYPTO),
    "digestAlgorithm is not the signature's": (
        lambda w: w.recipe(declared="sha512").build(),
        CRYPTO,
    ),
    "no signed attributes": (lambda w: w.recipe(plain=True).build(), RULE),
    "no ESS": (lambda w: w.recipe(drop=["ess"]).build(), RULE),
    "signed before the certificate": (
        lambda w: w.recipe(issued=w.issue(not_before=NOW - HOUR)).build(),
        RULE,
    ),
    "signed in the future": (
        lambda w: Recipe(w.issue(), NOW + 301 * SECOND).build(),
        RULE,
    ),
    "verifies in wire order only": (lambda w: w.recipe(unsorted=True).build(), RULE),
    "time stamp over 300 s before": (
        lambda w: w.recipe(
            unsigned=[w.stamper().over_signature(NOW - 2 * HOUR - 301 * SECOND)]
        ).build(),
        RULE,
    ),
    "time stamp of another signature": (
        lambda w: w.recipe(
            unsigned=[w.stamper(over=b"another").over_signature(NOW - HOUR)]
        ).build(),
        RULE,
    ),
    "ESS names another": (
        lambda w: w.recipe(ess_certificate=w.issue("P-384").certificate).build(),
        ABSENT,
    ),
    "signer absent": (lambda w: w.recipe(certificates=[w.ca.sub]).build(), ABSENT),
    "ESS by SHA-1": (lambda w: w.recipe(ess_v1=True).build(), WEAK),
    "ESS v2 by SHA-1": (lambda w: w.recipe(ess_digest="sha1").build(), WEAK),
    "SHA-1": (lambda w: w.recipe(digest="sha1").build(), WEAK),
    "RSA-1024": (lambda w: w.recipe(issued=w.issue("RSA-1024")).build(), WEAK),
    "secp256k1": (lambda w: w.recipe(issued=w.issue("secp256k1")).build(), WEAK),
    "no nonRepudiation": (
        lambda w: w.recipe(issued=w.issue(non_repudiation=False)).build(),
        Sub.CHAIN_CONSTRAINTS_FAILURE,
    ),
    "policy named": (
        lambda w: w.recipe(extra=[cades.attribute(cades.SIGNATURE_POLICY, asn1.null())]).build(),
        Sub.POLICY_PROCESSING_ERROR,
    ),
    "expired": (
        lambda w: w.recipe(issued=w.issue(not_after=NOW - HOUR)).build(),
        Sub.OUT_OF_BOUNDS_NO_POE,
    ),
    "one of two signers bad": (
        lambda w: several(w.recipe(), w.recipe(spoil=True)),
        CRYPTO,
    ),
}


STATES: dict[str, tuple[Callable[[World], tuple[bytes, ...]], Sub | None]] = {
    "no data": (lambda w: (), Sub.TRY_LATER),
    "none for the signer": (lambda w: w.crls[1:], Sub.TRY_LATER),
    "none for the sub-CA": (lambda w: w.crls[:1], Sub.TRY_LATER),
    "stale": (lambda w: (crl(w, update=NOW - 3 * DAY), w.crls[1]), Sub.TRY_LATER),
    "not yet in force": (lambda w: (crl(w, update=NOW + HOUR), w.crls[1]), Sub.TRY_LATER),
    "another CA's": (
        lambda w: (MadeUpCa.create(NOW).crl(this_update=NOW - HOUR), w.crls[1]),
        Sub.TRY_LATER,
    ),
    "signed with SHA-1": (
        lambda w: (signed_with_sha1(w.crls[0], w.ca.sub_authority.key), w.crls[1]),
        WEAK,
    ),
    "revoked": (lambda w: (crl(w, at=NOW - DAY), w.crls[1]), Sub.REVOKED_NO_POE),
    "revoked after the signature": (
        lambda w: (crl(w, at=NOW - HOUR), w.crls[1]),
        Sub.REVOKED_NO_POE,
    ),
    "revoked, told by a stale list": (
        lambda w: (crl(w, at=NOW - 4 * DAY, update=NOW - 3 * DAY), w.crls[1]),
        Sub.REVOKED_NO_POE,
    ),
    "revoked, and an older list that is good": (
        lambda w: (w.crls[0], crl(w, at=NOW - DAY), w.crls[1]),
        Sub.REVOKED_NO_POE,
    ),
    "suspended": (
        lambda w: (crl(w, at=NOW - DAY, reason="certificateHold"), w.crls[1]),
        Sub.TRY_LATER,
    ),
    "suspended once, released since": (
        lambda w: (
            crl(w, at=NOW - DAY, reason="certificateHold", update=NOW - 2 * HOUR),
            *w.crls,
        ),
        None,
    ),
    "sub-CA revoked": (
        lambda w: (
            w.crls[0],
            w.ca.crl(
                [Revoked(w.ca.sub_authority.certificate.serial_number, NOW - DAY)],
                this_update=NOW - HOUR,
                issuer="root",
            ),
        ),
        Sub.REVOKED_NO_POE,
    ),
}


def crl(w: World, *, at=None, reason="", update=NOW - HOUR) -> bytes:
    lines = [Revoked(w.issue().serial, at, reason)] if at else []
    return w.ca.crl(lines, this_update=update)
