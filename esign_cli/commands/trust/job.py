"""The trust store: accept roots by their fingerprint, add sub-CAs that lead to them, take out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import signatures as errors
from esign_cli.outputs.json_data import pick
from esign_cli.signatures import certificate
from esign_cli.signatures.trust import Trust, TrustFolder, self_signed
from esign_cli.signatures.trust.folder import Entry, chained

KNOWN = {
    "aa466d3b528dc947c7e1dca594c0deb4a1d2b987c119125fcd7435de92a23c60": "Kamu SM v6",
    "23044f859844c23a2d082e518627fe8d69f5b21a7f7af30ce204434c4055387d": "Kamu SM v7",
}
"""Roots of which several public copies agree; Kamu SM itself did not confirm them to us."""
SHORTEST_FINGERPRINT = 8
"""Hexadecimal digits that are enough to take a certificate out by, if no other begins so."""
_WHOLE_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of the certificates of a file."""

    accepted: tuple[Certificate, ...] = ()
    """Roots that are trusted from now on."""
    added: tuple[Certificate, ...] = ()
    """Sub-CAs that lead to an accepted root."""
    there: tuple[Certificate, ...] = ()
    """They were in the store already."""
    not_accepted: tuple[Certificate, ...] = ()
    """Roots whose fingerprint nobody accepted: left out."""
    unchained: tuple[Certificate, ...] = ()
    """They are no authority, or lead to no accepted root: left out."""
    weak: tuple[Certificate, ...] = ()
    """Sub-CAs signed by SHA-1 or the like, below which nothing is valid: left out."""
    expired: tuple[Certificate, ...] = ()
    """Accepted roots that have ended: what follows them has to be accepted."""

    @property
    def nothing(self) -> bool:
        """Whether no certificate of the file is trusted."""
        return not (self.accepted or self.added or self.there)


def fingerprint(given: str) -> str:
    """Return the whole SHA-256, spaces and colons allowed; raises BadFingerprint."""
    digits = re.sub(r"[\s:]", "", given).lower()
    if not _WHOLE_FINGERPRINT.fullmatch(digits):
        raise errors.BadFingerprint(given=given)
    return digits


def add(
    store: TrustFolder,
    certificates: Iterable[bytes],
    wanted: Iterable[str],
    ask: Callable[[Sequence[Certificate]], str],
    today: date,
) -> Changed:
    """Trust the roots among `certificates` whose fingerprint is wanted, and the sub-CAs below them.

    `ask` is shown the roots that nobody accepted yet, when no fingerprint is wanted beforehand,
    and gives the one to accept. Raises BadFingerprint, FingerprintNotFound, and whatever `ask` and
    the disk raise; then nothing was added.
    """
    ders = list(dict.fromkeys(certificates))
    accepted = store.accepted()
    roots = [certificate.parse(der) for der in ders if self_signed(der)]
    new = [root for root in roots if root.sha256 not in accepted]
    right = {fingerprint(given) for given in wanted}
    if not right and new:
        right = {fingerprint(ask(new))}
    known = {root.sha256 for root in roots}
    for given in sorted(right - known):
        raise errors.FingerprintNotFound(given=given, found=sorted(known))
    trusted = [root for root in new if root.sha256 in right]
    for root in trusted:
        store.accept(root.der, today)
    rest = _subs(store, ders, today)
    there = (*(root for root in roots if root.sha256 in accepted), *rest.there)
    return replace(rest, accepted=tuple(trusted), there=there)


def update(store: TrustFolder, find: Callable[[], Iterable[bytes]], today: date) -> Changed:
    """Add the sub-CAs that `find` gives and that lead to an accepted root; a root is never added.

    Raises NoRootAccepted before anything is looked for; then what `find` and the disk raise.
    """
    if not store.trust().anchors:
        raise errors.NoRootAccepted
    return _subs(store, list(dict.fromkeys(find())), today)


def _subs(store: TrustFolder, ders: Sequence[bytes], today: date) -> Changed:
    accepted = store.accepted()
    trust = store.trust()
    roots = [der for der in ders if self_signed(der)]
    others = [der for der in ders if der not in roots]
    there = [der for der in others if der in trust.intermediates]
    leading = chained(trust, [*trust.intermediates, *others])
    new = [der for der in others if der in leading and der not in there]
    for der in new:
        store.keep(der)
    left = [der for der in others if der not in leading and der not in there]
    led_weakly = chained(trust, [*trust.intermediates, *others], strong=False)
    weak = [der for der in left if der in led_weakly]
    unaccepted = [p for p in map(certificate.parse, roots) if p.sha256 not in accepted]
    return Changed(
        added=_parsed(new),
        there=_parsed(there),
        not_accepted=tuple(unaccepted),
        unchained=_parsed(der for der in left if der not in weak),
        weak=_parsed(weak),
        expired=tuple(r for r in map(certificate.parse, trust.anchors) if _ended(r, today)),
    )


def _ended(root: Certificate, today: date) -> bool:
    return root.not_after.astimezone(ISTANBUL).date() < today


def _parsed(ders: Iterable[bytes]) -> tuple[Certificate, ...]:
    return tuple(map(certificate.parse, ders))


# --- taking out ----------------------------------------------------------------------------------


def leaving(store: TrustFolder, given: Sequence[str]) -> tuple[Certificate, ...]:
    """Return what goes with these fingerprints: they, and sub-CAs that lead to no root without
    them.

    Raises FingerprintNotInStore.
    """
    entries = store.entries()
    named = {sha256 for one in given for sha256 in _named(entries, one)}
    trust = store.trust()
    anchors = (der for der in trust.anchors if certificate.parse(der).sha256 not in named)
    subs = [der for der in trust.intermediates if certificate.parse(der).sha256 not in named]
    still = chained(Trust(tuple(anchors)), subs)
    led = chained(trust, trust.intermediates)
    orphans = {certificate.parse(der).sha256 for der in subs if der in led and der not in still}
    unique = {entry.certificate.sha256: entry.certificate for entry in entries}
    return tuple(removed for sha256, removed in unique.items() if sha256 in named | orphans)


def _named(entries: Sequence[Entry], given: str) -> set[str]:
    digits = re.sub(r"[\s:]", "", given).lower()
    named = {e.certificate.sha256 for e in entries if e.certificate.sha256.startswith(digits)}
    if len(digits) < SHORTEST_FINGERPRINT or len(named) != 1:
        raise errors.FingerprintNotInStore(given=given)
    return named


# --- as --json prints it -------------------------------------------------------------------------


def listing(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return the store's certificates, roots first."""
    once = {entry.certificate.sha256: entry for entry in entries}
    ordered = sorted(once.values(), key=lambda e: (not e.root, e.certificate.holder))
    return [
        {
            **row(entry.certificate),
            "kind": "root" if entry.root else "sub-ca",
            "trusted": entry.accepted_on is not None if entry.root else None,
            **pick(entry, "accepted_on path"),
        }
        for entry in ordered
    ]


def row(certificate: Certificate) -> dict[str, Any]:
    """Return one certificate."""
    return {
        "holder": certificate.holder,
        **pick(certificate, "sha256 serial not_after"),
        "known_as": KNOWN.get(certificate.sha256),
    }
