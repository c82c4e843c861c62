"""Facts as JSON values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import Any

import pytest

from esign_cli.foundation.people import Source
from esign_cli.foundation.standing import Reason, Verdict
from esign_cli.outputs.json_data import pick, plain, to_bytes


@dataclass(frozen=True)
class Card:
    """A value with another in it."""

    label: str
    source: Source | None = None
    pin_tries: int = 0


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        ("", None),
        ("ŞÜKRÜ", "ŞÜKRÜ"),
        (0, 0),
        (False, False),
        (2.5, 2.5),
        (Verdict.NOT_DUE, "not-due"),
        (date(2026, 11, 29), "2026-11-29"),
        (datetime(2026, 11, 29, 7, 0, 5, tzinfo=UTC), "2026-11-29T10:00:05+03:00"),
        (PurePosixPath("a/b.xlsx"), "a/b.xlsx"),
        ((), []),
        (["a", ("b",)], ["a", ["b"]]),
        ({Verdict.APPLIED: 3}, {"applied": 3}),
        (Source("a.xlsx", "Liste", 7), {"file": "a.xlsx", "sheet": "Liste", "row": 7}),
        (Reason("left"), {"code": "left", "source": None, "field": None, "value": None}),
    ],
)
def test_value_is_written_by_its_kind(value: Any, written: Any) -> None:
    assert plain(value) == written
    assert type(plain(value)) is type(written)


def test_a_value_of_no_kind_that_json_knows_is_refused() -> None:
    with pytest.raises(TypeError):
        plain(b"\x00")


def test_attributes_are_picked_in_order_by_their_own_or_another_name() -> None:
    card = Card("AKİS", Source("a.xlsx", "Liste", 7))
    picked = pick(card, "row=source.row label pin_tries")
    assert list(picked.items()) == [("row", 7), ("label", "AKİS"), ("pin_tries", 0)]


def test_what_lies_below_nothing_is_null() -> None:
    assert pick(Card("AKİS"), "label row=source.row") == {"label": "AKİS", "row": None}
    assert pick(None, "label row=source.row") == {"label": None, "row": None}


def test_an_attribute_that_does_not_exist_is_refused() -> None:
    with pytest.raises(AttributeError):
        pick(Card("AKİS"), "lable")


def test_document_is_one_line_of_readable_turkish() -> None:
    assert to_bytes({"ad": "ŞÜKRÜ"}) == '{"ad": "ŞÜKRÜ"}\n'.encode()
