"""What lies on a card, as facts for the parent: certificates and keys, each object read once.

Found by enumerating, since cards search badly. Runs in the child.
"""

from __future__ import annotations

from typing import Any

from esign_cli.cards.cryptoki import (
    CKA_ALWAYS_AUTHENTICATE,
    CKA_EC_POINT,
    CKA_ID,
    CKA_MODULUS,
    CKA_VALUE,
    CKO_CERTIFICATE,
    CKO_PRIVATE_KEY,
    CKO_PUBLIC_KEY,
    Cryptoki,
)
from esign_cli.cards.return_values import GONE, ReturnValue

_CERTIFICATE = (CKA_VALUE, CKA_ID)
_PUBLIC = (CKA_ID, CKA_MODULUS, CKA_EC_POINT)
_PRIVATE = (*_PUBLIC, CKA_ALWAYS_AUTHENTICATE)


class Card:
    """A session with one card; what one object answered with an error is kept, not raised."""

    def __init__(self, cryptoki: Cryptoki, session: int) -> None:
        self._cryptoki, self._session = cryptoki, session
        self.unread: list[str] = []
        """The answers of objects that could not be read."""

    def contents(self) -> dict[str, Any]:
        """Return everything that is on it, as `objects.from_facts` takes it."""
        certificates = self.certificates()
        keys = {"public": self.keys(CKO_PUBLIC_KEY), "private": self.keys(CKO_PRIVATE_KEY)}
        return {"certificates": certificates, **keys, "unread": self.unread}

    def certificates(self) -> list[dict[str, str]]:
        """Return every X.509 certificate, in the card's order."""
        read = [(v, i) for _h, (v, i) in self._each(CKO_CERTIFICATE, _CERTIFICATE) if v]
        return [{"der": value.hex(), "id": _hex(identifier)} for value, identifier in read]

    def keys(self, kind: int) -> list[dict[str, Any]]:
        """Return every key of a class that the card shows now; private ones often only after a
        login.
        """
        wanted = _PRIVATE if kind == CKO_PRIVATE_KEY else _PUBLIC
        return [
            {
                "handle": handle,
                "id": _hex(identifier),
                "modulus": _hex(modulus),
                "point": _hex(point),
                "always": any(always) and any(always[0] or b""),
            }
            for handle, (identifier, modulus, point, *always) in self._each(kind, wanted)
        ]

    def _each(self, kind: int, wanted: tuple[int, ...]) -> list[tuple[int, list[bytes | None]]]:
        """The objects of a class with their attributes; one that fails loses no other."""
        objects = []
        for handle in self._cryptoki.find(self._session, kind):
            try:
                values = self._cryptoki.attributes(self._session, handle, wanted)
            except ReturnValue as answer:
                if answer.name in GONE:
                    raise
                self.unread.append(str(answer))
                continue
            objects.append((handle, values))
        return objects


def _hex(value: bytes | None) -> str:
    return (value or b"").hex()
