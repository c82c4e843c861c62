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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from esign_cli.foundation import files, locations, locks
from esign_cli.foundation.errors import environment as errors
from esign_cli.foundation.errors.cards import TriesUnreadable, TriesUnwritable

SCHEMA = "esign.pin-tries/1"
WAIT = 5.0
"""Seconds that one waits for another who is writing."""
LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class News:
    """What the desks that share a roster have not been told of a certificate yet."""

    succeeded: bool
    """Whether the card has said yes since; its count begins anew."""
    tries: int
    """How many more there were; less than none where a try turned out to be needless."""


class TriesOfDesks(Protocol):
    """What desks that share a roster know of tries, while they can be reached."""

    def exchange(self, news: Mapping[str, News]) -> Mapping[str, int] | None:
        """Tell the news of certificates; gives how many tries each has had on all desks.

        None where nobody answers in time, or nothing may be told: it never raises.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands in the file."""

    tries: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    """How many of them the other desks know."""
    succeeded: frozenset[str] = frozenset()
    """Whose success they do not know."""

    def news(self, certificates: Iterable[str]) -> dict[str, News]:
        return {
            one: News(one in self.succeeded, self.tries.get(one, 0) - self.told.get(one, 0))
            for one in certificates
        }

    def with_counts(self, counts: Mapping[str, int]) -> _Known:
        return replace(self, tries={**self.tries, **counts})

    def agreed(self, counts: Mapping[str, int]) -> _Known:
        told = {**self.told, **counts}
        return _Known({**self.tries, **counts}, told, self.succeeded - counts.keys())

    def after_success(self, certificates: Iterable[str], *, shared: bool) -> _Known:
        asked = set(certificates)
        unknown_there = asked if shared else asked & self.told.keys()
        rest = self.without(asked)
        return replace(rest, succeeded=self.succeeded | unknown_there)

    def without(self, certificates: set[str]) -> _Known:
        return _Known(
            {c: n for c, n in self.tries.items() if c not in certificates},
            {c: n for c, n in self.told.items() if c not in certificates},
            self.succeeded - certificates,
        )


@dataclass(frozen=True, slots=True)
class TryRecord:
    """The file with the tries; one that is not there says that there were none.

    With `desks` they hear of each try after it is on the disk, and what they know counts here too.
    """

    path: Path
    desks: TriesOfDesks | None = None

    @classmethod
    def of_user(cls, desks: TriesOfDesks | None = None) -> TryRecord:
        """Return the record that `esign` keeps for this user."""
        return cls(locations.pin_tries_file(), desks)

    def count(self, certificates: Iterable[str]) -> int:
        """Return the most tries that any of these certificates (SHA-256, hexadecimal) had since a
        success.

        Raises TriesUnreadable.
        """
        asked = tuple(certificates)
        self._share(asked)
        return _highest(self._read().tries, asked)

    def most(self) -> int:
        """Return the most tries that any certificate had: of a card that could not be read whole
        nobody can tell which it is. Raises TriesUnreadable.
        """
        return max(self._read().tries.values(), default=0)

    def note(self, certificates: Iterable[str]) -> int:
        """Count one more try for all of them; it is on the disk when this returns.

        Gives how many there were before. Raises TriesUnwritable, TriesUnreadable: then no PIN may
        be sent.
        """
        asked = tuple(certificates)
        with self._held():
            known = self._read()
            before = _highest(known.tries, asked)
            self._write(known.with_counts(dict.fromkeys(asked, before + 1)))
        self._share(asked)
        return max(before, _highest(self._read().tries, asked) - 1)

    def put(self, certificates: Iterable[str], count: int) -> None:
        """Say how many tries these certificates have had: none after a card's yes."""
        asked = tuple(certificates)
        with self._held():
            known = self._read()
            if count:
                known = known.with_counts(dict.fromkeys(asked, count))
            else:
                known = known.after_success(asked, shared=self.desks is not None)
            self._write(known)
        self._share(asked)

    def drop(self, certificates: Iterable[str]) -> None:
        """Forget these certificates; raises TriesUnwritable, TriesUnreadable."""
        if files.exists(self.path):
            with self._held():
                self._write(self._read().without(set(certificates)))

    def _share(self, certificates: tuple[str, ...]) -> None:
        """Tell the other desks, and hear them; what does not succeed is told with the next try."""
        if self.desks is None or not certificates:
            return
        with suppress(TriesUnwritable, TriesUnreadable), self._held():
            known = self._read()
            counts = self.desks.exchange(known.news(certificates))
            if counts is not None and (agreed := known.agreed(counts)) != known:
                self._write(agreed)

    def _read(self) -> _Known:
        odd = os.path.exists(self.path) and not files.is_file(self.path)  # noqa: PTH110  (never raises)
        if odd:  # a pipe would be waited for
            raise TriesUnreadable(path=str(self.path), detail=os.strerror(errno.EINVAL))
        try:
            read = json.loads(files.read(self.path, most=LARGEST))
            return _Known(
                {str(name): int(number) for name, number in read["tries"].items()},
                {str(name): int(number) for name, number in read.get("told", {}).items()},
                frozenset(map(str, read.get("succeeded", ()))),
            )
        except errors.FileMissing:
            return _Known()
        except errors.FileUnreadable as error:
            detail = error.facts["detail"]
            raise TriesUnreadable(path=str(self.path), detail=detail) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TriesUnreadable.from_cause(error, path=str(self.path)) from error

    def _write(self, known: _Known) -> None:
        document: dict[str, Any] = {"schema": SCHEMA, "tries": dict(sorted(known.tries.items()))}
        if known.told:
            document["told"] = dict(sorted(known.told.items()))
        if known.succeeded:
            document["succeeded"] = sorted(known.succeeded)
        files.write_private(self.path, json.dumps(document, indent=1).encode())

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Nobody else writes; whatever keeps us from writing is TriesUnwritable."""
        lock = self.path.with_name(f"{self.path.name}.lock")
        try:
            files.private_folder(self.path.parent)
            with locks.lock(lock, "sign", wait=WAIT):
                yield
        except (errors.OutputUnwritable, errors.DiskFull, errors.AlreadyRunning) as error:
            detail = error.facts.get("detail", error.code)
            raise TriesUnwritable(path=str(self.path), detail=detail) from error


def _highest(tries: Mapping[str, int], certificates: Iterable[str]) -> int:
    return max((tries.get(certificate, 0) for certificate in certificates), default=0)
