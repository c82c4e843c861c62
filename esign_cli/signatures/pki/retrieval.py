"""Fetching revocation data: who does it, where the data are, what is asked, how long they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from esign_cli.signatures.pki.crl import Freshness, RevocationData

MOST_ADDRESSES = 3
"""How many addresses of one kind are tried for a certificate."""
Span = tuple[datetime, datetime | None]
"""thisUpdate and nextUpdate."""


class Fetch(Protocol):
    """Gets CRLs and OCSP answers from the addresses that a certificate itself names."""

    def __call__(
        self, certificate: bytes, issuer: bytes, freshness: Freshness, now: datetime
    ) -> Sequence[RevocationData]:
        """What was to be had; nothing is judged, and no failure is raised.

        The certificates are DER. Data from before `freshness.since` are fetched anew even if they
        have not ended. `freshness.source` names the kind that is wanted; a CRL may come beside
        OCSP answers, since it may clear their responder.
        """
        ...


def crl_span(der: bytes) -> Span | None:
    """Return from when to when a CRL speaks; None: it is none."""
    from cryptography import x509

    try:
        crl = x509.load_der_x509_crl(der)
    except (ValueError, TypeError):
        return None
    return crl.last_update_utc, crl.next_update_utc


def ocsp_span(der: bytes) -> Span | None:
    """Return from when to when an OCSP answer speaks; None: it is none, or not a successful one."""
    from cryptography.x509 import ocsp

    try:
        response = ocsp.load_der_ocsp_response(der)
        single = next(iter(response.responses))
    except (ValueError, TypeError, StopIteration):
        return None
    return single.this_update_utc, single.next_update_utc


def ocsp_request(certificate: bytes, issuer: bytes) -> bytes | None:
    """Return an OCSPRequest for one certificate (RFC 6960 4.1); None: the library does not
    read it.

    The SHA-1 in it only names the issuer, and is what every responder knows (RFC 5019 2.1.1).
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import ocsp

    try:
        subject, by = map(x509.load_der_x509_certificate, (certificate, issuer))
    except ValueError:
        return None
    name_by = hashes.SHA1()  # noqa: S303  (a name, no proof)
    builder = ocsp.OCSPRequestBuilder().add_certificate(subject, by, name_by)
    return builder.build().public_bytes(Encoding.DER)


def addresses(der: bytes) -> tuple[list[str], list[str]]:
    """Return where the certificate says that its CRL and its OCSP answers are; http and
    https only.
    """
    crls, answers = named(der)
    return _callable(crls), _callable(answers)


def named(der: bytes) -> tuple[list[str], list[str]]:
    """Return every address of CRLs and of OCSP answers, as the certificate has it.

    Also what is none: it is not called, and hides no other.
    """
    from asn1crypto import x509

    load = x509.Certificate.load
    return list(_read(lambda: _crls(load(der)))), list(_read(lambda: _answers(load(der))))


def _read(names: Callable[[], Iterable[Any]]) -> Iterator[str]:
    """The URIs among general names, up to where an extension is malformed."""
    try:
        for name in names():
            if name.name == "uniform_resource_identifier":
                yield name.chosen.contents.decode("ascii", "replace")
    except (ValueError, TypeError, KeyError):  # asn1crypto, over malformed extensions
        return


def _crls(read: Any) -> Iterator[Any]:
    from asn1crypto import core

    for point in read.crl_distribution_points_value or ():
        where = point["distribution_point"]
        if not isinstance(where, core.Void) and where.name == "full_name":
            yield from where.chosen


def _answers(read: Any) -> Iterator[Any]:
    for access in read.authority_information_access_value or ():
        if access["access_method"].native == "ocsp":
            yield access["access_location"]


def _callable(urls: Sequence[str]) -> list[str]:
    wanted = (url for url in urls if url.lower().startswith(("http://", "https://")))
    return list(dict.fromkeys(wanted))[:MOST_ADDRESSES]
