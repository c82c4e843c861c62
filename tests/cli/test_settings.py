"""Settings come from where the user thinks they come from."""

from __future__ import annotations

import dataclasses
import os
import stat
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from esign_cli.cli import settings as config
from esign_cli.cli.settings_table import SETTINGS
from esign_cli.foundation.errors.environment import FileMissing
from esign_cli.foundation.errors.settings import (
    BackslashInSettings,
    BadSetting,
    ConfigUnreadable,
    UnknownSetting,
)
from esign_cli.renewals.rules.policy import Policy
from tests.conftest import Esign

DATA = "config" if sys.platform == "win32" else "data"
"""Windows has one folder for both."""


def _write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


@pytest.mark.usefixtures("home")
class TestOrder:
    def test_option_beats_variable_beats_file_beats_default(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = _write(tmp_path / "c.toml", 'database = "/file.db"\n')
        assert config.load(path).values["database"] == config.Value(Path("/file.db"), "file")
        monkeypatch.setenv("ESIGN_DB", "/variable.db")
        assert config.load(path).values["database"].origin == "environment"
        given = config.load(path, {"database": "/option.db"}).values["database"]
        assert given == config.Value(Path("/option.db"), "option")

    def test_defaults_stand_without_a_file(self, home: Path) -> None:
        settings = config.load(None)
        assert settings.language == "tr"
        assert settings.database == home / DATA / "esign/esign.db"
        assert settings.path == home / "config/esign/config.toml"

    def test_a_file_that_was_named_has_to_be_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileMissing):
            config.load(tmp_path / "no.toml")

    def test_the_policy_of_an_empty_file_is_the_default_policy(self) -> None:
        assert config.load(None).policy == Policy()

    def test_every_threshold_of_the_policy_is_a_setting(self) -> None:
        fields = {f.name for f in dataclasses.fields(Policy)} - {"status_words", "holidays"}
        keys = {s.key.partition(".")[2] for s in SETTINGS if s.key.startswith("renewal.")}
        assert keys == fields | {"extra_holidays"}


@pytest.mark.usefixtures("home")
class TestPathsOfWindows:
    @pytest.mark.parametrize(
        "path", [r"C:\Users\a.dll", r"C:\akis.dll", r"C:\udriver", r"C:\data\x"]
    )
    def test_backslash_that_is_no_escape_is_named(self, tmp_path: Path, path: str) -> None:
        with pytest.raises(BackslashInSettings):
            config.load(_write(tmp_path / "c.toml", f'module = "{path}"\n'))

    @pytest.mark.parametrize("path", [r"C:\temp\b", r"C:\new", r"C:\boot"])
    def test_backslash_that_is_an_escape_is_not_taken_for_a_path(
        self, tmp_path: Path, path: str
    ) -> None:
        with pytest.raises(BadSetting):
            config.load(_write(tmp_path / "c.toml", f'module = "{path}"\n'))

    def test_single_marks_and_a_byte_order_mark_are_read(self, tmp_path: Path) -> None:
        path = tmp_path / "c.toml"
        path.write_bytes(b"\xef\xbb\xbf" + rb"module = 'C:\temp\akis.dll'")
        assert config.load(path)["module"] == r"C:\temp\akis.dll"
        config.set_value(path, "province", "72")
        assert config.load(path)["module"] == r"C:\temp\akis.dll"


