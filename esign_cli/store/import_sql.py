"""The statements of an import: rows staged in temporary tables, compared and merged in one go.

`line` is a row's number in the whole command; `sheet_base` tells its file, sheet and row from it.
"""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from collections.abc import Iterable

PERSON_FIELDS = (
    "given_name", "family_name", "birth_place", "birth_date", "email", "mobile_phone",
    "registry_no",
)  # fmt: skip
DUTY_KEY = ("national_id", "duty_class", "institution_code", "start")
DUTY_TEXTS = ("institution", "title", "branch", "unit", "kind", "status")
DUTY_PLACE = ("province", "district", "district_key")

TABLES = """
CREATE TEMP TABLE sheet_base (number INTEGER PRIMARY KEY, first INTEGER, last INTEGER,
    file INTEGER, sheet TEXT, file_id INTEGER);
CREATE TEMP TABLE line (line INTEGER PRIMARY KEY, national_id TEXT, given_name TEXT,
    family_name TEXT, given_key TEXT, family_key TEXT, birth_place TEXT, birth_date TEXT,
    email TEXT, mobile_phone TEXT, registry_no TEXT, digest INTEGER, places TEXT,
    sheet INTEGER, weak INTEGER, known INTEGER, conflict INTEGER);
CREATE TEMP TABLE line_duty (line INTEGER, national_id TEXT, duty_class TEXT,
    institution_code TEXT, start TEXT, institution TEXT, province TEXT, district TEXT,
    district_key TEXT, title TEXT, branch TEXT, unit TEXT, kind TEXT, status TEXT, "end" TEXT,
    end_column INTEGER, province_assumed INTEGER, sheet INTEGER, loser INTEGER);
CREATE TEMP TABLE line_certificate (line INTEGER, national_id TEXT, not_after TEXT, serial TEXT,
    sheet INTEGER);
CREATE TEMP TABLE refused (national_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX IF NOT EXISTS temp.line_person ON line(national_id);
CREATE INDEX IF NOT EXISTS temp.line_duty_key
    ON line_duty(national_id, duty_class, institution_code, start);
CREATE INDEX IF NOT EXISTS temp.line_certificate_key ON line_certificate(national_id, not_after);
"""
STAGED_TABLES = ("sheet_base", "line", "line_duty", "line_certificate", "refused")
NEXT_TABLES = (
    "several",
    "next_person",
    "next_duty",
    "next_certificate",
    "line_state",
    "gone",
    "missing",
)
NEW, CHANGED, UNCHANGED = 2, 1, 0
"""The states of what is staged, beside what is known."""


def drop(tables: Iterable[str]) -> str:
    """Forget temporary tables."""
    return "".join(f"DROP TABLE IF EXISTS temp.{table};" for table in tables)


# --- who is who ----------------------------------------------------------------------------------

_OLD_GIVEN = "substr(p.name_key, 1, instr(p.name_key, ' ') - 1)"
_OLD_FAMILY = "substr(p.name_key, instr(p.name_key, ' ') + 1)"

CONFLICT_WITH_KNOWN = f"""
UPDATE line SET conflict = 1 WHERE line IN (
    SELECT s.line FROM temp.line s JOIN main.person p ON p.national_id = s.national_id
    WHERE s.given_key <> '' AND s.family_key <> '' AND {_OLD_GIVEN} NOT IN ('', s.given_key)
        AND {_OLD_FAMILY} NOT IN ('', s.family_key))
"""
SEVERAL = """
CREATE TEMP TABLE several AS SELECT national_id FROM temp.line
GROUP BY national_id HAVING count(*) > 1
"""
"""Who is on more than one row."""
CONFLICT_AMONG_THEMSELVES = """
UPDATE line SET conflict = 1 WHERE line IN (
    SELECT s.line FROM (
        SELECT national_id, min(line) AS first FROM temp.line
        WHERE national_id IN (SELECT national_id FROM temp.several)
            AND NOT conflict AND given_key <> '' AND family_key <> ''
        GROUP BY national_id) m
    JOIN temp.line f ON f.line = m.first JOIN temp.line s ON s.national_id = m.national_id
    WHERE s.given_key NOT IN ('', f.given_key) AND s.family_key NOT IN ('', f.family_key))
"""

_PICK = 1_000_000_000_000
_CONTACTS = PERSON_FIELDS[2:]
FILL_FROM_OTHER_LINES = f"""
UPDATE line SET {", ".join(f"{f} = coalesce(nullif(line.{f}, ''), m.{f})" for f in _CONTACTS)}
FROM (SELECT national_id, {", ".join(f"max({f}) AS {f}" for f in _CONTACTS)} FROM temp.line
    WHERE NOT conflict AND NOT known AND national_id IN
        (SELECT national_id FROM temp.several)
    GROUP BY national_id) m
WHERE line.national_id = m.national_id
"""


