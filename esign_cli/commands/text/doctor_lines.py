"""What doctor found, in words: for doctor itself, and for the start page, which shows the worst."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from esign_cli.commands.text.findings import Line
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.installation import Installation
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


def row(line: Line) -> tuple[str, str, str]:
    """Return the line as a row of the table: level, part, what was found."""
    return _(DOCTOR_LEVELS[line.level]), _(CHECKS[line.check]), _found(line)


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
