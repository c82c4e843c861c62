"""Signatures extended to every level and profile, against real servers on loopback.

What is made here is checked at the end of the run by OpenSSL and Bouncy Castle too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from esign_cli.foundation.errors.network import HttpStatusBad
from esign_cli.foundation.errors.signatures import (
    GraceRunning,
    NotCleared,
    NothingToAddTo,
    NoTrustedPath,
    ProfileNotSigned,
    SignatureFailed,
    SignatureUnproven,
    TimeStampRefused,
    TimeStampWrong,
)
from esign_cli.signatures import cades, creation, extend, validation
from esign_cli.signatures.cms import attribute_writer, signed_data
from esign_cli.signatures.cms.data_collector import DataCollector
from esign_cli.signatures.cms.report import Acceptance, Indication, StampKind
from esign_cli.signatures.extend import TARGETS, Step
from esign_cli.signatures.pki import algorithms, asn1
from esign_cli.signatures.time_stamp_client import TimeStampServer
from tests.support.certomancer_server import Pki, refusal
from tests.support.extension import Bench
from tests.support.long_term import Stamper
from tests.support.signatures import CONTENT, KeySigner


@pytest.fixture
def bench(pki: Pki, tmp_path: Path) -> Bench:
    return Bench(pki, tmp_path / "cache")


def runs(signature: bytes) -> list[bytes]:
    """Every piece of a signature that may never change: all but lengths and version."""
    data = signed_data.parse(signature)
    found = [*data.certificates_wire, *data.revocation_wire]
    for signer in data.signers:
        found += signer.fields
        for attribute in signer.unsigned:
            found += [value.raw for value in attribute.values]
    return found + ([data.content] if data.content else [])


# --- every level and profile ---------------------------------------------------------------------


@pytest.mark.parametrize("label", ["rsa", "p384"])
@pytest.mark.parametrize("detached", [False, True], ids=["attached", "detached"])
@pytest.mark.parametrize("target", [name for name in TARGETS if name not in ("B-B", "P1")])
def test_every_target(bench: Bench, target: str, label: str, detached: bool) -> None:
    made = bench.made(target, label, detached=detached)
    report = bench.report(made)
    (entry,) = report.signatures
    assert (signed_data.parse(made).content is None) is detached
    if TARGETS[target].policy is None:
        assert (report.indication, report.level) == (Indication.PASSED, target)
        return
    assert entry.profile is not None
    assert entry.profile.name == target
    assert entry.profile.broken == ()
    if target == "P2":  # its grace period has only begun
        assert entry.profile.answer is Acceptance.PRELIMINARY
        bench.wait(hours=24, minutes=2)
        (entry,) = bench.report(made).signatures
    assert entry.profile is not None
    assert entry.profile.answer is Acceptance.ACCEPTED


@pytest.mark.parametrize("target", ["B-LT", "B-LTA", "P4"])
def test_a_long_term_signature_asks_for_its_newest_time_stamp_alone(
    bench: Bench, target: str
) -> None:
    made = bench.made(target)
    assert bench.report(made, offline=True).indication is Indication.PASSED
    bench.wait(days=2)
    assert bench.report(made, offline=True).indication is Indication.PASSED
    bench.pki.requests.clear()
    bench.pki.down.update(("/ocsp/", "/crls/sub"))  # the signer's CA has gone
    report = bench.report(made)
    assert report.indication is Indication.PASSED
    validator = DataCollector(bench.validator, bench.fetcher)
    validation.verify(made, content=CONTENT, validator=validator, at=bench.now, now=bench.now)
    authority = bench.pki.certificate("tsa")
    assert all(a.at < bench.now for a in validator.asked if a.certificate != authority)


def test_each_step_keeps_every_byte_that_was_there(bench: Bench) -> None:
    before = bench.signed()
    for target in ("B-T", "B-LT", "B-LTA"):
        bench.wait(seconds=2)
        after = bench.extended(before, target).signature
        kept = runs(after)
        assert all(piece in kept for piece in runs(before))
        assert len(kept) > len(runs(before))
        before = after


def test_an_ocsp_answer_makes_it_version_5_and_only_then(bench: Bench) -> None:
    data = signed_data.parse(bench.made("B-LT"))
    assert data.ocsps  # the signer's, by id-ri-ocsp-response
    assert data.version == 5
    assert signed_data.parse(bench.made("B-T")).version == 1


def test_the_root_stays_outside_of_signed_data(bench: Bench) -> None:
    data = signed_data.parse(bench.made("B-LTA"))
    assert bench.pki.root not in data.certificates
    assert bench.pki.certificate("tsa-ca") in data.certificates


def test_es_xl_has_its_four_attributes_and_no_other_values(bench: Bench) -> None:
    data = signed_data.parse(bench.made("P4"))
    kinds = sorted(attribute.oid for attribute in data.signers[0].unsigned)
    assert kinds == sorted(
        [
            cades.SIGNATURE_TIME_STAMP,
            cades.CERTIFICATE_REFERENCES,
            cades.REVOCATION_REFERENCES,
            cades.CERTIFICATE_VALUES,
            cades.REVOCATION_VALUES,
        ]
    )
    assert data.revocation_wire == ()
    (references,) = data.signers[0].unsigned_values(cades.CERTIFICATE_REFERENCES)
    assert len(references.children()) == 2  # sub-CA and root: not the signer
    (values,) = data.signers[0].unsigned_values(cades.CERTIFICATE_VALUES)
    there = {node.raw for node in values.children()}
    pki = bench.pki
    assert there == {
        pki.certificate(n) for n in ("p384", "sub", "root", "tsa", "tsa-ca")
    }  # fmt: skip


def test_with_an_archive_time_stamp_a_profile_stays_itself(bench: Bench) -> None:
    made = bench.made("P4")
    target = extend.Target("P4", (*TARGETS["P4"].steps, Step.ARCHIVE), TARGETS["P4"].policy)
    found = extend.extended(made, CONTENT, target, bench.means)
    assert (found.problem, found.missing) == (None, ())
    (entry,) = bench.report(found.signature).signatures
    assert entry.profile is not None
    assert entry.profile.answer is Acceptance.ACCEPTED
    assert [stamp.kind for stamp in entry.stamps if stamp.good] == [
        StampKind.ARCHIVE, StampKind.SIGNATURE,
    ]  # fmt: skip


def test_an_archive_time_stamp_is_renewed(bench: Bench) -> None:
    made = bench.made("B-LTA")
    assert bench.extended(made, "B-LTA").signature == made  # there is one: nothing to do
    bench.wait(days=30)
    again = bench.extended(made, "B-LTA", again=True)
    assert again.problem is None
    kept = runs(again.signature)
    assert all(piece in kept for piece in runs(made))
    report = bench.report(again.signature)
    assert (report.indication, report.level) == (Indication.PASSED, "B-LTA")
    good = [s for s in report.signatures[0].stamps if s.good and s.kind is StampKind.ARCHIVE]
    assert len(good) == 2


def test_an_archive_time_stamp_that_leaves_the_first_one_out_is_none(bench: Bench) -> None:
    stamper = Stamper(bench.pki.issued("tsa"))
    made = stamper.archived(bench.made("B-LT"), bench.now, content=CONTENT, no_attributes=True)
    assert bench.report(made).level == "B-LT"
    found = bench.extended(made, "B-LTA")
    assert found.problem is None
    assert bench.report(found.signature).level == "B-LTA"


# --- what does not come --------------------------------------------------------------------------


def test_without_the_time_stamp_server_it_stays_b_b_and_later_buys_one_stamp(bench: Bench) -> None:
    bench.pki.down.add("/tsa/")
    signature = bench.signed()
    found = bench.extended(signature, "B-LT")
    assert found.signature == signature
    assert found.missing == (Step.STAMP, Step.VALUES)
    assert isinstance(found.problem, HttpStatusBad)
    bench.pki.fresh()
    bench.pki.now = lambda: bench.now
    bench.pki.down.update(("/crls/", "/ocsp/"))
    found = bench.extended(signature, "B-LT")
    assert found.missing == (Step.VALUES,)
    assert isinstance(found.problem, NotCleared)
    assert extend.reached(TARGETS["B-LT"], found.missing) == "B-T"
    bench.pki.down.clear()
    found = bench.extended(found.signature, "B-LT")
    assert (found.problem, found.missing) == (None, ())
    assert bench.pki.count("/tsa/") == 1


@pytest.mark.parametrize("answer", [refusal("no"), b"<html>", b""])
def test_what_is_no_time_stamp_is_not_put_in(bench: Bench, answer: bytes) -> None:
    bench.pki.instead["/tsa/"] = lambda _right: answer
    signature = bench.signed()
    found = bench.extended(signature, "B-T")
    assert (found.signature, found.missing) == (signature, (Step.STAMP,))
    assert isinstance(found.problem, TimeStampRefused | TimeStampWrong)


@pytest.mark.parametrize(
    ("target", "off"), [("B-T", timedelta(minutes=-6)), ("P2", timedelta(hours=2, minutes=1))]
)
def test_a_time_stamp_too_far_from_the_signing_time_is_not_put_in(
    bench: Bench, target: str, off: timedelta
) -> None:
    signature = bench.signed(target=target)
    bench.pki.now = lambda: bench.now + off
    found = bench.extended(signature, target)
    assert found.signature == signature
    assert isinstance(found.problem, TimeStampWrong)
    assert found.problem.facts["problem"] == "stamp-too-far"


def test_a_time_stamp_by_somebody_else_is_not_put_in(bench: Bench) -> None:
    """The token's signature is spoiled on its way."""
    bench.pki.instead["/tsa/"] = lambda right: right[:-1] + bytes((right[-1] ^ 1,))
    signature = bench.signed()
    found = bench.extended(signature, "B-T")
    assert found.signature == signature
    assert isinstance(found.problem, TimeStampWrong)
    assert found.problem.facts["problem"] == "signature-wrong"


