"""`esign verify` as a user runs it."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from esign_cli.commands.demo.made_up import MadeUpCa, national_id, service
from esign_cli.foundation import clock
from esign_cli.signatures import creation
from esign_cli.signatures.cms import envelope, signed_data
from tests.conftest import Esign
from tests.support.long_term import Stamper, added
from tests.support.signatures import CONTENT, DAY, KeySigner

HOUR = timedelta(hours=1)


class Workdir:
    """A folder with a signature, its root and the revocation data."""

    def __init__(self, folder: Path) -> None:
        self.now = clock.now()
        self.folder = folder
        self.ca = MadeUpCa.create(self.now)
        self.signer = KeySigner(
            self.ca.issue("ŞÜKRÜ IŞIK", national_id(1), not_before=self.now - 30 * DAY)
        )
        self.root = self.write("root.pem", self.ca.root_pem)
        self.sub_crl = self.write("sub.crl", self.ca.crl(this_update=self.now - HOUR))
        root_crl = self.ca.crl(this_update=self.now - HOUR, issuer="root")
        pem = x509.load_der_x509_crl(root_crl).public_bytes(Encoding.PEM)
        self.root_crl = self.write("root.crl", pem)
        self.ocsp = self.write(
            "signer.ocsp", self.ca.ocsp(self.signer.certificate, this_update=self.now - HOUR)
        )
        self.attached = self.signed("form.p7m", detached=False)
        self.detached = self.signed("form.p7s", detached=True)
        self.proof = (
            "--offline",
            "--trust",
            self.root,
            "--crl",
            self.sub_crl,
            "--crl",
            self.root_crl,
        )

    def write(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def signed(self, name: str, *, detached: bool) -> Path:
        made = creation.cades(
            CONTENT,
            self.signer,
            signing_time=self.now - 2 * HOUR,
            detached=detached,
            mime_type="text/plain",
        )
        return self.write(name, made)


@pytest.fixture(scope="module")
def workdir(tmp_path_factory: pytest.TempPathFactory) -> Workdir:
    return Workdir(tmp_path_factory.mktemp("verify"))


def test_a_good_signature(esign: Esign, workdir: Workdir) -> None:
    ran = esign("verify", workdir.attached, *workdir.proof)
    assert ran.exit_code == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0] == "VALID [TOTAL-PASSED]"
    assert "Signer: ŞÜKRÜ IŞIK (100******46)" in lines
    assert "Qualified: yes" in lines
    assert national_id(1) not in ran.stdout + ran.stderr


def test_the_document(esign: Esign, workdir: Workdir) -> None:
    ran = esign("verify", workdir.attached, *workdir.proof, "--json", "--offline")
    document = ran.json
    assert document["schema"] == "esign.verify/1"
    data = document["data"]
    assert list(data) == [
        "indication", "subindication", "level", "validation_time", "best_signature_time",
        "signatures", "required", "path", "sha256", "content", "container",
    ]  # fmt: skip
    assert (data["indication"], data["subindication"], data["level"]) == (
        "TOTAL-PASSED", None, "B-B",
    )  # fmt: skip
    assert data["validation_time"].endswith("+00:00")
    (entry,) = data["signatures"]
    assert list(entry) == [
        "signer", "national_id", "signing_time", "qualified", "indication", "subindication",
        "anchor", "revocation", "checks", "warnings", "level", "best_signature_time",
        "time_stamps", "counter_signatures", "profile", "part", "issuer", "serial",
        "seal", "tax_number",
    ]  # fmt: skip
    assert entry["national_id"] == "100******46"
    assert entry["qualified"] is True
    assert {datum["source"] for datum in entry["revocation"]} == {"crl"}
    assert {check["result"] for check in entry["checks"]} == {"passed", "not-checked"}


def test_an_ocsp_answer_does_for_the_signer(esign: Esign, workdir: Workdir) -> None:
    ran = esign(
        "verify",
        workdir.attached,
        "--trust",
        workdir.root,
        "--crl",
        workdir.root_crl,
        "--ocsp",
        workdir.ocsp,
    )
    assert ran.exit_code == 0, ran.stdout


def test_a_detached_signature_finds_its_text(esign: Esign, workdir: Workdir) -> None:
    alone = esign("verify", workdir.detached, *workdir.proof)
    assert alone.exit_code == 10
    assert "--content" in alone.stderr
    text = workdir.write("form.txt", CONTENT)
    assert esign("verify", workdir.detached, "--content", text, *workdir.proof).exit_code == 0
    found = esign("verify", workdir.detached, *workdir.proof)
    assert found.exit_code == 0
    assert f"Content: {text}" in found.stdout
    text.write_bytes(CONTENT + b" ")
    assert esign("verify", workdir.detached, *workdir.proof).exit_code == 7
    text.unlink()


def test_nothing_is_trusted_at_first(esign: Esign, workdir: Workdir) -> None:
    ran = esign("verify", workdir.attached, "--json")
    assert ran.exit_code == 10
    assert ran.json["data"]["subindication"] == "NO_CERTIFICATE_CHAIN_FOUND"
    assert ran.json["data"]["signatures"][0]["qualified"] is None
    assert "--trust" in esign("verify", workdir.attached).stderr


def test_the_trust_store_counts_unless_trust_is_given(
    esign: Esign, workdir: Workdir, home: Path
) -> None:
    fingerprint = hashlib.sha256(workdir.ca.root).hexdigest()
    assert esign("trust", "add", workdir.root, "--fingerprint", fingerprint).exit_code == 0
    crls = ("--offline", "--crl", workdir.sub_crl, "--crl", workdir.root_crl)
    assert esign("verify", workdir.attached, *crls).exit_code == 0
    other = home / "other.der"
    other.write_bytes(MadeUpCa.create(workdir.now).root)
    assert esign("verify", workdir.attached, *crls, "--trust", other).exit_code == 10


def test_without_revocation_data_it_says_what_was_not_fetched(
    esign: Esign, workdir: Workdir
) -> None:
    ran = esign("verify", workdir.attached, "--trust", workdir.root, "--offline")
    assert ran.exit_code == 10
    assert ran.stdout.startswith("UNDETERMINED [INDETERMINATE]")
    assert "TRY_LATER" in ran.stdout
    assert "Where the data would be: http" in ran.stdout
    assert "--crl" in ran.stderr


def test_a_time_stamp_that_proves_nothing_is_shown(esign: Esign, workdir: Workdir) -> None:
    stamper = Stamper(service(workdir.ca, "TSA", not_before=workdir.now - DAY))
    before = workdir.attached.read_bytes()
    (signer,) = signed_data.parse(before).signers
    stamp = stamper.over_signature(workdir.now - HOUR)(signer.signature)
    file = workdir.write("stamped.p7m", added(before, stamp))
    ran = esign("verify", file, "--trust", workdir.root, "--offline")
    assert "Level: B-B" in ran.stdout
    assert "proves nothing yet, nothing says that its authority is unrevoked" in ran.stdout
    bare = esign("verify", workdir.attached, "--trust", workdir.root, "--offline")
    assert "Time stamp" not in bare.stdout


def test_a_flipped_bit(esign: Esign, workdir: Workdir) -> None:
    spoilt = workdir.attached.read_bytes().replace(b"SOYAD", b"sOYAD")
    ran = esign("verify", workdir.write("spoilt.p7m", spoilt), *workdir.proof)
    assert ran.exit_code == 7
    assert ran.stdout.startswith("INVALID [TOTAL-FAILED]")
    assert "HASH_FAILURE" in ran.stdout


def test_what_is_no_signature(esign: Esign, workdir: Workdir) -> None:
    """It gets no verdict: what it is, and what to give instead; a damaged signature is INVALID."""
    ran = esign("verify", workdir.write("note.p7m", b"merhaba"), "--json")
    assert ran.exit_code == 3
    assert ran.json["data"] is None
    assert ran.json["problems"][0] == {
        "code": "not-a-signature", "path": str(workdir.folder / "note.p7m"), "kind": "text",
    }  # fmt: skip
    damaged = workdir.write("damaged.p7m", workdir.attached.read_bytes()[:-1])
    ran = esign("verify", damaged, "--json")
    assert ran.exit_code == 7
    assert ran.json["data"]["subindication"] == "FORMAT_FAILURE"
    assert ran.json["data"]["signatures"] == []
    assert ran.json["problems"][0]["code"] == "malformed"
    assert esign("verify", damaged).stdout.startswith("INVALID")


def test_the_worst_of_several_files_is_the_exit_code(esign: Esign, workdir: Workdir) -> None:
    text = workdir.write("note.txt", b"merhaba")
    damaged = workdir.write("damaged.p7m", workdir.attached.read_bytes()[:-1])
    proof = workdir.proof
    assert esign("verify", workdir.attached, workdir.attached, *proof).exit_code == 0
    assert esign("verify", text, workdir.attached, *proof).exit_code == 3
    assert (
        esign("verify", text, workdir.attached, "--offline", "--trust", workdir.root).exit_code
        == 10
    )
    ran = esign("verify", workdir.attached, text, damaged, *proof, "--json")
    assert ran.exit_code == 7
    assert [file["indication"] for file in ran.json["data"]["files"]] == [
        "TOTAL-PASSED", None, "TOTAL-FAILED",
    ]  # fmt: skip
    assert esign("verify", text, text, "--content", text).exit_code == 2


def test_two_files_beside_a_signature_could_be_its_content(
    esign: Esign, workdir: Workdir, home: Path
) -> None:
    (home / "rapor.pdf.p7s").write_bytes(workdir.detached.read_bytes())
    (home / "rapor.pdf").write_bytes(b"%PDF-1.7 sahte")
    words = ("verify", home / "rapor.pdf.p7s", *workdir.proof)
    ran = esign(*words, "--json")
    assert (ran.exit_code, ran.json["data"]["subindication"]) == (7, "HASH_FAILURE")
    (home / "rapor.pdf.txt").write_bytes(CONTENT)
    ran = esign(*words, "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (3, "content-ambiguous")
    ran = esign(*words, "--content", home / "rapor.pdf.txt", "--json")
    assert ran.exit_code == 0
    assert ran.json["data"]["content"] == {
        "path": str(home / "rapor.pdf.txt"), "sha256": hashlib.sha256(CONTENT).hexdigest(),
    }  # fmt: skip
    shown = esign(*words, "--content", home / "rapor.pdf.txt").stdout
    assert hashlib.sha256(CONTENT).hexdigest() in shown


@pytest.mark.parametrize(
    ("words", "exit_code"),
    [
        (["nothing.p7m"], 3),
        (["form.p7m", "--trust", "form.p7m"], 3),
        (["form.p7m", "--crl", "form.p7m"], 3),
        (["form.p7m", "--ocsp", "root.crl"], 3),
        (["form.p7m", "--content", "nothing.txt"], 3),
        (["form.p7m", "--at", "yesterday"], 2),
        (["form.p7m", "--at", "2026-11-22T14:30:00"], 2),
        (["."], 3),
    ],
)
def test_bad_input(
    esign: Esign,
    workdir: Workdir,
    words: list[str],
    exit_code: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(workdir.folder)
    ran = esign("verify", *words)
    assert ran.exit_code == exit_code
    assert ran.stderr.startswith("Error: ")
    assert esign("verify", *words, "--json").json["data"] is None


@pytest.mark.posix
@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless file here")
def test_a_file_without_an_end_is_refused(esign: Esign, monkeypatch: pytest.MonkeyPatch) -> None:
    from esign_cli.commands.verify import command as verify

    monkeypatch.setattr(verify, "MOST_BYTES", 1 << 20)
    assert esign("verify", "/dev/zero", "--offline").exit_code == 3


def test_another_time(esign: Esign, workdir: Workdir) -> None:
    later = (workdir.now + 3 * DAY).isoformat()
    ran = esign("verify", workdir.attached, *workdir.proof, "--at", later, "--json")
    assert ran.json["data"]["subindication"] == "TRY_LATER"


def test_every_finding_has_words() -> None:
    """Whatever code a check or a warning can carry, the reader gets a sentence."""
    import re

    from esign_cli import signatures
    from esign_cli.commands.verify import labels as verify_words
    from esign_cli.wording.fact_words import SUBINDICATIONS

    wing = Path(signatures.__file__).parent
    read = [wing / "validation.py", wing / "path_validation.py", *(wing / "cms").glob("*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in read)
    codes = re.findall(r'Finding\(\s*"[a-z-]+",\s*"([a-z-]+)"', text)
    codes += re.findall(r'"((?:stamp|counter|policy)-[a-z-]+)"', text)
    codes = [code for code in codes if code not in verify_text_checks()]
    codes += re.findall(r'Warned\(\s*"([a-z-]+)"', text)
    assert len(codes) > 30
    assert set(codes) <= set(verify_words.WORDS)
    assert set(SUBINDICATIONS) == set(verify_words.Sub)
    assert set(verify_words.CHECKS) == set(verify_text_checks())


def verify_text_checks() -> tuple[str, ...]:
    from esign_cli.signatures.cms.report import CHECKS

    return CHECKS


# --- what is required, and the report ------------------------------------------------------------


def test_what_is_required_is_kept(esign: Esign, workdir: Workdir) -> None:
    wanted = ("--require", "qualified,B-B", "--require", "BES", "--json")
    ran = esign("verify", workdir.attached, *workdir.proof, *wanted)
    assert ran.exit_code == 0, ran.stderr
    names = ["qualified", "B-B", "BES"]
    assert ran.json["data"]["required"] == [{"name": name, "met": True} for name in names]


def test_the_words_of_what_is_required_may_be_turkish_or_small(
    esign: Esign, workdir: Workdir
) -> None:
    ran = esign(
        "verify", workdir.attached, *workdir.proof, "--require", "Nitelikli,b-b,p1", "--json"
    )
    assert ran.exit_code == 0, ran.stderr
    assert [one["name"] for one in ran.json["data"]["required"]] == ["qualified", "B-B", "P1"]


def test_a_valid_signature_that_is_less_than_required(esign: Esign, workdir: Workdir) -> None:
    ran = esign("verify", workdir.attached, *workdir.proof, "--require", "B-B,B-T", "--json")
    assert ran.exit_code == 12
    assert ran.json["problems"] == [{"code": "requirement-not-met", "missing": ["B-T"]}]
    assert ran.json["data"]["indication"] == "TOTAL-PASSED"
    assert "B-T" in ran.stderr


def test_a_claim_without_a_trusted_root_is_not_qualified(esign: Esign, workdir: Workdir) -> None:
    ran = esign("verify", workdir.attached, "--require", "qualified", "--json")
    assert ran.exit_code == 10  # the verdict comes first
    assert ran.json["data"]["required"] == [{"name": "qualified", "met": False}]
    assert esign("verify", workdir.attached, "--require", "P9").exit_code == 2


@pytest.mark.posix
def test_a_report_in_one_file(esign: Esign, workdir: Workdir, home: Path) -> None:
    page = home / "report.html"
    ran = esign("verify", workdir.attached, *workdir.proof, "--report", page, "--require", "B-LTA")
    assert ran.exit_code == 12
    told = page.read_text("utf-8")
    assert page.stat().st_mode & 0o777 == 0o600
    body = told.partition("<body>")[2]
    assert body.index("<h1") < body.index("VALID [TOTAL-PASSED]") < body.index("ŞÜKRÜ IŞIK")
    assert hashlib.sha256(workdir.attached.read_bytes()).hexdigest() in told
    assert "Required, and not reached: B-LTA" in told
    assert told.count("<tr>") > 8
    assert national_id(1) not in told
    assert not re.search(r"<(script|img|link|iframe)|\bsrc=|url\(|href=", told)
    again = esign("verify", workdir.attached, *workdir.proof, "--report", page)
    assert again.exit_code == 12
    assert "is there already" in again.stderr
    assert esign("verify", workdir.attached, "--report", page, "--force").exit_code == 10
    assert "UNDETERMINED" in page.read_text("utf-8")


def test_a_signature_that_is_cut_short_anywhere_means_to_be_one(workdir: Workdir) -> None:
    """Also where its last byte is a zero, which is padding behind a whole one."""
    whole = workdir.attached.read_bytes()
    ends = [end for end in range(64, len(whole)) if not envelope.is_signature(whole[:end])]
    assert whole.count(b"\0", 64) > 1
    assert ends == []


@pytest.mark.posix
def test_a_stranger_s_words_are_no_markup_in_the_report(
    esign: Esign, workdir: Workdir, home: Path
) -> None:
    signer = KeySigner(
        workdir.ca.issue("<b>A</b> & B", national_id(2), not_before=workdir.now - 30 * DAY)
    )
    made = creation.cades(
        b"x", signer, signing_time=workdir.now - 2 * HOUR, detached=False, mime_type=None
    )
    (home / "<i>.p7m").write_bytes(made)
    esign("verify", home / "<i>.p7m", "--report", home / "report.html")
    told = (home / "report.html").read_text("utf-8")
    assert "&lt;b&gt;A&lt;/b&gt; &amp; B" in told
    assert "&lt;i&gt;.p7m" in told
    assert "<b>" not in told
    (home / "none.p7m").write_bytes(made[:-1])
    ran = esign("verify", home / "none.p7m", "--report", home / "none.html", lang="tr")
    assert ran.exit_code == 7
    assert '<html lang="tr">' in (home / "none.html").read_text("utf-8")
