"""What signing files is handed, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from esign_cli.commands.signer.request import SigningRequest
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors import EsignError
from esign_cli.signatures.creation import LEVEL
from esign_cli.signatures.documents import Document
from esign_cli.signatures.files import Target, Written
from esign_cli.signatures.selection import Candidate, Chooser


class Outcome(StrEnum):
    """What became of a file."""

    SIGNED = "signed"
    EXTENDED = "raised"
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
    error: EsignError | None = None
    level: str | None = None
    """What its signature is; None: it has none."""
    final_from: datetime | None = None
    """When the rest can be done at the earliest (P3)."""

    document: Document | None = None
    """What is signed, as it was read and shown."""
    changed: bool = False
    """The file on the disk is another by now than the one that was shown and signed."""

    @property
    def kept(self) -> int:
        """How many bytes of it are held in memory."""
        content = self.document.content if self.document else b""
        return len(content) if isinstance(content, bytes) else 0

    @property
    def output(self) -> Path:
        """Where its signature lies, or would."""
        return self.target.signature


@dataclass(frozen=True, slots=True)
class SignRequest(SigningRequest):
    """What was asked for on the command line."""

    files: tuple[Path, ...]
    folder: Path | None = None
    """Where the signatures go; None: each beside its file."""
    pem: bool = False
    add: bool = False
    """One more signature beside those that are there."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the signer sees before the PIN."""

    candidate: Candidate
    waiting: tuple[Item, ...]
    skipped: int
    failed: int
    level: str = LEVEL
    """To what the signatures will be extended: a level or a profile."""


class Prompter(Chooser, Protocol):
    """The person who signs."""

    def agree(self, confirmation: Confirmation) -> None:
        """Show what will be signed and go on only with consent; raises Declined."""
        ...

    def progress(self, done: int, total: int) -> None:
        """Hear how many files are done."""
        ...


@dataclass(frozen=True, slots=True)
class Batch:
    """What was done."""

    items: tuple[Item, ...]
    certificate: Certificate
    stopped: EsignError | None = None
    """What ended it before its last file."""

    def count(self, outcome: Outcome) -> int:
        """Return how many files came to this."""
        return sum(item.outcome is outcome for item in self.items)
