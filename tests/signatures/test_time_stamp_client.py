"""The time stamp client against a real server on loopback, and against ones that lie."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import tsp

from esign_cli.foundation.credentials import Secret
from esign_cli.foundation.errors.network import AddressRefused, HttpStatusBad
from esign_cli.foundation.errors.signatures import TimeStampRefused, TimeStampWrong
from esign_cli.signatures.cms import tst
from esign_cli.signatures.time_stamp_client import Account, TimeStampServer
from tests.support.certomancer_server import PASSWORD, USER, Pki, refusal
from tests.support.servers import http_answer, saying, serving

MESSAGE = b"a signature value"
DIGEST = hashlib.sha256(MESSAGE).digest()


def server(url: str, account: Account | None = None) -> TimeStampServer:
    return TimeStampServer(url, account, allow_private=True, seconds=5)


@pytest.mark.parametrize("form", ["first_form_tsa_url", "tsa_url"])
def test_any_server(pki: Pki, form: str) -> None:
    token = tst.read(server(getattr(pki, form)).stamp(DIGEST))
    assert token.is_over(MESSAGE)
    assert token.nonce
    assert token.data.certificates  # certReq
    assert pki.headers[-1]["accept"] == "application/timestamp-reply"
    assert "identity" not in pki.headers[-1]


def test_kamu_sm_wants_to_know_who_asks(pki: Pki) -> None:
    right = Account(USER, Secret(PASSWORD))
    assert tst.read(server(pki.kamusm_url, right).stamp(DIGEST)).is_over(MESSAGE)
    first = pki.headers[-1]["identity"]
    server(pki.kamusm_url, right).stamp(DIGEST)
    assert pki.headers[-1]["identity"] != first  # salt and vector are new each time
    assert PASSWORD.encode().hex() not in first
    for wrong in (None, Account(USER, Secret("x")), Account(USER + 1, Secret(PASSWORD))):
        with pytest.raises(TimeStampRefused) as caught:
            server(pki.kamusm_url, wrong).stamp(DIGEST)
        assert caught.value.facts == {
            "status": 2, "detail": "Kullanıcı adı veya parola hatalı", "url": pki.kamusm_url,
        }  # fmt: skip


def changed(**fields: object) -> Callable[[bytes], bytes]:
    def change(response: bytes) -> bytes:
        read = tsp.TimeStampResp.load(response)
        signed = read["time_stamp_token"]["content"]
        info = signed["encap_content_info"]["content"].parsed
        for name, value in fields.items():
            info[name] = value
        signed["encap_content_info"]["content"] = info
        again = tsp.TimeStampResp(
            {"status": read["status"], "time_stamp_token": read["time_stamp_token"].copy()}
        )
        return bytes(again.dump(force=True))

    return change


OTHER_DIGEST = {
    "hash_algorithm": {"algorithm": "sha256"},
    "hashed_message": hashlib.sha256(b"another message").digest(),
}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (changed(nonce=1), "nonce"),
        (changed(message_imprint=OTHER_DIGEST), "imprint"),
        (lambda response: response[:-1], "malformed"),
        (lambda response: response + b"x", "malformed"),
        (lambda _response: b"", "malformed"),
        (lambda _response: b"<html>Bakim calismasi</html>", "malformed"),
        (lambda _response: b"\x30\x05\x30\x03\x02\x01\x00", "malformed"),
    ],
    ids=["nonce", "imprint", "cut", "more", "empty", "html", "granted-without-token"],
)
def test_an_answer_that_is_no_time_stamp_over_this(
    pki: Pki, change: Callable[[bytes], bytes], problem: str
) -> None:
    pki.instead["/tsa/"] = change
    with pytest.raises(TimeStampWrong) as caught:
        server(pki.tsa_url).stamp(DIGEST)
    assert (caught.value.facts["problem"], caught.value.facts["url"]) == (problem, pki.tsa_url)


def test_an_error_that_comes_as_text_is_repeated(pki: Pki) -> None:
    pki.instead["/tsa/"] = lambda _response: b"Kredi yetersiz\r\n"
    with pytest.raises(TimeStampWrong) as caught:
        server(pki.tsa_url).stamp(DIGEST)
    assert caught.value.facts["detail"] == "Kredi yetersiz"


@pytest.mark.parametrize("status", [2, 3, 4, 5])
def test_a_refusal(pki: Pki, status: int) -> None:
    pki.instead["/tsa/"] = lambda _response: refusal(status=status)
    with pytest.raises(TimeStampRefused) as caught:
        server(pki.tsa_url).stamp(DIGEST)
    assert caught.value.facts["status"] == status


def test_a_server_that_is_down_or_says_another_status(pki: Pki) -> None:
    pki.down.add("/tsa/")
    with pytest.raises(HttpStatusBad):
        server(pki.tsa_url).stamp(DIGEST)
    answer = saying(http_answer(b"", "301 x", Location="http://127.0.0.1/"))
    with serving(answer) as elsewhere, pytest.raises(AddressRefused):
        server(elsewhere.url).stamp(DIGEST)


def test_a_private_address_has_to_be_allowed(pki: Pki) -> None:
    with pytest.raises(AddressRefused):
        TimeStampServer(pki.tsa_url).stamp(DIGEST)
    assert not pki.requests


def test_the_password_does_not_show_itself() -> None:
    assert PASSWORD not in repr(server("http://x.example", Account(USER, Secret(PASSWORD))))


# --- what was bought is not bought again ---------------------------------------------------------


@pytest.mark.posix
def test_a_token_is_bought_once(pki: Pki, tmp_path: Path) -> None:
    buyer = replace(server(pki.tsa_url), kept=tmp_path / "kept")
    first = buyer.stamp(DIGEST)
    assert buyer.stamp(DIGEST) == first
    assert pki.count("/tsa/") == 1
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "kept").iterdir()} == {0o600}
    buyer.stamp(hashlib.sha256(b"another").digest())
    replace(buyer, url=pki.soft_tsa_url).stamp(DIGEST)
    assert pki.count("/tsa/") == 3


def test_a_token_that_is_refused_is_not_bought_again(pki: Pki, tmp_path: Path) -> None:
    buyer = replace(server(pki.tsa_url), kept=tmp_path)
    pki.instead["/tsa/"] = changed(nonce=5)
    for _run in range(2):
        with pytest.raises(TimeStampWrong) as caught:
            buyer.stamp(DIGEST)
        assert caught.value.problem == "nonce"
    assert pki.count("/tsa/") == 1


def test_what_is_no_token_is_asked_for_again(pki: Pki, tmp_path: Path) -> None:
    buyer = replace(server(pki.tsa_url), kept=tmp_path)
    pki.instead["/tsa/"] = lambda _right: refusal("no")
    with pytest.raises(TimeStampRefused):
        buyer.stamp(DIGEST)
    pki.instead.clear()
    assert tst.read(buyer.stamp(DIGEST)).is_over(MESSAGE)
