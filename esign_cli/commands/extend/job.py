"""Extend a signature that is there: verified first, and nothing in it encoded anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.errors.signatures import NotASignature, VerifiedAsLess
from esign_cli.signatures import extend, validation
from esign_cli.signatures import files as signature_files
from esign_cli.signatures.cms import envelope, policies, signed_data
from esign_cli.signatures.cms.data_collector import DataCollector
from esign_cli.signatures.cms.report import Report
from esign_cli.signatures.extend import ExtensionRequest, ExtensionServices, Step, Target
from esign_cli.signatures.file_kinds import kind_of
from esign_cli.signatures.files import ExtendedFile


@dataclass(frozen=True, slots=True)
class ExtendRequest:
    """What was asked for on the command line."""

    path: Path
    target: Target | None
    """None: what it is already, renewed by an archive time stamp."""
    content: Path | None = None
    """What a detached signature is over; None: looked for beside it."""
    output: Path | None = None
    """Where the extended signature goes; None: in place of the old one."""
    archive: bool = False
    """An archive time stamp is added, also to one that has one already."""
    force: bool = False


@dataclass(frozen=True, slots=True)
class Extended:
    """What was done, and what the signature is now by the rules of verifying."""

    file: ExtendedFile
    wanted: str
    before: Report
    after: Report


def extend_file(request: ExtendRequest, means: ExtensionServices) -> Extended:
    """Extend the signature in a file.

    Raises what speaks against extending it (SignatureFailed, SignatureUnproven, ProfileNotSigned),
    Asn1Malformed, and what reading and writing raise; the file is then as it was.
    """
    if request.output is not None and request.output != request.path:
        files.check_output(request.output, force=request.force)
    signature = _signature(request.path)
    content = _content(request, signature)
    before = _verified(signature, content, means)
    target = _target(request, signature)
    refused = extend.refusal(before, target) or extend.forbidden(signature, target, means)
    if refused is not None:
        raise refused
    done = signature_files.extend_file(
        request.path,
        content,
        ExtensionRequest(target, means),
        to=request.output,
        again=request.archive,
    )
    after = before
    if done.changed:
        extended = _signature(done.written.path)
        after = _verified(extended, content, means)
    return Extended(_as_verified(done, target, after), target.name, before, after)


def _signature(path: Path) -> bytes:
    """The structure in the file; raises NotASignature for what cannot be extended in its place."""
    data = files.read(path)
    if not envelope.is_signature(data):
        raise NotASignature(path=str(path), kind=kind_of(data))
    unwrapped = envelope.unwrap(data)
    if unwrapped.wrapping is envelope.Wrapping.SMIME:
        raise NotASignature(path=str(path), kind=unwrapped.wrapping)
    return unwrapped.der


def _as_verified(done: ExtendedFile, target: Target, after: Report) -> ExtendedFile:
    """The same; if verifying makes less of it than was wanted, that is the problem."""
    level = extend.shortfall(after, target)
    if done.problem is not None or level is None:
        return done
    less = VerifiedAsLess(wanted=target.name, level=level)
    return replace(done, level=level, problem=less)


def _target(request: ExtendRequest, signature: bytes) -> Target:
    """The target, with an archive time stamp on top where one was asked for.

    Where only that was asked for, it is what the signature is already: its profile, or B-LTA.
    """
    target = request.target or _own_target(signature)
    steps = target.steps
    if request.archive and Step.ARCHIVE not in steps:
        steps = (*steps, Step.ARCHIVE)
    return Target(target.name, steps, target.policy)


def _own_target(signature: bytes) -> Target:
    named = {policies.oid_named(signer) for signer in signed_data.parse(signature).signers}
    known = [policies.BY_OID[oid].name for oid in named if oid in policies.BY_OID]
    return extend.TARGETS[known[0] if len(named) == 1 and known else "B-LTA"]


def _content(request: ExtendRequest, signature: bytes) -> bytes:
    if request.content is not None:
        return files.read(request.content)
    signed_data.parse(signature)
    return signature_files.content_of(request.path, request.path)


def _verified(signature: bytes, content: bytes, means: ExtensionServices) -> Report:
    now = means.now()
    validator = DataCollector(means.validator, means.fetch)
    return validation.verify(signature, content=content, validator=validator, at=now, now=now)
