"""Secrets of servers: where they are found, and which files of theirs are refused."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import keyring
import keyring.backend
import pytest

from esign_cli.cli import settings
from esign_cli.foundation import credentials
from esign_cli.foundation.credentials import Places, Secret
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.credentials import (
    CredentialExposed,
    CredentialMalformed,
    CredentialMissing,
)
from esign_cli.foundation.errors.environment import FileMissing, FileUnreadable
from tests.conftest import Esign
from tests.support.parts import need

NAME = "smtp-password"


@pytest.fixture(autouse=True)
def nothing_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(credentials.variable(NAME), raising=False)


def private(path: Path, content: str | bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


def no_keyring(**places: Path) -> Places:
    return Places(**places, keyring=False)


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory: the real ones want a desktop."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.mark.posix
def test_each_place_is_looked_in_and_the_first_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keyring.get_keyring()
    ring = Ring()
    keyring.set_keyring(ring)
    try:
        ring.set_password("esign", NAME, "of the ring")
        places = Places()
        assert credentials.find(NAME, places).reveal() == "of the ring"
        private(tmp_path / NAME, 'of a file: ş="x" \n')
        places = Places(folder=tmp_path)
        assert credentials.find(NAME, places).reveal() == 'of a file: ş="x" '
        file = private(tmp_path / "esign.env", "# own\nOTHER=1\nESIGN_SMTP_PASSWORD='a = b'\n")
        places = Places(file, tmp_path)
        assert credentials.find(NAME, places).reveal() == "a = b"
        monkeypatch.setenv("ESIGN_SMTP_PASSWORD", "of systemd")
        assert credentials.find(NAME, places).reveal() == "of systemd"
    finally:
        keyring.set_keyring(before)


@pytest.mark.posix
def test_nothing_found_names_every_place(tmp_path: Path) -> None:
    file = private(tmp_path / "esign.env", "")
    with pytest.raises(CredentialMissing) as caught:
        credentials.find(NAME, Places(file, tmp_path))
    looked = caught.value.facts["looked"]
    assert looked[0] == "ESIGN_SMTP_PASSWORD"
    assert looked[1:3] == [f"{file} (ESIGN_SMTP_PASSWORD)", str(tmp_path / NAME)]
    assert looked[3] == "keyring esign/smtp-password"


@pytest.mark.posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    need("posix", os.name == "posix")
    for places in (
        no_keyring(folder=private(tmp_path / NAME, "x", mode).parent),
        no_keyring(environment_file=private(tmp_path / "env", "ESIGN_SMTP_PASSWORD=x", mode)),
    ):
        with pytest.raises(CredentialExposed) as caught:
            credentials.find(NAME, places)
        assert caught.value.facts["mode"] == f"{mode:04o}"


@pytest.mark.posix
def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    file = private(tmp_path / NAME, "x")
    os.chown(file, 12345, 12345)
    with pytest.raises(CredentialExposed):
        credentials.find(NAME, no_keyring(folder=tmp_path))


@pytest.mark.posix
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("one\ntwo\n", CredentialMalformed),
        ("a\x00b", CredentialMalformed),
        (b"\xff\xfe", FileUnreadable),
        ("\n", CredentialMissing),
    ],
)
def test_what_is_no_secret_is_refused_without_repeating_it(
    tmp_path: Path, content: str | bytes, kind: type[EsignError]
) -> None:
    private(tmp_path / NAME, content)
    with pytest.raises(kind) as caught:
        credentials.find(NAME, no_keyring(folder=tmp_path))
    assert "one" not in str(caught.value.facts)


def test_an_environment_file_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        credentials.find(NAME, no_keyring(environment_file=tmp_path / "none"))


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("çok gizli")
    assert "gizli" not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_the_settings_say_where(esign: Esign, home: Path) -> None:
    path = home / "config" / "esign" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(f"[secrets]\nfolder = '{home}/s'\nenvironment_file = '{home}/e'\n", "utf-8")
    shown = {one["key"]: one["value"] for one in esign("config", "--json").json["data"]["settings"]}
    assert shown["secrets.folder"] == str(home / "s")
    assert shown["secrets.environment_file"] == str(home / "e")
    assert shown["secrets.keyring"] is True


@pytest.mark.posix
def test_a_folder_beside_the_settings_will_do(tmp_path: Path) -> None:
    path = tmp_path / "esign.toml"
    path.write_text("[secrets]\nkeyring = false\n", "utf-8")
    (tmp_path / "secrets").mkdir()
    private(tmp_path / "secrets" / NAME, "gizli\n")
    assert credentials.find(NAME, settings.load(path).secret_places).reveal() == "gizli"
