"""The statements of an import: rows staged in temporary tables and compared with what is known.

`line` is a row's number in the whole command; `sheet_base` tells its file, sheet and row from it.
"""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

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
CREATE TEMP TABLE passed_over (digest INTEGER PRIMARY KEY);
CREATE TEMP TABLE misread (line INTEGER PRIMARY KEY, digits TEXT, name_key TEXT);
"""
BY_PERSON = "CREATE INDEX IF NOT EXISTS temp.line_person ON line(national_id)"
INDEXES = """
CREATE INDEX IF NOT EXISTS temp.line_duty_key
    ON line_duty(national_id, duty_class, institution_code, start);
CREATE INDEX IF NOT EXISTS temp.line_certificate_key ON line_certificate(national_id, not_after);
"""
STAGED_TABLES = (
    "sheet_base", "line", "line_duty", "line_certificate", "refused", "passed_over", "misread",
    "line_origin",
)  # fmt: skip
NEXT_TABLES = (
    "several",
    "left_out",
    "next_person",
    "next_sources",
    "next_duty",
    "next_certificate",
    "line_state",
    "gone",
    "missing",
    "present",
)
BULK_TABLES = ("person", "duty")
"""What a first import fills: their indexes are then made anew, which is faster than kept up."""
NEW, CHANGED, UNCHANGED = 2, 1, 0
"""The states of what is staged, beside what is known."""


ALL_IS_NEW = f"""
CREATE TEMP VIEW next_person AS
    SELECT national_id, line, {NEW} AS state FROM temp.line
    WHERE line NOT IN (SELECT line FROM temp.left_out);
CREATE TEMP VIEW next_duty AS
    SELECT rowid AS id, {NEW} AS state FROM temp.line_duty
    WHERE NOT loser AND line NOT IN (SELECT line FROM temp.line WHERE conflict);
"""
"""In place of the tables below where nothing is known; see LEFT_OUT."""
INDEXES_OF = """
SELECT name, sql FROM main.sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL
"""


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
_KNOWN_TABLES = ("person", "duty", "certificate", "seen")
NOTHING_IS_KNOWN = f"""
SELECT NOT EXISTS (SELECT 1 FROM temp.line WHERE known)
    {"".join(f" AND NOT EXISTS (SELECT 1 FROM main.{table})" for table in _KNOWN_TABLES)}
"""
NO_CONFLICT = "UPDATE temp.line SET conflict = 0 WHERE conflict"
REFUSE = "INSERT OR IGNORE INTO temp.refused SELECT national_id FROM temp.line WHERE conflict"
"""Somebody in conflict is not absent."""
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


def person_merged(field: str) -> str:
    """Return a row's value over the known one; a list of certificates only fills what is
    not known.
    """
    return (
        f"coalesce(nullif(iif(s.weak, coalesce(nullif(p.{field}, ''), s.{field}),"
        f" coalesce(nullif(s.{field}, ''), p.{field})), ''), '')"
    )


_CHOSEN = f"max((1 - weak) * {_PICK} + line) % {_PICK}"
"""Of a person's rows, the last, and one of a list of certificates only if there is no other."""
LEFT_OUT = (
    "CREATE TEMP TABLE left_out (line INTEGER PRIMARY KEY)",
    f"""
    INSERT INTO temp.left_out SELECT line FROM temp.line
    WHERE national_id IN (SELECT national_id FROM temp.several) AND line NOT IN (
        SELECT {_CHOSEN} FROM temp.line
        WHERE NOT conflict AND national_id IN (SELECT national_id FROM temp.several)
        GROUP BY national_id)
    """,
)
"""Where nothing is known: the rows that are not their person's. All others are, and are new."""
_PERSON_DIFFERS = " OR ".join(f"coalesce(p.{f}, '') <> {person_merged(f)}" for f in PERSON_FIELDS)
NEXT_PERSON = f"""
CREATE TEMP TABLE next_person AS SELECT * FROM (
    SELECT s.national_id, s.line,
        iif(p.national_id IS NULL, {NEW}, {_PERSON_DIFFERS} OR p.identity_conflict) AS state
    FROM (SELECT {_CHOSEN} AS chosen FROM temp.line
        WHERE NOT conflict AND NOT known GROUP BY national_id) c
    JOIN temp.line s ON s.line = c.chosen
    LEFT JOIN main.person p ON p.national_id = s.national_id)
WHERE state <> {UNCHANGED}
"""

# --- duty ----------------------------------------------------------------------------------------