def _merged(field: str) -> str:
    """A row's value over the known one; a list of certificates only fills what is not known."""
    return (
        f"coalesce(nullif(iif(s.weak, coalesce(nullif(p.{field}, ''), s.{field}),"
        f" coalesce(nullif(s.{field}, ''), p.{field})), ''), '')"
    )


_PERSON_DIFFERS = " OR ".join(f"coalesce(p.{f}, '') <> {_merged(f)}" for f in PERSON_FIELDS)
NEXT_PERSON = f"""
CREATE TEMP TABLE next_person AS SELECT * FROM (
    SELECT s.national_id, s.line,
        iif(p.national_id IS NULL, {NEW}, {_PERSON_DIFFERS} OR p.identity_conflict) AS state
    FROM (SELECT max((1 - weak) * {_PICK} + line) % {_PICK} AS chosen FROM temp.line
        WHERE NOT conflict AND NOT known GROUP BY national_id) c
    JOIN temp.line s ON s.line = c.chosen
    LEFT JOIN main.person p ON p.national_id = s.national_id)
WHERE state <> {UNCHANGED}
"""
"""In the order of national ids, so that writing goes through the table once."""

# --- duty ----------------------------------------------------------------------------------------

_KEY = ", ".join(DUTY_KEY)
_SAME = " AND ".join(f"o.{part} = d.{part}" for part in DUTY_KEY)
LOSERS = f"""
UPDATE line_duty SET loser = 1 WHERE rowid IN (SELECT id FROM (
    SELECT d.rowid AS id, row_number() OVER (PARTITION BY {", ".join("d." + k for k in DUTY_KEY)}
        ORDER BY coalesce(d."end", '') = '', d."end" DESC, d.line DESC) AS place
    FROM (SELECT {_KEY} FROM temp.line_duty GROUP BY {_KEY} HAVING count(*) > 1) o
    JOIN temp.line_duty d ON {_SAME}) WHERE place > 1)
"""
_NAMED_PLACE = "d.province_assumed AND o.province_assumed = 0"
_DUTY_MERGED = {
    **{field: f"coalesce(d.{field}, o.{field}, '')" for field in DUTY_TEXTS},
    **{field: f"iif({_NAMED_PLACE}, o.{field}, d.{field})" for field in DUTY_PLACE},
    "end": 'iif(d."end" IS NULL, o."end", nullif(d."end", \'\'))',
    "end_column": "max(d.end_column, coalesce(o.end_column, 0))",
    "province_assumed": "min(d.province_assumed, coalesce(o.province_assumed, 1))",
}
_DUTY_DIFFERS = " OR ".join(f'o."{f}" IS NOT {how}' for f, how in _DUTY_MERGED.items())
NEXT_DUTY = f"""
CREATE TEMP TABLE next_duty AS
    SELECT d.rowid AS id,
        iif(o.national_id IS NULL, {NEW}, {_DUTY_DIFFERS} OR o.closed_by IS NOT NULL) AS state
    FROM temp.line_duty d LEFT JOIN main.duty o ON {_SAME}
    WHERE NOT d.loser AND d.line NOT IN (SELECT line FROM temp.line WHERE conflict)
    ORDER BY {", ".join("d." + k for k in DUTY_KEY)}
"""

# --- certificates --------------------------------------------------------------------------------

NEXT_CERTIFICATE = f"""
CREATE TEMP TABLE next_certificate AS
    SELECT t.national_id, t.not_after, max(t.serial) AS serial, max(t.line) AS line,
        max(t.sheet) AS sheet,
        {NEW} - EXISTS (SELECT 1 FROM main.certificate c WHERE c.national_id = t.national_id
            AND c.not_after = t.not_after) AS state
    FROM temp.line_certificate t
    WHERE t.line NOT IN (SELECT line FROM temp.line WHERE conflict)
        AND NOT EXISTS (SELECT 1 FROM main.certificate c WHERE c.national_id = t.national_id
            AND c.not_after = t.not_after AND (c.origin <> 'list' OR t.serial IN ('', c.serial)))
    GROUP BY t.national_id, t.not_after
"""
DISAGREEMENTS = """
SELECT DISTINCT t.line, t.not_after FROM temp.line_certificate t
JOIN main.certificate c ON c.national_id = t.national_id
WHERE c.origin <> 'list' AND c.not_after <> t.not_after
    AND (ltrim(lower(t.serial), '0') = ltrim(c.serial, '0') AND t.serial <> ''
        OR abs(julianday(t.not_after) - julianday(c.not_after)) <= ?)
    AND NOT EXISTS (SELECT 1 FROM main.certificate s WHERE s.national_id = t.national_id
        AND s.origin <> 'list' AND s.not_after = t.not_after)
ORDER BY t.line
"""

