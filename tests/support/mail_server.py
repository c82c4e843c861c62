"""A mail server on loopback, with TLS and login, that can be told to misbehave."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "esign@example.tr", "çok gizli = parola"
LONG = 60.0


@dataclass
class MailServer:
    """What came in, and what to do instead of answering rightly."""

    port: int
    ca_file: Path
    security: str
    received: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: int = 0
    misbehave: Callable[[str, str], str | None] = lambda _stage, _address: None
    """Told "rcpt" or "data" and the address: an answer, "hang", "drop", or None for the right one.

    What is told "data" to drop or to hang has been taken before.
    """

    def settings(self, **more: str) -> dict[str, str]:
        """The settings of a user of this server."""
        return {
            "smtp.host": "127.0.0.1",
            "smtp.port": str(self.port),
            "smtp.security": self.security,
            "smtp.user": USER,
            "smtp.from": "Batman Millî Eğitim <esign@example.tr>",
            "smtp.timeout": "2",
            "smtp.ca_file": str(self.ca_file),
            "secrets.keyring": "false",
            **more,
        }


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_RCPT(
        self, smtp: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = await self._instead(smtp, "rcpt", address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, smtp: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        told = self.server.misbehave("data", envelope.rcpt_tos[0])
        if told in (None, "drop", "hang"):
            self.server.received.append(message)
            self.server.recipients += envelope.rcpt_tos
        return await self._done(smtp, told) or "250 OK"

    async def _instead(self, smtp: Any, stage: str, address: str) -> str | None:
        return await self._done(smtp, self.server.misbehave(stage, address))

    async def _done(self, smtp: Any, told: str | None) -> str | None:
        if told == "hang":
            await asyncio.sleep(LONG)
        if told == "drop":
            smtp.transport.abort()
        return told


@contextmanager
def running(folder: Path, security: str = "starttls") -> Iterator[MailServer]:
    """A server for the length of a `with` block; its certificate is for 127.0.0.1."""
    ca_file, key_file = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, key_file)
    server = MailServer(0, ca_file, security)

    def authenticator(_server: Any, _session: Any, _envelope: Any, how: str, data: Any) -> Any:
        assert isinstance(data, LoginPassword)
        right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        server.logins += right
        return AuthResult(success=right, handled=False)

    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        with warnings.catch_warnings():  # it does not see that TLS came first
            warnings.simplefilter("ignore", UserWarning)
            return smtp()

    def smtp() -> SMTP:
        return SMTP(
            _Handler(server),
            hostname="localhost",
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            auth_required=security != "none",
            auth_require_tls=security == "starttls",
            authenticator=authenticator,
            loop=loop,
        )

    async def listen() -> asyncio.AbstractServer:
        tls = context if security == "tls" else None
        return await loop.create_server(protocol, "127.0.0.1", 0, ssl=tls)

    listening = loop.run_until_complete(listen())
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(listening: asyncio.AbstractServer) -> None:
    listening.close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own for 127.0.0.1, and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Mail test")])
    now = datetime.now(UTC)
    addresses = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(30))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    ca_file, key_file = folder / "mail.pem", folder / "mail.key"
    ca_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return ca_file, key_file
