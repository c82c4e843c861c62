"""Extending that is broken off, run again, renewed, or done beside what others signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from esign_cli.commands.demo.made_up import MadeUpCa, Revoked, service
from esign_cli.commands.extend import job
from esign_cli.foundation.errors.signatures import (
    ArchiveForbidden,
    LevelForbidden,
    NewerDataNeeded,
    NoTrustedPath,
    ProfileNotSigned,
    ReferencesUnfinished,
    SignatureUnproven,
    StampTooLate,
    TimeStampRefused,
    TimeStampWrong,
)
from esign_cli.signatures import cades, creation, extend, files, validation
from esign_cli.signatures.cms import attribute_writer, signed_data, validation_data
from esign_cli.signatures.cms.data_collector import DataCollector
from esign_cli.signatures.cms.report import Acceptance, Indication, Sub
from esign_cli.signatures.extend import TARGETS, ExtensionRequest, ExtensionServices, Step
from esign_cli.signatures.path_validation import PathCheck
from esign_cli.signatures.pki import asn1
from esign_cli.signatures.pki.crl import Freshness, RevocationData
from esign_cli.signatures.pki.retrieval import Fetch
from tests.support.certomancer_server import Pki, refusal
from tests.support.extension import Bench
from tests.support.long_term import Stamper
from tests.support.signatures import CONTENT, KeySigner, Recipe
from tests.support.verification import NOW, World, made_up_world

DAY = timedelta(days=1)


@pytest.fixture
def bench(pki: Pki, tmp_path: Path) -> Bench:
    return Bench(pki, tmp_path / "cache")


@pytest.fixture(scope="module")
def world() -> World:
    return made_up_world()


@dataclass
class AnotherAuthority:
    """A time stamp authority of another CA, which hands out what the test wants."""

    ca: MadeUpCa
    stamper: Stamper
    now: Callable[[], datetime]

    @classmethod
    def at(cls, bench: Bench) -> AnotherAuthority:
        ca = MadeUpCa.create(bench.now, years=30)
        begins, ends = bench.now - DAY, bench.now + 9000 * DAY
        issued = service(ca, "TSA 2", not_before=begins, not_after=ends)
        return cls(ca, Stamper(issued), lambda: bench.now)

    @classmethod
    def that_is_none(cls, bench: Bench, more: int) -> AnotherAuthority:
        """Not for time stamps; its tokens are longer by some certificates."""
        ca = MadeUpCa.create(bench.now)
        issued = service(ca, "TSA", not_before=bench.now - DAY, purposes=())
        others = [bench.pki.certificate(n) for n in ("sub", "root", "tsa", "rsa", "p384")]
        inside = [issued.certificate, *others[:more]]
        return cls(ca, Stamper(issued, certificates=inside), lambda: bench.now)

    @property
    def address(self) -> str:
        return "http://another.example"

    def stamp(self, digest: bytes) -> bytes:
        return self.stamper.token(b"", self.now(), imprint=digest)

    def crls(self, at: datetime) -> tuple[bytes, ...]:
        made = at - timedelta(hours=1)
        return (self.ca.crl(this_update=made), self.ca.crl(this_update=made, issuer="root"))


def with_another(bench: Bench, other: AnotherAuthority) -> ExtensionServices:
    validator = PathCheck((bench.pki.root, other.ca.root), (bench.pki.sub,), other.crls(bench.now))
    return replace(bench.means, stamps=other, validator=validator)


def two(bench: Bench, first: bytes, target: str = "B-B", label: str = "p384") -> bytes:
    """One more signature beside the first."""
    signer = KeySigner(bench.pki.issued(label))
    policy = TARGETS[target].policy
    return creation.added(
        first, CONTENT, signer, signing_time=bench.now, mime_type=None, policy=policy
    )


# --- renewing ------------------------------------------------------------------------------------


def test_a_renewed_signature_outlives_the_servers_of_its_first_authority(bench: Bench) -> None:
    """One authority made signature and archive time stamp: each is cleared for its own time."""
    made = bench.made("B-LTA")
    bench.wait(days=30)
    other = AnotherAuthority.at(bench)
    means = with_another(bench, other)
    found = extend.extended(made, CONTENT, TARGETS["B-LTA"], means, again=True)
    assert (found.problem, found.missing) == (None, ())
    for days in (3, 1000):
        at = bench.now + days * DAY
        validator = PathCheck((bench.pki.root, other.ca.root), (bench.pki.sub,), other.crls(at))
        report = validation.verify(
            found.signature, content=CONTENT, validator=validator, at=at, now=at
        )
        assert (report.indication, report.level) == (Indication.PASSED, "B-LTA")
        assert all(stamp.good for stamp in report.signatures[0].stamps)


@pytest.mark.parametrize("days", [0, 40])
def test_an_archive_time_stamp_goes_over_new_data_on_the_signers_authorities(
    bench: Bench, days: int
) -> None:
    """Signer's and time stamps' CAs have no root in common; what is inside counts while they vouch.

    One that is put in later than the sub-CA's data last needs newer ones beside it.
    """
    other = AnotherAuthority.at(bench)

    def means() -> ExtensionServices:
        both, own = with_another(bench, other), bench.fetcher

        def fetch(
            certificate: bytes, issuer: bytes, freshness: Freshness, now: datetime
        ) -> list[RevocationData]:
            if issuer not in (other.ca.root, other.ca.sub):
                return list(own(certificate, issuer, freshness, now))
            crls = other.crls(now)
            return [RevocationData("crl", crls[0 if issuer == other.ca.sub else 1], now)]

        return replace(both, fetch=fetch)

    def of(made: bytes) -> tuple[Indication, str | None]:
        validator = means().validator
        report = validation.verify(
            made, content=CONTENT, validator=validator, at=bench.now, now=bench.now
        )
        return report.indication, report.level

    signature = bench.signed()
    bench.wait(hours=1, minutes=30)
    first = extend.extended(signature, CONTENT, TARGETS["B-LT"], means())
    bench.wait(days=days)
    last = extend.extended(first.signature, CONTENT, TARGETS["B-LTA"], means())
    assert (last.missing, last.problem) == ((), None)
    bench.wait(days=1)
    assert of(last.signature) == (Indication.PASSED, "B-LTA")
    ends = x509.load_der_x509_certificate(bench.pki.sub).not_valid_after_utc
    bench.now = ends + timedelta(days=30)
    assert of(last.signature) == (Indication.PASSED, "B-LTA")


def test_an_archive_time_stamp_over_es_xl_repeats_none_of_its_values(bench: Bench) -> None:
    made = bench.made("P4")
    target = replace(TARGETS["P4"], steps=(*TARGETS["P4"].steps, Step.ARCHIVE))
    found = extend.extended(made, CONTENT, target, bench.means)
    assert found.problem is None
    data, before = signed_data.parse(found.signature), signed_data.parse(made)
    assert data.certificates == before.certificates
    kept = [one.der for one in validation_data.revocation(data, data.signers[0])]
    assert len(kept) == len(set(kept))


@pytest.mark.parametrize("more", [0, 5])
def test_what_renews_is_looked_at_wherever_it_comes_to_lie(bench: Bench, more: int) -> None:
    """A token shorter than the old one comes before it in the set."""
    made = bench.made("B-LTA")
    bench.wait(days=1)
    means = replace(bench.means, stamps=AnotherAuthority.that_is_none(bench, more))
    found = extend.extended(made, CONTENT, TARGETS["B-LTA"], means, again=True)
    assert isinstance(found.problem, TimeStampWrong)
    assert found.problem.facts["problem"] == "stamp-not-by-authority"
    kinds = [len(s.unsigned) for s in signed_data.parse(found.signature).signers]
    assert kinds == [len(s.unsigned) for s in signed_data.parse(made).signers]


def test_a_renewal_by_an_authority_that_is_not_trusted_is_told(bench: Bench) -> None:
    made = bench.made("B-LTA")
    bench.wait(days=1)
    means = replace(bench.means, stamps=AnotherAuthority.at(bench))
    found = extend.extended(made, CONTENT, TARGETS["B-LTA"], means, again=True)
    assert isinstance(found.problem, NoTrustedPath)
    assert extend.reached(TARGETS["B-LTA"], found.missing) == "B-LT"


# --- run again -----------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["B-LT", "B-LTA", "P4"])
def test_days_later_there_is_nothing_to_add(bench: Bench, target: str) -> None:
    made = bench.made(target)
    bench.wait(days=2)
    bench.pki.requests.clear()
    found = bench.extended(made, target)
    assert (found.signature, found.missing, found.problem) == (made, (), None)
    assert bench.pki.requests == []


def test_a_time_stamp_outlives_what_breaks_off_afterwards(bench: Bench, tmp_path: Path) -> None:
    def interrupted(
        certificate: bytes, issuer: bytes, freshness: Freshness, now: datetime
    ) -> list[RevocationData]:
        raise KeyboardInterrupt

    path = tmp_path / "a.p7m"
    path.write_bytes(bench.signed())
    extension = ExtensionRequest(TARGETS["B-LT"], replace(bench.means, fetch=interrupted))
    with pytest.raises(KeyboardInterrupt):
        files.extend_file(path, CONTENT, extension)
    assert extend.missing(path.read_bytes(), TARGETS["B-LT"], bench.means) == (Step.VALUES,)
    done = files.extend_file(path, CONTENT, replace(extension, means=bench.means))
    assert (done.level, done.problem) == ("B-LT", None)
    assert bench.pki.count("/tsa/") == 1


@pytest.mark.parametrize(("before", "target"), [("B-B", "B-T"), ("B-LT", "B-LTA")])
def test_what_came_for_one_signer_is_kept_when_the_next_gets_none(
    bench: Bench, before: str, target: str
) -> None:
    both = two(bench, bench.signed("rsa"))
    both = bench.extended(both, before).signature
    bench.pki.requests.clear()
    asked: list[bytes] = []

    def second_refused(right: bytes) -> bytes:
        asked.append(right)
        return right if len(asked) == 1 else refusal("no")

    bench.pki.instead["/tsa/"] = second_refused
    first = bench.extended(both, target)
    assert isinstance(first.problem, TimeStampRefused)
    assert first.signature != both
    bench.pki.instead.clear()
    last = bench.extended(first.signature, target)
    assert (last.missing, last.problem) == ((), None)
    assert bench.pki.count("/tsa/") == 3  # two that were granted, one that was refused
    report = bench.report(last.signature)
    assert (report.indication, report.level) == (Indication.PASSED, target)


def test_no_time_stamp_is_bought_that_would_not_count(bench: Bench) -> None:
    signature = bench.signed(target="P4")
    bench.wait(hours=3)
    found = bench.extended(signature, "P4")
    assert (found.signature, found.missing) == (signature, (Step.STAMP, Step.REFERENCES))
    assert isinstance(found.problem, StampTooLate)
    assert bench.pki.count("/tsa/") == 0


def test_yesterdays_signature_is_extended(bench: Bench) -> None:
    """The two hours are a rule of BTK's policies; EN 319 122-1 knows no such limit."""
    signature = bench.signed()
    bench.wait(days=1)
    found = bench.extended(signature, "B-T")
    assert (found.missing, found.problem) == ((), None)
    report = bench.report(found.signature)
    assert (report.indication, report.level) == (Indication.PASSED, "B-T")
    assert "stamp-late" in [warning.code for warning in report.signatures[0].warnings]


