"""What can be told of each file before the PIN is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from esign_cli.commands.sign.request import Item, Outcome, SignRequest
from esign_cli.foundation import files
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.environment import OutputExists
from esign_cli.signatures import creation, documents
from esign_cli.signatures import files as signature_files
from esign_cli.signatures.cms import envelope
from esign_cli.signatures.documents import Document
from esign_cli.signatures.files import Target


def inspect_file(request: SignRequest, certificate: Certificate, now: datetime) -> Iterator[Item]:
    """Yield each file once, with what can be told of it beforehand."""
    paths = list(dict.fromkeys(request.files))
    targets = {path: _target(request, path) for path in paths}
    outputs = {target.signature for path, target in targets.items() if target.signature != path}
    taken: set[Path] = set()
    left = documents.MOST_KEPT
    for path in paths:
        if path in outputs:
            continue  # `esign sign *`, run again: it is the signature of another one
        item = Item(path, targets[path])
        try:
            item = _looked_at_one(request, item, certificate, now, taken, left)
            yield item
        except EsignError as error:
            yield replace(item, outcome=Outcome.FAILED, error=error)
        taken.add(item.output)
        left -= item.kept


def _target(request: SignRequest, path: Path) -> Target:
    if request.add:
        return Target(signature_files.existing(path, request.folder))
    return Target.of_document(path, request.folder or path.parent, detached=request.detached)


def _looked_at_one(
    request: SignRequest,
    item: Item,
    certificate: Certificate,
    now: datetime,
    taken: set[Path],
    left: int,
) -> Item:
    """The file, or that it is signed already; raises what speaks against signing it."""
    if item.output in taken:
        raise OutputExists(path=str(item.output))
    document = _document(request, item, left)
    item = replace(item, document=document, target=_without_copy(item, document))
    again = request.force and not request.add
    if files.is_file(item.output) and not again and _is_signed(request, item, certificate, now):
        return _signed_before(request, item, certificate, now)
    signature_files.check(item.target, force=request.force or request.add)
    return item


def _document(request: SignRequest, item: Item, left: int) -> Document:
    """What is to be signed, read this once; kept if it is no more than what is `left` of memory."""
    if request.add and item.path == item.output:
        return documents.of_bytes(
            item.path, signature_files.content_of(item.path, item.output, add=True)
        )
    return documents.read(item.path, most=left)


def _without_copy(item: Item, document: Document) -> Target:
    """The target; the copy of a content that lies there already, whole, is not written again."""
    copy = item.target.content
    if copy is not None and files.is_file(copy):
        there = documents.read(copy, most=0)
        if there.sha256 == document.sha256:
            return Target(item.output)
    return item.target


def _is_signed(request: SignRequest, item: Item, certificate: Certificate, now: datetime) -> bool:
    """Whether the output is what would be written, but for its signing time and its level."""
    existing = files.read(item.output)
    if item.target.content is not None or (
        not request.add and envelope.is_pem(existing) is not request.pem
    ):
        return False
    if item.document is None:
        return False
    detached = None if request.add else request.detached
    return creation.stands(
        existing,
        item.document.content,
        certificate.der,
        detached=detached,
        now=now,
        policy=request.policy,
        alone=not request.add,
    )


def _signed_before(
    request: SignRequest, item: Item, certificate: Certificate, now: datetime
) -> Item:
    """The item passed over, or marked for extension where its level is not reached."""
    if request.extension is None:
        return replace(item, outcome=Outcome.SKIPPED, level=creation.LEVEL)
    content = signature_files.content_of(item.path, item.output)
    state = signature_files.state_of(item.output, content, request.extension, certificate.der)
    waits = state.final_from is not None and now < state.final_from
    outcome = Outcome.SKIPPED if waits or not state.missing else Outcome.EXTENDED
    return replace(item, outcome=outcome, level=state.level, final_from=state.final_from)
