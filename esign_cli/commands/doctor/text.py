"""What doctor found, in words, and the command that mends it on this system."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from typing import Any

from esign_cli.commands.doctor.job import Line
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.installation import Installation, update_command
from esign_cli.foundation.turkish import without_ids
from esign_cli.wording.fact_words import NOT_AKIS, PIN_STATES
from esign_cli.wording.labels import DATABASE_ROLES, DOCTOR_LEVELS
from esign_cli.wording.sentences import told

CHECKS = {
    "installation": N_("This esign"),
    "settings": N_("Settings"),
    "database": N_("Database"),
    "server": N_("Server"),
    "disk": N_("Disk"),
    "audit": N_("Audit trail"),
    "backup": N_("Backup"),
    "trust": N_("Trusted roots"),
    "driver": N_("Card driver"),
    "service": N_("Smart card service"),
    "readers": N_("Readers"),
    "cards": N_("Cards"),
    "certificates": N_("Certificates"),
    "pin": N_("PIN"),
    "mail": N_("Mail server"),
    "time-stamps": N_("Time stamp server"),
    "clock": N_("Clock"),
    "online": N_("Network"),
}
FINDINGS = {
    "installed": N_("{version}, installed as: {installed_as}; a newer one comes by: {update}"),
    "settings-read": N_("read from {path}"),
    "settings-default": N_("none written yet, the defaults hold; the file would be {path}"),
    "no-province": N_("your province is not set"),
    "secret-in-plain": N_(
        "{key} sends a password unencrypted to {host}: anybody on the way reads it"
    ),
    "no-database": N_("none yet; it would be {path}"),
    "database-broken": N_("{path} is damaged: {detail}"),
    "database-whole": N_("{path} is whole and of this version"),
    "database-pending": N_("{path} is whole; the next use brings it up to date: {names}"),
    "no-tables": N_("no tables yet in {path}"),
    "tables-pending": N_("{path} is whole; its owner brings it up to date: {names}"),
    "server-answers": N_(
        "{server}, answers in {milliseconds} ms; MiB of the database: {mebibytes}"
    ),
    "server-slow": N_("{server} is slow: {milliseconds} ms an answer; MiB: {mebibytes}"),
    "server-rights": N_("you are {user} ({rights}) there"),
    "server-local": N_("reached by a socket of this computer"),
    "server-tls": N_("encrypted ({tls}), and its certificate is checked"),
    "server-unchecked": N_(
        "encrypted ({tls}), but anybody may stand in for it (sslmode={sslmode})"
    ),
    "server-in-plain": N_("NOT encrypted: whoever is on the way reads everything"),
    "server-clock-fits": N_("its clock fits; seconds ahead of this one: {seconds}"),
    "server-clock-off": N_("its clock is off; seconds ahead of this one: {seconds}"),
    "database-open-to-others": N_("{path} can be read by other users of this computer"),
    "disk-on-network": N_("{path} lies on another computer's disk ({kind})"),
    "disk-encryption-on": N_("encrypted ({by})"),
    "disk-encryption-off": N_("not encrypted, as far as the system says: {source}"),
    "disk-encryption-unknown": N_("the system does not say whether it is encrypted"),
    "audit-fits": N_("every row fits the one before, and the tables the last; rows: {rows}"),
    "audit-does-not-fit": N_("something was changed by another program, as of row {row}"),
    "no-backup": N_("none was made yet"),
    "backup-old": N_("the newest is of {day}, days ago: {days}"),
    "backup-made": N_("the newest is of {day}"),
    "no-trust": N_("none in {folder}: esign verify can call no signature valid"),
    "trusted": N_("{roots} in {folder}"),
    "root-over": N_(
        "expired: {holder}, issuer: {issuer}, end: {not_after}; accept the root that follows it, "
        "by the fingerprint that its publisher gives"
    ),
    "sub-ca-weak": N_(
        "a sub-CA signed by SHA-1, below which nothing is valid: {holder}; take it out, and bring "
        "in the one that follows it with `esign trust update`"
    ),
    "reached": N_("{host} can be reached"),
    "reached-by-proxy": N_("{host} can be reached, through {proxy}"),
    "nothing-to-reach": N_("no certificate here names a server"),
    "driver-loaded": N_("{path} ({found_by}; {built_for}) starts, with all the libraries it needs"),
    "driver-not-akis": NOT_AKIS,
    "service-runs": N_("it runs"),
    "card-read": N_("{card} · {reader}"),
    "certificate-over": N_("expired: {holder}, issuer: {issuer}, end: {not_after}"),
    "certificate-unqualified": N_("not an e-imza: {holder}, issuer: {issuer}, end: {not_after}"),
    "certificate-valid": N_("{holder}, issuer: {issuer}, end: {not_after}"),
    "pin-state": N_("{card}: {pin}"),
    "mail-not-configured": N_("not configured; only reminders by e-mail need one"),
    "mail-reached": N_("{server} can be reached"),
    "time-stamps-not-configured": N_("not configured; only signatures with time stamps need one"),
    "time-stamps-reached": N_("{server} can be reached"),
    "clock-off": N_("it is {now} here; seconds later at {server}: {seconds}"),
    "clock-behind": N_("it is {now} here, but the database was written to at {written}"),
    "clock-before-card": N_("it is {now} here, but the certificate on the card begins at {begins}"),
    "clock-fits": N_("{now}"),
}
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


def row(line: Line) -> tuple[str, str, str]:
    """Return the line as a row of the table: level, part, what was found."""
    return _(DOCTOR_LEVELS[line.level]), _(CHECKS[line.check]), _found(line)


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


def _found(line: Line) -> str:
    if line.problem is not None:
        return told(line.problem)
    return without_ids(_(FINDINGS[line.code]).format_map(_shown(line.facts)))


def _shown(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as they read in a sentence: lists joined, times and codes as people write them."""
    return {name: _fact(name, value) for name, value in facts.items()}


def _fact(name: str, value: Any) -> Any:
    if name in _WORDS_OF:
        return _(_WORDS_OF[name][value])
    if name == "detail":
        return _(value)
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, str) and _TIME.fullmatch(value):
        moment = datetime.fromisoformat(value)
        return (
            f"{moment:%d.%m.%Y}" if len(value) == len("2026-11-22") else f"{moment:%d.%m.%Y %H:%M}"
        )
    return value


_TIME = re.compile(r"\d{4}-\d\d-\d\d(T.+)?")
_FOUND_BY = {
    "option": N_("named by the option"),
    "environment": N_("named by ESIGN_PKCS11_MODULE"),
    "config": N_("named in the settings"),
    "known-path": N_("found where drivers are installed"),
    "p11-kit": N_("found by p11-kit"),
}
_INSTALLED_AS = {kind.code: kind.label for kind in Installation}
_WORDS_OF = {
    "pin": PIN_STATES,
    "found_by": _FOUND_BY,
    "installed_as": _INSTALLED_AS,
    "rights": DATABASE_ROLES,
}
