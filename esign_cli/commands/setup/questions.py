"""What setup asks of the directorate: each question, its default, and what an answer has to be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from esign_cli.foundation import turkish
from esign_cli.foundation.districts import ALSO, DISTRICTS
from esign_cli.foundation.i18n import N_, _

BACK = "<"
"""Typed in place of an answer: the question before."""
_POSTAL_CODE = re.compile(r"[0-9]{5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """What the answers are held to."""

    province: str = ""
    """Plate code; "" while it is not known."""
    districts: Sequence[str] = ()
    """Of the province, as the roster names them; none where there is no roster. Those of the law
    are known without it."""

    @property
    def name(self) -> str:
        return turkish.province_name(self.province) if self.province else ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `check` says what is wrong with an answer, or ""."""

    key: str
    """The setting that takes the answer."""
    text: str
    default: Callable[[Known], str] = lambda _known: ""
    check: Callable[[str, Known], str] = lambda _answer, _known: ""
    stored: Callable[[str], str] = str
    """What is written into the settings for an answer that is right."""


def _province(answer: str, _known: Known) -> str:
    if turkish.province_code(answer) is not None:
        return ""
    near = ", ".join(turkish.suggest_provinces(answer))
    return _("There is no such province. Perhaps: {near}").format(near=near or "–")


def _of_province(answer: str, known: Known) -> str:
    if not answer or turkish.province_code(answer) == known.province:
        return ""
    return _("That is another province than yours: {province}").format(province=known.name)


def _district(answer: str, known: Known) -> str:
    """A district of the province, with or without the province's name before it."""
    by_law = DISTRICTS.get(known.province, ())
    also = (*ALSO.get(known.province, ()), *known.districts)
    ours = {turkish.fold(one): one for one in (*also, *by_law)}
    if not (answer and by_law) or turkish.fold(answer) in ours:
        return ""  # first as it is: İzmit is Kocaeli's other name, and 19 a plate code
    first, _space, rest = answer.partition(" ")
    named = turkish.province_code(first)
    if named not in (None, known.province):
        return _("That is another province than yours: {province}").format(province=known.name)
    key = turkish.fold(rest or "merkez" if named else answer)
    if key in ours:
        return ""
    near = [ours[one] for one in difflib.get_close_matches(key, ours)] or by_law
    line = _("{province} has no such district. Perhaps: {near}")
    return line.format(province=known.name, near=", ".join(near[:_MOST]))


_MOST = 8


def _centre(known: Known) -> str:
    """The province's own district; a metropolis has none."""
    has_one = "Merkez" in DISTRICTS.get(known.province, ())
    return f"{turkish.upper(known.name)} MERKEZ" if has_one else ""


def _postal_code(answer: str, known: Known) -> str:
    if not answer or (_POSTAL_CODE.fullmatch(answer) and answer.startswith(known.province)):
        return ""
    line = _("A postal code has five digits; in this province it begins with {plate}.")
    return line.format(plate=known.province)


def _phone(answer: str, _known: Known) -> str:
    if not answer or turkish.is_phone(answer):
        return ""
    return _("This is no telephone number: 0488 213 00 00 would be one.")


def _code(answer: str) -> str:
    return turkish.province_code(answer) or answer


PROVINCE = Question(
    "province",
    N_("Your province (name or plate code)"),
    lambda known: known.name,
    _province,
    _code,
)
QUESTIONS = (
    PROVINCE,
    Question(
        "profile.institution_name",
        N_("Institution name"),
        lambda known: f"{turkish.upper(known.name)} MİLLİ EĞİTİM MÜDÜRLÜĞÜ",
    ),
    Question("profile.address", N_("Address, where the courier brings the cards")),
    Question(
        "profile.province",
        N_("Province, as on the form"),
        lambda known: turkish.upper(known.name),
        _of_province,
    ),
    Question(
        "profile.district",
        N_("District, as on the form"),
        _centre,
        _district,
    ),
    Question("profile.postal_code", N_("Postal code"), check=_postal_code),
    Question("profile.work_phone", N_("Work phone"), check=_phone),
)
