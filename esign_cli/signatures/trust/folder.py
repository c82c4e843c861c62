"""The trust store: a folder of certificates, and the list of the roots that were accepted.

A root that only lies in the folder is not trusted: its fingerprint has to stand in the list, which
is written when the administrator accepts it. Sub-CAs need no list; they count by their chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from esign_cli.foundation import files, own_files, ownership
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors.signatures import TrustUnreadable
from esign_cli.signatures import certificate
from esign_cli.signatures.trust.anchors import Trust, certificates, self_signed, signed_by

ENDINGS = frozenset({".der", ".cer", ".crt", ".pem"})
ACCEPTED = "accepted-roots.txt"
_HEADER = "# The roots that were accepted: SHA-256 fingerprint, day. Written by `esign trust`.\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate in the folder."""

    certificate: Certificate
    path: Path
    root: bool
    accepted_on: date | None
    """Of a root: when it was accepted; None: it is not trusted."""


@dataclass(frozen=True, slots=True)
class TrustFolder:
    """The trust store in `folder`, which need not be there yet."""

    folder: Path

    def trust(self) -> Trust:
        """Return the accepted roots, and every other certificate that is no root; as `entries`
        raises.
        """
        entries = self.entries()
        roots = (e.certificate.der for e in entries if e.accepted_on is not None)
        subs = (e.certificate.der for e in entries if not e.root)
        return Trust(tuple(dict.fromkeys(roots)), tuple(dict.fromkeys(subs)))

    def entries(self) -> Sequence[Entry]:
        """Return what lies in the folder, by file name; raises TrustUnreadable and
        FileUnreadable.
        """
        if not self.folder.is_dir():
            return ()
        ownership.check_own(self.folder)
        accepted = self.accepted()
        return [self._entry(path, der, accepted) for path, der in self._all()]

    def accepted(self) -> dict[str, date]:
        """Return SHA-256 in lower-case hexadecimal of the accepted roots; raises
        TrustUnreadable.
        """
        path = self.folder / ACCEPTED
        if not path.exists():
            return {}
        ownership.check_own(path)
        try:
            lines = own_files.read(path).decode().splitlines()
            words = [line.split() for line in lines if line.strip() and line[0] != "#"]
            return {sha256: date.fromisoformat(day) for sha256, day in words}
        except ValueError as error:
            raise TrustUnreadable(path=str(path), detail=str(error)) from error

    def accept(self, der: bytes, on: date) -> None:
        """Trust this root from now on; raises OutputUnwritable or DiskFull."""
        self.keep(der)
        self._write_accepted(self.accepted() | {certificate.parse(der).sha256: on})

    def keep(self, der: bytes) -> None:
        """Have the certificate in the folder, under its fingerprint."""
        files.private_folder(self.folder)
        files.write_private(self._own(der), der)

    def remove(self, fingerprints: Iterable[str]) -> None:
        """Take certificates out: first from the list, then from the folder.

        What lies in one file with others is parted from them.
        """
        gone = set(fingerprints)
        accepted = self.accepted()
        if gone & accepted.keys():
            self._write_accepted({s: day for s, day in accepted.items() if s not in gone})
        for path in {entry.path for entry in self.entries() if entry.certificate.sha256 in gone}:
            for der in certificates(path):
                if path != self._own(der) and certificate.parse(der).sha256 not in gone:
                    self.keep(der)
            path.unlink(missing_ok=True)

    def _all(self) -> Iterator[tuple[Path, bytes]]:
        for path in sorted(self.folder.iterdir()):
            if path.suffix.lower() in ENDINGS and path.is_file():  # no pipe is waited for
                yield from ((path, der) for der in certificates(path))

    def _entry(self, path: Path, der: bytes, accepted: dict[str, date]) -> Entry:
        parsed = certificate.parse(der)
        root = self_signed(der)
        return Entry(parsed, path, root, accepted.get(parsed.sha256) if root else None)

    def _own(self, der: bytes) -> Path:
        return self.folder / f"{certificate.parse(der).sha256}.cer"

    def _write_accepted(self, accepted: dict[str, date]) -> None:
        lines = [f"{sha256} {day.isoformat()}\n" for sha256, day in accepted.items()]
        content = (_HEADER + "".join(lines)).encode()
        files.write_private(self.folder / ACCEPTED, content)


def chained(trust: Trust, candidates: Iterable[bytes], *, strong: bool = True) -> list[bytes]:
    """Return those of the candidates that are authorities and lead to an anchor, through each other
    too.

    A signature by a weak algorithm is no chain, unless weak ones are asked for too (RFC 5280 6.1;
    names and signatures only: whether a certificate was valid is judged when a signature is).
    """
    waiting = [der for der in dict.fromkeys(candidates) if certificate.parse(der).of_authority]
    known = [*trust.anchors]
    chain: list[bytes] = []
    while True:
        new = [d for d in waiting if any(signed_by(d, issuer, strong=strong) for issuer in known)]
        if not new:
            return chain
        chain += new
        known = new
        waiting = [der for der in waiting if der not in new]


def from_folder(folder: Path) -> Trust:
    """Return what the trust store in `folder` trusts; raises as `TrustFolder.entries`."""
    return TrustFolder(folder).trust()
