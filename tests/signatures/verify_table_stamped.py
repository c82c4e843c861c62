"""The table of signatures and answers, second part: time stamps, long-term forms, profiles.

Each row makes a signature, says how it is verified, and what has to come of it: sub-indication,
level, and the profile's answer where that is what the row is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from esign_cli.commands.demo.made_up import (
    OCSP_SIGNING,
    QC_5070_RESTRICTED,
    QC_5070_SEAL,
    QC_COMPLIANCE,
    STATEMENTS,
    TIME_STAMPING,
    MadeUpCa,
    Revoked,
    service,
)
from esign_cli.signatures import cades
from esign_cli.signatures.cms import attribute_writer, policies
from esign_cli.signatures.cms.report import Sub
from esign_cli.signatures.pki import asn1
from tests.support.long_term import (
    added,
    archived_v2,
    certificate_values,
    counter_signed,
    long_values,
    other,
    policy,
)
from tests.support.signatures import CONTENT, DAY, HOUR, Recipe
from tests.support.verification import NOW, World

MINUTE = HOUR / 60
SIGNED = NOW - 2 * HOUR
STAMPED = SIGNED + MINUTE
LONG_AGO = NOW - 10 * DAY
RULE, WEAK = Sub.SIG_CONSTRAINTS_FAILURE, Sub.CRYPTO_CONSTRAINTS_FAILURE
BROKEN, LATER = Sub.POLICY_PROCESSING_ERROR, Sub.TRY_LATER
OTHER_HASH = "ab" * 32


CRITICAL = asn1.tlv(
    asn1.context(1),
    asn1.sequence(asn1.oid("1.2.3.4.5"), asn1.tlv(asn1.BOOLEAN, b"\xff"), asn1.octet_string(b"x")),
)


@dataclass(frozen=True)
class Row:
    """One signature and what has to come of it."""

    make: Callable[[World], bytes]
    sub: Sub | None = None
    level: str = "B-B"
    asked: Callable[[World], Mapping[str, Any]] = lambda _w: {}
    profile: tuple[str | None, str | None] | None = None
    stamps: tuple[str, ...] | None = None
    """Codes of the time stamps, the archive time stamps first."""
    qualified: bool | None = True
    """Asked only of what passes and where it is not True."""


def stamped(
    w: World, *, by=None, at=STAMPED, time=SIGNED, policy_name="", value="", **more
) -> bytes:
    """A signature with a time stamp, and with a policy if one is named."""
    extra = [policy(policy_name, value=value)] if policy_name else []
    stampers = [(by or w.stamper()).over_signature(at)] if at else []
    issued = more.pop("issued", None) or w.issue()
    unsigned = [*stampers, *more.pop("unsigned", ())]
    return Recipe(issued, time, extra=extra, unsigned=unsigned, **more).build()


def crls(*lines: Revoked, update=NOW - HOUR) -> Callable[[World], Mapping[str, Any]]:
    """Verified with these lines in the sub-CA's CRL."""
    return lambda w: {"crls": (w.crl(*lines, update=update), w.crls[1])}


def signer_revoked(at, reason="") -> Callable[[World], Mapping[str, Any]]:
    return lambda w: {"crls": (w.crl(Revoked(w.issue().serial, at, reason)), w.crls[1])}


def stamper_revoked(at) -> Callable[[World], Mapping[str, Any]]:
    return lambda w: {"crls": (w.crl(Revoked(w.stamper().issued.serial, at)), w.crls[1])}


def long_term(w: World, *, begin=LONG_AGO, by=None, inside=True, issued=None, older=False) -> bytes:
    """B-LT: the CRLs of a while after the stamp (or of before it) lie inside."""
    update = begin + (-HOUR if older else HOUR)
    kept = (w.crl(update=update), w.crl(update=update, issuer="root")) if inside else ()
    return stamped(w, by=by, at=begin + MINUTE, time=begin, crls=kept, issued=issued)


def archived(w: World, made: bytes, *, at=LONG_AGO + 2 * HOUR, by=None, **more) -> bytes:
    return (by or w.stamper()).archived(made, at, content=CONTENT, **more)


def gone(w: World) -> Any:
    """A time stamp authority that has expired since."""
    return w.stamper(not_after=NOW - DAY)


def short(w: World) -> Any:
    """A signer's certificate that has expired since."""
    return w.issue(not_after=NOW - DAY)


def profiled(w: World, name: str, *, time=NOW - 3 * DAY, values=True, unsigned=(), **more) -> bytes:
    """A signature of a profile, complete unless spoilt; P3 and P4 with values of two days later."""
    kept: list[bytes] = []
    if values and name in ("P3", "P4"):
        update = time + 2 * DAY
        lists = [w.crl(update=update), w.crl(update=update, issuer="root")]
        answers = [answer(w, time + HOUR)] if name == "P4" else []
        kept = long_values([w.ca.sub], lists, answers)
    return stamped(
        w, at=more.pop("at", time + MINUTE), time=time, policy_name=name,
        unsigned=[*kept, *unsigned], **more,
    )  # fmt: skip


def answer(w: World, update, **more) -> bytes:
    return w.ca.ocsp(w.issue().certificate, this_update=update, **more)


