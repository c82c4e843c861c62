"""What is said of errors: signatures."""

from __future__ import annotations

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.signatures import (
    AmbiguousCertificate,
    ArchiveForbidden,
    Asn1Malformed,
    BadFingerprint,
    BadTime,
    CertificateDoesNotSign,
    CertificateExpired,
    CertificateNotChosen,
    CertificateNotQualified,
    CertificateNotYetValid,
    CertificateUnreadable,
    FingerprintNotFound,
    FingerprintNotInStore,
    GraceRunning,
    KeyAmbiguous,
    KeyNotThere,
    KeyRefused,
    LevelForbidden,
    LevelNotReached,
    NewerDataNeeded,
    NoRootAccepted,
    NotCleared,
    NothingToAddTo,
    NothingTrusted,
    NoTrustedPath,
    PinWantedAgain,
    Pkcs12Empty,
    Pkcs12Refused,
    Pkcs12Unreadable,
    ProfileNotSigned,
    ReferencesUnfinished,
    RequirementNotMet,
    RevocationUnreadable,
    RootNotAccepted,
    SelfCheckFailed,
    SignatureFailed,
    SignatureUnproven,
    StampTooLate,
    TimeStampRefused,
    TimeStampServerUnset,
    TimeStampWrong,
    TrustUnreadable,
    VerifiedAsLess,
)
from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences.sentence import Sentence

