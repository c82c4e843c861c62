"""What commands about people are asked, read from the options that they share."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, Any

from esign_cli.cli.console import LEFT_IN_WHOLE, document, noticed, print_document, print_file
from esign_cli.cli.context import Context
from esign_cli.foundation import files, standard_output, turkish
from esign_cli.foundation.errors import usage as errors
from esign_cli.foundation.errors.environment import BinaryToTerminal
from esign_cli.foundation.errors.workbooks import IdListEmpty
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.plain_text import escaped, plain
from esign_cli.outputs import json_data
from esign_cli.outputs.attributes import at
from esign_cli.outputs.tables import TABLES, Kind, Table
from esign_cli.outputs.tables.columns import ColumnSpec
from esign_cli.wording.vocabulary import Code, Vocabulary
from esign_cli.workbooks import id_list
from esign_cli.workbooks.id_list import BadLine, IdList

FORMATS = ("table", "csv", "json", "xlsx")
BINARY = ("xlsx",)
EVERY = frozenset({"all", "hepsi", "tumu"})


@dataclass(frozen=True, slots=True)
class Form:
    """In which format the answer is given, and where."""

    name: str
    output: Path | None


@dataclass(frozen=True, slots=True)
class PersonList:
    """The people of a list, and the lines that name nobody."""

    national_ids: tuple[str, ...]
    bad: tuple[BadLine, ...] = ()
    file: str = ""
    listed: IdList = id_list.EMPTY
    """What else the list says."""


def form(
    context: Context,
    command: str,
    name: str | None,
    output: Path | None,
    *,
    json: bool,
    force: bool,
) -> Form:
    """Return the format named, or that of the output's ending; nothing is written yet.

    JSON is named after `command`.

    Raises OptionsExclude, UnknownWord, UnknownFormat, BinaryToTerminal, or what keeps the output
    from being written.
    """
    if json and name not in (None, "json"):
        raise errors.OptionsExclude(options=["--json", f"--format {name}"])
    chosen = "json" if json else name or (_by_ending(output) if output else "table")
    if chosen == "json":
        context.json(command)
    if chosen not in FORMATS:
        raise errors.UnknownWord(option="--format", given=chosen, known=list(FORMATS))
    if output is not None:
        if name == "table":
            raise errors.OptionsExclude(options=["--format table", "--output"])
        if chosen == "table":
            raise errors.UnknownFormat(path=str(output), known=[".csv", ".json", ".xlsx"])
        files.check_output(output, force=force)
    elif chosen in BINARY and sys.stdout.isatty():
        raise BinaryToTerminal(format=chosen)
    return Form(chosen, output)


def _by_ending(output: Path) -> str:
    ending = output.suffix.lower().removeprefix(".")
    return ending if ending in FORMATS else "table"


def people(
    file: Path | None, given: Sequence[str], *, by_place: bool, dated: Sequence[str] = ()
) -> PersonList | None:
    """Return the people of --from or --national-id; None when neither is given.

    A date is looked for beside them under the first of the headers `dated`, which are folded.

    Raises OptionsExclude, BadNationalId (in an option), FileMissing, FileUnreadable,
    IdListUnreadable or IdListEmpty.
    """
    if file is None and not given:
        return None
    if by_place or (file is not None and given):
        options = ["--from" if file else "--national-id"]
        options += ["--province / --district"] if by_place else ["--national-id"]
        raise errors.OptionsExclude(options=options)
    if file is not None:
        listed = _listed(file, dated)
        if not listed.national_ids and not listed.bad:
            raise IdListEmpty(path=str(file))
        return PersonList(listed.national_ids, listed.bad, file.name, listed)
    for one in given:
        if not turkish.is_national_id(one):
            raise errors.BadNationalId(given=turkish.mask(one))
    return PersonList(tuple(given))


def _listed(file: Path, dated: Sequence[str]) -> IdList:
    content = files.read(file)
    if not id_list.is_workbook(content):
        return id_list.read(content, str(file), dated)
    from esign_cli.workbooks.reader import WorkbookReader

    with WorkbookReader([file]) as reader, reader.open(file) as book:
        ids = id_list.EMPTY
        for sheet in book.sheets:
            if sheet.visible and not ids.national_ids:
                columns = range(max((len(row) for row in sheet.top), default=0))
                ids = id_list.from_rows(list(book.cells(sheet.index, columns).items()), dated)
        return ids


def province(context: Context, given: str | None) -> str:
    """Return the plate code, or "all"; by default the settings' one. Raises UnknownProvince."""
    if given is None:
        return context.settings.province or "all"
    if turkish.fold(given) in EVERY:
        return "all"
    code = turkish.province_code(given)
    if code is None:
        near = turkish.suggest_provinces(given)
        raise errors.UnknownProvince(given=given, suggestions=near)
    return code


