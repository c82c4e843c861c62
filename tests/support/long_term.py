"""Time stamps and long-term signatures for tests, put together beside the program's own writers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from esign_cli.commands.demo.made_up import Issued
from esign_cli.signatures import cades
from esign_cli.signatures.cms import archive, policies, signed_data
from esign_cli.signatures.pki import algorithms, asn1, ocsp
from tests.support.signatures import Recipe, digest_of, written


@dataclass
class Stamper:
    """A time stamp authority; the fields spoil its tokens."""

    issued: Issued
    digest: str = "sha256"
    ess_v1: bool = False
    no_ess: bool = False
    spoil: bool = False
    over: bytes | None = None
    """Stamp this instead of what is asked."""
    certificates: Sequence[bytes] | None = None
    version: int = 1
    serial: int = 7
    time: str = ""
    """genTime as it is written, if not the time of the token."""
    tail: bytes = b""

    def token(
        self, message: bytes, at: datetime, *, imprint: bytes = b"", unsigned: Sequence[bytes] = ()
    ) -> bytes:
        """A token over `message`, or over what has this imprint."""
        hashed = imprint or digest_of(self.digest, self.over or message)
        info = asn1.sequence(
            asn1.integer(self.version),
            asn1.oid("1.2.3.4"),
            asn1.sequence(algorithms.digest_identifier(self.digest), asn1.octet_string(hashed)),
            asn1.integer(self.serial),
            asn1.tlv(asn1.GENERALIZED_TIME, (self.time or at.strftime("%Y%m%d%H%M%SZ")).encode()),
            self.tail,
        )
        recipe = Recipe(
            self.issued,
            at,
            content=info,
            digest=self.digest,
            content_type=cades.TST_INFO,
            ess_v1=self.ess_v1,
            drop=["ess"] if self.no_ess else (),
            spoil=self.spoil,
            unsigned=unsigned,
        )
        certificates = self.certificates
        if certificates is None:
            certificates = [self.issued.certificate, *self.issued.chain]
        return written(
            algorithms.digest_identifier(self.digest),
            cades.TST_INFO,
            info,
            certificates,
            [recipe.info()],
            version=3,
        )

    def over_signature(self, at: datetime) -> Callable[[bytes], bytes]:
        """What makes a signature-time-stamp from a signature value."""
        return lambda value: cades.attribute(cades.SIGNATURE_TIME_STAMP, self.token(value, at))

    def archived(
        self,
        signature: bytes,
        at: datetime,
        *,
        content: bytes,
        spoil_index: bool = False,
        empty_index: bool = False,
        no_attributes: bool = False,
    ) -> bytes:
        """The signature with an archive-time-stamp-v3 more over all that is in it."""
        data = signed_data.parse(signature)
        (signer,) = data.signers
        index = archive.hash_index(data, signer, self.digest)
        if spoil_index:
            index = index[:-1] + bytes((index[-1] ^ 1,))
        if empty_index:
            nothing = asn1.sequence()
            index = asn1.sequence(algorithms.digest_identifier(self.digest), *[nothing] * 3)
        if no_attributes:
            *parts, _attributes = asn1.read(index).children()
            index = asn1.sequence(*(part.raw for part in parts), asn1.sequence())
        imprint = archive.imprint(data, signer, content, index, self.digest)
        kept = cades.attribute(cades.ATS_HASH_INDEX_V3, index)
        token = self.token(b"", at, imprint=self.over or imprint, unsigned=[kept])
        return added(signature, cades.attribute(cades.ARCHIVE_TIME_STAMP_V3, token))


def archived_v2(stamper: Stamper, signature: bytes, at: datetime, *, tagged: bool = False) -> bytes:
    """The signature with an archive-time-stamp-v2 more (ETSI TS 101 733 v1.8.1 6.4.1).

    Writers differ on whether the unsigned attributes count with tag and length.
    """
    body = asn1.read(signature).children()[1].children()[0].children()
    fields = body[-1].children()[0].children()
    last = fields[-1]
    attributes = last.contents if last.identifier == asn1.context(1) else b""
    signed = [f.raw for f in fields if f.identifier != asn1.context(1)]
    message = b"".join(
        (*(part.raw for part in body[2:-1]), *signed, last.raw if tagged else attributes)
    )
    token = stamper.token(message, at)
    return added(signature, cades.attribute(cades.ARCHIVE_TIME_STAMP_V2, token))


def added(signature: bytes, *attributes: bytes) -> bytes:
    """The signature with unsigned attributes more; nothing else changes."""
    oid, wrapped = asn1.read(signature).children()
    parts = wrapped.children()[0].children()
    fields = list(parts[-1].children()[0].children())
    there = fields.pop().contents if fields[-1].identifier == asn1.context(1) else b""
    info = asn1.sequence(
        *(field.raw for field in fields), asn1.tlv(asn1.context(1), there, *attributes)
    )
    body = asn1.sequence(*(part.raw for part in parts[:-1]), asn1.tlv(asn1.SET, info))
    return asn1.sequence(oid.raw, asn1.tlv(asn1.context(0), body))


def other(answer: bytes) -> bytes:
    """An OCSP answer as SignedData.crls keeps it (RFC 5940)."""
    return asn1.tlv(asn1.context(1), asn1.oid(cades.OCSP_RESPONSE), answer)


def certificate_values(certificates: Sequence[bytes]) -> bytes:
    return cades.attribute(cades.CERTIFICATE_VALUES, asn1.sequence(*certificates))


def revocation_values(crls: Sequence[bytes], answers: Sequence[bytes]) -> bytes:
    basic = [ocsp.basic_response(answer) for answer in answers]
    lists = asn1.tlv(asn1.context(0), asn1.sequence(*crls)) if crls else b""
    responses = asn1.tlv(asn1.context(1), asn1.sequence(*basic)) if basic else b""
    return cades.attribute(cades.REVOCATION_VALUES, asn1.sequence(lists, responses))


def hashed(data: bytes) -> bytes:
    digest = algorithms.digest_identifier("sha256")
    return asn1.sequence(digest, asn1.octet_string(digest_of("sha256", data)))


def certificate_references(certificates: Sequence[bytes]) -> bytes:
    ids = [asn1.sequence(hashed(der)) for der in certificates]
    return cades.attribute(cades.CERTIFICATE_REFERENCES, asn1.sequence(*ids))


def revocation_references(crls: Sequence[bytes], answers: Sequence[bytes]) -> bytes:
    basic = [ocsp.basic_response(answer) for answer in answers]
    of_crls = asn1.sequence(asn1.sequence(*(asn1.sequence(hashed(crl)) for crl in crls)))
    of_answers = asn1.sequence(
        asn1.sequence(*(asn1.sequence(asn1.sequence(), hashed(one)) for one in basic))
    )
    reference = asn1.sequence(
        asn1.tlv(asn1.context(0), of_crls) if crls else b"",
        asn1.tlv(asn1.context(1), of_answers) if basic else b"",
    )
    return cades.attribute(cades.REVOCATION_REFERENCES, asn1.sequence(reference))


def long_values(
    cas: Sequence[bytes], crls: Sequence[bytes], answers: Sequence[bytes] = ()
) -> list[bytes]:
    """The four attributes of P3 and P4."""
    return [
        certificate_references(cas),
        revocation_references(crls, answers),
        certificate_values(cas),
        revocation_values(crls, answers),
    ]


def policy(name: str, *, value: str = "") -> bytes:
    """The signed attribute of a Turkish policy; `value` is another hash in hexadecimal."""
    made = policies.attribute(policies.POLICIES[name])
    return (
        made.replace(bytes.fromhex(policies.GUIDE_SHA256), bytes.fromhex(value)) if value else made
    )


def counter_signed(by: Issued, at: datetime, *, spoil: bool = False) -> Callable[[bytes], bytes]:
    """What makes a counter-signature from a signature value (RFC 5652 11.4)."""

    def made(value: bytes) -> bytes:
        recipe = Recipe(by, at, content=value, drop=["content-type"], spoil=spoil)
        return cades.attribute(cades.COUNTERSIGNATURE, recipe.info())

    return made
