"""Facts of an error as they read in a sentence: codes in words, dates as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from esign_cli.foundation.i18n import N_, _, language
from esign_cli.wording.form_words import FIELDS, PROBLEMS
from esign_cli.wording.import_fields import spoken
from esign_cli.wording.labels import DATABASE_ROLES, STEPS

NOT_AKIS = N_(
    "AKİS's own driver was not found, and this one reads no AKİS card. "
    "Install it from Kamu SM's site, or name its file with --module."
)
"""What is to be said of a driver that only stands in."""
PIN_STATES: dict[str, str] = {
    "no-warning": N_("the card gives no warning"),
    "low": N_("a wrong or an unanswered one was entered; repeated ones lock the card"),
    "last-try": N_("LAST TRY: a wrong one now locks the card"),
    "locked": N_(
        "LOCKED: its holder unlocks it at onlineislemler.kamusm.gov.tr "
        "(NES İşlemleri, PIN Oluşturma/Kilit Çözme); help: 444 5 576"
    ),
    "not-initialised": N_(
        "none yet: its holder makes one at onlineislemler.kamusm.gov.tr "
        "(NES İşlemleri, PIN Oluşturma/Kilit Çözme)"
    ),
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
UNANSWERED: dict[str, str] = {
    "removed": N_("the card went away while it looked at it"),
    "unclear": N_("the driver gave no clear answer"),
    "hung": N_("the driver did not answer"),
    "crashed": N_("the driver ended in the middle"),
}
"""Why nobody knows what became of a PIN."""
SUSPICIONS: dict[str, str] = {
    "swapped": N_("it has letters, and the line before it is all digits: the lines are swapped"),
    "equal": N_("it is the same as the line before it"),
    "space-at-end": N_("it begins or ends with a space"),
    "foreign-digits": N_("its digits are not those of the keyboard (0-9)"),
}
"""Why a secret is plainly not what it should be."""
SECRETS: dict[str, str] = {
    "security-word": N_("the güvenlik sözcüğü"),
    "pin": N_("the PIN"),
    "passphrase": N_("the passphrase"),
}
WANTED: dict[str, str] = {
    "YYYY-MM-DD": N_("a date without quotation marks, like 1980-01-31"),
    "text": N_("a text in quotation marks"),
    "email | sms | both": N_("email, sms or both"),
    "renewal | lost | other | first": N_("renewal, lost, other or first"),
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
    "ess-weak": N_("its reference to its certificate is too weak"),
    "no-ess": N_("it does not name its certificate"),
    "weak-digest": N_("its digest is too weak"),
    "weak-key": N_("its key is too weak"),
    "signature-wrong": N_("its own signature does not hold"),
    "nonce": N_("it answers another request"),
    "redirect-loop": N_("the server sends on in a circle"),
    "too-many-redirects": N_("the server sends on too often"),
    "redirect-to-plain-http": N_("the server sends on from https to http"),
    "redirect-of-request": N_("the server sends a request on that must not be repeated elsewhere"),
}
"""Why an address is not called, or an answer not used."""
PLACES: dict[str, str] = {
    "card": N_(
        "Is this the e-imza card? A national ID card holds an e-imza only if one was loaded on it."
    ),
    "pkcs12": N_("Its key usage lacks nonRepudiation; take a file whose certificate has it."),
}
"""What to look at where a certificate is not made for signing."""
FILE_KINDS: dict[str, str] = {
    "empty": N_("an empty file"),
    "pdf": N_("a PDF file; a signature inside it (PAdES) is not read here"),
    "xml": N_("an XML file; a signature inside it (XAdES) is not read here"),
    "office": N_("an office document"),
    "zip": N_("a ZIP file that is neither an .eyp package nor an ASiC container"),
    "certificate": N_("a certificate; it goes with --trust"),
    "certificates": N_("certificates without a signature (PKCS#7, .p7b)"),
    "crl": N_("a CRL; it goes with --crl"),
    "ocsp": N_("an OCSP answer; it goes with --ocsp"),
    "certificate-request": N_("a certificate request (CSR)"),
    "ocsp-request": N_("a question to an OCSP server"),
    "key": N_("a key"),
    "key-store": N_("a Java key store"),
    "openpgp": N_("an OpenPGP file; its signatures are of another kind"),
    "time-stamp-request": N_("a question to a time stamp server; the signature is another file"),
    "pkcs12": N_("a PKCS#12 file, which holds a key"),
    "time-stamp-reply": N_("a time stamp server's reply"),
    "cms": N_("CMS of another type, encrypted data, say"),
    "smime": N_("an S/MIME message, around a signature that is to be taken out of it"),
    "text": N_("plain text"),
    "other": N_("something unknown"),
}
"""What a file is that was given in the place of a signature."""
CONTAINERS: dict[str, str] = {
    "version": N_("its version is not known here; versions 1 and 2 are read"),
    "encrypted": N_("it is encrypted"),
    "unsigned": N_("no CAdES signature is in it"),
    "xades": N_("its signature is XAdES"),
}
"""Why a container of signatures is not read."""
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
    N_("not a regular file"),
)
"""Why the operating system refused a file, in its own words."""
SUBINDICATIONS = {
    "FORMAT_FAILURE": N_("The file is not a signature that follows the rules."),
    "HASH_FAILURE": N_("The content is not the content that was signed."),
    "SIG_CRYPTO_FAILURE": N_("The signature is not the one that this certificate's key makes."),
    "SIGNED_DATA_NOT_FOUND": N_("The signature is detached, and the signed content is not here."),
    "NO_SIGNING_CERTIFICATE_FOUND": N_("The certificate that signed is not in the file."),
    "SIG_CONSTRAINTS_FAILURE": N_("The signature breaks a rule of its format."),
    "CRYPTO_CONSTRAINTS_FAILURE": N_("An algorithm or a key is too weak to be relied on."),
    "CHAIN_CONSTRAINTS_FAILURE": N_("The certificate is not meant for signatures of this kind."),
    "POLICY_PROCESSING_ERROR": N_("The signature breaks the policy that it names."),
    "NO_CERTIFICATE_CHAIN_FOUND": N_("The certificate does not lead to a trusted root."),
    "REVOKED_NO_POE": N_("A certificate is revoked, and nothing proves the signature older."),
    "OUT_OF_BOUNDS_NO_POE": N_(
        "A certificate was not valid at that time, and nothing proves the signature older."
    ),
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": N_("The certificates could not be judged."),
    "TRY_LATER": N_("There is no proof yet that every certificate is unrevoked."),
}
"""Why a signature is not valid, by the subindication of EN 319 102-1."""
_CODES: dict[str, dict[str, str]] = {
    "pin": PIN_STATES,
    "because": {**UNQUALIFIED, **NOT_CLEARED, **CONTAINERS, **UNANSWERED, **SUSPICIONS},
    "kind": FILE_KINDS,
    "place": PLACES,
    "name": SECRETS,
    "wanted": WANTED,
    "problem": ADDRESS_PROBLEMS,
    "rights": DATABASE_ROLES,
}
"""Facts that are codes, and what each code is in words."""
_TIMES = ("since", "not_before", "not_after", "on", "last", "as_of", "date", "latest")
_LIBRARYS_OWN = re.compile(r"\w+(?:Error|Exception): ")
"""What a library says in English of bytes that it does not read."""
_AT_LINE = re.compile(r".*\bline (\d+),? col(?:umn)? (\d+)\)?", re.DOTALL)


class FactWords(dict[str, Any]):
    """Facts as they read in a sentence: codes in words, lists joined, absent ones as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key) if key in self else self.__missing__(key)
        if key == "fields":
            value = [spoken(one) if isinstance(one, str) else one for one in value]
        if isinstance(value, list | tuple):
            return ", ".join(_in_words(key, one) for one in value) or "–"
        return "–" if value in (None, "") else _in_words(key, value)


