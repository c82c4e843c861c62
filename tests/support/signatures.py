"""Signatures for tests: a signer over a key at hand, and a writer of broken signatures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from esign_cli.commands.demo.made_up import Issued
from esign_cli.signatures import cades
from esign_cli.signatures.pki import algorithms, asn1, tbs

HASHES = {
    "sha1": hashes.SHA1(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3_256": hashes.SHA3_256(),
    "sha3_384": hashes.SHA3_384(),
    "sha3_512": hashes.SHA3_512(),
}
CONTENT = "ADI:ŞÜKRÜ\r\nSOYAD:IŞIK\r\n".encode()


@dataclass(frozen=True)
class KeySigner:
    """An issued certificate's own key as a Signer."""

    issued: Issued

    @property
    def certificate(self) -> bytes:
        return self.issued.certificate

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self.issued.chain

    def sign(self, message: bytes, digest_algorithm: str) -> bytes:
        return raw_signature(self.issued, message, digest_algorithm)


def raw_signature(issued: Issued, message: bytes, digest: str, *, pss: bool = False) -> bytes:
    key = issued.key()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(HASHES[digest]))
    if pss:
        return key.sign(message, padding.PSS(padding.MGF1(HASHES[digest]), 32), HASHES[digest])
    return key.sign(message, padding.PKCS1v15(), HASHES[digest])


def digest_of(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data).digest()


@dataclass
class Recipe:
    """How to write a signature; the defaults give a good one, each field can spoil it."""

    issued: Issued
    time: datetime
    content: bytes = CONTENT
    inside: bytes | None = CONTENT
    digest: str = "sha256"
    declared: str = ""
    """The digestAlgorithm that is written, if not `digest`."""
    kind: str = ""
    drop: Sequence[str] = ()
    """Types of signed attributes to leave out."""
    extra: Sequence[bytes] = ()
    """More signed attributes."""
    plain: bool = False
    """No signed attributes at all."""
    unsorted: bool = False
    """Write and sign the attributes in reverse order."""
    badly_written: bool = False
    """Sign in DER, write in reverse order."""
    ess_digest: str = "sha256"
    ess_v1: bool = False
    ess_certificate: bytes = b""
    explicit_default: bool = False
    issuer_serial: bool = True
    content_type: str = cades.ID_DATA
    inner_type: str = cades.ID_DATA
    certificates: Sequence[bytes] | None = None
    spoil: bool = False
    """Turn one bit of the signature."""
    pss: bool = False
    rsa_encryption: bool = False
    null_parameters: bool = False
    unsigned: Sequence[bytes | Callable[[bytes], bytes]] = ()
    """Unsigned attributes, or what makes one from the signature value."""
    version: int = 1
    crls: Sequence[bytes] = ()

    def info(self) -> bytes:
        """The SignerInfo."""
        parts = tbs.read(self.issued.certificate)
        attributes = sorted(self.attributes(), reverse=self.unsorted or self.badly_written)
        message = asn1.tlv(asn1.SET, *(attributes if self.unsorted else sorted(attributes)))
        value = raw_signature(
            self.issued, self.content if self.plain else message, self.digest, pss=self.pss
        )
        if self.spoil:
            value = value[:-1] + bytes((value[-1] ^ 1,))
        return asn1.sequence(
            asn1.integer(self.version),
            cades.issuer_and_serial(parts.issuer, parts.serial),
            self.digest_identifier(),
            b"" if self.plain else asn1.tlv(asn1.context(0), *attributes),
            self.signature_identifier(),
            asn1.octet_string(value),
            self.unsigned_attributes(value),
        )

    def unsigned_attributes(self, value: bytes) -> bytes:
        made = [one if isinstance(one, bytes) else one(value) for one in self.unsigned]
        return asn1.tlv(asn1.context(1), *made) if made else b""

    def attributes(self) -> list[bytes]:
        made = {
            "content-type": cades.attribute(cades.CONTENT_TYPE, asn1.oid(self.content_type)),
            "message-digest": cades.attribute(
                cades.MESSAGE_DIGEST,
                asn1.octet_string(digest_of(self.declared or self.digest, self.content)),
            ),
            "signing-time": cades.signing_time(self.time),
            "ess": self.ess(),
        }
        return [*(value for name, value in made.items() if name not in self.drop), *self.extra]

    def ess(self) -> bytes:
        parts = tbs.read(self.issued.certificate)
        named = self.ess_certificate or self.issued.certificate
        hashed = asn1.octet_string(digest_of("sha1" if self.ess_v1 else self.ess_digest, named))
        default = self.ess_digest == "sha256" and not self.explicit_default
        algorithm = b"" if default or self.ess_v1 else algorithms.digest_identifier(self.ess_digest)
        names = asn1.sequence(asn1.tlv(asn1.context(4), parts.issuer))
        issuer_serial = asn1.sequence(names, parts.serial) if self.issuer_serial else b""
        identifier = asn1.sequence(algorithm, hashed, issuer_serial)
        oid = cades.SIGNING_CERTIFICATE if self.ess_v1 else cades.SIGNING_CERTIFICATE_V2
        return cades.attribute(oid, asn1.sequence(asn1.sequence(identifier)))

    def digest_identifier(self) -> bytes:
        parameters = asn1.null() if self.null_parameters else b""
        return algorithms.algorithm_identifier(
            algorithms.DIGEST_OIDS[self.declared or self.digest], parameters
        )

    def signature_identifier(self) -> bytes:
        if self.pss:
            digest = algorithms.digest_identifier(self.digest)
            mask = algorithms.algorithm_identifier(algorithms.MGF1, digest)
            return algorithms.algorithm_identifier(
                algorithms.RSA_PSS,
                asn1.sequence(
                    asn1.tlv(asn1.context(0), digest),
                    asn1.tlv(asn1.context(1), mask),
                    asn1.tlv(asn1.context(2), asn1.integer(32)),
                ),
            )
        if self.rsa_encryption:
            return algorithms.algorithm_identifier(algorithms.RSA, asn1.null())
        kind = "rsa" if isinstance(self.issued.key(), rsa.RSAPrivateKey) else "ecdsa"
        return algorithms.signature_identifier(kind, self.digest)

    def build(self) -> bytes:
        """The signature file."""
        return several(self)