def by_responder(w: World, **more) -> Mapping[str, Any]:
    name = f"OCSP {more}"
    if name not in w.issued:
        w.issued[name] = service(w.ca, "OCSP", not_before=NOW - 30 * DAY, **more)
    given = answer(w, NOW - HOUR, responder=w.issued[name])
    return {"ocsps": (given,), "crls": w.crls[1:]}


STAMPS: dict[str, Row] = {
    "time stamp": Row(stamped, level="B-T", stamps=("stamp-good",)),
    "two time stamps": Row(
        lambda w: stamped(w, unsigned=[w.stamper().over_signature(SIGNED + 2 * MINUTE)]),
        level="B-T", stamps=("stamp-good", "stamp-good"),
    ),
    "time stamp just in time": Row(lambda w: stamped(w, at=NOW), level="B-T"),
    "time stamp 300 s before": Row(lambda w: stamped(w, at=SIGNED - 5 * MINUTE), level="B-T"),
    "time stamp over 2 h after": Row(
        lambda w: stamped(w, at=NOW - MINUTE, time=NOW - DAY), level="B-T"
    ),
    "time stamp too early": Row(lambda w: stamped(w, at=SIGNED - 6 * MINUTE), RULE),
    "time stamp over another": Row(lambda w: stamped(w, by=w.stamper(over=b"x")), RULE),
    "time stamp with a wrong signature": Row(lambda w: stamped(w, by=w.stamper(spoil=True)), RULE),
    "a good time stamp, and one too late": Row(
        lambda w: stamped(w, unsigned=[w.stamper().over_signature(NOW - MINUTE)], time=NOW - DAY),
        level="B-T", stamps=("stamp-good", "stamp-good"),
    ),
    "a good time stamp, and something that is none": Row(
        lambda w: added(stamped(w), no_stamp()), level="B-T",
        stamps=("stamp-good", "stamp-broken"),
    ),
    "time stamp without ESS": Row(lambda w: stamped(w, by=w.stamper(no_ess=True)), RULE),
    "time stamp with ESS by SHA-1": Row(
        lambda w: stamped(w, by=w.stamper(ess_v1=True)), level="B-T"
    ),
    "time stamp by SHA-1": Row(lambda w: stamped(w, by=w.stamper(digest="sha1")), WEAK),
    "time stamp without a certificate": Row(
        lambda w: stamped(w, by=w.stamper(certificates=[])), stamps=("stamp-without-certificate",)
    ),
    "time stamp whose certificate lies in the signature": Row(
        lambda w: stamped(
            w, by=w.stamper(certificates=[]),
            certificates=[w.issue().certificate, w.ca.sub, w.stamper().issued.certificate],
        ),
        level="B-T",
    ),
    "time stamp that is none": Row(
        lambda w: added(stamped(w, at=None), no_stamp()),
        RULE, stamps=("stamp-broken",),
    ),
    "time stamp authority untrusted": Row(
        lambda w: stamped(w, by=w.stamper(ca=stranger(w))), stamps=("stamp-untrusted",)
    ),
    "time stamp authority expired": Row(
        lambda w: stamped(w, by=w.stamper(not_after=NOW - MINUTE)), stamps=("stamp-expired",)
    ),
    "time stamp authority not yet valid": Row(
        lambda w: stamped(w, by=w.stamper(not_before=NOW + MINUTE)), RULE, stamps=("stamp-broken",)
    ),
    "time stamp authority revoked": Row(
        stamped, asked=stamper_revoked(NOW - DAY), stamps=("stamp-revoked",)
    ),
    "time stamp authority without purpose": Row(
        lambda w: stamped(w, by=w.stamper(purposes=())), stamps=("stamp-not-by-authority",)
    ),
    "time stamp authority, purpose not critical": Row(
        lambda w: stamped(w, by=w.stamper(critical=False)), stamps=("stamp-not-by-authority",)
    ),
    "time stamp authority of two purposes": Row(
        lambda w: stamped(w, by=w.stamper(purposes=(TIME_STAMPING, OCSP_SIGNING))),
        stamps=("stamp-not-by-authority",),
    ),
    **{
        f"time stamp with {name}": Row(
            lambda w, odd=odd: stamped(w, by=w.stamper(**odd)), RULE, stamps=("stamp-broken",)
        )
        for name, odd in {
            "another version": {"version": 9},
            "a time without a zone": {"time": "20261122100100"},
            "a time of letters": {"time": "20261122100100.xyzZ"},
            "a critical extension": {"tail": CRITICAL},
            "something after it": {"tail": asn1.octet_string(b"x")},
        }.items()
    },
    "revoked after the time stamp": Row(
        stamped, level="B-T", asked=signer_revoked(STAMPED + MINUTE)
    ),
    "revoked before the time stamp": Row(
        stamped, Sub.REVOKED_NO_POE, "B-T", signer_revoked(STAMPED - MINUTE)
    ),
    "revoked after an untrusted time stamp": Row(
        lambda w: stamped(w, by=w.stamper(ca=stranger(w))),
        Sub.REVOKED_NO_POE, asked=signer_revoked(STAMPED + MINUTE),
    ),
    "suspended after the time stamp": Row(
        stamped, level="B-T", asked=signer_revoked(STAMPED + MINUTE, "certificateHold")
    ),
    "suspended before the time stamp": Row(
        stamped, LATER, "B-T", signer_revoked(STAMPED - MINUTE, "certificateHold")
    ),
    "sub-CA revoked before the time stamp": Row(
        stamped, Sub.REVOKED_NO_POE, "B-B",
        lambda w: {"crls": (w.crls[0], w.crl(sub_ca(w, STAMPED - MINUTE), issuer="root"))},
    ),
    "expired after the time stamp": Row(
        lambda w: stamped(w, issued=w.issue(not_after=NOW - MINUTE)), level="B-T"
    ),
    "expired after the time stamp, data only from after the end": Row(
        lambda w: stamped(w, issued=w.issue(not_after=NOW - 90 * MINUTE)), LATER, "B-T"
    ),
    "expired before the time stamp": Row(
        lambda w: stamped(w, issued=w.issue(not_after=STAMPED - 30 * MINUTE / 60)),
        Sub.OUT_OF_BOUNDS_NO_POE, "B-T",
    ),
    "expired, and an untrusted time stamp": Row(
        lambda w: stamped(
            w, issued=w.issue(not_after=NOW - MINUTE), by=w.stamper(ca=stranger(w))
        ),
        Sub.OUT_OF_BOUNDS_NO_POE,
    ),
    "time stamp, and data that ended before it": Row(
        stamped, LATER, "B-B",
        lambda w: {"crls": (w.crl(update=NOW - 3 * DAY), w.crls[1])}, stamps=("stamp-unproven",),
    ),
}  # fmt: skip


