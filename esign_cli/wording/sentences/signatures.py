"""What is said of errors: signatures."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "time-stamp-refused": Sentence(
        N_("The time stamp server gave no time stamp: {url} (status {status}: {detail})"),
        N_("Look at user and password, and whether any time stamps are left."),
    ),
    "time-stamp-wrong": Sentence(
        N_(
            "What the time stamp server gave is no right time stamp: {url} "
            "({problem}; its authority: {authority})"
        ),
        N_("It was not used, and is not bought again. Ask its operator, or take another server."),
    ),
    "not-a-signature": Sentence(
        N_("This is no CMS signature but {kind}: {path}"),
        N_("Give the signature itself (.p7m, .p7s), an .eyp package or an ASiC container."),
    ),
    "file-changed": Sentence(
        N_("The file was changed after it was shown, and is not signed: {path}"),
        N_("Run the command again to see and sign it as it is now."),
    ),
    "content-ambiguous": Sentence(
        N_("Several files beside the signature could be what it is over: {path} ({present})"),
        N_("Name the right one with --content."),
    ),
    "container-unreadable": Sentence(N_("The package cannot be read: {detail}")),
    "container-too-large": Sentence(
        N_("The package is too large to be read: parts {parts}, bytes {size}")
    ),
    "container-unsupported": Sentence(N_("The package is not read: {kind} ({because})")),
    "time-stamp-server-unset": Sentence(
        N_("There is no time stamp server to ask."),
        N_(
            "Name one with --tsa, or in the settings as time_stamp.url "
            "(Kamu SM: http://zd.kamusm.gov.tr)."
        ),
    ),
    "no-trusted-path": Sentence(
        N_("The certificate leads to no root that you accepted: {holder}"),
        N_("See what is trusted: esign trust list"),
    ),
    "not-cleared": Sentence(
        N_(
            "There is no sufficient proof that the certificate was not revoked: {holder} ({because})"
        ),
    ),
    "newer-data-needed": Sentence(
        N_(
            "There are no revocation data of this certificate yet that are new enough: {holder}. "
            "They are expected from {since} on."
        ),
        N_("Run the command again then."),
    ),
    "stamp-too-late": Sentence(
        N_("It is too late for a time stamp: one counted until {latest}. None was bought."),
        N_("Sign anew: esign sign --force"),
    ),
    "level-forbidden": Sentence(
        N_("The signature holds references and values of another form, which {level} forbids."),
        N_("Keep its own form: esign extend --profile P3 or P4, with --archive if wanted."),
    ),
    "references-unfinished": Sentence(
        N_("The signature holds some of the references and values of {profile}, but not all."),
        N_("Finish it with the program that began it; more of them would make it invalid."),
    ),
    "verified-as-less": Sentence(
        N_("All that {wanted} takes is in the signature, but verifying it shows less."),
        N_("See what does not hold: esign verify"),
    ),
    "nothing-to-add-to": Sentence(
        N_("What is there is no sound signature over this content, so none was added: {path}"),
        N_("See what is wrong with it: esign verify"),
    ),
    "signature-failed": Sentence(
        N_("The signature is not valid and was left as it is: {sub}"),
        N_("See why: esign verify"),
    ),
    "signature-unproven": Sentence(
        N_("The signature could not be verified and was left as it is: {sub}"),
        N_("See why: esign verify"),
    ),
    "profile-not-signed": Sentence(
        N_("The signature does not name the profile {wanted}, and a signed name cannot be added."),
        N_("Sign the document with --profile {wanted}."),
    ),
    "archive-forbidden": Sentence(N_("The profile {profile} allows no archive time stamp.")),
    "grace-running": Sentence(
        N_("The signature can be finished from {since} on; until then its checks are preliminary."),
        N_("Run esign extend then."),
    ),
    "level-not-reached": Sentence(N_("The signature is not {wanted} yet; it was kept as {level}.")),
    "certificate-unreadable": Sentence(
        N_("A certificate cannot be read: {detail}"), N_("Is it whole, and X.509?")
    ),
    "asn1-malformed": Sentence(N_("This is not well-formed ASN.1: {detail}")),
    "key-refused": Sentence(
        N_("esign does not sign with a key of this kind: {key}"),
        N_("RSA of 2048 to 4096 bits, P-256, P-384 and P-521 are used."),
    ),
    "self-check-failed": Sentence(
        N_("The card's signature did not stand up to esign's own check: {detail}"),
        N_("Nothing was written. Take the card out, put it in again and repeat the command."),
    ),
    "trust-unreadable": Sentence(
        N_("There is no certificate to read in {path}: {detail}"),
        N_("Give root and intermediate certificates as PEM or DER files."),
    ),
    "bad-fingerprint": Sentence(
        N_("“{given}” is not a SHA-256 fingerprint."),
        N_("It has 64 hexadecimal digits; spaces and colons between them do not matter."),
    ),
    "fingerprint-not-found": Sentence(
        N_("No root with this fingerprint is in the file: {given}"),
        N_("Nothing was trusted. Roots that are there: {found}"),
    ),
    "fingerprint-not-in-store": Sentence(
        N_("“{given}” names no certificate of the trust store, or more than one."),
        N_("Give at least 8 digits of its SHA-256: esign trust list"),
    ),
    "root-not-accepted": Sentence(
        N_("The root was not accepted: {holder}, SHA-256 {sha256}"),
        N_("Compare it with its publisher's own and give it with --fingerprint."),
    ),
    "no-root-accepted": Sentence(
        N_("No root is trusted yet, so nothing can lead to one."),
        N_("Accept one first: esign trust add FILE"),
    ),
    "nothing-trusted": Sentence(
        N_("Nothing was added: no certificate leads to an accepted root ({path})."),
        N_("Accept its root first: esign trust add FILE"),
    ),
    "revocation-unreadable": Sentence(
        N_("{path} holds no revocation data: {detail}"),
        N_("Give a CRL with --crl and an OCSP answer with --ocsp, as DER or PEM files."),
    ),
    "requirement-not-met": Sentence(
        N_("The signature is valid, but not what --require asks for: {missing}"),
    ),
    "bad-time": Sentence(
        N_("“{given}” is not a time."),
        N_("Write it as 22.11.2026 14:30 (in Türkiye), or as 2026-11-22T14:30:00+03:00."),
    ),
    "certificate-not-chosen": Sentence(
        N_("There is no certificate with the SHA-256 {given}. There are: {certificates}"),
    ),
    "ambiguous-certificate": Sentence(
        N_("Several certificates could sign: {certificates}"),
        N_("Choose one with --cert and its SHA-256."),
    ),
    "certificate-expired": Sentence(
        N_("The certificate has expired. Holder: {holder}, end: {not_after}"),
        N_(
            "An expired certificate cannot renew: apply on the portal by Yöntem 2 (wet-ink signature)."
        ),
    ),
    "certificate-not-yet-valid": Sentence(
        N_("The certificate is not valid yet. Holder: {holder}, start: {not_before}")
    ),
    "certificate-not-qualified": Sentence(
        N_("The certificate does not claim to be qualified. Holder: {holder} ({because})"),
        N_("For tests and demonstrations only, --allow-unqualified signs with it."),
    ),
    "certificate-does-not-sign": Sentence(
        N_("The certificate is not made for signing documents. Holder: {holder}"),
        "{place}",
    ),
    "key-not-there": Sentence(
        N_("The key of the certificate is not on the card. Holder: {holder}")
    ),
    "key-ambiguous": Sentence(
        N_("More than one key could belong to the certificate. Holder: {holder}")
    ),
    "pkcs12-unreadable": Sentence(N_("This is not a PKCS#12 file: {detail}")),
    "pkcs12-refused": Sentence(
        N_("The passphrase of the PKCS#12 file is wrong, or the file is damaged.")
    ),
    "pkcs12-empty": Sentence(N_("The PKCS#12 file holds no private key with its certificate.")),
    "pin-wanted-again": Sentence(
        N_("The key on this card wants the PIN for each signature; standard input gives it once."),
        N_("Run the command on a terminal and type the PIN when it is asked for."),
    ),
}
