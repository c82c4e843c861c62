"""What a certificate says: DER in, `model.Certificate` out, with no word on whether it is trusted.

Rules: RFC 5280; ETSI EN 319 412-5 (QC statements); Turkish Electronic Signature Law no. 5070.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors.signatures import CertificateUnreadable
from esign_cli.foundation.plain_text import one_line
from esign_cli.foundation.turkish import is_national_id

LARGEST = 64 * 1024
"""Bytes; asn1crypto takes quadratic time over some malformed input."""

CN = "common_name"
NON_REPUDIATION, DIGITAL_SIGNATURE = "non_repudiation", "digital_signature"
QC_COMPLIANCE = "0.4.0.1862.1.1"
LAW_5070 = "2.16.792.1.61.0.1.5070.1.1"
RESTRICTED = frozenset({"2.16.792.1.61.0.1.5070.1.3", "2.16.792.1.61.0.1.5070.2.2"})
SEAL = "2.16.792.1.61.0.1.5070.2.1"
SEAL_POLICY = "2.16.792.1.2.1.1.5.7.4.1"
_VKN = re.compile(r"[0-9]{10}")
_EXTENDED_KEY_USAGE, _TIME_STAMPING = "2.5.29.37", "1.3.6.1.5.5.7.3.8"
_QC_STATEMENTS = "1.3.6.1.5.5.7.1.3"
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp192r1": "P-192"}


@lru_cache(maxsize=256)
def parse(der: bytes) -> Certificate:
    """Return the certificate in `der`, exactly one and nothing after it.

    Times are aware, in UTC. Raises errors.CertificateUnreadable.
    """
    if len(der) > LARGEST:
        raise CertificateUnreadable(detail=f"{len(der)} bytes")
    try:
        return _read(der)
    # asn1crypto raises whatever the malformed bytes lead it to
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        # what it says of them is for programmers, and English
        raise CertificateUnreadable(detail=type(error).__name__) from error


def addresses(der: bytes) -> list[str]:
    """Return where the certificate says that its CRL and OCSP answers are."""
    from esign_cli.signatures.pki import retrieval

    crls, answers = retrieval.named(der)
    return [address for address in (*crls, *answers) if address]


def only_time_stamping(der: bytes) -> bool:
    """Return whether it is for time stamps and nothing else, and says so critically (RFC
    3161 2.3).
    """
    from asn1crypto import x509

    try:
        extensions = x509.Certificate.load(der, strict=True)["tbs_certificate"]["extensions"]
        usages = [e for e in extensions if e["extn_id"].dotted == _EXTENDED_KEY_USAGE]
        return len(usages) == 1 and bool(usages[0]["critical"].native) and (
            [usage.dotted for usage in usages[0]["extn_value"].parsed] == [_TIME_STAMPING]
        )  # fmt: skip
    # asn1crypto raises whatever the malformed bytes lead it to
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        return False


def _read(der: bytes) -> Certificate:
    from asn1crypto import x509

    certificate = x509.Certificate.load(der, strict=True)
    tbs = certificate["tbs_certificate"]
    extensions = _extensions(tbs)
    subject, issuer = tbs["subject"].native, tbs["issuer"].native
    usage, seal = _key_usage(extensions), _is_seal(extensions)
    repudiation = NON_REPUDIATION in usage
    return Certificate(
        der=der,
        sha256=hashlib.sha256(der).hexdigest(),
        serial=serial_hex(tbs["serial_number"].native),
        holder=_name(subject),
        national_id=_national_id(subject),
        issuer=_name(issuer),
        not_before=_time(tbs["validity"]["not_before"]),
        not_after=_time(tbs["validity"]["not_after"]),
        key=_key(tbs["subject_public_key_info"]),
        signs=repudiation or (seal and DIGITAL_SIGNATURE in usage),
        unqualified_because=_unqualified_because(extensions, signs=repudiation, seal=seal),
        tax_number=_tax_number(subject) if seal else "",
    )


def serial_hex(serial: int) -> str:
    """Return a serial number as it is written in this program: lower-case hexadecimal,
    whole bytes.
    """
    sign, digits = ("-" if serial < 0 else ""), f"{abs(serial):x}"
    return sign + digits.zfill(len(digits) + len(digits) % 2)


def _extensions(tbs: Any) -> dict[str, Any]:
    """Extensions by dotted OID; RFC 5280 4.2 allows each once."""
    extensions: dict[str, Any] = {}
    for extension in tbs["extensions"]:
        oid = extension["extn_id"].dotted
        if oid in extensions:
            raise CertificateUnreadable(detail=f"extension {oid} twice")
        extensions[oid] = extension["extn_value"]
    return extensions


def _key_usage(extensions: dict[str, Any]) -> set[str]:
    usage = extensions.get("2.5.29.15")
    return set(usage.parsed.native) if usage is not None else set()


def _name(name: dict[str, Any]) -> str:
    """The common name; without one, given name and surname, or the organisation."""
    if names := _texts(name, CN):
        return names[0]
    parts = _texts(name, "given_name")[:1] + _texts(name, "surname")[:1]
    return " ".join(parts or _texts(name, "organization_name")[:1])


def _texts(name: dict[str, Any], key: str) -> list[str]:
    value = name.get(key, [])
    texts = value if isinstance(value, list) else [value]
    return [one_line(str(text).strip()) for text in texts]


def _national_id(subject: dict[str, Any]) -> str:
    """The holder's TCKN, also where it is written after a scheme (ETSI EN 319 412-1 5.1.3)."""
    for text in _texts(subject, "serial_number"):
        number = text.rpartition("-")[2].strip()
        if is_national_id(number):
            return number
    return ""


