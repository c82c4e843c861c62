"""What a cell says: each reader takes a cell and gives its value and the code of what is wrong.

Values are text: ids and codes as digits, dates in ISO form, "" for none. A cell with a code has no
value. The codes are those of the problem lines an import shows.
"""

from __future__ import annotations

import html
import re
import unicodedata

from esign_cli.foundation import turkish
from esign_cli.foundation.plain_text import without_hidden
from esign_cli.workbooks.mebbis import dates, national_ids
from esign_cli.workbooks.mebbis.cells import Cell

Read = tuple[str, str]
SEPARATOR = "\x1f"
"""Between the two values of a two-in-one cell."""
LONGEST_TEXT = 500
LONGEST_NUMBER = 100
"""No id and no date is written in more letters."""
_FIRST_YEAR, _LAST_YEAR, _FIRST_BIRTH = 1950, 2100, 1900
ROUNDED_ID, ROUNDED_MOBILE = "0" * 6, "0" * 5
"""So ends what a spreadsheet kept of a number that it had shown as 1,54E+10; of one such number in
a hundred the check digits are right."""
_LOSSY = re.compile(r"\d+([.,]\d+)?[eE][+]?\d+")
_ROUNDED = re.compile(r"\d+[.,]\d+[eE]\+?\d+|\d+[eE]\+\d+")
"""The same where letters may be digits."""
EMAIL = re.compile(r"[^@\s,;:<>()\"]+@[^@\s,;:<>()\"]+\.[^@\s,;:<>()\"]+")
_TO_LOOK_AT = ("  ", "?", "&", '="')
_MOBILE_DIGITS = 10
_NUMBER_TAIL = re.compile(r"[.,]0+$")
# Latin-1 letters that stand where windows-1254 has Turkish ones; no Turkish word has any of them
_LATIN5 = str.maketrans("ýÝþÞðÐ", "ıİşŞğĞ")
_LATIN5_SIGN = re.compile("[ýÝþÞðÐ]")
_UTF8_SIGN = re.compile("[ÃÅ]|Ä[\x9e\x9fžŽŸ°±]")  # how UTF-8's ş ı ğ ü ö ç â look, read bytewise
_ENTITY = re.compile(r"&(?:#\d+|#x[\da-f]+|[a-z]+);", re.IGNORECASE)
"""What is left where a page was written twice over."""
_HOPELESS = re.compile("[\ufffd\u2500-\u259f]|[^\\W\\d_]\\?|\\?[^\\W\\d_]|\\?\\?")


MARKS = {
    **dict.fromkeys(
        ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA",
         "#SPILL!", "#CALC!", "#YOK", "#SAYI/0!", "#DEĞER!", "#BAŞV!", "#AD?", "#SAYI!", "#BOŞ!"),
        "error-cell",
    ),
    "#?": "not-calculated",
    '#"': "unbalanced-quote",
    "#+": "unclear-cell",
}  # fmt: skip
"""Texts in place of a value, as Excel shows errors in English and Turkish, and the readers of files
what no program has calculated, or what cannot be told."""
_LIBREOFFICE_ERROR = re.compile(r"(?:Err|Hata):\d{3}")
_QUOTED = re.compile(r'="(.*)"')
_DIGIT = re.compile(r"\d")
"""In a name: what is left of UTF-16 that was read bytewise, or the sign of a footnote."""
_NONE = re.compile(r"[-–—_.…/*\\ ]+")
"""Ways to write that there is none."""
_TYPED = re.compile(
    r"(?P<day>\d{1,2}([./-])\d{1,2}\2(?:\d{4}|\d\d)(?:[ T]\d.*)?|\d{4}-\d\d-\d\d(?:[ T]\d.*)?)"
    r"|(?P<phone>(?:\+?90|0)?\s*\(?5\d\d\)?[\s-]*\d{3}[\s-]*\d\d[\s-]*\d\d(?:\.0)?)"
    r"|(?P<email>[^@\s]+@[^@\s]+\.[^@\s]+)"
)
"""A day, a mobile number, an e-mail address: no place, post or name is written so."""


