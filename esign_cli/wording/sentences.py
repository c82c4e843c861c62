"""One table: what each error means to the user, what to do next, and the exit code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from esign_cli.foundation import errors as e
from esign_cli.foundation.exit_codes import (
    BAD_INPUT,
    CARD,
    ENVIRONMENT,
    INDETERMINATE,
    PARTLY,
    PIN_LOCKED,
    PIN_REFUSED,
    REFUSED,
    SIGNATURE_FAILED,
    USAGE,
)
from esign_cli.foundation.i18n import N_, _, language
from esign_cli.wording.form_words import FIELDS, PROBLEMS


@dataclass(frozen=True, slots=True)
class Sentence:
    """An exit code, a message with {facts} in it, and the next step."""

    exit_code: int
    what: str
    next: str = ""


SENTENCES: dict[type[e.EsignError], Sentence] = {
    # usage
    e.Usage: Sentence(USAGE, N_("{detail}")),
    e.UnknownProvince: Sentence(
        USAGE,
        N_("There is no province “{given}”."),
        N_("A name in any spelling, a plate code, or “all” will do."),
    ),
    e.UnknownDistrict: Sentence(
        USAGE,
        N_("Nobody is known in a district “{given}”."),
        N_("Its name as MEBBİS has it, in any spelling, will do."),
    ),
    e.BadDate: Sentence(
        USAGE, N_("“{given}” is not a date."), N_("Write it as YYYY-MM-DD or dd.mm.yyyy.")
    ),
    # files and environment
    e.FileMissing: Sentence(BAD_INPUT, N_("There is no file {path}.")),
    e.FileUnreadable: Sentence(BAD_INPUT, N_("The file {path} cannot be read: {detail}")),
    e.OutputExists: Sentence(
        REFUSED,
        N_("{path} is there already and was left as it is."),
        N_("Give another name, or --force to replace it."),
    ),
    e.OutputFolderMissing: Sentence(
        ENVIRONMENT, N_("There is no folder {path} to write into."), N_("Make it first.")
    ),
    e.OutputUnwritable: Sentence(ENVIRONMENT, N_("{path} cannot be written: {detail}")),
    e.HomeMissing: Sentence(
        ENVIRONMENT,
        N_("This account's home folder is not there: {path}"),
        N_("Nothing was written. Name the database with --db and the settings with --config."),
    ),
    e.DiskFull: Sentence(
        ENVIRONMENT,
        N_("The disk is full: {path} was not written."),
        N_("Make room and run the command again; nothing was left half-done."),
    ),
    e.BinaryToTerminal: Sentence(
        USAGE, N_("{format} cannot be shown on a terminal."), N_("Name a file with --output.")
    ),
    e.PdfMissing: Sentence(
        ENVIRONMENT,
        N_("What makes PDF is not installed."),
        N_('Install it: pip install "esign-cli[pdf]"'),
    ),
    e.TypesetFailed: Sentence(ENVIRONMENT, N_("The PDF could not be made ({template}): {detail}")),
    e.NoTerminal: Sentence(
        USAGE,
        N_("There is no terminal to ask on: {wanted}"),
        N_("Answer it with {option}."),
    ),
    e.AlreadyRunning: Sentence(
        ENVIRONMENT,
        N_("esign {what} is running already, and this run did nothing."),
        N_("Wait until it ends. The lock is on {path}; it ends with its run."),
    ),
    e.Declined: Sentence(REFUSED, N_("Stopped at your word; nothing was done.")),
    # servers
    e.HttpFailed: Sentence(
        ENVIRONMENT,
        N_("The server broke off, or did not answer as one should: {url}"),
        N_("Try again later."),
    ),
    e.AddressRefused: Sentence(
        REFUSED,
        N_("This address is not called: {url} ({problem})"),
        N_("An address of your own network has to be allowed: esign config (network.private)"),
    ),
    e.ServerUnreachable: Sentence(
        ENVIRONMENT,
        N_("The server cannot be reached: {url} ({detail})"),
        N_("Look at the network, and at the proxy if there is one: esign config (network.proxy)"),
    ),
    e.ServerTimedOut: Sentence(
        ENVIRONMENT, N_("The server did not answer in {seconds} seconds: {url}")
    ),
    e.AnswerTooLarge: Sentence(
        ENVIRONMENT, N_("The server's answer is larger than {most} bytes and was not taken: {url}")
    ),
    e.HttpStatusBad: Sentence(
        ENVIRONMENT, N_("The server answered with HTTP status {status}: {url}")
    ),
    e.TimeStampRefused: Sentence(
        ENVIRONMENT,
        N_("The time stamp server gave no time stamp: {url} (status {status}: {detail})"),
        N_("Look at user and password, and whether any time stamps are left."),
    ),
    e.TimeStampWrong: Sentence(
        ENVIRONMENT,
        N_("What the time stamp server gave is no right time stamp: {url} ({problem})"),
        N_("It was not used. Ask its operator, or take another server."),
    ),
    e.TimeStampServerUnset: Sentence(
        USAGE,
        N_("There is no time stamp server to ask."),
        N_(
            "Name one with --tsa, or in the settings as time_stamp.url "
            "(Kamu SM: http://zd.kamusm.gov.tr)."
        ),
    ),
    e.NoTrustedPath: Sentence(
        INDETERMINATE,
        N_("The certificate leads to no root that you accepted: {holder}"),
        N_("See what is trusted: esign trust list"),
    ),
    e.NotCleared: Sentence(
        INDETERMINATE,
        N_(
            "There is no sufficient proof that the certificate was not revoked: {holder} ({because})"
        ),
    ),
    e.NewerDataNeeded: Sentence(
        PARTLY,
        N_(
            "There are no revocation data of this certificate yet that are new enough: {holder}. "
            "They are expected from {since} on."
        ),
        N_("Run the command again then."),
    ),
    e.StampTooLate: Sentence(
        REFUSED,
        N_("It is too late for a time stamp: one counted until {latest}. None was bought."),
        N_("Sign anew: esign sign --force"),
    ),
    e.LevelForbidden: Sentence(
        REFUSED,
        N_("The signature holds references and values of another form, which {level} forbids."),
        N_("Keep its own form: esign extend --profile P3 or P4, with --archive if wanted."),
    ),
    e.ReferencesUnfinished: Sentence(
        REFUSED,
        N_("The signature holds some of the references and values of {profile}, but not all."),
        N_("Finish it with the program that began it; more of them would make it invalid."),
    ),
    e.VerifiedAsLess: Sentence(
        PARTLY,
        N_("All that {wanted} takes is in the signature, but verifying it shows less."),
        N_("See what does not hold: esign verify"),
    ),
    e.NothingToAddTo: Sentence(
        REFUSED,
        N_("What is there is no sound signature over this content, so none was added: {path}"),
        N_("See what is wrong with it: esign verify"),
    ),
    e.SignatureFailed: Sentence(
        SIGNATURE_FAILED,
        N_("The signature is not valid and was left as it is: {sub}"),
        N_("See why: esign verify"),
    ),
    e.SignatureUnproven: Sentence(
        INDETERMINATE,
        N_("The signature could not be verified and was left as it is: {sub}"),
        N_("See why: esign verify"),
    ),
    e.ProfileNotSigned: Sentence(
        REFUSED,
        N_("The signature does not name the profile {wanted}, and a signed name cannot be added."),
        N_("Sign the document with --profile {wanted}."),
    ),
    e.ArchiveForbidden: Sentence(
        REFUSED, N_("The profile {profile} allows no archive time stamp.")
    ),
    e.GraceRunning: Sentence(
        PARTLY,
        N_("The signature can be finished from {since} on; until then its checks are preliminary."),
        N_("Run esign extend then."),
    ),
    e.LevelNotReached: Sentence(
        PARTLY, N_("The signature is not {wanted} yet; it was kept as {level}.")
    ),
    # config
    e.ConfigUnreadable: Sentence(
        BAD_INPUT, N_("The settings file {path} cannot be read: {detail}")
    ),
    e.UnknownSetting: Sentence(
        USAGE,
        N_("There is no setting “{key}” ({path})."),
        N_("All of them: esign config"),
    ),
    e.BadSetting: Sentence(
        USAGE, N_("The setting “{key}” cannot be “{value}” ({path})."), N_("Wanted: {wanted}")
    ),
    # database
    e.DatabaseNewer: Sentence(
        ENVIRONMENT,
        N_("The database {path} was written by a newer version of esign."),
        N_("Update esign; the database was not touched."),
    ),
    e.DatabaseUnreadable: Sentence(ENVIRONMENT, N_("The database {path} cannot be used: {detail}")),
    e.DatabaseUnopenable: Sentence(
        ENVIRONMENT,
        N_("The database {path} cannot be reached: {detail}"),
        N_("Look at its path, at the rights of file and folder, and at the disk."),
    ),
    e.DatabaseBusy: Sentence(
        ENVIRONMENT,
        N_("Another program has been writing to the database {path} for over {seconds} seconds."),
        N_("Wait until it ends and run the command again."),
    ),
    # child processes
    e.ChildDied: Sentence(
        ENVIRONMENT, N_("A helper process of esign ended unexpectedly ({program}).")
    ),
    e.ChildTimedOut: Sentence(
        ENVIRONMENT,
        N_("A helper process of esign did not answer in {seconds} seconds ({program})."),
    ),
    # certificates and signatures
    e.CertificateUnreadable: Sentence(
        CARD, N_("A certificate cannot be read: {detail}"), N_("Is it whole, and X.509?")
    ),
    e.Asn1Malformed: Sentence(BAD_INPUT, N_("This is not well-formed ASN.1: {detail}")),
    e.KeyRefused: Sentence(
        REFUSED,
        N_("esign does not sign with a key of this kind: {key}"),
        N_("RSA of 2048 to 4096 bits, P-256, P-384 and P-521 are used."),
    ),
    e.SelfCheckFailed: Sentence(
        SIGNATURE_FAILED,
        N_("The card's signature did not stand up to esign's own check: {detail}"),
        N_("Nothing was written. Take the card out, put it in again and repeat the command."),
    ),
    e.TrustUnreadable: Sentence(
        BAD_INPUT,
        N_("There is no certificate to read in {path}: {detail}"),
        N_("Give root and intermediate certificates as PEM or DER files."),
    ),
    e.BadFingerprint: Sentence(
        USAGE,
        N_("“{given}” is not a SHA-256 fingerprint."),
        N_("It has 64 hexadecimal digits; spaces and colons between them do not matter."),
    ),
    e.FingerprintNotFound: Sentence(
        REFUSED,
        N_("No root with this fingerprint is in the file: {given}"),
        N_("Nothing was trusted. Roots that are there: {found}"),
    ),
    e.FingerprintNotInStore: Sentence(
        USAGE,
        N_("“{given}” names no certificate of the trust store, or more than one."),
        N_("Give at least 8 digits of its SHA-256: esign trust list"),
    ),
    e.RootNotAccepted: Sentence(
        REFUSED,
        N_("The root was not accepted: {holder}, SHA-256 {sha256}"),
        N_("Compare it with its publisher's own and give it with --fingerprint."),
    ),
    e.NoRootAccepted: Sentence(
        REFUSED,
        N_("No root is trusted yet, so nothing can lead to one."),
        N_("Accept one first: esign trust add FILE"),
    ),
    e.NothingTrusted: Sentence(
        REFUSED,
        N_("Nothing was added: no certificate leads to an accepted root ({path})."),
        N_("Accept its root first: esign trust add FILE"),
    ),
    e.RevocationUnreadable: Sentence(
        BAD_INPUT,
        N_("{path} holds no revocation data: {detail}"),
        N_("Give a CRL with --crl and an OCSP answer with --ocsp, as DER or PEM files."),
    ),
    e.RequirementNotMet: Sentence(
        REFUSED,
        N_("The signature is valid, but not what --require asks for: {missing}"),
    ),
    e.BadTime: Sentence(
        USAGE,
        N_("“{given}” is not a time."),
        N_("Write it with its offset, for example 2026-11-22T14:30:00+03:00."),
    ),
    # the application form and who signs it
    e.FormUnreadable: Sentence(
        BAD_INPUT, N_("The form file {path} cannot be read: {detail}"), N_("It is a TOML file.")
    ),
    e.UnknownFormKey: Sentence(
        BAD_INPUT,
        N_("The form has no field “{key}” ({path})."),
        N_("`esign sign-form --help` lists the fields."),
    ),
    e.BadFormValue: Sentence(
        BAD_INPUT, N_("The field “{key}” is not right ({path})."), N_("Wanted: {wanted}")
    ),
    e.FormIncomplete: Sentence(
        BAD_INPUT,
        N_("The form is not complete; missing or not right: {found}"),
        N_(
            "Write them into a TOML file and name it with --form, or run the command on a terminal."
        ),
    ),
    e.TwoPeople: Sentence(
        REFUSED,
        N_("These are two people's data: {one} and {other}."),
        N_(
            "Nothing was signed. Each person signs an application of their own, with their own card."
        ),
    ),
    e.BadSecurityWord: Sentence(
        BAD_INPUT,
        N_("The güvenlik sözcüğü cannot be used: it is empty, or was not typed the same twice."),
    ),
    e.CertificateNotChosen: Sentence(
        REFUSED,
        N_("There is no certificate with the SHA-256 {given}. There are: {certificates}"),
    ),
    e.AmbiguousCertificate: Sentence(
        REFUSED,
        N_("Several certificates could sign: {certificates}"),
        N_("Choose one with --cert and its SHA-256."),
    ),
    e.CertificateExpired: Sentence(
        REFUSED,
        N_("The certificate has expired. Holder: {holder}, end: {not_after}"),
        N_(
            "An expired certificate cannot renew: apply on the portal by Yöntem 2 (wet-ink signature)."
        ),
    ),
    e.CertificateNotYetValid: Sentence(
        REFUSED, N_("The certificate is not valid yet. Holder: {holder}, start: {not_before}")
    ),
    e.CertificateNotQualified: Sentence(
        REFUSED,
        N_("The certificate does not claim to be qualified. Holder: {holder} ({because})"),
        N_("For tests and demonstrations only, --allow-unqualified signs with it."),
    ),
    e.CertificateDoesNotSign: Sentence(
        REFUSED,
        N_("The certificate is not made for signing documents. Holder: {holder}"),
        N_(
            "Is this the e-imza card? "
            "A national ID card holds an e-imza only if one was loaded on it."
        ),
    ),
    e.KeyNotThere: Sentence(
        REFUSED, N_("The key of the certificate is not on the card. Holder: {holder}")
    ),
    e.KeyAmbiguous: Sentence(
        REFUSED, N_("More than one key could belong to the certificate. Holder: {holder}")
    ),
    e.Pkcs12Unreadable: Sentence(BAD_INPUT, N_("This is not a PKCS#12 file: {detail}")),
    e.Pkcs12Refused: Sentence(
        PIN_REFUSED, N_("The passphrase of the PKCS#12 file is wrong, or the file is damaged.")
    ),
    e.Pkcs12Empty: Sentence(
        CARD, N_("The PKCS#12 file holds no private key with its certificate.")
    ),
    e.PinWantedAgain: Sentence(
        REFUSED,
        N_("The key on this card wants the PIN for each signature; standard input gives it once."),
        N_("Run the command on a terminal and type the PIN when it is asked for."),
    ),
    e.SoftTokenFailed: Sentence(
        ENVIRONMENT,
        N_("SoftHSM2 could not make a software token: {detail}"),
        N_("With --p12 the demo does without it."),
    ),
    e.DemoStepFailed: Sentence(
        ENVIRONMENT, N_("The demo stopped at: {command} (exit code {status})")
    ),
    e.DemoFolderInUse: Sentence(
        REFUSED,
        N_("The folder {path} has files in it that the demo did not make."),
        N_("Name an empty folder, or one that does not exist yet."),
    ),
    # cards, readers and their drivers
    e.NoModule: Sentence(
        CARD,
        N_("No card driver was found. Looked in: {looked}"),
        N_("Install the AKİS driver from Kamu SM's site, or name the file with --module."),
    ),
    e.ModuleMissing: Sentence(
        CARD,
        N_("There is no card driver at {path}."),
        N_("Correct --module, ESIGN_PKCS11_MODULE or the setting “module”, whichever names it."),
    ),
    e.ModuleWrongArchitecture: Sentence(
        CARD,
        N_("The card driver {path} was built for {module}, and this program runs on {ours}."),
        N_("Install the driver for {ours}, or name another file with --module."),
    ),
    e.ModuleNotALibrary: Sentence(
        CARD,
        N_("{path} is not a card driver: it is no library at all."),
        N_("Name the driver's library file with --module."),
    ),
    e.ModuleLacksLibrary: Sentence(
        CARD,
        N_("The card driver {path} needs a library that is not installed: {library}"),
        N_("Install it, or install the driver again from its own package."),
    ),
    e.ModuleUnusable: Sentence(
        CARD,
        N_("The card driver {path} cannot be started: {detail}"),
        N_("Install the driver again, or name another file with --module."),
    ),
    e.ModuleCrashed: Sentence(
        CARD,
        N_("The card driver {path} crashed ({signal}). Nothing was lost."),
        N_("Take the card out, put it in again and repeat; if it stays so, update the driver."),
    ),
    e.ModuleHung: Sentence(
        CARD,
        N_("The card driver {path} did not answer in {seconds} seconds and was ended."),
        N_("Take the card out, put it in again and repeat."),
    ),
    e.CardServiceDown: Sentence(
        CARD,
        N_("No card reader is seen: the smart card service is not running."),
        N_(
            "Start it (sudo systemctl start pcscd.socket), "
            "after installing it if need be (sudo apt install pcscd)."
        ),
    ),
    e.NoReader: Sentence(
        CARD, N_("No card reader is seen."), N_("Plug the reader in and repeat the command.")
    ),
    e.NoCard: Sentence(
        CARD,
        N_("There is no card in the reader. Readers: {readers}"),
        N_("Put the card in, chip first, and repeat the command."),
    ),
    e.CardBlank: Sentence(
        CARD,
        N_("The card is blank: nothing was ever loaded on it. Readers: {readers}"),
        N_("Put the e-imza card in, or ask Kamu SM (444 5 576) about this one."),
    ),
    e.CardUnknown: Sentence(
        CARD,
        N_("The card driver does not know this card. Reader: {reader}"),
        N_(
            "Is it an e-imza card, chip first? "
            "Another kind of card needs its own driver (--module)."
        ),
    ),
    e.NoSuchCard: Sentence(
        CARD, N_("There is no card “{wanted}”. Cards here: {present}"), N_("Correct --token.")
    ),
    e.CardAmbiguous: Sentence(
        CARD,
        N_("There is more than one card: {present}"),
        N_("Leave one in, or choose with --token."),
    ),
    e.NoCertificateOnCard: Sentence(
        CARD,
        N_("There is no certificate on the card: {present}"),
        N_(
            "Is it the e-imza card? A national ID card holds an e-imza only if one was loaded on it. "
            "A new card is loaded by Kamu SM (444 5 576)."
        ),
    ),
    e.CardBusy: Sentence(
        ENVIRONMENT,
        N_("Another esign is using this card, and did not end in {seconds} seconds: {card}"),
        N_("Finish what is open there, or close it, and repeat the command."),
    ),
    e.NoSuchReader: Sentence(
        CARD,
        N_("There is no card in a reader “{wanted}”. Readers with a card: {present}"),
        N_("Correct --reader, or put the card in."),
    ),
    e.CardUnreadable: Sentence(
        CARD,
        N_("The card {card} cannot be read: {detail}"),
        N_("Take it out, wipe the chip, put it in again and repeat."),
    ),
    e.CardRemoved: Sentence(
        CARD,
        N_("The card was taken out, or its reader unplugged."),
        N_("Put it in again and repeat the command; no signature was made."),
    ),
    e.CardExchanged: Sentence(
        REFUSED,
        N_("This is not the card that was shown: it was exchanged meanwhile. No PIN was sent."),
        N_("Put the right card in and repeat the command."),
    ),
    e.CardRefusedToSign: Sentence(
        SIGNATURE_FAILED,
        N_("The card did not sign: {detail}"),
        N_("Take it out, put it in again and repeat."),
    ),
    e.PinLocked: Sentence(
        PIN_LOCKED,
        N_("The PIN of the card is locked: {card}"),
        N_("Unlock it at Kamu SM's Online İşlemler page, or call 444 5 576."),
    ),
    e.PinOnLastTry: Sentence(
        PIN_LOCKED,
        N_("The PIN of the card is on its last try, so none was sent: {card}"),
        N_(
            "A wrong one would lock it. If you are sure of your PIN: --last-try. "
            "If not, call 444 5 576."
        ),
    ),
    e.PinNotInitialised: Sentence(
        CARD,
        N_("The card has no PIN yet: {card}"),
        N_("Its holder makes one at Kamu SM's Online İşlemler page."),
    ),
    e.PinIncorrect: Sentence(
        PIN_REFUSED,
        N_("The card refused the PIN, which was sent once. The PIN now: {pin}"),
        N_(
            "Be sure of it before the next try: repeated wrong PINs lock the card. "
            "It is the e-imza PIN, not your own password."
        ),
    ),
    e.PinLengthWrong: Sentence(
        PIN_REFUSED,
        N_(
            "A PIN of this card has {shortest} to {longest} characters. "
            "None was sent, so no try was spent."
        ),
        N_("It is the e-imza PIN, not your own password."),
    ),
    e.PinUnanswered: Sentence(
        CARD,
        N_("The card did not answer while it checked the PIN; the try may count as a wrong one."),
        N_("Take it out, put it in again and look at it with esign check-card."),
    ),
    e.SecretMissing: Sentence(
        USAGE,
        N_("Standard input ended before this line was read: {name}"),
        N_("Give one line for each secret, in the order that --help names."),
    ),
    e.SecretMalformed: Sentence(
        USAGE,
        N_("A line of standard input was not used, because it holds what none may hold: {name}"),
        N_("Give UTF-8 text without a byte-order mark, control characters or an empty line."),
    ),
    e.SecretsExtra: Sentence(
        USAGE,
        N_("Standard input holds more lines than the {expected} that are wanted; none was used."),
    ),
    e.CredentialMissing: Sentence(
        ENVIRONMENT,
        N_("A secret was not found: {name}"),
        N_("Looked in: {looked}. Put it into one of these places (docs/reminders.md)."),
    ),
    e.CredentialMalformed: Sentence(
        BAD_INPUT,
        N_("A secret holds a character that none may hold, such as a second line: {name}"),
    ),
    e.CredentialExposed: Sentence(
        REFUSED,
        N_("Others may read the file of secrets {path} (mode {mode}); it is not used."),
        N_("chmod 600 {path}"),
    ),
    # reading workbooks, and importing
    e.WorkbookEmpty: Sentence(
        BAD_INPUT, N_("{path} is empty."), N_("Download it again; nothing was imported.")
    ),
    e.WorkbookEncrypted: Sentence(
        BAD_INPUT,
        N_("{path} is protected by a password."),
        N_("Open it, save it without a password, and import that file."),
    ),
    e.WorkbookHasMacros: Sentence(
        BAD_INPUT,
        N_("{path} holds macros, and is not opened."),
        N_("Save it as a plain .xlsx workbook and import that file."),
    ),
    e.WorkbookForeign: Sentence(
        BAD_INPUT,
        N_("{path} is not a workbook (what it is: {kind})."),
        N_("Give the .xls or .xlsx file that MEBBİS wrote."),
    ),
    e.WorkbookNotYetRead: Sentence(
        BAD_INPUT,
        N_("{path} is of a kind that is not read (what it is: {kind})."),
        N_("Open it in Excel or LibreOffice, save it as .xlsx, and import that file."),
    ),
    e.WorkbookDamaged: Sentence(
        BAD_INPUT,
        N_("{path} is damaged or was not downloaded to its end."),
        N_("Download it again; nothing was imported."),
    ),
    e.WorkbookTooLarge: Sentence(
        BAD_INPUT,
        N_(
            "{path} cannot be read: it is damaged, or made to need more memory or time than allowed."
        ),
        N_(
            "Open it in Excel, copy the table into a new workbook, and import that. Nothing was imported."
        ),
    ),
    e.NoTableFound: Sentence(
        BAD_INPUT,
        N_("No table was found in {path}: no row among the first ones looks like column headers."),
        N_("Name the row with --header-row, or the columns with --map."),
    ),
    e.NoIdentityColumn: Sentence(
        BAD_INPUT,
        N_("{path} has no column with the T.C. kimlik no (sheet: {sheet}, header row: {row})."),
        N_('Columns found: {headers}. Name it with --map "HEADER=national_id".'),
    ),
    e.AmbiguousColumn: Sentence(
        BAD_INPUT,
        N_("The column “{column}” can mean more than one thing ({path}, sheet: {sheet})."),
        N_('Say which with --map "{column}=FIELD"; field: {fields}, or - to pass over it.'),
    ),
    e.MappedColumnMissing: Sentence(
        BAD_INPUT,
        N_("There is no column “{column}” ({path}, sheet: {sheet})."),
        N_("Columns found: {headers}"),
    ),
    e.BadMapping: Sentence(
        USAGE,
        N_("“{given}” does not name a column and a field."),
        N_('Write --map "HEADER=FIELD"; fields: {fields}'),
    ),
    e.NoSuchSheet: Sentence(
        USAGE, N_("There is no sheet “{sheet}” in {path}."), N_("Sheets: {sheets}")
    ),
    e.WorkbookWithoutPeople: Sentence(
        BAD_INPUT,
        N_("{path} names nobody: below its header there is no row."),
        N_("Export it again; nothing was imported."),
    ),
    e.SnapshotOfCertificates: Sentence(
        USAGE,
        N_("{path} is a list of certificates, and --full is for duty records."),
        N_("Import it without --full; nothing was imported."),
    ),
    e.MixedSheets: Sentence(
        BAD_INPUT,
        N_("The sheets of {path} are of different kinds: {kinds}"),
        N_("Import them one by one with --sheet."),
    ),
    e.ProvinceNeeded: Sentence(
        USAGE,
        N_("{path} names no province."),
        N_("Name it with --province, or once for all: esign config set province NAME"),
    ),
    e.ScopeNeeded: Sentence(
        USAGE,
        N_("A full snapshot is one of a province or a district; which one was not said."),
        N_("Name it with --province (“all” for the whole ministry) and --district."),
    ),
    e.NoSuchImport: Sentence(
        USAGE,
        N_("There is no import number {number}."),
        N_("`esign imports` lists them."),
    ),
    e.NotTheNewestImport: Sentence(
        REFUSED,
        N_("Import {number} is not the newest: later ones rest on it."),
        N_("Only the newest can be taken back: `esign imports undo {newest}`."),
    ),
    # lists of people
    e.IdListUnreadable: Sentence(
        BAD_INPUT,
        N_("{path} is not a list of national ids."),
        N_("Give a text or csv file with one national id a line, or in its first column."),
    ),
    e.IdListEmpty: Sentence(
        BAD_INPUT,
        N_("{path} names nobody."),
        N_("Give one national id a line, or a csv with them in its first column."),
    ),
    e.NoSuchWatch: Sentence(
        USAGE,
        N_("Watch number {number} was not kept, or no e-imza card was read in it."),
        N_("esign check-card --watch --save tells its number when it ends."),
    ),
    e.BadNationalId: Sentence(
        USAGE,
        N_("“{given}” is not a national id."),
        N_("It has 11 digits; one of them may be mistyped."),
    ),
    e.UnknownWord: Sentence(
        USAGE, N_("{option} does not know “{given}”."), N_("It knows: {known}")
    ),
    e.UnknownFormat: Sentence(
        USAGE,
        N_("The ending of {path} tells no format."),
        N_("Name it with --format, or end the file's name in one of: {known}"),
    ),
    e.UnknownEnding: Sentence(
        USAGE,
        N_("The ending of {path} tells no format."),
        N_("End the file's name in one of: {known}"),
    ),
    e.OptionsExclude: Sentence(USAGE, N_("These options cannot be given together: {options}")),
    # the life of an application
    e.UnknownApplication: Sentence(
        USAGE,
        N_("There is no application “{given}”."),
        N_("Give its number, or the national id of its owner: esign applications list"),
    ),
    e.NoOpenApplication: Sentence(
        BAD_INPUT,
        N_("No application is open for {national_id}."),
        N_("Enter it first with esign applications add."),
    ),
    e.IllegalStep: Sentence(
        REFUSED,
        N_("Application {number} does not take this step now: {step} (its state: {state})."),
        N_("Steps that it takes now: {legal}"),
    ),
    e.StepTooEarly: Sentence(
        REFUSED,
        N_("Application {number}: {date} is before its last step ({state}, {last})."),
        N_("Give the true date of this step with --date."),
    ),
    e.DayKept: Sentence(
        REFUSED,
        N_(
            "Application {number} has this step already ({state}, {last}); another day was given"
            " now ({date}) and not taken."
        ),
        N_("If the new day is the true one: the same once more, with --correct."),
    ),
    e.DateInFuture: Sentence(
        REFUSED,
        N_("{date} is still to come: only what has happened is entered."),
    ),
    e.NoteNeeded: Sentence(
        USAGE, N_("This step wants its reason: {step}"), N_("Give it with --note.")
    ),
    e.ApprovalRefused: Sentence(
        REFUSED,
        N_("Application {number} was not approved, for what is known speaks against it ({on})."),
        N_("Correct MEBBİS and import it, or approve all the same with --override and the reason."),
    ),
    e.ApprovalRosterOld: Sentence(
        REFUSED,
        N_(
            "Application {number} was not approved: an approval wants a MEBBİS export of at most"
            " {days} days (the latest: {as_of})."
        ),
        N_("Import a new export, or approve all the same with --override and the reason."),
    ),
    e.UnknownPerson: Sentence(
        BAD_INPUT,
        N_("Nothing is known of {national_id}."),
        N_("Look at the number, or import a workbook in which the person stands."),
    ),
    e.ReasonNeeded: Sentence(USAGE, N_("A mark wants its reason."), N_("Give it with --reason.")),
    e.MarkOver: Sentence(
        USAGE, N_("A mark cannot end before it begins: {date}"), N_("Give a day to come.")
    ),
    e.EndTooFar: Sentence(
        BAD_INPUT,
        N_("No certificate ends as late as {date}; the latest that is taken: {latest}"),
        N_("Look at the date. The setting renewal.validity_years says how long one is valid."),
    ),
    # messages to people
    e.MailServerUnset: Sentence(
        USAGE,
        N_("The setting “{key}” is missing: through which server, and as whom, is mail sent?"),
        N_("esign config set {key} …"),
    ),
    e.MailServerUnreachable: Sentence(
        ENVIRONMENT,
        N_("The mail server cannot be reached: {host}:{port} ({detail})"),
        N_("Nothing was sent to it. Look at smtp.host, smtp.port and smtp.security."),
    ),
    e.MailServerUntrusted: Sentence(
        ENVIRONMENT,
        N_("The mail server's certificate is not trusted: {host} ({detail})"),
        N_("If its authority is your own, name that one's certificate in smtp.ca_file."),
    ),
    e.MailServerWithoutTls: Sentence(
        ENVIRONMENT,
        N_("The mail server offers no STARTTLS, or no login: {host}"),
        N_("Look at smtp.security and smtp.user: starttls, tls or none."),
    ),
    e.MailLoginUnencrypted: Sentence(
        REFUSED,
        N_("No password is sent without encryption: {host}"),
        N_("Set smtp.security to starttls or tls, or leave smtp.user empty."),
    ),
    e.MailLoginRefused: Sentence(
        ENVIRONMENT,
        N_("The mail server refused the login of {user}: {host} ({detail})"),
        N_("Look at smtp.user, and at the secret smtp-password."),
    ),
    e.RecipientsRefused: Sentence(
        ENVIRONMENT, N_("The mail server refused the address {addresses}: {detail}")
    ),
    e.MessageRefused: Sentence(
        ENVIRONMENT, N_("The mail server {host} refused the message: {detail}")
    ),
    e.MessageUnsent: Sentence(
        ENVIRONMENT, N_("The mail server {host} did not take the message: {detail}")
    ),
    e.GatewayUnset: Sentence(
        USAGE,
        N_("The setting “{key}” is missing: by which gateway are SMS sent?"),
        N_("The gateway is described in the settings file (docs/reminders.md)."),
    ),
    e.GatewayFailed: Sentence(
        ENVIRONMENT, N_("The SMS gateway {host} did not take the message: {problem}")
    ),
    e.GatewayRefused: Sentence(
        ENVIRONMENT, N_("The SMS gateway {host} refused the message: {detail}")
    ),
    e.BadTimeOfDay: Sentence(
        USAGE, N_("“{given}” is not a time of day."), N_("Write it as 08:30.")
    ),
    e.PathUnschedulable: Sentence(
        BAD_INPUT, N_("No scheduler takes a path with such characters in it: {path}")
    ),
    e.CrontabMarksBroken: Sentence(
        REFUSED,
        N_("The marks of esign in the crontab are damaged, and nothing was changed."),
        N_("Take the lines “# BEGIN esign” and “# END esign” out with “crontab -e”."),
    ),
    e.SchedulerMissing: Sentence(
        ENVIRONMENT,
        N_("There is no such scheduler on this system: {program}"),
        N_("esign schedule prints the lines; put them where they belong yourself."),
    ),
    e.SchedulerFailed: Sentence(
        ENVIRONMENT,
        N_("The system's scheduler did not take the lines ({program}): {detail}"),
        N_("The other way may do: esign schedule --cron, or --systemd."),
    ),
    e.TemplateBroken: Sentence(
        BAD_INPUT,
        N_("The template {path} cannot be used (line {row}): {detail}"),
        N_("Nothing was sent. docs/reminders.md names what a template may use."),
    ),
}


NOT_AKIS = N_(
    "AKİS's own driver was not found, and this one reads no AKİS card. "
    "Install it from Kamu SM's site, or name its file with --module."
)
"""What is to be said of a driver that only stands in."""
PIN_STATES: dict[str, str] = {
    "no-warning": N_("the card gives no warning"),
    "low": N_("a wrong one was entered; repeated wrong ones lock the card"),
    "last-try": N_("LAST TRY: a wrong one now locks the card"),
    "locked": N_("LOCKED: unlock it at Kamu SM's Online İşlemler page or call 444 5 576"),
    "not-initialised": N_("none yet: its holder makes one at Kamu SM's Online İşlemler page"),
    "pin-pad": N_("typed on the card reader itself"),
}
"""A PIN's state in words."""