def no_stamp() -> bytes:
    return cades.attribute(cades.SIGNATURE_TIME_STAMP, asn1.null())


def stranger(w: World) -> MadeUpCa:
    return w.issued.setdefault("stranger", MadeUpCa.create(NOW))


def sub_ca(w: World, at) -> Revoked:
    return Revoked(w.ca.sub_authority.certificate.serial_number, at)


def with_crls(made: bytes, more: Sequence[bytes]) -> bytes:
    return attribute_writer.added(made, attribute_writer.Additions(revocation=more))


def with_certificate(made: bytes, der: bytes) -> bytes:
    return attribute_writer.added(made, attribute_writer.Additions(certificates=[der]))


def by_suspended(w: World) -> bytes:
    """Like B-LT, but its OCSP answer says that the signer was suspended before the time stamp."""
    line = Revoked(w.issue().serial, LONG_AGO - HOUR, "certificateHold")
    own = answer(w, LONG_AGO + HOUR, revoked=line)
    stamps = w.ca.ocsp(w.stamper().issued.certificate, this_update=LONG_AGO + HOUR)
    root = w.crl(update=LONG_AGO + HOUR, issuer="root")
    return stamped(w, at=LONG_AGO + MINUTE, time=LONG_AGO, crls=[other(own), other(stamps), root])


