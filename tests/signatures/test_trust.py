"""Trusted certificates and local revocation data, read from files."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from esign_cli.commands.demo.made_up import MadeUpCa, national_id
from esign_cli.foundation.errors.environment import FileMissing
from esign_cli.foundation.errors.signatures import RevocationUnreadable, TrustUnreadable
from esign_cli.signatures import revocation, trust
from esign_cli.signatures.trust import depot
from esign_cli.signatures.trust.folder import chained

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CA = MadeUpCa.create(NOW)
PERSON = CA.issue("A B", national_id(1), key="P-256", not_before=NOW).certificate


def fingerprint(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def test_only_the_self_signed_are_anchors(tmp_path: Path) -> None:
    bundle = tmp_path / "all.pem"
    bundle.write_bytes(b"A bundle.\n" + pem(CA.root) + pem(CA.sub) + pem(PERSON) + pem(CA.sub))
    assert trust.from_files([bundle]) == trust.Trust((CA.root,), (CA.sub, PERSON))


def test_one_that_names_itself_and_is_signed_by_another_is_no_anchor() -> None:
    """The root's name over the root's key, with a signature that is not the root's."""
    other = MadeUpCa.create(NOW).root
    forged = CA.root[:-20] + other[-20:]
    assert trust.self_signed(CA.root)
    assert not trust.self_signed(forged)


def test_a_folder(tmp_path: Path) -> None:
    assert trust.from_folder(tmp_path / "none") == trust.Trust()
    (tmp_path / "root.cer").write_bytes(CA.root)
    (tmp_path / "SUB.DER").write_bytes(CA.sub)
    (tmp_path / "readme.txt").write_text("not a certificate", "utf-8")
    assert trust.from_folder(tmp_path) == trust.Trust((), (CA.sub,))  # nobody accepted the root
    (tmp_path / "accepted-roots.txt").write_text(
        f"# Roots\n{fingerprint(CA.root)} 2026-11-22\n", "utf-8"
    )
    assert trust.from_folder(tmp_path) == trust.Trust((CA.root,), (CA.sub,))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"merhaba",
        CA.root + b"x",
        b"-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n",
    ],
)
def test_what_is_no_certificate(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "root.pem"
    path.write_bytes(data)
    with pytest.raises(TrustUnreadable) as caught:
        trust.from_files([path])
    assert caught.value.facts["path"] == str(path)


def test_revocation_data(tmp_path: Path) -> None:
    crl, answer = CA.crl(this_update=NOW), CA.ocsp(PERSON, this_update=NOW)
    (tmp_path / "a").write_bytes(crl)
    (tmp_path / "b").write_bytes(x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM))
    (tmp_path / "c").write_bytes(answer)
    assert revocation.crls([tmp_path / "a", tmp_path / "b"]) == (crl, crl)
    assert revocation.ocsps([tmp_path / "c"]) == (answer,)
    with pytest.raises(RevocationUnreadable):
        revocation.crls([tmp_path / "c"])
    with pytest.raises(RevocationUnreadable):
        revocation.ocsps([tmp_path / "a"])
    with pytest.raises(FileMissing):
        revocation.crls([tmp_path / "none"])
    (tmp_path / "d").write_bytes(b"-----BEGIN X509 CRL-----\nA\n-----END X509 CRL-----\n")
    with pytest.raises(RevocationUnreadable):
        revocation.crls([tmp_path / "d"])


# --- sub-CAs, and the depot ----------------------------------------------------------------------


def test_only_authorities_that_lead_to_an_anchor_are_chained() -> None:
    other = MadeUpCa.create(NOW)
    anchors = trust.Trust((CA.root,))
    assert chained(anchors, [PERSON, other.sub, CA.sub, CA.sub]) == [CA.sub]
    assert chained(trust.Trust(), [CA.sub]) == []


def depot_xml(roots: list[bytes], subs: list[bytes], *, before: str = "") -> bytes:
    def values(ders: list[bytes], name: str) -> str:
        return "".join(
            f"<{name}><mValue>{base64.b64encode(der).decode()}</mValue></{name}>" for der in ders
        )

    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<depo>'
        f"<koksertifikalar>{values(roots, 'koksertifika')}</koksertifikalar>"
        f"<sertifikalar>{values(subs, 'sertifika')}</sertifikalar></depo>"
    ).encode()


def test_a_depot(tmp_path: Path) -> None:
    path = tmp_path / "SertifikaDeposu.xml"
    path.write_bytes(depot_xml([CA.root], [CA.sub, CA.root, b"no certificate"]))
    assert depot.is_depot(path)
    assert depot.read(path) == depot.Depot((CA.root, CA.sub), 1)


ENTITIES = '<!DOCTYPE depo [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "data",
    [
        b"<depo>",
        b"<depo/>",
        b"<a>" * 50,
        depot_xml([CA.root], [], before=ENTITIES),
        depot_xml([CA.root], [], before='<!DOCTYPE depo SYSTEM "file:///etc/passwd">'),
        depot_xml([b"x"], ["ç".encode()]),
        b"<depo>" + b" " * depot.LARGEST + b"</depo>",
        b"<?xml version='1.0' encoding='none-such'?><depo/>",
        depot_xml([b""] * (depot.MOST_CERTIFICATES + 1), []),
    ],
    ids=[
        "broken", "empty", "deep", "entities", "external", "no-certificate", "huge", "encoding",
        "many",
    ],
)  # fmt: skip
def test_what_is_no_depot(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "d.xml"
    path.write_bytes(data)
    with pytest.raises(TrustUnreadable):
        depot.read(path)


def test_a_damaged_list_of_roots_is_told(tmp_path: Path) -> None:
    (tmp_path / "accepted-roots.txt").write_text("what?\n", "utf-8")
    with pytest.raises(TrustUnreadable):
        trust.from_folder(tmp_path)
