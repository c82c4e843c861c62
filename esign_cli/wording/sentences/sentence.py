"""The shape of an entry in a table of sentences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message with {facts} in it, and the next step."""

    what: str
    next: str = ""
