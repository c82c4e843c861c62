"""The places that duty records name."""

from __future__ import annotations

import difflib

from esign_cli.foundation import turkish
from esign_cli.foundation.errors.usage import UnknownDistrict
from esign_cli.store.database import Store

_DISTRICTS = "SELECT DISTINCT district_key, district FROM duty WHERE district_key <> ''"


_OF_PROVINCE = """
SELECT DISTINCT district FROM duty WHERE district <> '' AND closed_by IS NULL AND province = ?
"""


def districts(store: Store, province: str) -> list[str]:
    """Return the districts that current duty records name in a province, sorted."""
    with store.reading() as db:
        return sorted(
            (row[0] for row in db.execute(_OF_PROVINCE, (province,))), key=turkish.sort_key
        )


def check_district(store: Store, district: str) -> None:
    """Raise UnknownDistrict for one that no duty record names; "" stands for every district.

    Where no record names any, none is known to be wrong.
    """
    key = turkish.fold(district)
    if not key:
        return
    known = dict(tuple(row) for row in store.db.execute(_DISTRICTS))
    if known and key not in known:
        near = difflib.get_close_matches(key, known)
        raise UnknownDistrict(given=district, suggestions=[known[one] for one in near])
