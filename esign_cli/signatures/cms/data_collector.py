"""The certificates and revocation data that a signature stands on, fetched where they are missing.

A DataCollector is a PathValidator around another: it fetches only for certificates of a path that
the other one found, so nobody but an anchor's own descendants can make it call an address. What it
was asked tells afterwards what a long-term signature has to keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors.signatures import NewerDataNeeded, NotCleared, NoTrustedPath
from esign_cli.signatures import certificate as certificates
from esign_cli.signatures.cms.report import Finding, PathAnswer, PathValidator, Sub
from esign_cli.signatures.cms.status import vouches_until
from esign_cli.signatures.pki import crl_ocsp
from esign_cli.signatures.pki.crl import Answer, Freshness, RevocationData
from esign_cli.signatures.pki.retrieval import Fetch

_SETTLED = frozenset({"good", "revoked-after"})
"""What revocation data have to say of a certificate that is to be relied on."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_UNSETTLED = (Sub.TRY_LATER, Sub.CRYPTO_CONSTRAINTS_FAILURE)


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """A certificate that somebody's signature was judged by, and what was answered."""

    certificate: bytes
    at: datetime
    today: datetime
    freshness: Freshness
    data: tuple[RevocationData, ...]
    answer: PathAnswer

    @property
    def wanted(self) -> Freshness:
        """What is asked of data that are put in: none that had run out when they were looked at."""
        return replace(self.freshness, inside_for=None)

    @property
    def authorities(self) -> tuple[bytes, ...]:
        """The path from the issuer up to the anchor."""
        return tuple(reversed(self.answer.path[:-1]))


@dataclass(frozen=True, slots=True)
class RevocationProof:
    """A certificate with the data by which it was not revoked."""

    certificate: bytes
    data: tuple[RevocationData, ...]
    until: datetime
    """How long its key vouches by them for what it signed."""


@dataclass
class DataCollector:
    """A PathValidator that fetches what the one inside it lacks, and remembers what was asked."""

    inner: PathValidator
    fetch: Fetch | None
    asked: list[PathQuestion] = field(default_factory=list)
    _fetched: dict[tuple[bytes, bytes, Freshness], tuple[RevocationData, ...]] = field(
        default_factory=dict
    )

    def validate(
        self,
        certificate: bytes,
        *,
        embedded: Sequence[bytes],
        data: Sequence[RevocationData],
        at: datetime,
        today: datetime,
        freshness: Freshness,
    ) -> PathAnswer:
        """Return the inner validator's answer, with what is at hand and then with what came."""

        def ask(known: Sequence[RevocationData]) -> PathAnswer:
            return self.inner.validate(
                certificate, embedded=embedded, data=known, at=at, today=today, freshness=freshness
            )

        known = tuple(data)
        answer = ask(known)
        doubt = at if any(datum.embedded for datum in known) else None
        for doubted in (doubt, None):  # what came on an authority may leave a signer's data void
            more = [
                datum
                for issuer, der, older in _unsettled(answer, doubted)
                for datum in self._get(
                    der,
                    issuer,
                    _newer(freshness if der == certificate else crl_ocsp.ANY, older),
                    today,
                )
                if datum not in known
            ]
            if not more:
                break
            known = (*known, *more)
            answer = ask(known)
        self.asked.append(PathQuestion(certificate, at, today, freshness, known, answer))
        return answer

    def of(self, certificate: bytes) -> PathQuestion | None:
        """Return the last question about this certificate; None: there was none."""
        return next((a for a in reversed(self.asked) if a.certificate == certificate), None)

    def cleared(self, asked: PathQuestion) -> list[RevocationProof]:
        """Return what clears each certificate below the anchor, from the signer's up.

        What one certificate is cleared by already lies in the signature, or is fetched. Raises
        NotCleared where nothing does, and NoPath.
        """
        if not asked.answer.path:
            raise NoTrustedPath(holder=certificates.parse(asked.certificate).holder)
        proofs: list[RevocationProof] = []
        until = certificates.parse(asked.answer.path[0]).not_after
        for issuer, der in pairwise(asked.answer.path):
            one = self._clear(der, issuer, asked, until)
            proofs.insert(0, one)
            until = one.until
        return proofs

    def _clear(
        self, der: bytes, issuer: bytes, asked: PathQuestion, until: datetime
    ) -> RevocationProof:
        """An authority is cleared by the newest there is: what it signed counts as long as that."""
        leaf = der == asked.certificate
        freshness = asked.wanted if leaf else crl_ocsp.ANY
        more = self._get(der, issuer, freshness, asked.today)
        every = (*asked.data, *more)
        for data in (asked.data, more) if leaf else (every,):
            for few in _few(_newest_first(der, issuer, data), freshness):
                code, answer = _told(der, issuer, few, asked, until)
                if code in _SETTLED:
                    ended = certificates.parse(der).not_after
                    return RevocationProof(der, few, vouches_until(ended, code, answer))
        code, newest = _told(der, issuer, every, asked, until)
        holder = certificates.parse(der).holder
        if code == "not-fresh" and newest is not None and newest.next_update is not None:
            since = newest.next_update.astimezone(ISTANBUL).isoformat()
            raise NewerDataNeeded(holder=holder, because=code, since=since)
        raise NotCleared(holder=holder, because=code)

    def _get(
        self, der: bytes, issuer: bytes, freshness: Freshness, today: datetime
    ) -> tuple[RevocationData, ...]:
        key = (der, issuer, freshness)
        if key not in self._fetched:
            self._fetched[key] = tuple(
                self.fetch(der, issuer, freshness, today) if self.fetch else ()
            )
        return self._fetched[key]


