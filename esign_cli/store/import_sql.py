"""The statements of an import: rows staged in temporary tables and compared with what is known.

`line` is a row's number in the whole command; `sheet_base` tells its file, sheet and row from it.
"""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from esign_cli.store.dialect import Dialect, Statement, both, either

PERSON_FIELDS = (
    "given_name", "family_name", "birth_place", "birth_date", "email", "mobile_phone",
    "registry_no",
)  # fmt: skip
DUTY_KEY = ("national_id", "duty_class", "institution_code", "start")
DUTY_TEXTS = ("institution", "title", "branch", "unit", "kind", "status")
DUTY_PLACE = ("province", "district", "district_key")


def _tables(d: Dialect) -> str:
    whole, text, keyed = d.whole, d.text, d.keyed
    return f"""
CREATE TEMP TABLE sheet_base (number {whole} PRIMARY KEY, first {whole}, last {whole},
    file {whole}, sheet {text}, file_id {whole});
CREATE TEMP TABLE line (line {whole} PRIMARY KEY, national_id {text}, given_name {text},
    family_name {text}, given_key {text}, family_key {text}, birth_place {text}, birth_date {text},
    email {text}, mobile_phone {text}, registry_no {text}, digest {whole}, places {text},
    sheet {whole}, weak {whole}, known {whole}, conflict {whole});
CREATE INDEX line_conflict ON line(line) WHERE conflict <> 0;
CREATE TEMP TABLE line_duty (line {whole}, national_id {text}, duty_class {text},
    institution_code {text}, start {text}, institution {text}, province {text}, district {text},
    district_key {text}, title {text}, branch {text}, unit {text}, kind {text}, status {text},
    "end" {text}, end_column {whole}, province_assumed {whole}, sheet {whole}, loser {whole}
    {d.row_id});
CREATE TEMP TABLE line_certificate (line {whole}, national_id {text}, not_after {text},
    serial {text}, sheet {whole});
CREATE TEMP TABLE refused (national_id {text} PRIMARY KEY){keyed};
CREATE TEMP TABLE passed_over (digest {whole} PRIMARY KEY);
CREATE TEMP TABLE misread (line {whole} PRIMARY KEY, digits {text}, name_key {text});
"""


TABLES = both(_tables)
BY_PERSON = "CREATE INDEX IF NOT EXISTS line_person ON line(national_id)"
INDEXES = """
CREATE INDEX IF NOT EXISTS line_duty_key
    ON line_duty(national_id, duty_class, institution_code, start);
CREATE INDEX IF NOT EXISTS line_certificate_key ON line_certificate(national_id, not_after);
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
    SELECT national_id, line, {NEW} AS state FROM line
    WHERE line NOT IN (SELECT line FROM left_out);
CREATE TEMP VIEW next_duty AS
    SELECT rowid AS id, {NEW} AS state FROM line_duty
    WHERE loser = 0 AND line NOT IN (SELECT line FROM line WHERE conflict <> 0);
"""
"""In place of the tables below where nothing is known; see LEFT_OUT."""
INDEXES_OF = Statement(
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
    " AND sql IS NOT NULL ORDER BY name",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema"
    " AND tablename = ? AND indexname NOT LIKE '%pkey' ORDER BY indexname",
)
"""Those that are not the table's key, each with the statement that makes it."""


# --- who is who ----------------------------------------------------------------------------------


def _conflict_with_known(d: Dialect) -> str:
    gap = d.position.format("p.name_key", "' '")
    given, family = f"substr(p.name_key, 1, {gap} - 1)", f"substr(p.name_key, {gap} + 1)"
    return f"""
UPDATE line SET conflict = 1 WHERE line IN (
    SELECT s.line FROM line s JOIN person p ON p.national_id = s.national_id
    WHERE s.given_key <> '' AND s.family_key <> '' AND {given} NOT IN ('', s.given_key)
        AND {family} NOT IN ('', s.family_key))
"""


CONFLICT_WITH_KNOWN = both(_conflict_with_known)
SEVERAL = """
CREATE TEMP TABLE several AS SELECT national_id FROM line
GROUP BY national_id HAVING count(*) > 1
"""
"""Who is on more than one row."""
_KNOWN_TABLES = ("person", "duty", "certificate", "seen")
NOTHING_IS_KNOWN = f"""
SELECT NOT EXISTS (SELECT 1 FROM line WHERE known <> 0)
    {"".join(f" AND NOT EXISTS (SELECT 1 FROM {table})" for table in _KNOWN_TABLES)}
"""
NO_CONFLICT = "UPDATE line SET conflict = 0 WHERE conflict <> 0"
REFUSE = """
INSERT INTO refused SELECT national_id FROM line WHERE conflict <> 0 ON CONFLICT DO NOTHING
"""
"""Somebody in conflict is not absent."""
CONFLICT_AMONG_THEMSELVES = """
UPDATE line SET conflict = 1 WHERE line IN (
    SELECT s.line FROM (
        SELECT national_id, min(line) AS first FROM line
        WHERE national_id IN (SELECT national_id FROM several)
            AND conflict = 0 AND given_key <> '' AND family_key <> ''
        GROUP BY national_id) m
    JOIN line f ON f.line = m.first JOIN line s ON s.national_id = m.national_id
    WHERE s.given_key NOT IN ('', f.given_key) AND s.family_key NOT IN ('', f.family_key))
"""