# --- figures -------------------------------------------------------------------------------------

_SAME_AS_WINNER = " AND ".join(f"w.{part} = d.{part}" for part in DUTY_KEY)
STATES = "CREATE TEMP TABLE line_state (line INTEGER PRIMARY KEY, state INTEGER)"
STATE = f"""
INSERT OR IGNORE INTO temp.line_state SELECT line, :state FROM (
    SELECT l.line FROM temp.next_person n JOIN temp.line l ON l.national_id = n.national_id
        WHERE n.state = :state AND NOT l.conflict AND NOT l.known
    UNION ALL SELECT d.line FROM temp.next_duty n JOIN temp.line_duty d ON d.rowid = n.id
        WHERE n.state = :state
    UNION ALL SELECT d.line FROM temp.line_duty d JOIN temp.line_duty w ON {_SAME_AS_WINNER}
        JOIN temp.next_duty n ON n.id = w.rowid WHERE d.loser AND n.state = :state
        AND d.line NOT IN (SELECT line FROM temp.line WHERE conflict)
    UNION ALL SELECT t.line FROM temp.line_certificate t JOIN temp.next_certificate n
        ON n.national_id = t.national_id AND n.not_after = t.not_after WHERE n.state = :state
        AND t.line NOT IN (SELECT line FROM temp.line WHERE conflict))
"""
"""A row is new if anything it names is, else changed if anything is."""
COUNTS = f"""
SELECT b.file, sum(t.state IS {NEW}) AS new, sum(t.state IS {CHANGED}) AS changed,
    sum(t.state IS NULL AND NOT l.conflict) AS unchanged, sum(l.conflict) AS conflicts
FROM temp.line l JOIN temp.sheet_base b ON b.number = l.sheet
LEFT JOIN temp.line_state t ON t.line = l.line GROUP BY b.file
"""
COUNTS_WHEN_NOTHING_IS_KNOWN = """
SELECT b.file, sum(NOT l.conflict) AS new, 0 AS changed, 0 AS unchanged,
    sum(l.conflict) AS conflicts
FROM temp.line l JOIN temp.sheet_base b ON b.number = l.sheet GROUP BY b.file
"""
NOTHING_IS_KNOWN = """
SELECT NOT EXISTS (SELECT 1 FROM main.person) AND NOT EXISTS (SELECT 1 FROM main.duty)
    AND NOT EXISTS (SELECT 1 FROM main.certificate)
"""
CONFLICTS = """
SELECT line, given_name || ' ' || family_name AS name FROM temp.line WHERE conflict ORDER BY line
"""

# --- a full snapshot -----------------------------------------------------------------------------

_IN_SCOPE = """o.closed_by IS NULL AND (:province = 'all' OR o.province = :province)
    AND (:district = '' OR o.district_key = :district)
    AND o.duty_class IN (SELECT DISTINCT duty_class FROM temp.line_duty)"""
GONE = f"""
CREATE TEMP TABLE gone AS SELECT {", ".join("o." + k for k in DUTY_KEY)} FROM main.duty o
WHERE :suspended = 0 AND {_IN_SCOPE}
    AND NOT EXISTS (SELECT 1 FROM temp.line_duty d WHERE {_SAME})
    AND o.national_id NOT IN (SELECT national_id FROM temp.refused)
"""
MISSING = f"""
CREATE TEMP TABLE missing AS SELECT DISTINCT g.national_id FROM temp.gone g
WHERE NOT EXISTS (SELECT 1 FROM temp.line_duty d WHERE d.national_id = g.national_id)
    AND NOT EXISTS (SELECT 1 FROM main.duty d WHERE d.national_id = g.national_id
        AND d.closed_by IS NULL AND NOT EXISTS (SELECT 1 FROM temp.gone o WHERE {_SAME}))
"""
KNOWN = f"SELECT count(DISTINCT o.national_id) FROM main.duty o WHERE {_IN_SCOPE}"

# --- writing -------------------------------------------------------------------------------------

_SOURCE = "JOIN temp.sheet_base b ON b.number = n.sheet"
_PLACE = "b.file_id, b.sheet, n.line - b.first + 1"
_PLACE_COLUMNS = ("file_id", "sheet", "row")


def _set(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}" = excluded."{column}"' for column in columns)


_PERSON_COLUMNS = (*PERSON_FIELDS, "name_key")
_NEW_NAME = "s.given_key || ' ' || s.family_key"
_KEEPS_NAME = "s.weak AND p.name_key <> ' ' OR s.given_key || s.family_key = ''"
_NAME = f"iif({_KEEPS_NAME}, p.name_key, {_NEW_NAME})"
_BIRTH_DATE = PERSON_FIELDS.index("birth_date")


