"""SMS through a real HTTP gateway, which also refuses, hangs and drops."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from esign_cli.foundation import clock
from esign_cli.foundation.credentials import Secret
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.credentials import CredentialMissing
from esign_cli.foundation.errors.outputs import GatewayFailed, GatewayRefused, GatewayUnset
from esign_cli.outputs.messages import sms
from esign_cli.outputs.messages.letters import Letters
from esign_cli.outputs.messages.sms import Gateway, Sms, SmsSender
from esign_cli.store import open_store
from esign_cli.wording.sentences import told
from tests.commands.remind.test_remind import states
from tests.conftest import Esign
from tests.support import factories

SMS = Sms("+905321234567", 'Sayın ŞÜKRÜ "IŞIK" & <eş>\nbitiş: 15.01.2027', "ab12")
SECRETS = {"sms-token": 'gizli="1" & ş', "sms-user": "kullanıcı"}


class Loopback:
    """A gateway: what it was sent, and what it does instead of taking it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: Callable[[str], tuple[int, bytes] | str] = lambda _text: (200, b"00 17")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                told = outer.answer(body.decode("utf-8") + self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.seen.append((self.command, self.path, headers, body))
                if told == "hang":
                    time.sleep(3)
                    return
                if isinstance(told, str):
                    self.connection.close()
                    return
                self.send_response(told[0])
                self.send_header("content-length", str(len(told[1])))
                self.end_headers()
                self.wfile.write(told[1])

            do_GET = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_args: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def gateway() -> Iterator[Loopback]:
    made = Loopback()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def secret(name: str) -> Secret:
    return Secret(SECRETS[name])


def sender(gateway: Loopback, path: str = "/", **described: Any) -> SmsSender:
    described.setdefault("allow_private", True)
    return SmsSender(Gateway(gateway.url + path, seconds=2, **described), secret)


def test_json_with_its_secret_in_a_header(gateway: Loopback) -> None:
    described = {
        "body": '{"to": ["{mobile_digits}"], "text": "{text}", "id": "{id}", "keep": {"x": 1}}',
        "headers": {"Authorization": "Bearer {secret:sms-user}"},
    }
    sender(gateway, "/send", **described).send(SMS)
    method, path, headers, body = gateway.seen[0]
    assert (method, path) == ("POST", "/send")
    assert json.loads(body) == {
        "to": ["905321234567"],
        "text": SMS.text,
        "id": "ab12",
        "keep": {"x": 1},
    }
    assert headers["content-type"].startswith("application/json")
    assert headers["authorization"].encode("latin-1").decode() == "Bearer kullanıcı"


def test_a_form_escapes_what_it_is_given(gateway: Loopback) -> None:
    body = "user={secret:sms-user}&pass={secret:sms-token}&gsm={mobile_local}&msg={text}"
    sender(gateway, kind="form", body=body).send(SMS)
    assert parse_qs(gateway.seen[0][3].decode()) == {
        "user": ["kullanıcı"],
        "pass": [SECRETS["sms-token"]],
        "gsm": ["5321234567"],
        "msg": [SMS.text],
    }


def test_xml_and_a_query_escape_too(gateway: Loopback) -> None:
    import xml.etree.ElementTree as ET

    body = '<sms to="{mobile}"><msg>{text}</msg></sms>'
    sender(gateway, "/x?key={secret:sms-token}", kind="xml", body=body).send(SMS)
    _method, path, _headers, sent = gateway.seen[0]
    read = ET.fromstring(sent.decode())
    assert (read.get("to"), read.findtext("msg")) == (SMS.mobile, SMS.text)
    assert parse_qs(urlsplit(path).query) == {"key": [SECRETS["sms-token"]]}


def test_a_gateway_may_be_asked_by_get(gateway: Loopback) -> None:
    sender(gateway, "/s?to={mobile}&text={text}", method="GET").send(SMS)
    method, path, _headers, body = gateway.seen[0]
    assert (method, body) == ("GET", b"")
    assert parse_qs(urlsplit(path).query) == {"to": [SMS.mobile], "text": [SMS.text]}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((500, b"down"), GatewayRefused),
        ((200, b"30 wrong user"), GatewayRefused),
        ((302, b""), GatewayRefused),
        ("hang", GatewayFailed),
        ("drop", GatewayFailed),
    ],
)
def test_what_is_not_taken_is_said_without_any_secret(
    gateway: Loopback, answer: tuple[int, bytes] | str, kind: type[EsignError]
) -> None:
    gateway.answer = lambda _text: answer
    one = sender(
        gateway, "/{secret:sms-token}/send?k={secret:sms-token}", success_text=r"^0\d ", body="x"
    )
    with pytest.raises(kind) as caught:
        one.send(SMS)
    assert caught.value.facts["host"] == "127.0.0.1"
    assert "gizli" not in str(caught.value.facts)
    gateway.answer = lambda _text: (200, b"00 18")
    one.send(SMS)