def _in_words(key: str, value: Any) -> str:
    """One fact as it reads in a sentence."""
    if isinstance(value, Mapping):
        return _of_field(value)
    text = str(value)
    if key in _CODES:
        return _(_CODES[key].get(text, text))
    if key == "seconds":
        return f"{value:g}".replace(".", "," if language() == "tr" else ".")
    if key in _READ:
        return _READ[key](text)
    return _day(text) if key in _TIMES else text


def _argument(text: str) -> str:
    """An argument by the name that its usage line has; an option as it is typed."""
    return text if text.startswith("-") else _(text)


def _subindication(text: str) -> str:
    return f"{_(SUBINDICATIONS[text])} [{text}]"


def _detail(text: str) -> str:
    """What a parser said, as far as it can be said in the reader's language."""
    if text.endswith("(at end of document)"):
        return _("it ends too early")
    if language() != "en" and _LIBRARYS_OWN.match(text):
        return _("it is damaged, or of another kind")
    at = _AT_LINE.fullmatch(text)
    return _("line {row}, column {column}").format(row=at[1], column=at[2]) if at else _(text)


_READ: dict[str, Callable[[str], str]] = {
    "detail": _detail,
    "step": STEPS.offered,
    "legal": STEPS.offered,
    "option": _argument,
    "sub": _subindication,
}


def _of_field(problem: Mapping[str, str]) -> str:
    """A field of the form, its name in files, and what is wrong with it unless it is missing."""
    field, code = problem["field"], problem["code"]
    text = f"{_(FIELDS[field])} [{field}]"
    return text if code == "missing" else f"{text}: {_(PROBLEMS[code])}"


def _day(text: str) -> str:
    """A date, or a time with its offset, as people write it; anything else as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment:%d.%m.%Y}" if len(text) == len("2026-11-22") else f"{moment:%d.%m.%Y %H:%M}"