def _person_values(values: list[str], name_key: str) -> str:
    values[_BIRTH_DATE] = f"nullif({values[_BIRTH_DATE]}, '')"
    return ", ".join([*values, name_key])


WRITE_NEW_PEOPLE = f"""
INSERT INTO main.person (national_id, {", ".join(_PERSON_COLUMNS)}, file_id, sheet, row, born)
SELECT n.national_id, {_person_values([f"s.{f}" for f in PERSON_FIELDS], _NEW_NAME)}, {_PLACE},
    b.file_id
FROM temp.next_person n JOIN temp.line s ON s.line = n.line {_SOURCE.replace("n.", "s.")}
WHERE n.state = {NEW}
"""
WRITE_CHANGED_PEOPLE = f"""
INSERT INTO main.person (national_id, {", ".join(_PERSON_COLUMNS)}, file_id, sheet, row)
SELECT n.national_id, {_person_values([_merged(f) for f in PERSON_FIELDS], _NAME)}, {_PLACE}
FROM temp.next_person n JOIN temp.line s ON s.line = n.line
JOIN main.person p ON p.national_id = n.national_id {_SOURCE.replace("n.", "s.")}
WHERE n.state = {CHANGED}
ON CONFLICT (national_id) DO UPDATE SET identity_conflict = 0,
    {_set((*_PERSON_COLUMNS, *_PLACE_COLUMNS))}
"""
_DUTY_COLUMNS = tuple(_DUTY_MERGED)
_DUTY_NEW = {field: f"coalesce(n.{field}, '')" for field in DUTY_TEXTS} | {
    "end": "nullif(n.\"end\", '')"
}
_INTO_DUTY = f"""INSERT INTO main.duty
    ({_KEY}, {", ".join(f'"{f}"' for f in _DUTY_COLUMNS)}, file_id, sheet, row, born)"""
WRITE_NEW_DUTIES = f"""
{_INTO_DUTY}
SELECT {_KEY}, {", ".join(_DUTY_NEW.get(f, f"n.{f}") for f in _DUTY_COLUMNS)}, {_PLACE}, b.file_id
FROM temp.next_duty x JOIN temp.line_duty n ON n.rowid = x.id {_SOURCE} WHERE x.state = {NEW}
"""
WRITE_CHANGED_DUTIES = f"""
{_INTO_DUTY}
SELECT {", ".join("d." + k for k in DUTY_KEY)}, {", ".join(_DUTY_MERGED.values())},
    {_PLACE.replace("n.", "d.")}, o.born
FROM temp.next_duty x JOIN temp.line_duty d ON d.rowid = x.id JOIN main.duty o ON {_SAME}
{_SOURCE.replace("n.", "d.")} WHERE x.state = {CHANGED}
ON CONFLICT ({_KEY}) DO UPDATE SET closed_by = NULL,
    {_set((*_DUTY_COLUMNS, *_PLACE_COLUMNS))}
"""
WRITE_CERTIFICATES = f"""
INSERT INTO main.certificate
    (national_id, origin, serial, not_after, file_id, sheet, row, seen_at, born)
SELECT n.national_id, 'list', n.serial, n.not_after, {_PLACE}, :now, b.file_id
FROM temp.next_certificate n {_SOURCE} WHERE true
ON CONFLICT (national_id, not_after) WHERE origin = 'list' DO UPDATE SET serial = excluded.serial
"""
MARK_CONFLICTS = """
UPDATE main.person SET identity_conflict = 1
WHERE national_id IN (SELECT national_id FROM temp.line WHERE conflict)
"""
CLOSE = f"UPDATE main.duty SET closed_by = ? WHERE ({_KEY}) IN (SELECT {_KEY} FROM temp.gone)"
MARK_MISSING = """
UPDATE main.person SET missing_since = ? WHERE missing_since IS NULL
    AND national_id IN (SELECT national_id FROM temp.missing)
"""
UNMARK_MISSING = """
UPDATE main.person SET missing_since = NULL WHERE missing_since IS NOT NULL
    AND EXISTS (SELECT 1 FROM main.duty d WHERE d.national_id = person.national_id
        AND d.closed_by IS NULL)
"""
NAMESAKES = f"""
WITH fresh AS MATERIALIZED (SELECT {_NEW_NAME} AS name_key, n.national_id
    FROM temp.next_person n JOIN temp.line s ON s.line = n.line WHERE n.state = {NEW})
SELECT group_concat(national_id) FROM (
    SELECT * FROM fresh
    UNION ALL SELECT name_key, national_id FROM main.person
        WHERE name_key IN (SELECT name_key FROM fresh))
WHERE length(name_key) > 1 GROUP BY name_key HAVING count(*) > 1
"""
