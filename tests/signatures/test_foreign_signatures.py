"""Signatures as others write them: by DSS and Bouncy Castle, each at its level."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from esign_cli.commands.demo.made_up import TIME_STAMPING, MadeUpCa, national_id, service
from esign_cli.commands.verify import job
from esign_cli.signatures.cms.report import Indication
from esign_cli.signatures.path_validation import PathCheck
from tests.support import dss

CONTENT = "ADI:ŞÜKRÜ\r\nSOYAD:IŞIK\r\n".encode()
KEYS = {"rsa": "RSA-2048", "p256": "P-256", "p384": "P-384", "p521": "P-521"}
LEVELS = {"dss-asice-B-LTA": "B-LT"}
"""An ASiC-E's archive time stamp lies outside its signature, and is named, not judged."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def as_pkcs12(issued) -> bytes:
    chain = [x509.load_der_x509_certificate(der) for der in (issued.certificate, *issued.chain)]
    encryption = BestAvailableEncryption(b"1234")
    return pkcs12.serialize_key_and_certificates(
        b"k", issued.key(), chain[0], chain[1:], encryption
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[Path, Path]:
    """What ForeignWriter is given, and what it wrote."""
    given, made = tmp_path_factory.mktemp("given"), tmp_path_factory.mktemp("made")
    now = datetime.now(UTC).replace(microsecond=0)
    ca = MadeUpCa.create(now)
    valid = {"not_before": now - DAY, "not_after": now + 900 * DAY}
    for number, (name, key) in enumerate(KEYS.items(), 1):
        issued = ca.issue("ŞÜKRÜ IŞIK", national_id(number), key=key, **valid)
        (given / f"{name}.p12").write_bytes(as_pkcs12(issued))
    authority = service(ca, "TSA", critical=True, purposes=(TIME_STAMPING,), **valid)
    (given / "tsa.p12").write_bytes(as_pkcs12(authority))
    (given / "root.der").write_bytes(ca.root)
    for issuer in ("root", "sub"):
        (given / f"{issuer}.crl").write_bytes(ca.crl(issuer=issuer, this_update=now - MINUTE))
    (given / "content").write_bytes(CONTENT)
    dss.run("ForeignWriter.java", given, made)
    return given, made


def test_each_passes_at_its_level(written) -> None:
    given, made = written
    now = datetime.now(UTC)
    lists = tuple((given / f"{issuer}.crl").read_bytes() for issuer in ("root", "sub"))
    validator = PathCheck(anchors=((given / "root.der").read_bytes(),), crls=lists)
    conditions = job.Conditions(validator, now)
    expected = [
        line.split("\t") for line in (made / "expected.tsv").read_text("utf-8").splitlines()
    ]
    assert len(expected) >= 60
    wrong = {}
    for name, level, kind in expected:
        content = given / "content" if kind == "detached" else None
        report = job.verify_file(
            made / name, content, read=Path.read_bytes, conditions=conditions
        ).report
        if (report.indication, report.level) != (Indication.PASSED, LEVELS.get(name, level)):
            wrong[name] = (report.indication, report.subindication, report.level)
    assert wrong == {}
