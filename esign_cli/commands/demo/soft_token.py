"""A made-up token in SoftHSM2, where that is installed, so that the demo has a card to read.

Run as a program (`python -m esign_cli.commands.demo.soft_token`) it puts one certificate on a
token: PKCS#11 is spoken in a process of its own, since a module may crash.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from esign_cli.foundation import files
from esign_cli.foundation.errors.environment import SoftTokenFailed

if TYPE_CHECKING:
    from esign_cli.commands.demo.made_up import Issued

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
CONFIG_VARIABLE = "SOFTHSM2_CONF"
CONFIG_NAME = "softhsm2.conf"
STORE_NAME = "tokens"
IDENTIFIER = "01"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class SoftHsm:
    """SoftHSM2 as it is installed: its module and its tool."""

    module: Path
    tool: Path


def find() -> SoftHsm | None:
    """Return SoftHSM2, or None where it is not installed."""
    tool = shutil.which("softhsm2-util")
    module = next((Path(path) for path in MODULES if Path(path).exists()), None)
    return SoftHsm(module, Path(tool)) if tool and module else None


def make_store(folder: Path) -> Path:
    """Return an empty store of tokens in `folder`; gives the configuration file that leads
    to it.
    """
    tokens = files.private_folder(folder.resolve() / STORE_NAME)
    config = folder.resolve() / CONFIG_NAME
    lines = f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
    files.write_private(config, lines.encode())
    return config


def make_token(softhsm: SoftHsm, config: Path, label: str, issued: Issued, pin: str) -> None:
    """Make a token with the certificate and the key; raises SoftTokenFailed."""
    environment = {**os.environ, CONFIG_VARIABLE: str(config)}
    tool = str(softhsm.tool)
    own = ["--label", label, "--so-pin", pin[::-1], "--pin", pin]
    _run([tool, "--init-token", "--free", *own], environment)
    with tempfile.TemporaryDirectory(dir=config.parent) as room:
        key = Path(room, "key.pem")
        files.write_private(key, issued.pkcs8())
        put = ["--token", label, "--pin", pin, "--label", label, "--id", IDENTIFIER]
        _run([tool, "--import", str(key), *put], environment)
    program = [sys.executable, "-m", __name__, str(softhsm.module), label]
    _run(program, environment, f"{pin}\n{issued.certificate.hex()}\n")


def _run(command: list[str], environment: dict[str, str], given: str = "") -> None:
    try:
        subprocess.run(
            command,
            env=environment,
            input=given,
            text=True,
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        )
    except subprocess.CalledProcessError as error:
        raise SoftTokenFailed(detail=(error.stderr or error.stdout).strip()) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SoftTokenFailed.from_cause(error) from error


def main() -> None:
    """Put the certificate from standard input on the token that is named."""
    import pkcs11
    from cryptography import x509
    from pkcs11.constants import Attribute, CertificateType, ObjectClass

    module, label = sys.argv[1:]
    pin, certificate = sys.stdin.read().split()
    der = bytes.fromhex(certificate)
    subject = x509.load_der_x509_certificate(der).subject.public_bytes()
    token = pkcs11.lib(module).get_token(token_label=label)
    with token.open(rw=True, user_pin=pin) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.PRIVATE: False,
                Attribute.ID: bytes.fromhex(IDENTIFIER),
                Attribute.LABEL: label,
                Attribute.SUBJECT: subject,
                Attribute.VALUE: der,
            }
        )


if __name__ == "__main__":
    main()
