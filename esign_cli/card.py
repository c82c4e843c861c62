"""Read the cards in this computer's readers, without a PIN, and sign with one, for one PIN.

    module = card.find_module()
    for token in card.read_tokens(module):
        for found in token.certificates:
            print(token.label, card.parse_certificate(found.der).not_after, found.has_key)

`find_module` takes the PKCS#11 module that is named, or the first on the system that fits. The
module runs in a child process, whose crash or hang is an error here (ModuleCrashed, ModuleHung) and
no more. `read_tokens` logs in nowhere; a card that cannot be read is a `Token` with its `problem`.
`CardWatch` goes on looking, and yields each card that is put in.

    shown = card.ShownCard.from_token(token, sha256)
    with card.open_signer(module, shown, prompter, card.TryRecord(path)) as signer: ...

`open_signer` compares the card with what was shown, writes the try down in the record before the
PIN goes out, sends it once, and never tries it again; only the card's yes strikes the try out. The
`PinPrompter` is told the `PinState` and returns a `Pin` (or None for "no"). The signer is one for
`sign.cades`. Who signs with several programs at once waits for the card a little (CardBusy). Errors
are those of `foundation.errors.cards`; each docstring names its own.
"""

from esign_cli.cards.modules import Module, find_module
from esign_cli.cards.pin_channel import PinPrompter, PinUse
from esign_cli.cards.signer import CardSigner, ShownCard, open_signer
from esign_cli.cards.tokens import CardCertificate, Token, read_tokens
from esign_cli.cards.tries import TryRecord
from esign_cli.cards.watch import CardWatch
from esign_cli.foundation.certificate import Certificate, PinState
from esign_cli.foundation.pin import Pin
from esign_cli.signatures.certificate import parse as parse_certificate

__all__ = [
    "CardCertificate",
    "CardSigner",
    "CardWatch",
    "Certificate",
    "Module",
    "Pin",
    "PinPrompter",
    "PinState",
    "PinUse",
    "ShownCard",
    "Token",
    "TryRecord",
    "find_module",
    "open_signer",
    "parse_certificate",
    "read_tokens",
]
