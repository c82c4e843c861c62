"""Revocation data fetched from the addresses in certificates, within limits, and kept."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from esign_cli.commands.demo.made_up import MadeUpCa
from esign_cli.foundation.errors.network import HttpStatusBad
from esign_cli.signatures.pki import crl_ocsp
from esign_cli.signatures.pki import retrieval as of_pki
from esign_cli.signatures.pki.crl import Freshness, RevocationData
from esign_cli.signatures.revocation import client as fetching
from esign_cli.signatures.revocation.client import Fetcher
from tests.support.certomancer_server import Pki
from tests.support.extension import Bench
from tests.support.servers import http_answer, saying, serving

ANY, CRL_ONLY = Freshness(), Freshness("crl")


@pytest.fixture
def bench(pki: Pki, tmp_path: Path) -> Bench:
    return Bench(pki, tmp_path / "cache")


def got(
    bench: Bench, fetcher: Fetcher, freshness: Freshness = ANY, label: str = "p384"
) -> list[RevocationData]:
    der = bench.pki.certificate(label)
    return list(fetcher(der, bench.pki.sub, freshness, bench.now))


def said(bench: Bench, data: list[RevocationData], label: str = "p384") -> str:
    known = crl_ocsp.answers(bench.pki.certificate(label), bench.pki.sub, data)
    return crl_ocsp.validate(known, bench.now)[0]


def test_ocsp_settles_it_and_no_crl_is_fetched(bench: Bench) -> None:
    data = got(bench, bench.fetcher)
    assert [datum.source for datum in data] == ["ocsp"]
    assert said(bench, data) == "good"
    assert bench.pki.requests == [("POST", "/made-up/ocsp/sub")]


@pytest.mark.parametrize("label", ["revoked", "suspended"])
def test_bad_news_settle_it_too(bench: Bench, label: str) -> None:
    data = got(bench, bench.fetcher, label=label)
    assert said(bench, data, label) == label
    assert not bench.pki.count("/crls/")


def test_where_ocsp_fails_the_crl_is_taken(bench: Bench) -> None:
    bench.pki.down.add("/ocsp/")
    fetcher = bench.fetcher
    data = got(bench, fetcher)
    assert [datum.source for datum in data] == ["crl"]
    assert said(bench, data) == "good"
    (problem,) = fetcher.problems
    assert isinstance(problem, HttpStatusBad)
    got(bench, fetcher, label="rsa")
    assert bench.pki.count("/ocsp/") == 1  # a dead server is asked once in a run


def test_only_the_kind_that_is_wanted(bench: Bench) -> None:
    assert [datum.source for datum in got(bench, bench.fetcher, CRL_ONLY)] == ["crl"]
    assert not bench.pki.count("/ocsp/")


def test_what_is_no_revocation_data_is_told_and_not_kept(bench: Bench) -> None:
    bench.pki.instead.update({"/ocsp/": lambda _right: b"<html>", "/crls/": lambda _right: b""})
    fetcher = bench.fetcher
    assert got(bench, fetcher) == []
    assert [p.facts["problem"] for p in fetcher.problems] == ["not-revocation-data"] * 2
    assert not bench.cache.exists()


# --- the cache -----------------------------------------------------------------------------------


@pytest.mark.posix
def test_what_is_current_is_kept_privately_and_used(bench: Bench) -> None:
    first = got(bench, bench.fetcher)
    assert got(bench, bench.fetcher) == first
    assert len(bench.pki.requests) == 1
    assert {path.stat().st_mode & 0o777 for path in bench.cache.iterdir()} == {0o600}
    assert bench.cache.stat().st_mode & 0o777 == 0o700
    got(bench, bench.fetcher, label="rsa")  # another certificate's answer is another file
    assert bench.pki.count("/ocsp/") == 2


def test_what_has_ended_is_fetched_again(bench: Bench) -> None:
    first = got(bench, bench.fetcher)
    bench.wait(minutes=11)
    assert got(bench, bench.fetcher) != first
    assert len(bench.pki.requests) == 2


@pytest.mark.parametrize("source", ["ocsp", "crl"])
def test_freshness_that_is_asked_beats_validity(bench: Bench, source: str) -> None:
    bench.now = bench.now.replace(second=5)  # a CRL is issued, and ends, with each minute
    got(bench, bench.fetcher, Freshness(source))
    bench.wait(seconds=20)
    since = bench.now - timedelta(minutes=5)
    got(bench, bench.fetcher, Freshness(source, since))
    before = len(bench.pki.requests)
    assert before == 1
    newer = got(bench, bench.fetcher, Freshness(source, bench.now))[0]
    assert len(bench.pki.requests) > before
    assert newer.held == bench.now


def test_a_damaged_cache_is_fetched_over(bench: Bench) -> None:
    got(bench, bench.fetcher)
    (kept,) = bench.cache.iterdir()
    kept.write_bytes(b"damaged")
    assert said(bench, got(bench, bench.fetcher)) == "good"
    assert kept.read_bytes() != b"damaged"


def test_old_news_are_better_than_none(bench: Bench) -> None:
    """A revocation is for ever, so what was kept is used where nothing newer can be had."""
    got(bench, bench.fetcher, CRL_ONLY, "revoked")
    bench.wait(days=2)
    bench.pki.down.update(("/ocsp/", "/crls/"))
    assert said(bench, got(bench, bench.fetcher, CRL_ONLY, "revoked"), "revoked") == "revoked"
    assert said(bench, got(bench, bench.fetcher, CRL_ONLY)) == "stale"


def test_a_cache_that_cannot_be_written_changes_nothing(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be", "utf-8")
    assert said(bench, got(bench, bench.fetcher)) == "good"


def test_what_is_long_past_is_thrown_away(bench: Bench) -> None:
    bench.cache.mkdir(mode=0o700)
    old, other = bench.cache / "x.crl", bench.cache / "notes.txt"
    for path in (old, other):
        path.write_text("x", "utf-8")
        os.utime(path, (0, 0))
    got(bench, bench.fetcher)
    assert not old.exists()
    assert other.exists()


@pytest.mark.parametrize("source", ["ocsp", "crl"])
def test_a_lie_is_not_believed_longer_than_it_is_told(bench: Bench, source: str) -> None:
    """What another key signed is not kept, however long it says that it holds."""
    another = MadeUpCa.create(bench.now)
    ends = bench.now + timedelta(days=3650)
    lies: dict[str, Callable[[bytes], bytes]] = {
        "crl": lambda _right: another.crl(this_update=bench.now, next_update=ends),
        "ocsp": lambda right: right[:-1] + bytes((right[-1] ^ 1,)),
    }
    bench.pki.instead["/made-up/"] = lies[source]
    wanted = Freshness(source)
    assert said(bench, got(bench, bench.fetcher, wanted)) == "none"
    bench.pki.instead.clear()
    assert said(bench, got(bench, bench.fetcher, wanted)) == "good"
    bench.wait(days=1)
    bench.pki.instead["/made-up/"] = lies[source]
    assert said(bench, got(bench, bench.fetcher, wanted)) == "stale"  # what was kept is better


# --- limits --------------------------------------------------------------------------------------


def test_private_addresses_are_called_only_if_allowed(bench: Bench) -> None:
    fetcher = replace(bench.fetcher, allow_private=False)
    assert got(bench, fetcher) == []
    assert [p.facts["problem"] for p in fetcher.problems] == ["private"] * 2
    assert bench.pki.requests == []


def test_a_slow_server_costs_its_time_and_no_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(right: bytes) -> bytes:
        time.sleep(1.5)
        return right

    bench.pki.instead["/made-up/"] = slow
    fetcher = replace(bench.fetcher, seconds=0.3)
    begun = time.monotonic()
    assert got(bench, fetcher) == []
    assert time.monotonic() - begun < 1.2
    assert {p.code for p in fetcher.problems} == {"server-timed-out"}
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.1)
    assert got(bench, fetcher, label="rsa") == []
    assert len(fetcher.problems) == 2  # the run's whole time is spent: nothing more is tried


def test_a_crl_in_pem(bench: Bench) -> None:
    def armoured(right: bytes) -> bytes:
        return x509.load_der_x509_crl(right).public_bytes(Encoding.PEM)

    bench.pki.instead["/crls/"] = armoured
    assert said(bench, got(bench, bench.fetcher, CRL_ONLY)) == "good"


def test_through_a_proxy(bench: Bench) -> None:
    (right,) = got(bench, bench.fetcher, CRL_ONLY)
    with serving(saying(http_answer(right.der))) as proxy:
        fetcher = replace(bench.fetcher, proxy=proxy.url, cache=bench.cache / "other")
        (found,) = got(bench, fetcher, CRL_ONLY)
    assert found.der == right.der
    assert proxy.requests[0].startswith(f"GET {bench.pki.crl_url} ".encode())


def test_only_web_addresses_of_a_certificate_are_called() -> None:
    urls = ["ldap://x.example/", "HTTP://a.example/1", "file:///etc/passwd", ""]
    found = of_pki._callable([*urls, *(f"http://b.example/{n}" for n in range(9))])
    assert found == ["HTTP://a.example/1", "http://b.example/0", "http://b.example/1"]
    assert of_pki.addresses(b"no certificate") == ([], [])


def test_spans_of_what_is_neither() -> None:
    assert of_pki.crl_span(b"x") is None
    assert of_pki.ocsp_span(b"x") is None
