"""Every signature that our writers hand out in a test run, checked by programs that are not ours.

`sign.cades`, `sign.added` and `extend.extended` raise an auditing event for each signature. They
are collected from it, and at the end of the session OpenSSL (its CAdES rules) and Bouncy Castle
(time stamps, references, archive time stamps too) have to accept all of them, GnuTLS those of B-B,
and the EU's DSS has to find each TOTAL-PASSED at the level that it is written at. The roots of
made-up CAs are forgotten by then: paths end at the sub-CA that the signature brings.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from esign_cli.signatures import cades, certificate
from esign_cli.signatures.cms import signed_data, tst, validation_data
from esign_cli.signatures.pki import crl_ocsp, tbs
from esign_cli.signatures.pki.crl import RevocationData
from tests.support import dss, parts

EVENT = "esign.signature"
INDEFINITE = 0x80
"""A length of BER: what others wrote so stays so when it is extended, and is no writing of ours."""
JAVA_SOURCE = Path(__file__).with_name("BouncyCastleCheck.java")


@dataclass
class Collected:
    """Signatures with their content."""

    signatures: dict[bytes, bytes] = field(default_factory=dict)
    listening: bool = True

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == EVENT and self.listening and self._is_ours(*arguments):
            self.signatures[arguments[0]] = arguments[1]

    @staticmethod
    def _is_ours(signature: bytes, content: object) -> bool:
        """Not one that others wrote in BER, nor one whose content was not held."""
        return signature[1] != INDEFINITE and isinstance(content, bytes)


@contextmanager
def collecting() -> Iterator[Collected]:
    """What is signed inside the block; an auditing hook cannot be taken away, so it falls deaf."""
    collected = Collected()
    sys.addaudithook(collected.hear)
    try:
        yield collected
    finally:
        collected.listening = False


def refusals(signatures: dict[bytes, bytes], folder: Path) -> list[str]:
    """What any of the others has against any of the signatures."""
    cases = [Case(folder / str(number), *pair) for number, pair in enumerate(signatures.items())]
    for case in cases:
        case.write()
    found = [f"{case.path.name}: {said}" for case in cases for said in case.refusals()]
    return [*found, *bouncy_castle(cases, folder), *of_dss(cases, folder)]


@dataclass
class Case:
    """One signature on disk, with its content and the certificates it brings."""

    path: Path
    signature: bytes
    content: bytes

    @property
    def content_path(self) -> Path:
        return self.path.with_suffix(".content")

    def write(self) -> None:
        self.path.write_bytes(self.signature)
        self.content_path.write_bytes(self.content)
        pem = (certificate.public_bytes(Encoding.PEM) for certificate in self.certificates)
        self.path.with_suffix(".pem").write_bytes(b"".join(pem))

    @property
    def certificates(self) -> list[x509.Certificate]:
        data = signed_data.parse(self.signature)
        return [x509.load_der_x509_certificate(der) for der in data.certificates]

    @property
    def tokens(self) -> list[tst.Token]:
        signers = signed_data.parse(self.signature).signers
        stamps = (cades.SIGNATURE_TIME_STAMP, cades.ARCHIVE_TIME_STAMP_V3)
        return [
            tst.read(value.raw)
            for signer in signers
            for oid in stamps
            for value in signer.unsigned_values(oid)
        ]

    @property
    def authorities(self) -> list[bytes]:
        """The CAs that came along; of a time stamp that brings none, its own certificate."""
        data = signed_data.parse(self.signature)
        brought = [*data.certificates]
        for signer in data.signers:
            brought += validation_data.certificate_values(signer)
        for token in self.tokens:
            brought += token.data.certificates
        cas = [der for der in dict.fromkeys(brought) if certificate.parse(der).of_authority]
        names = {tbs.read(der).subject for der in cas}
        return [*cas, *(der for der in dict.fromkeys(brought) if tbs.read(der).issuer not in names)]

    def write_authorities(self) -> list[Path]:
        folder = self.path.with_suffix(".trusted")
        folder.mkdir()
        places = []
        for number, der in enumerate(self.authorities):
            places.append(folder / f"{number}.der")
            places[-1].write_bytes(der)
        return places

    @property
    def latest(self) -> datetime:
        """The last time that stands anywhere in it."""
        data = signed_data.parse(self.signature)
        times = [token.time for token in self.tokens]
        for signer in data.signers:
            times += [v.time() for values in signer.values(cades.SIGNING_TIME) for v in values]
            for kept in validation_data.revocation(data, signer):
                times.append(issued_at(kept))
        return max(times)

    @property
    def levels(self) -> list[str]:
        """What DSS has to say of each of its signatures, by what the writer put in."""
        data = signed_data.parse(self.signature)
        return sorted(f"TOTAL_PASSED {self._level(data, signer)}" for signer in data.signers)

    def _level(self, data: signed_data.SignedData, signer: signed_data.SignerInfo) -> str:
        """A level in the words of DSS; P3 and P4 hold the references of CAdES-C."""
        archived = bool(signer.unsigned_values(cades.ARCHIVE_TIME_STAMP_V3))
        if signer.unsigned_values(cades.CERTIFICATE_REFERENCES):
            return "CAdES-A" if archived else "CAdES-C"
        stamped = bool(signer.unsigned_values(cades.SIGNATURE_TIME_STAMP))
        held = stamped and self._holds_data(data, signer)
        reached = (archived, "LTA"), (held, "LT"), (stamped, "T")
        return "CAdES-BASELINE-" + next((name for there, name in reached if there), "B")

    def _holds_data(self, data: signed_data.SignedData, signer: signed_data.SignerInfo) -> bool:
        """Whether there are revocation data on the signer's certificate, and its stamps' own: the
        file's may be another signer's.
        """
        kept = [
            RevocationData(one.source, one.der, issued_at(one))
            for one in validation_data.revocation(data, signer)
        ]
        named = [der for der in data.certificates if _name_of(der) == signer.fields[1]]
        tokens = [tst.read(v.raw) for v in signer.unsigned_values(cades.SIGNATURE_TIME_STAMP)]
        named += [
            der
            for token in tokens
            for der in (*token.data.certificates, *data.certificates)
            if _name_of(der) == token.signer.fields[1]
        ]
        return all(
            any(crl_ocsp.answers(der, issuer, kept) for issuer in self.authorities) for der in named
        )

    @property
    def detached(self) -> bool:
        return signed_data.parse(self.signature).content is None

    @property
    def is_plain(self) -> bool:
        """Whether it is B-B by one signer: GnuTLS reads nothing above that."""
        signers = signed_data.parse(self.signature).signers
        return len(signers) == 1 and not signers[0].unsigned

    def refusals(self) -> Iterator[str]:
        words = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in"]
        words += [self.path, "-CAfile", self.path.with_suffix(".pem"), "-partial_chain"]
        words += ["-no_check_time", "-out", "/dev/null"]
        yield from run([*words, *(["-content", self.content_path] if self.detached else [])])
        now = datetime.now(UTC)
        if not self.is_plain:
            return
        if all(c.not_valid_before_utc < now < c.not_valid_after_utc for c in self.certificates):
            words = [parts.program("certtool"), "--p7-verify", "--inder", "--infile", self.path]
            words += ["--load-ca-certificate", self.path.with_suffix(".pem")]
            yield from run([*words, *(["--load-data", self.content_path] if self.detached else [])])


def issued_at(kept: validation_data.EmbeddedData) -> datetime:
    if kept.source == "crl":
        return x509.load_der_x509_crl(kept.der).last_update_utc
    return ocsp.load_der_ocsp_response(kept.der).produced_at_utc


def run(words: list[Any]) -> list[str]:
    done = subprocess.run(list(map(str, words)), capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode(errors="replace").strip()
    return [] if done.returncode == 0 else [f"{words[0]}: {said[-400:]}"]


def bouncy_castle(cases: list[Case], folder: Path) -> list[str]:
    """One JVM for all of them."""
    manifest = folder / "cases.tsv"
    manifest.write_text("".join(f"{case.path}\t{case.content_path}\n" for case in cases), "utf-8")
    words = [parts.program("java"), "-cp", parts.bouncy_castle(), str(JAVA_SOURCE), str(manifest)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    answers = done.stdout.splitlines()
    if done.returncode or len(answers) != len(cases):
        return [f"Bouncy Castle: {done.stderr[-1000:]}"]
    named = zip(cases, answers, strict=True)
    return [f"{case.path.name}: Bouncy Castle: {said}" for case, said in named if said != "ok"]


def of_dss(cases: list[Case], folder: Path) -> list[str]:
    """What DSS has against any of them; what is trusted are the CAs that each brings along."""
    asked = [
        dss.Asked(
            case.path,
            case.write_authorities(),
            case.latest + timedelta(minutes=1),
            content=case.content_path if case.detached else None,
            strict=False,
        )
        for case in cases
    ]
    answers = dss.answers(asked, folder) if asked else []
    named = zip(cases, answers, strict=True)
    return [
        f"{case.path.name}: DSS: {answer}, not {wanted}"
        for case, answer in named
        if sorted(said.removesuffix(" -") for said in answer.split(";")) != (wanted := case.levels)
    ]


def _name_of(der: bytes) -> bytes:
    """Its issuerAndSerialNumber, as a SignerInfo names it."""
    parts = tbs.read(der)
    return cades.issuer_and_serial(parts.issuer, parts.serial)


def need_all() -> None:
    """Skip, or fail where every part is required, unless all the others are there."""
    parts.need("openssl", shutil.which("openssl"))
    parts.program("certtool")
    parts.program("java")
    parts.bouncy_castle()
    dss.class_path()
