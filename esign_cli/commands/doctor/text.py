"""The command that mends what doctor found, on this system."""

from __future__ import annotations

import re
import sys

from esign_cli.commands.doctor.job import Line
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.installation import update_command

_EVERYWHERE = ("linux", "win32", "darwin")
_NTP = {
    "linux": "sudo timedatectl set-ntp true",
    "win32": "w32tm /resync",
    "darwin": "sudo sntp -sS time.apple.com",
}
_READERS = {
    "linux": "sudo apt install pcsc-tools && pcsc_scan -r",
    "win32": "powershell Get-PnpDevice -Class SmartCardReader",
    "darwin": "system_profiler SPSmartCardsDataType",
}
_DRIVER = {
    "linux": "sudo apt install ./AKIS-PACKAGE.deb",
    "win32": "msiexec /i AKIS-PACKAGE.msi",
    "darwin": "open AKIS-PACKAGE.pkg",
}
_OPEN_PORT = {
    "linux": "nc -vz {host} {port}",
    "win32": "powershell Test-NetConnection {host} -Port {port}",
    "darwin": "nc -vz {host} {port}",
}
_PRIVATE = {
    "linux": 'chmod 600 "{path}"',
    "win32": 'icacls "{path}" /inheritance:r /grant:r "%USERNAME%:F"',
    "darwin": 'chmod 600 "{path}"',
}
_ASIDE = {
    "linux": 'mv "{path}" "{path}.bad"',
    "win32": 'move "{path}" "{path}.bad"',
    "darwin": 'mv "{path}" "{path}.bad"',
}
_LOOK_AT_URL = dict.fromkeys(_EVERYWHERE, "curl -sSI {url}")
_NAME_DRIVER = dict.fromkeys(_EVERYWHERE, "esign config set module DRIVER-FILE")
MENDS: dict[str, dict[str, str]] = {
    "no-province": dict.fromkeys(_EVERYWHERE, "esign config set province PROVINCE"),
    "secret-in-plain": dict.fromkeys(_EVERYWHERE, "esign config set {key} VALUE"),
    "others-may-write": dict.fromkeys(_EVERYWHERE, "{command}"),
    "no-database": dict.fromkeys(_EVERYWHERE, "esign setup"),
    "no-tables": dict.fromkeys(_EVERYWHERE, "esign database create"),
    "tables-pending": dict.fromkeys(_EVERYWHERE, "esign database migrate"),
    "server-migration-due": dict.fromkeys(_EVERYWHERE, "esign database migrate"),
    "server-driver-missing": dict.fromkeys(_EVERYWHERE, "{command}"),
    "server-login-refused": dict.fromkeys(_EVERYWHERE, "keyring set esign database-password"),
    "database-server-unreachable": dict.fromkeys(_EVERYWHERE, 'pg_isready -d "{address}"'),
    "server-untrusted": dict.fromkeys(_EVERYWHERE, "esign config set database ADDRESS"),
    "server-in-plain": dict.fromkeys(_EVERYWHERE, "esign config set database ADDRESS"),
    "server-unchecked": dict.fromkeys(_EVERYWHERE, "esign config set database ADDRESS"),
    "server-clock-off": _NTP,
    "config-unreadable": dict.fromkeys(_EVERYWHERE, "esign config path"),
    "unknown-setting": dict.fromkeys(_EVERYWHERE, "esign config"),
    "bad-setting": dict.fromkeys(_EVERYWHERE, "esign config set {key} VALUE"),
    "database-broken": dict.fromkeys(_EVERYWHERE, "esign restore FILE"),
    "database-newer": dict.fromkeys(_EVERYWHERE, "{update_command}"),
    "database-unreadable": dict.fromkeys(_EVERYWHERE, "esign restore FILE"),
    "database-foreign": dict.fromkeys(_EVERYWHERE, "esign restore FILE"),
    "database-value": dict.fromkeys(_EVERYWHERE, "esign restore FILE"),
    "database-unopenable": {
        "linux": 'ls -ld "{path}"',
        "win32": 'icacls "{path}"',
        "darwin": 'ls -ld "{path}"',
    },
    "database-file-unusable": dict.fromkeys(_EVERYWHERE, "{command}"),
    "database-open-to-others": _PRIVATE,
    "disk-on-network": dict.fromkeys(_EVERYWHERE, "esign config set database FILE"),
    "audit-does-not-fit": dict.fromkeys(_EVERYWHERE, "esign audit verify"),
    "no-backup": dict.fromkeys(_EVERYWHERE, "esign backup FILE"),
    "backup-old": dict.fromkeys(_EVERYWHERE, "esign backup FILE --force"),
    "no-trust": dict.fromkeys(_EVERYWHERE, "esign trust add ROOT.crt"),
    "trust-unreadable": _ASIDE,
    "root-over": dict.fromkeys(_EVERYWHERE, "esign trust add ROOT.crt"),
    "sub-ca-weak": dict.fromkeys(_EVERYWHERE, "esign trust remove {sha256}"),
    "no-module": _DRIVER,
    "driver-not-akis": _DRIVER,
    "module-missing": _NAME_DRIVER,
    "module-not-a-library": _NAME_DRIVER,
    "module-wrong-architecture": _DRIVER,
    "module-unusable": _DRIVER,
    "module-crashed": _DRIVER,
    "module-hung": _DRIVER,
    "module-lacks-library": {
        "linux": 'ldd "{path}" | grep "not found"',
        "win32": 'dumpbin /dependents "{path}"',
        "darwin": 'otool -L "{path}"',
    },
    "card-service-down": {
        "linux": "sudo apt install pcscd && sudo systemctl enable --now pcscd.socket",
        "win32": "powershell Start-Service SCardSvr",
        "darwin": "system_profiler SPSmartCardsDataType",
    },
    "no-reader": _READERS,
    "card-unreadable": _READERS,
    "card-unknown": _READERS,
    "mail-server-unset": dict.fromkeys(_EVERYWHERE, "esign config set {key} VALUE"),
    "mail-server-unreachable": _OPEN_PORT,
    "mail-server-untrusted": dict.fromkeys(_EVERYWHERE, "esign config set smtp.ca_file CA.pem"),
    "mail-server-without-tls": dict.fromkeys(_EVERYWHERE, "esign config set smtp.security tls"),
    "mail-login-unencrypted": dict.fromkeys(_EVERYWHERE, "esign config set smtp.security starttls"),
    "mail-login-refused": dict.fromkeys(_EVERYWHERE, "keyring set esign smtp-password"),
    "credential-missing": dict.fromkeys(_EVERYWHERE, "keyring set esign {name}"),
    "credential-malformed": dict.fromkeys(_EVERYWHERE, "keyring set esign {name}"),
    "credential-exposed": _PRIVATE,
    "server-unreachable": _LOOK_AT_URL,
    "server-timed-out": _LOOK_AT_URL,
    "answer-too-large": _LOOK_AT_URL,
    "http-status-bad": _LOOK_AT_URL,
    "proxy-unreachable": dict.fromkeys(_EVERYWHERE, "esign config set network.proxy URL"),
    "address-refused": dict.fromkeys(_EVERYWHERE, "esign config set network.private true"),
    "time-stamp-refused": dict.fromkeys(_EVERYWHERE, "esign config set time_stamp.user NUMBER"),
    "time-stamp-wrong": dict.fromkeys(_EVERYWHERE, "esign config set time_stamp.url URL"),
    "clock-off": _NTP,
    "clock-behind": _NTP,
    "clock-before-card": _NTP,
}
"""By the code of a line; the words in capitals (_USERS_OWN) are the user's own."""
_USERS_OWN = {
    "ADDRESS": N_("ADDRESS"),
    "AKIS-PACKAGE": N_("AKIS-PACKAGE"),
    "CA": N_("CA"),
    "DRIVER-FILE": N_("DRIVER-FILE"),
    "FILE": N_("FILE"),
    "NUMBER": N_("NUMBER"),
    "PROVINCE": N_("PROVINCE"),
    "ROOT": N_("ROOT"),
    "VALUE": N_("VALUE"),
}
_OWN_WORD = re.compile(rf"\b({'|'.join(_USERS_OWN)})\b")


def mend(line: Line, platform: str = sys.platform) -> str:
    """Return the command that mends it, or "" where none does."""
    return _filled(_command(line, platform), line)


def mend_spoken(line: Line, platform: str = sys.platform) -> str:
    """Return that command with the words that stand for the user's own in the user's language."""
    command = _OWN_WORD.sub(lambda word: _(_USERS_OWN[word[0]]), _command(line, platform))
    return _filled(command, line)


def _filled(command: str, line: Line) -> str:
    return command.format_map({"update_command": update_command(), **line.facts})


def _command(line: Line, platform: str) -> str:
    if line.code == "address-refused" and line.facts.get("problem", "private") != "private":
        return ""  # nothing that is allowed makes an address of it
    commands = MENDS.get(line.code, {})
    return commands.get(platform, commands.get("linux", ""))
