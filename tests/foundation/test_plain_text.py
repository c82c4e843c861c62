"""What a stranger wrote reaches people as nothing but text, and a program as it was."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest

from esign_cli.foundation import i18n
from esign_cli.foundation.i18n import Message
from esign_cli.foundation.plain_text import REPLACEMENT, escaped, one_line, plain, without_hidden

HOSTILE = {
    "escape": "\x1b[31m",
    "C1 control": "\x9b31m",
    "bell": "\a",
    "carriage return": "\r",
    "tab": "\t",
    "next line": "\x85",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "right-to-left override": "\u202e",
    "left-to-right isolate": "\u2066",
    "Arabic letter mark": "\u061c",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "word joiner": "\u2060",
    "byte-order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "Hangul filler": "\u3164",
    "variation selector": "\ufe0f",
    "combining grapheme joiner": "\u034f",
    "tag": "\U000e0041",
    "half a character": "\udc80",
    "private use": "\ue000",
    "unassigned": "\u0378",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_kind_becomes_a_mark_that_is_seen(kind: str) -> None:
    text = f"ŞÜKRÜ{HOSTILE[kind]}IŞIK"
    shown = plain(text)
    assert REPLACEMENT in shown
    assert not set(shown) & (set(HOSTILE[kind]) - set("[31m"))


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_read_from_a_workbook_keeps_nothing_that_nobody_sees(kind: str) -> None:
    read = without_hidden(f"ŞÜKRÜ{HOSTILE[kind]}IŞIK")
    assert read in ("ŞÜKRÜIŞIK", "ŞÜKRÜ IŞIK", "ŞÜKRÜ[31mIŞIK", "ŞÜKRÜ31mIŞIK")
    assert plain(read) == read


def test_no_character_of_unicode_gets_through_that_moves_hides_or_reorders() -> None:
    bad = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    through = [
        f"{number:#x}"
        for number in range(sys.maxunicode + 1)
        if unicodedata.category(chr(number)) in bad
        and chr(number) != "\n"
        and plain(chr(number)) != REPLACEMENT
    ]
    assert through == []


@pytest.mark.parametrize(
    "text", ["", "ŞÜKRÜ IŞIK – “güvenlik” … →", "iki\nsatır", "i\u0307stanbul", "13.012 € · %"]
)
def test_what_people_write_stays(text: str) -> None:
    assert plain(text) == text
    assert one_line(text) == text.replace("\n", REPLACEMENT)
    assert escaped(text) == text


def test_wide_spaces_are_spaces() -> None:
    assert plain("a\u00a0b\u202fc\u3000d") == "a b c d"


@pytest.mark.parametrize("kind", HOSTILE)
def test_json_means_the_same_and_shows_nothing(kind: str) -> None:
    data = {"holder": f"ŞÜKRÜ{HOSTILE[kind]}IŞIK"}
    document = escaped(json.dumps(data, ensure_ascii=False))
    assert json.loads(document) == data
    assert document.isprintable()
    assert "ŞÜKRÜ" in document


def test_what_a_message_is_filled_with_cannot_break_out_of_its_line() -> None:
    assert isinstance(i18n._("Error: {what}"), Message)
    filled = Message("Error: {what}").format(what="a\nVALID\x1b[2J")
    assert filled == f"Error: a{REPLACEMENT}VALID{REPLACEMENT}[2J"
    assert Message("{count:>3} {0}").format("x", count=7) == "  7 x"
