"""`esign sign --level|--profile|--add`, `esign sign-form --level` and `esign extend`."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esign_cli.foundation import clock
from esign_cli.signatures import cades
from esign_cli.signatures.cms import signed_data
from esign_cli.signatures.pki import asn1
from tests.conftest import Esign, Ran
from tests.support import parts
from tests.support.certomancer_server import PASSWORD, USER, Pki
from tests.support.terminal import Terminal
from tests.support.tokens import PIN, RealToken

PASSPHRASE = "çok gizli"
Sign = Callable[..., Ran]


@pytest.fixture
def workdir(home: Path, esign: Esign, pki: Pki, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files and keys, settings that name the servers, and a trusted root."""
    folder = home / "masa"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF-1.4 made up")
    (folder / "b.txt").write_text("merhaba", "utf-8")
    for label in ("rsa", "p384", "revoked"):
        (folder / f"{label}.p12").write_bytes(pki.issued(label).p12(PASSPHRASE))
    configure(home, pki)
    monkeypatch.chdir(folder)
    root = pki.trust(folder)
    fingerprint = hashlib.sha256(pki.root).hexdigest()
    assert esign("trust", "add", root, "--fingerprint", fingerprint).exit_code == 0
    return folder


def configure(home: Path, pki: Pki, *, url: str = "", user: int = 0) -> None:
    config = home / "config/esign/config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(
        f"[network]\nprivate = true\ntimeout = 5\ncache = '{home}/cache'\n"
        f"[time_stamp]\nurl = '{url or pki.tsa_url}'\nuser = {user}\n"
        "[secrets]\nkeyring = false\n",
        "utf-8",
    )


@pytest.fixture
def sign(esign: Esign, workdir: Path) -> Sign:
    def run(*words: str | Path, p12: str = "p384.p12") -> Ran:
        usual = ("--p12", p12, "--pin-stdin", "--yes", "--json")
        return esign("sign", *words, *usual, stdin=f"{PASSPHRASE}\n")

    return run


@pytest.fixture
def extend(esign: Esign, workdir: Path) -> Sign:
    def run(*words: str | Path) -> Ran:
        return esign("extend", *words, "--json")

    return run


def test_a_sealed_end_of_the_audit_trail_is_signed_and_stamped(
    esign: Esign, sign: Sign, workdir: Path
) -> None:
    for _turn in range(3):
        assert esign("eligible", "--province", "all").exit_code == 0
    assert esign("audit", "seal", "audit.txt").exit_code == 0
    for level in ("B-T", "B-LT"):
        assert sign("audit.txt", "--level", level, "--force").exit_code == 0
        assert esign("verify", "audit.txt.p7m").exit_code == 0
        assert esign("audit", "verify", "--seal", "audit.txt.p7m").exit_code == 0
    named = (workdir / "audit.txt").read_text("utf-8").replace("rows: 3", "rows: 2")
    (workdir / "audit.txt").write_text(named, "utf-8")
    assert sign("audit.txt", "--level", "B-T", "--force").exit_code == 0
    assert esign("audit", "verify", "--seal", "audit.txt.p7m").exit_code == 7


def row(ran: Ran, number: int = 0) -> dict[str, object]:
    found = ran.json["data"]["files"][number]
    assert isinstance(found, dict)
    return found


def codes(ran: Ran) -> list[str]:
    return [problem["code"] for problem in ran.json["problems"]]


def moved(monkeypatch: pytest.MonkeyPatch, pki: Pki, **by: float) -> None:
    """The clock of esign and of every server goes forward."""
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(**by))
    pki.now = clock.now


# --- sign ----------------------------------------------------------------------------------------


