"""`esign doctor` says of each part whether it holds, and how it is mended on each system."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from esign_cli import __version__
from esign_cli.cards.modules import Module
from esign_cli.cards.tries import TryRecord
from esign_cli.commands.demo.made_up import Issued, MadeUpCa, national_id
from esign_cli.commands.doctor import text as doctor_text
from esign_cli.commands.doctor.job import Level, Line
from esign_cli.foundation import clock
from esign_cli.foundation.installation import update_command
from esign_cli.signatures.trust import TrustFolder
from esign_cli.store import backups, open_store
from esign_cli.store.cards import save_certificate
from tests.conftest import Esign, Ran
from tests.support import mail_server
from tests.support.certomancer_server import Pki
from tests.support.servers import http_answer, saying, serving
from tests.support.signatures import signed_with_sha1
from tests.support.tokens import RealToken, sha256_of

Issue = Callable[..., Issued]


@pytest.fixture
def well(home: Path, esign: Esign, ca: MadeUpCa, pcscd_that: Callable[[str], None]) -> Path:
    """A working folder where everything holds; gives its database."""
    (home / "config/esign").mkdir(parents=True)
    (home / "config/esign/config.toml").write_text('province = "72"\n', "utf-8")
    TrustFolder(home / "data/esign/trust").accept(ca.root, date(2026, 11, 22))
    database = home / "data/esign/esign.db"
    with open_store(database) as store:
        backups.record(store, backups.Backup(clock.now(), home / "esign.backup", "00", sealed=True))
    pcscd_that("runs")
    return database


def by_check(ran: Ran) -> dict[str, Any]:
    return {line["check"]: line for line in ran.json["data"]["lines"]}


@pytest.mark.sqlite
def test_all_well_is_exit_0(
    well: Path, softhsm: RealToken, issued: Issue, esign: Esign, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    softhsm.put(issued("P-256"), tmp_path)
    trace = softhsm.traced(monkeypatch, tmp_path / "spy.log")
    ran = esign("doctor", "--module", trace.module.path, "--json")
    assert ran.exit_code == 0, ran.stdout
    assert ran.json["schema"] == "esign.doctor/1"
    assert ran.json["data"]["status"] == "ok"
    lines = by_check(ran)
    assert list(lines) == [
        "installation", "settings", "database", "disk", "backup", "trust", "driver", "service",
        "cards",
        "certificates", "pin", "mail", "time-stamps", "clock",
    ]  # fmt: skip
    assert set(lines["driver"]) == {"check", "level", "code", "facts", "command"}
    assert lines["driver"]["facts"]["built_for"] == ["Linux x86-64"]
    assert trace.count("C_Login") == 0
    ran = esign("doctor", "--module", trace.module.path)
    assert ran.exit_code == 0
    assert "OK       PIN: AKIS_TEST: the card gives no warning" in ran.stdout


@pytest.mark.sqlite
def test_a_new_user_is_told_what_to_do(esign: Esign, softhsm: RealToken) -> None:
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    assert ran.exit_code == 8
    commands = {line["code"]: line["command"] for line in ran.json["data"]["lines"]}
    assert commands["no-database"] == "esign setup"
    assert commands["no-province"] == "esign config set province PROVINCE"
    assert commands["no-trust"] == "esign trust add ROOT.crt"
    assert commands["no-certificate-on-card"] is None
    assert "WARNING  Database: none yet" in esign("doctor", "--module", softhsm.module.path).stdout


def test_how_a_newer_esign_comes_is_told_by_how_this_one_came(
    esign: Esign, softhsm: RealToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    for prefix, command in (
        ("/usr/lib/esign", "sudo apt install ./esign_*.deb"),
        ("/nowhere", '"/nowhere/bin/python" -m pip install --upgrade ./esign_cli-*.whl'),
    ):
        monkeypatch.setattr("sys.prefix", prefix)
        said = esign("doctor", "--module", softhsm.module.path).stdout.splitlines()[0]
        assert said.startswith(f"OK       This esign: {__version__}, installed as: ")
        assert said.endswith(f"; a newer one comes by: {command}")


@pytest.mark.parametrize(
    ("fault", "check", "code", "level"),
    [
        ("slots=0", "readers", "no-reader", "error"),
        ("", "cards", "no-card", "warning"),
        ("C_Initialize=crash", "driver", "module-crashed", "error"),
        ("C_GetSlotList=hang", "driver", "module-hung", "error"),
        ("C_GetTokenInfo=unknown", "cards", "card-unknown", "error"),
    ],
)
def test_what_is_wrong_with_the_cards_is_a_line(
    fault: str, check: str, code: str, level: str, well: Path, esign: Esign,
    faulty: Callable[..., Module],
) -> None:  # fmt: skip
    ran = esign("doctor", "--module", faulty(fault).path, "--timeout", "0.5", "--json")
    assert ran.exit_code == {"error": 11, "warning": 8}[level]
    line = by_check(ran)[check]
    assert (line["code"], line["level"]) == (code, level)
    assert code in [problem["code"] for problem in ran.json["problems"]] or level == "warning"


@pytest.mark.posix
def test_no_service_and_no_driver(
    well: Path, esign: Esign, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(home / "none"))
    ran = esign("doctor", "--module", home / "none.so", "--json")
    assert ran.exit_code == 11
    lines = by_check(ran)
    assert lines["driver"]["code"] == "module-missing"
    assert lines["service"]["code"] == "card-service-down"
    assert "systemctl enable --now pcscd.socket" in lines["service"]["command"]


def test_a_pin_that_was_wrong_and_an_expired_certificate_are_warnings(
    well: Path, softhsm: RealToken, issued: Issue, esign: Esign, tmp_path: Path, home: Path
) -> None:
    softhsm.put(issued("P-256", days=-5), tmp_path)
    TryRecord(home / "state/esign/pin-tries.json").note([sha256_of(issued("P-256", days=-5))])
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    assert ran.exit_code == 8
    lines = by_check(ran)
    assert lines["certificates"]["code"] == "certificate-over"
    assert lines["pin"]["facts"]["pin"] == "low"


@pytest.mark.sqlite
def test_a_clock_that_is_behind_what_was_written_is_an_error(
    well: Path, softhsm: RealToken, ca: MadeUpCa, instant: datetime, esign: Esign
) -> None:
    from esign_cli.signatures.certificate import parse

    made = ca.issue("ŞÜKRÜ IŞIK", national_id(1), key="P-256", not_before=instant)
    with open_store(well) as store:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        save_certificate(store, parse(made.certificate), "card", tomorrow)
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    assert ran.exit_code == 11
    assert by_check(ran)["clock"]["code"] == "clock-behind"


def test_a_card_from_the_future_is_a_hint_that_the_clock_is_behind(
    well: Path, softhsm: RealToken, ca: MadeUpCa, instant: datetime, esign: Esign, tmp_path: Path
) -> None:
    later = instant + timedelta(days=3)
    softhsm.put(ca.issue("ŞÜKRÜ IŞIK", national_id(1), key="P-256", not_before=later), tmp_path)
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    assert by_check(ran)["clock"]["code"] == "clock-before-card"


@pytest.mark.sqlite
@pytest.mark.parametrize("content", [b"no database at all, but text", b"SQLite format 3\0" * 500])
def test_a_database_that_is_none_is_an_error_and_stays_as_it_is(
    well: Path, softhsm: RealToken, esign: Esign, content: bytes
) -> None:
    for path in well.parent.glob("esign.db*"):
        path.unlink()
    well.write_bytes(content)
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    assert ran.exit_code == 11
    assert by_check(ran)["database"]["level"] == "error"
    assert well.read_bytes() == content


@pytest.mark.sqlite
def test_a_database_in_use_is_waited_for_and_left_where_it_is(
    well: Path, softhsm: RealToken, esign: Esign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("esign_cli.store.connection.BUSY_SECONDS", 0.1)
    with contextlib.closing(sqlite3.connect(well, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        ran = esign("doctor", "--module", softhsm.module.path, "--json")
    line = by_check(ran)["database"]
    assert (line["code"], line["level"], line["command"]) == ("database-busy", "error", None)


def test_a_database_that_is_a_folder_is_left_where_it_is(
    softhsm: RealToken, esign: Esign, tmp_path: Path
) -> None:
    ran = esign("--db", tmp_path, "doctor", "--module", softhsm.module.path, "--json")
    line = by_check(ran)["database"]
    assert (line["code"], line["facts"]["detail"]) == ("database-unopenable", "Is a directory")
    assert "mv" not in line["command"]


@pytest.mark.sqlite
def test_a_database_with_a_broken_page_is_damaged_and_not_moved_away(
    well: Path, softhsm: RealToken, esign: Esign
) -> None:
    content = bytearray(well.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    well.write_bytes(content)
    line = by_check(esign("doctor", "--module", softhsm.module.path, "--json"))["database"]
    assert (line["code"], line["level"]) == ("database-broken", "error")
    assert line["command"] == "esign restore FILE"  # which keeps the damaged file


@pytest.mark.sqlite
@pytest.mark.posix
def test_a_newer_database_and_one_that_others_can_read(
    well: Path, softhsm: RealToken, esign: Esign
) -> None:
    well.chmod(0o644)
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    assert "database-open-to-others" in [line["code"] for line in ran.json["data"]["lines"]]
    with open_store(well) as store, store.writing() as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('esign', '9999_later', '2030-01-01')"
        )
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    assert ran.exit_code == 11
    assert by_check(ran)["database"]["code"] == "database-newer"
    assert by_check(ran)["database"]["command"] == update_command()


def test_settings_and_roots_that_cannot_be_read(
    well: Path, softhsm: RealToken, esign: Esign, home: Path
) -> None:
    (home / "data/esign/trust/other.crt").write_bytes(b"nothing")
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    assert (ran.exit_code, by_check(ran)["trust"]["code"]) == (11, "trust-unreadable")
    (home / "config/esign/config.toml").write_text("province = [\n", "utf-8")
    ran = esign("doctor", "--json")
    assert (ran.exit_code, by_check(ran)["settings"]["code"]) == (11, "config-unreadable")


def configure(home: Path, **settings: object) -> None:
    with (home / "config/esign/config.toml").open("a") as file:
        for key, value in settings.items():
            file.write(f"{key.replace('__', '.')} = {json.dumps(value)}\n")


def test_the_mail_server_is_reached_or_it_is_said_why_not(
    well: Path, softhsm: RealToken, esign: Esign, home: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("ESIGN_SMTP_PASSWORD", mail_server.PASSWORD)

    def look() -> dict[str, Any]:
        return by_check(esign("doctor", "--module", softhsm.module.path, "--json"))["mail"]

    assert look()["code"] == "mail-not-configured"
    with mail_server.running(tmp_path) as server:
        for key, value in server.settings().items():
            assert esign("config", "set", key, value).exit_code == 0
        line = look()
        assert (line["code"], line["level"]) == ("mail-reached", "ok")
        assert (line["facts"]["server"], server.received) == (f"127.0.0.1:{server.port}", [])
        monkeypatch.setenv("ESIGN_SMTP_PASSWORD", "wrong")
        line = look()
        assert (line["code"], line["level"]) == ("mail-login-refused", "error")
        assert line["command"] == "keyring set esign smtp-password"
    line = look()
    assert (line["code"], line["level"]) == ("mail-server-unreachable", "error")
    assert line["command"] == f"nc -vz 127.0.0.1 {server.port}"


def test_a_mail_server_that_hangs_is_left_soon(
    well: Path, softhsm: RealToken, esign: Esign, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("esign_cli.commands.doctor.probes.SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        configure(home, smtp__host="127.0.0.1", smtp__port=port, smtp__from="a@example.tr")
        began = time.monotonic()
        ran = esign("doctor", "--module", softhsm.module.path, "--json")
    assert time.monotonic() - began < 5
    assert (ran.exit_code, by_check(ran)["mail"]["code"]) == (11, "mail-server-unreachable")


@pytest.mark.parametrize("paid", [False, True])
@pytest.mark.parametrize(
    ("ahead", "code", "level"), [(0, "clock-fits", "ok"), (-3600, "clock-off", "error")]
)
def test_the_clock_is_held_against_the_time_stamp_servers(
    ahead: int, code: str, level: str, paid: bool, well: Path, softhsm: RealToken, esign: Esign,
    home: Path, pki: Pki,
) -> None:  # fmt: skip
    """Stamps of a server with an account cost money: its clock is read from its page."""
    there = datetime.now(UTC) + timedelta(seconds=ahead)
    pki.now = lambda: there
    page = http_answer(Date=format_datetime(there, usegmt=True))
    with serving(saying(page)) as server:
        url, user = (server.url, 4711) if paid else (pki.tsa_url, 0)
        configure(home, time_stamp__url=url, time_stamp__user=user, network__private=True)
        ran = esign("doctor", "--module", softhsm.module.path, "--json")
        assert all(request.startswith(b"HEAD ") for request in server.requests)
    lines = by_check(ran)
    assert lines["time-stamps"]["code"] == "time-stamps-reached", ran.stdout
    assert (lines["clock"]["code"], lines["clock"]["level"]) == (code, level)
    if ahead:
        assert abs(lines["clock"]["facts"]["seconds"] - ahead) < 10
        assert lines["clock"]["command"] == "sudo timedatectl set-ntp true"


def test_a_time_stamp_server_that_cannot_be_reached_is_an_error(
    well: Path, softhsm: RealToken, esign: Esign, home: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    configure(home, time_stamp__url=url, network__private=True)
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    line = by_check(ran)["time-stamps"]
    assert (ran.exit_code, line["code"], line["level"]) == (11, "server-unreachable", "error")
    assert line["command"] == f"curl -sSI {url}"


def test_a_root_that_is_over_is_a_warning(
    well: Path, softhsm: RealToken, esign: Esign, home: Path, instant: datetime
) -> None:
    old = MadeUpCa.create(instant - timedelta(days=40 * 365))
    TrustFolder(home / "data/esign/trust").accept(old.root, date(2026, 11, 22))
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    found = {line["code"]: line for line in ran.json["data"]["lines"]}
    assert found["root-over"]["command"] == "esign trust add ROOT.crt"
    assert found["trusted"]["facts"]["roots"] == 2


def test_the_users_own_words_are_in_the_users_language_and_what_was_found_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor_text, "_", str.lower)  # as if translated
    line = Line("settings", Level.ERROR, "bad-setting", {"key": "VALUE"})
    assert doctor_text.mend_spoken(line, "linux") == "esign config set VALUE value"
    assert doctor_text.mend(line, "linux") == "esign config set VALUE VALUE"
    line = Line("driver", Level.ERROR, "no-module")
    assert doctor_text.mend_spoken(line, "win32") == "msiexec /i akis-package.msi"


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_every_mend_is_a_command_on_every_system(platform: str) -> None:
    names = ("path", "folder", "key", "host", "port", "name", "url", "sha256", "command", "address")
    facts = dict.fromkeys(names, "X")
    for code, commands in doctor_text.MENDS.items():
        assert set(commands) == {"linux", "win32", "darwin"}
        assert doctor_text.mend(Line("driver", Level.ERROR, code, facts), platform)


# --- what is called only where that is asked for -------------------------------------------------


def test_servers_are_called_only_with_online(
    well: Path, esign: Esign, pki: Pki, home: Path, softhsm: RealToken
) -> None:
    with (home / "config/esign/config.toml").open("a") as config:
        config.write("[network]\nprivate = true\n")
    folder = TrustFolder(home / "data/esign/trust")
    folder.accept(pki.root, date(2026, 11, 22))
    folder.keep(pki.sub)
    words = ("doctor", "--module", softhsm.module.path, "--json")
    pki.requests.clear()
    assert "online" not in by_check(esign(*words))
    assert pki.requests == []
    line = by_check(esign(*words, "--online"))["online"]
    host = pki.url.removeprefix("http://")
    assert (line["level"], line["code"]) == ("ok", "reached")
    assert line["facts"] == {"host": host, "proxy": ""}
    with (home / "config/esign/config.toml").open("a") as config:
        config.write('proxy = "http://127.0.0.1:9"\n')
    ran = esign(*words, "--online")
    assert (by_check(ran)["online"]["level"], ran.exit_code) == ("warning", 8)


def test_roots_that_ended_and_sub_cas_by_sha1_are_told(
    well: Path, esign: Esign, home: Path, softhsm: RealToken
) -> None:
    now = datetime.now(UTC)
    weak = MadeUpCa.create(now, key="P-256")
    der = signed_with_sha1(weak.sub, weak.root_authority.key)
    TrustFolder(home / "data/esign/trust").keep(der)
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    codes = {line["code"]: line["command"] for line in ran.json["data"]["lines"]}
    command = codes["sub-ca-weak"]
    assert command == f"esign trust remove {hashlib.sha256(der).hexdigest()}"
    assert esign(*command.split()[1:], "--yes").exit_code == 0  # and it is mended
    ran = esign("doctor", "--module", softhsm.module.path, "--json")
    assert "sub-ca-weak" not in {line["code"] for line in ran.json["data"]["lines"]}


PLAIN: dict[str, tuple[str, bool]] = {
    "a token of the gateway": ('[sms]\nurl = "http://sms.example/?k={secret:t}"', True),
    "in capitals": ('[sms]\nurl = "HTTP://sms.example/?k={secret:t}"', True),
    "a token in the body": ('[sms]\nurl = "http://sms.example/"\nbody = "{secret:t}"', True),
    "a token in a header": (
        '[sms]\nurl = "http://sms.example/"\n[sms.headers]\nX = "{secret:t}"', True
    ),
    "a login at a proxy": ('[network]\nproxy = "http://a:b@proxy.example:3128"', True),
    "a mail login": ('[smtp]\nhost = "m.example"\nuser = "a"\nsecurity = "none"', True),
    "https": ('[sms]\nurl = "https://sms.example/?k={secret:t}"', False),
    "this computer": ('[sms]\nurl = "http://127.0.0.1/?k={secret:t}"', False),
    "no secret": ('[sms]\nurl = "http://sms.example/"', False),
}  # fmt: skip


@pytest.mark.parametrize("kind", PLAIN)
def test_secrets_over_plain_http_are_named(esign: Esign, tmp_path: Path, kind: str) -> None:
    from esign_cli.cli import settings
    from esign_cli.cli.settings_plain import secrets_in_plain

    text, warned = PLAIN[kind]
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    assert bool(secrets_in_plain(settings.load(path))) is warned
    if kind == "a token of the gateway":
        ran = esign("--config", path, "doctor", "--json")
        lines = {line["code"]: line for line in ran.json["data"]["lines"]}
        assert lines["secret-in-plain"]["facts"] == {"key": "sms.url", "host": "sms.example"}