def test_one_s_own_network_has_to_be_allowed(gateway: Loopback) -> None:
    with pytest.raises(GatewayFailed):
        sender(gateway, allow_private=False, body="x").send(SMS)
    assert gateway.seen == []


def test_what_a_gateway_repeats_is_masked(gateway: Loopback) -> None:
    said = f"37 bad: {SMS.text} to +90 532 123 45 67, 10000000146, key {SECRETS['sms-token']}"
    gateway.answer = lambda _text: (400, said.encode())
    with pytest.raises(GatewayRefused) as caught:
        sender(gateway, "/?k={secret:sms-token}", body="x").send(SMS)
    detail = str(caught.value.facts["detail"])
    assert detail.startswith("400 37 bad: ***")
    for word in ("IŞIK", "532", "10000000146", "gizli"):
        assert word not in detail


def test_the_proxy_of_the_settings_is_obeyed(gateway: Loopback) -> None:
    described = {"body": "m={text}", "kind": "form", "proxy": gateway.url}
    gateway.answer = lambda _text: (200, b"ok")
    SmsSender(Gateway("http://sms.example/send?to={mobile_digits}", **described), secret).send(SMS)
    assert gateway.seen[0][1] == "http://sms.example/send?to=905321234567"
    assert gateway.seen[0][2]["host"] == "sms.example"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_dead_proxy_is_named_without_its_password(scheme: str) -> None:
    with closing(socket.socket()) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    proxy = f"http://me:gizli@127.0.0.1:{port}"
    one = Gateway(f"{scheme}://sms.example/gizli", body="x", proxy=proxy)
    with pytest.raises(GatewayFailed) as caught:
        SmsSender(one, secret).send(SMS)
    said = told(caught.value)
    assert f"127.0.0.1:{port}" in said
    assert "network.proxy" in said
    assert "gizli" not in said


def test_what_is_missing_shows_at_once() -> None:
    with pytest.raises(GatewayUnset):
        SmsSender(Gateway(""), secret).connect()

    def none(name: str) -> Secret:
        raise CredentialMissing(name=name, looked=[])

    with pytest.raises(CredentialMissing):
        SmsSender(Gateway("https://sms.example.tr", body="{secret:sms-token}"), none).connect()


