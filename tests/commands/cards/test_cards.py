"""`esign cards` lists every card that is seen, also the one that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from esign_cli.cards.modules import Module
from esign_cli.commands.demo.made_up import Issued, national_id
from tests.conftest import Esign
from tests.support.tokens import RealToken

Issue = Callable[..., Issued]


def test_every_card_is_listed_without_a_login(
    new_softhsm: Callable[..., RealToken], issued: Issue, esign: Esign, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    one, other = new_softhsm(f"{national_id(1)}NES0"), new_softhsm("AKIS_2")
    one.put(issued("P-256"), tmp_path)
    trace = one.traced(monkeypatch, tmp_path / "spy.log")
    ran = esign("cards", "--module", trace.module.path)
    assert ran.exit_code == 0, ran.stderr
    assert "ŞÜKRÜ IŞIK" in ran.stdout
    assert "100******46NES0" in ran.stdout
    assert national_id(1) not in ran.stdout
    assert trace.count("C_Login") == 0
    ran = esign("cards", "--module", trace.module.path, "--json")
    assert ran.json["schema"] == "esign.cards/1"
    seen = {token["serial"]: token for token in ran.json["data"]["tokens"]}
    assert set(seen) == {one.serial, other.serial}
    assert set(seen[one.serial]) == {
        "reader", "label", "serial", "manufacturer", "pin", "certificates", "problem",
    }  # fmt: skip
    assert seen[one.serial]["certificates"][0]["holder"] == "ŞÜKRÜ IŞIK"
    assert seen[other.serial]["certificates"] == []
    reader = seen[other.serial]["reader"]
    ran = esign("cards", "--module", trace.module.path, "--reader", reader, "--json")
    assert [token["serial"] for token in ran.json["data"]["tokens"]] == [other.serial]


def test_a_card_that_cannot_be_read_is_listed_too(
    softhsm: RealToken, new_softhsm: Callable[..., RealToken], faulty: Callable[..., Module],
    esign: Esign,
) -> None:  # fmt: skip
    new_softhsm("BAD_1")
    module = faulty("C_GetTokenInfo=fail", softhsm, label="BAD_1")
    ran = esign("cards", "--module", module.path, "--json")
    assert ran.exit_code == 8
    assert sorted(t["problem"] or "" for t in ran.json["data"]["tokens"]) == ["", "reader-failed"]
    assert "does not answer" in esign("cards", "--module", module.path).stderr


def test_no_card_is_exit_4(softhsm_store: Module, esign: Esign) -> None:
    assert esign("cards", "--module", softhsm_store.path).exit_code == 4