def _time(value: Any) -> datetime:
    time = value.native
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise CertificateUnreadable(detail=f"time {time}")
    return time.astimezone(UTC)


def _key(info: Any) -> str:
    """The public key in words: "RSA-2048", "EC P-384", "EC 1.3.132.0.10", "Ed25519"."""
    algorithm = info["algorithm"]["algorithm"].native
    if algorithm in ("rsa", "rsassa_pss"):
        return f"RSA-{info['public_key'].parsed['modulus'].native.bit_length()}"
    if algorithm == "ec":
        parameters = info["algorithm"]["parameters"]
        if parameters.name != "named":
            return "EC explicit"
        curve = parameters.chosen
        return f"EC {_CURVES.get(curve.native, curve.dotted)}"
    return str(algorithm).capitalize()


def _is_seal(extensions: dict[str, Any]) -> bool:
    """By its statements, or by Kamu SM's policy for company seals (mali mühür)."""
    policies = extensions.get("2.5.29.32")
    named = (
        {policy["policy_identifier"].dotted for policy in policies.parsed} if policies else set()
    )
    return SEAL in _qc_statements(extensions.get(_QC_STATEMENTS)) or SEAL_POLICY in named


def _tax_number(subject: dict[str, Any]) -> str:
    """The VKN, ten digits (GİB), also where it is written after a scheme."""
    numbers = (t.rpartition("-")[2].strip() for t in _texts(subject, "serial_number"))
    return next((n for n in numbers if _VKN.fullmatch(n)), "")


def _unqualified_because(extensions: dict[str, Any], *, signs: bool, seal: bool) -> tuple[str, ...]:
    """What keeps the certificate from claiming to be qualified, in the order it is told."""
    statements = _qc_statements(extensions.get(_QC_STATEMENTS))
    findings = (
        ("certificate-authority", _is_ca(extensions.get("2.5.29.19"))),
        ("no-non-repudiation", not signs),
        ("no-policy-notice", not _has_user_notice(extensions.get("2.5.29.32"))),
        ("no-qc-statement", QC_COMPLIANCE not in statements),
        ("no-turkish-statement", LAW_5070 not in statements),
        ("usage-restricted", bool(RESTRICTED & statements)),
        ("seal", seal),
    )
    return tuple(code for code, applies in findings if applies)


def _is_ca(constraints: Any) -> bool:
    return constraints is not None and bool(constraints.parsed["ca"].native)


def _has_user_notice(policies: Any) -> bool:
    if policies is None:
        return False
    return any(
        qualifier["policy_qualifier_id"].native == "user_notice"
        for policy in policies.parsed
        for qualifier in policy["policy_qualifiers"] or ()
    )


def _qc_statements(value: Any) -> set[str]:
    """The statements' OIDs; what they add is not read (Turkish ones hold a bare UTF8String)."""
    from asn1crypto import core

    if value is None:
        return set()
    statements = core.SequenceOf.load(value.contents, spec=core.Sequence, strict=True)
    return {statement[0].dotted for statement in statements}
