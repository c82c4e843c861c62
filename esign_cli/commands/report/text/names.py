"""What the lists of a report are called, and the words that options take for them."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_, _
from esign_cli.outputs.tables import Tone
from esign_cli.wording.labels import LISTS

NOTES: dict[str, str] = {
    "late": N_("The last day to apply has passed, and nothing was submitted. Call these first."),
    "eligible": N_("They can renew on the portal now; those past the last day are among them."),
    "needs-update": N_("The özlük unit corrects the record first; then they can renew."),
    "undecided": N_("MEBBİS does not say enough of them. Ask, and mark them: esign person mark"),
    "expired": N_(
        "A first application, signed by hand (Yöntem 2). "
        "Whose application was never submitted is among them."
    ),
    "stalled": N_(
        "Opened and never submitted on the portal, or not approved while the certificate runs out."
    ),
    "live-certificate": N_("Whether to have it revoked is the directorate's decision."),
    "unconfirmed": N_(
        "The card was delivered long ago, and its certificate is not known. Ask whether it has"
        " come, and read it: esign check-card --save"
    ),
    "leavers": N_("Their applications should be given up, or the record set right."),
    "overdue": N_("Approved long ago, and the card has not come. The call centre: 444 5 576"),
}
TONES: dict[str, Tone] = {
    "late": Tone.BAD,
    "eligible": Tone.GOOD,
    "needs-update": Tone.NOTICE,
    "undecided": Tone.NOTICE,
    "expired": Tone.BAD,
    "live-certificate": Tone.NOTICE,
    "stalled": Tone.NOTICE,
    "overdue": Tone.BAD,
    "unconfirmed": Tone.NOTICE,
    "leavers": Tone.NOTICE,
}

name = LISTS.name


def heading(code: str, *, only_new: bool) -> str:
    """Return what stands over a list, or over those who are new in it."""
    return _("New: {list}").format(list=name(code)) if only_new else name(code)