def test_a_time_stamp_by_what_is_no_authority_is_not_put_in(bench: Bench) -> None:
    stamps = TimeStampServer(bench.pki.soft_tsa_url, allow_private=True)
    means = replace(bench.means, stamps=stamps)
    found = extend.extended(bench.signed(), CONTENT, TARGETS["B-T"], means)
    assert found.missing == (Step.STAMP,)
    assert isinstance(found.problem, TimeStampWrong)
    assert found.problem.facts["problem"] == "stamp-not-by-authority"


@pytest.mark.parametrize(("label", "because"), [("revoked", "revoked"), ("suspended", "suspended")])
def test_a_certificate_that_is_not_good_gets_no_validation_data(
    bench: Bench, label: str, because: str
) -> None:
    found = bench.extended(bench.signed(label), "B-LT")
    assert found.missing == (Step.VALUES,)
    assert isinstance(found.problem, NotCleared)
    assert found.problem.facts["because"] == because


def test_without_a_trusted_root_it_stays_b_b_and_the_stamp_is_kept(bench: Bench) -> None:
    means = bench.means
    nobody = extend.ExtensionServices(
        means.now, type(bench.validator)(anchors=()), means.stamps, means.fetch
    )
    found = extend.extended(bench.signed(), CONTENT, TARGETS["B-LT"], nobody)
    assert found.missing == (Step.STAMP, Step.VALUES)
    assert extend.reached(TARGETS["B-LT"], found.missing) == "B-B"  # as verifying tells it
    assert isinstance(found.problem, NoTrustedPath)
    for target in ("B-T", "P2"):
        signature = bench.signed(target=target)
        once = extend.extended(signature, CONTENT, TARGETS[target], nobody)
        again = extend.extended(once.signature, CONTENT, TARGETS[target], nobody)
        assert once.signature == again.signature != signature
        assert once.missing == again.missing == (Step.STAMP,)
        assert isinstance(again.problem, NoTrustedPath)
    assert bench.pki.count("/tsa/") == 3  # and none for what was run again
    assert not bench.pki.count(
        "/ocsp/"
    )  # nobody's address is called for a certificate from nowhere


