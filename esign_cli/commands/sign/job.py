"""Sign files: one certificate, one login where the key allows it, one result a file.

Running it again signs only what is not signed yet, and raises what did not reach its level: what is
signed needs no PIN, and a time stamp that is there is not bought twice. What is wrong with one file
passes over that file; what is wrong with the login, the card or the disk ends the batch, since
every further file would meet it too. Files are extended after the card was let go of; where that
fails, each stays at the level that it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from esign_cli.commands.sign.preflight import inspect_file
from esign_cli.commands.sign.request import (
    Batch,
    Confirmation,
    Item,
    Outcome,
    Prompter,
    SignRequest,
)
from esign_cli.foundation import files
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors import EsignError, InputError
from esign_cli.foundation.errors import signatures as errors
from esign_cli.foundation.errors.environment import OutputUnwritable
from esign_cli.foundation.errors.network import HttpError
from esign_cli.signatures import creation, selection
from esign_cli.signatures import files as signature_files
from esign_cli.signatures.cms import envelope
from esign_cli.signatures.pki.algorithms import Content
from esign_cli.signatures.selection import Candidate, Keys, Wanted

if TYPE_CHECKING:
    from esign_cli.signatures.extend import ExtensionRequest

_OF_ALL = (HttpError, errors.TimeStampRefused, errors.TimeStampServerUnset)
"""What every further file would meet too when it is extended."""


def sign_files(
    request: SignRequest, keys: Keys, prompter: Prompter, now: Callable[[], datetime]
) -> Batch:
    """Sign the files of `request` that are not signed yet, and extend them all to its level.

    Raises what keeps everything from being signed before a PIN is asked for: the refusals of
    `selection.fitting`, the PIN's state, OutputFolderMissing, Declined.
    """
    begun = now()
    wanted = Wanted("", begun, request.certificate_sha256, request.allow_unqualified)
    chosen = selection.select_certificate(keys, wanted, prompter.choose)
    if request.folder is not None:
        files.check_folder(request.folder)
    items = list(inspect_file(request, chosen.certificate, begun))
    stopped = None
    if any(item.outcome is Outcome.NOT_TRIED for item in items):
        selection.check_pin(chosen, last_try=request.last_try)
        prompter.agree(_shown(request, chosen, items))
        stopped = _sign_all(request, items, chosen, keys, prompter, now)
    if request.extension is not None:
        _extend_all(request.extension, items, chosen.certificate, prompter)
    return Batch(tuple(items), chosen.certificate, stopped)


def _shown(request: SignRequest, chosen: Candidate, items: Sequence[Item]) -> Confirmation:
    of = {outcome: tuple(i for i in items if i.outcome is outcome) for outcome in Outcome}
    before = len(of[Outcome.SKIPPED]) + len(of[Outcome.EXTENDED])
    level = request.extension.target.name if request.extension else creation.LEVEL
    return Confirmation(chosen, of[Outcome.NOT_TRIED], before, len(of[Outcome.FAILED]), level)


def _sign_all(
    request: SignRequest,
    items: list[Item],
    chosen: Candidate,
    keys: Keys,
    prompter: Prompter,
    now: Callable[[], datetime],
) -> EsignError | None:
    """Sign those that wait, each in its place of the list; what ended it before its last file."""
    waiting = [number for number, item in enumerate(items) if item.outcome is Outcome.NOT_TRIED]
    current = -1  # nothing is tried before the login
    try:
        with keys.signer(chosen) as signer:
            for done, current in enumerate(waiting, 1):
                items[current] = _signed(request, items[current], chosen.certificate, signer, now)
                prompter.progress(done, len(waiting))
    except EsignError as error:
        if current >= 0 and items[current].outcome is Outcome.NOT_TRIED:
            items[current] = replace(items[current], outcome=Outcome.FAILED, error=error)
        return error
    return None


def _signed(
    request: SignRequest,
    item: Item,
    certificate: Certificate,
    signer: creation.Signer,
    now: Callable[[], datetime],
) -> Item:
    """The file signed, or failed by its own fault; raises what would stop all the others too."""
    assert item.document is not None  # noqa: S101  (what waits was read)
    at = now()
    selection.check_validity(certificate, at)
    try:
        document = item.document if request.detached and not request.add else item.document.whole()
        signature = _made(request, item, document.content, signer, at)
        written = item.target.write(signature, document)
    except (InputError, OutputUnwritable, errors.NothingToAddTo) as error:
        return replace(item, outcome=Outcome.FAILED, error=error)
    return replace(
        item,
        outcome=Outcome.SIGNED,
        written=written,
        signing_time=at.replace(microsecond=0),
        level=creation.LEVEL,
        changed=document.has_changed(),
    )


def _made(
    request: SignRequest, item: Item, content: Content, signer: creation.Signer, at: datetime
) -> bytes:
    """The signature file's bytes, DER or PEM."""
    mime_type = creation.content_type(content)
    if not request.add:
        signature = creation.cades(
            content,
            signer,
            signing_time=at,
            detached=request.detached,
            mime_type=mime_type,
            policy=request.policy,
        )
        return envelope.to_pem(signature) if request.pem else signature
    unwrapped = envelope.unwrap(files.read(item.output))
    signature = creation.added(
        unwrapped.der,
        content,
        signer,
        signing_time=at,
        mime_type=mime_type,
        policy=request.policy,
    )
    return unwrapped.wrap(signature)


# --- above B-B -----------------------------------------------------------------------------------


def _extend_all(
    extension: ExtensionRequest, items: list[Item], own: Certificate, prompter: Prompter
) -> None:
    """Raise what is signed, and nothing that others signed beside it.

    A server that does not answer is not asked again for the other files.
    """
    signed = [n for n, i in enumerate(items) if i.outcome in (Outcome.SIGNED, Outcome.EXTENDED)]
    problem: EsignError | None = None
    for done, number in enumerate(signed, 1):
        if problem is None:
            items[number] = _extended(extension, items[number], own)
            error = items[number].error
            problem = error if isinstance(error, _OF_ALL) else None
            prompter.progress(done, len(signed))
        else:
            items[number] = replace(items[number], error=problem)


def _content(item: Item) -> bytes:
    """What was signed, as it was read, or else as it lies there."""
    if item.document is not None and isinstance(item.document.content, bytes):
        return item.document.content
    return signature_files.content_of(item.path, item.output)


def _extended(extension: ExtensionRequest, item: Item, own: Certificate) -> Item:
    try:
        content = _content(item)
        done = signature_files.extend_file(item.output, content, extension, of=own.der)
    except EsignError as error:
        return replace(item, error=error)
    waits = isinstance(done.problem, errors.GraceRunning)
    there_before = item.outcome is Outcome.EXTENDED and not done.changed
    return replace(
        item,
        outcome=Outcome.SKIPPED if there_before else item.outcome,
        written=done.written,
        level=done.level,
        final_from=done.final_from,
        error=None if waits else done.problem,
    )
