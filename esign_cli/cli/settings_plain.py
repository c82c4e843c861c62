"""Secrets that the settings send over plain http, where every computer between reads them."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from esign_cli.cli.settings import Settings

_PLACE = "{secret:"
_ADDRESSES = ("sms.url", "time_stamp.url", "network.proxy", "network.depot")


def secrets_in_plain(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Return the settings that send a secret unencrypted, each with the host that it goes to.

    Servers on this computer do not count.
    """
    plain = [
        (key, urlsplit(settings[key]).hostname or "")
        for key in _ADDRESSES
        if urlsplit(settings[key]).scheme == "http" and _has_secret(settings, key)
    ]
    if settings["smtp.security"] == "none" and settings["smtp.user"]:
        plain.append(("smtp.security", settings["smtp.host"]))
    return tuple((key, host) for key, host in plain if not _here(host))


def _has_secret(settings: Settings, key: str) -> bool:
    texts = [settings[key]]
    if key == "sms.url":
        texts += [settings["sms.body"], *settings.tables["sms.headers"].values()]
    return "@" in urlsplit(settings[key]).netloc or any(_PLACE in text for text in texts)


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
