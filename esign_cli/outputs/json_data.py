"""Facts as JSON carries them: one encoder for every command."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import PurePath
from typing import IO, Any

from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.plain_text import escaped
from esign_cli.outputs.attributes import at

_ENCODERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (str, lambda text: str(text) or None),
    ((int, float, type(None)), lambda value: value),
    (datetime, lambda time: time.astimezone(ISTANBUL).isoformat()),
    (date, date.isoformat),
    (PurePath, str),
    ((tuple, list), lambda many: list(map(plain, many))),
    (Mapping, lambda pairs: {plain(key): plain(value) for key, value in pairs.items()}),
    (object, lambda one: {each.name: plain(getattr(one, each.name)) for each in fields(one)}),
)
"""By kind, the first that fits: last of all a frozen value, which becomes an object."""


def plain(value: Any) -> Any:
    """Return a JSON value: what is not known ("" or None) is null, a code of an enum its word.

    Dates are ISO 8601, times RFC 3339 with Turkey's offset.
    """
    return next(encode(value) for kinds, encode in _ENCODERS if isinstance(value, kinds))


def pick(one: Any, names: str) -> dict[str, Any]:
    """Return these attributes of `one` as a JSON object, all null where `one` is None.

    `names` are parted by spaces; `key=a.b` takes what lies deeper, or is called otherwise there.
    """
    return {key: plain(at(one, path)) for key, path in map(_parted, names.split())}


def _parted(name: str) -> tuple[str, str]:
    key, _equals, path = name.partition("=")
    return key, path or key


def to_text(document: Any) -> str:
    """Return a document of JSON values in one line."""
    return "".join(_pieces(document))


def to_bytes(document: Any) -> bytes:
    """Return a document as a file of one line, UTF-8."""
    return (escaped(to_text(document)) + "\n").encode()


def write(document: Any, file: IO[bytes], shown: Callable[[str], str] = escaped) -> None:
    """Write the same into a file, with each piece as it is to be shown.

    Of a list that is an iterator, a value at a time: it is read once, and never held.
    """
    for piece in _pieces(document):
        file.write(shown(piece).encode())
    file.write(b"\n")


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        yield "{"
        for number, (key, one) in enumerate(value.items()):
            yield f"{', ' if number else ''}{json.dumps(key, ensure_ascii=False)}: "
            yield from _pieces(one)
        yield "}"
    elif isinstance(value, Iterator):
        yield "["
        for number, one in enumerate(value):
            yield f"{', ' if number else ''}{json.dumps(one, ensure_ascii=False)}"
        yield "]"
    else:
        yield json.dumps(value, ensure_ascii=False)
