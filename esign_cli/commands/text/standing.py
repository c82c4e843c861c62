"""Somebody's standing as a row of a file and as JSON."""

from __future__ import annotations

from typing import Any

from esign_cli.commands.text.reason import place, said
from esign_cli.foundation import turkish
from esign_cli.foundation.i18n import _
from esign_cli.foundation.standing import Standing
from esign_cli.outputs.json_data import pick, plain
from esign_cli.outputs.tables import Cell, Column, Kind
from esign_cli.renewals.verdict import CAUTIONS
from esign_cli.wording import labels


def columns() -> tuple[Column, ...]:
    """The columns of a file about people, which holds all that is known of why."""
    return (
        Column(_("National id"), Kind.ID),
        Column(_("Given name")),
        Column(_("Family name")),
        Column(_("Province")),
        Column(_("District")),
        Column(_("Institution")),
        Column(_("Title")),
        Column(_("Result")),
        Column(_("Reason")),
        Column(_("Warning")),
        Column(_("Phase")),
        Column(_("Valid until"), Kind.DATE),
        Column(_("Days left"), Kind.NUMBER),
        Column(_("Application")),
        Column(_("Application since"), Kind.DATE),
        Column(_("Source")),
    )


def row(one: Standing) -> tuple[Cell, ...]:
    """The cells under `columns`; the national id is whole."""
    person, record, application = one.facts.person, one.record, one.facts.application
    reasons = [r for r in one.reasons if r.code not in CAUTIONS]
    warnings = [r for r in one.reasons if r.code in CAUTIONS]
    known = person is not None and bool(person.full_name)
    return (
        one.facts.national_id,
        person.given_name if person and known else one.name,
        person.family_name if person else "",
        turkish.province_name(record.province) if record else "",
        record.district if record else "",
        record.institution if record else "",
        record.title if record else "",
        labels.verdict(one.verdict),
        "; ".join(map(said, reasons)),
        "; ".join(map(said, warnings)),
        labels.phase(one.phase),
        one.certificate.not_after if one.certificate else None,
        one.days_left,
        labels.state(application.state) if application else "",
        application.since if application else None,
        next((place(r.source) for r in reasons if r.source), ""),
    )


def as_json(one: Standing) -> dict[str, Any]:
    """The same as JSON carries it; what is not known is null."""
    return pick(
        one,
        "national_id=facts.national_id given_name=facts.person.given_name"
        " family_name=facts.person.family_name province=record.province district=record.district"
        " institution=record.institution verdict phase not_after=certificate.not_after days_left",
    ) | {
        "application": one.facts.application and pick(one.facts.application, "state since"),
        "reasons": plain(one.reasons),
    }
