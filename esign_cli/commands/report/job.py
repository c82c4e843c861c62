"""Make a report, give it to everybody who gets it, and only then remember it.

The next report tells what changed since the last one. So a report is remembered when all its
outputs are written and all its messages were taken; where one failed, or the run was killed, the
next report tells the same changes again, and nobody misses them. An address that the server refuses
for good holds nothing up, if somebody or a file has the report: it would for ever. A report of
another day than today's, or of somebody who may only read, is never remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from esign_cli.commands.report.totals import TotalsRequest, reckoned
from esign_cli.foundation import files
from esign_cli.foundation.errors import EsignError
from esign_cli.renewals.report_summary import LISTS, Summary
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.verdict import judge
from esign_cli.store import Store, applications, reports
from esign_cli.store.report_lists import ReportLists

__all__ = ["Dependencies", "ReportRequest", "Reported", "Target", "TotalsRequest", "report"]


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write, and the format it is written in."""

    path: Path
    format: str


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What was asked for."""

    totals: TotalsRequest
    since_last: bool = False
    """Lists hold only those who are new in them."""
    targets: tuple[Target, ...] = ()
    split_into: Path | None = None
    """The folder for the districts' files, made if it is not there; None: no such files."""
    force: bool = False
    emails: tuple[str, ...] = ()
    fail_on: frozenset[str] = frozenset()
    """Names of lists that should be empty."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the job is handed: the database, the rules, the clock, and who puts it into words."""

    store: Store
    policy: Policy
    today: date
    now: datetime
    writer: Callable[[Summary, str], files.Writer]
    """What writes the report in a format."""
    districts: Callable[[Summary], Mapping[str, files.Writer]]
    """The districts' files by name."""
    send: Callable[[Summary, str], None]
    """Send the report to an address; raises an EsignError where it was not taken."""
    show: Callable[[Reported], None]
    """Give what was done to whoever started the run."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What was done; `problems` are the messages that were not sent."""

    summary: Summary
    files: tuple[Path, ...]
    emailed: tuple[str, ...]
    problems: tuple[EsignError, ...]
    met: tuple[str, ...]
    """The lists that should be empty and are not, in the order of LISTS."""


def report(request: ReportRequest, known: Dependencies) -> Reported:
    """Reckon, write all files, send all messages, show, remember; in this order.

    The lists are read again for each of them: none is held. Raises OutputExists and the like before
    anything is written, then what database, typesetter and disk raise.
    """
    for target in request.targets:
        files.check_output(target.path, force=request.force)
    applications.catch_up(known.store, known.now, known.policy)  # as their own list does
    lists = ReportLists(known.store, lambda one: judge(one, known.policy, request.totals.on))
    with known.store.reading():
        result = _given(request, known, lists)
    known.show(result)  # which may write, too: the numbers of its list
    of_today = request.totals.on == known.today
    if of_today and known.store.may_change and _handed_out(result):
        reports.remember(known.store, result.summary, lists.remembered(), known.now)
    return result


def _given(request: ReportRequest, known: Dependencies, lists: ReportLists) -> Reported:
    only_new = request.since_last
    summarised = reckoned(known.store, request.totals, known.policy, lists, only_new=only_new)
    writers = _writers(request, known, summarised)
    if request.split_into is not None:
        files.private_folder(request.split_into)
    files.write_all(writers)
    emailed, problems = _sent(request.emails, known, summarised)
    met = tuple(name for name in LISTS if name in request.fail_on and summarised.sizes[name])
    return Reported(summarised, tuple(writers), emailed, problems, met)


def _handed_out(report: Reported) -> bool:
    """Whether everybody has the report who will ever get it, and there is somebody."""
    dead = [problem for problem in report.problems if problem.facts.get("for_good")]
    if len(dead) < len(report.problems):
        return False
    return not dead or bool(report.emailed or report.files)


def _writers(
    request: ReportRequest, known: Dependencies, summary: Summary
) -> dict[Path, files.Writer]:
    """What writes each file; none takes its place before all are made."""
    writers = {target.path: known.writer(summary, target.format) for target in request.targets}
    if request.split_into is not None:
        for name, writer in known.districts(summary).items():
            path = request.split_into / name
            if files.exists(request.split_into):
                files.check_output(path, force=request.force)
            writers[path] = writer
    return writers


def _sent(
    addresses: Sequence[str], known: Dependencies, summary: Summary
) -> tuple[tuple[str, ...], tuple[EsignError, ...]]:
    """Each message stands for itself: one that is refused keeps no other from being sent."""
    emailed, problems = [], []
    for address in addresses:
        try:
            known.send(summary, address)
        except EsignError as error:
            problems.append(error)
        else:
            emailed.append(address)
    return tuple(emailed), tuple(problems)
