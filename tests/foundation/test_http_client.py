"""The HTTP client, against servers on loopback that are slow, dead, huge, lying or redirecting."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from esign_cli.foundation import http_client
from esign_cli.foundation.errors.network import (
    AddressRefused,
    AnswerTooLarge,
    HttpError,
    ServerTimedOut,
    ServerUnreachable,
)
from esign_cli.foundation.http_client import Limits, addresses
from tests.support.servers import Server, http_answer, saying, serving

SOON = Limits(seconds=1)


def ask(url: str, method: str = "GET", **more: Any) -> http_client.Response:
    return http_client.request(
        method, url, allow_private=True, **{"limits": Limits(seconds=5), **more}
    )


def refused(url: str, **more: Any) -> str:
    with pytest.raises(AddressRefused) as caught:
        ask(url, **more)
    return str(caught.value.facts["problem"])


def test_an_answer() -> None:
    with serving(saying(http_answer(b"merhaba", "404 Not Found", X_A="b"))) as server:
        found = ask(f"{server.url}/x?y=1", "POST", body=b"body", headers={"Identity": "00"})
    assert (found.status, found.body, found.headers["x-a"]) == (404, b"merhaba", "b")
    assert found.url == f"{server.url}/x?y=1"
    assert server.requests[0].startswith(b"POST /x?y=1 HTTP/1.1\r\n")
    assert (server.body(), server.header("identity")) == (b"body", "00")
    assert server.header("host") == f"127.0.0.1:{server.port}"
    assert server.header("accept-encoding") == "identity"


def test_a_compressed_body_is_not_blown_up() -> None:
    with serving(saying(http_answer(b"\x1f\x8b" + b"x" * 9, Content_Encoding="gzip"))) as server:
        assert ask(server.url).body == b"\x1f\x8b" + b"x" * 9


# --- slow, dead, huge, lying ---------------------------------------------------------------------


def silent(connection: socket.socket, _request: bytes) -> None:
    time.sleep(3)


def trickling_head(connection: socket.socket, _request: bytes) -> None:
    for number in range(40):
        connection.sendall(b"HTTP/1.1 200 OK\r\n" if not number else b"X-A: b\r\n")
        time.sleep(0.1)


def trickling_body(connection: socket.socket, _request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _number in range(40):
        connection.sendall(b"x")
        time.sleep(0.1)


@pytest.mark.parametrize("answer", [silent, trickling_head, trickling_body])
def test_a_slow_server_costs_no_more_than_its_time(answer: Any) -> None:
    with serving(answer) as server:
        begun = time.monotonic()
        with pytest.raises(ServerTimedOut) as caught:
            ask(f"{server.url}/?password=secret", limits=SOON)
    assert time.monotonic() - begun < 2
    assert "secret" not in str(caught.value)


def test_a_name_server_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: ended.wait(5))
    with pytest.raises(ServerTimedOut):
        ask("http://nowhere.example/", limits=Limits(seconds=0.3))
    ended.set()


def test_a_dead_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(ServerUnreachable) as caught:
        ask(f"http://user-is-not-told.invalid:{port}/")
    with pytest.raises(ServerUnreachable) as caught:
        ask(f"http://127.0.0.1:{port}/")
    assert caught.value.facts["detail"] == "Connection refused"


HUGE = b"x" * 5000


@pytest.mark.parametrize(
    "answer",
    [
        http_answer(HUGE),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + HUGE,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + HUGE + b"\r\n0\r\n\r\n",
    ],
    ids=["honest", "announced", "without-length", "chunked"],
)
def test_a_huge_answer_is_not_taken(answer: bytes) -> None:
    with serving(saying(answer)) as server, pytest.raises(AnswerTooLarge):
        ask(server.url, limits=Limits(seconds=5, most_bytes=4999))


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 100_000 + b"\r\n\r\n",
    ],
    ids=["cut-short", "bad-chunk", "not-http", "nothing", "many-headers", "long-header"],
)
def test_a_lying_server_is_told_as_such(answer: bytes) -> None:
    with serving(saying(answer)) as server, pytest.raises(HttpError) as caught:
        ask(server.url)
    assert caught.value.facts["problem"] == "broken"


def test_more_than_was_announced_is_left_alone() -> None:
    with serving(saying(http_answer(b"right") + b"HTTP/1.1 200 OK\r\n\r\nmore")) as server:
        assert ask(server.url).body == b"right"


# --- redirects -----------------------------------------------------------------------------------


def redirect(to: str, status: str = "302 Found") -> bytes:
    return http_answer(b"", status, Location=to)


def test_a_redirect_is_followed_and_secrets_stay_behind() -> None:
    with serving(saying(http_answer(b"there"))) as last:
        with serving(saying(redirect(f"{last.url}/x"))) as first:
            found = ask(first.url, headers={"Authorization": "secret", "Accept": "a/b"})
        assert (found.body, found.url) == (b"there", f"{last.url}/x")
        assert (last.header("authorization"), last.header("accept")) == ("", "a/b")
    with serving(saying(redirect("/there", "307 x"), http_answer(b"y"))) as server:
        assert ask(server.url, "POST", body=b"b", headers={"identity": "00"}).body == b"y"
        assert (server.body(), server.header("identity")) == (b"b", "00")


@pytest.mark.parametrize(
    ("to", "problem"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://127.0.0.1/", "scheme"),
        ("gopher://127.0.0.1/", "scheme"),
        ("http://a b/", "malformed"),
        ("http://user:pw@127.0.0.1/", "malformed"),
        ("http://127.0.0.1:0/", "malformed"),
        ("http://127.0.0.1:99999/", "malformed"),
    ],
)
def test_where_no_redirect_leads(to: str, problem: str) -> None:
    with serving(saying(redirect(to))) as server:
        assert refused(server.url) == problem
        assert refused(to) == problem


def test_redirects_in_a_circle_and_without_end() -> None:
    with serving(saying(redirect("/"))) as server:
        assert refused(f"{server.url}/") == "redirect-loop"
        assert len(server.requests) == 1
    numbers = [redirect(f"/{number}") for number in range(9)]
    with serving(saying(*numbers)) as server:
        assert refused(server.url) == "too-many-redirects"
        assert len(server.requests) == 4


def test_a_request_that_writes_is_not_turned_into_another() -> None:
    with serving(saying(redirect("/x"))) as server:
        assert refused(server.url, method="POST", body=b"b") == "redirect-of-request"


# --- private addresses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
        "fec0::1", "64:ff9b:1::7f00:1", "::7f00:1", "::ffff:0:7f00:1", "3fff::1", "5f00::1",
    ],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    assert not http_client.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses(address: str) -> None:
    assert http_client.is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
def test_a_private_address_is_not_called(host: str) -> None:
    with serving(saying(http_answer(b"secret"))) as server:
        with pytest.raises(AddressRefused) as caught:
            http_client.request("GET", f"http://{host}:{server.port}/", limits=SOON)
        assert caught.value.facts["problem"] == "private"
        assert server.requests == []


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Make names resolve to these addresses, one after the other; gives the names asked for."""
    real, asked, left = socket.getaddrinfo, [], list(answers)

    def resolve(host: str, port: int, *more: Any, **most: Any) -> Any:
        if host.endswith(".example"):
            asked.append(host)
            host = left.pop(0) if len(left) > 1 else left[0]
        return real(host, port, *more, **most)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_redirect_to_a_private_address_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first server counts as public here; what it points to does not."""
    real = http_client.is_public
    monkeypatch.setattr(addresses, "is_public", lambda a: a == "127.0.0.1" or real(a))
    answer = saying(redirect("http://10.0.0.1/admin"))
    with serving(answer) as server, pytest.raises(AddressRefused) as caught:
        http_client.request("GET", server.url, limits=SOON)
    assert (caught.value.facts["problem"], caught.value.facts["url"]) == (
        "private", "http://10.0.0.1/admin",
    )  # fmt: skip


def test_the_address_that_was_checked_is_the_one_that_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server that answers otherwise the second time is not asked a second time."""
    asked = resolving(monkeypatch, "127.0.0.1", "127.0.0.2")
    with serving(saying(http_answer(b"checked"))) as server:
        found = ask(f"http://rebinding.example:{server.port}/")
        assert found.body == b"checked"
        assert server.header("host") == f"rebinding.example:{server.port}"
    assert asked == ["rebinding.example"]
    resolving(monkeypatch, "127.0.0.1")
    with pytest.raises(AddressRefused):
        http_client.request("GET", "http://inside.example/", limits=SOON)


