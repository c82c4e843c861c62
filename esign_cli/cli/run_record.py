"""The row of a command in the audit trail: every command that opened the database gets one.

Written where every run ends (`App.main`) from what its connection noticed and from the options it
was given; so no command has to think of it, and none can forget it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esign_cli.foundation import exit_codes

if TYPE_CHECKING:
    import typer

    from esign_cli.foundation.credentials import Places
    from esign_cli.foundation.database_server import Server
    from esign_cli.store import Store
    from esign_cli.store.caller import Caller, Spare
    from esign_cli.store.trail import Run

EXPORTS_BY_OPTION = {
    "show_ids": "ids",
    "output": "file",
    "rejects": "file",
    "email": "mail",
    "split": "files",
    "hand_over": "list",
}
"""What leaves the database in whole, by the option (as a parameter) that asks for it."""
EXPORTS_BY_COMMAND = {
    "backup": "backup",
    "person show": "person",
    "print-form": "form",
    "remind": "letters",
    "restore": "restore",
    "sign-form": "form",
}
_OK = (exit_codes.DONE, exit_codes.PARTLY, exit_codes.FAIL_ON)


@dataclass
class RunRecord:
    """What is noticed of a run until it ends."""

    command: str = ""
    """Its path and the names of the options that were given: no value, which may be a name."""
    exported: tuple[str, ...] = ()
    database: Path | Server | None = None
    """Set once the database was opened."""
    places: Places | None = None
    caller: Caller | None = None
    spare: Spare | None = None
    """The run's connection to a server, which its row is written by as well."""
    people: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    altered: list[str] = field(default_factory=list)
    run: Run | None = None
    is_replaced: bool = False
    anywhere: bool = False
    """Whether the database may lie on another computer's disk (--i-know)."""

    def named(self, ctx: typer.Context) -> None:
        """Take down which command it is, and what of its options lets data out."""
        path = " ".join(ctx.command_path.split()[1:])
        given = sorted(name for name in ctx.params if _is_given(ctx, name))
        options = [option for name in given if (option := _option(ctx, name))]
        self.command = " ".join([path, *options])
        kinds = [kind for name, kind in EXPORTS_BY_OPTION.items() if ctx.params.get(name)]
        if path in EXPORTS_BY_COMMAND and not ctx.params.get("dry_run"):
            kinds.append(EXPORTS_BY_COMMAND[path])
        self.exported = tuple(dict.fromkeys(kinds))

    @contextmanager
    def watching(
        self, store: Store, places: Places | None, now: datetime, who: str
    ) -> Iterator[None]:
        """Notice what is done to an open store, for the length of a `with` block."""
        from esign_cli.store.connection import done_from
        from esign_cli.store.trail import Run
        from esign_cli.store.trail_watch import Watch

        self.database, self.places = store.origin, places
        self.caller = store.caller
        user = done_from(store.db)[1]
        self.run = self.run or Run(
            now, who, machine_name(), self.command, os.getpid(), database_user=user
        )
        watch = Watch(store, self.run)
        try:
            yield
        finally:
            watch.close()
            people, tokens = watch.people
            self.people = self.people | people if self.people else people  # of many, one copy
            self.tokens |= tokens
            self.touched |= watch.touched
            self.altered += watch.altered

    def replaced(
        self,
        database: Path,
        places: Places | None,
        now: datetime,
        who: str,
        altered: Iterable[str] = (),
    ) -> None:
        """Take down that the whole database was replaced, and what was found `altered` in it."""
        from esign_cli.store import trail_state
        from esign_cli.store.trail import Run

        self.database, self.places = database, places
        self.run = Run(now, who, machine_name(), self.command, os.getpid())
        self.touched |= trail_state.TABLES
        self.altered += altered
        self.is_replaced = True

    def close(self) -> None:
        """End what the run has kept."""
        if self.spare is not None:
            self.spare.close()

    def write(self, status: int) -> None:
        """Write the row, if the database was opened; raises as `open_store` and `trail.write`."""
        if self.database is None or self.run is None:
            return
        from esign_cli.store import is_there, open_store, trail
        from esign_cli.store.bad_values import as_bad_values

        if not is_there(self.database):
            return

        ended = trail.Ended(
            self.run,
            status in _OK,
            tuple(dict.fromkeys(self.exported)),
            self.people,
            frozenset(self.tokens),
            frozenset(self.touched),
            tuple(dict.fromkeys(self.altered)),
            self.is_replaced,
        )
        with (
            open_store(
                self.database, self.places, anywhere=self.anywhere, caller=self.caller
            ) as store,
            as_bad_values(store),
        ):
            trail.write(store, ended)


def _is_given(ctx: typer.Context, name: str) -> bool:
    source: Any = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _option(ctx: typer.Context, name: str) -> str:
    """The option as it is written on a command line; "" for an argument."""
    spelt = [p.opts for p in ctx.command.params if p.name == name and p.param_type_name == "option"]
    return max(spelt[0], key=len) if spelt else ""


def machine_name() -> str:
    """Return the computer's name."""
    if sys.platform == "win32":
        return os.environ.get("COMPUTERNAME", "")
    return os.uname().nodename
