"""Sign files: one certificate, one login where the key allows it, one result a file.

Running it again signs only what is not signed yet, and raises what did not reach its level: what is
signed needs no PIN, and a time stamp that is there is not bought twice. What is wrong with one file
passes over that file; what is wrong with the login, the card or the disk ends the batch, since
every further file would meet it too. Files are raised after the card was let go of; where that
fails, each stays at the level that it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from esign_cli import choosing, errors, files, sign, signature_files
from esign_cli.choosing import Candidate, Keys, Wanted
from esign_cli.cms import signed_data
from esign_cli.model import Certificate
from esign_cli.signature_files import Target, Written

if TYPE_CHECKING:
    from esign_cli.cms.policies import Policy
    from esign_cli.extend import Raising

LEVEL = "B-B"
"""The CAdES level of what the key signs."""
_OF_ALL = (errors.HttpFailed, errors.TimeStampRefused, errors.TimeStampServerUnset)
"""What every further file would meet too when it is raised."""


class Outcome(StrEnum):
    """What became of a file."""

    SIGNED = "signed"
    RAISED = "raised"
    """Its signature was there, and only its level was not."""
    SKIPPED = "skipped"
    """Its signature is there, by the same certificate, over the same content, at its level."""
    FAILED = "failed"
    NOT_TRIED = "not-tried"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the batch."""

    path: Path
    target: Target
    outcome: Outcome = Outcome.NOT_TRIED
    written: Written | None = None
    signing_time: datetime | None = None
    error: errors.EsignError | None = None
    level: str | None = None
    """What its signature is; None: it has none."""
    final_from: datetime | None = None
    """When the rest can be done at the earliest (P3)."""

    @property
    def output(self) -> Path:
        """Where its signature lies, or would."""
        return self.target.signature


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    files: tuple[Path, ...]
    folder: Path | None = None
    """Where the signatures go; None: each beside its file."""
    detached: bool = False
    pem: bool = False
    certificate_sha256: str = ""
    force: bool = False
    allow_unqualified: bool = False
    last_try: bool = False
    add: bool = False
    """One more signature beside those that are there."""
    raising: Raising | None = None
    """To what level, if above B-B, and with what."""

    @property
    def policy(self) -> Policy | None:
        """The signature policy that is named."""
        return self.raising.target.policy if self.raising else None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the signer sees before the PIN."""

    candidate: Candidate
    waiting: tuple[Item, ...]
    skipped: int
    failed: int
    level: str = LEVEL
    """To what the signatures will be raised: a level or a profile."""


class Desk(Protocol):
    """The person who signs."""

    def choose(self, candidates: Sequence[Candidate]) -> Candidate:
        """One of several that could sign; raises `choosing.ambiguity` if nobody can say."""
        ...

    def agree(self, shown: Shown) -> None:
        """Show what will be signed and go on only with consent; raises Declined."""
        ...

    def progress(self, done: int, total: int) -> None:
        """Told after each file."""
        ...


@dataclass(frozen=True, slots=True)
class Batch:
    """What was done."""

    items: tuple[Item, ...]
    certificate: Certificate
    stopped: errors.EsignError | None = None
    """What ended it before its last file."""

    def count(self, outcome: Outcome) -> int:
        """How many files came to this."""
        return sum(item.outcome is outcome for item in self.items)


def sign_files(wish: Wish, keys: Keys, desk: Desk, now: Callable[[], datetime]) -> Batch:
    """Sign the files of `wish` that are not signed yet, and raise them all to its level.

    Raises what keeps everything from being signed before a PIN is asked for: the refusals of
    `choosing.fitting`, the PIN's state, OutputFolderMissing, Declined.
    """
    begun = now()
    wanted = Wanted("", begun, wish.certificate_sha256, wish.allow_unqualified)
    chosen = choosing.settle(keys, wanted, desk.choose)
    if wish.folder is not None:
        files.check_folder(wish.folder)
    items = list(_looked_at(wish, chosen.certificate, begun))
    stopped = None
    if any(item.outcome is Outcome.NOT_TRIED for item in items):
        choosing.check_pin(chosen, last_try=wish.last_try)
        desk.agree(_shown(wish, chosen, items))
        stopped = _sign_all(wish, items, chosen, keys, desk, now)
    if wish.raising is not None:
        _raise_all(wish.raising, items, desk)
    return Batch(tuple(items), chosen.certificate, stopped)


def _shown(wish: Wish, chosen: Candidate, items: Sequence[Item]) -> Shown:
    of = {outcome: tuple(i for i in items if i.outcome is outcome) for outcome in Outcome}
    before = len(of[Outcome.SKIPPED]) + len(of[Outcome.RAISED])
    level = wish.raising.target.name if wish.raising else LEVEL
    return Shown(chosen, of[Outcome.NOT_TRIED], before, len(of[Outcome.FAILED]), level)


def _sign_all(
    wish: Wish,
    items: list[Item],
    chosen: Candidate,
    keys: Keys,
    desk: Desk,
    now: Callable[[], datetime],
) -> errors.EsignError | None:
    """Sign those that wait, each in its place of the list; what ended it before its last file."""
    waiting = [number for number, item in enumerate(items) if item.outcome is Outcome.NOT_TRIED]
    current = -1  # nothing is tried before the login
    try:
        with keys.signer(chosen) as signer:
            for done, current in enumerate(waiting, 1):
                items[current] = _signed(wish, items[current], chosen.certificate, signer, now)
                desk.progress(done, len(waiting))
    except errors.EsignError as error:
        if current >= 0 and items[current].outcome is Outcome.NOT_TRIED:
            items[current] = replace(items[current], outcome=Outcome.FAILED, error=error)
        return error
    return None


# --- above B-B -----------------------------------------------------------------------------------


def _raise_all(raising: Raising, items: list[Item], desk: Desk) -> None:
    """Raise what is signed; a server that does not answer is not asked again for the others."""
    signed = [n for n, i in enumerate(items) if i.outcome in (Outcome.SIGNED, Outcome.RAISED)]
    problem: errors.EsignError | None = None
    for done, number in enumerate(signed, 1):
        if problem is None:
            items[number] = _raised(raising, items[number])
            error = items[number].error
            problem = error if isinstance(error, _OF_ALL) else None
            desk.progress(done, len(signed))
        else:
            items[number] = replace(items[number], error=problem)


def _raised(raising: Raising, item: Item) -> Item:
    try:
        content = signature_files.content_of(item.path, item.output)
        done = signature_files.raise_file(item.output, content, raising)
    except errors.EsignError as error:
        return replace(item, error=error)
    waits = isinstance(done.problem, errors.GraceRunning)
    there_before = item.outcome is Outcome.RAISED and not done.changed
    return replace(
        item,
        outcome=Outcome.SKIPPED if there_before else item.outcome,
        written=done.written,
        level=done.level,
        final_from=done.final_from,
        error=None if waits else done.problem,
    )


# --- before the PIN ------------------------------------------------------------------------------


def _looked_at(wish: Wish, certificate: Certificate, now: datetime) -> Iterator[Item]:
    """Each file once, with what can be told of it beforehand."""
    paths = list(dict.fromkeys(wish.files))
    targets = {path: _target(wish, path) for path in paths}
    outputs = {target.signature for path, target in targets.items() if target.signature != path}
    taken: set[Path] = set()
    for path in paths:
        if path in outputs:
            continue  # `esign sign *`, run again: it is the signature of another one
        item = Item(path, targets[path])
        try:
            yield _looked_at_one(wish, item, certificate, now, taken)
        except errors.EsignError as error:
            yield replace(item, outcome=Outcome.FAILED, error=error)
        taken.add(item.output)


def _target(wish: Wish, path: Path) -> Target:
    if wish.add:
        return Target(signature_files.existing(path, wish.folder))
    return Target.of_document(path, wish.folder or path.parent, detached=wish.detached)


def _looked_at_one(
    wish: Wish, item: Item, certificate: Certificate, now: datetime, taken: set[Path]
) -> Item:
    """The file, or that it is signed already; raises what speaks against signing it."""
    if item.output in taken:
        raise errors.OutputExists(path=str(item.output))
    files.check_input(item.path)
    item = replace(item, target=_without_copy(item))
    again = wish.force and not wish.add
    if item.output.is_file() and not again and _is_signed(wish, item, certificate, now):
        return _signed_before(wish, item, now)
    signature_files.check(item.target, force=wish.force or wish.add)
    return item


def _without_copy(item: Item) -> Target:
    """The target; the copy of a content that lies there already, whole, is not written again."""
    copy = item.target.content
    if copy is not None and copy.is_file() and files.read(copy) == files.read(item.path):
        return Target(item.output)
    return item.target


def _is_signed(wish: Wish, item: Item, certificate: Certificate, now: datetime) -> bool:
    """Whether the output is what would be written, but for its signing time and its level."""
    made = files.read(item.output)
    if item.target.content is not None or (
        not wish.add and signed_data.is_armoured(made) is not wish.pem
    ):
        return False
    content = signature_files.content_of(item.path, item.output)
    detached = None if wish.add else wish.detached
    return sign.stands(
        made,
        content,
        certificate.der,
        detached=detached,
        now=now,
        policy=wish.policy,
        alone=not wish.add,
    )


def _signed_before(wish: Wish, item: Item, now: datetime) -> Item:
    """The item passed over, or marked for raising where its level is not reached."""
    if wish.raising is None:
        return replace(item, outcome=Outcome.SKIPPED, level=LEVEL)
    state = signature_files.state_of(item.output, wish.raising)
    waits = state.final_from is not None and now < state.final_from
    outcome = Outcome.SKIPPED if waits or not state.missing else Outcome.RAISED
    return replace(item, outcome=outcome, level=state.level, final_from=state.final_from)


# --- after it ------------------------------------------------------------------------------------


def _signed(
    wish: Wish,
    item: Item,
    certificate: Certificate,
    signer: sign.Signer,
    now: Callable[[], datetime],
) -> Item:
    """The file signed, or failed by its own fault; raises what would stop all the others too."""
    try:
        content = signature_files.content_of(item.path, item.output, add=wish.add)
    except errors.EsignError as error:
        return replace(item, outcome=Outcome.FAILED, error=error)
    at = now()
    choosing.check_validity(certificate, at)
    try:
        made = _made(wish, item, content, signer, at)
        written = item.target.write(made, content)
    except (errors.OutputUnwritable, errors.NothingToAddTo) as error:
        error.facts.setdefault("path", str(item.output))
        return replace(item, outcome=Outcome.FAILED, error=error)
    at = at.replace(microsecond=0)
    return replace(item, outcome=Outcome.SIGNED, written=written, signing_time=at, level=LEVEL)


def _made(wish: Wish, item: Item, content: bytes, signer: sign.Signer, at: datetime) -> bytes:
    """The signature file's bytes, DER or PEM."""
    mime_type = sign.content_type(content)
    if not wish.add:
        made = sign.cades(
            content,
            signer,
            signing_time=at,
            detached=wish.detached,
            mime_type=mime_type,
            policy=wish.policy,
        )
        return signed_data.armoured(made) if wish.pem else made
    before = files.read(item.output)
    made = sign.added(
        signed_data.unarmoured(before),
        content,
        signer,
        signing_time=at,
        mime_type=mime_type,
        policy=wish.policy,
    )
    return signed_data.armoured(made) if signed_data.is_armoured(before) else made
