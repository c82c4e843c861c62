"""The report as JSON carries it; what is not known is null."""

from __future__ import annotations

from typing import Any

from esign_cli.commands.text import standing as standing_text
from esign_cli.outputs.json_data import pick
from esign_cli.renewals.report_summary import Change, Changes, Listed, Remembered, Summary


def as_json(summary: Summary) -> dict[str, Any]:
    """Return everything in it, national ids whole; months as YYYY-MM."""
    return {
        "on": summary.on.isoformat(),
        "province": summary.province,
        "district": summary.district or None,
        "roster": pick(summary, "as_of=roster_as_of"),
        **pick(summary, "people holders counts applications"),
        "months": [
            {"month": f"{first:%Y-%m}", "ending": count}
            for first, count in zip(summary.months, summary.ending, strict=True)
        ],
        "districts": [
            pick(one, "province=place.province district=place.district holders ending=months lists")
            for one in summary.districts
        ],
        **pick(summary, "only_new sizes"),
        "lists": {code: map(_listed, lines) for code, lines in summary.lists.items()},
        "audit_head": summary.audit_head or None,
        "changes": summary.changes and _changes(summary.changes),
    }


def _listed(one: Listed) -> dict[str, Any]:
    data = standing_text.as_json(one.standing)
    if one.application is not None:
        data["application"] = pick(one.application, "number state since approved")
    return data


def _changes(changes: Changes) -> dict[str, Any]:
    return {**pick(changes, "since counts"), "people": map(_change, changes.people)}


def _change(one: Change) -> dict[str, Any]:
    return {
        "national_id": one.listed.national_id,
        "name": one.listed.standing.name or None,
        "was": one.was and _remembered(one.was),
        "now": _remembered(one.now),
    }


def _remembered(one: Remembered) -> dict[str, Any]:
    return {"verdict": one.verdict.value, "lists": sorted(one.lists)}
