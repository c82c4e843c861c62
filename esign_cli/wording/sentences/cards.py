"""What is said of errors: cards."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

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
        N_(
            "Install the driver for {ours}, or name another file with --module. A 32-bit driver"
            " serves 32-bit programs only; the maker's 64-bit package brings the other."
        ),
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
    "module-refuses": Sentence(
        N_("The card driver {path} answered with an error: {detail}"),
        N_(
            "Close other programs that use the card, unplug the reader and plug it in again. "
            "If it stays so: esign doctor"
        ),
    ),
    "module-crashed": Sentence(
        N_("The card driver {path} crashed ({detail}). Nothing was lost."),
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
    "card-service-refuses": Sentence(
        N_("The smart card service (pcscd) does not let this user in: {user}"),
        N_(
            "It asks polkit, which lets in whoever sits at the computer, and no session over SSH. "
            "An administrator allows it with this line in /etc/polkit-1/rules.d/50-pcscd.rules: "
            'polkit.addRule(function(a, s) {{ if (a.id.indexOf("org.debian.pcsc-lite.") == 0 && '
            's.user == "{user}") return polkit.Result.YES; }});'
        ),
    ),
    "card-service-forbidden": Sentence(
        N_("This user has no right to the smart card service's socket: {path}"),
        N_(
            "It is open to everybody as pcscd is delivered: sudo chmod 666 {path}, "
            "or have the container or the sandbox let it through."
        ),
    ),
    "card-service-hidden": Sentence(
        N_("The smart card service is not seen from inside {sandbox}, in which this program runs."),
        N_(
            "Let it through (snap: sudo snap connect NAME:pcscd; "
            "flatpak: flatpak override --user --socket=pcsc NAME), or install esign outside."
        ),
    ),
    "reader-in-use": Sentence(
        N_("The reader is used by another program, for itself alone: {reader}"),
        N_(
            "Close the program that uses the card (a browser, another signing program), and repeat."
        ),
    ),
    "reader-failed": Sentence(
        N_("The reader does not answer: {reader} ({detail})"),
        N_("Unplug it and plug it in again; close other programs that use it."),
    ),
    "objects-unread": Sentence(
        N_("Some objects of the card {card} could not be read: {count} ({detail})"),
        N_("All others were read."),
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
        N_("Leave one in, or choose with --token or --reader."),
    ),
    "no-certificate-on-card": Sentence(
        N_("There is no certificate on the card: {present}"),
        N_(
            "Is it the e-imza card? A national ID card holds an e-imza only if one was loaded on it. "
            "A new card is loaded by Kamu SM (444 5 576)."
        ),
    ),
    "card-busy": Sentence(
        N_("Another esign is using this card, and did not end in {seconds} seconds."),
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
    "mechanism-refused": Sentence(
        N_("The card does not sign in the way that its certificate wants: {detail}"),
        N_("Is the driver the card's own, and a new one? Nothing was written."),
    ),
    "key-unusable": Sentence(
        N_("The card does not sign with the certificate's key: {detail}"),
        N_("Call 444 5 576: the card was not loaded as an e-imza card is. Nothing was written."),
    ),
    "pin-locked": Sentence(
        N_("The PIN of the card is locked: {card}"),
        N_(
            "Its holder unlocks it online, with the card in the reader: "
            "1. onlineislemler.kamusm.gov.tr, login with e-Devlet. "
            "2. NES İşlemleri, PIN Oluşturma/Kilit Çözme. "
            "3. Type the verification code into Kamu SM's unlock program. "
            "4. Choose a new PIN, and enter the code that comes by SMS. "
            "Help by telephone: 444 5 576."
        ),
    ),
    "pin-on-last-try": Sentence(
        N_("The PIN of the card is on its last try, so none was sent: {card}"),
        N_(
            "A wrong one would lock it; a try that the card did not answer counts as wrong. "
            "If you are sure of your PIN, or it was renewed since: --last-try. If not, make a new "
            "one at onlineislemler.kamusm.gov.tr (NES İşlemleri, PIN Oluşturma/Kilit Çözme)."
        ),
    ),
    "pin-not-initialised": Sentence(
        N_("The card has no PIN yet: {card}"),
        N_(
            "Its holder makes one at onlineislemler.kamusm.gov.tr "
            "(NES İşlemleri, PIN Oluşturma/Kilit Çözme)."
        ),
    ),
    "pin-incorrect": Sentence(
        N_("The card refused the PIN, which was sent once. The PIN now: {pin}"),
        N_(
            "Be sure of it before the next try: repeated wrong PINs lock the card. "
            "It is the e-imza PIN, not the password of MEBBİS, DYS or e-Devlet."
        ),
    ),
    "pin-length-wrong": Sentence(
        N_(
            "A PIN of this card has {shortest} to {longest} characters. "
            "None was sent, so no try was spent."
        ),
        N_("It is the e-imza PIN, not the password of MEBBİS, DYS or e-Devlet."),
    ),
    "pin-expired": Sentence(
        N_("The PIN of the card has expired: {card}"),
        N_(
            "Its holder makes a new one at onlineislemler.kamusm.gov.tr "
            "(NES İşlemleri, PIN Oluşturma/Kilit Çözme)."
        ),
    ),
    "pin-unanswered": Sentence(
        N_(
            "Whether the PIN was right is not known: {because} ({detail}). "
            "The try counts as a wrong one. The PIN now: {pin}"
        ),
        N_(
            "Send no PIN before you are sure of it: the third wrong one locks the card. "
            "Look at the card with esign check-card, which sends none."
        ),
    ),
    "tries-unreadable": Sentence(
        N_("The record of PIN tries cannot be read, so no PIN is sent: {path} ({detail})"),
        N_("Only if no wrong PIN was entered lately, remove that file and repeat."),
    ),
    "tries-unwritable": Sentence(
        N_("The record of PIN tries cannot be written, so no PIN was sent: {path} ({detail})"),
        N_("Let this account write there, or give another folder with XDG_STATE_HOME."),
    ),
    "no-such-watch": Sentence(
        N_("Watch number {number} was not kept, or no e-imza card was read in it."),
        N_("esign check-card --watch --save tells its number when it ends."),
    ),
}
