"""E-mail through a real server with TLS and login, which also refuses, hangs and drops."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from esign_cli.foundation.credentials import Secret
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.outputs import (
    MailLoginRefused,
    MailLoginUnencrypted,
    MailServerBusy,
    MailServerUnreachable,
    MailServerUnset,
    MailServerUntrusted,
    MailServerWithoutTls,
    MessageRefused,
    MessageUnsent,
    RecipientsRefused,
)
from esign_cli.outputs.messages.mail import Mailer, MailServer
from tests.support import mail_server
from tests.support.mail_server import PASSWORD, USER


@pytest.fixture(params=["starttls", "tls"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[mail_server.MailServer]:
    with mail_server.running(tmp_path, request.param) as running:
        yield running


@pytest.fixture
def starttls(tmp_path: Path) -> Iterator[mail_server.MailServer]:
    with mail_server.running(tmp_path) as running:
        yield running


def at(server: mail_server.MailServer, seconds: float = 5) -> MailServer:
    sender = "Batman <esign@example.tr>"
    return MailServer(
        "127.0.0.1", sender, server.port, server.security, USER, seconds, server.ca_file
    )


def mailer(server: mail_server.MailServer, seconds: float = 5) -> Mailer:
    return Mailer(at(server, seconds), lambda: Secret(PASSWORD))


def message(to: str = "ayse@example.tr") -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = "İmzanız"
    made["To"] = to
    made.set_content("Sayın IŞIL ÇELİK\n")
    return made


def test_a_message_goes_out_encrypted_and_logged_in(server: mail_server.MailServer) -> None:
    with mailer(server) as opened:
        opened.send(message())
        opened.send(message("fatma@example.tr"))
    assert server.recipients == ["ayse@example.tr", "fatma@example.tr"]
    assert server.logins == 1
    assert server.received[0]["Subject"] == "İmzanız"
    assert "Date" in server.received[0]
    assert "esign@example.tr" in server.received[0]["From"]


def test_a_wrong_password_is_said_without_it(starttls: mail_server.MailServer) -> None:
    with Mailer(at(starttls), lambda: Secret("yanlış")) as opened:
        with pytest.raises(MailLoginRefused) as caught:
            opened.connect()
        assert "yanlış" not in str(caught.value)


def test_a_certificate_of_nobody_we_know_is_refused(server: mail_server.MailServer) -> None:
    trusting = replace(at(server), ca_file=None)
    with (
        Mailer(trusting, lambda: Secret(PASSWORD)) as opened,
        pytest.raises(MailServerUntrusted),
    ):
        opened.send(message())
    assert server.received == []


def test_a_server_without_starttls_gets_no_password(tmp_path: Path) -> None:
    with mail_server.running(tmp_path, "none") as plain:
        wanting = replace(at(plain), security="starttls")
        for settings, kind in (
            (wanting, MailServerWithoutTls),
            (at(plain), MailLoginUnencrypted),
        ):
            with Mailer(settings, lambda: Secret(PASSWORD)) as opened, pytest.raises(kind):
                opened.connect()
        with Mailer(replace(at(plain), user="")) as opened:
            opened.send(message())
        assert plain.recipients == ["ayse@example.tr"]
        assert plain.logins == 0


def test_one_address_that_is_refused_costs_one_message(server: mail_server.MailServer) -> None:
    server.misbehave = lambda stage, address: (
        "550 5.1.1 no such user" if address.startswith("yok") else None
    )
    with mailer(server) as opened:
        with pytest.raises(RecipientsRefused) as caught:
            opened.send(message("yok@example.tr"))
        opened.send(message())
        with pytest.raises(RecipientsRefused) as partly:
            opened.send(message("ali@example.tr, yok@example.tr"))
    assert caught.value.facts["everybody"] is True
    assert "no such user" in caught.value.facts["detail"]
    assert (partly.value.facts["addresses"], partly.value.facts["everybody"]) == (
        ["yok@example.tr"],
        False,
    )
    assert server.recipients == ["ayse@example.tr", "ali@example.tr"]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("hang", MessageUnsent),
        ("drop", MessageUnsent),
        ("554 no", MessageRefused),
        ("452 full", MailServerBusy),
        ("451 4.7.1 later", MailServerBusy),
        ("421 4.7.0 too many messages", MailServerBusy),
    ],
)
@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_what_one_message_meets_does_not_stop_the_next(
    starttls: mail_server.MailServer, told: str, kind: type[EsignError], stage: str
) -> None:
    starttls.misbehave = lambda at, address: (
        told if at == stage and address.startswith("kotu") else None
    )
    if stage == "rcpt" and kind is MessageRefused:
        kind = RecipientsRefused
    begun = time.monotonic()
    with mailer(starttls, seconds=1.5) as opened:
        with pytest.raises(kind):
            opened.send(message("kotu@example.tr"))
        opened.send(message())
    assert "ayse@example.tr" in starttls.recipients
    assert time.monotonic() - begun < 20


def test_a_server_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(5)
    port = listening.getsockname()[1]
    server = MailServer("127.0.0.1", "a@example.tr", port, "none", seconds=0.3)
    with listening, Mailer(server) as opened, pytest.raises(MailServerUnreachable):
        opened.connect()  # it accepts and says nothing


def test_a_server_that_never_comes_to_an_end_is_given_up() -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        with listening.accept()[0] as connection, contextlib.suppress(OSError):
            while True:
                connection.sendall(b"220-wait\r\n")
                time.sleep(0.05)

    thread = threading.Thread(target=drip)
    thread.start()
    port = listening.getsockname()[1]
    server = MailServer("127.0.0.1", "a@example.tr", port, "none", seconds=0.1)
    begun = time.monotonic()
    with listening, Mailer(server) as opened, pytest.raises(MailServerUnreachable):
        opened.connect()
    thread.join(5)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("host", "port", "detail"),
    [("127.0.0.1", 1, "Connection refused"), ("nowhere.invalid", 25, "host not found")],
)
def test_no_server_is_one_sentence(host: str, port: int, detail: str) -> None:
    server = MailServer(host, "a@example.tr", port, "none", seconds=2)
    with Mailer(server) as opened, pytest.raises(MailServerUnreachable) as caught:
        opened.connect()
    assert (caught.value.facts["host"], caught.value.facts["detail"]) == (host, detail)


@pytest.mark.parametrize("missing", ["host", "sender"])
def test_what_is_not_set_is_named(missing: str) -> None:
    given = {"host": "mail.example.tr", "sender": "a@example.tr", missing: ""}
    with Mailer(MailServer(**given)) as opened, pytest.raises(MailServerUnset) as caught:
        opened.connect()
    assert caught.value.facts["key"] == {"host": "smtp.host", "sender": "smtp.from"}[missing]