def code(vocabulary: Vocabulary[Code], word: str, option: str, known: Collection[Code]) -> Code:
    """Return the one of `known` that the word of an option means; raises UnknownWord."""
    (chosen,) = codes(vocabulary, (word,), option, known)
    return chosen


def codes(
    vocabulary: Vocabulary[Code],
    words: Iterable[str],
    option: str,
    known: Collection[Code],
    *,
    every: bool = False,
) -> frozenset[Code]:
    """Return those of `known` that the words mean, all for a word of EVERY if `every` is so
    taken.

    Raises UnknownWord.
    """
    chosen: set[Code] = set()
    for word in words:
        one = vocabulary.code(word)
        if one is not None and one in known:
            chosen.add(one)
        elif every and turkish.fold(word) in EVERY:
            chosen.update(known)
        else:
            raise errors.UnknownWord(
                option=option, given=word, known=[*known, *(["all"] if every else [])]
            )
    return frozenset(chosen)


def number_column(numbers: Mapping[str, int], path: str) -> tuple[ColumnSpec, ...]:
    """Return the column of a list's numbers, by the path to the national id; none without any."""
    if not numbers:
        return ()
    return (ColumnSpec(N_("No"), lambda one: numbers.get(at(one, path)), Kind.NUMBER),)


def deliver(content: bytes, form: Form) -> None:
    """Write a file's content to the output, or to stdout."""
    if form.output is not None:
        files.write_private(form.output, content)
        return
    LEFT_IN_WHOLE.add("file")
    print_document(content)


def deliver_table(table: Table, form: Form) -> None:
    """Write a table's file in the same way, a row at a time."""
    deliver_by(partial(TABLES[form.name], table), form)


def deliver_by(write: Callable[[IO[bytes]], object], form: Form) -> None:
    """Have a file written to the output, or to stdout: whole, however long, or not at all."""
    path = form.output
    if path is not None and not standard_output.is_meant(path):
        with files.new_private(path) as file:
            write(file)
        return
    with files.written_aside(write) as file:
        if path is None:
            if form.name != "json":
                LEFT_IN_WHOLE.add("file")
            print_file(file)
        else:
            files.to_standard_output(path, file)


def give_json(
    context: Context, command: str, data: Any, problems: Sequence[dict[str, Any]], form: Form
) -> None:
    """Write the envelope, to stdout or into the output; what is an iterator goes by piece."""
    if form.output is None and sys.stdout.isatty():
        context.console.envelope(data, problems)
        return
    shown = _as_shown if form.output is None else escaped
    deliver_by(partial(json_data.write, document(command, data, problems), shown=shown), form)


def _as_shown(text: str) -> str:
    return plain(escaped(noticed(text)))


def bad_lines(people: PersonList | None) -> list[dict[str, Any]]:
    """Return the lines of a list that name nobody, as problems."""
    return [
        {
            "code": "bad-national-id",
            "file": people.file,
            "row": line.row,
            "value": _shown(line.value),
        }
        for line in (people.bad if people else ())
        if people
    ]


_LONGEST_SHOWN = 6
"""Digits; more of them may be a national id with a digit missing, or a telephone number."""


def _shown(value: str) -> str:
    digits = sum(letter.isdigit() for letter in value)
    return turkish.mask(value) if digits > _LONGEST_SHOWN else value


def say_bad_lines(context: Context, people: PersonList | None) -> None:
    """Name the lines of a list that name nobody."""
    for line in bad_lines(people):
        context.console.say(
            _("{file}, line {row}: “{value}” is not a national id.").format_map(line)
        )


def text(given: str) -> str:
    """Return a reason or note as it was given; raises TextIsOption for one that was forgotten."""
    if given.startswith("--"):
        raise errors.TextIsOption(given=given)
    return given


_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})[./](\d{4})", re.ASCII)


def day(text: str) -> date:
    """Return a date written as YYYY-MM-DD or dd.mm.yyyy; raises BadDate."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise errors.BadDate(given=text)
    year, month, day_of_month = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day_of_month))
    except ValueError as error:
        raise errors.BadDate(given=text) from error
