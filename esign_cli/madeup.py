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
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
Digest = hashes.SHA256 | hashes.SHA384 | hashes.SHA512

MADE_UP = "MADE-UP / UYDURMA"
NES_POLICY = "2.16.792.1.2.1.1.5.7.1.1"
COMPANY_SEAL_POLICY = "2.16.792.1.2.1.1.5.7.4.1"
QC_COMPLIANCE = "0.4.0.1862.1.1"
QC_5070 = "2.16.792.1.61.0.1.5070.1.1"
QC_5070_RESTRICTED = "2.16.792.1.61.0.1.5070.1.3"
QC_5070_SEAL = "2.16.792.1.61.0.1.5070.2.1"
STATEMENTS = (QC_COMPLIANCE, QC_5070)
NOTICE = (
    "UYDURMA (deneme) sertifika: 5070 sayılı Kanuna göre nitelikli elektronik sertifika gibi "
    "kurulmuştur, hukuki değeri yoktur."
)
CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
    "secp256k1": ec.SECP256K1,
}
VALIDITY = timedelta(days=3 * 365)
_QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_CRL_URL = "http://madeup.invalid/{issuer}.crl"
_OCSP_URL = "http://madeup.invalid/ocsp"
_ISSUER_URL = "http://madeup.invalid/{issuer}.cer"


def national_id(number: int) -> str:
    """A made-up T.C. kimlik no with right check digits: 1 gives 10000000146."""
    digits = [int(c) for c in f"{100_000_000 + number:09d}"]
    tenth = (7 * sum(digits[0::2]) - sum(digits[1::2])) % 10
    return "".join(map(str, digits)) + str(tenth) + str((sum(digits) + tenth) % 10)


def new_key(kind: str) -> PrivateKey:
    """A new key: "RSA-2048" (any size that the library makes), or a name in CURVES."""
    if kind.startswith("RSA-"):
        return rsa.generate_private_key(public_exponent=65537, key_size=int(kind[4:]))
    return ec.generate_private_key(CURVES[kind]())


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
        """The private key; only for certificates whose key was made here."""
        if self.private_key is None:
            raise LookupError("the key of this certificate was not made here")
        return self.private_key

    def p12(self, passphrase: str, *, with_chain: bool = True) -> bytes:
        """Certificate, key and sub-CA as PKCS#12, under `passphrase` (none when empty)."""
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
class Revoked:
    """A line of a CRL; `reason` is a name of RFC 5280 such as "certificateHold", or empty."""

    serial: int
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """A made-up issuer: its certificate and its key."""

    certificate: x509.Certificate
    key: PrivateKey
    name: str
    """"root" or "sub", as in the addresses that its certificates carry."""

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


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
        """A new root and sub-CA, valid from two years before `now`, with keys of kind `key`."""
        begin, end = now - timedelta(days=731), now + timedelta(days=366 * years)
        root = _authority("root", f"{MADE_UP} Kök Sertifika - Sürüm 1", None, begin, end, key)
        sub_name = f"{MADE_UP} Elektronik Sertifika Hizmet Sağlayıcısı"  # 64 bytes at most
        return cls(root, _authority("sub", sub_name, root, begin, end, key))

    @property
    def root(self) -> bytes:
        """DER of the root."""
        return self.root_authority.der

    @property
    def sub(self) -> bytes:
        """DER of the sub-CA."""
        return self.sub_authority.der

    @property
    def roots_pem(self) -> bytes:
        """The root in PEM, as a file for --trust."""
        return self.root_authority.certificate.public_bytes(serialization.Encoding.PEM)

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
        """A certificate like a qualified one (3 years by default).

        `key` is a kind for `new_key`, a key made elsewhere, or a public key (a token's).
        `qualified=False` leaves out the QC statements and the user notice.
        """
        by = self.issuers[issuer]
        private = new_key(key) if isinstance(key, str) else key
        public = private if isinstance(private, PublicKey) else private.public_key()
        parts = [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TR"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, national_id),
            x509.NameAttribute(NameOID.COMMON_NAME, holder),
        ]
        if organisation:
            parts.insert(1, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(parts))
            .issuer_name(by.certificate.subject)
            .not_valid_before(not_before)
            .not_valid_after(not_after or not_before + VALIDITY)
            .serial_number(serial or x509.random_serial_number())
            .public_key(public)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature, non_repudiation), critical=True)
            .add_extension(_policies(policy, notice=qualified and user_notice), critical=False)
        )
        if qualified and statements:
            builder = builder.add_extension(_qc(statements), critical=False)
        builder = _with_addresses(builder, by, public)
        made = builder.sign(by.key, digest or hashes.SHA256())
        return Issued(
            made.public_bytes(serialization.Encoding.DER),
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
        """DER of a CRL of the sub-CA (or of the root); current for a day by default."""
        by = self.issuers[issuer]
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(by.certificate.subject)
            .last_update(this_update)
            .next_update(next_update or this_update + timedelta(days=1))
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(_issuer_key(by), critical=False)
        )
        for line in revoked:
            builder = builder.add_revoked_certificate(_revoked(line))
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
    ) -> bytes:
        """DER of an OCSP response for `certificate`, signed by its issuer itself."""
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
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate)
        signed = builder.sign(by.key, digest or hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)


