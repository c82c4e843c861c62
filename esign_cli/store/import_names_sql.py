"""The statements by which an import finds people of the same name among those staged and known."""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from esign_cli.store.dialect import both
from esign_cli.store.import_sql import NEW, NEW_NAME

SWAPS_KEEP = 45
"""Two national ids that are one swap of digits apart are the same modulo this: the sum of digits
stays, so they are modulo 9; and the last digit is the sum of the others modulo 10, so a swap leaves
it as it is or changes it by 5."""
_KEPT = f"CAST(national_id AS BIGINT) % {SWAPS_KEEP}"
NAMESAKES = both(
    lambda d: (
        f"""
WITH fresh AS MATERIALIZED (SELECT {NEW_NAME} AS name_key, n.national_id
    FROM next_person n JOIN line s ON s.line = n.line WHERE n.state = {NEW})
SELECT {d.joined.format("national_id")} FROM (
    SELECT * FROM fresh
    UNION ALL SELECT name_key, national_id FROM person
        WHERE name_key IN (SELECT name_key FROM fresh)) AS named
WHERE length(name_key) > 1 GROUP BY name_key, {_KEPT} HAVING count(*) > 1
"""
    )
)
"""The ids of those who have one name, where they may be one swap of digits apart."""
NAMESAKES_AMONG_NEW = both(
    lambda d: (
        f"""
SELECT {d.joined.format("national_id")} FROM line
WHERE (given_key <> '' OR family_key <> '') AND line NOT IN (SELECT line FROM left_out)
GROUP BY family_key || ' ' || given_key, {_KEPT} HAVING count(*) > 1
"""
    )
)
"""The same where all is new; family names, which differ most, are compared first."""
LINE_OF_NEW = """
SELECT line FROM line s WHERE national_id = ? AND conflict = 0 AND known = 0
    AND NOT EXISTS (SELECT 1 FROM person p WHERE p.national_id = s.national_id)
ORDER BY weak, line DESC LIMIT 1
"""
MISREAD = both(
    lambda d: (
        f"""
SELECT n.line, n.digits, {d.joined.format("known.national_id")} FROM misread n JOIN (
    SELECT {NEW_NAME} AS name_key, national_id FROM line s
    UNION SELECT name_key, national_id FROM person) known ON known.name_key = n.name_key
GROUP BY n.line ORDER BY n.line
"""
    )
)
"""Rows whose national id is none, and the ids of those who have the same name."""
IS_ANY_MISREAD = "SELECT EXISTS (SELECT 1 FROM misread)"