@pytest.mark.parametrize("late", ["rsa", "p384"])
def test_a_signature_that_is_too_late_does_not_keep_another_from_its_stamp(
    bench: Bench, late: str
) -> None:
    first = bench.signed(late, "P2")
    bench.wait(hours=3)
    both = two(bench, first, label="p384" if late == "rsa" else "rsa", target="P2")
    found = bench.extended(both, "P2")
    assert isinstance(found.problem, StampTooLate)
    assert found.missing == (Step.STAMP,)
    assert sorted(str(level) for level, _answer, _why in told(bench, found.signature).values()) == [
        "B-B", "B-T",
    ]  # fmt: skip
    again = bench.extended(found.signature, "P2")
    assert again.signature == found.signature
    assert bench.pki.count("/tsa/") == 1


# --- what others signed --------------------------------------------------------------------------


def told(bench: Bench, signature: bytes) -> dict[str, tuple[str | None, str | None, Sub | None]]:
    """Level, profile's answer and why not, by the signer's name."""
    return {
        entry.signer.holder if entry.signer else "": (
            entry.level,
            entry.profile.answer.value if entry.profile and entry.profile.answer else None,
            entry.subindication,
        )
        for entry in bench.report(signature).signatures
    }


@pytest.mark.parametrize(("other", "target"), [("P2", "B-LTA"), ("B-LT", "P4"), ("P2", "P4")])
def test_only_ones_own_signature_is_extended(bench: Bench, other: str, target: str) -> None:
    first = bench.made(other, "rsa")
    bench.wait(hours=25)
    before = told(bench, first)["RSA IŞIK"]
    both = two(bench, first, target)
    bench.pki.requests.clear()
    der = bench.pki.certificate("p384")
    found = extend.extended(both, CONTENT, TARGETS[target], bench.means, of=der)
    assert (found.missing, found.problem) == ((), None)
    after = told(bench, found.signature)
    assert after["RSA IŞIK"] == before
    assert after["P384 IŞIK"][0] == ("B-LTA" if target == "B-LTA" else "B-T")
    assert after["P384 IŞIK"][2] is None
    assert bench.pki.count("/tsa/") == (2 if target == "B-LTA" else 1)


