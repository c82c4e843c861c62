"""CRLs and OCSP answers from the addresses that certificates name, with a cache on disk.

Everything fetched is signed and judged afterwards; what is kept here is neither trusted nor secret.
A kept datum is used while it is current and no newer one is asked for. Kept is only what tells of
the certificate on its issuer's word: a lie is not believed longer than the server tells it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from esign_cli.foundation import files, http_client, own_files
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.network import HttpFailed, HttpStatusBad
from esign_cli.signatures.pki import crl_ocsp
from esign_cli.signatures.pki.crl import Freshness, RevocationData
from esign_cli.signatures.pki.retrieval import Span, addresses, crl_span, ocsp_request, ocsp_span

MOST_SECONDS = 120.0
"""What all the fetching of one run may take."""
LARGEST_CRL, LARGEST_OCSP = 64 << 20, 1 << 20
KEPT_DAYS = 60
_OK = 200
_SPANS = {"crl": crl_span, "ocsp": ocsp_span}
_PEM = re.compile(rb"\s*-----BEGIN X509 CRL-----(.*?)-----END X509 CRL-----\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for, and from which time it has to be."""

    source: str
    certificate: bytes
    issuer: bytes
    freshness: Freshness
    now: datetime

    def span(self, der: bytes) -> Span | None:
        return _SPANS[self.source](der)

    def told_by(self, der: bytes) -> bool:
        """Return whether the datum tells of the certificate, on its issuer's word."""
        datum = RevocationData(self.source, der, self.now)
        return bool(crl_ocsp.answers(self.certificate, self.issuer, [datum]))

    def served_by(self, der: bytes) -> bool:
        """Return whether a kept datum does, is current and not older than what is asked for."""
        span, since = self.span(der), self.freshness.since
        if span is None or span[1] is None or not span[0] <= self.now <= span[1]:
            return False
        return (since is None or span[0] >= since) and self.told_by(der)


@dataclass
class Fetcher:
    """Fetches within limits; what cannot be had stands in `problems` and is not tried again."""

    cache: Path
    allow_private: bool = False
    proxy: str = ""
    """As the settings have it: empty is the system's."""
    seconds: float = 30
    problems: list[EsignError] = field(default_factory=list)
    _failed: set[str] = field(default_factory=set)
    _spent: float = 0.0

    def __call__(
        self, certificate: bytes, issuer: bytes, freshness: Freshness, now: datetime
    ) -> Sequence[RevocationData]:
        """OCSP first, which is small; a CRL where that does not settle it or is what is wanted."""
        crls, answers = addresses(certificate)
        fetched: list[RevocationData] = []
        request = ocsp_request(certificate, issuer) if answers else None
        if request and freshness.source != "crl":
            wanted = _Wanted("ocsp", certificate, issuer, freshness, now)
            fetched += self._ocsp(answers, request, wanted)
        if self._settled(certificate, issuer, fetched, freshness, now):
            return tuple(fetched)
        return (*fetched, *self._crl(crls, _Wanted("crl", certificate, issuer, freshness, now)))

    @staticmethod
    def _settled(
        certificate: bytes,
        issuer: bytes,
        data: Sequence[RevocationData],
        freshness: Freshness,
        now: datetime,
    ) -> bool:
        known = crl_ocsp.answers(certificate, issuer, data)
        code, _answer = crl_ocsp.validate(known, now, freshness=freshness)
        return code in ("good", "revoked", "suspended")

    def _ocsp(
        self, urls: Sequence[str], request: bytes, wanted: _Wanted
    ) -> Iterator[RevocationData]:
        headers = {
            "content-type": "application/ocsp-request",
            "accept": "application/ocsp-response",
        }
        for url in urls:
            key = hashlib.sha256(url.encode() + b"\n" + request).hexdigest() + ".ocsp"

            def ask(url: str = url) -> bytes:
                return self._answer("POST", url, LARGEST_OCSP, headers, request)

            if got := self._got(url, key, ask, wanted):
                yield RevocationData("ocsp", got, wanted.now)
                return

    def _crl(self, urls: Sequence[str], wanted: _Wanted) -> Iterator[RevocationData]:
        for url in urls:
            key = hashlib.sha256(url.encode()).hexdigest() + ".crl"

            def ask(url: str = url) -> bytes:
                return _der(self._answer("GET", url, LARGEST_CRL, {}, None))

            if got := self._got(url, key, ask, wanted):
                yield RevocationData("crl", got, wanted.now)
                return

    def _got(self, url: str, key: str, ask: Callable[[], bytes], wanted: _Wanted) -> bytes | None:
        """From the cache if that is fresh enough, else fetched; of old use, what was kept."""
        cached = self._kept(key)
        if cached and wanted.served_by(cached):
            return cached
        if url in self._failed or self._spent > MOST_SECONDS:
            return cached
        begun = time.monotonic()
        try:
            body = ask()
            if wanted.span(body) is None:
                raise HttpFailed(
                    url=http_client.shown(url), problem="not-revocation-data", detail=""
                )
        except EsignError as error:
            self._failed.add(url)
            self.problems.append(error)
            return cached
        finally:
            self._spent += time.monotonic() - begun
        if wanted.told_by(body):
            self._keep(key, body)
            return body
        return cached or body

    def _answer(
        self, method: str, url: str, most: int, headers: dict[str, str], body: bytes | None
    ) -> bytes:
        response = http_client.request(
            method,
            url,
            headers=headers,
            body=body,
            limits=http_client.Limits(self.seconds, most),
            allow_private=self.allow_private,
            proxy=http_client.proxy_for(url, self.proxy),
        )
        if response.status != _OK:
            raise HttpStatusBad(url=http_client.shown(url), status=response.status)
        return response.body

    # --- the cache -------------------------------------------------------------------------------

    def _kept(self, key: str) -> bytes | None:
        try:
            return own_files.read(self.cache / key)
        except EsignError:
            return None

    def _keep(self, key: str, body: bytes) -> None:
        """Keep it for the next time; where that cannot be done, it is fetched again then."""
        with contextlib.suppress(EsignError, OSError):
            files.private_folder(self.cache)
            files.write_private(self.cache / key, body)
            oldest = time.time() - KEPT_DAYS * 86400
            for path in self.cache.iterdir():
                if path.suffix in (".crl", ".ocsp") and path.stat().st_mtime < oldest:
                    path.unlink(missing_ok=True)


def _der(body: bytes) -> bytes:
    """A CRL in DER, also from one that is served as PEM."""
    armour = _PEM.fullmatch(body)
    return base64.b64decode(armour[1]) if armour else body
