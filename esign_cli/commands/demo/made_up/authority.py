"""A made-up certification authority and made-up people, for the demo and the tests.

Its certificates are built like a Kamu SM qualified certificate, so that the same rules apply to
them; its names say that they are made up, and nobody trusts its root unless told to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

from esign_cli.commands.demo.made_up import parts
from esign_cli.commands.demo.made_up.parts import (
    MADE_UP,
    NES_POLICY,
    STATEMENTS,
    VALIDITY,
    Authority,
    Digest,
    PrivateKey,
    PublicKey,
    Revoked,
    new_key,
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate of the made-up CA, with its key where the CA made it."""

    certificate: bytes
    chain: tuple[bytes, ...]
    """DER of the sub-CA, without the root."""
    private_key: PrivateKey | None

    @property
    def serial(self) -> int:
        return x509.load_der_x509_certificate(self.certificate).serial_number

    def key(self) -> PrivateKey:
        """Return the private key; only for certificates whose key was made here."""
        if self.private_key is None:
            raise LookupError("the key of this certificate was not made here")
        return self.private_key

    def pkcs8(self) -> bytes:
        """Return the private key as unencrypted PKCS#8 in PEM."""
        return self.key().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def p12(self, passphrase: str, *, with_chain: bool = True) -> bytes:
        """Return certificate, key and sub-CA as PKCS#12, under `passphrase` (none when empty)."""
        encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if passphrase:
            encryption = serialization.BestAvailableEncryption(passphrase.encode())
        chain = [x509.load_der_x509_certificate(der) for der in self.chain]
        return pkcs12.serialize_key_and_certificates(
            b"made-up",
            self.key(),
            x509.load_der_x509_certificate(self.certificate),
            chain if with_chain else None,
            encryption,
        )


@dataclass(frozen=True, slots=True)
class MadeUpCa:
    """A made-up root and the sub-CA below it; all times are aware."""

    root_authority: Authority
    sub_authority: Authority
    issuers: dict[str, Authority] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        both = {"root": self.root_authority, "sub": self.sub_authority}
        object.__setattr__(self, "issuers", both)

    @classmethod
    def create(cls, now: datetime, *, key: str = "P-384", years: int = 10) -> MadeUpCa:
        """Return a new root and sub-CA, valid from two years before `now`, with keys of
        kind `key`.
        """
        begin, end = now - timedelta(days=731), now + timedelta(days=366 * years)
        root = parts.new_authority(
            "root", f"{MADE_UP} Kök Sertifika - Sürüm 1", None, begin, end, key
        )
        sub_name = f"{MADE_UP} Elektronik Sertifika Hizmet Sağlayıcısı"  # 64 bytes at most
        return cls(root, parts.new_authority("sub", sub_name, root, begin, end, key))

    @property
    def root(self) -> bytes:
        """DER of the root."""
        return self.root_authority.der

    @property
    def sub(self) -> bytes:
        """DER of the sub-CA."""
        return self.sub_authority.der

    @property
    def root_pem(self) -> bytes:
        """The root in PEM, as a file for --trust."""
        return self.root_authority.pem

    @property
    def sub_pem(self) -> bytes:
        """The sub-CA in PEM, as a file for --trust."""
        return self.sub_authority.pem

    def issue(
        self,
        holder: str,
        national_id: str,
        *,
        key: str | PrivateKey | PublicKey = "RSA-2048",
        not_before: datetime,
        not_after: datetime | None = None,
        qualified: bool = True,
        non_repudiation: bool = True,
        digital_signature: bool = True,
        statements: Sequence[str] = STATEMENTS,
        policy: str = NES_POLICY,
        user_notice: bool = True,
        organisation: str = "",
        issuer: str = "sub",
        serial: int = 0,
        digest: Digest | None = None,
    ) -> Issued:
        """Return a certificate like a qualified one (3 years by default).

        `key` is a kind for `new_key`, a key made elsewhere, or a public key (a token's).
        `qualified=False` leaves out the QC statements and the user notice.
        """
        by = self.issuers[issuer]
        private = new_key(key) if isinstance(key, str) else key
        public = private if isinstance(private, PublicKey) else private.public_key()
        subject = [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TR"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, national_id),
            x509.NameAttribute(NameOID.COMMON_NAME, holder),
        ]
        if organisation:
            subject.insert(1, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(subject))
            .issuer_name(by.certificate.subject)
            .not_valid_before(not_before)
            .not_valid_after(not_after or not_before + VALIDITY)
            .serial_number(serial or x509.random_serial_number())
            .public_key(public)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(parts.key_usage(digital_signature, non_repudiation), critical=True)
            .add_extension(parts.policies(policy, notice=qualified and user_notice), critical=False)
        )
        if qualified and statements:
            builder = builder.add_extension(parts.qc_statements(statements), critical=False)
        builder = parts.with_addresses(builder, by, public)
        certificate = builder.sign(by.key, digest or hashes.SHA256())
        return Issued(
            certificate.public_bytes(serialization.Encoding.DER),
            (self.sub,) if issuer == "sub" else (),
            private if isinstance(private, PrivateKey) else None,
        )

    def crl(
        self,
        revoked: Iterable[Revoked] = (),
        *,
        this_update: datetime,
        next_update: datetime | None = None,
        issuer: str = "sub",
        number: int = 1,
        digest: Digest | None = None,
    ) -> bytes:
        """Return DER of a CRL of the sub-CA (or of the root); current for a day by default."""
        by = self.issuers[issuer]
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(by.certificate.subject)
            .last_update(this_update)
            .next_update(next_update or this_update + timedelta(days=1))
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(parts.issuer_key(by), critical=False)
        )
        for line in revoked:
            builder = builder.add_revoked_certificate(parts.revoked_entry(line))
        signed = builder.sign(by.key, digest or hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)

    def ocsp(
        self,
        certificate: bytes,
        *,
        this_update: datetime,
        next_update: datetime | None = None,
        revoked: Revoked | None = None,
        issuer: str = "sub",
        digest: Digest | None = None,
        responder: Issued | None = None,
    ) -> bytes:
        """Return DER of an OCSP response for `certificate`, signed by its issuer or by a
        `responder`.
        """
        by = self.issuers[issuer]
        reason = x509.ReasonFlags(revoked.reason) if revoked and revoked.reason else None
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=x509.load_der_x509_certificate(certificate),
            issuer=by.certificate,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=this_update,
            next_update=next_update or this_update + timedelta(days=1),
            revocation_time=revoked.at if revoked else None,
            revocation_reason=reason,
        )
        own, key = by.certificate, by.key
        if responder is not None:
            own, key = x509.load_der_x509_certificate(responder.certificate), responder.key()
            builder = builder.certificates([own])
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, own)
        signed = builder.sign(key, digest or hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)