_PICK = 1_000_000_000_000
_CONTACTS = PERSON_FIELDS[2:]
FILL_FROM_OTHER_LINES = f"""
UPDATE line SET {", ".join(f"{f} = coalesce(nullif(line.{f}, ''), m.{f})" for f in _CONTACTS)}
FROM (SELECT national_id, {", ".join(f"max({f}) AS {f}" for f in _CONTACTS)} FROM line
    WHERE conflict = 0 AND known = 0 AND national_id IN
        (SELECT national_id FROM several)
    GROUP BY national_id) m
WHERE line.national_id = m.national_id
"""


def person_merged(field: str) -> str:
    """Return a row's value over the known one; a list of certificates only fills what is
    not known.
    """
    filled = f"coalesce(nullif(p.{field}, ''), s.{field})"
    newer = f"coalesce(nullif(s.{field}, ''), p.{field})"
    return f"coalesce(nullif({either('s.weak <> 0', filled, newer)}, ''), '')"


_CHOSEN = f"max((1 - weak) * {_PICK} + line) % {_PICK}"
"""Of a person's rows, the last, and one of a list of certificates only if there is no other."""
LEFT_OUT = (
    "CREATE TEMP TABLE left_out (line INTEGER PRIMARY KEY)",
    f"""
    INSERT INTO left_out SELECT line FROM line
    WHERE national_id IN (SELECT national_id FROM several) AND line NOT IN (
        SELECT {_CHOSEN} FROM line
        WHERE conflict = 0 AND national_id IN (SELECT national_id FROM several)
        GROUP BY national_id)
    """,
)
"""Where nothing is known: the rows that are not their person's. All others are, and are new."""
_PERSON_DIFFERS = " OR ".join(f"coalesce(p.{f}, '') <> {person_merged(f)}" for f in PERSON_FIELDS)
NEXT_PERSON = f"""
CREATE TEMP TABLE next_person AS SELECT * FROM (
    SELECT s.national_id, s.line,
        CASE WHEN p.national_id IS NULL THEN {NEW}
            WHEN {_PERSON_DIFFERS} OR p.identity_conflict <> 0 THEN {CHANGED} ELSE {UNCHANGED}
            END AS state
    FROM (SELECT {_CHOSEN} AS chosen FROM line
        WHERE conflict = 0 AND known = 0 GROUP BY national_id) c
    JOIN line s ON s.line = c.chosen
    LEFT JOIN person p ON p.national_id = s.national_id) AS compared
WHERE state <> {UNCHANGED}
"""

# --- duty ----------------------------------------------------------------------------------------

_KEY = ", ".join(DUTY_KEY)
SAME = " AND ".join(f"o.{part} = d.{part}" for part in DUTY_KEY)
LOSERS = f"""
UPDATE line_duty SET loser = 1 WHERE rowid IN (SELECT id FROM (
    SELECT rowid AS id, row_number() OVER (PARTITION BY {_KEY}
        ORDER BY coalesce("end", '') = '', "end" IS NULL, "end" DESC, line DESC) AS place
    FROM line_duty WHERE national_id IN (SELECT national_id FROM several)) AS ordered
    WHERE place > 1)
"""
_NAMED_PLACE = "d.province_assumed <> 0 AND o.province_assumed = 0"
_KEPT_DISTRICT = "d.district = '' AND coalesce(o.district_assumed, 0) <> 0"
_KEPT_PLACE = f"{_NAMED_PLACE} OR {_KEPT_DISTRICT}"


def duty_merged(d: Dialect) -> dict[str, str]:
    """Return, by column, a staged record's value over the known one."""
    return {
        **{field: f"coalesce(d.{field}, o.{field}, '')" for field in DUTY_TEXTS},
        "province": either(_NAMED_PLACE, "o.province", "d.province"),
        **{f: either(_KEPT_PLACE, f"o.{f}", f"d.{f}") for f in DUTY_PLACE[1:]},
        "district_assumed": either(_KEPT_DISTRICT, "1", "0"),
        "end": either('d."end" IS NULL', 'o."end"', "nullif(d.\"end\", '')"),
        "end_column": d.larger.format("d.end_column", "coalesce(o.end_column, 0)"),
        "province_assumed": d.smaller.format(
            "d.province_assumed", "coalesce(o.province_assumed, 1)"
        ),
    }


