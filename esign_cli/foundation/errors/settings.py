"""Errors of the config file."""

from __future__ import annotations

from esign_cli.foundation.errors import InputError, UsageError


class ConfigUnreadable(InputError):
    code = "config-unreadable"
    path: str
    detail: str


class BackslashInSettings(InputError):
    code = "backslash-in-settings"
    path: str
    detail: str


class UnknownSetting(UsageError):
    code = "unknown-setting"
    path: str
    key: str
    suggestions: list[str]


class BadSetting(UsageError):
    code = "bad-setting"
    path: str
    key: str
    value: str
    wanted: str