def _unsettled(
    answer: PathAnswer, doubt: datetime | None
) -> Iterator[tuple[bytes, bytes, datetime | None]]:
    """Issuer and certificate of each step of the path that data are missing for.

    With `doubt` (the proven time) also where the data that came along may hide a later revocation
    (`cms.status`): then with their time.
    """
    revocation = [finding for finding in answer.findings if finding.check == "revocation"]
    for (issuer, der), finding in zip(pairwise(answer.path), revocation, strict=False):
        older = _doubtful(finding, doubt, leaf=der == answer.path[-1]) if doubt else None
        if finding.sub in _UNSETTLED:
            yield issuer, der, None
        elif older is not None and finding.sub is None:
            yield issuer, der, older


def _doubtful(finding: Finding, at: datetime, *, leaf: bool) -> datetime | None:
    """When the data were issued that may hide something; None: they do not.

    An authority vouches for other data, so that it matters what became of it until now.
    """
    facts = dict(finding.facts)
    if "this_update" not in facts:
        return None
    issued = datetime.fromisoformat(facts["this_update"])
    return issued if issued < at or not leaf else None


def _newer(freshness: Freshness, older: datetime | None) -> Freshness:
    """What is asked of the servers: newer data than the doubtful ones, if these are the reason."""
    if older is None or freshness.since is not None:
        return freshness
    return replace(freshness, since=older + timedelta(seconds=1))


def _newest_first(
    der: bytes, issuer: bytes, data: Sequence[RevocationData]
) -> list[RevocationData]:
    """The longer an authority is cleared, the longer what it signed counts."""

    def issued(datum: RevocationData) -> datetime:
        times = (answer.this_update for answer in crl_ocsp.answers(der, issuer, [datum]))
        return max(times, default=_NEVER)

    return sorted(data, key=issued, reverse=True)


def _few(
    data: Sequence[RevocationData], freshness: Freshness
) -> Iterator[tuple[RevocationData, ...]]:
    """Single data, the kind that is wanted first; then an OCSP answer with a CRL beside it.

    The CRL may clear the responder.
    """
    wanted = [d for d in data if d.source == (freshness.source or "ocsp")]
    others = [d for d in data if d not in wanted]
    yield from ((datum,) for datum in (*wanted, *others))
    answers = [d for d in data if d.source == "ocsp"]
    yield from ((answer, d) for answer in answers for d in data if d.source == "crl")


def _told(
    der: bytes, issuer: bytes, data: Sequence[RevocationData], asked: PathQuestion, until: datetime
) -> tuple[str, Answer | None]:
    """What these data say of one certificate, by the rules of verifying."""
    leaf = der == asked.certificate
    return crl_ocsp.validate(
        crl_ocsp.answers(der, issuer, data, until=until),
        asked.at,
        today=asked.today,
        ended=certificates.parse(der).not_after,
        authority=not leaf,
        freshness=asked.wanted if leaf else crl_ocsp.ANY,
    )
