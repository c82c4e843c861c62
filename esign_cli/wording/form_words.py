"""The fields of the application form, and the codes of what is wrong with them, in words."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_

FIELDS: dict[str, str] = {
    "national_id": N_("T.C. kimlik no"),
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "birth_place": N_("Birth place"),
    "birth_date": N_("Birth date (dd.mm.yyyy)"),
    "institution_name": N_("Institution name (the directorate's, not the school's)"),
    "registry_no": N_("Registry number"),
    "unit": N_("Unit"),
    "title": N_("Title"),
    "address": N_("Address, where the courier brings the card"),
    "province": N_("Province"),
    "district": N_("District"),
    "postal_code": N_("Postal code"),
    "email": N_("E-mail"),
    "work_phone": N_("Work phone"),
    "work_extension": N_("Extension"),
    "mobile_phone": N_("Mobile phone"),
    "mobile_operator": N_("Mobile operator"),
    "home_phone": N_("Home phone"),
    "channel": N_("Information by (email, sms or both)"),
    "reason": N_("Reason (renewal, lost, other or first)"),
    "card_reader": N_("Card reader"),
    "validity_years": N_("Validity in years"),
}
PROBLEMS: dict[str, str] = {
    "missing": N_("missing"),
    "not-understood": N_("is written in a way that is not understood"),
    "control-character": N_("has a character that cannot be seen"),
    "not-a-national-id": N_("is not a T.C. kimlik no"),
    "not-an-email": N_("is not an e-mail address"),
    "not-a-mobile": N_("is not a Turkish mobile number"),
    "not-a-postal-code": N_("is not a postal code of five digits"),
    "postal-code-elsewhere": N_("belongs to another province"),
    "not-a-province": N_("is not a province"),
    "birth-date-impossible": N_("cannot be right"),
    "differs-from-roster": N_("is not what the personnel records say"),
    "differs-from-card": N_("is not the name on the certificate"),
    "not-in-roster": N_("is not in the personnel records"),
    "identity-conflict": N_("stands in the records with two names"),
    "possible-duplicate": N_("is perhaps a slip of the finger: another has the same name"),
}
