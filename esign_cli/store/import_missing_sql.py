"""The statements by which a full snapshot closes records and flags people that it lacks."""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from esign_cli.store.import_sql import DUTY_KEY, SAME

_KEY = ", ".join(DUTY_KEY)
_IN_SCOPE = """o.closed_by IS NULL AND (:province = 'all' OR o.province = :province)
    AND (:district = '' OR o.district_key = :district)
    AND o.duty_class IN (SELECT duty_class FROM line_duty
        UNION SELECT duty_class FROM duty WHERE national_id IN
            (SELECT national_id FROM present))"""
NOT_STAGED = "INSERT INTO passed_over VALUES (?) ON CONFLICT DO NOTHING"
PRESENT = """
CREATE TEMP TABLE present AS SELECT national_id FROM seen
WHERE digest IN (SELECT digest FROM passed_over)
"""
"""Whose rows were passed over: each has one record, which the row names."""
GONE = f"""
CREATE TEMP TABLE gone AS SELECT {", ".join("o." + k for k in DUTY_KEY)} FROM duty o
WHERE :suspended = 0 AND {_IN_SCOPE}
    AND NOT EXISTS (SELECT 1 FROM line_duty d WHERE {SAME})
    AND o.national_id NOT IN (SELECT national_id FROM refused)
    AND o.national_id NOT IN (SELECT national_id FROM present)
"""
MISSING = f"""
CREATE TEMP TABLE missing AS SELECT DISTINCT g.national_id FROM gone g
WHERE NOT EXISTS (SELECT 1 FROM line_duty d WHERE d.national_id = g.national_id)
    AND NOT EXISTS (SELECT 1 FROM duty d WHERE d.national_id = g.national_id
        AND d.closed_by IS NULL AND NOT EXISTS (SELECT 1 FROM gone o WHERE {SAME}))
"""
KNOWN = f"SELECT count(DISTINCT o.national_id) FROM duty o WHERE {_IN_SCOPE}"
CLOSE = f"UPDATE duty SET closed_by = :number WHERE ({_KEY}) IN (SELECT {_KEY} FROM gone)"
MARK_MISSING = """
UPDATE person SET missing_since = :as_of WHERE missing_since IS NULL
    AND national_id IN (SELECT national_id FROM missing)
"""
_IS_BACK = """missing_since IS NOT NULL
    AND EXISTS (SELECT 1 FROM duty d WHERE d.national_id = person.national_id
        AND d.closed_by IS NULL)"""
IS_ANY_BACK = f"SELECT EXISTS (SELECT 1 FROM person WHERE {_IS_BACK})"
UNMARK_MISSING = f"UPDATE person SET missing_since = NULL WHERE {_IS_BACK}"
