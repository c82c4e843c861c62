"""A made-up PKI that Certomancer runs on loopback: CRLs, OCSP answers and time stamps over HTTP.

Root, a sub-CA for people and one for the time stamp authority, an OCSP responder, people whose
certificates are built like qualified ones. The clock is the test's: `pki.now` may be set.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from asn1crypto import core, ocsp, tsp
from certomancer.registry import CertLabel, CertomancerConfig, KeyLabel, ServiceLabel
from cryptography import x509
from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from esign_cli.commands.demo.made_up import Issued, MadeUpCa, national_id, parts
from esign_cli.signatures.pki import asn1
from tests.support.long_term import Stamper

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
END = "2034-01-01T00:00:00+0000"
USER, PASSWORD = 4711, "çok gizli parola"
KEYS = {
    "root": "P-384",
    "sub": "P-384",
    "tsa-ca": "P-384",
    "ocsp": "P-256",
    "tsa": "P-256",
    "rsa": "RSA-2048",
    "p384": "P-384",
    "other": "P-256",
}
PEOPLE = {"rsa": 1, "p384": 2, "revoked": 3, "suspended": 4, "restricted": 5, "plain": 6}
"""Signers by label, and the number of their made-up national id."""
OF_KEY = {"revoked": "other", "suspended": "other", "restricted": "other", "plain": "other"}
SERIAL = 0x6E21C09F4D8B735A1B02F4E6C8A95D00
"""The people's serial numbers begin so: as long as real ones, so that none is met by chance."""
PREFIX = "/made-up"


@dataclass
class Pki:
    """The PKI and its servers."""

    url: str
    config: Any
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of everything that was asked for."""
    down: set[str] = field(default_factory=set)
    """Parts of paths that are answered with 503."""
    instead: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    """Parts of paths, and what makes another answer out of the right one."""
    headers: list[dict[str, str]] = field(default_factory=list)
    _keys: dict[str, parts.PrivateKey] = field(default_factory=dict)

    @property
    def arch(self) -> Any:
        return self.config.get_pki_arch("made-up")

    def certificate(self, label: str) -> bytes:
        return bytes(self.arch.get_cert(CertLabel(label)).dump())

    def private_key(self, label: str) -> parts.PrivateKey:
        if label not in self._keys:
            der = self.arch.key_set.get_private_key(KeyLabel(OF_KEY.get(label, label))).dump()
            key = serialization.load_der_private_key(der, None)  # it checks an RSA key at length
            assert isinstance(key, parts.PrivateKey)
            self._keys[label] = key
        return self._keys[label]

    def issued(self, label: str) -> Issued:
        """Somebody of PEOPLE, with the key."""
        return Issued(self.certificate(label), (self.sub,), self.private_key(label))

    def authority(self, name: str) -> Issued:
        """The time stamp authority behind `/tsa/open` or `/tsa/soft`; one key, two certificates."""
        label, chain = {"open": ("tsa", ("tsa-ca",)), "soft": ("tsa-soft", ())}[name]
        above = tuple(map(self.certificate, chain))
        return Issued(self.certificate(label), above, self.private_key("tsa"))

    @property
    def root(self) -> bytes:
        return self.certificate("root")

    @property
    def sub(self) -> bytes:
        return self.certificate("sub")

    @property
    def tsa_url(self) -> str:
        """A time stamp server that anybody may use."""
        return f"{self.url}{PREFIX}/tsa/open"

    @property
    def first_form_tsa_url(self) -> str:
        """One as RFC 3161 had it: Certomancer's own bytes, which name the certificate by SHA-1."""
        return f"{self.url}{PREFIX}/tsa/first-form"

    @property
    def soft_tsa_url(self) -> str:
        """One whose certificate is for time stamps, and does not say so critically."""
        return f"{self.url}{PREFIX}/tsa/soft"

    @property
    def kamusm_url(self) -> str:
        """The same behind Kamu SM's `identity` header, for USER and PASSWORD."""
        return f"{self.url}/kamusm"

    @property
    def crl_url(self) -> str:
        return f"{self.url}{PREFIX}/crls/sub/latest.crl"

    def count(self, part: str) -> int:
        """How often a path with this part was asked for."""
        return sum(part in path for _method, path in self.requests)

    def trust(self, folder: Path) -> Path:
        """The root in PEM, as a file for --trust."""
        path = folder / "certomancer-root.pem"
        read = x509.load_der_x509_certificate(self.root)
        path.write_bytes(read.public_bytes(serialization.Encoding.PEM))
        return path

    def fresh(self) -> None:
        """Everything as it was at the beginning."""
        self.now = lambda: datetime.now(UTC)
        for kept in (self.requests, self.down, self.instead, self.headers):
            kept.clear()


# --- what the certificates are -------------------------------------------------------------------


