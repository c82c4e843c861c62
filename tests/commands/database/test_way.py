"""The way to a server by TCP: TLS by a made-up authority on loopback, and where passwords are."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.conftest import Esign, Ran
from tests.foundation.test_credentials import Ring
from tests.support.postgres import QUICK, Cluster, found, running
from tests.support.terminal import Terminal

PASSWORD = "çok gizli = parola:1"
HBA = "local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


def issue(folder: Path, name: str, *hosts: str, by: Path | None = None) -> Path:
    """A certificate and its key, by an authority or one itself; gives the certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    signer, issuer = key, subject
    if by is not None:
        issuer = x509.load_pem_x509_certificate(by.read_bytes()).subject
        loaded = serialization.load_pem_private_key(by.with_suffix(".key").read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        signer = loaded
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(30))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    if hosts:
        names = x509.SubjectAlternativeName([x509.DNSName(one) for one in hosts])
        made = made.add_extension(names, critical=False)
    path = folder / f"{name}.crt"
    certificate = made.sign(signer, hashes.SHA256())
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    path.with_suffix(".key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, a server's certificate by it, and an authority of somebody else."""
    folder = tmp_path_factory.mktemp("certificates")
    issue(folder, "server", "localhost", by=issue(folder, "authority"))
    issue(folder, "stranger")
    return folder


@pytest.fixture(scope="module")
def secured(certificates: Path) -> Iterator[Cluster]:
    """A server on a port of loopback, with TLS and passwords."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    settings = {**QUICK, "listen_addresses": "127.0.0.1", "port": port}
    with running(found(), settings) as cluster:
        for end in (".crt", ".key"):
            target = cluster.data / f"server{end}"
            shutil.copy(certificates / f"server{end}", target)
            if os.geteuid() == 0:
                shutil.chown(target, "postgres", "postgres")
            target.chmod(0o600)
        (cluster.data / "pg_hba.conf").write_text(HBA, "utf-8")
        for statement in (
            "ALTER SYSTEM SET ssl = on",
            "SELECT pg_reload_conf()",
            f"CREATE ROLE ayse LOGIN CREATEDB PASSWORD '{PASSWORD}'",
            "CREATE DATABASE roster OWNER ayse ENCODING 'UTF8' TEMPLATE template0",
        ):
            words = ("-h", str(cluster.folder), "-p", port, "-U", "postgres", "-c", statement)
            cluster.run("psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", "postgres", *words)
        yield cluster


@dataclass
class Desk:
    """A desk that reaches the server by TCP."""

    cluster: Cluster
    esign: Esign
    home: Path

    @property
    def port(self) -> str:
        return self.cluster.settings["port"]

    def address(self, host: str = "localhost", query: str = "") -> str:
        return f"postgresql://ayse@{host}:{self.port}/roster{query}"

    def ask(self, host: str = "localhost", query: str = "") -> Ran:
        return self.esign("--db", self.address(host, query), "audit", "--json")

    def code(self, host: str = "localhost", query: str = "") -> str:
        """What kept it from being answered; "" nothing did."""
        problems = self.ask(host, query).json["problems"]
        return problems[0]["code"] if problems else ""

    def trust(self, certificate: Path) -> None:
        folder = self.home / ".postgresql"
        folder.mkdir(exist_ok=True)
        shutil.copy(certificate, folder / "root.crt")

    def private(self, name: str, content: str) -> Path:
        path = self.home / name
        path.write_text(content, "utf-8")
        path.chmod(0o600)
        return path


@pytest.fixture
def desk(secured: Cluster, esign: Esign, home: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    names = ("PGSSLMODE", "PGPASSFILE", "PGSERVICEFILE", "PGPASSWORD", "ESIGN_DATABASE_PASSWORD")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    esign("config", "set", "secrets.keyring", "false")
    return Desk(secured, esign, home)


# --- TLS -----------------------------------------------------------------------------------------


def test_without_its_authority_a_server_is_not_spoken_to(
    desk: Desk, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESIGN_DATABASE_PASSWORD", PASSWORD)
    assert desk.code() == "server-untrusted"
    desk.trust(certificates / "stranger.crt")
    assert desk.code() == "server-untrusted"
    desk.trust(certificates / "authority.crt")
    assert desk.code() == ""
    assert desk.code("127.0.0.1") == "server-untrusted"  # another name than in its certificate
    said = desk.esign("--db", desk.address("127.0.0.1"), "audit").stderr
    assert "does not prove that it is the right one" in said
    assert "root.crt" in said
    assert PASSWORD not in said


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("", "server-tls"),
        ("?sslmode=require", "server-unchecked"),
        ("?sslmode=disable", "server-in-plain"),
    ],
)
def test_doctor_tells_how_the_way_is_protected(
    desk: Desk, certificates: Path, monkeypatch: pytest.MonkeyPatch, query: str, line: str
) -> None:
    monkeypatch.setenv("ESIGN_DATABASE_PASSWORD", PASSWORD)
    if not query:
        desk.trust(certificates / "authority.crt")
    assert desk.code("localhost", query) == ""
    lines = desk.esign("--db", desk.address(query=query), "doctor", "--json").json["data"]["lines"]
    codes = {one["code"] for one in lines}
    assert line in codes


def test_less_may_be_asked_for_by_the_variable_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESIGN_DATABASE_PASSWORD", PASSWORD)
    monkeypatch.setenv("PGSSLMODE", "require")
    assert desk.code("127.0.0.1") == ""


# --- passwords -----------------------------------------------------------------------------------


def pgpass(desk: Desk, _monkeypatch: pytest.MonkeyPatch, password: str) -> str:
    escaped = password.replace(":", "\\:")
    desk.private(".pgpass", f"localhost:{desk.port}:roster:ayse:{escaped}\n")
    return desk.address()


def service_file(desk: Desk, monkeypatch: pytest.MonkeyPatch, password: str) -> str:
    content = f"[roster]\nhost=localhost\nport={desk.port}\ndbname=roster\nuser=ayse\n"
    path = desk.private("services.conf", f"{content}password={password}\n")
    monkeypatch.setenv("PGSERVICEFILE", str(path))
    return "service=roster"


def secret_file(desk: Desk, _monkeypatch: pytest.MonkeyPatch, password: str) -> str:
    folder = desk.home / "secrets"
    folder.mkdir(mode=0o700)
    desk.private("secrets/database-password", password)
    desk.esign("config", "set", "secrets.folder", folder)
    return desk.address()


def ring(desk: Desk, monkeypatch: pytest.MonkeyPatch, password: str) -> str:
    kept = Ring()
    kept.set_password("esign", "database-password", password)
    monkeypatch.setattr(keyring, "get_password", kept.get_password)
    desk.esign("config", "set", "secrets.keyring", "true")
    return desk.address()


Place = Callable[[Desk, pytest.MonkeyPatch, str], str]


@pytest.mark.parametrize("place", [pgpass, service_file, secret_file, ring])
@pytest.mark.parametrize("password", [PASSWORD, "yanlış"])
def test_a_password_is_taken_from_where_it_is_kept(
    desk: Desk, certificates: Path, monkeypatch: pytest.MonkeyPatch, place: Place, password: str
) -> None:
    desk.trust(certificates / "authority.crt")
    assert desk.code() == "server-login-refused"  # it is nowhere
    ran = desk.esign("--db", place(desk, monkeypatch, password), "audit", "--json")
    codes = [problem["code"] for problem in ran.json["problems"]]
    assert codes == ([] if password == PASSWORD else ["server-login-refused"])
    assert password not in ran.stdout + ran.stderr


@pytest.mark.posix
@pytest.mark.parametrize(("typed", "status"), [(PASSWORD, 0), ("yanlış", 11)])
def test_on_a_terminal_it_is_asked_for_once(
    desk: Desk, certificates: Path, typed: str, status: int
) -> None:
    desk.trust(certificates / "authority.crt")
    with Terminal("--db", desk.address(), "imports") as terminal:
        terminal.answer("Password of the database", typed)
        assert terminal.ended() == status
    assert typed not in terminal.seen


def test_a_password_in_the_address_is_refused(desk: Desk) -> None:
    ran = desk.esign("--db", f"postgresql://ayse:{'GIZLI'}@localhost/roster", "audit", "--json")
    assert ran.json["problems"][0]["code"] == "server-password-in-address"
    assert "GIZLI" not in ran.stdout + ran.stderr