# --- parts of a certificate ----------------------------------------------------------------------


def _authority(
    name: str, common_name: str, by: Authority | None, begin: datetime, end: datetime, kind: str
) -> Authority:
    key = new_key(kind)
    public = key.public_key()
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, MADE_UP),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    signer = by.key if by else key
    any_policy = [x509.PolicyInformation(x509.ObjectIdentifier("2.5.29.32.0"), None)]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .not_valid_before(begin)
        .not_valid_after(end)
        .serial_number(x509.random_serial_number())
        .public_key(public)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0 if by else None), critical=True)
        .add_extension(_usage(False, False, ca=True), critical=True)
        .add_extension(x509.CertificatePolicies(any_policy), critical=False)
    )
    if by:
        builder = _with_addresses(builder, by, public)
    else:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
    return Authority(builder.sign(signer, hashes.SHA256()), key, name)


def _with_addresses(
    builder: x509.CertificateBuilder, by: Authority, public: PublicKey
) -> x509.CertificateBuilder:
    """The two key identifiers, and where the issuer's CRL, OCSP and certificate would be."""
    point = x509.DistributionPoint(
        [x509.UniformResourceIdentifier(_CRL_URL.format(issuer=by.name))], None, None, None
    )
    access = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, _uri(_OCSP_URL)),
            x509.AccessDescription(
                AuthorityInformationAccessOID.CA_ISSUERS, _uri(_ISSUER_URL.format(issuer=by.name))
            ),
        ]
    )
    return (
        builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(_issuer_key(by), critical=False)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .add_extension(access, critical=False)
    )


def _uri(address: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(address)


def _issuer_key(by: Authority) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key())


def _usage(digital_signature: bool, non_repudiation: bool, *, ca: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=non_repudiation,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _policies(policy: str, *, notice: bool) -> x509.CertificatePolicies:
    qualifiers: list[str | x509.UserNotice] = ["http://madeup.invalid/sui.html"]
    if notice:
        qualifiers.append(x509.UserNotice(notice_reference=None, explicit_text=NOTICE))
    information = x509.PolicyInformation(x509.ObjectIdentifier(policy), qualifiers)
    return x509.CertificatePolicies([information])


def _revoked(line: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(line.serial).revocation_date(line.at)
    if line.reason:
        reason = x509.CRLReason(x509.ReasonFlags(line.reason))
        builder = builder.add_extension(reason, critical=False)
    return builder.build()


def _qc(statements: Iterable[str]) -> x509.UnrecognizedExtension:
    """qcStatements (RFC 3739 section 3.2.6); 5070's own carry a plain UTF8String."""
    encoded = []
    for oid in statements:
        info = _der(0x0C, NOTICE.encode()) if oid != QC_COMPLIANCE else b""
        encoded.append(_der(0x30, _oid(oid) + info))
    return x509.UnrecognizedExtension(_QC_STATEMENTS, _der(0x30, b"".join(encoded)))


def _oid(dotted: str) -> bytes:
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    octets = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        octets += bytes(reversed(groups))
    return _der(0x06, bytes(octets))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size])
    if size >> 7:
        digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(digits)]) + digits
    return bytes([tag]) + length + content
