"""What is said of errors: cards."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "no-module": Sentence(
        N_("No card driver was found. Looked in: {looked}"),
        N_("Install the AKİS driver from Kamu SM's site, or name the file with --module."),
    ),
    "module-missing": Sentence(
        N_("There is no card driver at {path}."),
        N_("Correct --module, ESIGN_PKCS11_MODULE or the setting “module”, whichever names it."),
    ),
    "module-wrong-architecture": Sentence(
        N_("The card driver {path} was built for {module}, and this program runs on {ours}."),
        N_("Install the driver for {ours}, or name another file with --module."),
    ),
    "module-not-a-library": Sentence(
        N_("{path} is not a card driver: it is no library at all."),
        N_("Name the driver's library file with --module."),
    ),
    "module-lacks-library": Sentence(
        N_("The card driver {path} needs a library that is not installed: {library}"),
        N_("Install it, or install the driver again from its own package."),
    ),
    "module-unusable": Sentence(
        N_("The card driver {path} cannot be started: {detail}"),
        N_("Install the driver again, or name another file with --module."),
    ),
    "module-crashed": Sentence(
        N_("The card driver {path} crashed ({signal}). Nothing was lost."),
        N_("Take the card out, put it in again and repeat; if it stays so, update the driver."),
    ),
    "module-hung": Sentence(
        N_("The card driver {path} did not answer in {seconds} seconds and was ended."),
        N_("Take the card out, put it in again and repeat."),
    ),
    "card-service-down": Sentence(
        N_("No card reader is seen: the smart card service is not running."),
        N_(
            "Start it (sudo systemctl start pcscd.socket), "
            "after installing it if need be (sudo apt install pcscd)."
        ),
    ),
    "no-reader": Sentence(
        N_("No card reader is seen."), N_("Plug the reader in and repeat the command.")
    ),
    "no-card": Sentence(
        N_("There is no card in the reader. Readers: {readers}"),
        N_("Put the card in, chip first, and repeat the command."),
    ),
    "card-blank": Sentence(
        N_("The card is blank: nothing was ever loaded on it. Readers: {readers}"),
        N_("Put the e-imza card in, or ask Kamu SM (444 5 576) about this one."),
    ),
    "card-unknown": Sentence(
        N_("The card driver does not know this card. Reader: {reader}"),
        N_(
            "Is it an e-imza card, chip first? "
            "Another kind of card needs its own driver (--module)."
        ),
    ),
    "no-such-card": Sentence(
        N_("There is no card “{wanted}”. Cards here: {present}"), N_("Correct --token.")
    ),
    "card-ambiguous": Sentence(
        N_("There is more than one card: {present}"),
        N_("Leave one in, or choose with --token."),
    ),
    "no-certificate-on-card": Sentence(
        N_("There is no certificate on the card: {present}"),
        N_(
            "Is it the e-imza card? A national ID card holds an e-imza only if one was loaded on it. "
            "A new card is loaded by Kamu SM (444 5 576)."
        ),
    ),
    "card-busy": Sentence(
        N_("Another esign is using this card, and did not end in {seconds} seconds: {card}"),
        N_("Finish what is open there, or close it, and repeat the command."),
    ),
    "no-such-reader": Sentence(
        N_("There is no card in a reader “{wanted}”. Readers with a card: {present}"),
        N_("Correct --reader, or put the card in."),
    ),
    "card-unreadable": Sentence(
        N_("The card {card} cannot be read: {detail}"),
        N_("Take it out, wipe the chip, put it in again and repeat."),
    ),
    "card-removed": Sentence(
        N_("The card was taken out, or its reader unplugged."),
        N_("Put it in again and repeat the command; no signature was made."),
    ),
    "card-exchanged": Sentence(
        N_("This is not the card that was shown: it was exchanged meanwhile. No PIN was sent."),
        N_("Put the right card in and repeat the command."),
    ),
    "card-refused-to-sign": Sentence(
        N_("The card did not sign: {detail}"),
        N_("Take it out, put it in again and repeat."),
    ),
    "pin-locked": Sentence(
        N_("The PIN of the card is locked: {card}"),
        N_("Unlock it at Kamu SM's Online İşlemler page, or call 444 5 576."),
    ),
    "pin-on-last-try": Sentence(
        N_("The PIN of the card is on its last try, so none was sent: {card}"),
        N_(
            "A wrong one would lock it. If you are sure of your PIN: --last-try. "
            "If not, call 444 5 576."
        ),
    ),
    "pin-not-initialised": Sentence(
        N_("The card has no PIN yet: {card}"),
        N_("Its holder makes one at Kamu SM's Online İşlemler page."),
    ),
    "pin-incorrect": Sentence(
        N_("The card refused the PIN, which was sent once. The PIN now: {pin}"),
        N_(
            "Be sure of it before the next try: repeated wrong PINs lock the card. "
            "It is the e-imza PIN, not your own password."
        ),
    ),
    "pin-length-wrong": Sentence(
        N_(
            "A PIN of this card has {shortest} to {longest} characters. "
            "None was sent, so no try was spent."
        ),
        N_("It is the e-imza PIN, not your own password."),
    ),
    "pin-unanswered": Sentence(
        N_("The card did not answer while it checked the PIN; the try may count as a wrong one."),
        N_("Take it out, put it in again and look at it with esign check-card."),
    ),
    "no-such-watch": Sentence(
        N_("Watch number {number} was not kept, or no e-imza card was read in it."),
        N_("esign check-card --watch --save tells its number when it ends."),
    ),
}