# --- the grace period of P3 ----------------------------------------------------------------------


def test_p3_waits_for_its_grace_period_and_takes_a_crl_from_after_it(bench: Bench) -> None:
    begun = bench.now
    first = bench.extended(bench.signed(target="P3"), "P3")
    assert first.missing == (Step.REFERENCES,)
    assert first.final_from == begun.replace(microsecond=0) + timedelta(hours=24)
    bench.wait(hours=23)
    soon = bench.extended(first.signature, "P3")
    assert soon.signature == first.signature
    assert isinstance(soon.problem, GraceRunning)
    bench.now = first.final_from
    bench.pki.now = lambda: bench.now - timedelta(minutes=5)  # the CRL there is older than that
    early = bench.extended(first.signature, "P3")
    assert early.signature == first.signature
    assert isinstance(early.problem, NotCleared)
    bench.pki.now = lambda: bench.now
    bench.wait(minutes=2)
    last = bench.extended(first.signature, "P3")
    assert (last.missing, last.problem) == ((), None)
    (values,) = (
        signed_data.parse(last.signature).signers[0].unsigned_values(cades.REVOCATION_VALUES)
    )
    kinds = [field.identifier for field in values.children()]
    assert asn1.context(0) in kinds  # CRLs
    assert bench.pki.count("/tsa/") == 1


