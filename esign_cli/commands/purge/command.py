"""`esign purge`: delete what is kept of everybody who left before a day (KVKK)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esign_cli.commands.purge.job import Departed
    from esign_cli.store import Store

HELP = N_(
    """Delete what is kept of everybody who left before a day (KVKK).

    Gone is whose records all say left or transferred, whom you marked as left, and who is missing
    from the latest full snapshot. The day is the end that the record gives, else the one on which
    the export was brought in that says so, or on which the mark was made. The people are shown
    before; --dry-run only shows them. Applications keep their number, their steps and their dates,
    and name nobody any more. One person alone: esign person forget.

    \b
    esign purge --left-before 2025-01-01 --dry-run
    esign purge --left-before 2025-01-01 --yes
    """
)


def purge(
    ctx: typer.Context,
    left_before: Annotated[
        str,
        typer.Option("--left-before", metavar="YYYY-MM-DD", help=N_("Gone since an earlier day.")),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Show who it would be, and delete nothing."))
    ] = False,
    yes: options.Yes = False,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.cli import whom
    from esign_cli.commands.purge import job
    from esign_cli.store import erasure

    context = from_typer(ctx, "purge", json=json)
    before = asking.day(left_before)
    with context.exclusive_run("purge"), context.store() as store:
        numbers: Mapping[str, int] = {}
        gone = job.leavers(store, before, context.settings.policy, context.today)
        if not json:
            numbers = _show(context, store, gone, show_ids=show_ids)
        if gone and not dry_run:
            _agree(context, len(gone), yes=yes)
            job.forget(store, gone, context.now)
        backups = erasure.backups(store) if gone and not dry_run else ()
    if json:
        data = {
            "left_before": before.isoformat(),
            "dry_run": dry_run,
            "people": [_object(one, show_ids=show_ids) for one in gone],
            "backups": list(map(str, backups)),
        }
        context.console.envelope(data)
        return
    _say(context, len(gone), dry_run=dry_run)
    if dry_run:
        whom.say_next(context, numbers)
    for path in backups:
        context.console.say(
            _("A backup still holds them; delete it yourself: {path}").format(path=path)
        )


def _agree(context: Context, count: int, *, yes: bool) -> None:
    from esign_cli.foundation.i18n import number

    question = _("Delete what is kept of them? People: {count}. It cannot be brought back.")
    context.console.agree(question.format(count=number(count)), yes=yes)


def _show(
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


def _say(context: Context, count: int, *, dry_run: bool) -> None:
    from esign_cli.foundation.i18n import number

    if not count:
        context.console.say(_("Nobody left before that day, as far as is known."))
    elif dry_run:
        context.console.say(
            _("Would be forgotten: {count}. Nothing was deleted.").format(count=number(count))
        )
    else:
        context.console.say(_("Forgotten: {who}").format(who=number(count)))


def _object(one: Departed, *, show_ids: bool) -> dict[str, Any]:
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