def _next_duty(d: Dialect) -> str:
    differs = " OR ".join(d.differs.format(f'o."{f}"', how) for f, how in duty_merged(d).items())
    return f"""
CREATE TEMP TABLE next_duty AS
    SELECT d.rowid AS id, CASE WHEN o.national_id IS NULL THEN {NEW}
        WHEN {differs} OR o.closed_by IS NOT NULL THEN {CHANGED} ELSE {UNCHANGED} END AS state
    FROM line_duty d LEFT JOIN duty o ON {SAME}
    WHERE d.loser = 0 AND d.line NOT IN (SELECT line FROM line WHERE conflict <> 0)
"""


NEXT_DUTY = both(_next_duty)

# --- certificates --------------------------------------------------------------------------------

NEXT_CERTIFICATE = f"""
CREATE TEMP TABLE next_certificate AS
    SELECT t.national_id, t.not_after, max(t.serial) AS serial, max(t.line) AS line,
        max(t.sheet) AS sheet,
        CASE WHEN EXISTS (SELECT 1 FROM certificate c WHERE c.national_id = t.national_id
            AND c.not_after = t.not_after) THEN {CHANGED} ELSE {NEW} END AS state
    FROM line_certificate t
    WHERE t.line NOT IN (SELECT line FROM line WHERE conflict <> 0)
        AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.national_id = t.national_id
            AND c.not_after = t.not_after AND (c.origin <> 'list' OR t.serial IN ('', c.serial)))
    GROUP BY t.national_id, t.not_after
"""
DISAGREEMENTS = """
SELECT t.line, t.not_after, t.serial,
    c.not_after, c.not_before, c.origin, c.serial, c.sha256, c.qualified, c.revocation
FROM line_certificate t JOIN certificate c ON c.national_id = t.national_id
WHERE c.origin IN ('card', 'file')
    AND NOT EXISTS (SELECT 1 FROM certificate s WHERE s.national_id = t.national_id
        AND s.origin IN ('card', 'file') AND s.not_after = t.not_after)
ORDER BY t.line
"""
"""Every end that a list says of somebody whose card says another, beside what was read."""

NEW_NAME = "s.given_key || ' ' || s.family_key"

# --- figures -------------------------------------------------------------------------------------

_SAME_AS_WINNER = " AND ".join(f"w.{part} = d.{part}" for part in DUTY_KEY)
STATES = both(
    lambda d: f"CREATE TEMP TABLE line_state (line {d.whole} PRIMARY KEY, state {d.whole})"
)
STATE = f"""
INSERT INTO line_state SELECT line, :state FROM (
    SELECT l.line FROM next_person n JOIN line l ON l.national_id = n.national_id
        WHERE n.state = :state AND l.conflict = 0 AND l.known = 0
    UNION ALL SELECT d.line FROM next_duty n JOIN line_duty d ON d.rowid = n.id
        WHERE n.state = :state
    UNION ALL SELECT d.line FROM line_duty d JOIN line_duty w ON {_SAME_AS_WINNER}
        JOIN next_duty n ON n.id = w.rowid WHERE d.loser <> 0 AND n.state = :state
        AND d.line NOT IN (SELECT line FROM line WHERE conflict <> 0)
    UNION ALL SELECT t.line FROM line_certificate t JOIN next_certificate n
        ON n.national_id = t.national_id AND n.not_after = t.not_after WHERE n.state = :state
        AND t.line NOT IN (SELECT line FROM line WHERE conflict <> 0)) AS stated
WHERE true ON CONFLICT DO NOTHING
"""
"""A row is new if anything it names is, else changed if anything is."""
COUNTS = f"""
SELECT b.file, count(CASE WHEN t.state = {NEW} THEN 1 END) AS new,
    count(CASE WHEN t.state = {CHANGED} THEN 1 END) AS changed,
    count(CASE WHEN t.state IS NULL AND l.conflict = 0 THEN 1 END) AS unchanged,
    count(CASE WHEN l.conflict <> 0 THEN 1 END) AS conflicts
FROM line l JOIN sheet_base b ON b.number = l.sheet
LEFT JOIN line_state t ON t.line = l.line GROUP BY b.file ORDER BY b.file
"""
CONFLICTS_BY_FILE = """
SELECT b.file, count(*) FROM line l JOIN sheet_base b ON b.number = l.sheet
WHERE l.conflict <> 0 GROUP BY b.file ORDER BY b.file
"""
CONFLICTS = """
SELECT line, given_name || ' ' || family_name AS name FROM line WHERE conflict <> 0
"""
