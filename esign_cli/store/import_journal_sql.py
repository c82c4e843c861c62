"""The statements by which an import keeps what will be asked of it later."""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from esign_cli.store.import_sql import CHANGED, DUTY_KEY

_KEY = ", ".join(DUTY_KEY)

# --- rows that need not be staged again ----------------------------------------------------------

KNOWN_ROWS = "SELECT digest, places FROM main.seen"
KNOWN_ROWS_OF_SOLE_RECORDS = f"""
{KNOWN_ROWS} WHERE national_id IN (
    SELECT national_id FROM main.duty GROUP BY national_id
    HAVING count(*) = 1 AND max(closed_by) IS NULL)
"""
"""For a full snapshot: there is no doubt which record such a row names."""
SEEN_OF_STAGED = """
SELECT digest FROM main.seen
WHERE national_id IN (SELECT national_id FROM temp.line WHERE NOT known)
"""
FORGET_SEEN = f"""
DELETE FROM main.seen WHERE national_id IN (
    SELECT national_id FROM temp.next_person WHERE state = {CHANGED}
    UNION SELECT d.national_id FROM temp.next_duty x JOIN temp.line_duty d ON d.rowid = x.id
        WHERE x.state = {CHANGED}
    UNION SELECT national_id FROM temp.line WHERE conflict
    UNION SELECT national_id FROM temp.gone)
"""
"""Of people of whom something changed: the same row might change it back."""
REMEMBER_SEEN = """
INSERT OR IGNORE INTO main.seen SELECT national_id, digest, places FROM temp.line
WHERE NOT known AND digest IS NOT NULL AND NOT conflict
    AND national_id NOT IN (SELECT national_id FROM temp.several)
ORDER BY national_id
"""
"""Only of people with a single row: of several, which one holds depends on all."""
PLACES = """
INSERT OR IGNORE INTO main.import_place SELECT DISTINCT ?, province FROM temp.line_duty
"""

# --- what is kept of what was --------------------------------------------------------------------

TOUCHED = f"""
CREATE TEMP TABLE touched AS
    SELECT national_id FROM temp.next_person WHERE state = {CHANGED}
    UNION SELECT national_id FROM temp.line WHERE conflict
    UNION SELECT national_id FROM temp.missing
    UNION SELECT national_id FROM main.person WHERE missing_since IS NOT NULL
"""
_ROW_KEY = ", ".join(f"r.{part}" for part in DUTY_KEY)
TO_BE_CHANGED = {
    "person": "r.national_id IN (SELECT national_id FROM temp.touched)",
    "duty": f"""({_ROW_KEY}) IN (
        SELECT {", ".join("d." + part for part in DUTY_KEY)} FROM temp.next_duty x
        JOIN temp.line_duty d ON d.rowid = x.id WHERE x.state = {CHANGED}
        UNION SELECT {_KEY} FROM temp.gone)""",
    "certificate": """r.origin = 'list' AND (r.national_id, r.not_after) IN (
        SELECT national_id, not_after FROM temp.next_certificate)""",
}
"""Conditions on a record `r` of each table."""
SAME_RECORD = {
    "person": "r.national_id = change.national_id",
    "duty": "r.national_id = change.national_id AND "
    + " AND ".join(f"r.{part} = change.before ->> '$.{part}'" for part in DUTY_KEY[1:]),
    "certificate": "r.id = change.before ->> '$.id'",
}
_BORN_NOW = "born IN (SELECT id FROM main.file WHERE import_id = :number)"
_OF_NEW_PERSON = f"national_id IN (SELECT national_id FROM main.person WHERE {_BORN_NOW})"
BORN = {
    "person": f"SELECT national_id, '' FROM main.person WHERE {_BORN_NOW}",
    "duty": f"""SELECT national_id, coalesce(nullif(institution, ''), institution_code)
        FROM main.duty WHERE {_BORN_NOW} AND NOT {_OF_NEW_PERSON}""",
    "certificate": f"""SELECT national_id, not_after FROM main.certificate
        WHERE {_BORN_NOW} AND NOT {_OF_NEW_PERSON}""",
}
"""National id and label of the records that import `number` brought in."""
