"""The main job on made-up data: every step is the real command, run as a user would run it.

The folder gets a database and settings of its own, so nothing of the user's is read or written.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from esign_cli.commands.demo import soft_token
from esign_cli.commands.demo.made_up import VALIDITY, Issued, MadeUpCa, staff
from esign_cli.commands.demo.soft_token import SoftHsm
from esign_cli.foundation import files, shell
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors.environment import DemoFolderInUse, DemoStepFailed

MARK = "ORNEK-VERI.txt"
"""Says what the folder is; only a folder with it is written over."""
PIN = "246810"
PASSPHRASE = "ornek-parola"  # noqa: S105  (of a made-up key, and shown)
SECURITY_WORD = "mavi defter"
MARK_TEXT = (
    "Bu klasör `esign demo` ile yapılmıştır: içindeki kişiler ve sertifikalar gerçek değildir.\n"
    "This folder was made by `esign demo`: its people, certificates and root are made up.\n"
    f"PIN: {PIN} · sukru-isik.p12: {PASSPHRASE}\n"
)
CARD, NEW_CARD = "AKIS_ORNEK_1", "AKIS_ORNEK_2"
KEY_FILE, SIGNED_FILE = "sukru-isik.p12", "basvuru.p7m"
TRUST_FILES = ("ornek-kok.pem", "ornek-altkok.pem")
CRL_FILES = {"sub": "ornek-altkok.crl", "root": "ornek-kok.crl"}
DATABASE, SETTINGS = "esign.db", "config.toml"
KEY_KIND = "RSA-2048"

_SETTINGS = """\
# Örnek ayarlar / made-up settings
province = "72"
{module}
[renewal]
issuers = ["ÖRNEK (DENEME)"]

[profile]
institution_name = "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"
address = "İl Millî Eğitim Müdürlüğü, Merkez"
province = "BATMAN"
district = "BATMAN MERKEZ"
postal_code = "72050"
work_phone = "0488 000 00 00"
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One command line of the demo; what it reads on standard input is made up as well."""

    words: tuple[str, ...]
    given: str = ""

    @property
    def line(self) -> str:
        """The command as a user would type it."""
        return shell.command_line(["esign", *self.words], given=self.given.splitlines())


@dataclass(frozen=True, slots=True)
class Demo:
    """A folder with everything made up, and how its commands are run."""

    folder: Path
    environment: Mapping[str, str]
    """Variables, with paths relative to the folder."""
    token: bool
    """Whether there is a software token; else the key is in a PKCS#12 file."""
    ca: MadeUpCa = field(repr=False)
    now: Callable[[], datetime]

    def steps(self) -> Iterator[Step]:
        """Yield the command lines in order; the authority publishes lists after the signature."""
        yield Step(("import", *staff.NAMES, "--province", "batman"))
        if self.token:
            yield Step(("check-card", "--save"))
        yield Step(("eligible", "--province", "batman"))
        yield self._signing()
        self._publish()
        given = [word for name in TRUST_FILES for word in ("--trust", name)]
        given += [word for name in CRL_FILES.values() for word in ("--crl", name)]
        yield Step(("verify", SIGNED_FILE, *given))
        yield Step(("eligible", "--verdict", "applied"))

    def _signing(self) -> Step:
        key = ("--token", CARD) if self.token else ("--p12", KEY_FILE)
        how = ("--secrets-stdin", "--yes", "--output", SIGNED_FILE)
        secret = PIN if self.token else PASSPHRASE
        return Step(("sign-form", *key, *how), f"{SECURITY_WORD}\n{secret}\n")

    def _publish(self) -> None:
        """The revocation lists of the made-up authorities, current from now on."""
        for issuer, name in CRL_FILES.items():
            crl = self.ca.crl(this_update=self.now().replace(microsecond=0), issuer=issuer)
            files.write_private(self.folder / name, crl)


def prepare(folder: Path, now: Callable[[], datetime], softhsm: SoftHsm | None) -> Demo:
    """Fill the folder with made-up files, and make the tokens where SoftHSM2 is given.

    Raises DemoFolderInUse, SoftTokenFailed, and as `files.write_private`.
    """
    _clear(folder)
    begun = now().replace(microsecond=0)
    ca = MadeUpCa.create(begun)
    signer = _issue(ca, staff.SIGNER, begun, staff.SIGNERS_DAYS_LEFT)
    left = {
        **staff.workbooks(begun.astimezone(ISTANBUL).date()),
        KEY_FILE: signer.p12(PASSPHRASE),
        **dict(zip(TRUST_FILES, (ca.root_pem, ca.sub_pem), strict=True)),
        SETTINGS: _settings(softhsm).encode(),
    }
    for name, content in left.items():
        files.write_private(folder / name, content)
    environment = {"ESIGN_DB": DATABASE, "ESIGN_CONFIG": SETTINGS}
    if softhsm is not None:
        config = soft_token.make_store(folder)
        soft_token.make_token(softhsm, config, CARD, signer, PIN)
        soft_token.make_token(softhsm, config, NEW_CARD, _next_card(ca, begun), PIN)
        environment[soft_token.CONFIG_VARIABLE] = soft_token.CONFIG_NAME
    return Demo(folder, environment, softhsm is not None, ca, now)


def play(demo: Demo, tell: Callable[[Step], None], run: Callable[[Demo, Step], int]) -> None:
    """Tell each step and run it, one after another; raises DemoStepFailed."""
    for step in demo.steps():
        tell(step)
        if status := run(demo, step):
            raise DemoStepFailed(command=step.line, status=status)


def _next_card(ca: MadeUpCa, begun: datetime) -> Issued:
    """A certificate that begins when its holder's present one ends."""
    begin = begun + timedelta(days=staff.RENEWED_DAYS_LEFT)
    person = staff.everybody()[staff.RENEWED - 1]
    return ca.issue(person.full_name, person.national_id, key=KEY_KIND, not_before=begin)


def _issue(ca: MadeUpCa, number: int, begun: datetime, days_left: int) -> Issued:
    person = staff.everybody()[number - 1]
    end = begun + timedelta(days=days_left)
    return ca.issue(
        person.full_name,
        person.national_id,
        key=KEY_KIND,
        not_before=end - VALIDITY,
        not_after=end,
    )


def _settings(softhsm: SoftHsm | None) -> str:
    module = f'module = "{softhsm.module}"\n' if softhsm else ""
    return _SETTINGS.format(module=module)


def _clear(folder: Path) -> None:
    """An empty folder: a new one, or one of an earlier demo without what that left."""
    files.private_folder(folder)
    if any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise DemoFolderInUse(path=str(folder))
        ours = (
            SIGNED_FILE,
            DATABASE,
            f"{DATABASE}-wal",
            f"{DATABASE}-shm",
            soft_token.CONFIG_NAME,
            *CRL_FILES.values(),
        )
        for name in ours:
            (folder / name).unlink(missing_ok=True)
        shutil.rmtree(folder / soft_token.STORE_NAME, ignore_errors=True)
    files.write_private(folder / MARK, MARK_TEXT.encode())
