"""What a stranger wrote into a signature forges no line of screen, page or traceback."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from esign_cli.commands.demo.made_up import MadeUpCa, national_id, parts
from esign_cli.foundation import clock
from esign_cli.signatures import path_validation
from esign_cli.signatures.cms import policies
from tests.conftest import Esign
from tests.support.certomancer_server import Pki, refusal
from tests.support.long_term import counter_signed
from tests.support.signatures import DAY, HOUR, Recipe

FORGED = "A\x1b[2J\x1b[H\nVALID [TOTAL-PASSED]\r\nV\x9b1m"
"""It clears a terminal, and says on a line of its own what only the program may say."""
HIDDEN = "\u202e\u200b\u2066"
FORBIDDEN = set("\x1b\x9b\r\u202e\u200b\u2066")
VERDICT = re.compile(r"^[^\w|]*VALID", re.MULTILINE)
"""A line that begins as a verdict does; every line of a traceback begins with a bar."""
NOW = clock.now()


def _recipe(holder: str = "ŞÜKRÜ IŞIK", *, issuer: str = "", **more: object) -> Recipe:
    ca = MadeUpCa.create(NOW)
    if issuer:
        begin, end = NOW - 731 * DAY, NOW + 731 * DAY
        sub = parts.new_authority("sub", issuer, ca.root_authority, begin, end, "P-256")
        ca = replace(ca, sub_authority=sub)
    organisation = str(more.pop("organisation", ""))
    issued = ca.issue(
        holder, national_id(1), key="P-256", not_before=NOW - 30 * DAY, organisation=organisation
    )
    return Recipe(issued, NOW - 2 * HOUR, **more)  # type: ignore[arg-type]  # the table's fields


def _policy() -> Recipe:
    named = policies.attribute(policies.POLICIES["P4"], address=FORGED.replace("\x9b", "\x07"))
    return _recipe(extra=[named])


def _counter() -> Recipe:
    other = _recipe(FORGED).issued
    return _recipe(unsigned=[counter_signed(other, NOW - HOUR)], certificates=None)


PLACES: dict[str, tuple[Callable[[], Recipe], str]] = {
    "the subject": (lambda: _recipe(FORGED + HIDDEN), "f.p7m"),
    "the subject's organisation": (lambda: _recipe(organisation=FORGED + HIDDEN), "f.p7m"),
    "the issuer": (lambda: _recipe(issuer=FORGED + HIDDEN), "f.p7m"),
    "the policy's address": (_policy, "f.p7m"),
    "who counter-signed": (_counter, "f.p7m"),
    "the file's name": (_recipe, FORGED.replace("/", "") + HIDDEN + ".p7m"),
}


@pytest.mark.posix
@pytest.mark.parametrize("place", PLACES)
def test_screen_and_page(place: str, esign: Esign, home: Path) -> None:
    make, name = PLACES[place]
    (home / name).write_bytes(make().build())
    page = home / "page.html"
    for words in ((), ("--json",)):
        ran = esign("verify", home / name, "--offline", "--report", page, "--force", *words)
        assert ran.exit_code == 10
        for shown in (ran.stdout, ran.stderr):
            assert not FORBIDDEN & set(shown)
            assert not VERDICT.search(shown)
    told = page.read_text("utf-8")
    assert not FORBIDDEN & set(told)
    assert not VERDICT.search(re.sub("<[^>]*>", "", told))


@pytest.mark.posix
def test_a_valid_signature_of_somebody_with_such_a_name(esign: Esign, home: Path) -> None:
    """The verdict is ours, and only once."""
    ca = MadeUpCa.create(NOW)
    issued = ca.issue(FORGED, national_id(1), key="P-256", not_before=NOW - 30 * DAY)
    (home / "f.p7m").write_bytes(Recipe(issued, NOW - 2 * HOUR).build())
    (home / "root.pem").write_bytes(ca.root_pem)
    words = ["--trust", home / "root.pem"]
    for which in ("root", "sub"):
        (home / f"{which}.crl").write_bytes(ca.crl(this_update=NOW, issuer=which))
        words += ["--crl", home / f"{which}.crl"]
    ran = esign("verify", home / "f.p7m", "--offline", *words)
    assert ran.exit_code == 0, ran.stdout
    assert not FORBIDDEN & set(ran.stdout + ran.stderr)
    assert len(VERDICT.findall(ran.stdout)) == 1


@pytest.mark.posix
@pytest.mark.parametrize("place", PLACES)
def test_a_traceback(place: str, esign: Esign, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, name = PLACES[place]
    (home / name).write_bytes(make().build())

    def fail(*_given: object, **_more: object) -> None:
        raise LookupError(name, FORGED) from OSError(FORGED + HIDDEN)

    monkeypatch.setattr(path_validation.PathCheck, "validate", fail)
    ran = esign("--debug", "verify", home / name, "--offline")
    assert not FORBIDDEN & set(ran.stdout + ran.stderr)
    assert not VERDICT.search(ran.stdout + ran.stderr)


REASONS: dict[str, Callable[[bytes], bytes]] = {
    "a refusal": lambda _right: refusal(FORGED + HIDDEN),
    "plain text": lambda _right: (FORGED + HIDDEN).encode(),
    "a token of another's": lambda _right: b"\x30\x03\x02\x01\x00",
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_server_s_reason(reason: str, esign: Esign, pki: Pki, home: Path) -> None:
    path = home / "f.p7m"
    recipe = Recipe(pki.issued("p384"), NOW - timedelta(minutes=5), digest="sha384")
    path.write_bytes(recipe.build())
    config = home / "config" / "esign"
    config.mkdir(parents=True, exist_ok=True)
    (config / "config.toml").write_text("[network]\nprivate = true\ntimeout = 3\n", "utf-8")
    pki.instead["/tsa/"] = REASONS[reason]
    words = ("extend", path, "--level", "B-T", "--tsa", pki.tsa_url, "--trust", pki.trust(home))
    for more in ((), ("--json",)):
        ran = esign("--debug", *words, *more)
        assert ran.exit_code != 0
        assert pki.count("/tsa/")
        assert not FORBIDDEN & set(ran.stdout + ran.stderr)
        assert not VERDICT.search(ran.stdout + ran.stderr)
