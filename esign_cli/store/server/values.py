"""Values in a server's tables that esign cannot have written, which somebody else has."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from esign_cli.store import inspection
from esign_cli.store.connection import Db

_ISO_DAY = 10


def first_bad_value(db: Db) -> str:
    """Return "table.column" of the first of them; "" if there is none."""
    from esign_cli.renewals.application.life_cycle import STATES

    states = ", ".join(f"'{state}'" for state in STATES)
    for names, wrong in inspection.WRONG.items():
        for name in names:
            table, column = name.split(".")
            if _any_wrong(db, table, column, wrong.format(c=f'"{column}"', states=states)):
                return name
    return ""


def _any_wrong(db: Db, table: str, column: str, wrong: str) -> bool:
    read = _READ.get(wrong.replace(f'"{column}"', "{c}"))
    if "typeof" in wrong and read is None:
        return False  # the server keeps the types of columns itself
    where = "true" if read else wrong
    query = f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" <> \'\' AND {where}'  # noqa: S608
    rows = db.execute(query)
    return any(not _can(read, value) for (value,) in rows) if read else rows.fetchone() is not None


def _can(read: Callable[[str], Any], value: str) -> bool:
    try:
        read(value)
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def _day(text: str) -> date:
    if len(text) != _ISO_DAY:
        raise ValueError(text)
    return date.fromisoformat(text)


def _object(text: str) -> None:
    if not isinstance(json.loads(text), dict):
        raise TypeError(text)


_READ: dict[str, Callable[[str], Any]] = {
    inspection.DAY: _day,
    inspection.INSTANT: datetime.fromisoformat,
    inspection.JSON: json.loads,
    inspection.OBJECT: _object,
    inspection.FACTS: _object,
}
"""By what SQLite is asked of a column."""
