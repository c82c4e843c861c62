"""The report as JSON carries it; what is not known is null."""

from __future__ import annotations

from typing import Any

from esign_cli.commands.text import standing as standing_text
from esign_cli.renewals.report_summary import Change, Changes, District, Listed, Remembered, Summary


def as_json(summary: Summary) -> dict[str, Any]:
    """Everything in it, national ids whole; months as YYYY-MM."""
    as_of = summary.roster_as_of
    return {
        "on": summary.on.isoformat(),
        "province": summary.province,
        "district": summary.district or None,
        "roster": {"as_of": as_of.isoformat() if as_of else None},
        "people": summary.people,
        "holders": summary.holders,
        "counts": {verdict.value: count for verdict, count in summary.counts.items()},
        "applications": dict(summary.applications),
        "months": [
            {"month": f"{first:%Y-%m}", "ending": count}
            for first, count in zip(summary.months, summary.ending, strict=True)
        ],
        "districts": [_district(one) for one in summary.districts],
        "only_new": summary.only_new,
        "sizes": dict(summary.sizes),
        "lists": {code: list(map(_listed, lines)) for code, lines in summary.lists.items()},
        "changes": summary.changes and _changes(summary.changes),
    }


def _district(one: District) -> dict[str, Any]:
    return {
        "province": one.place.province or None,
        "district": one.place.district or None,
        "holders": one.holders,
        "ending": list(one.months),
        "lists": dict(one.lists),
    }


def _listed(one: Listed) -> dict[str, Any]:
    found = standing_text.as_json(one.standing)
    made = one.application
    if made is not None:
        found["application"] = {
            "number": made.number,
            "state": made.state,
            "since": made.since.isoformat(),
            "approved": made.approved.isoformat() if made.approved else None,
        }
    return found


def _changes(found: Changes) -> dict[str, Any]:
    return {
        "since": found.since.isoformat(),
        "counts": {verdict.value: count for verdict, count in found.counts.items()},
        "people": [_change(one) for one in found.people],
    }


def _change(one: Change) -> dict[str, Any]:
    return {
        "national_id": one.listed.national_id,
        "name": one.listed.standing.name or None,
        "was": one.was and _remembered(one.was),
        "now": _remembered(one.now),
    }


def _remembered(one: Remembered) -> dict[str, Any]:
    return {"verdict": one.verdict.value, "lists": sorted(one.lists)}