@pytest.mark.posix
@pytest.mark.parametrize("level", ["B-T", "b-lt", "B-LTA"])
def test_files_are_signed_to_a_level(sign: Sign, workdir: Path, pki: Pki, level: str) -> None:
    ran = sign("a.pdf", "b.txt", "--level", level)
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["data"]["level"] == level.upper()
    assert [row(ran, n)["level"] for n in (0, 1)] == [level.upper()] * 2
    made = (workdir / "a.pdf.p7m").read_bytes()
    assert row(ran)["file_sha256"] == hashlib.sha256(made).hexdigest()
    assert (workdir / "a.pdf.p7m").stat().st_mode & 0o777 == 0o600
    asked = len(pki.requests)
    again = sign("a.pdf", "b.txt", "--level", level)
    assert [row(again, n)["outcome"] for n in (0, 1)] == ["skipped"] * 2
    assert len(pki.requests) == asked  # nothing is bought, nothing fetched


@pytest.mark.parametrize("level", ["B-T", "B-LT", "B-LTA"])
def test_a_server_that_writes_the_first_form(
    sign: Sign, esign: Esign, workdir: Path, pki: Pki, level: str
) -> None:
    """RFC 3161's own: the token names its certificate by SHA-1, which is good, with a warning."""
    ran = sign("b.txt", "--level", level, "--tsa", pki.first_form_tsa_url)
    assert ran.exit_code == 0, ran.stderr
    bought = pki.count("/tsa/first-form")
    assert bought == (2 if level == "B-LTA" else 1)
    assert not pki.count("/tsa/open")
    verified = esign("verify", workdir / "b.txt.p7m", "--json", "--require", level)
    assert verified.exit_code == 0, verified.stdout
    (entry,) = verified.json["data"]["signatures"]
    assert any(w.startswith("stamp-named-by-sha1; ") for w in entry["warnings"])


def test_pem_and_detached_are_kept(sign: Sign, workdir: Path) -> None:
    ran = sign("b.txt", "--level", "B-T", "--pem", "--detached")
    assert ran.exit_code == 0, ran.stderr
    made = (workdir / "b.txt.p7s").read_bytes()
    assert made.startswith(b"-----BEGIN CMS-----")
    data = signed_data.parse(made)
    assert data.content is None
    assert data.signers[0].unsigned


