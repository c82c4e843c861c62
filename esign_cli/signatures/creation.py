"""CAdES baseline B-B signatures: content and a signer in, the signature file's bytes out.

What lies above B-B is put on top of it by `extend`. ETSI EN 319 122-1 (baseline B-B) over RFC 5652.
Keys: RSA of 2048 to 4096 bits with SHA-256, P-256, P-384 and P-521 with SHA-256, SHA-384 and
SHA-512.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from esign_cli.foundation.errors import signatures as errors
from esign_cli.signatures import cades as encoding
from esign_cli.signatures import certificate
from esign_cli.signatures.cms import signed_data, structure
from esign_cli.signatures.pki import algorithms, asn1, keys, tbs
from esign_cli.signatures.pki.algorithms import Content, Digested

if TYPE_CHECKING:
    from esign_cli.signatures.cms.policies import Policy
    from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo


LEVEL = "B-B"
"""The CAdES level of what a key signs, before it is extended."""


class Signer(Protocol):
    """Somebody's key, wherever it is kept."""

    @property
    def certificate(self) -> bytes:
        """DER of the signer's certificate."""
        ...

    @property
    def chain(self) -> tuple[bytes, ...]:
        """DER of the sub-CAs that are known; a root among them is left out of signatures."""
        ...

    def sign(self, message: bytes, digest_algorithm: str) -> bytes:
        """Return the signature over `message`: PKCS#1 v1.5, or an ECDSA-Sig-Value in DER.

        `digest_algorithm` is "sha256", "sha384" or "sha512".
        """
        ...


_OF_THE_BYTES = ("format", "content", "signer", "signature")
"""The checks that a signature beside ours has to pass."""


@dataclass(frozen=True, slots=True)
class _Constants:
    """All that is the same in every signature by one certificate, encoded once."""

    digest: str
    digest_identifier: bytes
    signature_identifier: bytes
    identifier: bytes
    content_type: bytes
    signing_certificate: bytes
    certificates: bytes


def cades(
    content: Content,
    signer: Signer,
    *,
    signing_time: datetime,
    detached: bool,
    mime_type: str | None,
    policy: Policy | None = None,
) -> bytes:
    """Return a CAdES B-B signature over `content` in DER, checked before it is handed out.

    Raises the auditing event `esign.signature` with the signature and its content.
    `signing_time` is aware; whole seconds of it are written. `mime_type` None: not known, so not
    written. `policy` is named in a signed attribute. Raises KeyRefused, CertificateUnreadable,
    SelfCheckFailed, and what the signer raises.
    """
    constants = _constants(signer.certificate, tuple(signer.chain))
    info, value = _signer_info(constants, content, signer, signing_time, mime_type, policy)
    inside = None if detached else _whole(content)
    signature = encoding.signed_data(
        constants.digest_identifier, inside, constants.certificates, info
    )
    _check(signature, content, signer.certificate, signing_time, value)
    sys.audit("esign.signature", signature, content)
    return signature


def added(
    signature: bytes,
    content: Content,
    signer: Signer,
    *,
    signing_time: datetime,
    mime_type: str | None,
    policy: Policy | None = None,
    path: str = "",
) -> bytes:
    """Return a signature file (DER) with one more signature beside those in it, which stay as they
    are.

    `content` is what they are over. Arguments, auditing event and errors as of `cades`; raises
    NothingToAddTo as well, with the file's `path`, where what is there does not hold or is over
    something else.
    """
    from esign_cli.signatures.cms import attribute_writer

    _check_others(signature, content, signing_time, path)
    constants = _constants(signer.certificate, tuple(signer.chain))
    info, value = _signer_info(constants, content, signer, signing_time, mime_type, policy)
    additions = attribute_writer.Additions(
        certificates=tuple(node.raw for node in asn1.read(constants.certificates)),
        digests=(constants.digest_identifier,),
        signers=(info,),
    )
    extended = attribute_writer.added(signature, additions)
    _check(extended, content, signer.certificate, signing_time, value)
    sys.audit("esign.signature", extended, content)
    return extended


def stands(
    signature: bytes,
    content: Content,
    der: bytes,
    *,
    detached: bool | None,
    now: datetime,
    policy: Policy | None = None,
    alone: bool = True,
) -> bool:
    """Return whether `signature`, DER or PEM, is a B-B signature over `content` by this
    certificate.

    By it `alone`, or among others; under this policy, or none. What lies above B-B is passed over.
    `detached` None: either will do.
    """
    try:
        data = signed_data.parse(signature)
        own = _own(data, der)
        _check(signature, content, der, now, own.signature)
    except (errors.SelfCheckFailed, errors.Asn1Malformed):
        return False
    single = len(data.signers) == 1 or not alone
    placed = detached is None or (data.content is None) is detached
    return single and placed and _policy_of(own) == _oid(policy)


def _own(data: SignedData, der: bytes) -> SignerInfo:
    """The part of the signer whose certificate this is; raises SelfCheckFailed."""
    parts = tbs.read(der)
    for signer in data.signers:
        if signer.serial == parts.serial and tbs.same_name(signer.issuer, parts.issuer):
            return signer
    raise errors.SelfCheckFailed(detail="certificate-absent")