def mark(cell: Cell) -> str:
    """Return why a cell has no value, where it says so; "" for any other."""
    if not isinstance(cell, str) or cell[:1] not in "#=EH" or cell == "":
        return ""
    text = cell.strip()
    if text in MARKS or _LIBREOFFICE_ERROR.fullmatch(text):
        return MARKS.get(text, "error-cell")
    return "not-calculated" if text[0] == "=" and not _QUOTED.fullmatch(text) and text[1:] else ""


# --- text ----------------------------------------------------------------------------------------


def text(cell: Cell) -> Read:
    """Return the text composed (NFC), on one line, without what nobody sees; mojibake repaired."""
    if not isinstance(cell, str):
        return _digits(cell), ""
    if cell.isascii() and cell.isprintable() and not any(sign in cell for sign in _TO_LOOK_AT):
        return cell.strip()[:LONGEST_TEXT], ""
    if "\0" in cell:
        return "", "garbled-text"  # of UTF-16 that was read bytewise, or cut
    if match := _QUOTED.fullmatch(cell):
        cell = match[1]  # so programs keep the zeros of text that looks like a number
    cell = cell[: 4 * LONGEST_TEXT]  # letters may be composed of several
    plain = unicodedata.normalize("NFC", cell.replace("\xa0", " "))
    repaired = _repaired(plain[:LONGEST_TEXT])
    if repaired is None:
        return "", "garbled-text"
    return without_hidden(repaired), ""


def _repaired(given: str) -> str | None:
    """The text as it was meant, where that is certain; None where it is not."""
    if _UTF8_SIGN.search(given):
        given = _undo_utf8(given)
    if _ENTITY.search(given):
        given = html.unescape(given)
    if _LATIN5_SIGN.search(given):
        given = given.translate(_LATIN5)
    return None if _HOPELESS.search(given) or _UTF8_SIGN.search(given) else given


def _undo_utf8(given: str) -> str:
    """UTF-8 that was read in a one-byte code, read rightly; as it was if it is not that."""
    for code in ("cp1254", "cp1252"):
        try:
            whole = b"".join(_byte(letter, code) for letter in given)
            return unicodedata.normalize("NFC", whole.decode("utf-8"))
        except UnicodeError:
            continue
    return given


def _byte(letter: str, code: str) -> bytes:
    try:
        return letter.encode(code)
    except UnicodeEncodeError:
        return letter.encode("cp1252" if letter in "Žž" else "latin-1")


def _digits(cell: float) -> str:
    """A number as it was typed, as far as a spreadsheet still knows."""
    return str(int(cell)) if float(cell).is_integer() else str(cell)


def name(cell: Cell) -> Read:
    """Read as `text`; in a name "?" or "_" is a letter that was lost, wherever it stands."""
    whole, problem = label(cell)
    if problem:
        return "", problem
    lost = "?" in whole or "_" in str(cell) or _DIGIT.search(whole)
    return ("", "garbled-text") if lost else (whole, "")


def is_typed(whole: str) -> bool:
    """Return whether it is a value of a column of another kind: a day, a mobile number, an e-mail
    address, a national id.
    """
    return _TYPED.fullmatch(whole) is not None or national_ids.checks(whole.removesuffix(".0"))


def label(cell: Cell) -> Read:
    """Read as `text` what is in words: a value of another kind stands in the wrong column, a sign
    such as ″ means what stands above it. SheetJS writes _BRAH_M in an .xls of Excel 95.
    """
    whole, problem = text(cell)
    if is_typed(whole):
        return "", "misplaced-value"
    signs = bool(whole) and not any(map(str.isalnum, whole))
    if ("_" in whole and not signs) or (signs and "?" in whole):
        return "", "garbled-text"
    if signs:
        return "", "" if _NONE.fullmatch(whole) else "unclear-cell"
    return whole, problem


# --- ids, phones, addresses ----------------------------------------------------------------------


