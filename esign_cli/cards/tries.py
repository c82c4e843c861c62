"""The tries of PINs that no card has confirmed: a durable record, by certificate.

Drivers hide how many tries are left, answer a wrong PIN with any code, crash, or are ended in the
middle; so a try is written down before the PIN leaves us, and taken away only by a card's yes. By
certificate, since several kinds of card have one serial number for all.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from esign_cli.foundation import files, locations
from esign_cli.foundation.errors import environment as errors
from esign_cli.foundation.errors.cards import TriesUnreadable, TriesUnwritable

SCHEMA = "esign.pin-tries/1"
WAIT = 5.0
"""Seconds that one waits for another who is writing."""
LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class TryRecord:
    """The file with the tries; one that is not there says that there were none."""

    path: Path

    @classmethod
    def of_user(cls) -> TryRecord:
        """Return the record that `esign` keeps for this user."""
        return cls(locations.pin_tries_file())

    def count(self, certificates: Iterable[str]) -> int:
        """Return the most tries that any of these certificates (SHA-256, hexadecimal) had since a
        success.

        Raises TriesUnreadable.
        """
        return _highest(self._read(), certificates)

    def most(self) -> int:
        """Return the most tries that any certificate had: of a card that could not be read whole
        nobody can tell which it is. Raises TriesUnreadable.
        """
        return max(self._read().values(), default=0)

    def note(self, certificates: Iterable[str]) -> int:
        """Count one more try for all of them; it is on the disk when this returns.

        Gives how many there were before. Raises TriesUnwritable, TriesUnreadable: then no PIN may
        be sent.
        """
        asked = tuple(certificates)
        with self._held():
            tries = self._read()
            before = _highest(tries, asked)
            self._write({**tries, **dict.fromkeys(asked, before + 1)})
        return before

    def put(self, certificates: Iterable[str], count: int) -> None:
        """Say how many tries these certificates have had: none after a card's yes."""
        asked = tuple(certificates)
        with self._held():
            tries = {c: n for c, n in self._read().items() if c not in asked}
            self._write({**tries, **dict.fromkeys(asked, count)} if count else tries)

    def _read(self) -> dict[str, int]:
        odd = os.path.exists(self.path) and not files.is_file(self.path)  # noqa: PTH110  (never raises)
        if odd:  # a pipe would be waited for
            raise TriesUnreadable(path=str(self.path), detail=os.strerror(errno.EINVAL))
        try:
            content = files.read(self.path, most=LARGEST)
            read = json.loads(content)
            return {str(name): int(number) for name, number in read["tries"].items()}
        except errors.FileMissing:
            return {}
        except errors.FileUnreadable as error:
            detail = error.facts["detail"]
            raise TriesUnreadable(path=str(self.path), detail=detail) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TriesUnreadable.from_cause(error, path=str(self.path)) from error

    def _write(self, tries: Mapping[str, int]) -> None:
        document = {"schema": SCHEMA, "tries": dict(sorted(tries.items()))}
        files.write_private(self.path, json.dumps(document, indent=1).encode())

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Nobody else writes; whatever keeps us from writing is TriesUnwritable."""
        lock = self.path.with_name(f"{self.path.name}.lock")
        try:
            files.private_folder(self.path.parent)
            with files.lock(lock, "sign", wait=WAIT):
                yield
        except (errors.OutputUnwritable, errors.DiskFull, errors.AlreadyRunning) as error:
            detail = error.facts.get("detail", error.code)
            raise TriesUnwritable(path=str(self.path), detail=detail) from error


def _highest(tries: Mapping[str, int], certificates: Iterable[str]) -> int:
    return max((tries.get(certificate, 0) for certificate in certificates), default=0)
