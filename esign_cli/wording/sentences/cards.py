"""What is said of errors: cards."""

from __future__ import annotations

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import (
    CardAmbiguous,
    CardBlank,
    CardBusy,
    CardExchanged,
    CardRefusedToSign,
    CardRemoved,
    CardServiceDown,
    CardUnknown,
    CardUnreadable,
    ModuleCrashed,
    ModuleHung,
    ModuleLacksLibrary,
    ModuleMissing,
    ModuleNotALibrary,
    ModuleUnusable,
    ModuleWrongArchitecture,
    NoCard,
    NoCertificateOnCard,
    NoModule,
    NoReader,
    NoSuchCard,
    NoSuchReader,
    NoSuchWatch,
    PinIncorrect,
    PinLengthWrong,
    PinLocked,
    PinNotInitialised,
    PinOnLastTry,
    PinUnanswered,
)
from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences.sentence import Sentence

SENTENCES: dict[type[EsignError], Sentence] = {
    NoModule: Sentence(
        N_("No card driver was found. Looked in: {looked}"),
        N_("Install the AKİS driver from Kamu SM's site, or name the file with --module."),
    ),
    ModuleMissing: Sentence(
        N_("There is no card driver at {path}."),
        N_("Correct --module, ESIGN_PKCS11_MODULE or the setting “module”, whichever names it."),
    ),
    ModuleWrongArchitecture: Sentence(
        N_("The card driver {path} was built for {module}, and this program runs on {ours}."),
        N_("Install the driver for {ours}, or name another file with --module."),
    ),
    ModuleNotALibrary: Sentence(
        N_("{path} is not a card driver: it is no library at all."),
        N_("Name the driver's library file with --module."),
    ),
    ModuleLacksLibrary: Sentence(
        N_("The card driver {path} needs a library that is not installed: {library}"),
        N_("Install it, or install the driver again from its own package."),
    ),
    ModuleUnusable: Sentence(
        N_("The card driver {path} cannot be started: {detail}"),
        N_("Install the driver again, or name another file with --module."),
    ),
    ModuleCrashed: Sentence(
        N_("The card driver {path} crashed ({signal}). Nothing was lost."),
        N_("Take the card out, put it in again and repeat; if it stays so, update the driver."),
    ),
    ModuleHung: Sentence(
        N_("The card driver {path} did not answer in {seconds} seconds and was ended."),
        N_("Take the card out, put it in again and repeat."),
    ),
    CardServiceDown: Sentence(
        N_("No card reader is seen: the smart card service is not running."),
        N_(
            "Start it (sudo systemctl start pcscd.socket), "
            "after installing it if need be (sudo apt install pcscd)."
        ),
    ),
    NoReader: Sentence(
        N_("No card reader is seen."), N_("Plug the reader in and repeat the command.")
    ),
    NoCard: Sentence(
        N_("There is no card in the reader. Readers: {readers}"),
        N_("Put the card in, chip first, and repeat the command."),
    ),
    CardBlank: Sentence(
        N_("The card is blank: nothing was ever loaded on it. Readers: {readers}"),
        N_("Put the e-imza card in, or ask Kamu SM (444 5 576) about this one."),
    ),
    CardUnknown: Sentence(
        N_("The card driver does not know this card. Reader: {reader}"),
        N_(
            "Is it an e-imza card, chip first? "
            "Another kind of card needs its own driver (--module)."
        ),
    ),
    NoSuchCard: Sentence(
        N_("There is no card “{wanted}”. Cards here: {present}"), N_("Correct --token.")
    ),
    CardAmbiguous: Sentence(
        N_("There is more than one card: {present}"),
        N_("Leave one in, or choose with --token."),
    ),
    NoCertificateOnCard: Sentence(
        N_("There is no certificate on the card: {present}"),
        N_(
            "Is it the e-imza card? A national ID card holds an e-imza only if one was loaded on it. "
            "A new card is loaded by Kamu SM (444 5 576)."
        ),
    ),
    CardBusy: Sentence(
        N_("Another esign is using this card, and did not end in {seconds} seconds: {card}"),
        N_("Finish what is open there, or close it, and repeat the command."),
    ),
    NoSuchReader: Sentence(
        N_("There is no card in a reader “{wanted}”. Readers with a card: {present}"),
        N_("Correct --reader, or put the card in."),
    ),
    CardUnreadable: Sentence(
        N_("The card {card} cannot be read: {detail}"),
        N_("Take it out, wipe the chip, put it in again and repeat."),
    ),
    CardRemoved: Sentence(
        N_("The card was taken out, or its reader unplugged."),
        N_("Put it in again and repeat the command; no signature was made."),
    ),
    CardExchanged: Sentence(
        N_("This is not the card that was shown: it was exchanged meanwhile. No PIN was sent."),
        N_("Put the right card in and repeat the command."),
    ),
    CardRefusedToSign: Sentence(
        N_("The card did not sign: {detail}"),
        N_("Take it out, put it in again and repeat."),
    ),
    PinLocked: Sentence(
        N_("The PIN of the card is locked: {card}"),
        N_("Unlock it at Kamu SM's Online İşlemler page, or call 444 5 576."),
    ),
    PinOnLastTry: Sentence(
        N_("The PIN of the card is on its last try, so none was sent: {card}"),
        N_(
            "A wrong one would lock it. If you are sure of your PIN: --last-try. "
            "If not, call 444 5 576."
        ),
    ),
    PinNotInitialised: Sentence(
        N_("The card has no PIN yet: {card}"),
        N_("Its holder makes one at Kamu SM's Online İşlemler page."),
    ),
    PinIncorrect: Sentence(
        N_("The card refused the PIN, which was sent once. The PIN now: {pin}"),
        N_(
            "Be sure of it before the next try: repeated wrong PINs lock the card. "
            "It is the e-imza PIN, not your own password."
        ),
    ),
    PinLengthWrong: Sentence(
        N_(
            "A PIN of this card has {shortest} to {longest} characters. "
            "None was sent, so no try was spent."
        ),
        N_("It is the e-imza PIN, not your own password."),
    ),
    PinUnanswered: Sentence(
        N_("The card did not answer while it checked the PIN; the try may count as a wrong one."),
        N_("Take it out, put it in again and look at it with esign check-card."),
    ),
    NoSuchWatch: Sentence(
        N_("Watch number {number} was not kept, or no e-imza card was read in it."),
        N_("esign check-card --watch --save tells its number when it ends."),
    ),
}
