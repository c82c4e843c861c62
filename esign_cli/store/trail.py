"""The audit trail: one row a command, each chained to the one before and to the state it left.

A row holds who, when, which command, whose data were shown or changed by name (by tokens that
forgetting takes the meaning of), what left the database in whole, and a keyed digest of every
table as it was then. Its link is HMAC-SHA256 over all of that and the link
before it, so that a row can be changed, taken out or put in only by who has the key.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from esign_cli.foundation import processes
from esign_cli.foundation.i18n import N_
from esign_cli.store import inspection, trail_head, trail_state
from esign_cli.store.connection import Db, connect, later, plain, together
from esign_cli.store.custody_key import key_id, keyed
from esign_cli.store.database import Store

MOST_NAMED = 50
"""People of one command who stand in its row one by one; of more only the number is kept."""
_LONGEST = timedelta(days=3)
_A_MOMENT = timedelta(minutes=1)
"""After which a run has surely said how the trail ends."""
NO_ROW = N_("a row of the audit trail is none of esign's")
_COLUMNS = "number, at, who, machine, command, people, exported, ok, state, key_id, link"
_LAST = f"SELECT {_COLUMNS} FROM audit ORDER BY number DESC LIMIT 1"  # noqa: S608  (our names)
_LAST_TWO = f"SELECT {_COLUMNS} FROM audit ORDER BY number DESC LIMIT 2"  # noqa: S608  (our names)
_KNOWN = " UNION ".join(
    f"SELECT national_id FROM {table} WHERE national_id IN ({{people}})"  # noqa: S608  (our names)
    for table in ("person", "certificate", "mark", "application")
)
_NAMED = "SELECT national_id, token FROM audit_person WHERE national_id IN ({people})"
_OPEN = "SELECT run, at, who, machine, command, process, link FROM audit_run ORDER BY at, run"


@dataclass(frozen=True, slots=True)
class Run:
    """A command that is running, or ran."""

    at: datetime
    who: str
    machine: str
    command: str
    process: int
    number: str = field(default_factory=lambda: secrets.token_hex(8))
    """Random: of this run alone."""
    database_user: str = ""
    """Whom the server knows; "" of a file, and of a run that was broken off."""

    @property
    def told(self) -> tuple[str, str, str, str, int]:
        """The columns that every row about a run has."""
        at = self.at.astimezone(UTC).isoformat(timespec="seconds")
        return (at, self.who, self.machine, self.command, self.process)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the trail."""

    number: int
    at: datetime
    who: str
    machine: str
    command: str
    people: tuple[str, ...]
    """Tokens."""
    exported: tuple[str, ...]
    ok: bool
    tables: Mapping[str, str]
    """The digest of each table as it was when the command had ended."""
    altered: tuple[str, ...]
    """Tables that were found changed by something else before this command wrote to them."""
    head_kept: bool
    """Whether the run has said how the trail ends in a sealed file (`trail_head`)."""
    database_user: str
    key_id: str
    link: str

    @property
    def head(self) -> str:
        """What the trail up to this row is told by."""
        return f"{self.number}:{self.link}"


def beside(path: Path) -> sqlite3.Connection:
    """Return a connection that only reads, and sees what is committed."""
    db = connect(path, readonly=True)
    inspection.guard(db)
    return db


# --- writing -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ended:
    """What is written down of a run that has ended."""

    run: Run
    ok: bool
    exported: tuple[str, ...] = ()
    people: Set[str] = frozenset()
    """National ids."""
    tokens: frozenset[str] = frozenset()
    touched: frozenset[str] = frozenset()
    altered: tuple[str, ...] = ()
    replaced: bool = False
    """Whether the file of the end speaks of another database, which it took the place of."""


