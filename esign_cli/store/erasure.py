"""Forgetting people: nothing is left of them but the numbers, steps and dates of applications.

Also what they stand in beside their own records goes: changes and problems of imports, names of
workbooks, piles of cards, reports, reminders.
"""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

import contextlib
import glob
from collections.abc import Collection, Iterable
from datetime import date, datetime
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors.environment import DiskFull
from esign_cli.foundation.errors.store import DatabaseBusy, ErasureHeldBack, ErasureUnpacked
from esign_cli.renewals.departure import NoticeDays
from esign_cli.store import backups as made_backups
from esign_cli.store import erasure_list, erasure_names, rows
from esign_cli.store.connection import Db, Watched
from esign_cli.store.database import ERASURE_PENDING, Store
from esign_cli.store.dialect import SQLITE, Dialect, Statement, both, either, of

_TRIES = (
    "DELETE FROM pin_try WHERE certificate IN"
    " (SELECT sha256 FROM certificate WHERE national_id IN (SELECT national_id FROM forgotten))"
)
"""Which a server keeps for its desks; what a desk keeps for itself lies outside the database."""
_TABLE = both(
    lambda d: f"CREATE TEMP TABLE IF NOT EXISTS forgotten (national_id {d.text} PRIMARY KEY)"
)
_THEM = "(SELECT national_id FROM forgotten)"


def _their_rows(d: Dialect) -> str:
    before = [
        f"CAST({d.at('before', 'file_id')} AS BIGINT)",
        d.at("before", "sheet"),
        f"CAST({d.at('before', 'row')} AS BIGINT)",
    ]
    return f"""
DELETE FROM problem WHERE (file_id, sheet, row) IN (
    SELECT file_id, sheet, row FROM person WHERE national_id IN {_THEM}
    UNION SELECT file_id, sheet, row FROM duty WHERE national_id IN {_THEM}
    UNION SELECT file_id, sheet, row FROM certificate WHERE national_id IN {_THEM}
    UNION SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, CAST(value ->> 2 AS BIGINT)
      FROM person, {d.json_pairs.format("nullif(sources, '')")} WHERE national_id IN {_THEM}
    UNION SELECT {", ".join(before)} FROM change WHERE national_id IN {_THEM})
"""


def _unlinked(column: str) -> Statement:
    """The statement that takes them out of a column of `change` as somebody's duplicate."""
    return both(
        lambda d: (
            f"UPDATE change SET {column} = {d.json_emptied.format(column, 'duplicate_of')}"
            f" WHERE what = 'person' AND {d.at(column, 'duplicate_of')} IN {_THEM}"
        )
    )


def _only_undoes(d: Dialect) -> str:
    undoes = d.json_value.format("facts", "undoes")
    kept = d.json_text.format(d.json_object.format(f"'undoes', {undoes}"))
    facts = either(f"{undoes} IS NULL", "'{}'", kept)
    return (
        f"UPDATE application_event SET note = '', facts = {facts} WHERE application IN"
        f" (SELECT number FROM application WHERE national_id IN {_THEM})"
    )


_THEIR_ROWS = both(_their_rows)
"""Of every row that they were read from, also before it changed."""
_DELETED = (
    "change",
    "seen",
    "problem",
    "watch_card",
    "report_person",
    "audit_person",
    "mark",
    "certificate",
    "duty",
    "person",
)
_EMPTIED = (
    # of rows whose id could not be read nobody can tell whose they are
    "UPDATE problem SET value = ''"
    " WHERE national_id = '' AND rejected <> 0 AND field <> 'national_id'",
    f"UPDATE person SET duplicate_of = '' WHERE duplicate_of IN {_THEM}",
    _unlinked("before"),
    _unlinked("after"),
    both(_only_undoes),
    # the number stays taken for its day: given anew at once, it would mean somebody else
    f"UPDATE list_number SET national_id = '' WHERE national_id IN {_THEM}",
    f"UPDATE application SET national_id = '' WHERE national_id IN {_THEM}",
    "UPDATE reminder SET national_id = '', address = '', message_id = '', problem = ''"
    f" WHERE national_id IN {_THEM}",
)
_RECORDED = """
SELECT max(as_of) FROM duty JOIN file ON file.id = file_id JOIN import ON import.id = import_id
 WHERE national_id = ? AND closed_by IS NULL
"""
_MARKED = """
SELECT max(at) FROM mark WHERE national_id = ? AND ended_at IS NULL AND word IN ('on-duty', 'left')
"""


def forget(store: Store, national_ids: Iterable[str], at: datetime) -> None:
    """Delete what is kept of these people, and what SQLite would leave of it in the file.

    All of them or none. Raises as `Store.writing` and `pack` do.
    """
    with store.writing() as db:
        delete(db, store.key, tuple(national_ids), at)
    pack(store)


