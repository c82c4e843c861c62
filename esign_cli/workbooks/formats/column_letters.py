"""Columns of a sheet as spreadsheets call them: A, B, … Z, AA, … XFD."""

from __future__ import annotations


def to_number(letters: str) -> int:
    """Return 0 for A, 16383 for XFD."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def of(number: int) -> str:
    """Return the letters of a column that is counted from 0."""
    letters = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(65 + place) + letters
    return letters