def _shape() -> dict[str, str]:
    """The extensions of a qualified certificate as hexadecimal DER, by kind."""
    now = datetime.now(UTC)
    ca = MadeUpCa.create(now, key="P-256")

    def of(oid: str, **more: Any) -> str:
        der = ca.issue("A B", national_id(1), key="P-256", not_before=now, **more).certificate
        extensions = x509.load_der_x509_certificate(der).extensions
        return (
            extensions.get_extension_for_oid(x509.ObjectIdentifier(oid)).value.public_bytes().hex()
        )

    statements, restricted = "1.3.6.1.5.5.7.1.3", (parts.QC_COMPLIANCE, parts.QC_5070_RESTRICTED)
    return {
        "policies": of("2.5.29.32"),
        "statements": of(statements),
        "restricted": of(statements, statements=restricted),
    }


def _extension(name: str, value: Any, *, critical: bool = False) -> dict[str, Any]:
    return {"id": name, "critical": critical, "value": value}


def _smart(name: str, schema: str, params: Any, *, critical: bool = False) -> dict[str, Any]:
    value = {"schema": schema, "params": params}
    return {"id": name, "critical": critical, "smart-value": value}


def _usage(*bits: str) -> dict[str, Any]:
    return _smart("key_usage", "key-usage", list(bits), critical=True)


def _addresses(issuer: str) -> list[dict[str, Any]]:
    found = [_smart("crl_distribution_points", "crl-dist-url", {"crl-repo-names": [issuer]})]
    if issuer == "sub":
        params = {"ocsp-responder-names": ["sub"]}
        found.append(_smart("authority_information_access", "aia-urls", params))
    return found


def _certificate(issuer: str, *extensions: Any, key: str = "", **more: Any) -> dict[str, Any]:
    made = {
        "issuer": issuer,
        "authority-key": issuer,
        "validity": {"valid-from": BEGIN.isoformat(), "valid-to": END},
        "extensions": [*extensions],
        **more,
    }
    return {**made, "subject-key": key} if key else made


def _authority(issuer: str, name: str) -> dict[str, Any]:
    usage = _usage("key_cert_sign", "crl_sign")
    basic = _extension("basic_constraints", {"ca": True}, critical=True)
    return _certificate(issuer, basic, usage, *(() if issuer == name else _addresses(issuer)))


def _person(label: str, shape: dict[str, str]) -> dict[str, Any]:
    kind = "restricted" if label == "restricted" else "statements"
    extensions = [
        _extension("basic_constraints", {"ca": False}, critical=True),
        _usage("digital_signature", "non_repudiation"),
        _smart("certificate_policies", "der-bytes", shape["policies"]),
        *_addresses("sub"),
    ]
    if label != "plain":
        extensions.append(_smart("1.3.6.1.5.5.7.1.3", "der-bytes", shape[kind]))
    reasons = {"revoked": "key_compromise", "suspended": "certificate_hold"}
    more: dict[str, Any] = {"serial": SERIAL + PEOPLE[label]}
    if label in reasons:
        since = "2025-01-01T00:00:00+0000"
        more["revocation"] = {"revoked-since": since, "reason": reasons[label]}
    return _certificate("sub", *extensions, key=OF_KEY.get(label, label), **more)


def _purpose(name: str, *, critical: bool = True) -> dict[str, Any]:
    return _extension("extended_key_usage", [name], critical=critical)


def _configuration(url: str) -> dict[str, Any]:
    shape = _shape()
    names = {name: {"common-name": f"{parts.MADE_UP} {name}"} for name in (*KEYS, "tsa-soft")}
    people = {
        label: {"serial-number": national_id(n), "common-name": f"{label.upper()} IŞIK"}
        for label, n in PEOPLE.items()
    }
    signing, no_check = _usage("digital_signature"), _extension("ocsp_no_check", None)
    certificates = {
        "root": _authority("root", "root"),
        "sub": _authority("root", "sub"),
        "tsa-ca": _authority("root", "tsa-ca"),
        "ocsp": _certificate("sub", signing, _purpose("ocsp_signing"), no_check),
        "tsa": _certificate("tsa-ca", signing, _purpose("time_stamping"), *_addresses("tsa-ca")),
        "tsa-soft": _certificate(
            "tsa-ca",
            signing,
            _purpose("time_stamping", critical=False),
            *_addresses("tsa-ca"),
            key="tsa",
        ),
        **{label: _person(label, shape) for label in PEOPLE},
    }
    issuers = ("root", "sub", "tsa-ca")
    schedule = {"simulated-update-schedule": "PT1M"}
    services = {
        "crl-repo": {i: {"for-issuer": i, "signing-key": i, **schedule} for i in issuers},
        "ocsp": {"sub": {"for-issuer": "sub", "responder-cert": "ocsp", "signing-key": "ocsp"}},
        "time-stamping": {
            "first-form": {
                "signing-key": "tsa",
                "signing-cert": "tsa",
                "certs-to-embed": ["tsa-ca"],
            },
        },
    }
    architecture = {
        "keyset": "all",
        "entity-defaults": {"country-name": "TR"},
        "entities": {**names, **people},
        "certs": certificates,
        "services": services,
    }
    keys = {name: {"path": f"{name}.pem"} for name in KEYS}
    return {
        "external-url-prefix": url,
        "keysets": {"all": {"keys": keys}},
        "pki-architectures": {"made-up": architecture},
    }


