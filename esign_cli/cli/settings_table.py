"""The table of settings: key, how it is read, default, what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from esign_cli.foundation.i18n import LANGUAGES, N_
from esign_cli.wording import labels, periods
from esign_cli.wording.vocabulary import Vocabulary


class InvalidValue(Exception):
    """A value that its setting does not take; the text says what is wanted."""


def _lines(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidValue(N_("text"))
    return value


def _text(value: Any) -> str:
    text = _lines(value)
    if not text.isprintable():  # a second line would be one of a header, a unit or an address
        raise InvalidValue(N_("text in one line, without control characters"))
    return text


def _language(value: Any) -> str:
    if value not in LANGUAGES:
        raise InvalidValue(N_("tr or en"))
    return str(value)


def _path(value: Any) -> Path:
    return Path(_place(value)).expanduser()


def _place(value: Any) -> str:
    text = _text(value)
    if not text.isprintable():  # "C:\temp" in TOML has a tab in it
        raise InvalidValue(N_("a path between single quotation marks"))
    return text


def _database(value: Any) -> Any:
    """A file's path, or the address of a server."""
    from esign_cli.foundation import database_server

    text = _place(value)
    return database_server.parse(text) if database_server.is_server(text) else _path(text)


def _province(value: Any) -> str:
    from esign_cli.foundation import turkish

    if value in ("", "all"):
        return str(value)
    code = turkish.province_code(str(value))
    if code is None:
        raise InvalidValue(N_("a province by name or plate code, or “all”"))
    return code


def _yes_no(value: Any) -> bool:
    if isinstance(value, str) and (word := labels.YES_NO.code(value)):
        return word == "true"
    if not isinstance(value, bool):
        raise InvalidValue(N_("true or false"))
    return value


def _whole(value: Any) -> int:
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidValue(N_("a whole number, 0 or more"))
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise InvalidValue(N_("a list of texts"))
    return tuple(map(_text, value))


def _dates(value: Any) -> tuple[str, ...]:
    from esign_cli.cli.arguments import day
    from esign_cli.foundation.errors.usage import BadDate

    given = [str(part) for part in value] if isinstance(value, list) else value  # dates of TOML
    try:
        return tuple(day(text).isoformat() for text in _texts(given))
    except BadDate as wrong:
        raise InvalidValue(N_("days written YYYY-MM-DD or dd.mm.yyyy")) from wrong


def _sha256s(value: Any) -> tuple[str, ...]:
    import re

    hashes = tuple(text.lower() for text in _texts(value))
    if not all(re.fullmatch("[0-9a-f]{64}", text) for text in hashes):
        raise InvalidValue(N_("64 hexadecimal digits each"))
    return hashes


def _form_fields(value: Any) -> tuple[str, ...]:
    return tuple(_code(labels.FORM_FIELDS, one) for one in _texts(value))


def _code(vocabulary: Vocabulary[str], value: Any) -> str:
    """The code that a word means, in either language; what else is wanted the sentence tells."""
    code = vocabulary.code(str(value))
    if code is None:
        raise InvalidValue(", ".join(vocabulary))
    return code


def _proxy(value: Any) -> str:
    return labels.PROXIES.code(_text(value)) or str(value)


_security = partial(_code, labels.SECURITIES)
_sms_body = partial(_code, labels.BODY_FORMATS)
_end_rule = partial(_code, labels.END_RULES)


def _sender(value: Any) -> str:
    from email.utils import parseaddr

    name, at, place = parseaddr(_text(value))[1].rpartition("@")
    if value and not (name and at and place and (name + place).isascii()):
        raise InvalidValue(N_("an e-mail address, or a name with one in <>"))
    return str(value)


def _method(value: Any) -> str:
    if value not in ("POST", "GET", "PUT"):  # it is the first word of the request
        raise InvalidValue("POST | GET | PUT")
    return str(value)


def _pattern(value: Any) -> str:
    import re

    try:
        return re.compile(_text(value)).pattern
    except re.error as error:
        raise InvalidValue(N_("a regular expression")) from error