def test_a_profile_that_forbids_it_gets_no_archive_time_stamp(bench: Bench) -> None:
    made = bench.made("P2")
    found = bench.extended(made, "B-LTA")
    assert isinstance(found.problem, ArchiveForbidden)
    assert (found.signature, found.problem.facts["profile"]) == (made, "P2")
    assert isinstance(
        extend.forbidden(two(bench, made), TARGETS["B-LTA"], bench.means), ArchiveForbidden
    )
    assert extend.forbidden(made, TARGETS["B-LT"], bench.means) is None


def test_a_signature_that_does_not_name_it_is_not_finished_to_a_profile(bench: Bench) -> None:
    both = two(bench, bench.made("B-LT", "rsa"), "P4")
    found = bench.extended(both, "P4")
    assert isinstance(found.problem, ProfileNotSigned)
    assert found.signature == both


@pytest.mark.parametrize("target", ["B-LT", "B-LTA"])
def test_es_xl_is_not_made_a_level_that_forbids_its_attributes(bench: Bench, target: str) -> None:
    made = bench.made("P4")
    bench.pki.requests.clear()
    found = bench.extended(made, target)
    assert isinstance(found.problem, LevelForbidden)
    assert found.signature == made
    assert bench.pki.requests == []


LONG_TERM = (
    cades.CERTIFICATE_REFERENCES,
    cades.REVOCATION_REFERENCES,
    cades.CERTIFICATE_VALUES,
    cades.REVOCATION_VALUES,
)


