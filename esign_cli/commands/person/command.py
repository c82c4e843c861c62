"""`esign person`: one person on one screen, and the administrator's own word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli import help, options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.errors.renewals import MarkNeeded
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from esign_cli.commands.person.job import Owner

HELP = N_(
    """See all that is known of one person, and add your own word to it.

    \b
    esign person show 10000000146
    esign person mark 10000000146 left --reason "emekli oldu"
    """
)
FIND_HELP = N_(
    """Find people by any part of their name, their institution or their e-mail address.

    Every word has to be found; capitals and Turkish letters do not matter. The likeliest come
    first. The number before each is taken by the command that follows in place of a national id.

    \b
    esign person find şükrü ışık
    esign person find atatürk ilkokulu
    """
)
SHOW_HELP = N_(
    """Show all that is known of one person: verdict, records, certificates, marks, applications.

    Each fact comes with the place that it was read from, and what was and is no more comes too.

    \b
    esign person show 10000000146
    """
)
MARK_HELP = N_(
    """Say yourself that a person is on duty or has left, or that a card is lost or revoked.

    While it holds, a mark on the person stands for the duty records, and it is always shown. A new
    one takes the place of an earlier one. A card that is lost or revoked counts no longer.
    “none” takes all of it away. Words: on-duty, left, lost, revoked, none.

    \b
    esign person mark 10000000146 lost --date 2026-11-20
    esign person mark 10000000146 on-duty --reason "görevlendirmesi uzatıldı" --until 2027-06-30
    esign person mark 10000000146 none
    """
)
SET_HELP = N_(
    """Enter the end of a certificate that was told, for instance by telephone.

    It overrules what lists said until now, earlier or later. A card or a file that is read says it
    better, and so does a list that names yet another end later on. Told again, it takes the place
    of what was told before; “none” takes it back.

    \b
    esign person set 10000000146 --not-after 2027-01-15
    esign person set 10000000146 --not-after none
    """
)
FORGET_HELP = N_(
    """Delete what is kept of one person (KVKK).

    Applications keep their number, their steps and their dates, and name nobody any more. Files
    that were written before stay where they are; an import of a workbook in which the person still
    stands brings the person back.

    \b
    esign person forget 10000000146
    """
)
PAGES = {
    "person": HELP,
    "person find": FIND_HELP,
    "person show": SHOW_HELP,
    "person mark": MARK_HELP,
    "person set": SET_HELP,
    "person forget": FORGET_HELP,
}

app = typer.Typer(cls=help.Group, rich_markup_mode=None, no_args_is_help=True)


@app.command("find", cls=help.Command)
def find(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORD", help=N_("Any part of a name, an institution, an e-mail address.")
        ),
    ],
    province: options.Province = None,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.commands.person import job, output

    context = from_typer(ctx, "person", json=json)
    where = "all" if province is None else asking.province(context, province)
    with context.store() as store:
        matches = job.find(store, words, where, context.settings.policy, context.today)
        output.found(context, store, matches, show_ids=show_ids)


@app.command("show", cls=help.Command)
def show(
    ctx: typer.Context,
    who: options.Who = None,
    option: options.NationalId = None,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    from esign_cli.cli import whom
    from esign_cli.commands.person import job, output

    context = from_typer(ctx, "person", json=json)
    given = whom.the_one(who, option)
    with context.store() as store:
        national_id = whom.read_of(context, store, given)
        report = job.show(store, national_id, context.settings.policy, context.today, context.now)
    output.show(context, report, show_ids=show_ids)


@app.command("mark", cls=help.Command)
def mark(
    ctx: typer.Context,
    who: options.Who = None,
    word: Annotated[
        str | None,
        typer.Argument(metavar="MARK", help=N_("on-duty, left, lost, revoked or none.")),
    ] = None,
    option: options.NationalId = None,
    reason: Annotated[
        str,
        typer.Option("--reason", "--note", metavar="TEXT", help=N_("Why; it is kept and shown.")),
    ] = "",
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="YYYY-MM-DD", help=N_("The last day on which it holds.")),
    ] = None,
    certificate: Annotated[
        str,
        typer.Option(
            "--certificate",
            metavar="SHA256",
            help=N_("Which card: the beginning of its certificate's hash; else the newest."),
        ),
    ] = "",
    on: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="YYYY-MM-DD", help=N_("The day of the loss; today unless given.")
        ),
    ] = None,
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.cli import whom
    from esign_cli.commands.person import job
    from esign_cli.store import person_record
    from esign_cli.wording import labels

    context = from_typer(ctx)
    if option and word is None:
        who, word = None, who
    if word is None:
        raise MarkNeeded()
    given = whom.the_one(who, option)
    meant = labels.MARKS.code(word) or word
    last = asking.day(until) if until else None
    reason = asking.text(reason)
    job.check_mark(meant, reason, last, context.today)
    with context.store() as store:
        national_id = whom.written_of(context, store, given)
    job.check_id(national_id)
    if meant in job.OF_CARDS:
        _mark_card(context, national_id, meant, reason, certificate, on)
        return
    mark = "" if meant == job.NO_MARK else meant
    with context.store() as store:
        owner = job.owner(store, national_id)
        person_record.mark(
            store, national_id, mark, reason, last, at=context.now, os_user=context.os_user
        )
    said = labels.mark(mark) if mark else _("none")
    who = _who(national_id, owner)
    context.console.say(_("{who}: {mark}").format(who=who, mark=said))
    _say_stranger(context, national_id, owner)


@app.command("set", cls=help.Command)
def set_value(
    ctx: typer.Context,
    who: options.Who = None,
    *,
    not_after: Annotated[
        str,
        typer.Option(
            "--not-after",
            metavar="YYYY-MM-DD",
            help=N_("The last day of the certificate, or “none”."),
        ),
    ],
    option: options.NationalId = None,
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.cli import whom
    from esign_cli.commands.person import job
    from esign_cli.store import person_record
    from esign_cli.wording import labels

    context = from_typer(ctx)
    previous = None
    given = whom.the_one(who, option)
    with context.store() as store:
        national_id = whom.written_of(context, store, given)
        owner = job.owner(store, national_id)
        if labels.MARKS.code(not_after) == job.NO_MARK:
            person_record.untell_end(store, national_id, context.now, context.settings.policy)
            said = _("none")
        else:
            end = asking.day(not_after)
            policy = context.settings.policy
            previous = job.tell_end(store, national_id, end, policy, context.today, context.now)
            said = f"{end:%d.%m.%Y}"
    who = _who(national_id, owner)
    context.console.say(_("{who}: told end: {date}").format(who=who, date=said))
    _say_stranger(context, national_id, owner)
    if previous is not None and previous.read is not None:
        counts = _(
            "A card or a file that was read says: {date}. What was told counts: it is later."
        )
        if not previous.counts:
            counts = _("It does not count: a card or a file that was read says: {date}")
        context.console.say(counts.format(date=f"{previous.read:%d.%m.%Y}"))


def _mark_card(
    context: Context, national_id: str, word: str, reason: str, certificate: str, on: str | None
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.commands.person import job
    from esign_cli.foundation.dates import day
    from esign_cli.store import person_record
    from esign_cli.wording import labels

    since = asking.day(on) if on else context.today
    with context.store() as store:
        policy = context.settings.policy
        one = job.held(store, national_id, certificate, policy, context.today, since)
        owner = job.owner(store, national_id)
        person_record.take_away(
            store, one, word, since, reason, at=context.now, os_user=context.os_user
        )
    context.console.say(
        _("{who}: {mark}, {date}. The certificate until {end} does not count any more.").format(
            who=_who(national_id, owner),
            mark=labels.mark(word),
            date=day(since),
            end=day(one.not_after),
        )
    )
    context.console.say(_("A new card is applied for by hand (Yöntem 2):"))
    context.console.say(f"  esign applications add {national_id} --reason lost --wet-ink")


def _who(national_id: str, owner: Owner) -> str:
    from esign_cli.foundation.turkish import mask

    return f"{mask(national_id)} {owner.name}".rstrip()


def _say_stranger(context: Context, national_id: str, owner: Owner) -> None:
    """Somebody of whom nothing is known: perhaps a number mistyped for another valid one."""
    if not owner.known:
        context.console.say(
            _("No file, card or list names this person; look at the number: {who}").format(
                who=_who(national_id, owner)
            )
        )


def _offer_to_delete(context: Context, forms: Sequence[Path], *, yes: bool) -> None:
    """Name the forms that were signed or printed for them; ask whether they go, too.

    `--yes` never deletes them: some are kept by another law.
    """
    from esign_cli.foundation.errors.environment import Declined

    if not forms:
        return
    context.console.say(_("Forms that were signed or printed for them are still there:"))
    for path in forms:
        context.console.say(f"  {path}")
    if yes or not context.console.interactive:
        context.console.say(_("They were left; delete them yourself."))
        return
    try:
        context.console.agree(_("Delete these files, too?"), yes=False)
    except Declined:
        context.console.say(_("They were left."))
        return
    for path in forms:
        path.unlink(missing_ok=True)
    context.console.say(_("Deleted."))


@app.command("forget", cls=help.Command)
def forget(
    ctx: typer.Context,
    who: Annotated[
        str | None,
        typer.Argument(metavar="PERSON", help=N_("National id, or number of the last list.")),
    ] = None,
    option: options.NationalId = None,
    yes: options.Yes = False,
) -> None:
    from functools import partial

    from esign_cli.cli import copies, remnants, whom
    from esign_cli.commands.person import job
    from esign_cli.foundation.turkish import mask
    from esign_cli.store import erasure

    context = from_typer(ctx)
    given = whom.the_one(who, option)
    if not whom.is_list_number(given):
        job.check_id(given)  # never by a name: it cannot be brought back
    with context.store() as store:
        national_id = whom.read_of(context, store, given)
        owner = job.owner(store, national_id)
        forms = erasure.files_of(store, national_id)
    who = _who(national_id, owner) if whom.is_list_number(given) else mask(national_id)
    question = _("Delete what is kept of {who}? It cannot be brought back.").format(who=who)
    context.console.agree(question, yes=yes)
    with context.store() as store:
        job.forget(store, national_id, context.now, partial(remnants.delete, context))
        backups = erasure.backups(store)
    context.console.say(_("Forgotten: {who}").format(who=who))
    _offer_to_delete(context, forms, yes=yes)
    copies.name(context, backups)
