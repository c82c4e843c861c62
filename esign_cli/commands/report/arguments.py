"""What `esign report` was asked for, out of its options."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from esign_cli.cli import arguments as asking
from esign_cli.cli.context import Context
from esign_cli.commands.report.job import ReportRequest, Target, TotalsRequest
from esign_cli.foundation import files
from esign_cli.foundation.errors.environment import BinaryToTerminal
from esign_cli.foundation.errors.outputs import MailServerUnset
from esign_cli.foundation.errors.usage import OptionsExclude, UnknownFormat, UnknownWord, Usage
from esign_cli.foundation.i18n import _
from esign_cli.outputs import typeset
from esign_cli.renewals import application
from esign_cli.renewals.report_summary import SHOULD_BE_EMPTY
from esign_cli.wording import labels

ENDINGS = {".html": "html", ".htm": "html", ".pdf": "pdf", ".xlsx": "xlsx", ".csv": "csv",
           ".json": "json"}  # fmt: skip
CALLS = {".xlsx": "calls-xlsx", ".pdf": "calls-pdf"}
"""How a list of calls is written, by the ending of its file."""
FORMATS = ("table", "csv", "json", "html", "pdf", "xlsx")
_BINARY = ("pdf", "xlsx")


@dataclass(frozen=True, slots=True)
class Form:
    """What goes to the screen (or stdout), and which files are written."""

    shown: str
    """A format, or "" where the files are all that was asked for."""
    targets: tuple[Target, ...]
    split_into: Path | None


def form(
    context: Context,
    name: str | None,
    given: Sequence[str],
    split: str | None,
    *,
    call_list: Path | None = None,
    emailed: bool,
    json: bool,
) -> Form:
    """Return formats and files; nothing is written yet.

    Raises OptionsExclude, UnknownWord, UnknownFormat, BinaryToTerminal, PdfMissing, Usage, or what
    keeps a folder from being written to.
    """
    if json and name not in (None, "json"):
        raise OptionsExclude(options=["--json", f"--format {name}"])
    if json or (name == "json" and not given):
        context.json("report")
    if name is not None and name not in FORMATS:
        raise UnknownWord(option="--format", given=name, known=list(FORMATS))
    if split is not None and labels.SPLITS.code(split) is None:
        raise UnknownWord(option="--split", given=split, known=list(labels.SPLITS))
    folders = [Path(one) for one in given if split and _is_folder(one, name)]
    named = [path for path in map(Path, given) if path not in folders]
    if len(folders) > 1:
        raise OptionsExclude(options=[f"--output {folder}" for folder in folders])
    folder = folders[0] if folders else named[0].parent if named else Path()
    chosen = Form(
        _shown(name, given, handed_out=bool(split or call_list) or emailed, json=json),
        (*(Target(path, _format(name, path, named)) for path in named), *_calls(call_list)),
        folder if split else None,
    )
    _check(chosen)
    return chosen


def _calls(path: Path | None) -> tuple[Target, ...]:
    if path is None:
        return ()
    ending = path.suffix.lower()
    if ending not in CALLS:
        raise UnknownFormat(path=str(path), known=list(CALLS))
    return (Target(path, CALLS[ending]),)


def _is_folder(given: str, name: str | None) -> bool:
    """Whether an output is meant to be a folder, there or to be made."""
    path = Path(given)
    if files.is_folder(path) or given.endswith(("/", os.sep)):
        return True
    return name is None and not path.suffix and not files.exists(path)


def _shown(name: str | None, outputs: Sequence[str], *, handed_out: bool, json: bool) -> str:
    if json:
        return "json"
    if outputs:
        return ""
    return name or ("" if handed_out else "table")


def _format(name: str | None, path: Path, named: Sequence[Path]) -> str:
    if name is not None:
        if name == "table":
            raise OptionsExclude(options=["--format table", "--output"])
        if len(named) > 1:
            raise Usage(detail=_("--format is for one output; several tell by their ending."))
        return name
    known = ENDINGS.get(path.suffix.lower())
    if known is None:
        raise UnknownFormat(path=str(path), known=list(ENDINGS))
    return known


def _check(form: Form) -> None:
    formats = {target.format for target in form.targets} | {form.shown}
    if form.shown in _BINARY and sys.stdout.isatty():
        raise BinaryToTerminal(format=form.shown)
    if formats & {"pdf", CALLS[".pdf"]}:
        typeset.need()
    if len({target.path for target in form.targets}) < len(form.targets):
        raise Usage(detail=_("One output is named twice."))
    if form.split_into is not None:
        files.check_folder_to_make(form.split_into)


def place(
    context: Context, province: str | None, district: str | None, on: str | None
) -> TotalsRequest:
    """Read of which day and place the report is; raises UnknownProvince or BadDate."""
    return TotalsRequest(
        asking.day(on) if on else context.today,
        asking.province(context, province),
        district or context.settings.district,
    )


def request(
    context: Context,
    form: Form,
    totals: TotalsRequest,
    *,
    emails: Sequence[str],
    fail_on: Sequence[str],
    since_last: bool,
    force: bool,
) -> ReportRequest:
    """Return the whole request; raises Usage (an address), MailServerUnset, or UnknownWord (a
    list).
    """
    for address in emails:
        if not application.is_email(address):
            raise Usage(detail=_("“{given}” is not an e-mail address.").format(given=address))
    if emails and not context.settings["smtp.host"]:
        raise MailServerUnset(key="smtp.host")
    return ReportRequest(
        totals=totals,
        since_last=since_last,
        targets=form.targets,
        split_into=form.split_into,
        force=force,
        emails=tuple(dict.fromkeys(emails)),
        fail_on=asking.codes(labels.LISTS, fail_on, "--fail-on", SHOULD_BE_EMPTY),
    )
