"""Turkish text as Turkish needs it: dotted and dotless i, matching, order, ids, phones, provinces.

Python's own lower, upper and casefold, SQLite's LIKE and the usual collations are all wrong for
I/ı and İ/i, and the tr_TR locale is often not installed; so all of it is done here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from esign_cli.foundation.provinces import ALIASES, PROVINCES

__all__ = [
    "PROVINCES",
    "fold",
    "is_national_id",
    "lower",
    "mask",
    "mobile",
    "province_code",
    "province_name",
    "sort_key",
    "suggest_provinces",
    "upper",
    "without_ids",
]

_TO_ASCII = str.maketrans("ıİçÇğĞöÖşŞüÜâÂîÎûÛ", "iiccggoossuuaaiiuu")
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_DOTTED_SMALL_I = "i\N{COMBINING DOT ABOVE}"  # what other software's lower() makes of İ
_ORDER = " 0123456789abcçdefgğhıijklmnoöpqrsştuüvwxyz"
_RANK = {ord(letter): chr(0x21 + rank) for rank, letter in enumerate(_ORDER)}
_RANK |= {ord("-"): _RANK[ord(" ")]}
_ID_DIGITS = 11
_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{11}(?!\d)")
_SHORTEST_PARTLY_SHOWN = 8
_MOBILE = re.compile(r"(?:(?:00)?90)?0?(5[0-9]{9})")
_PHONE = re.compile(r"(?:00?90|90|0)?(?:[2-5][0-9]{2}|850)[0-9]{7}|444[0-9]{4}")


def fold(text: str) -> str:
    """Return the key two spellings are compared by: ASCII letters and digits only, all small.

    İ, I, ı and i are one letter here; ç, ğ, ö, ş, ü, â, î, û lose their marks, in whatever Unicode
    form they come; spaces and punctuation go. Letters of other scripts are kept, small.
    """
    plain = text.translate(_TO_ASCII)
    if plain.isascii():
        return _NOT_KEY.sub("", plain.lower())
    apart = unicodedata.normalize("NFKD", plain).translate(_TO_ASCII).lower()
    return "".join(letter for letter in apart if letter.isalnum())


def lower(text: str) -> str:
    """Return the text in small letters: I becomes ı and İ becomes i; composed (NFC)."""
    composed = unicodedata.normalize("NFC", text)
    return composed.replace("İ", "i").replace("I", "ı").lower().replace(_DOTTED_SMALL_I, "i")


def upper(text: str) -> str:
    """Return the text in capital letters: i becomes İ and ı becomes I; composed (NFC)."""
    composed = unicodedata.normalize("NFC", text).replace(_DOTTED_SMALL_I, "i")
    return composed.replace("i", "İ").replace("ı", "I").upper()


def sort_key(text: str) -> str:
    """Return the key that sorts by the Turkish alphabet: c ç, g ğ, h ı i, o ö, s ş, u ü.

    Shorter words first, word by word; capital and small alike, â with a; punctuation is passed
    over, and only decides between texts that are otherwise the same.
    """
    small = lower(text)
    return "".join(map(_rank, small)) + "\x00" + small


@cache
def _rank(letter: str) -> str:
    known = _RANK.get(ord(letter))
    if known is not None:
        return known
    base = unicodedata.normalize("NFKD", letter)[0]
    if ord(base) in _RANK:
        return _RANK[ord(base)]
    return base if base.isalpha() else ""  # other scripts come after z


def is_national_id(text: str) -> bool:
    """Return whether the text is a T.C. kimlik no: 11 digits, the first not 0, both check digits
    right.
    """
    if len(text) != _ID_DIGITS or not (text.isascii() and text.isdigit()) or text[0] == "0":
        return False
    digits = [int(digit) for digit in text]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def mask(national_id: str) -> str:
    """Return the id as people may see it: "100******46"; what is too short for that is all
    stars.
    """
    if len(national_id) < _SHORTEST_PARTLY_SHOWN:
        return "*" * len(national_id)
    return national_id[:3] + "*" * (len(national_id) - 5) + national_id[-2:]


def without_ids(text: str) -> str:
    """Return a card's own words, with every national id in them masked."""
    return _ELEVEN_DIGITS.sub(lambda m: mask(m[0]) if is_national_id(m[0]) else m[0], text)


def mobile(text: str) -> str | None:
    """Return a Turkish mobile number as +905XXXXXXXXX, however it was written; None if it is not
    one.

    A number that a spreadsheet kept as a float ("5321234567.0") is read too.
    """
    digits = re.sub(r"[^0-9]", "", text.strip().removesuffix(".0"))
    match = _MOBILE.fullmatch(digits)
    return f"+90{match[1]}" if match else None


def is_phone(text: str) -> bool:
    """Return whether this is a number of Turkey with its area code, or one of 444 and four
    digits.
    """
    return _PHONE.fullmatch(re.sub(r"[^0-9]", "", text)) is not None


def province_code(text: str) -> str | None:
    """Return the plate code ("72") of a province given by name, alias or plate; None if there is
    none.

    Any spelling does: batman, BATMAN, "Batman İli", 72, TR-72.
    """
    key = fold(text)
    return _codes().get(key) or _codes().get(key.removesuffix("ili"))


def province_name(code: str) -> str:
    """Return the name of a plate code; the code itself when there is no such plate."""
    return PROVINCES.get(code, code)


def suggest_provinces(text: str) -> list[str]:
    """Return at most three province names that the text may have meant, the likeliest first."""
    import difflib

    names = {key: code for key, code in _codes().items() if not key[-1].isdigit()}
    key = fold(text)
    began = [name for name in names if len(key) > 1 and name.startswith(key)]
    close = difflib.get_close_matches(key, names, n=5, cutoff=0.6)
    codes = dict.fromkeys(names[name] for name in began + close)
    return [PROVINCES[code] for code in codes][:3]


@cache
def _codes() -> dict[str, str]:
    """Every key a province is found by."""
    codes: dict[str, str] = {}
    for code, name in PROVINCES.items():
        keys = (code, str(int(code)), f"tr{code}", fold(name))
        codes |= dict.fromkeys(keys, code)
    return codes | {fold(alias): code for alias, code in ALIASES.items()}
