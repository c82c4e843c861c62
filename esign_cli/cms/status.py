"""The revocation of every certificate on a path, from the anchor down, and what tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from esign_cli import certificate
from esign_cli.cms.verification import Evidence, Finding, Sub, Warned
from esign_cli.pki import crl_ocsp
from esign_cli.pki.crl import Answer, Datum, Freshness
from esign_cli.pki.fetching import Fetch

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
class Case:
    """What is asked of every path."""

    data: tuple[Datum, ...]
    at: datetime
    today: datetime
    freshness: Freshness
    fetch: Fetch | None = None
    out_of_time: Callable[[], bool] = lambda: False
    fetched: dict[bytes, tuple[Datum, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it."""

    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]
    warnings: tuple[Warned, ...]


def revocation(path: tuple[bytes, ...], case: Case, *, may_fetch: bool) -> Told:
    """The status of every certificate below the anchor; data are fetched only if they may be."""
    findings: list[Finding] = []
    evidence: list[Evidence] = []
    warned: list[Warned] = []
    until = certificate.parse(path[0]).not_after
    for issuer, der in pairwise(path):
        facts = certificate.parse(der)
        if case.out_of_time():
            bad = Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE
            findings.append(Finding("revocation", "out-of-time", bad))
            break
        known = _Known(der, issuer, until, facts.not_after, leaf=der == path[-1])
        code, answer = _told(known, case, case.fetch if may_fetch else None)
        if answer is not None:
            evidence.append(_evidence(facts.holder, answer))
        findings.append(_status(code, answer, facts.holder, case))
        if code in _WANTING:
            warned += [Warned("not-fetched", (("address", a),)) for a in certificate.addresses(der)]
        ends = answer.revoked_at if answer is not None and code == "revoked-after" else None
        until = min(facts.not_after, ends or facts.not_after)
    return Told(tuple(findings), tuple(evidence), tuple(warned))


_WANTING = ("none", "stale", "not-fresh")
_WORTH_FETCHING = (*_WANTING, "weak", "unknown")


@dataclass(frozen=True, slots=True)
class _Known:
    """A certificate on a path, and until when its issuer's key vouches for anything."""

    der: bytes
    issuer: bytes
    until: datetime
    ended: datetime
    leaf: bool


def _told(known: _Known, case: Case, fetching: Fetch | None) -> tuple[str, Answer | None]:
    """What holds for the certificate, by what is at hand or else by what can be fetched."""
    code, answer = _at_hand(known, case, case.data)
    if fetching is None or code not in _WORTH_FETCHING:
        return code, answer
    if known.der not in case.fetched:
        asked = case.freshness if known.leaf else crl_ocsp.ANY
        case.fetched[known.der] = tuple(fetching(known.der, known.issuer, asked, case.today))
    return _at_hand(known, case, (*case.data, *case.fetched[known.der]))


def _at_hand(known: _Known, case: Case, data: Sequence[Datum]) -> tuple[str, Answer | None]:
    return crl_ocsp.judge(
        crl_ocsp.answers(known.der, known.issuer, data, until=known.until),
        case.at,
        today=case.today,
        ended=known.ended,
        authority=not known.leaf,
        freshness=case.freshness if known.leaf else crl_ocsp.ANY,
    )


def _evidence(holder: str, answer: Answer) -> Evidence:
    return Evidence(holder, answer.source, answer.this_update, answer.next_update)


def _status(code: str, answer: Answer | None, holder: str, case: Case) -> Finding:
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