def test_a_time_stamp_server_that_is_down_leaves_the_lower_level(
    sign: Sign, extend: Sign, workdir: Path, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    pki.down.add("/tsa/")
    ran = sign("a.pdf", "b.txt", "--level", "B-LT")
    assert (ran.exit_code, codes(ran)) == (8, ["http-status-bad"] * 2)
    assert [row(ran, n)["outcome"] for n in (0, 1)] == ["signed"] * 2
    assert [row(ran, n)["level"] for n in (0, 1)] == ["B-B"] * 2
    assert pki.count("/tsa/") == 1  # not once for each file
    assert "Kept as B-B, to be extended by running this again: a.pdf.p7m" in ran.stderr
    before = (workdir / "a.pdf.p7m").read_bytes()
    pki.down.clear()
    again = sign("a.pdf", "b.txt", "--level", "B-LT")
    assert again.exit_code == 0, again.stderr
    assert [row(again, n)["outcome"] for n in (0, 1)] == ["raised"] * 2
    assert [row(again, n)["level"] for n in (0, 1)] == ["B-LT"] * 2
    after = (workdir / "a.pdf.p7m").read_bytes()
    old, new = (signed_data.parse(made).signers[0].fields for made in (before, after))
    assert old == new
    assert pki.count("/tsa/") == 3


def test_what_is_signed_is_raised_without_the_card(
    esign: Esign,
    workdir: Path,
    pki: Pki,
    softhsm: RealToken,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    softhsm.put(pki.issued("rsa"), tmp_path)
    trace = softhsm.traced(monkeypatch, workdir / "spy.log")
    pki.down.add("/tsa/")
    usual = ("--module", trace.module.path, "--pin-stdin", "--yes", "--json", "--level", "B-T")
    first = esign("sign", "a.pdf", *usual, stdin=f"{PIN}\n")
    assert (first.exit_code, row(first)["level"]) == (8, "B-B"), first.stderr
    pki.down.clear()
    again = esign("sign", "a.pdf", *usual, stdin=f"{PIN}\n")
    assert (again.exit_code, row(again)["level"]) == (0, "B-T"), again.stderr
    assert (trace.count("C_Login"), trace.count("C_Sign")) == (1, 1)
    assert pki.count("/tsa/") == 2


def test_without_a_time_stamp_server_nothing_is_signed(
    sign: Sign, home: Path, workdir: Path
) -> None:
    (home / "config/esign/config.toml").write_text("", "utf-8")
    ran = sign("a.pdf", "--level", "B-T")
    assert (ran.exit_code, codes(ran)) == (2, ["time-stamp-server-unset"])
    assert not (workdir / "a.pdf.p7m").exists()


def test_words_that_are_none(sign: Sign, esign: Esign, workdir: Path) -> None:
    assert codes(sign("a.pdf", "--level", "B-X")) == ["unknown-word"]
    assert codes(sign("a.pdf", "--profile", "B-T")) == ["unknown-word"]
    assert codes(sign("a.pdf", "--profile", "P2", "--level", "B-T")) == ["options-exclude"]
    assert esign("extend", "a.pdf").exit_code == 2


# --- profiles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["P2", "P4"])
def test_a_profile(sign: Sign, esign: Esign, profile: str) -> None:
    ran = sign("a.pdf", "--profile", profile)
    assert (ran.exit_code, row(ran)["level"]) == (0, profile), ran.stderr
    other = sign("a.pdf")  # without the policy it would be another signature
    assert codes(other) == ["output-exists"]


def test_p3_in_two_steps(
    sign: Sign, extend: Sign, workdir: Path, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = sign("a.pdf", "--profile", "P3")
    assert (ran.exit_code, row(ran)["level"]) == (0, "EPES-T"), ran.stderr
    assert "can be finished from" in ran.stderr
    final = datetime.fromisoformat(str(row(ran)["final_from"]))
    assert timedelta(hours=23, minutes=58) < final - datetime.now(UTC) <= timedelta(hours=24)
    before = (workdir / "a.pdf.p7m").read_bytes()
    again = sign("a.pdf", "--profile", "P3")
    assert (again.exit_code, row(again)["outcome"]) == (0, "skipped")
    early = extend("a.pdf.p7m", "--profile", "P3")
    assert (early.exit_code, codes(early)) == (8, ["grace-running"])
    assert early.json["data"]["changed"] is False
    assert "Nothing was changed" in early.stderr
    assert (workdir / "a.pdf.p7m").read_bytes() == before
    moved(monkeypatch, pki, hours=24, minutes=3)
    done = extend("a.pdf.p7m", "--profile", "P3")
    assert done.exit_code == 0, done.stderr
    data = done.json["data"]
    assert (data["level"], data["profile"], data["profile_answer"]) == ("P3", "P3", "accepted")
    assert pki.count("/tsa/") == 1


# --- extend --------------------------------------------------------------------------------------


def test_a_signature_is_extended_step_by_step(sign: Sign, extend: Sign, workdir: Path) -> None:
    sign("a.pdf", "--detached")
    for level in ("B-T", "B-LT", "B-LTA"):
        ran = extend("a.pdf.p7s", "--level", level)
        assert ran.exit_code == 0, ran.stderr
        assert ran.json["schema"] == "esign.extend/1"
        data = ran.json["data"]
        assert (data["level"], data["baseline_level"], data["changed"]) == (level, level, True)
        assert data["indication"] == "TOTAL-PASSED"
    before = (workdir / "a.pdf.p7s").read_bytes()
    nothing = extend("a.pdf.p7s", "--level", "B-LT")
    assert (nothing.exit_code, nothing.json["data"]["changed"]) == (0, False)
    assert (workdir / "a.pdf.p7s").read_bytes() == before
    renewed = extend("a.pdf.p7s", "--level", "B-LTA", "--archive", "--output", "neu.p7s",
                     "--content", "a.pdf")  # fmt: skip
    assert renewed.exit_code == 0, renewed.stderr
    assert (workdir / "a.pdf.p7s").read_bytes() == before
    made = (workdir / "neu.p7s").read_bytes()
    assert len(made) > len(before)
    parts.program("openssl")
    words = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "neu.p7s"]
    words += ["-content", "a.pdf", "-CAfile", "certomancer-root.pem", "-out", "/dev/null"]
    subprocess.run(words, check=True, capture_output=True)


def test_zeros_behind_it_are_dropped_and_archive_alone_renews(
    sign: Sign, extend: Sign, workdir: Path
) -> None:
    sign("a.pdf")
    file = workdir / "a.pdf.p7m"
    file.write_bytes(file.read_bytes() + bytes(500))
    assert extend(file, "--level", "B-LTA").exit_code == 0
    assert asn1.read(file.read_bytes()).raw == file.read_bytes()
    ran = extend(file, "--archive")
    assert (ran.exit_code, ran.json["data"]["changed"]) == (0, True), ran.stderr
    assert ran.json["data"]["baseline_level"] == "B-LTA"
    (signer,) = signed_data.parse(file.read_bytes()).signers
    assert len(signer.unsigned_values(cades.ARCHIVE_TIME_STAMP_V3)) == 2


def test_what_is_not_valid_is_left_as_it_is(
    sign: Sign, extend: Sign, workdir: Path, pki: Pki
) -> None:
    sign("a.pdf")
    file = workdir / "a.pdf.p7m"
    good = file.read_bytes()
    bad = good[:-1] + bytes((good[-1] ^ 1,))
    file.write_bytes(bad)
    ran = extend(file, "--level", "B-T")
    assert (ran.exit_code, codes(ran)) == (7, ["signature-failed"])
    file.write_bytes(b"no signature")
    ran = extend(file, "--level", "B-T")
    assert ran.exit_code == 3
    sign("b.txt", p12="revoked.p12")
    ran = extend("b.txt.p7m", "--level", "B-T")
    assert (ran.exit_code, codes(ran)) == (10, ["signature-unproven"])
    assert pki.count("/tsa/") == 0


def test_what_cannot_be_extended_all_the_way_says_how_far_it_came(
    sign: Sign, extend: Sign, workdir: Path, pki: Pki
) -> None:
    sign("a.pdf")
    pki.down.update(("/ocsp/", "/crls/"))
    ran = extend("a.pdf.p7m", "--level", "B-LT")
    assert (ran.exit_code, codes(ran)) == (8, ["not-cleared"])
    assert (ran.json["data"]["level"], ran.json["data"]["changed"]) == ("B-T", True)
    assert "The signature is now B-T, not yet B-LT" in ran.stderr
    pki.down.clear()
    pki.down.add("/tsa/")
    ran = extend("a.pdf.p7m", "--level", "B-LTA")
    assert (ran.exit_code, ran.json["data"]["level"]) == (8, "B-LT")


def test_a_profile_is_not_put_on_afterwards(sign: Sign, extend: Sign) -> None:
    sign("a.pdf")
    ran = extend("a.pdf.p7m", "--profile", "P4")
    assert (ran.exit_code, codes(ran)) == (12, ["profile-not-signed"])
    sign("b.txt", "--profile", "P2")
    ran = extend("b.txt.p7m", "--profile", "P2", "--archive")
    assert (ran.exit_code, codes(ran)) == (12, ["archive-forbidden"])


@pytest.mark.parametrize(
    ("profile", "level", "code"),
    [("P2", "B-LTA", "archive-forbidden"), ("P4", "B-LT", "level-forbidden")],
)
def test_a_profile_is_not_ruined(
    sign: Sign, extend: Sign, workdir: Path, pki: Pki, profile: str, level: str, code: str
) -> None:
    sign("a.pdf", "--profile", profile)
    before = (workdir / "a.pdf.p7m").read_bytes()
    pki.requests.clear()
    ran = extend("a.pdf.p7m", "--level", level)
    assert (ran.exit_code, codes(ran)) == (12, [code])
    assert (workdir / "a.pdf.p7m").read_bytes() == before
    assert pki.count("/tsa/") == 0


def test_what_goes_beyond_p1_says_so(sign: Sign, extend: Sign) -> None:
    sign("a.pdf")
    assert "P1" not in extend("a.pdf.p7m", "--level", "B-LT").stderr
    ran = extend("a.pdf.p7m", "--level", "B-LTA")
    assert (ran.exit_code, ran.json["data"]["profile"]) == (0, None)
    assert "It is of the profile P1 no more" in ran.stderr


def test_the_next_morning_a_time_stamp_is_bought_unless_a_policy_forbids_it(
    sign: Sign, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two hours after signing are a rule of BTK's policies P2 to P4 only."""
    sign("a.pdf")
    pki.down.add("/tsa/")
    sign("b.txt", "--profile", "P2")
    pki.down.clear()
    pki.requests.clear()
    moved(monkeypatch, pki, hours=3)
    ran = sign("a.pdf", "--level", "B-T")
    assert (ran.exit_code, row(ran)["level"]) == (0, "B-T")
    ran = sign("b.txt", "--profile", "P2")
    assert (ran.exit_code, codes(ran)) == (8, ["stamp-too-late"])
    assert "None was bought" in ran.stderr
    assert pki.count("/tsa/") == 1


# --- Kamu SM's server ----------------------------------------------------------------------------


def test_the_password_comes_from_where_passwords_are_kept(
    sign: Sign, esign: Esign, home: Path, pki: Pki, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, pki, url=pki.kamusm_url, user=USER)
    ran = sign("a.pdf", "--level", "B-T")
    assert (ran.exit_code, codes(ran)) == (ran.exit_code, ["credential-missing"])
    assert not (home / "masa/a.pdf.p7m").exists()  # told before anything is signed
    monkeypatch.setenv("ESIGN_TIME_STAMP_PASSWORD", PASSWORD)
    assert row(sign("a.pdf", "--level", "B-T"))["level"] == "B-T"
    monkeypatch.setenv("ESIGN_TIME_STAMP_PASSWORD", "wrong")
    ran = sign("b.txt", "--level", "B-T")
    assert (ran.exit_code, codes(ran)) == (8, ["time-stamp-refused"])
    assert "Kullanıcı adı veya parola hatalı" in ran.stderr
    pki.headers.clear()
    sign("b.txt", "--level", "B-T", "--tsa", pki.tsa_url)
    assert all("identity" not in said for said in pki.headers)  # no other server is told


@pytest.mark.posix
def test_the_password_is_asked_for_on_a_terminal(workdir: Path, home: Path, pki: Pki) -> None:
    configure(home, pki, url=pki.kamusm_url, user=USER)
    words = ("sign", "a.pdf", "--p12", "p384.p12", "--level", "B-T")
    with Terminal(*words) as terminal:
        terminal.answer("Password of the time stamp server", PASSWORD)
        terminal.answer("Passphrase of the PKCS#12 file", PASSPHRASE)
        terminal.answer("Sign these files?", "y")
        assert terminal.ended() == 0, terminal.seen
    assert PASSWORD not in terminal.seen
    assert signed_data.parse((workdir / "a.pdf.p7m").read_bytes()).signers[0].unsigned


# --- signatures beside others --------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("--detached",)], ids=["attached", "detached"])
def test_a_second_person_signs_beside_the_first(
    sign: Sign, esign: Esign, workdir: Path, words: tuple[str, ...]
) -> None:
    sign("a.pdf", *words, p12="rsa.p12")
    name = "a.pdf.p7s" if words else "a.pdf.p7m"
    before = (workdir / name).read_bytes()
    ran = sign("a.pdf", "--add")
    assert (ran.exit_code, row(ran)["output"]) == (0, name), ran.stderr
    data = signed_data.parse((workdir / name).read_bytes())
    assert len(data.signers) == 2
    assert {s.fields for s in signed_data.parse(before).signers} <= {s.fields for s in data.signers}
    assert row(sign(name, "--add"))["outcome"] == "skipped"  # the signature's own name will do
    verified = esign("verify", name, "--json")
    assert len(verified.json["data"]["signatures"]) == 2
    assert verified.json["data"]["indication"] != "TOTAL-FAILED"


def test_nothing_is_added_to_what_is_no_signature_over_this(sign: Sign, workdir: Path) -> None:
    assert codes(sign("a.pdf", "--add")) == ["file-missing"]
    sign("a.pdf", p12="rsa.p12")
    before = (workdir / "a.pdf.p7m").read_bytes()
    (workdir / "a.pdf").write_bytes(b"something else")
    ran = sign("a.pdf", "--add")
    assert (ran.exit_code, codes(ran)) == (12, ["nothing-to-add-to"])
    assert (workdir / "a.pdf.p7m").read_bytes() == before


# --- sign-form -----------------------------------------------------------------------------------

FORM = """
given_name = "RSA"
family_name = "IŞIK"
email = "rsa.isik@example.tr"
institution_name = "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"
address = "İl Millî Eğitim Müdürlüğü, Merkez"
"""


@pytest.fixture
def form(esign: Esign, workdir: Path) -> Sign:
    (workdir / "form.toml").write_text(FORM, "utf-8")

    def run(*words: str) -> Ran:
        usual = ("--p12", "rsa.p12", "--form", "form.toml", "--output", "f.p7m", "--yes", "--json")
        secrets = f"mavi defter\n{PASSPHRASE}\n"
        return esign("sign-form", *usual, "--secrets-stdin", *words, stdin=secrets)

    return run


def test_an_application_is_signed_to_a_level(form: Sign, workdir: Path) -> None:
    ran = form("--level", "B-LT", "--commitment", "a.pdf")
    assert ran.exit_code == 0, ran.stderr
    data = ran.json["data"]
    assert data["level"] == "B-LT"
    for name in ("f.p7m", "a.pdf.p7m"):
        assert signed_data.parse((workdir / name).read_bytes()).revocation_wire
    assert data["file_sha256"] == hashlib.sha256((workdir / "f.p7m").read_bytes()).hexdigest()
    assert data["commitment"]["bytes"] == (workdir / "a.pdf.p7m").stat().st_size


def test_an_application_stays_signed_where_its_level_is_not_reached(
    form: Sign, workdir: Path, pki: Pki
) -> None:
    pki.down.add("/tsa/")
    ran = form("--level", "B-T")
    assert (ran.exit_code, codes(ran)) == (8, ["level-not-reached", "http-status-bad"])
    assert ran.json["data"]["level"] == "B-B"
    assert (workdir / "f.p7m").exists()
    assert "The signature is not B-T yet; it was kept as B-B." in ran.stderr


def test_an_application_by_profile(form: Sign) -> None:
    ran = form("--profile", "P3")
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["data"]["level"] == "EPES-T"
    assert ran.json["data"]["final_from"]
    assert "can be finished from" in ran.stderr


def test_beside_others_only_ones_own_signature_is_extended(
    sign: Sign, esign: Esign, workdir: Path, pki: Pki
) -> None:
    sign("a.pdf", p12="rsa.p12")
    pki.down.add("/crls/")
    ran = sign("a.pdf", "--add", "--level", "B-LT")
    assert (ran.exit_code, row(ran)["level"]) == (8, "B-T"), ran.stderr
    pki.down.clear()
    ran = sign("a.pdf", "--add", "--level", "B-LT")
    assert (ran.exit_code, row(ran)["level"]) == (0, "B-LT"), ran.stderr
    assert pki.count("/tsa/") == 1
    verified = esign("verify", "a.pdf.p7m", "--json").json["data"]["signatures"]
    levels = {entry["signer"]: entry["level"] for entry in verified}
    assert levels == {"RSA IŞIK": "B-B", "P384 IŞIK": "B-LT"}
    assert row(sign("a.pdf", "--add", "--level", "B-LT"))["outcome"] == "skipped"
