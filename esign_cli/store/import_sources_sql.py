"""The statements by which an import keeps which row each field of a person was read from.

The row of a person is the last that changed one; `person.sources` names the rows of those fields
that were read elsewhere: a JSON object of arrays (file, sheet, row) by field, or "".
"""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from esign_cli.store.dialect import Dialect, both
from esign_cli.store.import_sql import CHANGED, PERSON_FIELDS

_CONTACTS = PERSON_FIELDS[2:]


def _filled(field: str) -> str:
    return f"""
    SELECT gap.line, '{field}', other.line FROM line gap JOIN (
        SELECT national_id, line, row_number() OVER (PARTITION BY national_id
            ORDER BY {field} DESC, line) AS place FROM line
        WHERE conflict = 0 AND known = 0 AND {field} <> ''
            AND national_id IN (SELECT national_id FROM several)) other
        ON other.national_id = gap.national_id AND other.place = 1
    WHERE coalesce(gap.{field}, '') = '' ON CONFLICT DO NOTHING"""


LINE_ORIGIN = both(
    lambda d: (
        f"""
CREATE TEMP TABLE IF NOT EXISTS line_origin
    (line {d.whole}, field {d.text}, origin {d.whole}, PRIMARY KEY (line, field)){d.keyed}
"""
    )
)
FILLED = (
    LINE_ORIGIN,
    *(f"INSERT INTO line_origin {_filled(field)}" for field in _CONTACTS),
)
"""Before a person's rows fill each other's gaps: which row of the import fills which field."""


def _next(d: Dialect, field: str) -> str:
    condition = f"p.{field} <> '' AND (coalesce(s.{field}, '') = '' OR s.weak <> 0)"
    place = d.json_list.format("p.file_id, p.sheet, p.row")
    known = d.json_field.format("nullif(p.sources, '')", field)
    return f"""
    SELECT n.national_id, '{field}' AS field, o.origin, CASE WHEN {condition} THEN
        coalesce({known}, {d.json_text.format(place)}) END AS place
    FROM next_person n JOIN line s ON s.line = n.line
    LEFT JOIN line_origin o ON o.line = s.line AND o.field = '{field}'
    LEFT JOIN person p ON p.national_id = n.national_id
    WHERE (n.state = {CHANGED} OR n.line IN (SELECT line FROM line_origin))
        AND (o.origin IS NOT NULL OR {condition})"""


def _next_sources(d: Dialect) -> str:
    fields = " UNION ALL ".join(_next(d, field) for field in PERSON_FIELDS)
    return f"CREATE TEMP TABLE next_sources AS {fields}"


NEXT_SOURCES = both(_next_sources)
NEXT_SOURCES_OF_NEW = """
CREATE TEMP TABLE next_sources AS
    SELECT n.national_id, o.field, o.origin, CAST(NULL AS TEXT) AS place
    FROM line_origin o JOIN next_person n ON n.line = o.line
"""
"""The same where nothing is known."""
NEXT_SOURCES_BY_PERSON = "CREATE INDEX next_sources_person ON next_sources(national_id)"


def _sources(d: Dialect) -> str:
    place = d.json_list.format("b.file_id, b.sheet, x.origin - b.first + 1")
    place = f"coalesce(x.place, {d.json_text.format(place)})"
    return f"""
UPDATE person SET sources = coalesce((
    SELECT {d.json_group.format("x.field", place)}
    FROM next_sources x LEFT JOIN sheet_base b ON x.origin BETWEEN b.first AND b.last
    WHERE x.national_id = person.national_id), '')
WHERE national_id IN (SELECT national_id FROM next_person WHERE state = {CHANGED}
    UNION SELECT national_id FROM next_sources)
"""


SOURCES = both(_sources)
IS_ANY = f"""
SELECT EXISTS (SELECT 1 FROM next_sources)
    OR EXISTS (SELECT 1 FROM next_person WHERE state = {CHANGED})
"""