LONG: dict[str, Row] = {
    "B-LT": Row(long_term, level="B-LT"),
    "B-LT with nothing but what it holds": Row(
        lambda w: long_term(w, begin=SIGNED - 20 * HOUR),
        level="B-LT", asked=lambda _w: {"crls": ()},
    ),
    "B-LT, its signer expired since": Row(
        lambda w: long_term(w, issued=short(w)), level="B-LT"
    ),
    "B-LT by OCSP": Row(
        lambda w: stamped(
            w, crls=[other(answer(w, NOW - HOUR)), other(stamper_answer(w)), w.crls[1]]
        ),
        level="B-LT", asked=lambda _w: {"crls": ()},
    ),
    "data not inside: B-T only": Row(lambda w: long_term(w, inside=False), level="B-T"),
    "attributes that B-LT forbids": Row(
        lambda w: added(long_term(w), *long_values([w.ca.sub], [w.crls[0]])), level="B-T"
    ),
    "B-LT by an answer that says suspended, and a good one from outside": Row(
        by_suspended, level="B-T", asked=lambda w: {"ocsps": (answer(w, NOW - HOUR),)},
    ),
    "B-LT by a list of after the signer's end, and the right one from outside": Row(
        lambda w: stamped(
            w, at=LONG_AGO + MINUTE, time=LONG_AGO, issued=w.issue(not_after=NOW - 5 * DAY),
            crls=w.crls,
        ),
        level="B-T", asked=lambda w: {"crls": (w.crl(update=LONG_AGO + DAY), *w.crls)},
    ),
    "archive time stamp whose index leaves the time stamp out": Row(
        lambda w: archived(
            w,
            with_certificate(long_term(w), w.stamper().issued.certificate), no_attributes=True,
        ),
        level="B-LT", stamps=("stamp-good", "stamp-good"),
    ),
    "B-LT, and its sub-CA's certificate renewed": Row(
        long_term, level="B-LT", asked=lambda w: {"intermediates": (w.ca.sub, renewed(w))}
    ),
    "B-LTA, and its sub-CA's certificate renewed": Row(
        lambda w: archived(w, long_term(w)), level="B-LTA",
        asked=lambda w: {"intermediates": (renewed(w),)},
    ),
    "B-LT, its time stamp authority expired since": Row(
        lambda w: long_term(w, by=gone(w)), stamps=("stamp-expired",)
    ),
    "B-LT, authority and signer expired since": Row(
        lambda w: long_term(w, by=gone(w), issued=short(w)), Sub.OUT_OF_BOUNDS_NO_POE
    ),
    "B-LTA": Row(
        lambda w: archived(w, long_term(w)), level="B-LTA", stamps=("stamp-good", "stamp-good")
    ),
    "B-LTA, authority and signer expired since": Row(
        lambda w: archived(w, long_term(w, by=gone(w), issued=short(w))), level="B-LTA"
    ),
    "B-LTA renewed, the first two authorities expired since": Row(
        lambda w: archived(
            w, archived(w, long_term(w, by=gone(w), issued=short(w)), by=gone(w)),
            at=NOW - 2 * DAY,
        ),
        level="B-LTA", stamps=("stamp-good",) * 3,
        asked=lambda w: {"crls": (*w.crls, w.crl(update=NOW - 36 * HOUR))},
    ),
    "B-LTA, every authority expired since": Row(
        lambda w: archived(w, long_term(w, by=gone(w), issued=short(w)), by=gone(w)),
        Sub.OUT_OF_BOUNDS_NO_POE, stamps=("stamp-expired", "stamp-expired"),
    ),
    "B-LT by data of long before the signature": Row(
        lambda w: stamped(w, crls=[w.crl(update=LONG_AGO), w.crl(update=LONG_AGO, issuer="root")]),
        level="B-T",
    ),
    "B-LTA by a list of before the signature": Row(
        lambda w: archived(w, long_term(w, older=True), at=LONG_AGO + HOUR), None, "B-LTA",
        lambda w: {"crls": w.crls[1:], "ocsps": (stamper_answer(w),)},
    ),
    "archive time stamp whose index is empty": Row(
        lambda w: archived(w, long_term(w), empty_index=True), level="B-LT",
        stamps=("stamp-good", "stamp-good"),
    ),
    "archive time stamp, then the data": Row(
        lambda w: with_crls(archived(w, long_term(w, inside=False)), w.crls), level="B-LT"
    ),
    "archive time stamp, then a certificate more": Row(
        lambda w: with_certificate(archived(w, long_term(w)), stranger(w).sub), level="B-LTA"
    ),
    "archive time stamp before the signing-time": Row(
        lambda w: archived(w, w.recipe().build(), at=NOW - 5 * DAY), RULE,
        stamps=("stamp-too-far",),
    ),
    "archive time stamp by an untrusted authority": Row(
        lambda w: archived(w, long_term(w), by=w.stamper(ca=stranger(w))),
        level="B-LT", stamps=("stamp-untrusted", "stamp-good"),
    ),
    "archive time stamp over another": Row(
        lambda w: archived(w, long_term(w), by=w.stamper(over=b"x" * 32)), None, "B-LT",
        stamps=("stamp-of-another", "stamp-good"),
    ),
    "archive time stamp with an index of something else": Row(
        lambda w: archived(w, long_term(w), spoil_index=True), None, "B-LT",
        stamps=("stamp-of-another", "stamp-good"),
    ),
    "archive time stamp with a wrong signature": Row(
        lambda w: archived(w, long_term(w), by=w.stamper(spoil=True)), None, "B-LT",
        stamps=("stamp-broken", "stamp-good"),
    ),
    "archive time stamp, then an attribute more": Row(
        lambda w: added(archived(w, long_term(w)), counter_signature(w)), level="B-LTA"
    ),
    "archive time stamp without an index": Row(
        lambda w: added(
            long_term(w),
            cades.attribute(cades.ARCHIVE_TIME_STAMP_V3, w.stamper().token(b"x", NOW - DAY)),
        ),
        None, "B-LT", stamps=("stamp-broken", "stamp-good"),
    ),
    "archive time stamp of an older kind": Row(
        lambda w: added(
            long_term(w),
            cades.attribute(cades.ARCHIVE_TIME_STAMP_V2, w.stamper().token(b"x", NOW - DAY)),
        ),
        level="B-T",
    ),
    "time stamp over the content, which is not judged": Row(
        lambda w: w.recipe(
            extra=[cades.attribute(cades.CONTENT_TIME_STAMP, w.stamper().token(CONTENT, SIGNED))]
        ).build(),
    ),
    "counter-signature": Row(
        lambda w: stamped(w, unsigned=[counter_signed(w.issue("P-384"), NOW - HOUR)]), level="B-T"
    ),
    "bad counter-signature": Row(
        lambda w: stamped(
            w, unsigned=[counter_signed(w.issue("P-384"), NOW - HOUR, spoil=True)]
        ),
        level="B-T",
    ),
}  # fmt: skip


def counter_signature(w: World) -> bytes:
    """Somebody's over something else: bad, and without weight."""
    return counter_signed(w.issue("P-384"), NOW - HOUR)(b"another signature value")


def stamper_answer(w: World) -> bytes:
    return w.ca.ocsp(w.stamper().issued.certificate, this_update=NOW - HOUR)


def with_stranger(w: World) -> Mapping[str, Any]:
    """Verified with another CA's root and lists beside one's own."""
    others = (stranger(w).crl(this_update=NOW - HOUR, issuer=i) for i in ("sub", "root"))
    return {"anchors": (w.ca.root, stranger(w).root), "crls": (*w.crls, *others)}


