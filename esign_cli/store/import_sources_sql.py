"""The statements by which an import keeps which row each field of a person was read from.

The row of a person is the last that changed one; `person.sources` names the rows of those fields
that were read elsewhere: a JSON object of arrays (file, sheet, row) by field, or "".
"""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from esign_cli.store.import_sql import CHANGED, PERSON_FIELDS

_CONTACTS = PERSON_FIELDS[2:]


def _filled(field: str) -> str:
    return f"""
    SELECT empty.line, '{field}', other.line FROM temp.line empty JOIN (
        SELECT national_id, max({field}) AS value, line FROM temp.line
        WHERE NOT conflict AND NOT known AND {field} <> ''
            AND national_id IN (SELECT national_id FROM temp.several)
        GROUP BY national_id) other ON other.national_id = empty.national_id
    WHERE coalesce(empty.{field}, '') = ''"""


LINE_ORIGIN = """
CREATE TEMP TABLE IF NOT EXISTS line_origin
    (line INTEGER, field TEXT, origin INTEGER, PRIMARY KEY (line, field)) WITHOUT ROWID
"""
FILLED = (
    LINE_ORIGIN,
    *(f"INSERT OR IGNORE INTO temp.line_origin {_filled(field)}" for field in _CONTACTS),
)
"""Before a person's rows fill each other's gaps: which row of the import fills which field."""


def _next(field: str) -> str:
    condition = f"p.{field} <> '' AND (coalesce(s.{field}, '') = '' OR s.weak)"
    return f"""
    SELECT n.national_id, '{field}' AS field, o.origin, CASE WHEN {condition} THEN
        coalesce(nullif(p.sources, '') -> '$.{field}', json_array(p.file_id, p.sheet, p.row))
        END AS place
    FROM temp.next_person n JOIN temp.line s ON s.line = n.line
    LEFT JOIN temp.line_origin o ON o.line = s.line AND o.field = '{field}'
    LEFT JOIN main.person p ON p.national_id = n.national_id
    WHERE (n.state = {CHANGED} OR n.line IN (SELECT line FROM temp.line_origin))
        AND (o.origin IS NOT NULL OR {condition})"""


NEXT_SOURCES = f"""
CREATE TEMP TABLE next_sources AS {" UNION ALL ".join(map(_next, PERSON_FIELDS))}
"""
NEXT_SOURCES_OF_NEW = """
CREATE TEMP TABLE next_sources AS
    SELECT n.national_id, o.field, o.origin, NULL AS place
    FROM temp.line_origin o JOIN temp.next_person n ON n.line = o.line
"""
"""The same where nothing is known."""
NEXT_SOURCES_BY_PERSON = "CREATE INDEX temp.next_sources_person ON next_sources(national_id)"
SOURCES = f"""
UPDATE main.person SET sources = coalesce((
    SELECT nullif(json_group_object(x.field, json(coalesce(x.place,
        json_array(b.file_id, b.sheet, x.origin - b.first + 1)))), '{{}}')
    FROM temp.next_sources x LEFT JOIN temp.sheet_base b ON x.origin BETWEEN b.first AND b.last
    WHERE x.national_id = person.national_id), '')
WHERE national_id IN (SELECT national_id FROM temp.next_person WHERE state = {CHANGED}
    UNION SELECT national_id FROM temp.next_sources)
"""
IS_ANY = f"""
SELECT EXISTS (SELECT 1 FROM temp.next_sources)
    OR EXISTS (SELECT 1 FROM temp.next_person WHERE state = {CHANGED})
"""
