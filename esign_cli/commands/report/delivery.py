"""The report in every form that it is given in."""

from __future__ import annotations

import io
import itertools
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import IO, Any

import typer

from esign_cli import __version__
from esign_cli.cli import arguments as asking
from esign_cli.cli import whom
from esign_cli.cli.console import document
from esign_cli.cli.context import Context
from esign_cli.commands.report import mail, screen, text
from esign_cli.commands.report.arguments import CALLS, Form
from esign_cli.commands.report.job import Dependencies, Reported, ReportRequest
from esign_cli.commands.report.text import calls
from esign_cli.foundation import i18n, turkish
from esign_cli.foundation.exit_codes import FAIL_ON, PARTLY
from esign_cli.foundation.files import Writer
from esign_cli.foundation.i18n import _
from esign_cli.outputs import json_data, tables, typeset
from esign_cli.outputs.tables.page import as_data, write_html
from esign_cli.outputs.tables.workbook import write_xlsx
from esign_cli.renewals.report_summary import Summary
from esign_cli.store import Store
from esign_cli.wording import sentences


def run(
    context: Context,
    job: Callable[[ReportRequest, Dependencies], Reported],
    request: ReportRequest,
    form: Form,
    store: Store,
) -> Reported:
    """Run the job with everything that it is handed; raises as it does."""
    with context.mailer() as mailer:
        return job(
            request,
            Dependencies(
                store=store,
                policy=context.settings.policy,
                today=context.today,
                now=context.now,
                writer=writer,
                districts=districts,
                send=partial(mail.send, mailer, written),
                show=partial(show, context, form, store),
            ),
        )


def end(report: Reported) -> None:
    """End with the exit code: a list that should be empty counts most, then a message not sent."""
    if report.met:
        raise typer.Exit(FAIL_ON)
    if report.problems:
        raise typer.Exit(PARTLY)


# --- formats -------------------------------------------------------------------------------------


def writer(summary: Summary, name: str) -> Writer:
    """Return what writes the report in a format; it raises PdfMissing or TypesetFailed."""
    return partial(_FORMATS[name], summary)


def written(summary: Summary, name: str) -> bytes:
    """Return the report in a format, for a message; raises as the writer does."""
    content = io.BytesIO()
    writer(summary, name)(content)
    return content.getvalue()


def _html(summary: Summary, file: IO[bytes]) -> None:
    write_html(text.document(summary, __version__), file)


def _pdf(summary: Summary, file: IO[bytes]) -> None:
    """Write it for print: the page is what a screen reader reads; Typst holds all of it."""
    data = as_data(text.document(summary, __version__))
    file.write(typeset.pdf("report", data, tagged=False))


def _xlsx(summary: Summary, file: IO[bytes]) -> None:
    write_xlsx(file, *text.sheets(summary, text.document(summary, __version__)))


def _csv(summary: Summary, file: IO[bytes]) -> None:
    tables.write_csv(text.table(summary), file)


def _json(summary: Summary, file: IO[bytes]) -> None:
    json_data.write(document("report", text.as_json(summary)), file)


def _calls_xlsx(summary: Summary, file: IO[bytes]) -> None:
    write_xlsx(file, calls.table(summary))


def _calls_pdf(summary: Summary, file: IO[bytes]) -> None:
    file.write(typeset.pdf("report", as_data(calls.document(summary)), tagged=False))


_FORMATS: dict[str, Callable[[Summary, IO[bytes]], None]] = {
    "html": _html,
    "pdf": _pdf,
    "xlsx": _xlsx,
    "csv": _csv,
    "json": _json,
    CALLS[".xlsx"]: _calls_xlsx,
    CALLS[".pdf"]: _calls_pdf,
}


def districts(summary: Summary) -> Mapping[str, Writer]:
    """Return what writes a workbook for each district, by a file name that no other has."""
    files: dict[str, Writer] = {}
    for one in text.ozluk(summary):
        province = turkish.fold(turkish.province_name(one.place.province))
        district = turkish.fold(one.place.district)[:_LONGEST_NAME] or _NO_DISTRICT
        parts = ["ozluk", province, district, summary.on.isoformat()]
        name = "-".join(filter(None, parts))
        while f"{name}.xlsx" in files:
            name += "-2"
        files[f"{name}.xlsx"] = partial(tables.write_xlsx, one.table)
    return files


_LONGEST_NAME = 60
_NO_DISTRICT = "ilcesi-bilinmeyen"


# --- what is shown -------------------------------------------------------------------------------


def show(context: Context, form: Form, store: Store, report: Reported) -> None:
    """Show what was asked for on the screen or stdout, then what was written and sent."""
    if form.shown == "table":
        _on_screen(context, store, report.summary)
    else:
        with store.reading():
            _whole(context, form, report)
    sys.stdout.flush()  # what cannot be read is not remembered as read
    _say_the_rest(context, report)
    if form.split_into is not None:
        _say_who_is_left_out(context, report.summary)


def _whole(context: Context, form: Form, report: Reported) -> None:
    """Give it to a program or a file, if that was asked for."""
    if form.shown == "json":
        problems = [problem.to_facts() for problem in report.problems]
        asking.give_json(context, "report", _data(report), problems, asking.Form("json", None))
    elif form.shown:
        asking.deliver_by(writer(report.summary, form.shown), asking.Form(form.shown, None))


def _on_screen(context: Context, store: Store, summary: Summary) -> None:
    with store.reading():
        ids = {code: screen.first(lines) for code, lines in summary.lists.items()}
    given = whom.numbers(context, store, itertools.chain.from_iterable(ids.values()))
    numbers = {code: list(map(given.get, listed)) for code, listed in ids.items()} if given else {}
    with store.reading():
        screen.show(context.console, text.document(summary, __version__), numbers)
    whom.say_next(context, given)


def _say_who_is_left_out(context: Context, summary: Summary) -> None:
    """Whose record another district has to correct, in a report of one."""
    if count := text.left_out(summary):
        line = _("In another district's file, for their record stands there: {count}")
        context.console.say(line.format(count=i18n.number(count)))
        context.console.say("  " + _("esign report --split district"))


def _data(report: Reported) -> dict[str, Any]:
    return {
        **text.as_json(report.summary),
        "files": [str(path) for path in report.files],
        "emailed": list(report.emailed),
    }


def _say_the_rest(context: Context, report: Reported) -> None:
    say = context.console.say
    if not report.summary.people:
        say(_("Nobody is known here. Every place at once:"))
        say("  " + _("esign report --province all"))
    for path in report.files:
        say(_("Written: {path}").format(path=path))
    for address in report.emailed:
        say(_("Sent: {address}").format(address=address))
    for problem in report.problems:
        say(_("Not sent: {why}").format(why=sentences.sentence(problem)))
        if step := sentences.next_step(problem):
            say(f"  {step}")
    for name in report.met:
        count = i18n.number(report.summary.sizes[name])
        say(_("Not empty: {list} · {count}").format(list=text.name(name), count=count))
