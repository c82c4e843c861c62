"""The person who holds the key: chooses a certificate and gives its PIN or passphrase."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from esign_cli.cards.pin_channel import PinUse
from esign_cli.commands.signer.key_sources import CardKeys, FileKeys
from esign_cli.foundation import files, pin, turkish
from esign_cli.foundation.certificate import PinState
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors.environment import Declined
from esign_cli.foundation.errors.signatures import PinWantedAgain
from esign_cli.foundation.errors.usage import Usage
from esign_cli.foundation.i18n import _
from esign_cli.foundation.pin import Pin
from esign_cli.signatures import selection
from esign_cli.wording.fact_words import PIN_STATES

if TYPE_CHECKING:
    from datetime import datetime

    from esign_cli.cards.process import CardProcess
    from esign_cli.cli.console import Console
    from esign_cli.cli.context import Context
    from esign_cli.signatures.selection import Candidate


T = TypeVar("T")
MOST_TRIES = 3
"""So often somebody may mistype an answer that is no PIN."""


@dataclass(frozen=True, slots=True)
class KeyOptions:
    """Where the key is, as the command line says, and how its secret comes."""

    module: Path | None = None
    token: str | None = None
    reader: str | None = None
    timeout: float | None = None
    p12: Path | None = None
    last_try: bool = False
    stdin: str = ""
    """The option that gives secrets on standard input, if it was given."""
    yes: bool = False
    as_given: bool = False
    """Secrets are sent, however little they look like what they should be."""

    def check(self) -> None:
        """Raise Usage for what cannot go together."""
        if self.stdin and not self.yes:
            raise Usage(
                detail=_("{option} wants --yes: nobody can be asked then.").format(
                    option=self.stdin
                )
            )
        if self.p12 is not None and (self.module or self.token or self.reader):
            raise Usage(
                detail=_("--p12 and a card (--module, --token, --reader) exclude each other.")
            )

    def secrets(self, *before: str) -> tuple[Pin, ...]:
        """Return the lines of standard input: those named, then the PIN or the passphrase;
        or none.
        """
        if not self.stdin:
            return ()
        names = (*before, "passphrase" if self.p12 else "pin")
        secrets = pin.read_secrets(sys.stdin.buffer, names)
        if not self.p12 and not self.as_given:  # a passphrase may be tried again
            pin.check_suspicions(tuple(zip(names, secrets, strict=True)))
        return secrets

    def keys(
        self, context: Context, prompter: KeyPrompter, processes: tuple[CardProcess, ...]
    ) -> CardKeys | FileKeys:
        """Return the keys to choose from; raises as `files.read` and `find_module`."""
        if self.p12 is not None:
            return FileKeys(files.read(self.p12), prompter.passphrase)
        return CardKeys(
            context.card_module(self.module),
            prompter,
            context.pin_tries,
            token=self.token,
            reader=self.reader,
            timeout=self.timeout,
            last_try=self.last_try,
            processes=processes,
        )


class KeyPrompter:
    """Somebody at the terminal, or the line and the --yes that stand for them."""

    stdin_option = "--pin-stdin"
    """What gives the secret where there is no terminal."""

    def __init__(
        self, console: Console, secret: Pin | None, *, yes: bool, as_given: bool = False
    ) -> None:
        self._console, self._yes, self._as_given = console, yes, as_given
        self._key_secret = secret
        self._from_stdin = secret is not None

    def choose(self, candidates: Sequence[Candidate]) -> Candidate:
        """Return the one whose number is typed: first the card, then a certificate of it.

        Without a terminal an option has to choose. Raises Declined after three wrong numbers.
        """
        if not self._console.interactive:
            raise selection.ambiguity(candidates)
        cards: dict[tuple[int, str], list[Candidate]] = {}
        for one in candidates:
            cards.setdefault((one.slot, one.reader), []).append(one)
        if len(cards) > 1:
            self._console.say(_("Several cards could sign:"))
            candidates = self._numbered({_card(held): held for held in cards.values()})
        if len(candidates) == 1:
            return candidates[0]
        self._console.say(_("Several certificates could sign:"))
        return self._numbered({_choice(one): one for one in candidates})

    def _numbered(self, choices: Mapping[str, T]) -> T:
        """What stands under the number that is typed."""
        for number, line in enumerate(choices, 1):
            self._console.say(f"  {number}. {line}")
        numbered = {str(number): one for number, one in enumerate(choices.values(), 1)}
        for _try in range(MOST_TRIES):
            answer = self._console.ask(_("Which number?"), option="--cert").strip()
            if answer in numbered:
                return numbered[answer]
            self._console.say(_("A number from 1 to {most}.").format(most=len(numbered)))
        raise Declined

    def pin(self, state: PinState, use: PinUse) -> Pin | None:
        """Return the PIN for one login: typed, or the one from standard input.

        That one is given for one operation: the login, and the first signature where the key wants
        its PIN for each.
        """
        if state is PinState.PIN_PAD:
            self._console.say(_("Type the PIN on the card reader."))
            return None
        if state is PinState.LOW:
            self._console.say(
                _("Mind: a wrong PIN was entered before. Repeated ones lock the card.")
            )
        if self._from_stdin:
            given = self._key_secret
            if use is PinUse.SIGNATURE:
                self._key_secret = None
            if given is None:
                raise PinWantedAgain
            return given
        question = _(
            "PIN of the e-imza card (usually 6 digits; not the password of MEBBİS, DYS or e-Devlet)"
        )
        typed = self._console.secret(question, option=self.stdin_option)
        return pin.checked(typed, "pin", as_given=self._as_given)

    def pin_unchecked(self) -> None:
        """Say that the card looked at no PIN."""
        self._console.say(
            _("The card was open already (single sign-on), so it did not check the PIN.")
        )

    def pin_now(self, state: PinState) -> None:
        """Say how the PIN stands after all was signed."""
        self._console.say(_("The PIN now: {pin}").format(pin=_(PIN_STATES[state])))

    def passphrase(self) -> bytes:
        """Return the passphrase of the PKCS#12 file; it may be empty when it is typed."""
        if self._key_secret is not None:
            return self._key_secret.reveal().encode()
        question = _("Passphrase of the PKCS#12 file")
        return self._console.secret(question, option=self.stdin_option).encode()

    def _consent(self, question: str, candidate: Candidate) -> None:
        """Go on only with a yes, and with a second one where a wrong PIN would lock the card."""
        if self._yes:
            return
        self._console.agree(question)
        if candidate.pin is PinState.LAST_TRY:
            self._console.agree(_("A wrong PIN now locks the card. Are you sure of the PIN?"))

    def _show_signer(self, candidate: Candidate) -> None:
        for label, value in _signer_lines(candidate):
            self._console.say(f"{label}: {value}")

    def _warn_unqualified(self, candidate: Candidate) -> None:
        if not candidate.certificate.qualified_claim:
            self._console.say(
                _("Warning: this certificate is not qualified; the signature proves nothing.")
            )