def two_stamps(w: World, earlier: MadeUpCa, later: MadeUpCa) -> bytes:
    """A P3 stamped twice; its values know of one's own CA alone, and stand before the last."""
    time = NOW - 3 * DAY
    first = w.stamper(ca=None if earlier is w.ca else earlier)
    second = w.stamper(ca=None if later is w.ca else later)
    more = [first.over_signature(time + MINUTE / 2)]
    return profiled(w, "P3", by=second, unsigned=more)


def suspended(w: World) -> bytes:
    """An OCSP answer by which the signer was suspended before the time stamp of a profile."""
    line = Revoked(w.issue().serial, NOW - 4 * DAY, "certificateHold")
    return answer(w, NOW - 3 * DAY + HOUR, revoked=line)


def in_signed_data(w: World, empty: bytes) -> Mapping[str, Any]:
    """All data lie in SignedData, and the values are `empty`."""
    references = long_values([w.ca.sub], w.crls)[:2]
    values = (cades.CERTIFICATE_VALUES, cades.REVOCATION_VALUES)
    return {
        "unsigned": [*references, *(cades.attribute(oid, empty) for oid in values)],
        "crls": w.crls,
    }


def with_lists(w: World, *lists: bytes, **more) -> Mapping[str, Any]:
    return {"unsigned": long_values([w.ca.sub], lists), **more}


SPOILT: dict[str, Callable[[World], Mapping[str, Any]]] = {
    "its values NULL and its data in SignedData": lambda w: in_signed_data(w, asn1.null()),
    "its values empty and its data in SignedData": lambda w: in_signed_data(w, asn1.sequence()),
    "its references without the signer's list": lambda w: {
        "unsigned": [
            *long_values([w.ca.sub], w.crls[1:])[:3], *long_values([w.ca.sub], w.crls)[3:]
        ]
    },
    "its root's list from long before": lambda w: with_lists(
        w, w.crls[0], w.crl(update=NOW - 300 * DAY, issuer="root")
    ),
    "its list from after the signer's end": lambda w: with_lists(
        w, *w.crls, issued=w.issue(not_after=NOW - 2 * HOUR)
    ),
}  # fmt: skip
"""P3 whose values do not prove it."""