@pytest.mark.usefixtures("home")
class TestReading:
    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("provnce = 'batman'", "provnce"),
            ("[renewal]\nopens = 3", "renewal.opens"),
            ("[profiles.district.Kozluk]\nstreet = 'x'", "profiles.district.Kozluk.street"),
        ],
    )
    def test_an_unknown_key_is_named(self, tmp_path: Path, text: str, key: str) -> None:
        with pytest.raises(UnknownSetting) as caught:
            config.load(_write(tmp_path / "c.toml", text))
        assert caught.value.facts["key"] == key

    @pytest.mark.parametrize(
        "text",
        [
            "province = 'Atlantis'",
            "language = 'de'",
            "[renewal]\ndelivery_days = -1",
            '[renewal]\nextra_holidays = ["31.02.2026"]',
            '[renewal]\nextra_holidays = ["bayram"]',
            "[renewal]\nextra_holidays = 2026",
            "[renewal]\nkadro_suffices = 1",
            "[words.status]\n'Görevde' = 'busy'",
        ],
    )
    def test_a_bad_value_is_refused(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(BadSetting):
            config.load(_write(tmp_path / "c.toml", text))

    def test_a_file_that_is_not_toml_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigUnreadable):
            config.load(_write(tmp_path / "c.toml", "province ="))

    def test_words_extend_the_policy(self, tmp_path: Path) -> None:
        settings = config.load(_write(tmp_path / "c.toml", "[words.status]\n'Raporlu' = 'away'\n"))
        assert settings.policy.status("RAPORLU") == "away"
        assert settings.policy.status("Görevde") == "working"

    @pytest.mark.parametrize("days", ["2026-05-25, 29.05.2026", '"2026-05-25", "29.05.2026"'])
    def test_days_off_stand_beside_public_holidays(self, tmp_path: Path, days: str) -> None:
        text = days if '"' in days else days.replace("29.05.2026", "2026-05-29")
        settings = config.load(_write(tmp_path / "c.toml", f"[renewal]\nextra_holidays = [{text}]"))
        assert settings["renewal.extra_holidays"] == ("2026-05-25", "2026-05-29")
        off = [date(2026, 5, 24) + timedelta(n) in settings.policy.holidays for n in range(7)]
        assert off == [False, True, False, True, True, True, True]

    def test_days_off_are_written_as_they_are_read(self, tmp_path: Path) -> None:
        path = tmp_path / "c.toml"
        config.set_value(path, "renewal.extra_holidays", "25.05.2026, 2026-05-26")
        assert config.load(path)["renewal.extra_holidays"] == ("2026-05-25", "2026-05-26")

    def test_profiles_of_a_district_and_an_institution_stand_above_the_provinces(
        self, tmp_path: Path
    ) -> None:
        text = (
            "[profile]\ninstitution_name = 'İL'\npostal_code = '72050'\n"
            "[profiles.district.'Kozluk']\ninstitution_name = 'KOZLUK'\n"
            "[profiles.institution.'973100']\npostal_code = '72400'\n"
        )
        settings = config.load(_write(tmp_path / "c.toml", text))
        assert settings.profile_for().institution_name == "İL"
        assert settings.profile_for("KOZLUK").institution_name == "KOZLUK"
        both = settings.profile_for("kozluk", "973100")
        assert (both.institution_name, both.postal_code) == ("KOZLUK", "72400")


@pytest.mark.usefixtures("home")
class TestWriting:
    @pytest.mark.posix
    def test_comments_stay_and_the_file_is_private(self, tmp_path: Path) -> None:
        path = _write(tmp_path / "c.toml", "# mine\nlanguage = 'en'\n")
        config.set_value(path, "province", "İzmit")
        config.set_value(path, "renewal.delivery_days", "20")
        assert path.read_text("utf-8").startswith("# mine\n")
        settings = config.load(path)
        assert (settings.province, settings.policy.delivery_days) == ("41", 20)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_an_unknown_key_is_not_written(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownSetting):
            config.set_value(tmp_path / "c.toml", "provnce", "72")
        assert not (tmp_path / "c.toml").exists()


@pytest.mark.parametrize(
    "line",
    [
        'smtp.host = "a\\nb"',
        'sms.url = "https://g.example/\\r\\nX: y"',
        'network.proxy = "http://p\\n"',
        'sms.headers.X = "a\\r\\nEvil: 1"',
        'sms.headers."X\\nY" = "a"',
        'renewal.entitled_titles = ["a\\nb"]',
        'sms.method = "GET / HTTP/1.0"',
        'profiles.district.Kozluk.address = "a\\nb"',
        'secrets.environment_file = "/tmp/x\\nExecStartPre=/tmp/evil"',
    ],
)
def test_no_value_brings_a_second_line(esign: Esign, home: Path, line: str) -> None:
    path = home / "config/esign/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(line + "\n", "utf-8")
    ran = esign("config", "--json")
    assert ran.exit_code != 0
    assert ran.json["problems"][0]["code"] == "bad-setting"


@pytest.mark.posix
@pytest.mark.parametrize("kind", ["pipe", "/dev/zero", "/dev/null"])
def test_settings_that_never_end_are_not_waited_for(
    esign: Esign, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "pipe"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path = Path(kind)
    ran = esign("--config", path, "config", "path")
    assert ran.exit_code in (0, 3)
    ran = esign("--config", path, "config")
    assert ran.exit_code == (0 if kind == "/dev/null" else 3)
