"""What made-up certificates are put together from: names, keys, extensions, addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from esign_cli.signatures.pki import asn1

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
Digest = hashes.SHA256 | hashes.SHA384 | hashes.SHA512

MADE_UP = "ÖRNEK (DENEME)"
NES_POLICY = "2.16.792.1.2.1.1.5.7.1.1"
COMPANY_SEAL_POLICY = "2.16.792.1.2.1.1.5.7.4.1"
QC_COMPLIANCE = "0.4.0.1862.1.1"
QC_5070 = "2.16.792.1.61.0.1.5070.1.1"
QC_5070_RESTRICTED = "2.16.792.1.61.0.1.5070.1.3"
QC_5070_SEAL = "2.16.792.1.61.0.1.5070.2.1"
STATEMENTS = (QC_COMPLIANCE, QC_5070)
NOTICE = (
    "ÖRNEK (deneme) sertifika: 5070 sayılı Kanuna göre nitelikli elektronik sertifika gibi "
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
    """Return a made-up T.C. kimlik no with right check digits: 1 gives 10000000146."""
    digits = [int(c) for c in f"{100_000_000 + number:09d}"]
    tenth = (7 * sum(digits[0::2]) - sum(digits[1::2])) % 10
    return "".join(map(str, digits)) + str(tenth) + str((sum(digits) + tenth) % 10)


def new_key(kind: str) -> PrivateKey:
    """Return a new key: "RSA-2048" (any size that the library makes), or a name in CURVES."""
    if kind.startswith("RSA-"):
        return rsa.generate_private_key(public_exponent=65537, key_size=int(kind[4:]))
    return ec.generate_private_key(CURVES[kind]())


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

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def new_authority(
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
        .add_extension(key_usage(False, False, ca=True), critical=True)
        .add_extension(x509.CertificatePolicies(any_policy), critical=False)
    )
    if by:
        builder = with_addresses(builder, by, public)
    else:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
    return Authority(builder.sign(signer, hashes.SHA256()), key, name)


def with_addresses(
    builder: x509.CertificateBuilder, by: Authority, public: PublicKey
) -> x509.CertificateBuilder:
    """Return the two key identifiers, and where the issuer's CRL, OCSP and certificate would be."""
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
        .add_extension(issuer_key(by), critical=False)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .add_extension(access, critical=False)
    )


def _uri(address: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(address)


def issuer_key(by: Authority) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key())


def key_usage(digital_signature: bool, non_repudiation: bool, *, ca: bool = False) -> x509.KeyUsage:
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


def policies(policy: str, *, notice: bool) -> x509.CertificatePolicies:
    qualifiers: list[str | x509.UserNotice] = ["http://madeup.invalid/sui.html"]
    if notice:
        qualifiers.append(x509.UserNotice(notice_reference=None, explicit_text=NOTICE))
    information = x509.PolicyInformation(x509.ObjectIdentifier(policy), qualifiers)
    return x509.CertificatePolicies([information])


def revoked_entry(line: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(line.serial).revocation_date(line.at)
    if line.reason:
        reason = x509.CRLReason(x509.ReasonFlags(line.reason))
        builder = builder.add_extension(reason, critical=False)
    return builder.build()


def qc_statements(statements: Iterable[str]) -> x509.UnrecognizedExtension:
    """Return qcStatements (RFC 3739 section 3.2.6); 5070's own carry a plain UTF8String."""
    encoded = (
        asn1.sequence(asn1.oid(oid), b"" if oid == QC_COMPLIANCE else asn1.utf8_string(NOTICE))
        for oid in statements
    )
    return x509.UnrecognizedExtension(_QC_STATEMENTS, asn1.sequence(*encoded))
