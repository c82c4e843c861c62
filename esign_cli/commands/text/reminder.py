"""What the channels, texts and histories of reminders are called."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_, _
from esign_cli.renewals.rules.reminders import Threshold

CHANNELS = {"email": N_("E-mail"), "sms": N_("SMS")}
TEXTS = {
    "renew": N_("Renew"),
    "update": N_("MEBBİS record first"),
    "confirm": N_("Has the new card come?"),
}
KEPT = {
    "claimed": N_("begun, and cut off"),
    "sent": N_("sent"),
    "failed": N_("failed"),
    "superseded": N_("superseded by a nearer one"),
}
"""How a reminder stands in a person's history."""
_UNITS = {
    "d": N_("days: {number}"),
    "w": N_("weeks: {number}"),
    "m": N_("months: {number}"),
}


def threshold(one: Threshold) -> str:
    """Return how long before the end."""
    return _(_UNITS[one.code[-1]]).format(number=one.code[:-1])