@pytest.mark.posix
def test_reminders_go_out_by_sms(
    esign: Esign, home: Path, gateway: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, folder = home / "config" / "esign" / "config.toml", home / "secrets"
    config.parent.mkdir(parents=True)
    folder.mkdir()
    (folder / "sms-token").write_text("gizli\n", "utf-8")
    (folder / "sms-token").chmod(0o600)
    config.write_text(
        f"""
[secrets]
folder = "{folder}"
[sms]
url = "{gateway.url}/send"
body = '{{"to": "{{mobile}}", "text": "{{text}}", "id": "{{id}}"}}'
success_text = "^00 "
allow_private = true
[sms.headers]
X-Token = "{{secret:sms-token}}"
""",
        "utf-8",
    )
    database = home / "data" / "esign" / "esign.db"
    end = clock.today() + timedelta(20)
    mobiles = {1: "+905320000001", 2: "+905320000002", 3: ""}
    with open_store(database) as store:
        everybody = [
            factories.facts(
                n,
                person=factories.person(n, mobile_phone=mobile),
                certificates=(factories.certificate(n, end),),
            )
            for n, mobile in mobiles.items()
        ]
        factories.save(store, everybody)
    gateway.answer = lambda text: (200, b"40 no credit" if mobiles[1] in text else b"00 1")
    ran = esign("remind", "--channel", "sms", "--yes", "--json")
    assert ran.exit_code == 8
    assert {r["address"]: r["outcome"] for r in ran.json["data"]["reminders"]} == {
        mobiles[1]: "failed",
        mobiles[2]: "sent",
    }
    assert [one["problem"] for one in ran.json["data"]["without_address"]] == ["missing"]
    _method, _path, headers, body = gateway.seen[0]
    assert headers["x-token"] == "gizli"
    told = json.loads(body)
    for words in ("portal.kamusm.gov.tr/bp/meb.go", "günü bitiyor"):
        assert words in told["text"]
    gateway.answer = lambda _text: (200, b"00 1")
    assert esign("remind", "--channel", "sms").exit_code == 0
    assert [json.loads(seen[3])["to"] for seen in gateway.seen].count(mobiles[2]) == 1
    again = [json.loads(seen[3]) for seen in gateway.seen]
    assert len({one["id"] for one in again if one["to"] == mobiles[1]}) == 1
    assert states(database)[factories.national_id(1)][-1] == ("1m", "sent")
    both = esign("remind", "--channel", "sms", "--channel", "email", "--dry-run", "--json")
    assert {one["channel"] for one in both.json["data"]["reminders"]} == {"email"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 155, 1),
        ("a" * 156, 2),
        ("ş" + "a" * 148, 1),
        ("ş" + "a" * 149, 2),
        ("ğ" * 75, 1),
        ("ğ" * 76, 2),
        ("“" + "a" * 64, 1),
        ("“" + "a" * 65, 2),
        ("â" * 71, 2),
    ],
)
def test_how_many_parts_an_sms_takes(text: str, count: int) -> None:
    assert sms.parts(text) == count


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("“Işık” – Âlâ…", '"Işık" - Ala.'),  # letters of no GSM table
        ("ş" * 75, "ş" * 75),  # one part as it is
        ("ş" * 76, "s" * 76),  # a part less without them
        ("ş" * 200, "s" * 200),
        ("中" * 100, "中" * 100),  # nothing to be gained
    ],
)
def test_a_text_is_written_in_the_fewest_parts(text: str, sent: str) -> None:
    assert sms.shortened(text) == sent
    assert sms.parts(sent) <= sms.parts(text)


def test_the_senders_name_is_counted_with_the_text(tmp_path: Path) -> None:
    (tmp_path / "renew.sms").write_text("a" * 148, encoding="utf-8")
    assert sms.parts(Letters(tmp_path, "BATMEM").sms("renew", {})) == 1
    longer = Letters(tmp_path, "BATMAN").sms("renew", {}) + "x"
    assert longer.endswith(" BATMANx")
    assert sms.parts(longer) == 2


@pytest.mark.parametrize("working_day", ["", "28.10.2026"])
@pytest.mark.parametrize("text", ["renew", "update", "confirm"])
def test_our_own_sms_are_one_part(text: str, working_day: str) -> None:
    facts = {
        "name": "ŞÜKRÜ AĞAOĞLU",
        "not_after": "29.11.2026",
        "deadline": "29.10.2026",
        "working_day": working_day,
        "late": False,
        "portal": "https://portal.kamusm.gov.tr/bp/meb.go",
        "phone": "0488 213 00 00",
    }
    assert sms.parts(Letters().sms(text, facts)) == 1