def write(store: Store, ended: Ended) -> Row:
    """Add the row of a run, and of runs that were broken off before they came to theirs.

    Raises as `Store.writing`, and what reading the key raises.
    """
    with store.writing() as db:
        runs, newest = together(db, _OPEN, _LAST_TWO)
        running, recent = tuple(_vouched(runs, store.key)), tuple(map(row_of, newest))
        altered = [*ended.altered, *_altered_trail(store, ended, running, recent)]
        broken = [run for run in running if _is_over(run, ended.run)]
        before = recent[0] if recent else None
        for run in broken:
            before = add(db, store.key, Ended(run, ok=False, touched=trail_state.TABLES), before)
        tokens = tuple(sorted({*ended.tokens, *_tokens(db, ended.people)}))
        touched = ended.touched | {trail_state.PEOPLE} if tokens else ended.touched
        ended = replace(ended, touched=frozenset(touched), altered=tuple(dict.fromkeys(altered)))
        row = add(db, store.key, ended, before, tokens)
        over = {run.number for run in (*broken, ended.run)} & {run.number for run in running}
        db.executemany("DELETE FROM audit_run WHERE run = ?", [(number,) for number in over])
    trail_head.keep(store.home, store.key, row.number, row.link)
    return row


def _altered_trail(
    store: Store, ended: Ended, running: Sequence[Run], recent: Sequence[Row]
) -> Iterator[str]:
    """What of the trail itself something else has changed since its last row: seen now or never,
    as the row that is added would hide it.
    """
    if not recent or ended.replaced:
        return
    before = recent[0]
    late = ended.run.at - before.at > _A_MOMENT
    if trail_head.lost_from(
        store.home,
        store.key,
        before.number,
        lambda number: _link_of(store.db, number),
        missed=late and _expects_head(store, recent),
    ):
        yield trail_state.TRAIL
    known = before.tables.get(trail_state.PEOPLE)
    others = [run for run in running if run.number != ended.run.number]
    if known is None or others or not ended.people or trail_state.PEOPLE in ended.touched:
        return  # those who write it themselves have compared it before
    if trail_state.digest(store.db, store.key, trail_state.PEOPLE) != known:
        yield trail_state.PEOPLE


def is_head_expected(store: Store) -> bool:
    """Return whether a run before the last has said in this computer's file how the trail ended.

    The last may have been killed before it could; on a server it may have been another desk's, and
    a desk that comes for the first time has no file.
    """
    return _expects_head(store, [row_of(columns) for columns in plain(store.db, _LAST_TWO)])


def _expects_head(store: Store, recent: Sequence[Row]) -> bool:
    if not isinstance(store.origin, Path):
        return trail_head.path_of(store.home).exists()
    return len(recent) > 1 and all(row.head_kept for row in recent)


def _link_of(db: Db, number: int) -> str | None:
    row = db.execute("SELECT link FROM audit WHERE number = ?", (number,)).fetchone()
    return row[0] if row else None


def _is_over(run: Run, ours: Run) -> bool:
    old = ours.at - run.at > _LONGEST  # its number may be another program's by now
    return run.machine == ours.machine and (old or not processes.runs(run.process))


def _tokens(db: Db, people: Set[str]) -> Iterator[str]:
    """The token of each who is known, made where there is none; none of too many people.

    Whoever is not known, or was forgotten, and was only asked for is written down nowhere.
    """
    if len(people) > MOST_NAMED:
        return
    ids = dict(enumerate(sorted(people)))
    given = {f"p{place}": one for place, one in ids.items()}
    asked = ", ".join(f":{name}" for name in given) or "NULL"
    known, named = together(
        db, *(query.format(people=asked) for query in (_KNOWN, _NAMED)), parameters=given
    )
    tokens = dict(named)
    new = {one: secrets.token_hex(8) for (one,) in known if one not in tokens}
    db.executemany("INSERT INTO audit_person VALUES (?, ?)", new.items())
    yield from (str(token) for _one, token in sorted((tokens | new).items()))