def _statuses(value: Any) -> tuple[int, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise InvalidValue(N_("HTTP status codes"))
    return tuple(map(_whole, [part.strip() if isinstance(part, str) else part for part in parts]))


def _thresholds(value: Any) -> tuple[str, ...]:
    from esign_cli.renewals.rules import reminders

    named = tuple(map(periods.code, _texts(value)))
    if not all(map(reminders.threshold, named)):
        raise InvalidValue(N_("numbers of days, weeks or months, like 10d, 6w, 3m"))
    return named


def _period(value: Any) -> str:
    from esign_cli.renewals.rules import retention

    value = periods.code(_text(value)) if value else ""
    if value and not retention.is_period(value):
        raise InvalidValue(N_("a number of days, weeks, months or years, like 90d, 6w, 6m, 2y"))
    return str(value)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key in the file, how it is read, its default and what it means."""

    key: str
    read: Callable[[Any], Any]
    default: Any
    meaning: str
    variable: str = ""


SETTINGS: tuple[Setting, ...] = (
    Setting("language", _language, "tr", N_("language: tr or en"), "ESIGN_LANG"),
    Setting(
        "database",
        _database,
        None,
        N_("the database: a file, or a server's address (postgresql://…)"),
        "ESIGN_DB",
    ),
    Setting("module", _place, "", N_("the card driver"), "ESIGN_PKCS11_MODULE"),
    Setting("province", _province, "", N_("your province")),
    Setting("district", _text, "", N_("your district, if you keep only one")),
    Setting("trust_folder", _path, None, N_("the folder of trusted certificates")),
    Setting("form_template", _path, "", N_("a file with another text of the application")),
    Setting(
        "form_optional",
        _form_fields,
        ("work_extension", "mobile_operator", "home_phone"),
        N_("fields of the form that may stay empty"),
    ),
    Setting("profile.institution_name", _text, "", N_("institution name on the form")),
    Setting("profile.address", _text, "", N_("address on the form, where the courier goes")),
    Setting("profile.province", _text, "", N_("province on the form")),
    Setting("profile.district", _text, "", N_("district on the form")),
    Setting("profile.postal_code", _text, "", N_("postal code on the form")),
    Setting("profile.work_phone", _text, "", N_("work phone on the form")),
    Setting("renewal.opens_months_before", _whole, 3, N_("months before the end: renewal opens")),
    Setting("renewal.deadline_months_before", _whole, 1, N_("months before the end: last day")),
    Setting("renewal.kadro_suffices", _yes_no, False, N_("own post outweighs an ended assignment")),
    Setting("renewal.open_ended", _end_rule, "needs-update", N_("an assignment without an end")),
    Setting("renewal.ends_soon_days", _whole, 30, N_("days: an assignment ends soon")),
    Setting("renewal.delivery_days", _whole, 15, N_("days a new card takes")),
    Setting(
        "renewal.submission_days", _whole, 7, N_("days until an unsubmitted application is chased")
    ),
    Setting("renewal.roster_old_days", _whole, 30, N_("days after which a roster is old")),
    Setting("renewal.approval_roster_days", _whole, 7, N_("days a roster may have at an approval")),
    Setting("renewal.validity_years", _whole, 3, N_("years a certificate is valid")),
    Setting(
        "renewal.latest_end_months", _whole, 40, N_("months within which an end date is believed")
    ),
    Setting(
        "renewal.unconfirmed_days",
        _whole,
        30,
        N_("days after a delivery until its certificate should be known"),
    ),
    Setting(
        "renewal.extra_holidays",
        _dates,
        (),
        N_("days off beside weekends and public holidays, such as administrative leave"),
    ),
    Setting(
        "renewal.issuers",
        _texts,
        ("Kamu Elektronik Sertifika Hizmet Sağlayıcısı",),
        N_("authorities whose certificates are renewed here: how their names begin"),
    ),
    Setting(
        "renewal.other_issuers",
        _texts,
        (
            "E-Güven",
            "Elektronik Bilgi Güvenliği",
            "E-Tuğra",
            "EBG Bilişim",
            "TÜRKTRUST",
            "e-imzaTR",
            "EİMZATR",
        ),
        N_("other authorities, whose certificates are never renewed here"),
    ),
    Setting("renewal.entitled_titles", _texts, (), N_("only these titles may have an e-signature")),
    Setting(
        "renewal.entitled_institutions", _texts, (), N_("only these institutions, by code or name")
    ),
    Setting(
        "remind.thresholds",
        _thresholds,
        ("3m", "6w", "1m", "10d"),
        N_("how long before the end reminders go out: 3m, 6w, 10d"),
    ),
    Setting("remind.templates", _path, None, N_("a folder with your own texts of reminders")),
    Setting("retention.left", _period, "", N_("how long those who left are kept; empty: for ever")),
    Setting(
        "retention.history", _period, "", N_("how long is kept what imports changed and rejected")
    ),
    Setting("retention.reminders", _period, "", N_("how long reminders that were sent are kept")),
    Setting("retention.watch", _period, "", N_("how long piles of cards that were read are kept")),
    Setting("backup.file", _path, None, N_("where backups go; empty: beside the database")),
    Setting("backup.keep", _whole, 14, N_("how many backups of the schedule are kept")),
    Setting("backup.seal", _yes_no, False, N_("seal backups to the passphrase backup-passphrase")),
    Setting("time_stamp.url", _text, "", N_("the time stamp server (RFC 3161)")),
    Setting("time_stamp.user", _whole, 0, N_("user number at Kamu SM's server; 0: none")),
    Setting(
        "policy_hashes", _sha256s, (), N_("more SHA-256 hashes accepted for policies P2 to P4")
    ),
    Setting("network.proxy", _proxy, "", N_("a proxy's address; none; empty: the system's")),
    Setting("network.private", _yes_no, False, N_("servers may be in your own network")),
    Setting("network.timeout", _whole, 30, N_("seconds a server may take for its answer")),
    Setting("network.cache", _path, None, N_("the folder of fetched revocation data")),
    Setting(
        "network.depot",
        _text,
        "http://depo.kamusm.gov.tr/depo/SertifikaDeposu.xml",
        N_("where Kamu SM publishes SertifikaDeposu.xml"),
    ),
    Setting("secrets.environment_file", _path, None, N_("a file of NAME=value lines: passwords")),
    Setting("secrets.folder", _path, None, N_("a folder with a file for each password")),
    Setting("secrets.keyring", _yes_no, True, N_("look for passwords in the system's keyring")),
    Setting("smtp.host", _text, "", N_("the mail server")),
    Setting("smtp.port", _whole, 0, N_("its port; 0: the usual one")),
    Setting("smtp.security", _security, "starttls", N_("starttls, tls or none")),
    Setting("smtp.user", _text, "", N_("login at the mail server; empty: none")),
    Setting("smtp.from", _sender, "", N_("sender of e-mail: an address, or a name with one in <>")),
    Setting("smtp.timeout", _whole, 30, N_("seconds the mail server may take for an answer")),
    Setting("smtp.ca_file", _path, None, N_("certificates that may have issued the mail server's")),
    Setting("sms.url", _text, "", N_("the SMS gateway's address, with {text} and the like in it")),
    Setting("sms.sender", _text, "", N_("the name behind the text of each SMS, counted with it")),
    Setting("sms.method", _method, "POST", N_("how the SMS gateway is called: POST, GET, PUT")),
    Setting(
        "sms.body", _lines, "", N_("what the SMS gateway is sent, with {text} and the like in it")
    ),
    Setting("sms.body_format", _sms_body, "json", N_("how that is written: json, form, xml, text")),
    Setting("sms.success_status", _statuses, (200, 201, 202), N_("HTTP statuses of a taken SMS")),
    Setting("sms.success_text", _pattern, "", N_("what the answer to a taken SMS has to hold")),
    Setting("sms.timeout", _whole, 30, N_("seconds the SMS gateway may take")),
    Setting("sms.allow_private", _yes_no, False, N_("the SMS gateway is in your own network")),
)
"""Every setting; those under "renewal." are the fields of renewal.Policy."""

PERIODS = frozenset(s.key for s in SETTINGS if s.read in (_thresholds, _period))
"""Those that say how long."""
PROFILE_KEYS = tuple(s.key.partition(".")[2] for s in SETTINGS if s.key.startswith("profile."))
OPEN_TABLES = (
    "words.status",
    "words.kind",
    "profiles.district",
    "profiles.institution",
    "sms.headers",
)
"""Tables whose keys are the user's own: MEBBİS words, districts, institution codes, headers."""
WORD_CLASSES = {
    "words.status": ("working", "away", "left", "transferred"),
    "words.kind": ("permanent", "assignment"),
}
