"""Secrets on their way to where they are used: typed unseen, or read from standard input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from esign_cli.foundation.errors import credentials as errors

LONGEST_INPUT = 64 * 1024
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Pin:
    """A PIN, a passphrase or the security word, which does not show itself by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself, for the one who has to send it."""
        return self._text

    def __repr__(self) -> str:
        return f"{type(self).__name__}(••••••)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


def checked(text: str, name: str, *, as_given: bool = False) -> Pin:
    """Return the secret in `text`, which the user typed.

    Raises SecretMalformed, and SecretSuspicious unless it is wanted `as_given`: a wrong character
    that nobody sees would cost the card a try.
    """
    secret = Pin(_checked(text, name))
    if not as_given:
        check_suspicions([(name, secret)])
    return secret


def check_suspicions(secrets: Sequence[tuple[str, Pin]]) -> None:
    """Raise SecretSuspicious for what is plainly not a card's PIN, or not the word before it."""
    before = ""
    for name, secret in secrets:
        text = secret.reveal()
        findings = (
            ("space-at-end", text != text.strip()),
            ("foreign-digits", any(c.isdigit() and not c.isascii() for c in text)),
            ("equal", bool(before) and text == before),
            ("swapped", _all_digits(before) and any(c.isalpha() for c in text)),
        )
        for because, applies in findings:
            if applies:
                raise errors.SecretSuspicious(name=name, because=because)
        before = text


def _all_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def read_secrets(stream: BinaryIO, names: Sequence[str]) -> tuple[Pin, ...]:
    """Return one secret a line, as many as `names` name, from bytes up to the end of the stream.

    A line ends with LF, CRLF or the end. Raises SecretMissing, SecretMalformed, SecretsExtra; the
    secrets themselves are in none of these.
    """
    data = stream.read(LONGEST_INPUT)
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()  # the last line ended with LF
    if len(lines) < len(names):
        raise errors.SecretMissing(name=names[len(lines)])
    if len(lines) > len(names):
        raise errors.SecretsExtra(expected=len(names))
    ended = len(names) if data.endswith(b"\n") else len(names) - 1
    return tuple(
        Pin(_checked(_decoded(line, name, ended=number < ended), name))
        for number, (line, name) in enumerate(zip(lines, names, strict=True))
    )


def _decoded(line: bytes, name: str, *, ended: bool) -> str:
    """The line as text; a CR belongs to its end only when an LF followed."""
    if ended:
        line = line.removesuffix(b"\r")
    try:
        return line.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise errors.SecretMalformed(name=name, because="not-utf-8") from None


def _checked(text: str, name: str) -> str:
    findings = (
        ("empty", not text),
        ("byte-order-mark", text.startswith(_BOM)),
        ("control-character", any(not c.isprintable() for c in text)),
    )
    for because, applies in findings:
        if applies:
            raise errors.SecretMalformed(name=name, because=because)
    return text
