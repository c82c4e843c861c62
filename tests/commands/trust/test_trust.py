"""`esign trust`: a root comes in by its fingerprint and no other way."""

from __future__ import annotations

import hashlib
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from esign_cli.commands.demo.made_up import MadeUpCa, national_id
from esign_cli.foundation import clock, locations
from tests.conftest import Esign, Ran
from tests.signatures.test_trust import depot_xml, pem
from tests.support.servers import http_answer, saying, serving
from tests.support.signatures import signed_with_sha1
from tests.support.terminal import Terminal

NOW = clock.now()
CA, OTHER = MadeUpCa.create(NOW), MadeUpCa.create(NOW)
ROOT, SUB, OTHER_ROOT = (hashlib.sha256(der).hexdigest() for der in (CA.root, CA.sub, OTHER.root))
KNOWN = (
    "aa466d3b528dc947c7e1dca594c0deb4a1d2b987c119125fcd7435de92a23c60",
    "23044f859844c23a2d082e518627fe8d69f5b21a7f7af30ce204434c4055387d",
)


@pytest.fixture
def workdir(home: Path) -> Path:
    """A folder with a made-up authority's certificates, and a stranger's."""
    parts = {
        "root.cer": CA.root,
        "sub.pem": pem(CA.sub),
        "both.pem": pem(CA.root) + pem(CA.sub),
        "other.cer": OTHER.root,
        "depot.xml": depot_xml([CA.root, OTHER.root], [CA.sub, OTHER.sub]),
    }
    for name, data in parts.items():
        (home / name).write_bytes(data)
    return home


def listed(esign: Esign) -> dict[str, bool | None]:
    data = esign("trust", "list", "--json").json["data"]
    return {row["sha256"]: row["trusted"] for row in data["certificates"]}


def shas(ran: Ran, name: str) -> list[str]:
    return [row["sha256"] for row in ran.json["data"][name]]


def code(ran: Ran) -> str:
    return str(ran.json["problems"][0]["code"])


def test_an_empty_store_names_the_known_roots_and_trusts_none(esign: Esign) -> None:
    ran = esign("trust", "list", "--json")
    assert ran.json["schema"] == "esign.trust-list/1"
    assert ran.json["data"]["certificates"] == []
    assert tuple(row["sha256"] for row in ran.json["data"]["known_roots"]) == KNOWN
    said = esign("trust", "list").stderr
    assert "is empty" in said
    assert all(sha256 in said for sha256 in KNOWN)
    assert "compare it with Kamu SM's publication" in said


@pytest.mark.posix
def test_a_root_is_accepted_by_its_fingerprint(esign: Esign, workdir: Path) -> None:
    written = ":".join(ROOT[i : i + 2] for i in range(0, 64, 2)).upper()
    ran = esign("trust", "add", workdir / "both.pem", "--fingerprint", written, "--json")
    assert ran.exit_code == 0, ran.stderr
    assert (shas(ran, "accepted"), shas(ran, "added")) == ([ROOT], [SUB])
    assert listed(esign) == {ROOT: True, SUB: None}
    folder = locations.trust_folder()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    table = esign("trust", "list").stdout
    assert "accepted on" in table
    assert "by its chain" in table
    again = esign("trust", "add", workdir / "both.pem", "--json")
    assert sorted(shas(again, "there")) == sorted([ROOT, SUB])


def test_without_its_fingerprint_nothing_comes_in(esign: Esign, workdir: Path) -> None:
    ran = esign("trust", "add", workdir / "both.pem", "--json")
    assert (ran.exit_code, code(ran)) == (12, "root-not-accepted")
    assert ROOT in ran.stderr
    ran = esign("trust", "add", workdir / "both.pem", "--fingerprint", OTHER_ROOT, "--json")
    assert (ran.exit_code, code(ran)) == (12, "fingerprint-not-found")
    ran = esign("trust", "add", workdir / "both.pem", "--fingerprint", ROOT[:60], "--json")
    assert (ran.exit_code, code(ran)) == (2, "bad-fingerprint")
    assert listed(esign) == {}


