"""What each error means to the user and what to do next, a table for each wing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.i18n import _, language
from esign_cli.foundation.pages import named
from esign_cli.foundation.plain_text import one_line
from esign_cli.wording import labels
from esign_cli.wording.fact_words import FactWords


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message with {facts} in it, and the next step."""

    what: str
    next: str = ""


def entry(kind: type[EsignError]) -> Sentence:
    """Return what is said of this kind of error, not translated; from the table of its wing."""
    wing = kind.__module__.rpartition(".")[2]
    sentence: Sentence = import_module(f"{__name__}.{wing}").SENTENCES[kind.code]
    return sentence


def sentence(error: EsignError) -> str:
    """Return what happened, in the user's language."""
    return _(entry(type(error)).what).format_map(FactWords(error.facts))


def next_step(error: EsignError) -> str:
    """Return what to do next, in the user's language; may be empty. What was perhaps meant comes
    first; command lines to copy come last, a line each.
    """
    step = named(_(entry(type(error)).next).format_map(FactWords(_offered(error))))
    near = ", ".join(map(str, error.facts.get("suggestions", ())))
    step = _("Perhaps: {near}.").format(near=near) + " " + step if near else step
    return "\n  ".join((step, *map(one_line, error.facts.get("commands", ()))))


def _offered(error: EsignError) -> Mapping[str, Any]:
    """The facts, with the words that an option takes as they are offered to whoever types them."""
    key = error.facts.get("key")
    if key in labels.OFFERED and "wanted" in error.facts:  # a setting's
        vocabulary = labels.OFFERED[key]
        return {**error.facts, "wanted": ", ".join(map(vocabulary.offered, vocabulary))}
    option = error.facts.get("option")
    if option not in labels.OFFERED:
        return error.facts
    vocabulary = labels.OFFERED[option]
    words = [
        "hepsi (all)" if code == "all" and language() == "tr" else vocabulary.offered(code)
        for code in error.facts["known"]
    ]
    return {**error.facts, "known": words, "option": option}


def told(error: EsignError) -> str:
    """Return both on one line, parted by a full stop."""
    what, step = sentence(error), next_step(error)
    if not step:
        return what
    return f"{what} {step}" if what.endswith((".", "!", "?", "…")) else f"{what}. {step}"