SENTENCES: dict[type[EsignError], Sentence] = {
    TimeStampRefused: Sentence(
        N_("The time stamp server gave no time stamp: {url} (status {status}: {detail})"),
        N_("Look at user and password, and whether any time stamps are left."),
    ),
    TimeStampWrong: Sentence(
        N_("What the time stamp server gave is no right time stamp: {url} ({problem})"),
        N_("It was not used. Ask its operator, or take another server."),
    ),
    TimeStampServerUnset: Sentence(
        N_("There is no time stamp server to ask."),
        N_(
            "Name one with --tsa, or in the settings as time_stamp.url "
            "(Kamu SM: http://zd.kamusm.gov.tr)."
        ),
    ),
    NoTrustedPath: Sentence(
        N_("The certificate leads to no root that you accepted: {holder}"),
        N_("See what is trusted: esign trust list"),
    ),
    NotCleared: Sentence(
        N_(
            "There is no sufficient proof that the certificate was not revoked: {holder} ({because})"
        ),
    ),
    NewerDataNeeded: Sentence(
        N_(
            "There are no revocation data of this certificate yet that are new enough: {holder}. "
            "They are expected from {since} on."
        ),
        N_("Run the command again then."),
    ),
    StampTooLate: Sentence(
        N_("It is too late for a time stamp: one counted until {latest}. None was bought."),
        N_("Sign anew: esign sign --force"),
    ),
    LevelForbidden: Sentence(
        N_("The signature holds references and values of another form, which {level} forbids."),
        N_("Keep its own form: esign extend --profile P3 or P4, with --archive if wanted."),
    ),
    ReferencesUnfinished: Sentence(
        N_("The signature holds some of the references and values of {profile}, but not all."),
        N_("Finish it with the program that began it; more of them would make it invalid."),
    ),
    VerifiedAsLess: Sentence(
        N_("All that {wanted} takes is in the signature, but verifying it shows less."),
        N_("See what does not hold: esign verify"),
    ),
    NothingToAddTo: Sentence(
        N_("What is there is no sound signature over this content, so none was added: {path}"),
        N_("See what is wrong with it: esign verify"),
    ),
    SignatureFailed: Sentence(
        N_("The signature is not valid and was left as it is: {sub}"),
        N_("See why: esign verify"),
    ),
    SignatureUnproven: Sentence(
        N_("The signature could not be verified and was left as it is: {sub}"),
        N_("See why: esign verify"),
    ),
    ProfileNotSigned: Sentence(
        N_("The signature does not name the profile {wanted}, and a signed name cannot be added."),
        N_("Sign the document with --profile {wanted}."),
    ),
    ArchiveForbidden: Sentence(N_("The profile {profile} allows no archive time stamp.")),
    GraceRunning: Sentence(
        N_("The signature can be finished from {since} on; until then its checks are preliminary."),
        N_("Run esign extend then."),
    ),
    LevelNotReached: Sentence(N_("The signature is not {wanted} yet; it was kept as {level}.")),
    CertificateUnreadable: Sentence(
        N_("A certificate cannot be read: {detail}"), N_("Is it whole, and X.509?")
    ),
    Asn1Malformed: Sentence(N_("This is not well-formed ASN.1: {detail}")),
    KeyRefused: Sentence(
        N_("esign does not sign with a key of this kind: {key}"),
        N_("RSA of 2048 to 4096 bits, P-256, P-384 and P-521 are used."),
    ),
    SelfCheckFailed: Sentence(
        N_("The card's signature did not stand up to esign's own check: {detail}"),
        N_("Nothing was written. Take the card out, put it in again and repeat the command."),
    ),
    TrustUnreadable: Sentence(
        N_("There is no certificate to read in {path}: {detail}"),
        N_("Give root and intermediate certificates as PEM or DER files."),
    ),
    BadFingerprint: Sentence(
        N_("“{given}” is not a SHA-256 fingerprint."),
        N_("It has 64 hexadecimal digits; spaces and colons between them do not matter."),
    ),
    FingerprintNotFound: Sentence(
        N_("No root with this fingerprint is in the file: {given}"),
        N_("Nothing was trusted. Roots that are there: {found}"),
    ),
    FingerprintNotInStore: Sentence(
        N_("“{given}” names no certificate of the trust store, or more than one."),
        N_("Give at least 8 digits of its SHA-256: esign trust list"),
    ),
    RootNotAccepted: Sentence(
        N_("The root was not accepted: {holder}, SHA-256 {sha256}"),
        N_("Compare it with its publisher's own and give it with --fingerprint."),
    ),
    NoRootAccepted: Sentence(
        N_("No root is trusted yet, so nothing can lead to one."),
        N_("Accept one first: esign trust add FILE"),
    ),
    NothingTrusted: Sentence(
        N_("Nothing was added: no certificate leads to an accepted root ({path})."),
        N_("Accept its root first: esign trust add FILE"),
    ),
    RevocationUnreadable: Sentence(
        N_("{path} holds no revocation data: {detail}"),
        N_("Give a CRL with --crl and an OCSP answer with --ocsp, as DER or PEM files."),
    ),
    RequirementNotMet: Sentence(
        N_("The signature is valid, but not what --require asks for: {missing}"),
    ),
    BadTime: Sentence(
        N_("“{given}” is not a time."),
        N_("Write it with its offset, for example 2026-11-22T14:30:00+03:00."),
    ),
    CertificateNotChosen: Sentence(
        N_("There is no certificate with the SHA-256 {given}. There are: {certificates}"),
    ),
    AmbiguousCertificate: Sentence(
        N_("Several certificates could sign: {certificates}"),
        N_("Choose one with --cert and its SHA-256."),
    ),
    CertificateExpired: Sentence(
        N_("The certificate has expired. Holder: {holder}, end: {not_after}"),
        N_(
            "An expired certificate cannot renew: apply on the portal by Yöntem 2 (wet-ink signature)."
        ),
    ),
    CertificateNotYetValid: Sentence(
        N_("The certificate is not valid yet. Holder: {holder}, start: {not_before}")
    ),
    CertificateNotQualified: Sentence(
        N_("The certificate does not claim to be qualified. Holder: {holder} ({because})"),
        N_("For tests and demonstrations only, --allow-unqualified signs with it."),
    ),
    CertificateDoesNotSign: Sentence(
        N_("The certificate is not made for signing documents. Holder: {holder}"),
        N_(
            "Is this the e-imza card? "
            "A national ID card holds an e-imza only if one was loaded on it."
        ),
    ),
    KeyNotThere: Sentence(N_("The key of the certificate is not on the card. Holder: {holder}")),
    KeyAmbiguous: Sentence(
        N_("More than one key could belong to the certificate. Holder: {holder}")
    ),
    Pkcs12Unreadable: Sentence(N_("This is not a PKCS#12 file: {detail}")),
    Pkcs12Refused: Sentence(
        N_("The passphrase of the PKCS#12 file is wrong, or the file is damaged.")
    ),
    Pkcs12Empty: Sentence(N_("The PKCS#12 file holds no private key with its certificate.")),
    PinWantedAgain: Sentence(
        N_("The key on this card wants the PIN for each signature; standard input gives it once."),
        N_("Run the command on a terminal and type the PIN when it is asked for."),
    ),
}
