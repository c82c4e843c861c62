"""Verify a signature file, and put the report as the document that --json prints."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from esign_cli.foundation.turkish import mask
from esign_cli.outputs.json_data import pick
from esign_cli.signatures import validation
from esign_cli.signatures.cms.policies import POLICIES
from esign_cli.signatures.cms.report import (
    Acceptance,
    Check,
    PathValidator,
    ProfileReport,
    Report,
    SignatureReport,
    StampReport,
    Warned,
)
from esign_cli.signatures.files import beside_of

QUALIFIED = "qualified"
LEVELS = ("BES", "B-B", "B-T", "B-LT", "B-LTA")
"""From the weakest."""
REQUIREMENTS = (QUALIFIED, *LEVELS, *POLICIES)


@dataclass(frozen=True, slots=True)
class Verified:
    """The report, and the file that a detached signature was found to be over."""

    report: Report
    content: Path | None
    path: Path
    """The signature's own file."""
    sha256: str
    """Of that file, in lower-case hexadecimal."""


def verify_file(
    path: Path,
    content: Path | None,
    *,
    read: Callable[[Path], bytes],
    judge: PathValidator,
    at: datetime | None,
    now: datetime,
    out_of_time: Callable[[], bool] = lambda: False,
    policy_hashes: Sequence[str] = (),
) -> Verified:
    """The report on the signature in `path`, at time `at` (by default now).

    `policy_hashes` are SHA-256 values in hexadecimal that are accepted beside the known one.

    Without `content`, the file beside a .p7s that bears its name is taken, if the signature is
    detached. Raises what `read` raises.
    """
    signature = read(path)

    def judged(signed: Path | None) -> Verified:
        data = read(signed) if signed is not None else None
        report = validation.verify(
            signature,
            content=data,
            judge=judge,
            at=at or now,
            now=now,
            out_of_time=out_of_time,
            policy_hashes={"sha256": policy_hashes},
        )
        return Verified(report, signed, path, hashlib.sha256(signature).hexdigest())

    first = judged(content)
    beside = beside_of(path)
    if content is None and beside is not None and _wants_content(first.report):
        return judged(beside)
    return first


def _wants_content(report: Report) -> bool:
    return any(
        check.code == "content-missing" for entry in report.signatures for check in entry.checks
    )


def unmet(report: Report, required: Sequence[str]) -> list[str]:
    """Which of the requirements, words of REQUIREMENTS, not every signature keeps."""
    return [name for name in dict.fromkeys(required) if not _keeps(report, name)]


def _keeps(report: Report, name: str) -> bool:
    if name == QUALIFIED:
        found = [entry.qualified is True for entry in report.signatures]
        return bool(found) and all(found)
    if name in POLICIES:
        profiles = [entry.profile for entry in report.signatures]
        return bool(profiles) and all(
            p is not None and p.name == name and p.answer is Acceptance.ACCEPTED for p in profiles
        )
    return report.level in LEVELS and LEVELS.index(report.level) >= LEVELS.index(name)


def document(report: Report) -> dict[str, Any]:
    """The report as JSON values: times RFC 3339 in UTC, the national id masked."""
    return {
        **pick(report, "indication subindication level"),
        "validation_time": moment(report.validation_time),
        "best_signature_time": moment(report.best_signature_time),
        "signatures": [_signature(entry) for entry in report.signatures],
    }


def problems(report: Report) -> list[Mapping[str, Any]]:
    """Why there is no signature to report on, if there is none."""
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
        **pick(profile, "policy_uri=policy.address hash_accepted broken"),
        "final_from": moment(profile.final_from),
    }


def detail(said: Check | Warned | StampReport) -> str | None:
    """A code with its facts, as one stable string: "stale; certificate=…; source=crl"."""
    parts = (said.code, *(f"{name}={value}" for name, value in said.facts))
    return "; ".join(parts) if said.code else None


def moment(time: datetime | None) -> str | None:
    """RFC 3339, in UTC."""
    return time.astimezone(UTC).isoformat(timespec="seconds") if time else None