def several(first: Recipe, *others: Recipe) -> bytes:
    """One file with a signer for each recipe; the first says what is in it."""
    recipes = (first, *others)
    certificates = first.certificates
    if certificates is None:
        certificates = [c for r in recipes for c in (r.issued.certificate, *r.issued.chain)]
    return written(
        b"".join(dict.fromkeys(r.digest_identifier() for r in recipes)),
        first.inner_type,
        first.inside,
        list(dict.fromkeys(certificates)),
        [r.info() for r in recipes],
        crls=first.crls,
    )


def written(
    digests: bytes,
    inner_type: str,
    inside: bytes | None,
    certificates: Sequence[bytes],
    infos: Sequence[bytes],
    *,
    version: int = 1,
    crls: Sequence[bytes] = (),
) -> bytes:
    content = b"" if inside is None else asn1.tlv(asn1.context(0), asn1.octet_string(inside))
    body = asn1.sequence(
        asn1.integer(version),
        asn1.tlv(asn1.SET, digests),
        asn1.sequence(asn1.oid(inner_type), content),
        asn1.set_of(*certificates, identifier=asn1.context(0)) if certificates else b"",
        asn1.set_of(*crls, identifier=asn1.context(1)) if crls else b"",
        asn1.set_of(*infos),
    )
    return asn1.sequence(asn1.oid(cades.ID_SIGNED_DATA), asn1.tlv(asn1.context(0), body))


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def signed_with_sha1(der: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
    """A certificate or CRL of an EC issuer, signed anew with SHA-1 (which libraries refuse to)."""
    signed, algorithm, _value = asn1.read(der).children()
    weak = algorithms.signature_identifier("ecdsa", "sha1")
    anew = asn1.sequence(signed.contents.replace(algorithm.raw, weak, 1))
    value = key.sign(anew, ec.ECDSA(hashes.SHA1()))
    return asn1.sequence(anew, weak, asn1.tlv(asn1.BIT_STRING, b"\0" + value))
