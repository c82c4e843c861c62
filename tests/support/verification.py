"""A made-up world to verify signatures in: a CA, its services, and a validator that knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from esign_cli.commands.demo.made_up import TIME_STAMPING, MadeUpCa, Revoked, national_id, service
from esign_cli.signatures import validation as verify
from esign_cli.signatures.cms.report import PathAnswer, PathValidator, Report
from esign_cli.signatures.path_validation import PathCheck
from tests.support.long_term import Stamper
from tests.support.signatures import DAY, HOUR, Recipe

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class World:
    """A made-up CA, its revocation data and a way to ask for certificates and answers."""

    ca: MadeUpCa
    anchors: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    issued: dict = field(default_factory=dict)

    def issue(self, key="P-256", *, not_before=NOW - 30 * DAY, not_after=NOW + 900 * DAY, **more):
        wanted = (key, not_before, not_after, repr(more))
        if wanted not in self.issued:
            self.issued[wanted] = self.ca.issue(
                "ŞÜKRÜ IŞIK", national_id(1), key=key, not_before=not_before,
                not_after=not_after, **more,
            )  # fmt: skip
        return self.issued[wanted]

    def recipe(self, **changes) -> Recipe:
        return Recipe(changes.pop("issued", None) or self.issue(), NOW - 2 * HOUR, **changes)

    def stamper(self, *, not_before=NOW - 30 * DAY, not_after=NOW + 900 * DAY, ca=None,
                critical=True, purposes=(TIME_STAMPING,), **more) -> Stamper:  # fmt: skip
        """A time stamp authority below the same sub-CA (or another CA's)."""
        wanted = ("tsa", not_before, not_after, id(ca), critical, purposes)
        if wanted not in self.issued:
            self.issued[wanted] = service(
                ca or self.ca, "TSA", not_before=not_before, not_after=not_after,
                critical=critical, purposes=purposes,
            )  # fmt: skip
        return Stamper(self.issued[wanted], **more)

    def crl(self, *lines: Revoked, update=NOW - HOUR, issuer="sub") -> bytes:
        return self.ca.crl(lines, this_update=update, issuer=issuer)

    def verify(
        self, signature, *, content=None, at=NOW, now=NOW, anchors=None, crls=None, ocsps=(),
        intermediates=(), hashes=(), around=None,
    ) -> Report:  # fmt: skip
        validator = PathCheck(
            anchors=(self.ca.root,) if anchors is None else anchors,
            intermediates=intermediates,
            crls=self.crls if crls is None else crls,
            ocsps=ocsps,
        )
        return verify.verify(
            signature, content=content, validator=validator, at=at, now=now,
            policy_hashes={"sha256": hashes}, around=around,
        )  # fmt: skip


@dataclass
class Remembering:
    """A path validator that is asked the same thing once."""

    judge_once: PathValidator
    known: dict = field(default_factory=dict)

    def validate(self, certificate, *, embedded, data, at, today, freshness) -> PathAnswer:
        asked = (certificate, tuple(embedded), tuple(data), at, today, freshness)
        if asked not in self.known:
            self.known[asked] = self.judge_once.validate(
                certificate, embedded=embedded, data=data, at=at, today=today, freshness=freshness
            )
        return self.known[asked]


def made_up_world() -> World:
    ca = MadeUpCa.create(NOW)
    fresh = {"this_update": NOW - HOUR}
    return World(ca, crls=(ca.crl(**fresh), ca.crl(issuer="root", **fresh)))