@pytest.mark.posix
def test_the_fingerprint_is_typed(workdir: Path) -> None:
    with Terminal("trust", "add", workdir / "root.cer") as terminal:
        terminal.answer("fingerprint of the root to trust", ROOT.upper())
        assert terminal.ended() == 0, terminal.seen
    assert "Trusted from now on" in terminal.seen


def test_a_sub_ca_comes_in_only_below_an_accepted_root(esign: Esign, workdir: Path) -> None:
    ran = esign("trust", "add", workdir / "sub.pem", "--json")
    assert (ran.exit_code, code(ran)) == (12, "nothing-trusted")
    esign("trust", "add", workdir / "root.cer", "--fingerprint", ROOT)
    assert shas(esign("trust", "add", workdir / "sub.pem", "--json"), "added") == [SUB]


def test_an_update_brings_sub_cas_and_no_root(esign: Esign, workdir: Path) -> None:
    ran = esign("trust", "update", "--file", workdir / "depot.xml", "--json")
    assert (ran.exit_code, code(ran)) == (12, "no-root-accepted")
    esign("trust", "add", workdir / "depot.xml", "--fingerprint", ROOT)
    esign("trust", "remove", SUB, "--yes")
    ran = esign("trust", "update", "--file", workdir / "depot.xml", "--json")
    assert ran.exit_code == 0, ran.stderr
    assert shas(ran, "added") == [SUB]
    assert shas(ran, "not_accepted") == [OTHER_ROOT]
    assert len(shas(ran, "unchained")) == 1
    assert listed(esign) == {ROOT: True, SUB: None}


def test_a_root_that_was_only_copied_is_shown_and_not_trusted(esign: Esign, workdir: Path) -> None:
    folder = locations.trust_folder()
    folder.mkdir(parents=True)
    (folder / "kok.pem").write_bytes(pem(CA.root) + pem(CA.sub))
    assert listed(esign) == {ROOT: False, SUB: None}
    assert "nobody accepted it" in esign("trust", "list").stdout
    assert esign("trust", "add", workdir / "root.cer", "--fingerprint", ROOT).exit_code == 0
    assert listed(esign)[ROOT] is True


def test_with_a_root_go_its_sub_cas(esign: Esign, workdir: Path) -> None:
    for file, sha256 in (("both.pem", ROOT), ("other.cer", OTHER_ROOT)):
        esign("trust", "add", workdir / file, "--fingerprint", sha256)
    ran = esign("trust", "remove", ROOT[:8], "--json")
    assert (ran.exit_code, code(ran)) == (2, "no-terminal")
    assert ROOT in listed(esign)
    ran = esign("trust", "remove", ROOT[:8].upper(), "--yes", "--json")
    assert sorted(shas(ran, "removed")) == sorted([ROOT, SUB])
    assert listed(esign) == {OTHER_ROOT: True}
    for wrong in (ROOT, OTHER_ROOT[:7]):
        ran = esign("trust", "remove", wrong, "--yes", "--json")
        assert (ran.exit_code, code(ran)) == (2, "fingerprint-not-in-store")


def test_what_lies_with_others_in_a_file_is_parted_from_them(esign: Esign, workdir: Path) -> None:
    folder = locations.trust_folder()
    folder.mkdir(parents=True)
    (folder / "all.pem").write_bytes(pem(CA.root) + pem(CA.sub) + pem(OTHER.root))
    ran = esign("trust", "remove", ROOT, "--yes", "--json")
    assert shas(ran, "removed") == [ROOT]
    assert listed(esign).keys() == {SUB, OTHER_ROOT}


def test_a_person_is_no_authority(esign: Esign, workdir: Path) -> None:
    person = CA.issue("A B", national_id(1), key="P-256", not_before=NOW).certificate
    (workdir / "person.cer").write_bytes(person)
    esign("trust", "add", workdir / "root.cer", "--fingerprint", ROOT)
    assert esign("trust", "add", workdir / "person.cer").exit_code == 12


# --- from where Kamu SM publishes it -------------------------------------------------------------


