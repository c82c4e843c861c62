"""The keys that can sign here: on the cards in the readers, or in a PKCS#12 file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from esign_cli.cards import tokens
from esign_cli.cards.modules import Module
from esign_cli.cards.pin_channel import PinPrompter
from esign_cli.cards.process import CardProcess
from esign_cli.cards.signer import ShownCard, open_signer
from esign_cli.cards.tries import TryRecord
from esign_cli.foundation.certificate import PinState
from esign_cli.foundation.errors.cards import NoCertificateOnCard
from esign_cli.foundation.errors.signatures import CertificateUnreadable
from esign_cli.signatures import certificate, pkcs12
from esign_cli.signatures.creation import Signer
from esign_cli.signatures.pkcs12 import SoftSigner
from esign_cli.signatures.selection import Candidate


@dataclass(frozen=True, slots=True)
class CardKeys:
    """The cards that `module` sees, with the tries of their PINs that are remembered."""

    module: Module
    prompter: PinPrompter
    tries: TryRecord
    token: str | None = None
    """Only the card with this label or serial number."""
    reader: str | None = None
    """Only a reader with this in its name."""
    timeout: float | None = None
    last_try: bool = False
    """A PIN that was shown to be on its last try may be sent."""
    processes: tuple[CardProcess, ...] = ()
    """The child that reads the cards and the one that signs; else started when they are wanted."""

    def candidates(self) -> Sequence[Candidate]:
        """Return every certificate of the cards, read without a PIN.

        Raises NoCertificateOnCard, NoSuchCard, NoSuchReader, what was wrong with the only card,
        and as `tokens.read_tokens`.
        """
        seen = tokens.choose(
            tokens.read_tokens(self.module, process=self._child(0), timeout=self.timeout),
            self.token,
            self.reader,
        )
        candidates = [candidate for token in seen for candidate in self._of(token)]
        if candidates:
            return candidates
        for token in seen:
            if token.problem is not None:
                raise token.problem
        raise NoCertificateOnCard(present=tokens.labels(seen))

    def _of(self, token: tokens.Token) -> Iterator[Candidate]:
        people = token.people
        tries = self.tries.most() if token.unread else self.tries.count(people)
        for held in token.certificates:
            try:
                parsed = certificate.parse(held.der)
            except CertificateUnreadable:
                continue  # check-card tells of it; it can sign nothing
            yield Candidate(
                parsed,
                held.keys,
                token_serial=token.serial,
                token_label=token.label,
                pin=token.pin_after(tries),
                slot=token.slot,
                reader=token.reader,
                tries=tries,
                token_certificates=people,
            )

    @contextmanager
    def signer(self, chosen: Candidate) -> Iterator[Signer]:
        """Open the card's key after one login; its try is remembered until the card says yes."""
        shown = ShownCard(
            chosen.slot,
            chosen.reader,
            chosen.token_label,
            chosen.token_serial,
            chosen.certificate.sha256,
            tuple({*chosen.token_certificates, chosen.certificate.sha256}),
        )
        with open_signer(
            self.module,
            shown,
            self.prompter,
            self.tries,
            last_try=self.last_try and chosen.pin is PinState.LAST_TRY,
            timeout=self.timeout,
            process=self._child(1),
        ) as signer:
            yield signer

    def _child(self, number: int) -> CardProcess | None:
        return self.processes[number] if self.processes else None


@dataclass(slots=True)
class FileKeys:
    """The one key of a PKCS#12 file, which shows its certificate only for the passphrase."""

    data: bytes
    ask_passphrase: Callable[[], bytes]
    _opened: SoftSigner | None = field(default=None, repr=False)

    def candidates(self) -> Sequence[Candidate]:
        """Return the file's certificate; raises as `pkcs12.open_signer`."""
        self._opened = pkcs12.open_signer(self.data, self.ask_passphrase)
        return [Candidate(certificate.parse(self._opened.certificate))]

    @contextmanager
    def signer(self, chosen: Candidate) -> Iterator[Signer]:
        """Hand out the key, already opened."""
        assert self._opened is not None  # noqa: S101  (there is no Candidate before)
        assert self._opened.certificate == chosen.certificate.der  # noqa: S101
        yield self._opened
