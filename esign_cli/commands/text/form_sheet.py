"""The information sheet of an application that is signed by hand, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from esign_cli.foundation import i18n
from esign_cli.foundation.dates import day
from esign_cli.foundation.i18n import N_, _
from esign_cli.renewals.application import Form, as_on_the_form

PORTAL = "https://portal.kamusm.gov.tr/bp/meb.go"

_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        N_("PERSON"),
        (
            ("national_id", N_("T.C. kimlik no")),
            ("given_name", N_("Given name")),
            ("family_name", N_("Family name")),
            ("birth_place", N_("Birth place")),
            ("birth_date", N_("Birth date")),
        ),
    ),
    (
        N_("APPLICATION"),
        (
            ("reason", N_("Reason of the application")),
            ("validity_years", N_("Validity")),
            ("card_reader", N_("Card reader")),
            ("channel", N_("Information by")),
        ),
    ),
    (
        N_("INSTITUTION"),
        (
            ("institution_name", N_("Institution name")),
            ("registry_no", N_("Registry number")),
            ("unit", N_("Unit")),
            ("title", N_("Title")),
        ),
    ),
    (
        N_("CONTACT"),
        (
            ("email", N_("E-mail")),
            ("mobile_phone", N_("Mobile phone")),
            ("mobile_operator", N_("Mobile operator")),
            ("work_phone", N_("Work phone")),
            ("work_extension", N_("Extension")),
            ("home_phone", N_("Home phone")),
        ),
    ),
)
_ADDRESS = (
    ("address", N_("Address")),
    ("province", N_("Province")),
    ("district", N_("District")),
    ("postal_code", N_("Postal code")),
)
_TODO = (
    N_("Fill in the application on the portal: {portal}"),
    N_("Choose “Yöntem 2, ıslak imzalı başvuru” (signed by hand) there."),
    N_(
        "Print the portal's own form and the commitment FORM-001-042, and sign both by hand. "
        "They are what counts; this sheet does not replace them."
    ),
    N_("Give the güvenlik sözcüğü on the portal only; do not write it on this sheet."),
)


def data(form: Form, today: date, version: str) -> dict[str, Any]:
    """Return what the template of the sheet is handed.

    The national id is whole: this is the person's own paper, who signs that it is right.
    """
    name = f"{form.given_name} {form.family_name}".strip()
    return {
        "lang": i18n.language(),
        "title": _("Information sheet of an e-imza application"),
        "subtitle": _("Yöntem 2: application signed by hand"),
        "notice": _(
            "This is not Kamu SM's form and does not replace it. The application is completed on "
            "the portal."
        ),
        "institution": form.institution_name,
        "groups": [{"title": _(title), "rows": _rows(form, rows)} for title, rows in _GROUPS],
        "address": {
            "title": _("ADDRESS, WHERE THE COURIER BRINGS THE CARD"),
            "rows": _rows(form, _ADDRESS),
        },
        "todo_title": _("WHAT TO DO"),
        "todo": [_(step).format(portal=PORTAL) for step in _TODO],
        "declaration": _("The data on this sheet are mine and are right."),
        "boxes": [_box(_("Applicant"), name), _box(_("Received at the directorate by"), "")],
        "foot": _("Prepared on {date} with esign {version}").format(
            date=day(today), version=version
        ),
        "copies": [_("Copy 1: stays at the directorate"), _("Copy 2: stays with the applicant")],
    }


def _rows(form: Form, fields: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"label": _(label), "value": as_on_the_form(key, getattr(form, key))}
        for key, label in fields
    ]


def _box(title: str, name: str) -> dict[str, str]:
    return {"title": title, "name": name, "date": _("Date"), "signature": _("Signature")}
