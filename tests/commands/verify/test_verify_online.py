"""`esign verify` with revocation data that it fetches, against real servers on loopback."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esign_cli.commands.demo.made_up import MadeUpCa
from esign_cli.signatures import creation
from tests.conftest import Esign
from tests.support.certomancer_server import Pki
from tests.support.extension import Bench
from tests.support.signatures import CONTENT, KeySigner

PRIVATE = "[network]\nprivate = true\ntimeout = 3\n"


class Workdir:
    """A signature by somebody of the made-up PKI, and how it is verified."""

    def __init__(self, esign: Esign, pki: Pki, home: Path) -> None:
        self.esign, self.pki, self.home = esign, pki, home
        self.settings(PRIVATE)
        self.trust = pki.trust(home)

    def settings(self, text: str) -> None:
        folder = self.home / "config" / "esign"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(text, "utf-8")

    def signed(self, label: str = "p384") -> Path:
        made = creation.cades(
            CONTENT,
            KeySigner(self.pki.issued(label)),
            signing_time=datetime.now(UTC) - timedelta(minutes=5),
            detached=False,
            mime_type=None,
        )
        return self.kept(made)

    def kept(self, signature: bytes) -> Path:
        path = self.home / "signed.p7m"
        path.write_bytes(signature)
        return path

    def verify(self, path: Path, *more: str | Path):
        return self.esign("verify", path, "--trust", self.trust, "--json", *more)


@pytest.fixture
def workdir(esign: Esign, pki: Pki, home: Path) -> Workdir:
    return Workdir(esign, pki, home)


def test_what_is_missing_is_fetched(workdir: Workdir) -> None:
    ran = workdir.verify(workdir.signed(), "--require", "qualified,P1")
    assert ran.exit_code == 0, ran.stdout
    (entry,) = ran.json["data"]["signatures"]
    assert [datum["source"] for datum in entry["revocation"]] == ["crl", "ocsp"]
    asked = len(workdir.pki.requests)
    assert asked == 2
    assert workdir.verify(workdir.signed()).exit_code == 0
    assert workdir.pki.count("/crls/root") == 1  # it is kept, and current


@pytest.mark.parametrize(
    ("label", "sub"), [("revoked", "REVOKED_NO_POE"), ("suspended", "TRY_LATER")]
)
def test_what_the_servers_say_counts(workdir: Workdir, label: str, sub: str) -> None:
    ran = workdir.verify(workdir.signed(label))
    assert ran.exit_code == 10
    assert ran.json["data"]["subindication"] == sub


def test_offline_nothing_is_asked_for(workdir: Workdir) -> None:
    ran = workdir.verify(workdir.signed(), "--offline")
    assert ran.json["data"]["subindication"] == "TRY_LATER"
    assert workdir.pki.requests == []


def test_nothing_is_fetched_for_a_stranger(workdir: Workdir) -> None:
    """Only for certificates on a path to an anchor: the addresses in others are theirs."""
    other = workdir.home / "other.cer"
    other.write_bytes(MadeUpCa.create(datetime.now(UTC)).root)
    ran = workdir.esign("verify", workdir.signed(), "--trust", other, "--json")
    assert ran.json["data"]["subindication"] == "NO_CERTIFICATE_CHAIN_FOUND"
    assert workdir.pki.requests == []


def test_own_network_has_to_be_allowed(workdir: Workdir) -> None:
    workdir.settings("")
    ran = workdir.verify(workdir.signed())
    assert ran.json["data"]["subindication"] == "TRY_LATER"
    assert "address-refused" in [problem["code"] for problem in ran.json["problems"]]
    assert workdir.pki.requests == []


def test_servers_that_are_down_are_named(workdir: Workdir) -> None:
    workdir.pki.down |= {"/ocsp", "/crls/sub"}
    path = workdir.signed()
    ran = workdir.verify(path)
    assert ran.json["data"]["subindication"] == "TRY_LATER"
    assert {problem["code"] for problem in ran.json["problems"]} == {"http-status-bad"}
    told = workdir.esign("verify", path, "--trust", workdir.trust)
    assert told.exit_code == 10
    assert "Not fetched:" in told.stderr


def test_servers_that_lie_prove_nothing(workdir: Workdir) -> None:
    workdir.pki.instead |= {"/ocsp": lambda _body: b"good", "/crls/sub": lambda body: body[:-1]}
    assert workdir.verify(workdir.signed()).json["data"]["subindication"] == "TRY_LATER"


@pytest.mark.parametrize("target", ["B-T", "B-LT", "B-LTA", "P4"])
def test_levels_and_profiles_that_are_required(workdir: Workdir, target: str) -> None:
    made = Bench(workdir.pki, workdir.home / "cache").made(target)
    ran = workdir.verify(workdir.kept(made), "--require", f"qualified,B-T,{target}")
    assert ran.exit_code == 0, ran.stdout
    assert all(one["met"] for one in ran.json["data"]["required"])
    (entry,) = ran.json["data"]["signatures"]
    assert entry["time_stamps"][0]["good"] is True
    if target == "P4":
        assert entry["profile"]["answer"] == "accepted"
        assert entry["profile"]["policy_uri"].endswith("331.pdf")
        assert workdir.verify(workdir.kept(made), "--require", "P3").exit_code == 12