# --- TLS and proxies -----------------------------------------------------------------------------


def _server_side(path: Path, first_day: int = -1, last_day: int = 1) -> ssl.SSLContext:
    """A server's side for secure.example, its certificate in `path`; days are counted from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "secure.example")])
    now = dt.datetime.now(dt.UTC)
    names: list[x509.GeneralName] = [
        x509.DNSName("secure.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.9")),
    ]  # fmt: skip
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now + dt.timedelta(first_day))
        .not_valid_after(now + dt.timedelta(last_day))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's side for secure.example, whose certificate this process trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    return _server_side(tmp_path / "server.pem")


UNTRUSTED = {
    "expired": ((-9, -2), "secure.example", "its certificate has expired"),
    "of tomorrow": (
        (2, 9),
        "secure.example",
        "its certificate is not valid yet: look at the clock",
    ),
    "of another": ((-1, 1), "other.example", "its certificate is another server's"),
    "of nobody we know": ((-1, 1), "", "its certificate is not trusted here"),
    "no TLS at all": (None, "secure.example", "no secure connection could be made (TLS)"),
}  # fmt: skip
"""Days of a server's certificate, as whom it is called ("": not trusted), and what is wrong."""


@pytest.mark.parametrize("kind", UNTRUSTED)
def test_why_no_secure_connection_was_made_is_said(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days, host, why = UNTRUSTED[kind]
    context = _server_side(tmp_path / "server.pem", *(days or (-1, 1)))
    if host:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    resolving(monkeypatch, "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _address = listening.accept()
            with contextlib.suppress(OSError), connection:
                if days is None:
                    connection.sendall(b"220 no TLS here\r\n")
                    return
                context.wrap_socket(connection, server_side=True).close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(ServerUnreachable) as caught:
            ask(f"https://{host or 'secure.example'}:{listening.getsockname()[1]}/")
        thread.join(5)
    assert caught.value.facts["detail"] == why


def test_https_is_checked_against_the_name(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def serve() -> None:
            for _turn in range(2):
                connection, _address = listening.accept()
                try:
                    with tls.wrap_socket(connection, server_side=True) as safe:
                        safe.recv(65536)
                        safe.sendall(redirect(f"http://127.0.0.1:{port}/"))
                except OSError:
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        assert refused(f"https://secure.example:{port}/") == "redirect-to-plain-http"
        with pytest.raises(ServerUnreachable):
            ask(f"https://other.example:{port}/")
        thread.join(5)


def test_through_a_proxy_the_name_goes_whole() -> None:
    with serving(saying(http_answer(b"by proxy"))) as proxy:
        found = http_client.request("GET", "http://tsa.example/a?b", proxy=proxy.url, limits=SOON)
        assert found.body == b"by proxy"
        assert proxy.requests[0].startswith(b"GET http://tsa.example/a?b HTTP/1.1\r\n")
        assert proxy.header("host") == "tsa.example"
        written = ("127.0.0.1", "localhost", "10.0.0.1", "2130706433", "[::1]", "127.0.0.1.")
        for host in (*written, "0x7f000001", "0x7f.1", "0X7F.1.", "127%2e0.0.1", "017700000001"):
            with pytest.raises(AddressRefused):
                http_client.request("GET", f"http://{host}/", proxy=proxy.url, limits=SOON)
        assert len(proxy.requests) == 1


def test_a_proxy_that_wants_a_login() -> None:
    with serving(saying(http_answer(b"by proxy"))) as proxy:
        url = proxy.url.replace("://", "://user:p%40ss@")
        assert (
            http_client.request("GET", "http://a.example/", proxy=url, limits=SOON).body
            == b"by proxy"
        )
        assert proxy.header("proxy-authorization") == "Basic dXNlcjpwQHNz"


def test_which_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert http_client.proxy_for("http://a.example/") is None
    monkeypatch.setenv("http_proxy", "http://p.example:3128")
    monkeypatch.setenv("no_proxy", "b.example")
    assert http_client.proxy_for("http://a.example/") == "http://p.example:3128"
    assert http_client.proxy_for("http://b.example/") is None
    assert http_client.proxy_for("http://b.example/", "http://own.example") == "http://own.example"
    assert http_client.proxy_for("http://a.example/", "none") is None


def test_a_server_names_itself_without_secrets() -> None:
    assert http_client.shown("https://u:p@h.example:8443/a?token=1#x") == "https://h.example:8443/a"
    assert http_client.shown("http://[::1]:1/a") == "http://[::1]:1/a"
    assert Server(1).url == "http://127.0.0.1:1"
