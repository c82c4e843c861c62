"""What is given in the place of a signature is named for what it is; made by other programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from esign_cli.signatures.file_kinds import Kind, kind_of
from tests.support import parts

FILES = "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem"
_SUBJECT = "-subj /CN=made-up"
OPENSSL: dict[str, tuple[Kind, str]] = {
    "certificate.pem": (Kind.CERTIFICATE, f"req -x509 -key key.pem {_SUBJECT}"),
    "certificate.der": (Kind.CERTIFICATE, f"req -x509 -key key.pem {_SUBJECT} -outform DER"),
    "request.pem": (Kind.CERTIFICATE_REQUEST, f"req -new -key key.pem {_SUBJECT}"),
    "request.der": (Kind.CERTIFICATE_REQUEST, f"req -new -key key.pem {_SUBJECT} -outform DER"),
    "plain-key.der": (Kind.KEY, "pkcs8 -topk8 -nocrypt -in key.pem -outform DER"),
    "locked-key.der": (Kind.KEY, "pkcs8 -topk8 -passout pass:x -in key.pem -outform DER"),
    "locked-key.pem": (Kind.KEY, "pkcs8 -topk8 -passout pass:x -in key.pem"),
    "rsa-key.der": (Kind.KEY, "rsa -in key.pem -traditional -outform DER"),
    "public-key.der": (Kind.KEY, "rsa -in key.pem -pubout -outform DER"),
    "ec-key.der": (Kind.KEY, "ecparam -name prime256v1 -genkey -noout -outform DER"),
    "store.p12": (
        Kind.PKCS12,
        "pkcs12 -export -inkey key.pem -in certificate.pem -passout pass:x",
    ),
    "question.tsq": (Kind.TIME_STAMP_REQUEST, "ts -query -data key.pem -sha256 -cert"),
    "bare-question.tsq": (Kind.TIME_STAMP_REQUEST, "ts -query -data key.pem -sha512 -no_nonce"),
    "question.ors": (
        Kind.OCSP_REQUEST,
        "ocsp -issuer certificate.pem -cert certificate.pem -reqout",
    ),
    "certificates.p7b": (
        Kind.CERTIFICATES,
        "crl2pkcs7 -nocrl -certfile certificate.pem -outform DER",
    ),
    "certificates.pem.p7b": (Kind.CERTIFICATES, "crl2pkcs7 -nocrl -certfile certificate.pem"),
    "encrypted.p7m": (
        Kind.CMS,
        "cms -encrypt -in key.pem -aes128 -outform DER -out {out} certificate.pem",
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kinds")
    run(folder, FILES)
    for name, (_kind, words) in OPENSSL.items():
        asked = words.format(out=name)
        if "{out}" not in words:
            asked += f" {name}" if words.endswith("-reqout") else f" -out {name}"
        run(folder, asked)
    return folder


def run(folder: Path, words: str) -> None:
    subprocess.run(
        [parts.program("openssl"), *words.split()], cwd=folder, check=True, capture_output=True
    )


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, (kind, _) in OPENSSL.items()])
def test_what_openssl_writes(folder: Path, name: str, kind: Kind) -> None:
    assert kind_of((folder / name).read_bytes()) is kind


def test_what_java_writes(folder: Path) -> None:
    made = "-genkeypair -keyalg EC -dname CN=x -storepass changeit -keypass changeit -storetype JKS"
    subprocess.run(
        [parts.program("keytool"), *made.split(), "-keystore", "store.jks"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    assert kind_of((folder / "store.jks").read_bytes()) is Kind.KEY_STORE


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", Kind.EMPTY),
        (b"%PDF-1.7\n", Kind.PDF),
        (b"-----BEGIN PGP SIGNATURE-----\n\niQ==\n", Kind.OPENPGP),
        ("İmza değil.".encode(), Kind.TEXT),
        (b"\xff\x00\x01\x02", Kind.OTHER),
        (bytes.fromhex("3000"), Kind.OTHER),
        (bytes.fromhex("3003300102"), Kind.OTHER),
    ],
)
def test_what_needs_no_program(data: bytes, kind: Kind) -> None:
    assert kind_of(data) is kind
