"""Made-up services beside the CA: a time stamp authority's and an OCSP responder's certificate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from esign_cli.commands.demo.made_up import parts
from esign_cli.commands.demo.made_up.authority import Issued, MadeUpCa
from esign_cli.commands.demo.made_up.parts import MADE_UP, VALIDITY

TIME_STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
OCSP_SIGNING = ExtendedKeyUsageOID.OCSP_SIGNING


def service(
    ca: MadeUpCa,
    name: str,
    *,
    not_before: datetime,
    not_after: datetime | None = None,
    purposes: Sequence[x509.ObjectIdentifier] = (TIME_STAMPING,),
    critical: bool = True,
    key: str = "P-256",
    no_check: bool = False,
) -> Issued:
    """Return a certificate of the sub-CA for a server; no purposes: without extended key usage."""
    by, private = ca.issuers["sub"], parts.new_key(key)
    public = private.public_key()
    subject = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "TR"),
        x509.NameAttribute(NameOID.COMMON_NAME, f"{MADE_UP} {name}"),
    ]
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(subject))
        .issuer_name(by.certificate.subject)
        .not_valid_before(not_before)
        .not_valid_after(not_after or not_before + VALIDITY)
        .serial_number(x509.random_serial_number())
        .public_key(public)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(parts.key_usage(True, False), critical=True)
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    if no_check:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    certificate = parts.with_addresses(builder, by, public).sign(by.key, hashes.SHA256())
    return Issued(certificate.public_bytes(serialization.Encoding.DER), (ca.sub,), private)
