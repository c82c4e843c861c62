"""Counter-signatures (RFC 5652 11.4): signatures over a signature value, judged and told.

Each is a signature of its own (ETSI EN 319 102-1 4.2.1 judges one signature at a time), and anybody
can add one that is bad: what it comes to changes nothing for the signature that it is over.
"""

from __future__ import annotations

from dataclasses import replace

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import cades
from esign_cli.signatures.cms import report as verification
from esign_cli.signatures.cms import signed_data
from esign_cli.signatures.cms.proof_of_existence import Existence
from esign_cli.signatures.cms.report import CounterReport, Finding, Indication, Result, Sub
from esign_cli.signatures.cms.structure import examine
from esign_cli.signatures.pki.asn1 import Node

MOST = 8


def judged(known: Existence) -> tuple[CounterReport, ...]:
    """Return the answer for each counter-signature, for the time at which it is proven to exist."""
    values = known.signer.unsigned_values(cades.COUNTERSIGNATURE)[:MOST]
    return tuple(_judged(known, value) for value in values)


def _judged(known: Existence, value: Node) -> CounterReport:
    try:
        signer = signed_data.signer_info(value)
    except Asn1Malformed:
        return CounterReport(Indication.FAILED, Sub.FORMAT_FAILURE, None, None)
    bare = replace(known.data, content=None)
    over = known.signer.signature
    structure = examine(bare, signer, over, latest=known.today, counter=True)
    findings = list(structure.findings)
    if structure.certificate is not None:
        answer = known.ask(structure.certificate.der, at=known.held(value.raw))
        findings += answer.findings
    sub = verification.worst(findings)
    indication = verification.indication(sub)
    return CounterReport(indication, sub, structure.certificate, structure.signing_time)


def finding(report: CounterReport) -> Finding:
    """Return a line of the report on the signature that it is over."""
    facts = (
        ("signer", report.signer.holder if report.signer else ""),
        ("subindication", str(report.subindication or "")),
    )
    if report.indication is Indication.PASSED:
        return Finding("counter-signature", "counter-good", None, facts)
    failed = report.indication is Indication.FAILED
    code = "counter-bad" if failed else "counter-undetermined"
    result = Result.FAILED if failed else Result.NOT_CHECKED
    return Finding("counter-signature", code, None, facts, result)
