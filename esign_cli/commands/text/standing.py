"""Somebody's standing as a row of a file and as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from esign_cli.commands.text.reason import all_said, place
from esign_cli.foundation import turkish
from esign_cli.foundation.i18n import N_
from esign_cli.foundation.standing import Phase, Standing, Verdict
from esign_cli.outputs.json_data import pick, plain
from esign_cli.outputs.tables import Kind, Tone
from esign_cli.outputs.tables.columns import ColumnSpec
from esign_cli.renewals.verdict import CAUTIONS
from esign_cli.wording import labels

_TONES = {
    Verdict.ELIGIBLE: Tone.GOOD,
    Verdict.RENEWED: Tone.GOOD,
    Verdict.NEEDS_UPDATE: Tone.NOTICE,
    Verdict.UNDECIDED: Tone.NOTICE,
    Verdict.EXPIRED: Tone.BAD,
}


def tone(one: Standing) -> Tone:
    """Return how urgent somebody's verdict is: green, yellow, red where there is colour."""
    late = one.phase is Phase.LATE and one.verdict in (Verdict.ELIGIBLE, Verdict.NEEDS_UPDATE)
    return Tone.BAD if late else _TONES.get(one.verdict, Tone.PLAIN)


def due(one: Standing, on: date) -> bool:
    """Return whether that day is the last to apply, or the certificate's last."""
    end = one.certificate.not_after if one.certificate else None
    return on in (one.deadline, end)


def _given_name(one: Standing) -> str:
    person = one.facts.person
    return person.given_name if person and person.full_name else one.name


def _said(one: Standing, *, warnings: bool) -> str:
    return all_said(r for r in one.reasons if (r.code in CAUTIONS) is warnings)


def _state(one: Standing) -> str:
    application = one.facts.application
    return labels.state(application.state) if application else ""


def _place(one: Standing) -> str:
    sources = (r.source for r in one.reasons if r.code not in CAUTIONS and r.source)
    return place(next(sources, None))


COLUMNS = (
    ColumnSpec(N_("National id"), "facts.national_id", Kind.ID),
    ColumnSpec(N_("Given name"), _given_name),
    ColumnSpec(N_("Family name"), "facts.person.family_name"),
    ColumnSpec(
        N_("Province"), lambda one: one.record and turkish.province_name(one.record.province)
    ),
    ColumnSpec(N_("District"), "record.district"),
    ColumnSpec(N_("Institution"), "record.institution"),
    ColumnSpec(N_("Title"), "record.title"),
    ColumnSpec(N_("Mobile phone"), "facts.person.mobile_phone", Kind.PHONE),
    ColumnSpec(N_("E-mail"), "facts.person.email"),
    ColumnSpec(N_("Result"), lambda one: labels.verdict(one.verdict)),
    ColumnSpec(N_("Reason"), lambda one: _said(one, warnings=False)),
    ColumnSpec(N_("Warning"), lambda one: _said(one, warnings=True)),
    ColumnSpec(N_("Phase"), lambda one: labels.phase(one.phase)),
    ColumnSpec(N_("Valid until"), "certificate.not_after", Kind.DATE),
    ColumnSpec(N_("Days left"), "days_left", Kind.NUMBER),
    ColumnSpec(N_("Last day to apply"), "deadline", Kind.DATE),
    ColumnSpec(N_("Working day before it"), "working_day", Kind.DATE),
    ColumnSpec(N_("Issuer"), "certificate.issuer"),
    ColumnSpec(N_("Application"), _state),
    ColumnSpec(N_("Application since"), "facts.application.since", Kind.DATE),
    ColumnSpec(N_("Source"), _place),
)
"""A file about people: all that is known of why, national ids whole."""


def as_json(one: Standing) -> dict[str, Any]:
    """Return the same as JSON carries it; what is not known is null."""
    return pick(
        one,
        "national_id=facts.national_id given_name=facts.person.given_name"
        " family_name=facts.person.family_name province=record.province district=record.district"
        " institution=record.institution mobile_phone=facts.person.mobile_phone"
        " email=facts.person.email verdict phase not_after=certificate.not_after days_left deadline"
        " working_day issuer=certificate.issuer",
    ) | {
        "application": one.facts.application and pick(one.facts.application, "state since"),
        "reasons": plain(one.reasons),
    }