def national_id(cell: Cell) -> Read:
    """Return a valid T.C. kimlik no, from text, an integer or a float; 1,23E+10 has lost its
    digits.
    """
    given = cell if isinstance(cell, str) else _digits(cell)
    if len(given) > LONGEST_NUMBER:
        return "", "bad-national-id"
    if not national_ids.checks(given):
        given = _NUMBER_TAIL.sub("", "".join(c for c in given if c.isalnum() or c in ".,+"))
        if not given:
            return "", "no-national-id"
        if _LOSSY.fullmatch(given):
            return "", "lossy-national-id"
        if not national_ids.checks(given):
            return "", "bad-national-id"
    return ("", "lossy-national-id") if given.endswith(ROUNDED_ID) else (given, "")


def code(cell: Cell) -> Read:
    """Return an institution code or a registry number, without what a float adds to it."""
    whole, problem = text(cell)
    if _ROUNDED.fullmatch(whole):
        return "", "lossy-number"
    typed = _TYPED.fullmatch(whole)
    if typed and (typed["day"] or typed["email"]):
        return "", "misplaced-value"
    return (_NUMBER_TAIL.sub("", whole) if "." in whole else whole), problem


def mobile_phone(cell: Cell) -> Read:
    """Return +905XXXXXXXXX; a cell that is no mobile number has no value, and says so."""
    whole = cell if isinstance(cell, str) else _digits(cell)
    if len(whole) == _MOBILE_DIGITS and whole[0] == "5" and whole.isdigit() and whole.isascii():
        return ("", "bad-mobile-phone") if whole.endswith(ROUNDED_MOBILE) else ("+90" + whole, "")
    whole, _ = text(whole)
    mobile = turkish.mobile(whole) if whole else ""
    if mobile is None:
        return "", "misplaced-value" if is_typed(whole) else "bad-mobile-phone"
    return mobile, ""


def email(cell: Cell) -> Read:
    """Return an address, in small letters as far as they are ASCII."""
    whole, problem = text(cell)
    whole = whole.removeprefix("mailto:")
    if problem or (whole and not EMAIL.fullmatch(whole)):
        return "", "misplaced-value" if is_typed(whole) else "bad-email"
    return whole, ""


# --- places --------------------------------------------------------------------------------------


def province(cell: Cell) -> Read:
    """Return a plate code."""
    whole, problem = text(cell)
    if problem or not whole:
        return "", problem
    known = turkish.province_code(whole)
    return (known, "") if known else ("", "unknown-province")


def place(cell: Cell) -> Read:
    """Return a plate code and, after SEPARATOR, a district, from "İl/İlçe" or "İl - İlçe"."""
    whole, problem = text(cell)
    if problem or not whole:
        return SEPARATOR, problem
    first, _, second = re.sub(r"\s*[/–-]\s*", SEPARATOR, whole, count=1).partition(SEPARATOR)
    known, problem = province(first)
    return known + SEPARATOR + second, problem


# --- dates ---------------------------------------------------------------------------------------


def day(cell: Cell, form: str = dates.DAY_FIRST) -> Read:
    """Return a date from 1950 to 2100; others, and the ways of writing none, are none.

    With form "" a date that could be read either way has no value.
    """
    return _day(cell, _FIRST_YEAR, form, dates.PIVOT)


def birth_day(cell: Cell, form: str = dates.DAY_FIRST) -> Read:
    """Return a date of birth, from 1900 on."""
    return _day(cell, _FIRST_BIRTH, form, dates.BIRTH_PIVOT)


def _day(cell: Cell, first_year: int, form: str, pivot: int) -> Read:
    if not form and dates.is_doubtful(cell):
        return "", "ambiguous-date"
    whole = cell if isinstance(cell, str) else _digits(cell)
    if dates.is_midnight_in_utc(whole):
        return "", "shifted-date"
    read = dates.day(whole, form, pivot)
    if read is None:
        return "", "bad-date"
    return (read.isoformat(), "") if first_year <= read.year <= _LAST_YEAR else ("", "")