@pytest.mark.parametrize("there", [LONG_TERM[:1], LONG_TERM[:2], LONG_TERM[2:], LONG_TERM[:3]])
def test_es_c_is_not_given_a_second_set_of_references(
    bench: Bench, tmp_path: Path, there: tuple[str, ...]
) -> None:
    """References of other software's are there, values not yet: left as it is."""
    signer = signed_data.parse(bench.made("P4")).signers[0]
    values = [cades.attribute(oid, signer.unsigned_values(oid)[0].raw) for oid in there]
    only = attribute_writer.Additions(attributes={0: values})
    begun = attribute_writer.added(bench.extended(bench.signed(target="P4"), "B-T").signature, only)
    bench.pki.requests.clear()
    found = bench.extended(begun, "P4")
    assert isinstance(found.problem, ReferencesUnfinished)
    assert (found.signature, bench.pki.requests) == (begun, [])
    path = tmp_path / "a.p7m"
    path.write_bytes(begun)
    with pytest.raises((ReferencesUnfinished, SignatureUnproven)):
        job.extend_file(job.ExtendRequest(path, TARGETS["P4"]), bench.means)
    assert path.read_bytes() == begun


def test_references_that_are_wrong_are_not_missing(bench: Bench, tmp_path: Path) -> None:
    empty = [cades.attribute(oid, asn1.sequence()) for oid in LONG_TERM]
    stamped = bench.extended(bench.signed(target="P4"), "B-T").signature
    bad = attribute_writer.added(stamped, attribute_writer.Additions(attributes={0: empty}))
    report = bench.report(bad)
    assert report.subindication is Sub.POLICY_PROCESSING_ERROR
    assert isinstance(extend.refusal(report, TARGETS["P4"]), SignatureUnproven)
    path = tmp_path / "a.p7m"
    path.write_bytes(bad)
    with pytest.raises(SignatureUnproven):
        job.extend_file(job.ExtendRequest(path, TARGETS["P4"]), bench.means)
    assert path.read_bytes() == bad


