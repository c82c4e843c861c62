"""The statements by which staged rows are merged into the tables that are kept."""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from collections.abc import Iterable

from esign_cli.store import import_journal_sql as journal
from esign_cli.store import import_missing_sql as missing
from esign_cli.store import import_sources_sql as sources
from esign_cli.store.dialect import SQLITE, Dialect, both, either
from esign_cli.store.import_sql import (
    CHANGED,
    DUTY_KEY,
    DUTY_TEXTS,
    NEW,
    NEW_NAME,
    PERSON_FIELDS,
    SAME,
    duty_merged,
    person_merged,
)

_KEY = ", ".join(DUTY_KEY)
_SOURCE = "JOIN sheet_base b ON b.number = n.sheet"
_PLACE = "b.file_id, b.sheet, n.line - b.first + 1"
_PLACE_COLUMNS = ("file_id", "sheet", "row")


def _set(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}" = excluded."{column}"' for column in columns)


_PERSON_COLUMNS = (*PERSON_FIELDS, "name_key")
_KEEPS_NAME = "s.weak <> 0 AND p.name_key <> ' ' OR s.given_key || s.family_key = ''"
_NAME = either(_KEEPS_NAME, "p.name_key", NEW_NAME)
_BIRTH_DATE = PERSON_FIELDS.index("birth_date")


def _person_values(values: list[str], name_key: str) -> str:
    values[_BIRTH_DATE] = f"nullif({values[_BIRTH_DATE]}, '')"
    return ", ".join([*values, name_key])


NEW_PEOPLE = f"""
INSERT INTO person (national_id, {", ".join(_PERSON_COLUMNS)}, file_id, sheet, row, born)
SELECT n.national_id, {_person_values([f"s.{f}" for f in PERSON_FIELDS], NEW_NAME)}, {_PLACE},
    b.file_id
FROM next_person n JOIN line s ON s.line = n.line {_SOURCE.replace("n.", "s.")}
WHERE n.state = {NEW} ORDER BY n.national_id
"""
CHANGED_PEOPLE = f"""
INSERT INTO person (national_id, {", ".join(_PERSON_COLUMNS)}, file_id, sheet, row)
SELECT n.national_id, {_person_values([person_merged(f) for f in PERSON_FIELDS], _NAME)}, {_PLACE}
FROM next_person n JOIN line s ON s.line = n.line
JOIN person p ON p.national_id = n.national_id {_SOURCE.replace("n.", "s.")}
WHERE n.state = {CHANGED}
ON CONFLICT (national_id) DO UPDATE SET identity_conflict = 0,
    {_set((*_PERSON_COLUMNS, *_PLACE_COLUMNS))}
"""
_DUTY_COLUMNS = tuple(duty_merged(SQLITE))
_DUTY_NEW = {field: f"coalesce(n.{field}, '')" for field in DUTY_TEXTS} | {
    "end": "nullif(n.\"end\", '')",
    "district_assumed": "0",
}
_INTO_DUTY = f"""INSERT INTO duty
    ({_KEY}, {", ".join(f'"{f}"' for f in _DUTY_COLUMNS)}, file_id, sheet, row, born)"""
NEW_DUTIES = f"""
{_INTO_DUTY}
SELECT {_KEY}, {", ".join(_DUTY_NEW.get(f, f"n.{f}") for f in _DUTY_COLUMNS)}, {_PLACE}, b.file_id
FROM next_duty x JOIN line_duty n ON n.rowid = x.id {_SOURCE} WHERE x.state = {NEW}
ORDER BY {", ".join("n." + k for k in DUTY_KEY)}
"""


def _changed_duties(d: Dialect) -> str:
    return f"""
{_INTO_DUTY}
SELECT {", ".join("d." + k for k in DUTY_KEY)}, {", ".join(duty_merged(d).values())},
    {_PLACE.replace("n.", "d.")}, o.born
FROM next_duty x JOIN line_duty d ON d.rowid = x.id JOIN duty o ON {SAME}
{_SOURCE.replace("n.", "d.")} WHERE x.state = {CHANGED}
ON CONFLICT ({_KEY}) DO UPDATE SET closed_by = NULL,
    {_set((*_DUTY_COLUMNS, *_PLACE_COLUMNS))}
"""


