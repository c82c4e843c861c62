"""The statements by which an import keeps what will be asked of it later."""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from esign_cli.store.dialect import Dialect
from esign_cli.store.import_sql import CHANGED, DUTY_KEY

_KEY = ", ".join(DUTY_KEY)

# --- rows that need not be staged again ----------------------------------------------------------

KNOWN_ROWS = "SELECT digest, places FROM seen"
KNOWN_ROWS_OF_SOLE_RECORDS = f"""
{KNOWN_ROWS} WHERE national_id IN (
    SELECT national_id FROM duty GROUP BY national_id
    HAVING count(*) = 1 AND max(closed_by) IS NULL)
"""
"""For a full snapshot: there is no doubt which record such a row names."""
SEEN_OF_STAGED = """
SELECT digest FROM seen
WHERE national_id IN (SELECT national_id FROM line WHERE known = 0)
"""
FORGET_SEEN = f"""
DELETE FROM seen WHERE national_id IN (
    SELECT national_id FROM next_person WHERE state = {CHANGED}
    UNION SELECT d.national_id FROM next_duty x JOIN line_duty d ON d.rowid = x.id
        WHERE x.state = {CHANGED}
    UNION SELECT national_id FROM line WHERE conflict <> 0
    UNION SELECT national_id FROM gone)
"""
"""Of people of whom something changed: the same row might change it back."""
REMEMBER_SEEN = """
INSERT INTO seen SELECT national_id, digest, places FROM line
WHERE known = 0 AND digest IS NOT NULL AND conflict = 0
    AND national_id NOT IN (SELECT national_id FROM several)
ORDER BY national_id ON CONFLICT DO NOTHING
"""
"""Only of people with a single row: of several, which one holds depends on all."""
PLACES = """
INSERT INTO import_place SELECT DISTINCT ?, province FROM line_duty
WHERE true ON CONFLICT DO NOTHING
"""

# --- what is kept of what was --------------------------------------------------------------------

TOUCHED = f"""
CREATE TEMP TABLE touched AS
    SELECT national_id FROM next_person WHERE state = {CHANGED}
    UNION SELECT national_id FROM line WHERE conflict <> 0
    UNION SELECT national_id FROM missing
    UNION SELECT national_id FROM person WHERE missing_since IS NOT NULL
"""
_ROW_KEY = ", ".join(f"r.{part}" for part in DUTY_KEY)
TO_BE_CHANGED = {
    "person": "r.national_id IN (SELECT national_id FROM touched) ORDER BY r.national_id",
    "duty": f"""({_ROW_KEY}) IN (
        SELECT {", ".join("d." + part for part in DUTY_KEY)} FROM next_duty x
        JOIN line_duty d ON d.rowid = x.id WHERE x.state = {CHANGED}
        UNION SELECT {_KEY} FROM gone)
        ORDER BY {_ROW_KEY}""",
    "certificate": """r.origin = 'list' AND (r.national_id, r.not_after) IN (
        SELECT national_id, not_after FROM next_certificate)
        ORDER BY r.id""",
}
"""Conditions on a record `r` of each table, and the order in which they are kept."""


def same_record(d: Dialect) -> dict[str, str]:
    """Return, by table, whether a record `r` is the one that `change` is of."""
    same = [f"r.{part} = {d.at('change.before', part)}" for part in DUTY_KEY[1:]]
    return {
        "person": "r.national_id = change.national_id",
        "duty": " AND ".join(["r.national_id = change.national_id", *same]),
        "certificate": f"r.id = CAST({d.at('change.before', 'id')} AS {d.whole})",
    }


_BORN_NOW = "born IN (SELECT id FROM file WHERE import_id = :number)"
_OF_NEW_PERSON = f"national_id IN (SELECT national_id FROM person WHERE {_BORN_NOW})"
BORN = {
    "person": f"SELECT national_id, '' FROM person WHERE {_BORN_NOW} ORDER BY 1",
    "duty": f"""SELECT national_id, coalesce(nullif(institution, ''), institution_code)
        FROM duty WHERE {_BORN_NOW} AND NOT {_OF_NEW_PERSON}
        ORDER BY {_KEY}""",
    "certificate": f"""SELECT national_id, not_after FROM certificate
        WHERE {_BORN_NOW} AND NOT {_OF_NEW_PERSON} ORDER BY id""",
}
"""National id and label of the records that import `number` brought in."""