def test_what_verifying_makes_less_of_is_told(bench: Bench) -> None:
    level = bench.report(bench.made("B-T"))
    assert extend.shortfall(level, TARGETS["B-T"]) is None
    assert extend.shortfall(level, TARGETS["B-LT"]) == "B-T"
    kept = bench.report(bench.made("P4"))
    assert extend.shortfall(kept, TARGETS["P4"]) is None
    (entry,) = kept.signatures
    assert entry.profile is not None
    refused = replace(entry, profile=replace(entry.profile, answer=Acceptance.REFUSED))
    report = replace(kept, signatures=(refused,))
    assert extend.shortfall(report, TARGETS["P4"]) == "EPES"


# --- revocation data from before the signature ---------------------------------------------------


def test_b_lt_takes_no_crl_from_before_the_time_stamp(bench: Bench) -> None:
    bench.now = bench.now.replace(second=30)  # a CRL is issued with each minute
    bench.pki.down.add("/ocsp/")
    first = bench.extended(bench.signed(), "B-LT")
    assert first.missing == (Step.VALUES,)
    assert isinstance(first.problem, NewerDataNeeded)
    since = datetime.fromisoformat(str(first.problem.facts["since"]))
    assert bench.now < since <= bench.now + timedelta(minutes=2)
    bench.now = since + timedelta(seconds=5)
    last = bench.extended(first.signature, "B-LT")
    assert (last.missing, last.problem) == ((), None)
    assert bench.pki.count("/tsa/") == 1
    bench.wait(days=2)
    report = bench.report(last.signature, offline=True)
    assert report.indication is Indication.PASSED  # by the data inside, for the stamp's time
    bench.pki.down.add("/crls/sub")  # the signer's own CA has gone
    assert bench.report(last.signature).indication is Indication.PASSED


def test_raising_asks_for_newer_data_than_a_signer_chose(bench: Bench) -> None:
    """A card that is revoked: the CRL inside, from before and still current, clears nobody."""
    sub = x509.load_der_x509_certificate(bench.pki.sub)
    older = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(sub.subject)
        .last_update(bench.now - timedelta(hours=7))
        .next_update(bench.now + DAY)
        .sign(bench.pki.private_key("sub"), hashes.SHA384())
    )
    inside = attribute_writer.Additions(revocation=[older.public_bytes(Encoding.DER)])
    signature = attribute_writer.added(bench.signed("revoked"), inside)
    report = bench.report(signature)
    assert report.subindication is Sub.REVOKED_NO_POE
    assert isinstance(extend.refusal(report, TARGETS["B-T"]), SignatureUnproven)
    good = attribute_writer.added(bench.signed(), inside)
    assert bench.report(good).indication is Indication.PASSED


def test_an_authoritys_datum_that_came_along_is_asked_anew(world: World) -> None:
    """A sub-CA's stolen key: its last good list is current for months, the next one out of turn."""
    stamp, hour = NOW - 10 * DAY, timedelta(hours=1)
    other = MadeUpCa.create(NOW)
    stamps = Stamper(service(other, "TSA", not_before=NOW - 30 * DAY))
    at_hand = [other.crl(this_update=NOW - hour, issuer=by) for by in ("sub", "root")]
    sub = world.ca.sub_authority.certificate.serial_number
    half_a_year = stamp + 180 * DAY
    forged = world.ca.crl(this_update=stamp + hour)
    older = world.ca.crl(this_update=stamp + DAY, next_update=half_a_year, issuer="root")
    gone = [Revoked(sub, stamp + 5 * DAY)]
    newer = world.ca.crl(gone, this_update=stamp + 5 * DAY, next_update=half_a_year, issuer="root")
    issued = world.recipe().issued
    honest = world.crl(Revoked(issued.serial, stamp - DAY), update=NOW - hour)

    def fetch(
        certificate: bytes, issuer: bytes, freshness: Freshness, now: datetime
    ) -> list[RevocationData]:
        return [RevocationData("crl", newer if certificate == world.ca.sub else honest, now)]

    def told(inside: tuple[bytes, ...], fetching: Fetch | None) -> Sub | None:
        unsigned = [stamps.over_signature(stamp + timedelta(minutes=1))]
        signature = Recipe(issued, stamp, unsigned=unsigned, crls=inside).build()
        validator = PathCheck(anchors=(world.ca.root, other.root), crls=tuple(at_hand))
        collector = DataCollector(validator, fetching)
        return validation.verify(
            signature, content=None, validator=collector, at=NOW, now=NOW
        ).subindication

    assert told((forged, older), fetch) is Sub.REVOKED_NO_POE
    assert told((), fetch) is Sub.REVOKED_NO_POE
    assert told((forged, older), None) is None  # nobody is there to be asked