# --- time stamps ---------------------------------------------------------------------------------


def stamped(request: Any, issued: Issued, at: datetime) -> bytes:
    """An answer whose token names its certificate by signing-certificate-v2 (RFC 5816)."""
    imprint = request["message_imprint"]
    by = Stamper(
        issued,
        digest=imprint["hash_algorithm"]["algorithm"].native,
        serial=secrets.randbits(63),
        tail=asn1.integer(request["nonce"].native),
    )
    token = by.token(b"", at, imprint=imprint["hashed_message"].native)
    return asn1.sequence(asn1.sequence(asn1.integer(0)), token)


def refusal(text: str = "", status: int = 2) -> bytes:
    """A time stamp answer that grants nothing (RFC 3161 2.4.2)."""
    said = asn1.sequence(asn1.utf8_string(text)) if text else b""
    return asn1.sequence(asn1.sequence(asn1.integer(status), said))


def identity_is_right(header: str, request: bytes) -> bool:
    """Whether Kamu SM's header decrypts to the digest that is to be stamped."""

    class Identity(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
        _fields = [  # noqa: RUF012  (asn1crypto's way)
            ("user", core.Integer), ("salt", core.OctetString), ("count", core.Integer),
            ("iv", core.OctetString), ("secret", core.OctetString),
        ]  # fmt: skip

    try:
        read = Identity.load(bytes.fromhex(header), strict=True)
        user, salt, count = read["user"].native, read["salt"].native, read["count"].native
        iv, secret = read["iv"].native, read["secret"].native
    except ValueError:
        return False
    if header != header.lower() or (user, len(salt), count, len(iv)) != (USER, 8, 100, 16):
        return False
    key = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt, count, 32)
    cipher = Cipher(AES(key), CBC(iv)).decryptor()
    unpad = padding.PKCS7(128).unpadder()
    try:
        plain = cipher.update(secret) + cipher.finalize()
        digest = unpad.update(plain) + unpad.finalize()
    except ValueError:
        return False
    imprint = tsp.TimeStampReq.load(request)["message_imprint"]["hashed_message"].native
    return bool(digest == imprint)


# --- serving -------------------------------------------------------------------------------------


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """Nothing on the tests' terminal."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Application:
    """Certomancer's services with the test's clock, its faults, and Kamu SM's door."""

    def __init__(self, pki: Pki) -> None:
        self.pki = pki

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        self.pki.requests.append((environ["REQUEST_METHOD"], path))
        said = {k[5:].lower(): v for k, v in environ.items() if k.startswith("HTTP_")}
        self.pki.headers.append(said)
        request = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if any(part in path for part in self.pki.down):
            start("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"down"]
        body = self._answer(path, said, request)
        for part, change in list(self.pki.instead.items()):
            body = change(body) if part in path else body
        start("200 OK", [("Content-Type", "application/octet-stream")])
        return [body]

    def _answer(self, path: str, said: dict[str, str], request: bytes) -> bytes:
        if path == "/kamusm":
            if not identity_is_right(said.get("identity", ""), request):
                return refusal("Kullanıcı adı veya parola hatalı")
            path = f"{PREFIX}/tsa/open"
        services = self.pki.arch.service_registry
        at = self.pki.now().replace(microsecond=0)  # fractions are read by nobody
        _root, _arch, kind, *names = path.split("/")
        label = ServiceLabel(names[0])
        if kind == "crls":
            return bytes(services.get_crl(label, at).dump())
        if kind == "ocsp":
            asked = ocsp.OCSPRequest.load(request)
            return bytes(services.summon_responder(label, at).build_ocsp_response(asked).dump())
        wanted = tsp.TimeStampReq.load(request)
        if names[0] == "first-form":
            stamper = services.summon_timestamper(label, at)
            return bytes(stamper.request_tsa_response(wanted).dump())
        return stamped(wanted, self.pki.authority(names[0]), at)


@contextmanager
def running(folder: Path) -> Iterator[Pki]:
    """The servers for the length of a `with` block; `folder` is for the keys."""
    for name, kind in KEYS.items():
        pem = parts.new_key(kind).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / f"{name}.pem").write_bytes(pem)
    with make_server("127.0.0.1", 0, _nothing, _Server, _Quiet) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        pki = Pki(url, CertomancerConfig(_configuration(url), str(folder)))
        server.set_app(_Application(pki))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield pki
        finally:
            server.shutdown()
            thread.join(5)


def _nothing(_environ: Any, _start: Any) -> list[bytes]:
    return []


@pytest.fixture(scope="session")
def whole_pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with running(tmp_path_factory.mktemp("certomancer")) as pki:
        yield pki


@pytest.fixture
def pki(whole_pki: Pki) -> Pki:
    """The PKI, with nothing asked for yet and everything up."""
    whole_pki.fresh()
    return whole_pki


__all__ = ["Pki", "pki", "whole_pki"]
