"""Attributes that lie deep in facts, some of which are not known."""

from __future__ import annotations

from typing import Any


def at(one: Any, path: str) -> Any:
    """Return what lies at a path like "record.district", or None where a part of it is None."""
    for name in path.split("."):
        one = None if one is None else getattr(one, name)
    return one
