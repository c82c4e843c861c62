"""The tables, migration by migration; a migration that has been released is never edited."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

_FIRST_HOUSE = """
CREATE TABLE import (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,                    -- RFC 3339, UTC
    as_of TEXT NOT NULL,                 -- the day these facts were first brought in, Istanbul
    kind TEXT NOT NULL,                  -- roster | assignments | certificates
    full INTEGER NOT NULL,
    province TEXT NOT NULL DEFAULT '',   -- scope, plate code
    district TEXT NOT NULL DEFAULT '',
    rows_read INTEGER NOT NULL, new INTEGER NOT NULL, changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL, rejected INTEGER NOT NULL, ignored INTEGER NOT NULL,
    missing INTEGER NOT NULL
);
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL REFERENCES import(id),
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    how TEXT NOT NULL DEFAULT ''         -- the options it was read with, as text
);
CREATE INDEX file_sha256 ON file(sha256);
CREATE TABLE import_place (              -- the provinces whose records an import named
    import_id INTEGER NOT NULL REFERENCES import(id),
    province TEXT NOT NULL,
    PRIMARY KEY (import_id, province)
) WITHOUT ROWID;
CREATE TABLE change (                    -- what an import found otherwise, to show and to undo it
    import_id INTEGER NOT NULL REFERENCES import(id),
    what TEXT NOT NULL,                  -- person | duty | certificate
    national_id TEXT NOT NULL,
    before TEXT NOT NULL,                -- the whole record, JSON
    after TEXT
);
CREATE INDEX change_import ON change(import_id);
CREATE TABLE problem (                   -- cells and rows that an import pointed out
    file_id INTEGER NOT NULL REFERENCES file(id),
    sheet TEXT NOT NULL, row INTEGER NOT NULL, "column" TEXT NOT NULL, field TEXT NOT NULL,
    code TEXT NOT NULL, value TEXT NOT NULL, rejected INTEGER NOT NULL
);
CREATE INDEX problem_file ON problem(file_id);
CREATE TABLE seen (                      -- rows that would change nothing if they came again
    national_id TEXT NOT NULL,
    digest INTEGER NOT NULL,
    places TEXT NOT NULL,                -- the plate codes the row named
    PRIMARY KEY (national_id, digest)
) WITHOUT ROWID;
CREATE TABLE person (
    national_id TEXT PRIMARY KEY,
    given_name TEXT NOT NULL, family_name TEXT NOT NULL,
    name_key TEXT NOT NULL,              -- given and family name, folded: for comparing, not shown
    birth_place TEXT NOT NULL, birth_date TEXT,
    email TEXT NOT NULL, mobile_phone TEXT NOT NULL, registry_no TEXT NOT NULL,
    file_id INTEGER REFERENCES file(id), sheet TEXT, row INTEGER,
    missing_since TEXT,
    identity_conflict INTEGER NOT NULL DEFAULT 0,
    duplicate_of TEXT NOT NULL DEFAULT '',
    born INTEGER                         -- the file that brought the record in
) WITHOUT ROWID;
CREATE INDEX person_name ON person(name_key);
CREATE TABLE duty (
    national_id TEXT NOT NULL,
    duty_class TEXT NOT NULL,            -- permanent | assignment
    institution_code TEXT NOT NULL,
    start TEXT NOT NULL,                 -- ISO date, '' when the file gives none
    institution TEXT NOT NULL,
    province TEXT NOT NULL,              -- plate code
    district TEXT NOT NULL,
    district_key TEXT NOT NULL,          -- folded
    title TEXT NOT NULL, branch TEXT NOT NULL, unit TEXT NOT NULL,
    kind TEXT NOT NULL, status TEXT NOT NULL,
    "end" TEXT, end_column INTEGER NOT NULL, province_assumed INTEGER NOT NULL,
    file_id INTEGER REFERENCES file(id), sheet TEXT, row INTEGER,
    closed_by INTEGER REFERENCES import(id),  -- the full snapshot that lacked it; NULL: current
    born INTEGER,                        -- the file that brought the record in
    PRIMARY KEY (national_id, duty_class, institution_code, start)
) WITHOUT ROWID;
CREATE INDEX duty_place ON duty(      -- by person within a province: merged in that order
    province, national_id, district_key, closed_by
) WHERE closed_by IS NULL;
CREATE INDEX duty_closed ON duty(province, district_key) WHERE closed_by IS NOT NULL;
CREATE TABLE certificate (
    id INTEGER PRIMARY KEY,
    national_id TEXT NOT NULL,
    origin TEXT NOT NULL,                -- card | file | list
    sha256 TEXT NOT NULL DEFAULT '',     -- of the DER; '' for a list
    serial TEXT NOT NULL DEFAULT '',
    holder TEXT NOT NULL DEFAULT '', issuer TEXT NOT NULL DEFAULT '',
    not_before TEXT, not_after TEXT NOT NULL,  -- ISO dates in Europe/Istanbul
    qualified INTEGER,                   -- NULL: not known
    revocation TEXT NOT NULL DEFAULT '', -- '' | revoked | suspended
    der BLOB,
    file_id INTEGER REFERENCES file(id), sheet TEXT, row INTEGER,
    seen_at TEXT NOT NULL,               -- RFC 3339, UTC
    born INTEGER                         -- the file that brought the record in
);
CREATE UNIQUE INDEX certificate_der ON certificate(sha256) WHERE sha256 <> '';
CREATE UNIQUE INDEX certificate_listed ON certificate(national_id, not_after)
    WHERE origin = 'list';