PROFILES: dict[str, Row] = {
    "P1": Row(lambda w: w.recipe().build(), profile=("P1", "accepted")),
    "P1 with a time stamp": Row(stamped, level="B-T", profile=("P1", "accepted")),
    "P1, altered": Row(
        lambda w: w.recipe(inside=CONTENT + b" ").build(), Sub.HASH_FAILURE,
        profile=("P1", "refused"),
    ),
    "P1, not proven": Row(
        lambda w: w.recipe().build(), LATER, asked=lambda _w: {"crls": ()}, profile=("P1", None)
    ),
    "P1, its time stamp after a day": Row(
        lambda w: stamped(w, at=NOW - MINUTE, time=NOW - DAY), level="B-T",
        profile=("P1", "accepted"),
    ),
    "P2": Row(lambda w: profiled(w, "P2"), level="B-T", profile=("P2", "accepted")),
    "P2 in its grace period": Row(
        lambda w: profiled(w, "P2", time=SIGNED), LATER, "B-T", profile=("P2", "preliminary")
    ),
    "P2, revoked in its grace period": Row(
        lambda w: profiled(w, "P2"), level="B-T",
        asked=signer_revoked(NOW - 3 * DAY + HOUR), profile=("P2", "accepted"),
    ),
    "P2, revoked before its time stamp": Row(
        lambda w: profiled(w, "P2"), Sub.REVOKED_NO_POE, "B-T",
        signer_revoked(NOW - 4 * DAY), profile=("P2", "refused"),
    ),
    "P2, and a CRL from within its grace period": Row(
        lambda w: profiled(w, "P2", time=NOW - 25 * HOUR), LATER, "B-T",
        lambda w: {"crls": (w.crl(update=NOW - 2 * HOUR), *w.crls[1:])}, ("P2", None),
    ),
    "P2 by OCSP alone": Row(
        lambda w: profiled(w, "P2"), LATER, "B-T",
        lambda w: {"ocsps": (answer(w, NOW - HOUR), stamper_answer(w)), "crls": w.crls[1:]},
        ("P2", None),
    ),
    "P2 without a time stamp": Row(
        lambda w: profiled(w, "P2", at=None), BROKEN, profile=("P2", "refused")
    ),
    "P2, its time stamp untrusted": Row(
        lambda w: profiled(w, "P2", by=w.stamper(ca=stranger(w))),
        Sub.NO_CERTIFICATE_CHAIN_FOUND, profile=("P2", None),
    ),
    "P2, its time stamp authority not one": Row(
        lambda w: profiled(w, "P2", by=w.stamper(purposes=())), BROKEN, profile=("P2", "refused")
    ),
    "P2 with another hash": Row(
        lambda w: profiled(w, "P2", value=OTHER_HASH), BROKEN, "B-T", profile=("P2", "refused")
    ),
    "P2 with another hash that is accepted": Row(
        lambda w: profiled(w, "P2", value=OTHER_HASH), level="B-T",
        asked=lambda _w: {"hashes": (OTHER_HASH,)}, profile=("P2", "accepted"),
    ),
    "P2 without signing-time": Row(
        lambda w: profiled(w, "P2", drop=["signing-time"]), BROKEN, "BES",
        profile=("P2", "refused"),
    ),
    "P2 with an archive time stamp": Row(
        lambda w: archived(w, profiled(w, "P2"), at=NOW - 2 * DAY), BROKEN, "B-T",
        profile=("P2", "refused"),
    ),
    "P3": Row(lambda w: profiled(w, "P3"), level="B-T", profile=("P3", "accepted")),
    "P3 with nothing but what it holds": Row(
        lambda w: profiled(w, "P3", time=NOW - 2 * DAY - HOUR), level="B-T",
        asked=lambda _w: {"crls": ()}, profile=("P3", "accepted"),
    ),
    "P3 in its grace period, without values": Row(
        lambda w: profiled(w, "P3", values=False, time=SIGNED), LATER, "B-T",
        profile=("P3", "preliminary"),
    ),
    "P3 without values": Row(
        lambda w: profiled(w, "P3", values=False), BROKEN, "B-T", profile=("P3", "refused")
    ),
    "P3 whose references have no values": Row(
        lambda w: profiled(
            w, "P3", values=False,
            unsigned=[*long_values([w.ca.sub], [w.crls[0]])[:3], *long_values([], [w.crls[1]])[3:]],
        ),
        BROKEN, "B-T", profile=("P3", "refused"),
    ),
    "P3 with an archive time stamp": Row(
        lambda w: archived(w, profiled(w, "P3"), at=NOW - HOUR / 2), level="B-T",
        profile=("P3", "accepted"),
    ),
    "P4": Row(lambda w: profiled(w, "P4"), level="B-T", profile=("P4", "accepted")),
    "P4 within two hours": Row(
        lambda w: profiled(w, "P4", time=SIGNED), level="B-T", profile=("P4", "accepted")
    ),
    "P4 without OCSP": Row(
        lambda w: profiled(w, "P4", values=False, unsigned=long_values([w.ca.sub], w.crls)),
        BROKEN, "B-T", profile=("P4", "refused"),
    ),
    "P4 without OCSP, and OCSP from outside": Row(
        lambda w: profiled(w, "P4", values=False, unsigned=long_values([w.ca.sub], w.crls)),
        BROKEN, "B-T", lambda w: {"ocsps": (answer(w, NOW - HOUR),)}, ("P4", "refused"),
    ),
    "P4 with an OCSP answer older than its time stamp": Row(
        lambda w: profiled(
            w, "P4", values=False, time=SIGNED,
            unsigned=long_values([w.ca.sub], w.crls, [answer(w, STAMPED - MINUTE)]),
        ),
        BROKEN, "B-T", profile=("P4", "refused"),
    ),
    "P4 with empty references and values": Row(
        lambda w: profiled(w, "P4", values=False, unsigned=empty_values()),
        BROKEN, "B-T", lambda w: {"ocsps": (answer(w, NOW - HOUR),)}, ("P4", "refused"),
    ),
    "P3 with empty references and values": Row(
        lambda w: profiled(w, "P3", values=False, unsigned=empty_values()),
        BROKEN, "B-T", profile=("P3", "refused"),
    ),
    "P3 whose certificate-values do not answer, though SignedData does": Row(
        lambda w: profiled(
            w, "P3", values=False,
            unsigned=[
                *long_values([w.ca.sub], [w.crl(update=NOW - DAY), w.crls[1]])[:2],
                certificate_values([stranger(w).sub]),
                long_values([w.ca.sub], [w.crl(update=NOW - DAY), w.crls[1]])[3],
            ],
        ),
        BROKEN, "B-T", profile=("P3", "refused"),
    ),
    "archive time stamp of version 2": Row(
        lambda w: archived_v2(w.stamper(), long_term(w), LONG_AGO + 2 * HOUR), level="B-T",
        stamps=("stamp-good", "stamp-good"),
    ),
    "archive time stamp of version 2, attributes with tag and length": Row(
        lambda w: archived_v2(w.stamper(), long_term(w), LONG_AGO + 2 * HOUR, tagged=True),
        level="B-T", stamps=("stamp-good", "stamp-good"),
    ),
    "archive time stamp of version 2 proves existence": Row(
        lambda w: archived_v2(w.stamper(), long_term(w, by=gone(w)), LONG_AGO + 2 * HOUR),
        level="B-T", stamps=("stamp-good", "stamp-good"),
    ),
    "archive time stamp of version 2 over another": Row(
        lambda w: archived_v2(w.stamper(over=b"x"), long_term(w), LONG_AGO + 2 * HOUR),
        level="B-T", stamps=("stamp-of-another", "stamp-good"),
    ),
    "P3 with references and values twice": Row(
        lambda w: profiled(w, "P3", unsigned=long_values([w.ca.sub], w.crls)),
        BROKEN, "BES", profile=("P3", "refused"),
    ),
    "P3 with values from within its grace period": Row(
        lambda w: profiled(
            w, "P3", values=False,
            unsigned=long_values([w.ca.sub], [w.crl(update=NOW - 70 * HOUR), w.crls[1]]),
        ),
        BROKEN, "B-T", profile=("P3", "refused"),
    ),
    "P3 whose values know nothing of the time stamp authority": Row(
        lambda w: profiled(w, "P3", by=w.stamper(ca=stranger(w))), BROKEN, "B-T", with_stranger,
        ("P3", "refused"),
    ),
    **{
        f"P3, {name}": Row(
            lambda w, spoilt=spoilt: profiled(w, "P3", values=False, **spoilt(w)), BROKEN, "B-T",
            profile=("P3", "refused"),
        )
        for name, spoilt in SPOILT.items()
    },
    "P4 whose answer says suspended, and a good one from outside": Row(
        lambda w: profiled(
            w, "P4", values=False, unsigned=long_values([w.ca.sub], w.crls, [suspended(w)])
        ),
        BROKEN, "B-T", lambda w: {"ocsps": (answer(w, NOW - HOUR),)}, ("P4", "refused"),
    ),
    "P3 with two time stamps, the later known to the values": Row(
        lambda w: two_stamps(w, stranger(w), w.ca), BROKEN, "B-T", with_stranger,
        ("P3", "refused"),
    ),
    "P3 with two time stamps, the earlier known to the values": Row(
        lambda w: two_stamps(w, w.ca, stranger(w)), None, "B-T", with_stranger,
        ("P3", "accepted"),
    ),
    "P3 that refers to its signer": Row(
        lambda w: profiled(
            w, "P3", values=False,
            unsigned=long_values([w.ca.sub, w.issue().certificate], w.crls),
        ),
        BROKEN, "B-T", profile=("P3", "refused"),
    ),
    "P3 that refers to no sub-CA": Row(
        lambda w: profiled(w, "P3", values=False, unsigned=long_values([], w.crls)),
        BROKEN, "B-T", profile=("P3", "refused"),
    ),
    "P4, the responder of its answers ended since": Row(
        lambda w: profiled(w, "P4", values=False, unsigned=by_ended_responder(w)), level="B-T",
        asked=lambda w: {"ocsps": (answer(w, NOW - HOUR), stamper_answer(w))},
        profile=("P4", "accepted"),
    ),
    **{
        f"{name}, and its sub-CA's certificate renewed": Row(
            lambda w, name=name: profiled(w, name), level="B-T",
            asked=lambda w: {"intermediates": (w.ca.sub, renewed(w))}, profile=(name, "accepted"),
        )
        for name in ("P3", "P4")
    },
    "P4, revoked by OCSP": Row(
        lambda w: profiled(w, "P4"), Sub.REVOKED_NO_POE, "B-T",
        lambda w: {
            "ocsps": (
                answer(w, NOW - HOUR, revoked=Revoked(w.issue().serial, NOW - 4 * DAY)),
            )
        },
        ("P4", "refused"),
    ),
    "a policy of somebody else": Row(
        lambda w: w.recipe(extra=[stranger_policy()]).build(), BROKEN, profile=(None, "refused")
    ),
}  # fmt: skip


