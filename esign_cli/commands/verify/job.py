"""Verify a file: a signature, or a container with signatures in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from esign_cli.foundation.errors.signatures import NotASignature
from esign_cli.signatures import files, validation
from esign_cli.signatures.cms import envelope
from esign_cli.signatures.cms.policies import POLICIES
from esign_cli.signatures.cms.report import Acceptance, PathValidator, Report
from esign_cli.signatures.validation import Around

if TYPE_CHECKING:
    from esign_cli.signatures.containers import Container

QUALIFIED = "qualified"
LEVELS = ("BES", "B-B", "B-T", "B-LT", "B-LTA")
"""From the weakest."""
REQUIREMENTS = (QUALIFIED, *LEVELS, *POLICIES)


@dataclass(frozen=True, slots=True)
class Content:
    """What a signature outside its content was judged over."""

    name: str
    """The file's path, or the name of a container's part."""
    sha256: str
    """In lower-case hexadecimal."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The report on a file, and what was found to be signed."""

    report: Report
    content: Content | None
    path: Path
    """The signature's own file."""
    sha256: str
    """Of that file, in lower-case hexadecimal."""
    container: Container | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """What every file is judged with; times are aware."""

    validator: PathValidator
    now: datetime
    at: datetime | None = None
    """The time to judge for; None: now."""
    out_of_time: Callable[[], bool] = lambda: False
    policy_hashes: Sequence[str] = ()
    """SHA-256 values in hexadecimal that are accepted beside the known one."""

    def report(
        self, signature: bytes, content: bytes | None, around: Around | None = None
    ) -> Report:
        """Return the report on one signature."""
        return validation.verify(
            signature,
            content=content,
            validator=self.validator,
            at=self.at or self.now,
            now=self.now,
            out_of_time=self.out_of_time,
            policy_hashes={"sha256": self.policy_hashes},
            around=around,
        )


def verify_file(
    path: Path, content: Path | None, *, read: Callable[[Path], bytes], conditions: Conditions
) -> Verified:
    """Return the report on the signature, or the container of signatures, in `path`.

    Without `content`, the file beside a .p7s that bears its name is taken, if the signature is
    outside its content. Raises NotASignature, ContainerUnreadable, ContainerTooLarge,
    ContainerUnsupported, ContentAmbiguous, and what `read` raises.
    """
    data = read(path)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(_ZIP) and (container := _container(data)) is not None:
        return Verified(_enclosed(container, conditions), None, path, digest, container)
    if not envelope.is_signature(data):
        from esign_cli.signatures.file_kinds import kind_of

        raise NotASignature(path=str(path), kind=kind_of(data))
    if content is not None:
        return _judged(path, data, digest, content, read(content), conditions)
    report = conditions.report(data, None)
    if _wants_content(report):
        inside = envelope.unwrap(data).content  # of an S/MIME message in two parts
        beside = files.content_beside(path) if inside is None else path
        if beside is not None:
            signed = read(beside) if inside is None else inside
            return _judged(path, data, digest, beside, signed, conditions)
    return Verified(report, None, path, digest)


_ZIP = b"PK"


def _container(data: bytes) -> Container | None:
    from esign_cli.signatures import containers

    return containers.read_container(data)


def _judged(
    path: Path, data: bytes, digest: str, name: Path, content: bytes, conditions: Conditions
) -> Verified:
    content_seen = Content(str(name), hashlib.sha256(content).hexdigest())
    return Verified(conditions.report(data, content), content_seen, path, digest)


def _enclosed(container: Container, conditions: Conditions) -> Report:
    """The reports on every signature of a container in one, the worst of them for all."""
    from esign_cli.signatures.containers import coverage

    warned = coverage.warnings(container)
    reports = [
        _in_place(
            conditions.report(
                one.signature, one.content, Around(coverage.findings(container, one), warned)
            ),
            one.name,
        )
        for one in container.signatures
    ]
    return validation.together(reports)


def _in_place(report: Report, part: str) -> Report:
    return replace(report, signatures=tuple(replace(s, part=part) for s in report.signatures))


def _wants_content(report: Report) -> bool:
    return any(
        check.code == "content-missing" for entry in report.signatures for check in entry.checks
    )


def unmet(report: Report, required: Sequence[str]) -> list[str]:
    """Return which of the requirements, words of REQUIREMENTS, not every signature keeps."""
    return [name for name in dict.fromkeys(required) if not _keeps(report, name)]


def _keeps(report: Report, name: str) -> bool:
    if name == QUALIFIED:
        qualified = [entry.qualified is True for entry in report.signatures]
        return bool(qualified) and all(qualified)
    if name in POLICIES:
        profiles = [entry.profile for entry in report.signatures]
        return bool(profiles) and all(
            p is not None and p.name == name and p.answer is Acceptance.ACCEPTED for p in profiles
        )
    return report.level in LEVELS and LEVELS.index(report.level) >= LEVELS.index(name)
