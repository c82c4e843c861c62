"""What signing an application is handed, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from esign_cli.commands.signer.request import SigningRequest
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.people import PersonFacts
from esign_cli.foundation.standing import Standing
from esign_cli.renewals import application
from esign_cli.renewals.application import Asks, Form, Problem, Profile
from esign_cli.renewals.rules.policy import Policy
from esign_cli.signatures.creation import LEVEL
from esign_cli.signatures.files import Written
from esign_cli.signatures.selection import Candidate, Chooser

if TYPE_CHECKING:
    from esign_cli.store.applications import SignedFile


class Prompter(Chooser, Asks, Protocol):
    """The person who signs: answers, looks, and agrees."""

    def whose(self, standing: Standing) -> None:
        """Show whose form it is, before anything is asked of it."""
        ...

    def security_word(self) -> str:
        """Return the güvenlik sözcüğü, unseen."""
        ...

    def agree(self, confirmation: Confirmation) -> None:
        """Show what will be signed and go on only with consent; raises Declined."""
        ...


@dataclass(frozen=True, slots=True)
class Commitment:
    """Another document to be signed under the same PIN (FORM-001-042)."""

    path: Path
    content: bytes


@dataclass(frozen=True, slots=True)
class SignFormRequest(SigningRequest):
    """What was asked for on the command line and in the form file."""

    form: Form = field(default_factory=Form)
    national_id: str = ""
    output: Path | None = None
    commitment: Commitment | None = None
    template: str = application.TEMPLATE
    template_path: str = ""
    """"" for the built-in one."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What is known beforehand, as functions: the database, the settings, the clock."""

    facts: Callable[[str], PersonFacts]
    """All that the database knows of a national id."""
    profile: Callable[[str, str], Profile]
    """The directorate's data for a district and an institution code."""
    policy: Policy
    now: Callable[[], datetime]
    record: Callable[[SignedFile, datetime], int]
    """Keep that a form was signed; gives the application's number."""


# --- what it returns -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the signer sees before the PIN."""

    text: str
    """The exact text, with the güvenlik sözcüğü hidden."""
    candidate: Candidate
    standing: Standing
    output: Path
    commitment: Path | None
    not_in_text: tuple[Problem, ...]
    """Fields that the portal wants too and that are not known here, or not right."""
    name: str
    """Whose application the form says it is."""

    @property
    def certificate(self) -> Certificate:
        return self.candidate.certificate


@dataclass(frozen=True, slots=True)
class Signed:
    """What was done; `problems` are the parts that were not."""

    file: Written
    certificate: Certificate
    signing_time: datetime
    detached: bool
    level: str = LEVEL
    content: Path | None = None
    application: int | None = None
    commitment: Written | None = None
    problems: tuple[EsignError, ...] = ()
    final_from: datetime | None = None
    """When a signature that waits for the end of its grace period can be finished (P3)."""