def by_ended_responder(w: World) -> list[bytes]:
    """Values by OCSP, of a responder whose certificate has ended since."""
    ended = service(
        w.ca, "OCSP", not_before=NOW - 30 * DAY, not_after=NOW - DAY, purposes=(OCSP_SIGNING,),
        no_check=True,
    )  # fmt: skip
    update = NOW - 3 * DAY + HOUR
    own = answer(w, update, responder=ended)
    stamps = w.ca.ocsp(w.stamper().issued.certificate, this_update=update, responder=ended)
    root = w.crl(update=NOW - DAY, issuer="root")
    return long_values([w.ca.sub], [root], [own, stamps])


def renewed(w: World) -> bytes:
    """The sub-CA's certificate made out anew: the same name and key."""
    old = w.ca.sub_authority.certificate
    made = x509.CertificateBuilder(
        old.issuer, old.subject, old.public_key(), x509.random_serial_number(),
        old.not_valid_before_utc + DAY, old.not_valid_after_utc, list(old.extensions),
    )  # fmt: skip
    return made.sign(w.ca.root_authority.key, old.signature_hash_algorithm).public_bytes(
        Encoding.DER
    )


def empty_values() -> list[bytes]:
    return [
        cades.attribute(oid, asn1.sequence())
        for oid in (
            cades.CERTIFICATE_REFERENCES,
            cades.REVOCATION_REFERENCES,
            cades.CERTIFICATE_VALUES,
            cades.REVOCATION_VALUES,
        )
    ]


def stranger_policy() -> bytes:
    return policies.attribute(replace(policies.P2, oid="1.2.3.4"))


