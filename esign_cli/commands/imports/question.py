"""What somebody at the terminal is asked of doubtful columns; elsewhere, what is to be typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.commands.imports.request import Settle
    from esign_cli.foundation.errors.workbooks import AmbiguousColumn, DatesAmbiguous
    from esign_cli.store.import_columns import Answer

MEANINGS = {
    "end": N_("the end of the assignment"),
    "certificate_end": N_("the end of the certificate"),
    "status": N_("the status of the post"),
    "full_name_last_word": N_("of names of three words and more the last is the family name"),
    "surname_first_word": N_("of names of three words and more the first is the family name"),
    "full_name": N_("rows with names of three words and more are rejected"),
    "surname_first": N_("rows with names of three words and more are rejected"),
    "-": N_("nothing that matters here: pass over it"),
}
"""The fields that a doubtful column may be, as its reader knows them."""
FORMS = {
    "dmy": N_("day first"),
    "mdy": N_("month first"),
    "ymd": N_("year first"),
}
"""The forms of dates."""
_BETWEEN = " · "
_QUIT = "q"


def refuse(typed: Callable[[], Sequence[str]]) -> Settle:
    """Return what refuses a doubtful column, with the command lines that would settle it.

    `typed` gives the words of the command as it was given.
    """

    def refused(doubt: AmbiguousColumn | DatesAmbiguous) -> list[Answer]:
        from esign_cli.foundation.shell import command_line

        lines = [command_line([*typed(), *more]) for more in _options(doubt)]
        raise type(doubt)(**{**doubt.facts, "commands": lines})

    return refused


def _options(doubt: AmbiguousColumn | DatesAmbiguous) -> list[tuple[str, str]]:
    from esign_cli.foundation.errors.workbooks import DatesAmbiguous
    from esign_cli.wording.import_fields import spoken

    if isinstance(doubt, DatesAmbiguous):
        samples = [sample for column in doubt.samples for sample in column]
        return [("--dates", form) for form in _forms(samples)]
    return [("--map", f"{doubt.column}={spoken(field)}") for field in (*doubt.fields, "-")]


def ask(console: Console, doubt: AmbiguousColumn | DatesAmbiguous) -> list[Answer]:
    """Ask for one key a column, with its first values; raises Declined for q and at the end of
    the input.
    """
    from esign_cli.foundation.errors.workbooks import DatesAmbiguous

    name = Path(doubt.path).name
    console.say(_("{file}, sheet {sheet}").format(file=name, sheet=doubt.sheet))
    if isinstance(doubt, DatesAmbiguous):
        of_columns = zip(doubt.columns, doubt.samples, strict=True)
        return [_ask_form(console, doubt, column, samples) for column, samples in of_columns]
    return [_ask_field(console, doubt)]


def _ask_field(console: Console, doubt: AmbiguousColumn) -> Answer:
    from esign_cli.wording.import_fields import spoken

    line = _("The column “{column}” can mean more than one thing.")
    console.say(line.format(column=doubt.column))
    _show_values(console, doubt.samples)
    keys = {str(number): field for number, field in enumerate(doubt.fields, start=1)} | {"-": "-"}
    words = {key: _(MEANINGS[field]) for key, field in keys.items()}
    for key, field in keys.items():
        if field != "-":
            words[key] += f" ({spoken(field)})"
    return _answer(doubt, doubt.column, "field", keys[_key(console, words, "--map")])


def _ask_form(
    console: Console, doubt: DatesAmbiguous, column: str, samples: Sequence[str]
) -> Answer:
    line = _("Does the day or the month come first in “{column}”?")
    console.say(line.format(column=column))
    _show_values(console, samples)
    keys = {str(number): form for number, form in enumerate(_forms(samples), start=1)}
    words = {key: f"{_(FORMS[form])}: {_read(samples, form)}" for key, form in keys.items()}
    return _answer(doubt, column, "dates", keys[_key(console, words, "--dates")])


def _show_values(console: Console, samples: Sequence[str]) -> None:
    values = _BETWEEN.join(samples) or "–"
    console.say(_("  Values: {values}").format(values=values))


def _forms(samples: Sequence[str]) -> list[str]:
    """The forms by which at least one of these is a day."""
    from esign_cli.workbooks.mebbis import dates

    return [form for form in dates.FORMS if any(dates.day(one, form) for one in samples)]


def _read(samples: Sequence[str], form: str) -> str:
    """The first values as they are read in this form."""
    from esign_cli.workbooks.mebbis import dates

    days = [dates.day(one, form) for one in samples]
    return _BETWEEN.join(f"{day:%d.%m.%Y}" if day else "–" for day in days)


def _key(console: Console, words: dict[str, str], option: str) -> str:
    from esign_cli.foundation.errors.environment import Declined

    for key, word in {**words, _QUIT: _("stop; nothing is imported")}.items():
        console.say(f"  {key}  {word}")
    pressed = console.key(_("Press a key"), {*words, _QUIT}, option=option)
    if pressed == _QUIT:
        raise Declined
    return pressed


def _answer(doubt: AmbiguousColumn | DatesAmbiguous, column: str, what: str, said: str) -> Answer:
    from esign_cli.foundation.turkish import fold
    from esign_cli.store.import_columns import Answer

    return Answer(doubt.header, column, fold(column), what, said, Path(doubt.path).name)
