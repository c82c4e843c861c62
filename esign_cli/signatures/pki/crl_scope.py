"""Which certificates a CRL is for (RFC 5280 5.2.5, 6.3.3 b), and where a certificate's CRLs lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from esign_cli.signatures.pki import tbs

if TYPE_CHECKING:
    from cryptography import x509

OTHERS = "others"
"""The CRL is for certificates of another kind: nothing that is worth a word."""


def declared(crl: x509.CertificateRevocationList) -> object:
    """Return the CRL's issuing distribution point; None: it is for all certificates."""
    from cryptography import x509

    try:
        return crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return None


def refusal(
    point: x509.IssuingDistributionPoint,
    crl: x509.CertificateRevocationList,
    certificate: x509.Certificate,
) -> str:
    """Return why the CRL's scope does not take the certificate in; empty if it does.

    "indirect", "some-reasons" or `OTHERS`.
    """
    if point.indirect_crl:
        return "indirect"
    if point.only_some_reasons:
        return "some-reasons"
    kind_excluded = point.only_contains_user_certs if _is_ca(certificate) else (
        point.only_contains_ca_certs
    )  # fmt: skip
    if kind_excluded or point.only_contains_attribute_certs:
        return OTHERS
    names = {*(point.full_name or ()), *_below(crl.issuer, point.relative_name)}
    within = not names or bool(names & set(_distribution_names(certificate)))
    return "" if within else OTHERS


def names_issuer(crl: x509.CertificateRevocationList, certificate: bytes) -> bool:
    """Return whether the certificate names the CRL's issuer, another than its own, for its CRLs."""
    from cryptography import x509

    wanted = crl.issuer.public_bytes()
    return any(
        isinstance(name, x509.DirectoryName) and tbs.same_name(name.value.public_bytes(), wanted)
        for point in _points(x509.load_der_x509_certificate(certificate))
        for name in point.crl_issuer or ()
    )


def _is_ca(certificate: x509.Certificate) -> bool:
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _points(certificate: x509.Certificate) -> Iterator[x509.DistributionPoint]:
    from cryptography import x509

    with suppress(x509.ExtensionNotFound):
        yield from certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value


def _distribution_names(certificate: x509.Certificate) -> Iterator[x509.GeneralName]:
    for point in _points(certificate):
        yield from point.full_name or ()
        yield from _below(certificate.issuer, point.relative_name)


def _below(
    issuer: x509.Name, relative: x509.RelativeDistinguishedName | None
) -> Iterator[x509.GeneralName]:
    """The whole name of a distribution point that is named relative to its CRL issuer."""
    from cryptography import x509

    if relative is not None:
        yield x509.DirectoryName(x509.Name([*issuer.rdns, relative]))
