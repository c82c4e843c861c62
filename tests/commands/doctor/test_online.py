"""`doctor --online`: a line for each server that is named, by its host, and the proxy between."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from esign_cli.cards.modules import Module
from esign_cli.commands.demo.made_up import MadeUpCa
from esign_cli.signatures import certificate
from esign_cli.signatures.pki import retrieval
from esign_cli.signatures.trust import TrustFolder
from tests.conftest import Esign
from tests.support.servers import Server, http_answer, saying, serving

SECONDS = 1.0
HOSTS = ("ok", "broken", "moved", "junk", "silent")
ANSWERS = {
    "ok": http_answer(),
    "broken": http_answer(status="500 Internal Server Error"),
    "moved": http_answer(status="302 Found", Location="https://127.0.0.1:1/"),
    "junk": b"SSH-2.0-OpenSSH_9.6\r\n",
}
NO_ADDRESSES = (
    "http://[::1/x",
    "http://127.0.0.1:99999/a",
    "http:///nohost",
    "http://a@b.example/",
)


def naming(*urls: str, ocsp: tuple[str, ...] = ()) -> bytes:
    """A certificate with these addresses of CRLs, one in each distribution point."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, by = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("ALT", "ÜST")
    )
    now = datetime.now(UTC)
    uri = x509.UniformResourceIdentifier
    points = [x509.DistributionPoint([uri(url)], None, None, None) for url in urls]
    asked = AuthorityInformationAccessOID.OCSP
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=100))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.CRLDistributionPoints(points), critical=False)
    )
    if ocsp:
        access = [x509.AccessDescription(asked, uri(url)) for url in ocsp]
        builder = builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.fixture
def look(
    home: Path, esign: Esign, ca: MadeUpCa, softhsm_store: Module, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[dict[str, Any]]]:
    """The lines of the network, by a settings file in which one proxy may stand."""
    monkeypatch.setattr("esign_cli.commands.doctor.probes.SECONDS", SECONDS)
    (home / "config/esign").mkdir(parents=True)
    folder = TrustFolder(home / "data/esign/trust")
    folder.accept(ca.root, date(2026, 11, 22))

    def lines(*certificates: bytes, proxy: str = "none") -> list[dict[str, Any]]:
        text = f'province = "72"\n[network]\nprivate = true\nproxy = "{proxy}"\n'
        (home / "config/esign/config.toml").write_text(text, "utf-8")
        for der in certificates:
            folder.keep(der)
        ran = esign("doctor", "--module", softhsm_store.path, "--online", "--json")
        assert "Traceback" not in ran.stderr
        return [line for line in ran.json["data"]["lines"] if line["check"] == "online"]

    return lines


@pytest.fixture
def servers() -> Iterator[dict[str, str]]:
    """Host and port of one server of each kind; nobody listens at "closed"."""
    with ExitStack() as stack:
        running = {kind: stack.enter_context(serving(saying(a))) for kind, a in ANSWERS.items()}
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        closed = stack.enter_context(socket.socket())
        closed.bind(("127.0.0.1", 0))
        ports = {kind: server.port for kind, server in running.items()}
        ports |= {"silent": silent.getsockname()[1], "closed": closed.getsockname()[1]}
        yield {kind: f"127.0.0.1:{port}" for kind, port in ports.items()}


def test_each_server_is_a_line_and_all_of_them_cost_one_time_out(
    look: Callable[..., list[dict[str, Any]]], servers: dict[str, str]
) -> None:
    silent = [f"http://127.0.0.{n}:{servers['silent'].rpartition(':')[2]}/" for n in range(2, 9)]
    urls = [f"http://{host}/a.crl" for host in servers.values()]
    began = time.monotonic()
    lines = look(naming(*urls, *silent))
    assert time.monotonic() - began < len(silent) * SECONDS
    codes = dict(zip(servers, (line["code"] for line in lines), strict=False))
    assert codes == {
        "ok": "reached", "broken": "reached", "moved": "server-unreachable",
        "junk": "http-failed", "silent": "server-timed-out", "closed": "server-unreachable",
    }  # fmt: skip
    assert len(lines) == len(servers) + len(silent)
    assert lines[0]["facts"] == {"host": servers["ok"], "proxy": ""}


@pytest.mark.parametrize(
    ("answer", "code", "detail"),
    [
        (http_answer(), "reached-by-proxy", None),
        (http_answer(status="403 Forbidden"), "reached-by-proxy", None),
        (http_answer(status="407 Proxy Authentication Required"), "proxy-unreachable", "HTTP 407"),
        (http_answer(status="502 Bad Gateway"), "proxy-unreachable", "HTTP 502"),
        (http_answer(status="504 Gateway Timeout"), "proxy-unreachable", "HTTP 504"),
        (None, "proxy-unreachable", "Connection timed out"),
        (b"", "proxy-unreachable", "Connection refused"),
    ],
)
def test_what_a_proxy_says_is_not_what_the_server_said(
    answer: bytes | None, code: str, detail: str | None,
    look: Callable[..., list[dict[str, Any]]], servers: dict[str, str],
) -> None:  # fmt: skip
    """Nothing is called but the proxy, and both are named; its password is not."""
    with serving(saying(answer or b"")) as listening:
        proxy = _proxy(answer, listening, servers)
        login = proxy.replace("://", "://kim:parola@")
        (line,) = look(naming("http://crl.example/a"), proxy=login)
    assert (line["code"], line["level"]) == (code, "ok" if detail is None else "warning")
    facts = line["facts"]
    assert facts["proxy"] == proxy
    assert "crl.example" in facts.get("host", facts.get("url"))
    assert facts.get("detail") == detail
    assert "parola" not in str(line)


def _proxy(answer: bytes | None, listening: Server, servers: dict[str, str]) -> str:
    if answer:
        return listening.url
    return f"http://{servers['silent' if answer is None else 'closed']}"


def test_an_address_that_is_none_hides_no_other_and_is_not_to_be_allowed(
    look: Callable[..., list[dict[str, Any]]], servers: dict[str, str]
) -> None:
    good = f"http://{servers['ok']}/a.crl"
    der = naming(*NO_ADDRESSES, "ldap://x/y", "file:///etc/passwd", good)
    lines = look(der)
    assert [line["code"] for line in lines].count("reached") == 1
    refused = [line for line in lines if line["code"] == "address-refused"]
    assert len(refused) == len(NO_ADDRESSES)
    assert {line["command"] for line in refused} == {None}
    assert good in certificate.addresses(der)


def test_what_cannot_be_called_hides_no_address_of_a_crl_or_of_ocsp() -> None:
    der = naming("http://[::1/x", "http://a.example/1.crl", ocsp=("http://[x", "http://b.example/"))
    assert retrieval.addresses(der) == (
        ["http://[::1/x", "http://a.example/1.crl"], ["http://[x", "http://b.example/"]
    )  # fmt: skip
    broken = der.replace(bytes.fromhex("0603551d1f"), bytes.fromhex("0603551d1e"))
    assert retrieval.addresses(broken)[1] == ["http://[x", "http://b.example/"]
