"""Sign files: one certificate, one login where the key allows it, one result a file.

Running it again signs only what is not signed yet. What is wrong with one file passes over that
file; what is wrong with the login, the card or the disk ends the batch, since every further file
would meet it too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from esign_cli import choosing, errors, files, sign, signature_files
from esign_cli.choosing import Candidate, Keys, Wanted
from esign_cli.cms import signed_data
from esign_cli.model import Certificate
from esign_cli.signature_files import Target, Written

LEVEL = "B-B"
"""The CAdES level of what is written."""


class Outcome(StrEnum):
    """What became of a file."""

    SIGNED = "signed"
    SKIPPED = "skipped"
    """Its signature is there, by the same certificate and over the same content."""
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


@dataclass(frozen=True, slots=True)
class Shown:
    """What the signer sees before the PIN."""

    candidate: Candidate
    waiting: tuple[Item, ...]
    skipped: int
    failed: int


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
    """Sign the files of `wish` that are not signed yet.

    Raises what keeps everything from being signed before a PIN is asked for: the refusals of
    `choosing.fitting`, the PIN's state, OutputFolderMissing, Declined.
    """
    begun = now()
    wanted = Wanted("", begun, wish.certificate_sha256, wish.allow_unqualified)
    chosen = choosing.settle(keys, wanted, desk.choose)
    if wish.folder is not None:
        files.check_folder(wish.folder)
    items = list(_looked_at(wish, chosen.certificate, begun))
    waiting = [number for number, item in enumerate(items) if item.outcome is Outcome.NOT_TRIED]
    batch = Batch(tuple(items), chosen.certificate)
    if not waiting:
        return batch
    choosing.check_pin(chosen, last_try=wish.last_try)
    desk.agree(
        Shown(
            chosen,
            tuple(items[number] for number in waiting),
            batch.count(Outcome.SKIPPED),
            batch.count(Outcome.FAILED),
        )
    )
    current = -1  # nothing is tried before the login
    try:
        with keys.signer(chosen) as signer:
            for done, current in enumerate(waiting, 1):
                items[current] = _signed(wish, items[current], chosen.certificate, signer, now)
                desk.progress(done, len(waiting))
    except errors.EsignError as error:
        if current >= 0 and items[current].outcome is Outcome.NOT_TRIED:
            items[current] = replace(items[current], outcome=Outcome.FAILED, error=error)
        return replace(batch, items=tuple(items), stopped=error)
    return replace(batch, items=tuple(items))


# --- before the PIN ------------------------------------------------------------------------------


def _looked_at(wish: Wish, certificate: Certificate, now: datetime) -> Iterator[Item]:
    """Each file once, with what can be told of it beforehand."""
    paths = list(dict.fromkeys(wish.files))
    targets = {
        path: Target.of_document(path, wish.folder or path.parent, detached=wish.detached)
        for path in paths
    }
    outputs = {target.signature for target in targets.values()}
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


def _looked_at_one(
    wish: Wish, item: Item, certificate: Certificate, now: datetime, taken: set[Path]
) -> Item:
    """The file, or that it is signed already; raises what speaks against signing it."""
    if item.output in taken:
        raise errors.OutputExists(path=str(item.output))
    files.check_input(item.path)
    item = replace(item, target=_without_copy(item))
    if item.output.is_file() and _is_signed(wish, item, certificate, now):
        return replace(item, outcome=Outcome.SKIPPED)
    signature_files.check(item.target, force=wish.force)
    return item


def _without_copy(item: Item) -> Target:
    """The target; the copy of a content that lies there already, whole, is not written again."""
    copy = item.target.content
    if copy is not None and copy.is_file() and files.read(copy) == files.read(item.path):
        return Target(item.output)
    return item.target


def _is_signed(wish: Wish, item: Item, certificate: Certificate, now: datetime) -> bool:
    """Whether the output is what would be written, but for its signing time."""
    made, content = files.read(item.output), files.read(item.path)
    if item.target.content is not None or signed_data.is_armoured(made) is not wish.pem:
        return False
    return sign.stands(made, content, certificate.der, detached=wish.detached, now=now)


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
        content = files.read(item.path)
    except errors.EsignError as error:
        return replace(item, outcome=Outcome.FAILED, error=error)
    at = now()
    choosing.check_validity(certificate, at)
    made = sign.cades(
        content,
        signer,
        signing_time=at,
        detached=wish.detached,
        mime_type=sign.content_type(content),
    )
    try:
        written = item.target.write(signed_data.armoured(made) if wish.pem else made, content)
    except errors.OutputUnwritable as error:
        return replace(item, outcome=Outcome.FAILED, error=error)
    at = at.replace(microsecond=0)
    return replace(item, outcome=Outcome.SIGNED, written=written, signing_time=at)
