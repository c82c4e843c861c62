"""What the lists of a report are called, and the words that options take for them."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.turkish import fold
from esign_cli.outputs.tables import Tone
from esign_cli.renewals.report_summary import SHOULD_BE_EMPTY

NAMES: dict[str, str] = {
    "late": N_("Past the last day to apply"),
    "eligible": N_("Eligible for renewal"),
    "needs-update": N_("MEBBİS record needs updating"),
    "undecided": N_("Undecided"),
    "expired": N_("Expired"),
    "live-certificate": N_("Left, but the certificate is valid"),
    "stalled": N_("Applications to chase"),
    "overdue": N_("Overdue cards"),
}
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
}
_WORDS: dict[str, str] = {
    "late": "geç|geçti|gecikti",
    "eligible": "uygun",
    "needs-update": "güncellenecek",
    "undecided": "kararsız|karar verilemedi",
    "expired": "doldu|süresi doldu",
    "live-certificate": "ayrıldı|ayrılmış",
    "overdue": "gelmedi|geciken kart",
}


def name(code: str) -> str:
    """What a list is called."""
    return _(NAMES[code])


def heading(code: str, *, only_new: bool) -> str:
    """What stands over a list, or over those who are new in it."""
    return _("New: {list}").format(list=name(code)) if only_new else name(code)


def list_of(word: str) -> str | None:
    """The list that should be empty, by a code or a name in either language, in any spelling."""
    key = fold(word)
    for code in SHOULD_BE_EMPTY:
        words = (code, NAMES[code], _(NAMES[code]), *_WORDS[code].split("|"))
        if key in map(fold, words):
            return code
    return None
