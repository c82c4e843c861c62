"""What an import says of itself: to the user, and for the database to keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from esign_cli.commands.imports.file import SAID, File
from esign_cli.commands.imports.request import FileReport, Outcome, Problem, Request, SheetReport
from esign_cli.store import imports
from esign_cli.store.import_history import Diff
from esign_cli.workbooks.mebbis.layouts import ASSIGNMENTS, CERTIFICATES, ROSTER


def entry(files: Sequence[File], request: Request) -> imports.Entry:
    """Return the import as it is written down."""
    total = sum((file.rows for file in files), Counter[str]())
    kinds = {file.kind for file in files}
    kind = next(one for one in (ROSTER, ASSIGNMENTS, CERTIFICATES) if one in kinds)
    of_kind = [file for file in files if file.kind == kind]
    titled = [file.titled for file in of_kind if file.titled is not None]
    all_titled = len(titled) == len(of_kind)
    return imports.Entry(
        files=[file.entry for file in files],
        kind=kind,
        as_of=request.as_of or (min(titled) if all_titled else None),
        file_day=min(day for day, _source in (file.dated for file in of_kind)),
        scope=request.scope,
        read=total["read"],
        rejected=total["rejected"],
        ignored=total["ignored"],
    )


def problems(files: Sequence[File], figures: imports.Figures) -> list[Problem]:
    """Return what was wrong with cells, and what the comparison found, by file."""
    problems = [problem for file in files for problem in file.problems]
    for finding in figures.findings:
        headers = files[finding.file].layout_of(finding.sheet, finding.row).headers
        problems.append(
            Problem(
                finding.code, files[finding.file].name, finding.sheet, finding.row,
                headers.get(finding.field, ""), finding.field, finding.value,
                finding.code == "identity-conflict", finding.national_id,
            )
        )  # fmt: skip
    return sorted(problems, key=lambda one: one.file)


def outcome(
    files: Sequence[File], figures: imports.Figures, request: Request, diff: Diff | None = None
) -> Outcome:
    """Return what the command did, or would do."""
    known = all(file.known for file in files)
    return Outcome(
        files=[
            _report(file, figures.counts.get(file.place, imports.Counts()), request)
            for file in files
        ],
        problems=problems(files, figures),
        missing=0 if known else figures.missing,
        suspended=figures.suspended,
        diff=diff,
    )


def _report(file: File, counts: imports.Counts, request: Request) -> FileReport:
    new, changed, unchanged = counts.new, counts.changed, counts.unchanged
    if file.known:
        new, changed, unchanged = 0, 0, new + changed + unchanged
    day, source = (request.as_of, SAID) if request.as_of else file.dated
    report = FileReport(
        file=file.name,
        sha256=file.sha256,
        file_type=file.file_type,
        kind=file.kind,
        sheets=[SheetReport(sheet.name, layout) for sheet, layout in file.tables],
        passed_over=file.passed_over,
        hidden=file.hidden,
        rows_read=file.rows["read"],
        new=new,
        changed=changed,
        unchanged=unchanged,
        rejected=file.rows["rejected"] + counts.conflicts,
        ignored=file.rows["ignored"],
        known=file.known,
        imported=file.imported,
        as_of=day,
        as_of_source=source,
    )
    accounted = new + changed + unchanged + report.rejected + report.ignored
    assert report.rows_read == accounted, "a row was lost"  # noqa: S101  (the promise of every import)
    return report


def rows_of(problems: Sequence[Problem], files: Sequence[File]) -> list[imports.ProblemRow]:
    """Return the problems of the files that are kept, as the database keeps them."""
    places = {file.name: place for place, file in enumerate(files)}
    return [
        (
            places[one.file], one.sheet, one.row, one.column, one.field, one.code, one.value,
            one.rejected, one.national_id,
        )
        for one in problems
        if one.file in places
    ]  # fmt: skip
