"""Errors of secrets that are handed over."""

from __future__ import annotations

from esign_cli.foundation.errors import EnvironmentFault, InputError, Refusal, UsageError


class SecretMissing(UsageError):
    code = "secret-missing"
    name: str


class SecretMalformed(UsageError):
    code = "secret-malformed"
    name: str
    because: str
    """A code."""


class SecretSuspicious(UsageError):
    """A secret is plainly not the one that is wanted; it was not sent."""

    code = "secret-suspicious"
    name: str
    because: str
    """swapped, equal, space-at-end or foreign-digits."""


class SecretsExtra(UsageError):
    code = "secrets-extra"
    expected: int
    """The number of lines."""


class CredentialMissing(EnvironmentFault):
    code = "credential-missing"
    name: str
    """Of the secret."""
    looked: list[str]
    """The places that were looked in."""


class CredentialMalformed(InputError):
    code = "credential-malformed"
    name: str
    """Of a secret with a control character in it."""


class CredentialExposed(Refusal):
    """Octal: others than its owner may read this file of secrets."""

    code = "credential-exposed"
    path: str
    mode: str