def add(db: Db, key: bytes, ended: Ended, before: Row | None, tokens: tuple[str, ...] = ()) -> Row:
    """Add the row of one run behind that `before`, inside a transaction; `write` does all of it."""
    touched = ended.touched if before else trail_state.TABLES  # the first row: how everything is
    new = trail_state.digests(db, key, (*touched, trail_state.SCHEMA))
    state: dict[str, Any] = {
        "tables": {**(before.tables if before else {}), **new},
        "altered": list(ended.altered),
        "head": 1,
    }
    if ended.run.database_user:
        state["user"] = ended.run.database_user
    if len(ended.people) > MOST_NAMED:
        state["people"] = len(ended.people)
    facts: list[Any] = [
        before.number + 1 if before else 1,
        *ended.run.told[:4],
        json.dumps(tokens),
        json.dumps(ended.exported),
        int(ended.ok),
        json.dumps(state, sort_keys=True),
        key_id(key),
    ]
    facts.append(_link(key, facts, before.link if before else ""))
    places = ", ".join("?" * len(facts))
    later(db, f"INSERT INTO audit ({_COLUMNS}) VALUES ({places})", parameters=facts)  # noqa: S608  (our names)
    return row_of(facts)


def _link(key: bytes, facts: Iterable[Any], before: str) -> str:
    return keyed(key, "row", before, *map(str, facts))


# --- reading -------------------------------------------------------------------------------------


def last(db: Db) -> Row | None:
    """Return the newest row."""
    return next(map(row_of, plain(db, _LAST)), None)


def head(db: Db) -> str:
    """Return what the whole trail is told by: the newest row's number and link; "" without one."""
    row = last(db)
    return row.head if row else ""


def rows(db: Db) -> Iterator[Row]:
    """Yield all rows, the oldest first."""
    return map(row_of, values(db))


def values(db: Db) -> Iterator[tuple[Any, ...]]:
    """Yield all rows as they stand in the table, the oldest first."""
    return iter(plain(db, f"SELECT {_COLUMNS} FROM audit ORDER BY number"))  # noqa: S608  (our names)


def add_as_they_are(
    db: Db, rows_of_table: Iterable[tuple[Any, ...]], people: Mapping[str, str]
) -> None:
    """Put rows of the same trail behind those that are there, with whom their tokens name."""
    places = ", ".join("?" * len(_COLUMNS.split(",")))
    db.executemany(f"INSERT INTO audit ({_COLUMNS}) VALUES ({places})", rows_of_table)  # noqa: S608  (our names)
    db.executemany(
        "INSERT INTO audit_person (token, national_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        people.items(),
    )


def owners(db: Db) -> dict[str, str]:
    """Return the national id of each token whose person was not forgotten."""
    return dict(plain(db, "SELECT token, national_id FROM audit_person ORDER BY token"))


def runs_without_row(db: Db, key: bytes) -> Iterator[Run]:
    """Yield the runs that have changed something and have no row yet."""
    return _vouched(plain(db, _OPEN), key)


def _vouched(runs: Iterable[Any], key: bytes) -> Iterator[Run]:
    """The runs but for those that somebody else put in."""
    for number, at, who, machine, command, process, link in runs:
        try:
            run = Run(datetime.fromisoformat(at), who, machine, command, process, number)
        except (ValueError, TypeError):
            continue
        if link == keyed(key, "run", number, *map(str, run.told)):
            yield run


def open_runs(store: Store) -> tuple[Run, ...]:
    """Return the runs that are under way, or were broken off and have no row yet."""
    return tuple(runs_without_row(store.db, store.key))


def row_of(columns: Iterable[Any]) -> Row:
    """Return the row of these columns; raises sqlite3.DatabaseError for one of another make."""
    number, at, who, machine, command, people, exported, ok, state, key, link = columns
    try:
        facts = json.loads(state)
        return Row(
            number=number,
            at=_instant(at),
            who=_text(who),
            machine=_text(machine),
            command=_text(command),
            people=tuple(map(_text, json.loads(people))),
            exported=tuple(map(_text, json.loads(exported))),
            ok=bool(ok),
            tables={_text(name): _text(value) for name, value in facts["tables"].items()},
            altered=tuple(map(_text, facts["altered"])),
            head_kept="head" in facts,
            database_user=_text(facts.get("user", "")),
            key_id=_text(key),
            link=_text(link),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise sqlite3.DatabaseError(NO_ROW) from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def links(db: Db, key: bytes) -> Iterator[str]:
    """Yield the link that each row ought to have, the oldest first."""
    before = ""
    for *facts, link in values(db):
        yield _link(key, facts, before)
        before = link