def pack(store: Store) -> None:
    """Keep beside the database whom it forgot, and leave nothing of them in its free pages.

    What is not done is done at the next opening. Raises ErasureHeldBack, ErasureUnpacked.
    """
    try:
        erasure_list.write_beside(store)
        store.pack()
    except DatabaseBusy as error:
        raise ErasureHeldBack(path=str(store.path)) from error
    except DiskFull as error:
        raise ErasureUnpacked(path=str(store.path)) from error


def finish(store: Store) -> None:
    """Do the same for a run that could not, if it can be done now."""
    with contextlib.suppress(ErasureHeldBack, ErasureUnpacked):
        pack(store)


def delete(db: Db, key: bytes, national_ids: Collection[str], at: datetime) -> None:
    """Delete what is kept of these people, inside `Store.writing`.

    A keyed hash of each id is kept, so that no backup brings them back. After the commit `pack`
    does the rest; should the run be cut off before, the next opening does.
    """
    if of(db) is SQLITE:  # a server packs by itself
        db.execute(f"PRAGMA user_version = {ERASURE_PENDING}")
    erasure_list.note(db, key, national_ids, at)
    db.execute(_TABLE)
    db.execute("DELETE FROM forgotten")
    db.executemany(
        "INSERT INTO forgotten VALUES (?) ON CONFLICT DO NOTHING", ((one,) for one in national_ids)
    )
    _take_tokens(db, national_ids)
    erasure_names.take_out(db)
    if of(db) is not SQLITE:
        db.execute(_TRIES)
    for statement in _statements():
        db.execute(statement)
    db.execute("DELETE FROM forgotten")


def _take_tokens(db: Db, national_ids: Iterable[str]) -> None:
    """Let the audit trail name those who are forgotten by the tokens that they had."""
    if isinstance(db, Watched):
        db.people.difference_update(national_ids)
        tokens = db.execute(f"SELECT token FROM audit_person WHERE national_id IN {_THEM}")
        db.tokens.update(str(token) for (token,) in tokens)


def everybody(store: Store) -> list[str]:
    """Return the national id of everyone of whom anything is kept that can be forgotten."""
    tables = (*_DELETED, "application", "reminder")
    each = " UNION ".join(f"SELECT national_id FROM {table}" for table in tables)
    return [one for (one,) in store.db.execute(f"{each} ORDER BY 1") if one]


def _statements() -> Iterable[str]:
    yield _THEIR_ROWS
    yield from _EMPTIED
    for table in _DELETED:
        yield f"DELETE FROM {table} WHERE national_id IN {_THEM}"


def _files(d: Dialect) -> str:
    return f"""
SELECT DISTINCT folder, file FROM (
    SELECT {d.at("facts", "folder")} AS folder, {d.at("facts", "file")} AS file
      FROM application_event
     WHERE application IN (SELECT number FROM application WHERE national_id = ?)) AS named
 WHERE file <> '' AND folder <> ''
"""


_FILES = both(_files)


def files_of(store: Store, national_id: str) -> tuple[Path, ...]:
    """Return the forms that were signed or printed for somebody and lie where they were put.

    Asked before forgetting, which takes their names.
    """
    with store.reading() as db:
        found = sorted(map(tuple, db.execute(_FILES, (national_id,))))
    named = [Path(folder, name) for folder, name in found]
    return tuple(filter(files.is_file, named))


def certificates_of(store: Store, national_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the SHA-256 of their certificates; asked before forgetting."""
    query = "SELECT sha256 FROM certificate WHERE national_id = ? AND sha256 <> ''"
    with store.reading() as db:
        return tuple(sha256 for one in national_ids for (sha256,) in db.execute(query, (one,)))


def notice_days(db: Db, national_id: str) -> NoticeDays:
    """Return when it became known how the person's duty stands."""
    (recorded,) = db.execute(_RECORDED, (national_id,)).fetchone()
    (marked,) = db.execute(_MARKED, (national_id,)).fetchone()
    return NoticeDays(rows.day(recorded), _day(marked))


def backups(store: Store) -> tuple[Path, ...]:
    """Return the copies of the database that are there: backups, and those from before migrations.

    They are left as they are.
    """
    beside = files.matching(store.path.parent, f"{glob.escape(store.path.name)}.*.bak")
    paths = (one.path for one in made_backups.known(store) if files.is_file(one.path))
    return tuple(sorted({*beside, *paths}))


def _day(instant: str | None) -> date | None:
    return datetime.fromisoformat(instant).astimezone(ISTANBUL).date() if instant else None
