"""What an import shows, as text or JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from esign_cli.cli.console import TOGETHER
from esign_cli.cli.context import Context
from esign_cli.commands.text.imports import (
    AS_OF_SOURCES,
    KIND_NAMES,
    day,
    diff_json,
    problem_json,
    show_diff,
    show_problems,
    shown_people,
)
from esign_cli.foundation.i18n import _, number
from esign_cli.outputs.json_data import pick, plain
from esign_cli.wording.import_fields import spoken

if TYPE_CHECKING:
    from esign_cli.commands.imports.explain import ExplainedSheet
    from esign_cli.commands.imports.job import Explained, FileReport, Outcome, Request
    from esign_cli.commands.imports.request import SheetReport
    from esign_cli.store import Store
    from esign_cli.workbooks.mebbis.layouts import Layout


def show(context: Context, request: Request, outcome: Outcome, numbers: Mapping[str, int]) -> None:
    """Show the guess, the figures, the problems; of a trial the changes too, with the numbers."""
    if context.console.json_of:
        data = [_file_json(file, outcome, request) for file in outcome.files]
        context.console.envelope(data, [problem_json(one) for one in outcome.problems])
        return
    for file in outcome.files:
        _show_file(context, file)
    say = context.console.out
    if request.scope is not None:
        say(_("Missing from the snapshot: {count}").format(count=number(outcome.missing)))
    if outcome.suspended:
        say(_("Nobody was flagged: some rows have no readable national id; they may be anybody."))
    if request.dry_run and outcome.diff is not None:
        show_diff(context.console, outcome.diff, numbers)
    show_problems(context.console, outcome.problems)
    _say_next(context, request, outcome, numbers)


def _say_next(
    context: Context, request: Request, outcome: Outcome, numbers: Mapping[str, int]
) -> None:
    if request.dry_run:
        from esign_cli.cli import whom

        context.console.out(_("This was a trial: nothing was changed."))
        whom.say_next(context, numbers)
    elif outcome.missing:
        context.console.say("  esign imports")
    elif context.console.interactive and not all(file.known for file in outcome.files):
        context.console.say("  esign")


def _show_file(context: Context, file: FileReport) -> None:
    say = context.console.out
    line = _("{file}: {kind} ({type})")
    say(line.format(file=file.file, kind=_(KIND_NAMES[file.kind]), type=file.file_type))
    for sheet in file.sheets:
        say(_place(sheet))
        columns = ", ".join(
            f"{header} → {spoken(name)}".replace(" ", TOGETHER)
            for name, header in sheet.layout.headers.items()
        )
        say(_("  Columns: {columns}").format(columns=columns))
        if sheet.layout.unused:
            unused = ", ".join(sheet.layout.unused)
            say(_("  Not used: {columns}").format(columns=unused))
        _show_doubled(context, sheet.layout)
        if sheet.layout.answered:
            _show_answered(context, sheet.layout)
    _show_passed_over(context, file)
    said_by = _(AS_OF_SOURCES[file.as_of_source])
    say(_("  As of: {day} ({source})").format(day=day(file.as_of.isoformat()), source=said_by))
    figures = _(
        "  Rows: {read} · new: {new} · changed: {changed} · unchanged: {unchanged} · "
        "rejected: {rejected} · ignored: {ignored}"
    )
    say(
        figures.format(
            read=number(file.rows_read),
            new=number(file.new),
            changed=number(file.changed),
            unchanged=number(file.unchanged),
            rejected=number(file.rejected),
            ignored=number(file.ignored),
        )
    )
    if file.known:
        say(_("  This very file was imported before: nothing of it was taken again."))
    elif file.imported:
        line = _(
            "  This very file was imported before, as of {day}; now it counts as of the newer day."
        )
        say(line.format(day=day(file.imported.isoformat())))


def _show_answered(context: Context, layout: Layout) -> None:
    from esign_cli.commands.imports.columns_output import said

    pairs = ", ".join(f"{column} → {said(answer)}" for column, answer in layout.answered.items())
    line = _("  As answered: {columns}; to forget it: {command}")
    context.console.out(line.format(columns=pairs, command="esign imports columns"))


def _show_doubled(context: Context, layout: Layout) -> None:
    if layout.doubled:
        line = _("  Not used, since another column has the same field: {columns}")
        context.console.out(line.format(columns=", ".join(layout.doubled)))


def _show_passed_over(context: Context, file: FileReport | Explained) -> None:
    say = context.console.out
    if file.passed_over:
        say(_("  Sheets without a table: {sheets}").format(sheets=", ".join(file.passed_over)))
    if file.hidden:
        line = _("  Hidden sheets, not read unless named with --sheet: {sheets}")
        say(line.format(sheets=", ".join(file.hidden)))


def _place(sheet: Any) -> str:
    if sheet.layout.form:
        return _("  Sheet: {sheet} · form, several rows a person").format(sheet=sheet.name)
    place = _("  Sheet: {sheet} · header row: {row}")
    return place.format(sheet=sheet.name, row=sheet.layout.header_row)


def explain(context: Context, files: Sequence[Explained]) -> None:
    """Show the guess on each file, with a sample of each field, and what has to be said first."""
    if context.console.json_of:
        context.console.envelope([_explained_json(file) for file in files])
        return
    from esign_cli.workbooks.mebbis.fields import FIELDS

    say = context.console.out
    for file in files:
        say(f"{file.file} ({file.file_type})")
        for sheet in file.sheets:
            _explain_sheet(context, sheet)
        _show_passed_over(context, file)
    say(_("Overrule it with --sheet, --header-row, --map HEADER=FIELD; “-” passes a column over."))
    say(_("The fields that --map knows: {fields}").format(fields=", ".join(map(spoken, FIELDS))))


def _explain_sheet(context: Context, sheet: ExplainedSheet) -> None:
    from esign_cli.workbooks.mebbis.meanings import meanings

    say = context.console.out
    layout = sheet.layout
    say(_place(sheet))
    say(_("  Kind: {kind}").format(kind=_(KIND_NAMES[layout.kind])))
    rows = [
        (header, spoken(name), _ISO_DAY.sub(lambda iso: day(iso[0]), sheet.samples[name]))
        for name, header in layout.headers.items()
    ]
    for header, sample in sheet.unsettled.items():
        which = _("which? {fields}").format(
            fields=" / ".join((*map(spoken, meanings(header)), "-"))
        )
        rows.append((header, which, sample))
    context.console.table([_("Column"), _("Field"), _("Sample")], rows)
    say(_("  Not recognised: {columns}").format(columns=", ".join(layout.unused) or "–"))
    _show_doubled(context, layout)
    if layout.key not in layout.columns:
        say(_('  No column with the T.C. kimlik no: name it with --map "HEADER=national_id".'))
    for header in sheet.unsettled:
        say(_('  Say which with --map "{column}=FIELD".').format(column=header))


_ISO_DAY = re.compile(r"^\d{4}-\d\d-\d\d$", re.ASCII)


def _explained_json(file: Explained) -> dict[str, Any]:
    from esign_cli.workbooks.mebbis.meanings import meanings

    return {
        **pick(file, "file sha256 type=file_type"),
        "sheets": [
            {
                **_layout_json(sheet, "kind header_row"),
                "samples": plain(sheet.samples),
                **pick(sheet.layout, "unused doubled"),
                "unsettled": {header: meanings(header) for header in sheet.unsettled},
            }
            for sheet in file.sheets
        ],
        **pick(file, "passed_over hidden"),
    }


def _layout_json(sheet: SheetReport, names: str) -> dict[str, Any]:
    layout = sheet.layout
    kind = "form" if layout.form else "table"
    headers = dict(layout.headers)
    return {"sheet": sheet.name, "layout": kind, **pick(layout, names), "columns": headers}


def _file_json(file: FileReport, outcome: Outcome, request: Request) -> dict[str, Any]:
    return {
        **pick(file, "file sha256 type=file_type kind"),
        "sheets": [
            {**_layout_json(sheet, "header_row"), **pick(sheet.layout, "unused doubled answered")}
            for sheet in file.sheets
        ],
        **pick(file, "hidden rows_read"),
        "imported": pick(file, "new changed unchanged"),
        **pick(file, "rejected as_of as_of_source ignored"),
        "missing": outcome.missing,
        "dry_run": request.dry_run,
        "diff": diff_json(outcome.diff) if request.dry_run and outcome.diff else None,
    }


def numbers(
    context: Context, store: Store, request: Request, outcome: Outcome
) -> Mapping[str, int]:
    """Return the numbers of those whom a trial shows and the database knows."""
    if not request.dry_run or outcome.diff is None:
        return {}
    from esign_cli.cli import whom

    return whom.numbers(context, store, shown_people(outcome.diff, new=False))