CREATE INDEX certificate_person ON certificate(national_id);
CREATE TABLE mark (
    id INTEGER PRIMARY KEY,
    national_id TEXT NOT NULL,
    word TEXT NOT NULL,                  -- on-duty | left
    reason TEXT NOT NULL,
    until TEXT,
    at TEXT NOT NULL, os_user TEXT NOT NULL,
    ended_at TEXT
);
CREATE INDEX mark_person ON mark(national_id) WHERE ended_at IS NULL;
CREATE TABLE application (
    number INTEGER PRIMARY KEY,
    national_id TEXT NOT NULL,
    reason TEXT NOT NULL,                -- renewal | lost | other | first
    opened TEXT NOT NULL
);
CREATE INDEX application_person ON application(national_id);
CREATE TABLE application_event (         -- append-only: the last event is the state
    id INTEGER PRIMARY KEY,
    application INTEGER NOT NULL REFERENCES application(number),
    state TEXT NOT NULL,
    date TEXT NOT NULL,                  -- the day of the step itself
    at TEXT NOT NULL,                    -- when it was entered, RFC 3339, UTC
    os_user TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    facts TEXT NOT NULL DEFAULT '{}'     -- JSON: the signed file's name and hash, never its content
);
CREATE INDEX application_event_of ON application_event(application, id);
CREATE TABLE wrong_pin (                 -- wrong PINs since the last right one, by token serial
    token_serial TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    last_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE watch (                     -- a pile of cards that was read one after the other
    number INTEGER PRIMARY KEY,
    began TEXT NOT NULL                  -- RFC 3339, UTC
);
CREATE TABLE watch_card (
    watch INTEGER NOT NULL REFERENCES watch(number),
    token_serial TEXT NOT NULL,
    national_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,                -- of the certificate
    at TEXT NOT NULL,                    -- when it was first read in this watch, RFC 3339, UTC
    PRIMARY KEY (watch, token_serial, sha256)
) WITHOUT ROWID;
"""

_REMINDERS = """
CREATE TABLE reminder (                  -- one a certificate, threshold and channel
    id INTEGER PRIMARY KEY,
    national_id TEXT NOT NULL,           -- '' of somebody who was forgotten
    not_after TEXT NOT NULL,             -- of the certificate, as it was known then
    threshold TEXT NOT NULL,             -- 3m | 6w | 1m | 10d | …
    channel TEXT NOT NULL,               -- email | sms
    state TEXT NOT NULL,                 -- claimed | sent | failed | superseded
    text TEXT NOT NULL DEFAULT '',       -- renew | update
    address TEXT NOT NULL DEFAULT '',
    message_id TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    at TEXT NOT NULL,                    -- when it came into this state, RFC 3339, UTC
    problem TEXT NOT NULL DEFAULT ''     -- JSON: why the last attempt failed
);
CREATE UNIQUE INDEX reminder_once ON reminder(national_id, not_after, threshold, channel)
    WHERE national_id <> '';
CREATE TABLE own_key (                   -- random, made once: for names that tell nobody anything
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;
"""
_REPORTS = """
CREATE TABLE report (                    -- the last report of each place
    scope TEXT PRIMARY KEY,              -- plate code or "all", "/", folded district
    "on" TEXT NOT NULL,                  -- the day it is of
    at TEXT NOT NULL,                    -- when it was made, RFC 3339, UTC
    counts TEXT NOT NULL                 -- JSON: how many of each verdict
) WITHOUT ROWID;
CREATE TABLE report_person (             -- who stood in a list of it
    scope TEXT NOT NULL REFERENCES report(scope),
    national_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    lists TEXT NOT NULL,                 -- their names, a space between
    PRIMARY KEY (scope, national_id)
) WITHOUT ROWID;
CREATE INDEX report_person_id ON report_person(national_id);
"""
_FIELD_SOURCES = """
ALTER TABLE person ADD COLUMN sources TEXT NOT NULL DEFAULT '';  -- JSON: fields read elsewhere
"""
_TRIES_ELSEWHERE = """
DROP TABLE wrong_pin;                    -- by serial number, of which many cards have the same
"""
_CUSTODY = """
CREATE TABLE erasure (                   -- whom a restored backup must not bring back
    digest TEXT NOT NULL,                -- of the national id, keyed
    at TEXT NOT NULL,                    -- when they were forgotten, RFC 3339, UTC
    key_id TEXT NOT NULL,                -- which key that was
    PRIMARY KEY (digest, at)
) WITHOUT ROWID;
CREATE TABLE backup (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,                    -- RFC 3339, UTC
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,                -- of the file
    sealed INTEGER NOT NULL
);
CREATE TABLE audit (                     -- one row a command, only ever added to
    number INTEGER PRIMARY KEY,          -- 1, 2, 3 …
    at TEXT NOT NULL,                    -- when the command began, RFC 3339, UTC
    who TEXT NOT NULL, machine TEXT NOT NULL, command TEXT NOT NULL,
    people TEXT NOT NULL,                -- JSON: tokens of those it was about by name
    exported TEXT NOT NULL,              -- what left it in whole: JSON, a list of kinds
    ok INTEGER NOT NULL,
    state TEXT NOT NULL,                 -- JSON: keyed digest of each table it may have changed
    key_id TEXT NOT NULL,
    link TEXT NOT NULL                   -- HMAC-SHA256 over the row and the link before it
);
CREATE TABLE audit_run (                 -- runs that have changed something and not yet ended
    run TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL, machine TEXT NOT NULL, command TEXT NOT NULL,
    process INTEGER NOT NULL,
    link TEXT NOT NULL                   -- HMAC-SHA256 over the row
) WITHOUT ROWID;
CREATE TABLE audit_person (              -- who a token is; forgetting somebody deletes the row
    national_id TEXT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE
) WITHOUT ROWID;
"""
_THE_DAY = """
ALTER TABLE certificate              -- the day that the administrator gave, ISO
    ADD COLUMN revoked_on TEXT;
ALTER TABLE duty                     -- no row named the district
    ADD COLUMN district_assumed INTEGER NOT NULL DEFAULT 0;
CREATE TABLE list_number (               -- under which a list showed somebody
    os_user TEXT NOT NULL,
    number INTEGER NOT NULL,
    national_id TEXT NOT NULL,
    at TEXT NOT NULL,                    -- the last list that showed it, RFC 3339, UTC
    PRIMARY KEY (os_user, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX list_number_person ON list_number(os_user, national_id);
"""
_LISTS = """
-- an application's number may be one more of its owner
DROP INDEX list_number_person;
CREATE INDEX list_number_person ON list_number(national_id);
CREATE TABLE overview (                  -- what the start page counts, kept ready
    scope TEXT PRIMARY KEY,              -- plate code or "all", "/", folded district
    version TEXT NOT NULL,               -- of the data and the rules that were counted
    "on" TEXT NOT NULL,                  -- for which day
    at TEXT NOT NULL,                    -- when, RFC 3339, UTC
    counts TEXT NOT NULL                 -- JSON: name to number
) WITHOUT ROWID;
"""
_COLUMNS = """
CREATE TABLE import_column (             -- what somebody said of a doubtful column of a header
    number INTEGER PRIMARY KEY,
    header TEXT NOT NULL,                -- the headers of the table, folded, "|" between them
    key TEXT NOT NULL,                   -- of the column, folded
    what TEXT NOT NULL,                  -- field | dates
    column_name TEXT NOT NULL,           -- its header as it stood in the file
    said TEXT NOT NULL,                  -- a field, "-": passed over; of dates dmy | mdy | ymd
    file TEXT NOT NULL,                  -- the name of the file it was said of
    at TEXT NOT NULL,                    -- RFC 3339, UTC
    UNIQUE (header, key, what)
);
"""
_WHOSE_PROBLEM = """
ALTER TABLE problem                  -- whose row it is, so that forgetting takes it along
    ADD COLUMN national_id TEXT NOT NULL DEFAULT '';
CREATE INDEX problem_person ON problem(national_id) WHERE national_id <> '';
"""
_WHO_AND_WHERE = """
ALTER TABLE mark                     -- the computer it was done from
    ADD COLUMN machine TEXT NOT NULL DEFAULT '';
ALTER TABLE mark                     -- the user of a server's database
    ADD COLUMN database_user TEXT NOT NULL DEFAULT '';
ALTER TABLE application_event ADD COLUMN machine TEXT NOT NULL DEFAULT '';
ALTER TABLE application_event ADD COLUMN database_user TEXT NOT NULL DEFAULT '';
"""
_MIGRATIONS = {
    "0001-first-house": _FIRST_HOUSE,
    "0002-reminders": _REMINDERS,
    "0003-reports": _REPORTS,
    "0004-field-sources": _FIELD_SOURCES,
    "0005-tries-elsewhere": _TRIES_ELSEWHERE,
    "0006-custody": _CUSTODY,
    "0007-the-day": _THE_DAY,
    "0008-lists": _LISTS,
    "0009-import-columns": _COLUMNS,
    "0010-whose-problem": _WHOSE_PROBLEM,
    "0011-who-and-where": _WHO_AND_WHERE,
}
"""The statements of every migration, oldest first."""
NAMES = tuple(_MIGRATIONS)
"""Every migration this version knows, oldest first."""


SHA256 = "ca4b6a3ef72bc9ccc30d31875473fded31db5a2a337dc323d003d9f7a59b604b"
"""Of the schema as `inspection` reads it, where SQLite writes it down as the one of the tests."""


def unknown(applied: Collection[str]) -> tuple[str, ...]:
    """Return those that a later version has applied."""
    return tuple(name for name in applied if name not in NAMES)


def pending(applied: Collection[str]) -> tuple[str, ...]:
    """Return those that are still to be applied."""
    return tuple(name for name in NAMES if name not in applied)


def make(db: sqlite3.Connection, names: Collection[str] = NAMES) -> None:
    """Make the tables and indexes of this version in an empty database, or of these migrations."""
    for name, statements in _MIGRATIONS.items():
        for statement in _parted(statements) if name in names else ():
            db.execute(statement)


def migrations() -> Migrations:
    """Return the migrations in order, for sqlite-utils to apply inside our own transaction."""
    from sqlite_utils import Migrations

    ordered = Migrations("esign")
    for name, statements in _MIGRATIONS.items():
        ordered(name=name)(_migration(statements))
    return ordered


def _migration(statements: str) -> Callable[[Database], None]:
    def run(db: Database) -> None:
        for statement in _parted(statements):
            db.conn.execute(statement)

    return run


def _parted(statements: str) -> list[str]:
    return [one for one in statements.split(";\n") if one.strip()]
