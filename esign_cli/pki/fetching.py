"""What fetches revocation data for a certificate, as the core is handed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from esign_cli.pki.crl import Datum, Freshness


class Fetch(Protocol):
    """Gets CRLs and OCSP answers from the addresses that a certificate itself names."""

    def __call__(
        self, certificate: bytes, issuer: bytes, freshness: Freshness, now: datetime
    ) -> Sequence[Datum]:
        """What was to be had; nothing is judged, and no failure is raised.

        The certificates are DER. Data from before `freshness.since` are fetched anew even if they
        have not ended. `freshness.source` names the kind that is wanted; a CRL may come beside
        OCSP answers, since it may clear their responder.
        """
        ...