CHANGED_DUTIES = both(_changed_duties)
CERTIFICATES = f"""
INSERT INTO certificate
    (national_id, origin, serial, holder, not_after, file_id, sheet, row, seen_at, born)
SELECT n.national_id, 'list', n.serial, CASE WHEN l.given_name <> '' AND l.family_name <> ''
    THEN l.given_name || ' ' || l.family_name ELSE coalesce((SELECT trim(given_name || ' ' ||
    family_name) FROM person p WHERE p.national_id = n.national_id), '') END, n.not_after, {_PLACE},
    :now, b.file_id
FROM next_certificate n JOIN line l ON l.line = n.line {_SOURCE} WHERE true
ON CONFLICT (national_id, not_after) WHERE origin = 'list' DO UPDATE SET serial = excluded.serial
"""
LACKS_DISTRICT = "SELECT EXISTS (SELECT 1 FROM duty WHERE district = '')"
_DISTRICTS = """
SELECT province, institution_code, max(district) AS district, max(district_key) AS district_key
FROM duty WHERE district <> '' AND district_assumed = 0 AND closed_by IS NULL
"""
DISTRICTS = (
    "DROP TABLE IF EXISTS code_district",
    f"""CREATE TEMP TABLE code_district AS {_DISTRICTS} AND institution_code <> ''
    GROUP BY province, institution_code""",
    "CREATE INDEX code_district_key ON code_district(province, institution_code)",
    """UPDATE duty AS d SET district = c.district, district_key = c.district_key,
    district_assumed = 1 FROM code_district c
    WHERE d.district = '' AND c.province = d.province AND c.institution_code = d.institution_code
    """,
    """UPDATE duty AS d SET district = p.district, district_key = p.district_key,
    district_assumed = 1 FROM duty p
    WHERE d.district = '' AND p.national_id = d.national_id AND p.province = d.province
        AND p.duty_class = 'permanent' AND p.closed_by IS NULL AND p.district <> ''
        AND NOT EXISTS (SELECT 1 FROM duty q WHERE q.national_id = p.national_id
            AND q.province = p.province AND q.duty_class = 'permanent' AND q.closed_by IS NULL
            AND q.district > p.district)
    """,
)
"""A record without a district takes that of its institution's code, else that of the own post."""
MARK_CONFLICTS = """
UPDATE person SET identity_conflict = 1
WHERE national_id IN (SELECT national_id FROM line WHERE conflict <> 0)
"""
MARK_DUPLICATE = "UPDATE person SET duplicate_of = ? WHERE national_id = ?"


def _any(table: str, where: str = "true") -> str:
    return f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {where})"


STEPS = (
    (_any("next_person", f"state = {NEW}"), NEW_PEOPLE),
    (_any("next_duty", f"state = {NEW}"), NEW_DUTIES),
    (_any("next_person", f"state = {CHANGED}"), CHANGED_PEOPLE),
    (_any("line", "conflict <> 0"), MARK_CONFLICTS),
    (_any("next_duty", f"state = {CHANGED}"), CHANGED_DUTIES),
    ("SELECT EXISTS (SELECT 1 FROM seen)", journal.FORGET_SEEN),
    (_any("line"), journal.REMEMBER_SEEN),
    (_any("next_certificate"), CERTIFICATES),
    (sources.IS_ANY, sources.SOURCES),
    (_any("gone"), missing.CLOSE),
    (_any("missing"), missing.MARK_MISSING),
    (missing.IS_ANY_BACK, missing.UNMARK_MISSING),
    (LACKS_DISTRICT, *DISTRICTS),
)
"""In their order, each behind the question whether there is anything for it to do.

A table that no statement is prepared for need not be digested for the audit trail, before or after.
"""
