"""A verification as the document that --json prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from esign_cli.commands.verify.job import Verified
from esign_cli.foundation.turkish import mask
from esign_cli.outputs.json_data import pick
from esign_cli.signatures.cms.report import (
    Check,
    ProfileReport,
    Report,
    SignatureReport,
    StampReport,
    Warned,
)


def data(verified: Verified, required: Sequence[str], missing: Sequence[str]) -> dict[str, Any]:
    """Return one file's verification: where it lies, its verdict, each signature in it."""
    content, container = verified.content, verified.container
    return {
        **document(verified.report),
        "required": [{"name": n, "met": n not in missing} for n in dict.fromkeys(required)],
        "path": str(verified.path),
        "sha256": verified.sha256,
        "content": {"path": content.name, "sha256": content.sha256} if content else None,
        "container": (
            {"kind": container.kind, "version": container.version or None} if container else None
        ),
    }


def worst(every: Sequence[Verified]) -> str | None:
    """Return the worst indication of several files; None: none of them could be read."""
    order = ("TOTAL-FAILED", "INDETERMINATE", "TOTAL-PASSED")
    indications = {verified.report.indication.value for verified in every}
    return next((name for name in order if name in indications), None)


def document(report: Report) -> dict[str, Any]:
    """Return the report as JSON values: times RFC 3339 in UTC, the national id masked."""
    return {
        **pick(report, "indication subindication level"),
        "validation_time": moment(report.validation_time),
        "best_signature_time": moment(report.best_signature_time),
        "signatures": [_signature(entry) for entry in report.signatures],
    }


def problems(report: Report) -> list[Mapping[str, Any]]:
    """Return why there is no signature to report on, if there is none."""
    if report.problem is None:
        return []
    return [{"code": report.problem.code, **dict(report.problem.facts)}]


def _signature(entry: SignatureReport) -> dict[str, Any]:
    signer = entry.signer
    return {
        **pick(signer, "signer=holder"),
        "national_id": mask(signer.national_id) if signer and signer.national_id else None,
        "signing_time": moment(entry.signing_time),
        **pick(entry, "qualified indication subindication anchor=anchor.holder"),
        "revocation": [
            {**pick(datum, "certificate source"), "this_update": moment(datum.this_update)}
            for datum in entry.evidence
        ],
        "checks": [
            {**pick(check, "name result"), "detail": detail(check)} for check in entry.checks
        ],
        "warnings": [detail(warning) for warning in entry.warnings],
        "level": entry.level,
        "best_signature_time": moment(entry.best_signature_time),
        "time_stamps": [_stamp(stamp) for stamp in entry.stamps],
        "counter_signatures": [
            {
                **pick(counter, "indication subindication signer=signer.holder"),
                "signing_time": moment(counter.signing_time),
            }
            for counter in entry.counters
        ],
        "profile": _profile(entry.profile) if entry.profile else None,
        "part": entry.part or None,
        **pick(signer, "issuer serial seal"),
        "tax_number": signer.tax_number or None if signer else None,
    }


def _stamp(stamp: StampReport) -> dict[str, Any]:
    return {
        "kind": stamp.kind.value,
        "time": moment(stamp.time),
        "good": stamp.good,
        "detail": detail(stamp),
        **pick(stamp, "authority=authority.holder anchor=anchor.holder"),
        "judged_for": moment(stamp.proven),
    }


def _profile(profile: ProfileReport) -> dict[str, Any]:
    policy = profile.policy
    return {
        **pick(profile, "name answer policy_oid=policy.oid policy_digest=policy.digest"),
        "policy_hash": policy.value.hex() or None if policy else None,
        **pick(
            profile, "policy_uri=policy.address policy_notice=policy.notice hash_accepted broken"
        ),
        "final_from": moment(profile.final_from),
    }


def detail(said: Check | Warned | StampReport) -> str | None:
    """Return a code with its facts, as one stable string: "stale; certificate=…; source=crl"."""
    parts = (said.code, *(f"{name}={value}" for name, value in said.facts))
    return "; ".join(parts) if said.code else None


def moment(time: datetime | None) -> str | None:
    """Write a moment by RFC 3339, in UTC."""
    return time.astimezone(UTC).isoformat(timespec="seconds") if time else None
