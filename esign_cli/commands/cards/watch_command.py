"""`esign check-card --watch`: a pile of cards, a line each, until Ctrl-C."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from esign_cli.cards import tokens
from esign_cli.cards.process import READ_TIMEOUT
from esign_cli.cards.watch import CardWatch
from esign_cli.cli.context import Context
from esign_cli.commands.cards import check_job as job
from esign_cli.commands.cards import hand_over, text
from esign_cli.commands.cards.watch_job import CardBatch, Place, Seen, place_of, watch_document
from esign_cli.foundation import clock
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.usage import OptionsExclude, Usage
from esign_cli.foundation.i18n import _
from esign_cli.wording.labels import PHASES
from esign_cli.wording.sentences import told

if TYPE_CHECKING:
    from esign_cli.cards.tokens import Token
    from esign_cli.foundation.standing import Phase
    from esign_cli.store import Store


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for."""

    module: Path | None
    reader: str | None
    timeout: float | None
    hand_over: tuple[Path, ...]
    save: bool
    show_ids: bool


def check_usage(chosen: Chosen, *, watch: bool, token: str | None, force: bool) -> None:
    """Raise what can be wrong with the options before any card is read."""
    if not watch:
        raise Usage(detail=_("--hand-over wants --watch."))
    if token is not None:
        raise OptionsExclude(options=["--watch", "--token"])
    hand_over.check(chosen.hand_over, force=force)


def watch(context: Context, chosen: Chosen) -> None:
    """Tell of each card that is put in; after Ctrl-C the summary and the hand-over list."""
    from esign_cli.store import is_there

    module = context.card_module(chosen.module)
    with ExitStack() as stack:
        wanted = chosen.save or is_there(context.settings.database)
        store = stack.enter_context(context.store()) if wanted else None
        record = BatchRecord(store) if store and chosen.save else None
        batch = _batch(context, chosen, store, record)
        context.console.say(_("Put the cards in one after the other. Ctrl-C ends."))
        try:
            for event in CardWatch(module, chosen.timeout or READ_TIMEOUT):
                _tell(context, chosen, batch, event, store)
        except KeyboardInterrupt:
            context.console.say()
        _finish(context, chosen, batch, record)


@dataclass(slots=True)
class BatchRecord:
    """The pile in the database; it begins, and has a number, with its first card."""

    store: Store
    number: int | None = None

    def keep(self, token: Token, checked: job.CheckedCertificate) -> None:
        """Keep that this card was read."""
        from esign_cli.store import card_watches

        now = clock.now()
        if self.number is None:
            self.number = card_watches.begin(self.store, now)
        card_watches.add(self.store, self.number, token.serial, checked.certificate, now)


def _batch(
    context: Context, chosen: Chosen, store: Store | None, record: BatchRecord | None
) -> CardBatch:
    """An empty pile that judges, looks people up and keeps."""
    if store is None:
        return CardBatch(partial(_judge, context, None, save=False), _nowhere, _keep_nothing)
    judge = partial(_judge, context, store, save=chosen.save)
    keep = record.keep if record else _keep_nothing
    return CardBatch(judge, partial(_place, context, store), keep)


def _judge(context: Context, store: Store | None, token: Token, *, save: bool) -> job.Report:
    now = clock.now()
    judge = partial(
        job.check_card,
        [token],
        policy=context.settings.policy,
        today=now.astimezone(ISTANBUL).date(),
        tries=context.tries_of,
    )
    if store is None:
        return judge()
    from esign_cli.store import cards

    keep = partial(
        cards.save_certificate, store, origin="card", now=now, policy=context.settings.policy
    )
    return judge(save=keep if save else None)


def _place(context: Context, store: Store, national_id: str) -> Place | None:
    """What the roster says of a person; None where there is no roster at all."""
    from esign_cli.store import people

    with store.reading():
        if not people.totals(store).people:
            return None
        (facts,) = people.facts(store, national_ids=[national_id])
    return place_of(facts, context.settings.policy, clock.now().astimezone(ISTANBUL).date())


def _nowhere(_national_id: str) -> None:
    return None


def _keep_nothing(_token: Token, _checked: job.CheckedCertificate) -> None:
    return None


# --- what is said --------------------------------------------------------------------------------


def _tell(
    context: Context,
    chosen: Chosen,
    batch: CardBatch,
    event: Token | EsignError,
    store: Store | None,
) -> None:
    console = context.console
    if isinstance(event, EsignError):
        console.say(told(event))
        if console.json_of:
            console.envelope(None, [event.to_facts()])
    elif not chosen.reader or tokens.in_reader(event, chosen.reader):
        seen = batch.look(event)
        _tell_card(context, chosen, seen, _number(context, store, seen, saved=chosen.save))
    sys.stdout.flush()


def _number(context: Context, store: Store | None, seen: Seen, *, saved: bool) -> int | None:
    """The number under which whoever the database knows is listed."""
    from esign_cli.cli import whom

    known = saved or (seen.place is not None and seen.place.in_roster)
    if store is None or seen.checked is None or not known:
        return None
    national_id = seen.checked.certificate.national_id
    return whom.numbers(context, store, [national_id]).get(national_id)


def _tell_card(context: Context, chosen: Chosen, seen: Seen, number: int | None) -> None:
    console = context.console
    if console.json_of:
        problems = [seen.problem.to_facts()] if seen.problem else []
        console.envelope(watch_document(seen), problems)
    else:
        line = text.line(seen, whole_ids=chosen.show_ids)
        console.out(f"{number}. {line}" if number else line)
    if sys.stderr.isatty():
        sys.stderr.write("\a")  # the eyes are on the cards
        console.say(_("Next card …"))


def _finish(context: Context, chosen: Chosen, batch: CardBatch, record: BatchRecord | None) -> None:
    console = context.console
    counted = _("Cards read: {cards} · put in again: {again} · not read: {failed}")
    console.say(counted.format(cards=batch.cards, again=batch.again, failed=batch.failed))
    phases: dict[Phase, str] = PHASES
    for phase, words in phases.items():
        if count := batch.phases[phase.value]:
            console.say(f"  {_(words)}: {count}")
    if not batch.entries():
        console.say(_("No e-imza card was read, so there is nothing to hand over."))
        return
    if record is not None:
        console.say(_("Kept as watch number {number}.").format(number=record.number))
        step = f"esign applications deliver --from-watch {record.number}"
        console.say(_("Once they are handed over:  {command}").format(command=step))
    for path in chosen.hand_over:
        institution = context.settings["profile.institution_name"]
        hand_over.write(path, batch.entries(), institution, context.today)
        console.say(_("Hand-over list: {path}").format(path=path))
