"""The revocation of every certificate on a path, from the anchor down, and what tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from esign_cli.signatures import certificate
from esign_cli.signatures.cms.report import Evidence, Finding, Sub, Warned
from esign_cli.signatures.pki import crl_ocsp, tbs
from esign_cli.signatures.pki.crl import CLOCK_SKEW, Answer, Freshness, RevocationData
from esign_cli.signatures.pki.retrieval import Fetch

_REVOCATION = {
    "revoked": Sub.REVOKED_NO_POE,
    "weak": Sub.CRYPTO_CONSTRAINTS_FAILURE,
    "suspended": Sub.TRY_LATER,
    "unknown": Sub.TRY_LATER,
    "stale": Sub.TRY_LATER,
    "not-fresh": Sub.TRY_LATER,
    "preliminary": Sub.TRY_LATER,
    "none": Sub.TRY_LATER,
}
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RevocationCase:
    """What is asked of every path."""

    data: tuple[RevocationData, ...]
    at: datetime
    today: datetime
    freshness: Freshness
    fetch: Fetch | None = None
    out_of_time: Callable[[], bool] = lambda: False
    fetched: dict[bytes, tuple[RevocationData, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RevocationResult:
    """What came of it."""

    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]
    warnings: tuple[Warned, ...]


def revocation(
    path: tuple[bytes, ...], case: RevocationCase, *, may_fetch: bool
) -> RevocationResult:
    """Return the status of every certificate below the anchor; data are fetched only if they may
    be.
    """
    findings: list[Finding] = []
    evidence: list[Evidence] = []
    warned: list[Warned] = []
    keys = [_Key(path[0], certificate.parse(path[0]).not_after)]
    for der in path[1:]:
        facts = certificate.parse(der)
        if case.out_of_time():
            bad = Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE
            findings.append(Finding("revocation", "out-of-time", bad))
            break
        known = _Known(der, _of_issuer(keys), facts.not_after, leaf=der == path[-1])
        code, answer = _told(known, case, case.fetch if may_fetch else None)
        if answer is not None:
            evidence.append(_evidence(facts.holder, answer))
        findings.append(_status(code, answer, facts.holder, case))
        warned += _unused(known, case)
        if code in _WANTING:
            warned += [Warned("not-fetched", (("address", a),)) for a in certificate.addresses(der)]
        keys.append(_Key(der, _until(known, case, code, answer)))
    return RevocationResult(tuple(findings), tuple(evidence), tuple(warned))


def _unused(known: _Known, case: RevocationCase) -> list[Warned]:
    """The CRLs that were given for the certificate, and why they say nothing."""
    name = certificate.parse(known.issuer).holder
    unused = crl_ocsp.unused_crls(known.der, [key.der for key in known.keys], case.data)
    return [Warned("crl-not-used", (("issuer", name), ("because", why))) for _datum, why in unused]


_GOOD = "good"
_WANTING = ("none", "stale", "not-fresh")
_WORTH_FETCHING = (*_WANTING, "weak", "unknown")


@dataclass(frozen=True, slots=True)
class _Key:
    """A certificate above, and until when its key vouches for anything."""

    der: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class _Known:
    """A certificate on a path, and the keys of its issuer."""

    der: bytes
    keys: tuple[_Key, ...]
    """The one that signed the certificate first; the others may sign CRLs (RFC 5280 6.3.3 f)."""
    ended: datetime
    leaf: bool

    @property
    def issuer(self) -> bytes:
        return self.keys[0].der


def _of_issuer(above: Sequence[_Key]) -> tuple[_Key, ...]:
    """The last, and those before it of the same authority, which certified a key of its own."""
    name = tbs.read(above[-1].der).subject
    same = [key for key in above[:-1] if tbs.same_name(tbs.read(key.der).subject, name)]
    return (above[-1], *same)


def _told(known: _Known, case: RevocationCase, fetching: Fetch | None) -> tuple[str, Answer | None]:
    """What holds for the certificate, by what is at hand or else by what can be fetched.

    Data that came with the signature may have been chosen to hide a later revocation: where they
    are older than the proven time, or speak of a sub-CA, which vouches for other data until today,
    newer ones are asked for; without any, they still count.
    """
    code, answer = _at_hand(known, case, case.data, authority=False)
    doubtful = answer is not None and answer.embedded and _may_hide(answer, known, case)
    if fetching is None or not (doubtful or code in _WORTH_FETCHING):
        return _at_hand(known, case, case.data, authority=not known.leaf)
    if known.der not in case.fetched:
        asked = _asked(known, case, answer if doubtful else None)
        case.fetched[known.der] = tuple(fetching(known.der, known.issuer, asked, case.today))
    data = (*case.data, *case.fetched[known.der])
    return _at_hand(known, case, data, authority=not known.leaf)


def vouches_until(
    not_after: datetime, code: str, answer: Answer | None, freshness: Freshness = crl_ocsp.ANY
) -> datetime:
    """Return until when a certificate's key is known to have been its owner's alone.

    What it signed counts if it is proven to be older than this (EN 319 102-1 5.6.2). Where the data
    inside decide for a time stamp's time, they decide for one another too, after they ran out.
    """
    if answer is None:
        return not_after
    if code == "revoked-after":
        return min(not_after, answer.revoked_at or not_after)
    if answer.embedded and freshness.inside_for is not None:
        return not_after
    return min(not_after, answer.until + CLOCK_SKEW)


def _until(known: _Known, case: RevocationCase, code: str, answer: Answer | None) -> datetime:
    """Until when the key vouches; newer data that say the same take nothing from those inside."""
    until = vouches_until(known.ended, code, answer, case.freshness)
    inside = [datum for datum in case.data if datum.embedded]
    if code != _GOOD or case.freshness.inside_for is None or not inside:
        return until
    older = _at_hand(known, case, inside, authority=not known.leaf)
    if older[0] != _GOOD:
        return until
    return max(until, vouches_until(known.ended, *older, case.freshness))


def _may_hide(answer: Answer, known: _Known, case: RevocationCase) -> bool:
    return answer.this_update < case.at or not known.leaf


def _asked(known: _Known, case: RevocationCase, older: Answer | None) -> Freshness:
    """What is asked of the servers: newer data than the doubtful ones, if these are the reason."""
    freshness = _freshness(known, case)
    if freshness.since is not None or older is None:
        return freshness
    return replace(freshness, since=older.this_update + timedelta(seconds=1))


def _at_hand(
    known: _Known, case: RevocationCase, data: Sequence[RevocationData], *, authority: bool
) -> tuple[str, Answer | None]:
    lists = [datum for datum in data if datum.source == "crl"]
    return crl_ocsp.validate(
        [
            answer
            for key in known.keys
            for answer in crl_ocsp.answers(
                known.der, key.der, data if key is known.keys[0] else lists, until=key.until
            )
        ],
        case.at,
        today=case.today,
        ended=known.ended,
        authority=authority,
        freshness=_freshness(known, case),
    )


def _freshness(known: _Known, case: RevocationCase) -> Freshness:
    """What is asked of the data on this certificate: the profile's rules are for the leaf's."""
    return case.freshness if known.leaf else Freshness(inside_for=case.freshness.inside_for)


def _evidence(holder: str, answer: Answer) -> Evidence:
    return Evidence(holder, answer.source, answer.this_update, answer.next_update)


def _status(code: str, answer: Answer | None, holder: str, case: RevocationCase) -> Finding:
    facts: Facts = (("certificate", holder),)
    if answer is not None:
        facts += _statement(answer)
    if code in ("preliminary", "not-fresh") and case.freshness.since is not None:
        facts += (("since", case.freshness.since.isoformat()),)
    return Finding("revocation", code, _REVOCATION.get(code), facts)


def _statement(answer: Answer) -> Facts:
    facts: Facts = (("source", answer.source), ("this_update", answer.this_update.isoformat()))
    if answer.next_update is not None:
        facts += (("next_update", answer.next_update.isoformat()),)
    if answer.revoked_at is not None:
        facts += (("revoked_at", answer.revoked_at.isoformat()), ("reason", answer.reason))
    return facts