_KEY = ", ".join(DUTY_KEY)
SAME = " AND ".join(f"o.{part} = d.{part}" for part in DUTY_KEY)
LOSERS = f"""
UPDATE line_duty SET loser = 1 WHERE rowid IN (SELECT id FROM (
    SELECT rowid AS id, row_number() OVER (PARTITION BY {_KEY}
        ORDER BY coalesce("end", '') = '', "end" DESC, line DESC) AS place
    FROM temp.line_duty WHERE national_id IN (SELECT national_id FROM temp.several))
    WHERE place > 1)
"""
_NAMED_PLACE = "d.province_assumed AND o.province_assumed = 0"
_KEPT_DISTRICT = "d.district = '' AND coalesce(o.district_assumed, 0)"
DUTY_MERGED = {
    **{field: f"coalesce(d.{field}, o.{field}, '')" for field in DUTY_TEXTS},
    "province": f"iif({_NAMED_PLACE}, o.province, d.province)",
    **{f: f"iif({_NAMED_PLACE} OR {_KEPT_DISTRICT}, o.{f}, d.{f})" for f in DUTY_PLACE[1:]},
    "district_assumed": f"{_KEPT_DISTRICT}",
    "end": 'iif(d."end" IS NULL, o."end", nullif(d."end", \'\'))',
    "end_column": "max(d.end_column, coalesce(o.end_column, 0))",
    "province_assumed": "min(d.province_assumed, coalesce(o.province_assumed, 1))",
}
_DUTY_DIFFERS = " OR ".join(f'o."{f}" IS NOT {how}' for f, how in DUTY_MERGED.items())
NEXT_DUTY = f"""
CREATE TEMP TABLE next_duty AS
    SELECT d.rowid AS id,
        iif(o.national_id IS NULL, {NEW}, {_DUTY_DIFFERS} OR o.closed_by IS NOT NULL) AS state
    FROM temp.line_duty d LEFT JOIN main.duty o ON {SAME}
    WHERE NOT d.loser AND d.line NOT IN (SELECT line FROM temp.line WHERE conflict)
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
SELECT t.line, t.not_after, t.serial,
    c.not_after, c.not_before, c.origin, c.serial, c.sha256, c.qualified, c.revocation
FROM temp.line_certificate t JOIN main.certificate c ON c.national_id = t.national_id
WHERE c.origin IN ('card', 'file')
    AND NOT EXISTS (SELECT 1 FROM main.certificate s WHERE s.national_id = t.national_id
        AND s.origin IN ('card', 'file') AND s.not_after = t.not_after)
ORDER BY t.line
"""
"""Every end that a list says of somebody whose card says another, beside what was read."""

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
CONFLICTS_BY_FILE = """
SELECT b.file, count(*) FROM temp.line l JOIN temp.sheet_base b ON b.number = l.sheet
WHERE l.conflict GROUP BY b.file
"""
CONFLICTS = """
SELECT line, given_name || ' ' || family_name AS name FROM temp.line WHERE conflict ORDER BY line
"""

# --- namesakes -----------------------------------------------------------------------------------

NEW_NAME = "s.given_key || ' ' || s.family_key"
NAMESAKES = f"""
WITH fresh AS MATERIALIZED (SELECT {NEW_NAME} AS name_key, n.national_id
    FROM temp.next_person n JOIN temp.line s ON s.line = n.line WHERE n.state = {NEW})
SELECT group_concat(national_id) FROM (
    SELECT * FROM fresh
    UNION ALL SELECT name_key, national_id FROM main.person
        WHERE name_key IN (SELECT name_key FROM fresh))
WHERE length(name_key) > 1 GROUP BY name_key HAVING count(*) > 1
"""
NAMESAKES_AMONG_NEW = """
SELECT group_concat(national_id) FROM temp.line
WHERE (given_key <> '' OR family_key <> '') AND line NOT IN (SELECT line FROM temp.left_out)
GROUP BY given_key, family_key HAVING count(*) > 1
"""
"""The same where all is new."""
LINE_OF_NEW = """
SELECT line FROM temp.line s WHERE national_id = ? AND NOT conflict AND NOT known
    AND NOT EXISTS (SELECT 1 FROM main.person p WHERE p.national_id = s.national_id)
ORDER BY weak, line DESC LIMIT 1
"""
MISREAD = f"""
SELECT n.line, n.digits, group_concat(known.national_id) FROM temp.misread n JOIN (
    SELECT {NEW_NAME} AS name_key, national_id FROM temp.line s
    UNION SELECT name_key, national_id FROM main.person) known ON known.name_key = n.name_key
GROUP BY n.line
"""
"""Rows whose national id is none, and the ids of those who have the same name."""
IS_ANY_MISREAD = "SELECT EXISTS (SELECT 1 FROM temp.misread)"
