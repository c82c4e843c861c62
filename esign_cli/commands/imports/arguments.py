"""What the options of an import mean, with the settings behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esign_cli.cli.context import Context
from esign_cli.foundation.i18n import _, number

if TYPE_CHECKING:
    from datetime import date

    from esign_cli.store.imports import Scope
    from esign_cli.workbooks.mebbis.duties import Rules


def rules(context: Context, province: str | None, district: str | None) -> Rules:
    """Return what the reading of rows goes by, from options and settings."""
    from esign_cli.foundation.turkish import fold
    from esign_cli.renewals.rules.lifetime import months_before
    from esign_cli.workbooks.mebbis.duties import KIND_WORDS, Rules

    settings = context.settings
    own = {fold(word): kind for word, kind in settings.kind_words.items()}
    named = _plate(province) if province else ""
    known = named or settings.province
    longest = -settings.policy.latest_end_months
    return Rules(
        province="" if known == "all" else known,
        district=district or ("" if named else settings.district),
        assumed=not named,
        kind_words={**KIND_WORDS, **own},
        latest_certificate_end=months_before(context.today, longest),
    )


def scope(context: Context, province: str | None, district: str | None) -> Scope:
    """Return what a full snapshot is one of; raises ScopeNeeded or UnknownProvince."""
    from esign_cli.foundation.errors.workbooks import ScopeNeeded
    from esign_cli.store.imports import Scope

    settings = context.settings
    place = _plate(province) if province else settings.province
    if not place:
        raise ScopeNeeded
    return Scope(place, district or ("" if province else settings.district))


def _plate(given: str) -> str:
    from esign_cli.foundation import turkish
    from esign_cli.foundation.errors.usage import UnknownProvince

    code = "all" if given == "all" else turkish.province_code(given)
    if code is None:
        raise UnknownProvince(given=given, suggestions=turkish.suggest_provinces(given))
    return code


def mapping(given: list[str]) -> dict[str, str]:
    """Read header → field from --map; raises BadMapping."""
    from esign_cli.foundation.errors.workbooks import BadMapping
    from esign_cli.foundation.turkish import fold
    from esign_cli.wording.import_fields import TURKISH
    from esign_cli.workbooks.mebbis.fields import FIELDS, IGNORED

    known = {fold(word): field for field in FIELDS for word in (field, TURKISH[field])}
    pairs = {}
    for one in given:
        header, equals, name = one.rpartition("=")
        field = IGNORED if name.strip() == IGNORED else known.get(fold(name), "")
        if not (header.strip() and equals and field):
            raise BadMapping(given=one, fields=[*FIELDS, IGNORED])
        pairs[header.strip()] = field
    return pairs


def dates(given: str) -> str:
    """Read the form that dates are written in; raises UnknownWord."""
    from esign_cli.foundation.errors.usage import UnknownWord
    from esign_cli.workbooks.mebbis.dates import FORMS

    if given and given not in FORMS:
        raise UnknownWord(option="--dates", given=given, known=list(FORMS))
    return given


def as_of(context: Context, given: str | None) -> date | None:
    """Read the day from --as-of; raises BadDate, also for one that is still to come."""
    from esign_cli.cli.arguments import day
    from esign_cli.foundation.errors.usage import BadDate

    if given is None:
        return None
    read = day(given)
    if read > context.today:
        raise BadDate(given=given)
    return read


def confirm(context: Context, missing: int, known: int) -> bool:
    """Ask whether that many people are really to be flagged."""
    question = _("Missing from this snapshot: {missing} of {known} people. Flag them?")
    return context.console.confirm(
        question.format(missing=number(missing), known=number(known)), option="--yes"
    )
