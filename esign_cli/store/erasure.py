"""Forgetting people: nothing is left of them but the numbers, steps and dates of applications.

Also what they stand in beside their own records goes: changes and problems of imports, piles of
cards, reports, reminders.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from datetime import date, datetime
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.renewals.departure import NoticeDays
from esign_cli.store import backups as made_backups
from esign_cli.store import compaction, erasure_list, rows
from esign_cli.store.connection import Connection
from esign_cli.store.database import Store

_THEM = "(SELECT national_id FROM temp.forgotten)"
_THEIR_ROWS = """
DELETE FROM problem WHERE (file_id, sheet, row) IN (
    SELECT file_id, sheet, row FROM person WHERE national_id IN {them}
    UNION SELECT file_id, sheet, row FROM duty WHERE national_id IN {them}
    UNION SELECT file_id, sheet, row FROM certificate WHERE national_id IN {them}
    UNION SELECT value ->> 0, value ->> 1, value ->> 2
      FROM person, json_each(nullif(sources, '')) WHERE national_id IN {them}
    UNION SELECT before ->> '$.file_id', before ->> '$.sheet', before ->> '$.row' FROM change
     WHERE national_id IN {them})
"""
"""Of every row that they were read from, also before it changed."""
_DELETED = (
    "change",
    "seen",
    "watch_card",
    "report_person",
    "audit_person",
    "mark",
    "list_number",
    "certificate",
    "duty",
    "person",
)
_EMPTIED = (
    "UPDATE person SET duplicate_of = '' WHERE duplicate_of IN {them}",
    "UPDATE change SET before = json_set(before, '$.duplicate_of', '')"
    " WHERE what = 'person' AND before ->> '$.duplicate_of' IN {them}",
    "UPDATE change SET after = json_set(after, '$.duplicate_of', '')"
    " WHERE what = 'person' AND after ->> '$.duplicate_of' IN {them}",
    "UPDATE application_event SET note = '', facts = iif(facts ->> '$.undoes' IS NULL, '{{}}',"
    " json_object('undoes', facts ->> '$.undoes'))"
    " WHERE application IN (SELECT number FROM application WHERE national_id IN {them})",
    "UPDATE application SET national_id = '' WHERE national_id IN {them}",
    "UPDATE reminder SET national_id = '', address = '', message_id = '', problem = ''"
    " WHERE national_id IN {them}",
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

    All of them or none. Raises as `Store.writing` and `compaction.pack` do.
    """
    with store.writing() as db:
        delete(db, store.key, tuple(national_ids), at)
    erasure_list.write_beside(store)
    compaction.pack(store)


def delete(db: sqlite3.Connection, key: bytes, national_ids: Collection[str], at: datetime) -> None:
    """Delete what is kept of these people, inside `Store.writing`.

    A keyed hash of each id is kept, so that no backup brings them back; after the commit
    `erasure_list.write_beside` keeps it beside the database, too.
    """
    erasure_list.note(db, key, national_ids, at)
    db.execute("CREATE TEMP TABLE IF NOT EXISTS forgotten (national_id TEXT PRIMARY KEY)")
    db.execute("DELETE FROM temp.forgotten")
    db.executemany(
        "INSERT OR IGNORE INTO temp.forgotten VALUES (?)", ((one,) for one in national_ids)
    )
    _take_tokens(db, national_ids)
    for statement in _statements():
        db.execute(statement.format(them=_THEM))
    db.execute("DELETE FROM temp.forgotten")


def _take_tokens(db: sqlite3.Connection, national_ids: Iterable[str]) -> None:
    """Let the audit trail name those who are forgotten by the tokens that they had."""
    if isinstance(db, Connection):
        db.people.difference_update(national_ids)
        tokens = db.execute(f"SELECT token FROM audit_person WHERE national_id IN {_THEM}")  # noqa: S608  (ours)
        db.tokens.update(str(token) for (token,) in tokens)


def everybody(store: Store) -> list[str]:
    """Return the national id of everyone of whom anything is kept that can be forgotten."""
    tables = (*_DELETED, "application", "reminder")
    each = " UNION ".join(f"SELECT national_id FROM {table}" for table in tables)  # noqa: S608  (names of ours)
    return [one for (one,) in store.db.execute(each) if one]


def _statements() -> Iterable[str]:
    yield _THEIR_ROWS
    yield from _EMPTIED
    for table in _DELETED:
        yield f"DELETE FROM {table} WHERE national_id IN {{them}}"  # noqa: S608  (names of ours)


_FILES = """
SELECT DISTINCT facts ->> '$.folder' AS folder, facts ->> '$.file' AS file FROM application_event
 WHERE file <> '' AND folder <> ''
   AND application IN (SELECT number FROM application WHERE national_id = ?)
 ORDER BY folder, file
"""


def files_of(store: Store, national_id: str) -> tuple[Path, ...]:
    """Return the forms that were signed or printed for somebody and lie where they were put.

    Asked before forgetting, which takes their names.
    """
    with store.reading() as db:
        named = [Path(folder, name) for folder, name in db.execute(_FILES, (national_id,))]
    return tuple(filter(files.is_file, named))


def notice_days(db: sqlite3.Connection, national_id: str) -> NoticeDays:
    """Return when it became known how the person's duty stands."""
    (recorded,) = db.execute(_RECORDED, (national_id,)).fetchone()
    (marked,) = db.execute(_MARKED, (national_id,)).fetchone()
    return NoticeDays(rows.day(recorded), _day(marked))


def backups(store: Store) -> tuple[Path, ...]:
    """Return the copies of the database that are there: backups, and those from before migrations.

    They are left as they are.
    """
    beside = store.path.parent.glob(f"{store.path.name}.*.bak")
    paths = (one.path for one in made_backups.known(store) if files.is_file(one.path))
    return tuple(sorted({*beside, *paths}))


def _day(instant: str | None) -> date | None:
    return datetime.fromisoformat(instant).astimezone(ISTANBUL).date() if instant else None
