"""Whom a query is about, as a condition on national_id."""

from __future__ import annotations

import json
from dataclasses import dataclass

from esign_cli import turkish

_IN_PLACE = """
    SELECT national_id FROM duty WHERE closed_by IS NULL AND {place}
    UNION SELECT national_id FROM duty AS d WHERE closed_by IS NOT NULL AND {place}
        AND NOT EXISTS (SELECT 1 FROM duty WHERE national_id = d.national_id AND closed_by IS NULL)
"""
_WITHOUT_RECORD = """
    UNION SELECT national_id FROM (
        SELECT national_id FROM certificate UNION ALL SELECT national_id FROM person
        UNION ALL SELECT national_id FROM mark UNION ALL SELECT national_id FROM application
    ) AS known WHERE NOT EXISTS (SELECT 1 FROM duty WHERE national_id = known.national_id)
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom to read: everybody, a province or district, or these people and nobody else.

    A province means those with a current record in it, those who are missing from the latest
    snapshot and had one there, and everybody who has no duty record at all (they have no province
    to be found by). A district leaves the last out.
    """

    province: str = ""
    """Plate code; "" or "all" for everywhere."""
    district: str = ""
    national_ids: tuple[str, ...] | None = None

    def where(self) -> tuple[str, dict[str, str]]:
        """A condition on the column national_id, and its parameters."""
        if self.national_ids is not None:
            ids = json.dumps(self.national_ids)
            return "national_id IN (SELECT value FROM json_each(:ids))", {"ids": ids}
        places = {
            "province": "" if self.province == "all" else self.province,
            "district_key": turkish.fold(self.district),
        }
        given = {column: value for column, value in places.items() if value}
        if not given:
            return "1", {}
        place = " AND ".join(f"{column} = :{column}" for column in given)
        whole = _WITHOUT_RECORD if not self.district else ""
        return f"national_id IN ({_IN_PLACE.format(place=place)}{whole})", given