RESPONDERS: dict[str, Row] = {
    "OCSP by a responder of the CA": Row(
        lambda w: w.recipe().build(),
        asked=lambda w: by_responder(w, purposes=(OCSP_SIGNING,), no_check=True),
    ),
    "OCSP by a responder that nothing clears": Row(
        lambda w: w.recipe().build(), LATER,
        asked=lambda w: by_responder(w, purposes=(OCSP_SIGNING,)),
    ),
    "OCSP by the wrong responder": Row(
        lambda w: w.recipe().build(), LATER,
        asked=lambda w: by_responder(w, purposes=(TIME_STAMPING,), no_check=True),
    ),
    "OCSP by another CA's responder": Row(
        lambda w: w.recipe().build(), LATER,
        asked=lambda w: {
            "ocsps": (
                answer(
                    w, NOW - HOUR,
                    responder=service(
                        stranger(w), "OCSP", not_before=NOW - DAY, purposes=(OCSP_SIGNING,),
                        no_check=True,
                    ),
                ),
            ),
            "crls": w.crls[1:],
        },
    ),
    "unknown issuer": Row(
        lambda w: w.recipe().build(), Sub.NO_CERTIFICATE_CHAIN_FOUND, qualified=None,
        asked=lambda w: {"anchors": (stranger(w).root,)},
    ),
    "two ESS attributes, and the older names another": Row(
        lambda w: w.recipe(
            extra=[Recipe(w.issue("P-384"), SIGNED, ess_v1=True).ess()]
        ).build(),
        Sub.NO_SIGNING_CERTIFICATE_FOUND,
    ),
    "two ESS attributes of one certificate": Row(
        lambda w: w.recipe(extra=[Recipe(w.issue(), SIGNED, ess_v1=True).ess()]).build(),
    ),
    "no QC statements": Row(
        lambda w: w.recipe(issued=w.issue(statements=())).build(), qualified=False
    ),
    "the Turkish QC statement missing": Row(
        lambda w: w.recipe(issued=w.issue(statements=(QC_COMPLIANCE,))).build(), qualified=False
    ),
    "usage-restricted": Row(
        lambda w: w.recipe(issued=w.issue(statements=(*STATEMENTS, QC_5070_RESTRICTED))).build(),
        qualified=False,
    ),
    "a seal": Row(
        lambda w: w.recipe(issued=w.issue(statements=(*STATEMENTS, QC_5070_SEAL))).build(),
        qualified=False,
    ),
    "no user notice": Row(
        lambda w: w.recipe(issued=w.issue(user_notice=False)).build(), qualified=False
    ),
    "judged for before the certificate began": Row(
        lambda w: w.recipe().build(), RULE, asked=lambda _w: {"at": NOW - 31 * DAY}
    ),
    "judged for after the certificate ended": Row(
        lambda w: w.recipe().build(), Sub.OUT_OF_BOUNDS_NO_POE,
        asked=lambda _w: {"at": NOW + 901 * DAY, "now": NOW + 901 * DAY},
    ),
}  # fmt: skip


PAST = NOW - 20 * DAY


def past(w: World, kind: str) -> bytes:
    """A long-term signature of a while ago, whose data inside have all run out."""
    if kind == "B-LT":
        return long_term(w, begin=PAST)
    if kind == "B-LTA":
        return archived(w, long_term(w, begin=PAST), at=PAST + 2 * HOUR)
    return profiled(w, kind, time=PAST)


def given(*issuers: str, **lines: Revoked) -> Callable[[World], Mapping[str, Any]]:
    """Newer lists of these, which have run out too."""
    return lambda w: {
        "crls": tuple(
            w.crl(*([lines[i]] if i in lines else []), update=NOW - 10 * DAY, issuer=i)
            for i in issuers
        )
    }


NEWER: dict[str, Row] = {
    f"{kind} that ran out, and {name}": Row(
        lambda w, kind=kind: past(w, kind),
        level="B-T" if kind in ("P3", "P4") else kind,
        asked=asked,
        profile=(kind, "accepted") if kind in ("P3", "P4") else None,
    )
    for kind in ("B-LT", "B-LTA", "P3", "P4")
    for name, asked in {
        "nothing more": given(),
        "a newer list of the root": given("root"),
        "a newer list of the sub-CA": given("sub"),
        "newer lists of both": given("root", "sub"),
    }.items()
} | {
    f"{kind} that ran out, {name}": Row(
        lambda w, kind=kind: past(w, kind), Sub.REVOKED_NO_POE, level="",
        asked=lambda w, line=line, issuer=issuer: given(issuer, **{issuer: line(w)})(w),
    )
    for kind in ("B-LT", "P3", "P4")
    for name, issuer, line in (
        ("its signer revoked before, by a newer list", "sub",
         lambda w: Revoked(w.issue().serial, PAST - DAY)),
        ("its sub-CA revoked before, by a newer list", "root", lambda w: sub_ca(w, PAST - DAY)),
    )
} | {
    f"P4, certificate-values {name}": Row(
        lambda w, values=values: profiled(
            w, "P4", values=False,
            unsigned=[
                *(held := long_values(
                    [w.ca.sub, w.ca.root], [w.crl(update=NOW - DAY),
                    w.crl(update=NOW - DAY, issuer="root")], [answer(w, NOW - 3 * DAY + HOUR)],
                ))[:2],
                certificate_values(values(w)),
                held[3],
            ],
        ),
        sub, "B-T", profile=("P4", "refused" if sub else "accepted"),
    )
    for name, values, sub in (
        ("as referred to", lambda w: [w.ca.sub, w.ca.root], None),
        ("in another order", lambda w: [w.ca.root, w.ca.sub], None),
        ("and the signer's", lambda w: [w.issue().certificate, w.ca.sub, w.ca.root], None),
        ("without the sub-CA, which SignedData has", lambda w: [w.ca.root], BROKEN),
        ("without the root", lambda w: [w.ca.sub], BROKEN),
        ("of the same names", lambda w: [stranger(w).sub, stranger(w).root], BROKEN),
        ("with the sub-CA's renewed one", lambda w: [renewed(w), w.ca.root], BROKEN),
        ("with one bit turned", lambda w: [turned(w.ca.sub), w.ca.root], BROKEN),
        ("of none", lambda _w: [], BROKEN),
    )
}  # fmt: skip


def turned(der: bytes) -> bytes:
    return der[:-1] + bytes((der[-1] ^ 1,))