# --- what may be extended -------------------------------------------------------------------------


def test_what_is_not_valid_is_refused(bench: Bench) -> None:
    good = bench.signed()
    bad = good[:-1] + bytes((good[-1] ^ 1,))
    assert extend.refusal(bench.report(good), TARGETS["B-T"]) is None
    refused = extend.refusal(bench.report(bad), TARGETS["B-T"])
    assert isinstance(refused, SignatureFailed)
    refused = extend.refusal(bench.report(bench.signed("revoked")), TARGETS["B-T"])
    assert isinstance(refused, SignatureUnproven)
    assert refused.facts["sub"] == "REVOKED_NO_POE"


def test_a_profile_has_to_be_signed(bench: Bench) -> None:
    refused = extend.refusal(bench.report(bench.signed()), TARGETS["P4"])
    assert isinstance(refused, ProfileNotSigned)
    assert extend.refusal(bench.report(bench.signed(target="P4")), TARGETS["P4"]) is None
    refused = extend.refusal(bench.report(bench.signed(target="P2")), TARGETS["P4"])
    assert isinstance(refused, ProfileNotSigned)


# --- several signers -----------------------------------------------------------------------------


@pytest.mark.parametrize("detached", [False, True])
def test_a_signature_beside_another(bench: Bench, detached: bool) -> None:
    first = bench.made("B-LT", "rsa", detached=detached)
    both = creation.added(
        first,
        CONTENT,
        KeySigner(bench.pki.issued("p384")),
        signing_time=bench.now,
        mime_type=None,
    )
    kept = runs(both)
    assert all(piece in kept for piece in runs(first))
    data = signed_data.parse(both)
    assert {s.digest.digest for s in data.signers} == {"sha256", "sha384"}
    assert len(set(data.digests)) == 2
    report = bench.report(both)
    assert report.indication is Indication.PASSED
    assert sorted(str(entry.level) for entry in report.signatures) == ["B-B", "B-LT"]
    extended = bench.extended(both, "B-LT")
    assert extended.problem is None
    assert bench.report(extended.signature, offline=True).level == "B-LT"
    assert bench.pki.count("/tsa/") == 2  # one each


