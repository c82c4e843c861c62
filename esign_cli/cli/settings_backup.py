"""The settings as they go into a backup, and as they come back out of one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from esign_cli.cli import settings

_PLACE = "{secret:"
_NAMES_SECRET = re.compile(
    r"pass|pwd|parola|[sş]ifre|token|key|secret|auth|hash|sign|user|kullan", re.IGNORECASE
)
_PLAIN_HEADERS = frozenset({"accept", "content-type", "user-agent"})
_TEXTS = ("sms.url", "sms.body", "network.proxy", "network.depot", "time_stamp.url")


def without_secrets(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a settings file without comments and without what may be a secret; and those keys.

    Passwords stand elsewhere ({secret:NAME}), but nothing hinders a user from writing one into the
    address of a gateway or a proxy, or into a header.
    """
    document = tomllib.loads(content.decode("utf-8-sig"))
    left_out = tuple(key for key, value in _flat(document) if _may_be_secret(key, value))
    for key in left_out:
        _remove(document, key)
    return settings.dumps(document), left_out


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    values: list[tuple[str, Any]] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        values += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, value)]
    return values


def _may_be_secret(key: str, value: Any) -> bool:
    if not isinstance(value, str) or _PLACE in value:
        return False
    if key.startswith("sms.headers."):
        return key.removeprefix("sms.headers.").lower() not in _PLAIN_HEADERS
    if key not in _TEXTS:
        return False
    text = value
    if key != "sms.body":
        address = urlsplit(value)
        if "@" in address.netloc:
            return True
        text = address.query
    return bool(_NAMES_SECRET.search(text))


def _remove(document: dict[str, Any], key: str) -> None:
    table = document
    *folders, last = _steps(document, key)
    for folder in folders:
        table = table[folder]
    del table[last]


def _steps(document: Mapping[str, Any], key: str) -> list[str]:
    """The names that lead to a key, some of which may have a dot in them."""
    for name, value in document.items():
        if key == name:
            return [name]
        if key.startswith(f"{name}.") and isinstance(value, dict):
            rest = _steps(value, key.removeprefix(f"{name}."))
            if rest:
                return [name, *rest]
    return []


def differences(now: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the keys that stand otherwise in another settings file: as now, as then."""
    ours, theirs = dict(_flat(now)), dict(_flat(then))
    keys = [key for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
    return {key: (ours.get(key), theirs.get(key)) for key in keys}
