"""Command lines that several tests run."""

from __future__ import annotations

STEPS_OF_THE_FIRST = (
    ("applications", "submit", "1"),
    ("applications", "wait", "1", "--note", "özlük"),
    ("applications", "undo", "1", "--yes"),
    ("applications", "approve", "1", "--override", "görüldü"),
    ("applications", "arrive", "1"),
    ("applications", "return", "1", "--reason", "adres"),
    ("applications", "reject", "1", "--reason", "olmadı"),
    ("applications", "deliver", "1", "--yes"),
    ("applications", "cancel", "1", "--yes"),
)
"""Every step there is, of the first application."""