def _signer_lines(candidate: Candidate) -> list[tuple[str, str]]:
    certificate = candidate.certificate
    end = certificate.not_after.astimezone(ISTANBUL)
    lines = [
        (_("Signer"), certificate.named()),
        (_("Issuer"), certificate.issuer),
        (_("Valid until"), f"{end:%d.%m.%Y %H:%M}"),
        (_("Key"), certificate.key),
        (_("SHA-256 of the certificate"), certificate.sha256),
    ]
    token = candidate.token_label
    if not token:
        return lines
    return [
        *lines,
        (_("Card"), turkish.without_ids(token)),
        (_("Reader"), candidate.reader),
        ("PIN", _(PIN_STATES[candidate.pin])),
    ]


def _card(held: Sequence[Candidate]) -> str:
    """A card by whose it is, what it is called, and where it is."""
    holders = dict.fromkeys(
        f"{c.certificate.holder} ({turkish.mask(c.certificate.national_id)})" for c in held
    )
    label = turkish.without_ids(held[0].token_label) or held[0].token_serial
    return f"{', '.join(holders)} · {label} · {held[0].reader}"


def _choice(candidate: Candidate) -> str:
    certificate = candidate.certificate
    end = certificate.not_after.astimezone(ISTANBUL)
    who = certificate.named()
    card = turkish.without_ids(candidate.token_label)
    return f"{who} · {certificate.issuer} · {end:%d.%m.%Y} · {card} · {candidate.reader}"


def unfinished(level: str, final_from: datetime, path: Path) -> str:
    """Return what is said of a signature that waits for the end of its grace period."""
    text = _("Kept as {level}; can be finished from {time} on (esign extend): {path}")
    when = f"{final_from.astimezone(ISTANBUL):%d.%m.%Y %H:%M}"
    return text.format(level=level, time=when, path=path)