UNQUALIFIED: dict[str, str] = {
    "no-non-repudiation": N_("its key usage lacks nonRepudiation"),
    "no-policy-notice": N_("its policy carries no user notice"),
    "no-qc-statement": N_("it lacks the European QC statement"),
    "no-turkish-statement": N_("it lacks the statement of Law 5070"),
    "usage-restricted": N_("its use is restricted"),
    "seal": N_("it is a seal"),
}
"""Why a certificate does not claim to be qualified."""
NOT_CLEARED: dict[str, str] = {
    "none": N_("nothing says anything of it"),
    "stale": N_("what there is has ended"),
    "weak": N_("what there is was signed by a weak algorithm"),
    "not-fresh": N_("what there is was issued too early"),
    "preliminary": N_("what there is was issued too early"),
    "revoked": N_("it was revoked"),
    "suspended": N_("it is suspended"),
    "unknown": N_("its issuer does not know it"),
}
"""Why a certificate cannot be relied on in the long term."""
SECRETS: dict[str, str] = {
    "security-word": N_("the güvenlik sözcüğü"),
    "pin": N_("the PIN"),
    "passphrase": N_("the passphrase"),
}
WANTED: dict[str, str] = {
    "YYYY-MM-DD": N_("a date without quotation marks, like 1980-01-31"),
    "text": N_("a text in quotation marks"),
}
"""What a field of a form file takes, where its code does not say it all."""
ADDRESS_PROBLEMS: dict[str, str] = {
    "private": N_("it lies in a private network or on this machine"),
    "scheme": N_("it begins with neither http: nor https:"),
    "malformed": N_("it is malformed"),
    "imprint": N_("it is over something else"),
    "stamp-of-another": N_("it is over something else"),
    "stamp-broken": N_("its own signature does not hold"),
    "stamp-weak": N_("it was signed by a weak algorithm"),
    "stamp-too-far": N_("its time is too far from the signing time"),
    "stamp-not-by-authority": N_("it is not by a time stamp authority"),
    "nonce": N_("it answers another request"),
    "redirect-loop": N_("the server sends on in a circle"),
    "too-many-redirects": N_("the server sends on too often"),
    "redirect-to-plain-http": N_("the server sends on from https to http"),
    "redirect-of-request": N_("the server sends a request on that must not be repeated elsewhere"),
}
"""Why an address is not called, or an answer not used."""
SYSTEMS_OWN_WORDS = (
    N_("Permission denied"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("No such file or directory"),
    N_("File exists"),
    N_("File name too long"),
    N_("File too large"),
    N_("Operation not permitted"),
    N_("Too many levels of symbolic links"),
    N_("Read-only file system"),
    N_("Input/output error"),
    N_("No space left on device"),
    N_("not UTF-8"),
)
"""Why the operating system refused a file, in its own words."""


def sentence(error: e.EsignError) -> str:
    """What happened, in the user's language."""
    return _(SENTENCES[type(error)].what).format_map(_Facts(error.facts))


def next_step(error: e.EsignError) -> str:
    """What to do next, in the user's language; may be empty. What was perhaps meant comes first."""
    step = _(SENTENCES[type(error)].next).format_map(_Facts(error.facts))
    near = ", ".join(map(str, error.facts.get("suggestions", ())))
    return _("Perhaps: {near}.").format(near=near) + " " + step if near else step


def told(error: e.EsignError) -> str:
    """Both on one line, parted by a full stop."""
    what, step = sentence(error), next_step(error)
    if not step:
        return what
    return f"{what} {step}" if what.endswith((".", "!", "?", "…")) else f"{what}. {step}"


def exit_code(error: e.EsignError) -> int:
    """The process's exit code for this error."""
    return SENTENCES[type(error)].exit_code


_CODES: dict[str, dict[str, str]] = {
    "pin": PIN_STATES,
    "because": {**UNQUALIFIED, **NOT_CLEARED},
    "name": SECRETS,
    "wanted": WANTED,
    "problem": ADDRESS_PROBLEMS,
}
"""Facts that are codes, and what each code is in words."""
_TIMES = ("since", "not_before", "not_after", "on", "last", "as_of", "date", "latest")
_AT_LINE = re.compile(r".*\bline (\d+),? col(?:umn)? (\d+)\)?", re.DOTALL)


def _in_words(key: str, value: Any) -> str:
    """One fact as it reads in a sentence."""
    if isinstance(value, Mapping):
        return _of_field(value)
    text = str(value)
    if key in _CODES:
        return _(_CODES[key].get(text, text))
    if key == "seconds":
        return f"{value:g}".replace(".", "," if language() == "tr" else ".")
    if key == "detail":
        if text.endswith("(at end of document)"):
            return _("it ends too early")
        at = _AT_LINE.fullmatch(text)
        return _("line {row}, column {column}").format(row=at[1], column=at[2]) if at else _(text)
    return _day(text) if key in _TIMES else text


def _of_field(problem: Mapping[str, str]) -> str:
    """A field of the form with its name in files, and what is wrong with it unless it is missing."""
    told = f"{_(FIELDS[problem['field']])} [{problem['field']}]"
    return told if problem["code"] == "missing" else f"{told}: {_(PROBLEMS[problem['code']])}"


def _day(text: str) -> str:
    """A date, or a time with its offset, as people write it; anything else as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment:%d.%m.%Y}" if len(text) == len("2026-11-22") else f"{moment:%d.%m.%Y %H:%M}"


class _Facts(dict[str, Any]):
    """Facts as they read in a sentence: codes in words, lists joined, absent ones as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key) if key in self else self.__missing__(key)
        if isinstance(value, list | tuple):
            return ", ".join(_in_words(key, one) for one in value) or "–"
        return "–" if value in (None, "") else _in_words(key, value)