def _policy_of(signer: SignerInfo) -> str:
    from esign_cli.signatures.cms import policies

    values = signer.values(encoding.SIGNATURE_POLICY)
    return policies.named(values[0][0]).oid if values else ""


def _oid(policy: Policy | None) -> str:
    return policy.oid if policy is not None else ""


def _whole(content: Content) -> bytes:
    assert isinstance(content, bytes)  # noqa: S101  (what goes into a signature is kept)
    return content


def content_type(content: Content) -> str | None:
    """Return the media type that the bytes themselves tell, for the mime-type attribute."""
    beginning = content.beginning if isinstance(content, Digested) else content
    return "application/pdf" if beginning.startswith(b"%PDF-") else None


def check_key(der: bytes) -> None:
    """Raise KeyRefused if signatures are not made with the key of this certificate."""
    _constants(der, ())


@lru_cache(maxsize=8)
def _constants(der: bytes, chain: tuple[bytes, ...]) -> _Constants:
    parts = tbs.read(der)
    scheme = keys.signing_scheme(parts.key_info)
    if scheme is None:
        raise errors.KeyRefused(key=certificate.parse(der).key)
    others = [c for c in dict.fromkeys(chain) if c != der and not _self_issued(c)]
    return _Constants(
        digest=scheme.digest,
        digest_identifier=algorithms.digest_identifier(scheme.digest),
        signature_identifier=algorithms.signature_identifier(scheme.kind, scheme.digest),
        identifier=encoding.issuer_and_serial(parts.issuer, parts.serial),
        content_type=encoding.attribute(encoding.CONTENT_TYPE, asn1.oid(encoding.ID_DATA)),
        signing_certificate=encoding.signing_certificate_v2(
            der, parts.issuer, parts.serial, scheme.digest
        ),
        certificates=asn1.set_of(der, *others, identifier=asn1.context(0)),
    )


def _self_issued(der: bytes) -> bool:
    parts = tbs.read(der)
    return tbs.same_name(parts.issuer, parts.subject)


def _signer_info(
    constants: _Constants,
    content: Content,
    signer: Signer,
    signing_time: datetime,
    mime_type: str | None,
    policy: Policy | None,
) -> tuple[bytes, bytes]:
    """The SignerInfo, and the signature value in it."""
    attributes = _signed_attributes(constants, content, signing_time, mime_type, policy)
    value = signer.sign(asn1.set_of(*attributes), constants.digest)
    info = asn1.sequence(
        asn1.integer(1),
        constants.identifier,
        constants.digest_identifier,
        asn1.set_of(*attributes, identifier=asn1.context(0)),
        constants.signature_identifier,
        asn1.octet_string(value),
    )
    return info, value


def _signed_attributes(
    constants: _Constants,
    content: Content,
    signing_time: datetime,
    mime_type: str | None,
    policy: Policy | None,
) -> list[bytes]:
    digest = algorithms.hashed(constants.digest, content) or b""
    attributes = [
        constants.content_type,
        encoding.attribute(encoding.MESSAGE_DIGEST, asn1.octet_string(digest)),
        encoding.signing_time(signing_time),
        constants.signing_certificate,
    ]
    if mime_type is not None:
        attributes.append(encoding.attribute(encoding.MIME_TYPE, asn1.utf8_string(mime_type)))
    if policy is not None and policy.oid:
        from esign_cli.signatures.cms import policies

        attributes.append(policies.attribute(policy))
    return attributes


def _check(signature: bytes, content: Content, der: bytes, now: datetime, value: bytes) -> None:
    """Read the signature back: structure, binding and mathematics against this certificate."""
    try:
        data = signed_data.parse(signature)
        own = next(signer for signer in data.signers if signer.signature == value)
        findings = structure.examine(data, own, content, latest=now)
    except errors.Asn1Malformed as error:
        raise errors.SelfCheckFailed(detail=str(error.facts["detail"])) from error
    wrong = [f.code for f in findings.findings if f.sub is not None and f.check != "key-usage"]
    if findings.certificate is None or findings.certificate.der != der:
        wrong.append("certificate-absent")
    if wrong or findings.level != "B-B":
        raise errors.SelfCheckFailed(detail=", ".join(wrong))


def _check_others(signature: bytes, content: Content, now: datetime, path: str) -> None:
    """Raise NothingToAddTo unless every signature that is there holds over this very content."""
    try:
        data = signed_data.parse(signature)
    except errors.Asn1Malformed as error:
        raise errors.NothingToAddTo(because=["malformed"], path=path) from error
    for signer in data.signers:
        findings = structure.examine(data, signer, content, latest=now)
        wrong = [
            f.code for f in findings.findings if f.sub is not None and f.check in _OF_THE_BYTES
        ]
        if wrong or data.content_type != encoding.ID_DATA:
            raise errors.NothingToAddTo(because=wrong or ["content-type"], path=path)