@pytest.mark.parametrize("spoilt", ["content", "signature", "nothing"])
def test_no_signature_is_added_to_what_does_not_hold(bench: Bench, spoilt: str) -> None:
    signature = bench.signed(detached=True)
    content = CONTENT + b"x" if spoilt == "content" else CONTENT
    if spoilt == "signature":
        signature = signature[:-1] + bytes((signature[-1] ^ 1,))
    elif spoilt == "nothing":
        signature = b"no signature"
    signer = KeySigner(bench.pki.issued("rsa"))
    with pytest.raises(NothingToAddTo):
        creation.added(signature, content, signer, signing_time=bench.now, mime_type=None)


# --- splicing ------------------------------------------------------------------------------------


def indefinite(node: asn1.Node, layers: int = 3) -> bytes:
    """The outer layers of a signature with indefinite lengths, as some software writes them."""
    if not layers or not node.constructed:
        return node.raw
    inside = b"".join(indefinite(child, layers - 1) for child in node)
    return bytes((node.identifier, 0x80)) + inside + b"\0\0"


def test_ber_stays_ber(bench: Bench) -> None:
    written = indefinite(asn1.read(bench.signed()))
    assert b"\x30\x80" in written
    found = bench.extended(written, "B-LT")
    assert found.problem is None
    assert found.signature[:2] == b"\x30\x80"
    kept = runs(found.signature)
    assert all(piece in kept for piece in runs(written))
    assert bench.report(found.signature).level == "B-LT"


def test_a_set_that_is_not_sorted_keeps_its_order(bench: Bench) -> None:
    first = asn1.sequence(asn1.oid("1.2.3"), asn1.set_of(asn1.integer(9)))
    second = asn1.sequence(asn1.oid("1.2.3"), asn1.set_of(asn1.integer(1)))
    unsorted = attribute_writer.added(
        bench.signed(), attribute_writer.Additions(attributes={0: [first]})
    )
    at = unsorted.index(first)
    wrapped = asn1.tlv(asn1.context(1), first)
    assert unsorted.endswith(wrapped)
    both = attribute_writer.added(
        bench.signed(), attribute_writer.Additions(attributes={0: [second, first]})
    )
    swapped = both.replace(second + first, first + second)
    assert swapped != both
    third = asn1.sequence(asn1.oid("1.2.3"), asn1.set_of(asn1.integer(0)))
    more = attribute_writer.added(swapped, attribute_writer.Additions(attributes={0: [third]}))
    assert first + second + third in more
    assert at


def test_what_is_there_is_not_added_twice(bench: Bench) -> None:
    made = bench.made("B-LT")
    data = signed_data.parse(made)
    again = attribute_writer.Additions(
        certificates=data.certificates_wire,
        revocation=data.revocation_wire,
        digests=[algorithms.digest_identifier("sha384")],
    )
    assert attribute_writer.added(made, again) == made


def test_what_a_signature_lacks_is_told_offline_and_also_years_later(bench: Bench) -> None:
    made = {target: bench.made(target) for target in ("B-T", "B-LT", "B-LTA", "P4")}
    bench.wait(days=3000)  # every certificate's data have ended long ago
    bench.pki.requests.clear()

    def lacking(of: str, target: str) -> tuple[Step, ...]:
        return extend.missing(made[of], TARGETS[target], bench.means)

    assert lacking("B-T", "B-LTA") == (Step.VALUES, Step.ARCHIVE)
    assert lacking("B-LT", "B-LT") == lacking("B-LTA", "B-LTA") == lacking("P4", "P4") == ()
    assert lacking("P4", "B-LT") == (Step.VALUES,)
    assert bench.pki.requests == []
