"""Whoever is forgotten is in no file of esign's own either: caches, states, records beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from esign_cli.foundation import clock
from esign_cli.signatures.pki import asn1
from tests.commands.sign.test_levels import configure
from tests.conftest import Esign
from tests.support import workbooks
from tests.support.certomancer_server import PEOPLE, Pki
from tests.support.factories import national_id
from tests.support.tokens import PIN, WRONG, RealToken

WHO = national_id(PEOPLE["rsa"])
HEADER = ("T.C. Kimlik No", "Adı", "Soyadı", "E-Posta", "Cep Telefonu", "Görev Durumu", "Kurum Adı")
LEFT = (WHO, "RSA", "IŞIK", "zumrut@example.tr", "05321112233", "Emekli", "OKUL")
OTHER = (national_id(90), "VELİ", "ZENGİN", "veli@example.tr", "05331112244", "Görevde", "OKUL")
OTHERS = {"masa", "softhsm"}
"""Folders of the user, and of the card."""
FORM = 'given_name = "RSA"\nfamily_name = "IŞIK"\nemail = "zumrut@example.tr"\n'
FORM += 'institution_name = "OKUL"\naddress = "Merkez"\n'


def traces(certificate: bytes) -> Mapping[str, bytes]:
    """What tells of the person or of their certificate, in each form that it may be written in."""
    serial = x509.load_der_x509_certificate(certificate).serial_number
    digest = hashlib.sha256(certificate)
    words = (WHO, "RSA", "IŞIK", "zumrut@", "532111223", f"{serial:x}")
    return {
        **{word: word.encode() for word in words},
        "serial in DER": asn1.integer(serial),
        "serial in decimal": str(serial).encode(),
        "sha256": digest.digest(),
        "sha256 in hex": digest.hexdigest().encode(),
        "certificate": certificate,
    }


def found(home: Path, certificate: bytes) -> dict[str, list[str]]:
    """Which of them stand in a file of esign's, and in which."""
    files = [path for path in home.rglob("*") if path.is_file()]
    own = [path for path in files if not OTHERS.intersection(path.parts)]
    return {
        name: [str(path.relative_to(home)) for path in own if trace in path.read_bytes()]
        for name, trace in traces(certificate).items()
    }


@pytest.fixture
def full(
    esign: Esign, home: Path, pki: Pki, softhsm: RealToken, monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> bytes:  # fmt: skip
    """A home in which all was done with somebody's card; gives their certificate."""
    folder = home / "masa"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "p.xlsx").write_bytes(workbooks.xlsx([HEADER, LEFT, OTHER]))
    (folder / "a.txt").write_text("merhaba", "utf-8")
    (folder / "form.toml").write_text(FORM, "utf-8")
    issued = pki.issued("rsa")
    objects = tmp_path_factory.mktemp("objects")
    softhsm.put(issued, objects)
    softhsm.write("cert", pki.sub, objects, "02")
    configure(home, pki)
    root, card = pki.trust(folder), ("--module", softhsm.module.path)
    done = [
        ("import", "p.xlsx", "--province", "72", "--as-of", f"{clock.today() - timedelta(9)}"),
        ("trust", "add", root, "--fingerprint", hashlib.sha256(pki.root).hexdigest()),
        ("check-card", *card, "--save"),
        ("applications", "add", WHO),
        ("person", "show", WHO),
        ("eligible", "--province", "all", "--verdict", "all"),
        ("report", "--province", "all"),
        ("person", "find", "ışık"),
        ("doctor", *card),
        (),
    ]
    for words in done:
        assert esign(*words).exit_code in (0, 8, 11), words
    signing = ("sign", "a.txt", *card, "--pin-stdin", "--yes")
    assert esign(*signing, "--level", "B-LT", stdin=f"{PIN}\n").exit_code == 0
    form = ("sign-form", *card, "--form", "form.toml", "--output", "f.p7m", "--secrets-stdin")
    assert esign(*form, "--yes", stdin=f"mavi defter\n{PIN}\n").exit_code == 0
    assert esign(*signing, "--force", stdin=f"{WRONG}\n").exit_code == 5
    return issued.certificate


@pytest.mark.sqlite
@pytest.mark.parametrize("words", [("person", "forget", WHO), ("purge", "--left-before")])
def test_nothing_is_left_of_a_person_and_their_card(
    words: tuple[str, ...], full: bytes, esign: Esign, home: Path
) -> None:
    before = found(home, full)
    for name in ("serial in DER", "sha256 in hex", "IŞIK"):
        assert before[name], before
    assert any(path.endswith(".ocsp") for path in before["serial in DER"]), before
    assert "state/esign/pin-tries.json" in before["sha256 in hex"]
    day = [f"{clock.today()}"] if words[0] == "purge" else []
    ran = esign(*words, *day, "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert {name: paths for name, paths in found(home, full).items() if paths} == {}
    assert esign("audit", "verify").exit_code == 0