def settings(home: Path, url: str, *, private: bool = True) -> None:
    folder = home / "config/esign"
    folder.mkdir(parents=True, exist_ok=True)
    allowed = "true" if private else "false"
    lines = f'[network]\ndepot = "{url}/SertifikaDeposu.xml"\nprivate = {allowed}\ntimeout = 2\n'
    (folder / "config.toml").write_text(lines, "utf-8")


def test_an_update_is_fetched_and_a_changed_file_brings_in_no_root(
    esign: Esign, workdir: Path
) -> None:
    stranger = OTHER.issue("A B", national_id(1), key="P-256", not_before=NOW).certificate
    changed = depot_xml([OTHER.root], [CA.sub, OTHER.sub, stranger])
    with serving(saying(http_answer(changed))) as server:
        settings(workdir, server.url)
        ran = esign("trust", "update", "--json")
        assert (ran.exit_code, code(ran)) == (12, "no-root-accepted")
        assert server.requests == []  # nothing to lead to, so nothing is asked for
        esign("trust", "add", workdir / "root.cer", "--fingerprint", ROOT)
        ran = esign("trust", "update", "--json")
        assert ran.exit_code == 0, ran.stderr
        assert server.requests[0].startswith(b"GET /SertifikaDeposu.xml HTTP/1.1\r\n")
    assert shas(ran, "added") == [SUB]
    assert shas(ran, "not_accepted") == [OTHER_ROOT]
    assert listed(esign) == {ROOT: True, SUB: None}


@pytest.mark.parametrize(
    ("answer", "status", "problem"),
    [
        (http_answer(b"<depo/>"), 3, "trust-unreadable"),
        (http_answer(b"<html>404</html>", "404 Not Found"), 11, "http-status-bad"),
        (http_answer(b"x" * (9 << 20)), 11, "answer-too-large"),
        (http_answer(b"", "302 x", Location="file:///etc/passwd"), 12, "address-refused"),
        (b"", 11, "http-failed"),
    ],
    ids=["empty", "missing", "huge", "redirect", "dead"],
)
def test_a_server_that_has_no_depot(
    esign: Esign, workdir: Path, answer: bytes, status: int, problem: str
) -> None:
    esign("trust", "add", workdir / "root.cer", "--fingerprint", ROOT)
    with serving(saying(answer)) as server:
        settings(workdir, server.url)
        ran = esign("trust", "update", "--json")
    assert (ran.exit_code, code(ran)) == (status, problem)
    assert listed(esign) == {ROOT: True}


def test_a_depot_in_the_own_network_has_to_be_allowed(esign: Esign, workdir: Path) -> None:
    esign("trust", "add", workdir / "root.cer", "--fingerprint", ROOT)
    with serving(saying(http_answer(depot_xml([], [CA.sub])))) as server:
        settings(workdir, server.url, private=False)
        ran = esign("trust", "update", "--json")
        assert (ran.exit_code, code(ran)) == (12, "address-refused")
        assert server.requests == []


def test_an_ended_root_and_sub_cas_by_sha1_are_named_with_what_mends(
    esign: Esign, home: Path
) -> None:
    old = MadeUpCa.create(NOW - timedelta(days=40 * 365), key="P-256")
    weak = signed_with_sha1(old.sub, old.root_authority.key)
    (home / "old.cer").write_bytes(old.root)
    (home / "depot.xml").write_bytes(depot_xml([old.root, CA.root], [weak, CA.sub]))
    fingerprint = hashlib.sha256(old.root).hexdigest()
    assert esign("trust", "add", home / "old.cer", "--fingerprint", fingerprint).exit_code == 0
    words = ("trust", "update", "--file", home / "depot.xml")
    ran = esign(*words, "--json")
    assert ran.exit_code == 0
    assert shas(ran, "weak") == [hashlib.sha256(weak).hexdigest()]
    assert shas(ran, "expired") == [fingerprint]
    assert shas(ran, "not_accepted") == [ROOT]
    assert shas(ran, "unchained") == [SUB]
    said = esign(*words).stderr
    assert "signed by SHA-1" in said
    assert "esign trust add FILE --fingerprint SHA256" in said
    assert esign("trust", "add", home / "depot.xml", "--fingerprint", ROOT).exit_code == 0
    assert shas(esign(*words, "--json"), "there") == [SUB]
