"""`esign purge`: delete what is kept of everybody who left before a day (KVKK)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.errors import Unfinished
from esign_cli.foundation.errors.renewals import RetentionUnset
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from esign_cli.commands.purge.job import Departed, Due, Over
    from esign_cli.store import Store

HELP = N_(
    """Delete what is kept of those who left before a day, or by the settings' rules (KVKK).

    Gone is whose records all say left or transferred, whom you marked as left, and who is missing
    from the latest full snapshot. The day is the end that the record gives, else the one on which
    the export was brought in that says so, or on which the mark was made. The people are shown
    before; --dry-run only shows them. Applications keep their number, their steps and their dates,
    and name nobody any more. One person alone: esign person forget.

    Without a day the settings say how long is kept: retention.left, retention.history (what
    imports changed and rejected), retention.reminders, retention.watch; each as 90d, 6w, 6m or 2y.
    With one of them esign schedule does it each day. What was deleted stands in a record without
    names.

    \b
    esign purge --left-before 2025-01-01 --dry-run
    esign purge --left-before 2025-01-01 --yes
    esign purge --dry-run
    """
)


def purge(
    ctx: typer.Context,
    left_before: Annotated[
        str | None,
        typer.Option("--left-before", metavar="YYYY-MM-DD", help=N_("Gone since an earlier day.")),
    ] = None,
    record_files: Annotated[
        list[Path] | None,
        typer.Option(
            "--record",
            metavar="FILE",
            help=N_("The destruction record: .pdf, .xlsx; else both, beside the database."),
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Show who it would be, and delete nothing."))
    ] = False,
    yes: options.Yes = False,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.store import erasure

    context = from_typer(ctx, "purge", json=json)
    before = asking.day(left_before) if left_before else None
    if before is None and not context.settings.retention:
        raise RetentionUnset()
    files = _record_files(context, record_files)
    with context.exclusive_run("purge"), context.store() as store:
        over = _over(context, store, before)
        shown: Mapping[str, int] = {}
        if not json:
            shown = _show(context, store, over, show_ids=show_ids, by_itself=yes and not before)
        held = None
        forms = [path for one in over.people for path in erasure.files_of(store, one.national_id)]
        if over.anything and not dry_run:
            _agree(context, over, yes=yes)
            held = _destroy(context, store, over, files)
        else:
            files = []
        backups = erasure.backups(store) if files else ()
    if json:
        data = _object(over, before, show_ids=show_ids) | {"dry_run": dry_run}
        data |= {"forms": list(map(str, forms))}
        data |= {"backups": list(map(str, backups)), "records": list(map(str, files))}
        context.console.envelope(data)
    else:
        _tell(context, over, (files, backups), shown, dry_run=dry_run)
        _say_forms(context, forms, by_itself=yes and not before)
    if held is not None:
        raise typer.Exit(context.console.tell(held))


def _over(context: Context, store: Store, before: date | None) -> Due:
    from esign_cli.commands.purge import job

    policy = context.settings.policy
    if before is not None:
        return job.left_before(store, before, policy, context.today)
    return job.due(store, context.settings.retention, policy, context.today)


def _tell(
    context: Context,
    over: Due,
    left: tuple[Sequence[Path], Sequence[Path]],
    shown: Mapping[str, int],
    *,
    dry_run: bool,
) -> None:
    """Say what was done, the records of it, and the backups that are left."""
    from esign_cli.cli import copies, whom

    records, backups = left
    _say(context, over, records, dry_run=dry_run)
    if dry_run:
        whom.say_next(context, shown)
    elif records:
        copies.name(context, backups)


def _say_forms(context: Context, forms: Sequence[Path], *, by_itself: bool) -> None:
    """Name the signed and printed forms that are left; a log of the schedule has no names."""
    if not forms:
        return
    context.console.say(_("Forms that were signed or printed for them are still there:"))
    lines = sorted({str(path.parent) for path in forms}) if by_itself else map(str, forms)
    for line in lines:
        context.console.say(f"  {line}")


def _record_files(context: Context, named: list[Path] | None) -> list[Path]:
    """Where the record goes, once it is known that it can be written."""
    from esign_cli.commands.purge import record
    from esign_cli.foundation import files
    from esign_cli.foundation.errors.usage import UnknownFormat
    from esign_cli.outputs import typeset

    if not named:
        return record.names_beside(context.settings.beside_database, context.now)
    for path in named:
        if path.suffix.lower() not in record.FORMATS:
            raise UnknownFormat(path=str(path), known=list(record.FORMATS))
        if path.suffix.lower() == ".pdf":
            typeset.need()
        files.check_output(path)
    return named


def _destroy(context: Context, store: Store, over: Due, paths: Sequence[Path]) -> Unfinished | None:
    """Delete it and leave the records: both or neither; gives what holds a trace of it for now."""
    from esign_cli.cli import remnants
    from esign_cli.commands.purge import job
    from esign_cli.foundation import files
    from esign_cli.store import erasure

    records = _records(context, over, paths)
    certificates = erasure.certificates_of(store, [one.national_id for one in over.people])
    try:
        job.destroy(store, over, context.now, lambda: files.write_all_private(records))
    except BaseException:
        for path in records:
            path.unlink(missing_ok=True)
        raise
    if over.people:
        remnants.delete(context, certificates)
    try:
        erasure.pack(store)
    except Unfinished as held:
        return held
    return None


def _records(context: Context, over: Due, paths: Sequence[Path]) -> dict[Path, bytes]:
    from esign_cli.commands.purge import record

    lines = [
        record.Destroyed(one.kind, _rule(one), one.before, one.count)
        for one in over.kinds
        if one.count
    ]
    return {path: record.FORMATS[path.suffix.lower()](lines, context.now) for path in paths}


def _rule(one: Over) -> str:
    """The setting or the option that asks for it."""
    from esign_cli.wording.periods import offered

    return f"retention.{one.kind} = {offered(one.period)}" if one.period else "--left-before"


def _agree(context: Context, over: Due, *, yes: bool) -> None:
    from esign_cli.foundation.i18n import number

    if [one.kind for one in over.kinds if one.count] == ["left"]:
        question = _("Delete what is kept of them? People: {count}. It cannot be brought back.")
        context.console.agree(question.format(count=number(len(over.people))), yes=yes)
    else:
        context.console.agree(_("Delete all of this? It cannot be brought back."), yes=yes)


def _show(
    context: Context, store: Store, over: Due, *, show_ids: bool, by_itself: bool
) -> Mapping[str, int]:
    """Show what would go; a run of the schedule leaves no names in its log."""
    from esign_cli.commands.purge import record
    from esign_cli.outputs.tables.columns import ColumnSpec

    if any(one.period for one in over.kinds):
        columns = (
            ColumnSpec(N_("Data"), lambda one: _(record.KINDS[one.kind])),
            ColumnSpec(N_("Rule"), _rule),
            ColumnSpec(N_("Older than"), "before"),
            ColumnSpec(N_("Number"), "count"),
        )
        shown = [[one.text(row) for one in columns] for row in over.kinds]
        context.console.table([_(one.title) for one in columns], shown)
    if by_itself or not over.people:
        return {}
    return _show_people(context, store, over.people, show_ids=show_ids)


def _show_people(
    context: Context, store: Store, gone: Sequence[Departed], *, show_ids: bool
) -> Mapping[str, int]:
    from esign_cli.cli import whom
    from esign_cli.foundation.turkish import mask
    from esign_cli.outputs.tables.columns import ColumnSpec
    from esign_cli.wording import labels

    columns = (
        ColumnSpec(
            N_("National id"),
            lambda one: one.national_id if show_ids else mask(one.national_id),
        ),
        ColumnSpec(N_("Name"), "name"),
        ColumnSpec(N_("District"), "record.district"),
        ColumnSpec(N_("Gone since"), "leaving.since"),
        ColumnSpec(N_("Reason"), lambda one: labels.reason(one.leaving.code)),
        ColumnSpec(N_("Certificate valid until"), "live_until"),
        ColumnSpec(N_("Open application"), "application"),
    )
    return whom.listing(context, store, columns, gone)


def _say(context: Context, over: Due, records: Sequence[Path], *, dry_run: bool) -> None:
    from esign_cli.foundation.i18n import number

    say, count = context.console.say, number(len(over.people))
    if not over.anything:
        say(_("Nothing is older than the rules let it be."))
    elif dry_run:
        say(_("Would be forgotten: {count}. Nothing was deleted.").format(count=count))
    else:
        say(_("Forgotten: {who}").format(who=count))
    for path in records:
        say(_("Destruction record: {path}").format(path=path))


def _object(over: Due, before: date | None, *, show_ids: bool) -> dict[str, Any]:
    return {
        "left_before": before.isoformat() if before else None,
        "kinds": [
            {
                "kind": one.kind,
                "rule": _rule(one),
                "before": one.before.isoformat(),
                "count": one.count,
            }
            for one in over.kinds
        ],
        "people": [_person(one, show_ids=show_ids) for one in over.people],
    }


def _person(one: Departed, *, show_ids: bool) -> dict[str, Any]:
    from esign_cli.foundation.turkish import mask
    from esign_cli.outputs.json_data import pick

    return {
        "national_id": one.national_id if show_ids else mask(one.national_id),
        **pick(
            one,
            "name district=record.district gone_since=leaving.since reason=leaving.code"
            " certificate_valid_until=live_until open_application=application",
        ),
    }
