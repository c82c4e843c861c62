"""What verdicts, phases and reasons are called on screen, and the words that options take."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.standing import Phase, Verdict
from esign_cli.foundation.turkish import fold

VERDICTS: dict[Verdict, str] = {
    Verdict.ELIGIBLE: N_("Eligible for renewal"),
    Verdict.NEEDS_UPDATE: N_("MEBBİS record needs updating"),
    Verdict.UNDECIDED: N_("Undecided"),
    Verdict.APPLIED: N_("Application under way"),
    Verdict.NOT_DUE: N_("Not due yet"),
    Verdict.RENEWED: N_("Renewed, not begun yet"),
    Verdict.EXPIRED: N_("Expired"),
    Verdict.NO_CERTIFICATE: N_("No certificate known"),
    Verdict.NOT_ELIGIBLE: N_("Outside renewal"),
}
PHASES: dict[Phase, str] = {
    Phase.NONE: N_("No certificate known"),
    Phase.RENEWED: N_("Renewed, not begun yet"),
    Phase.NOT_DUE: N_("Not due yet"),
    Phase.OPEN: N_("Renewal is open"),
    Phase.LATE: N_("Past the last day to apply"),
    Phase.EXPIRED: N_("Expired"),
    Phase.REVOKED: N_("Revoked"),
}
REASONS: dict[str, str] = {
    "no-certificate": N_("No certificate known"),
    "not-in-roster": N_("Not in the personnel records"),
    "missing-from-latest": N_("Missing from the latest snapshot"),
    "left": N_("Left the service"),
    "transferred": N_("Transferred"),
    "assignment-ended": N_("Assignment has ended"),
    "end-date-missing": N_("Assignment has no end date"),
    "end-date-not-in-file": N_("The file has no end dates of assignments"),
    "status-unknown": N_("Unknown status word"),
    "away": N_("Not on duty"),
    "not-entitled": N_("Title or institution not entitled"),
    "application-open": N_("Application under way"),
    "expired": N_("Certificate has expired"),
    "revoked": N_("Certificate revoked or suspended"),
    "window-open": N_("Renewal is open"),
    "window-late": N_("Past the last day to apply"),
    "name-changed": N_("The certificate has another name"),
    "identity-conflict": N_("Two names under one national id"),
    "possible-duplicate": N_("Perhaps the same person twice"),
    "assignment-ends-soon": N_("Assignment ends soon"),
    "expires-today": N_("Certificate expires today"),
    "gap-expected": N_("The new card may come too late"),
    "serves-elsewhere": N_("Serves in another province"),
    "live-certificate": N_("Left, but the certificate is valid"),
    "roster-old": N_("MEBBİS export is old"),
    "marked": N_("Marked by the administrator"),
}
STATES: dict[str, str] = {
    "draft": N_("Draft"),
    "signed": N_("Signed"),
    "printed": N_("Printed"),
    "submitted": N_("Submitted"),
    "waiting": N_("Waiting for a MEBBİS correction"),
    "approved": N_("Approved"),
    "rejected": N_("Rejected"),
    "arrived": N_("Card at the directorate"),
    "returned": N_("Returned by the courier"),
    "delivered": N_("Delivered"),
    "active": N_("In use"),
    "cancelled": N_("Cancelled"),
}
APPLICATION_REASONS: dict[str, str] = {
    "renewal": N_("Renewal"),
    "lost": N_("Lost or stolen"),
    "other": N_("Another reason"),
    "first": N_("First application"),
}
MARKS: dict[str, str] = {"on-duty": N_("On duty"), "left": N_("Left the service")}

_VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.ELIGIBLE: "uygun|yenilemeye uygun",
    Verdict.NEEDS_UPDATE: "güncellenecek|MEBBİS kaydı güncellenecek",
    Verdict.UNDECIDED: "kararsız|karar verilemedi",
    Verdict.APPLIED: "başvurdu|başvurusu sürüyor",
    Verdict.NOT_DUE: "süresi var",
    Verdict.RENEWED: "yenilendi|yenilendi, başlangıcı bekleniyor",
    Verdict.EXPIRED: "süresi doldu|doldu",
    Verdict.NO_CERTIFICATE: "sertifika yok|sertifika bilgisi yok",
    Verdict.NOT_ELIGIBLE: "kapsam dışı|yenileme kapsamı dışında",
}
_STATE_WORDS: dict[str, str] = {
    "draft": "taslak",
    "signed": "imzalı|imzalandı",
    "printed": "basıldı|yazdırıldı",
    "submitted": "gönderildi",
    "waiting": "bekliyor|düzeltme bekliyor",
    "approved": "onaylandı|onaylı",
    "rejected": "reddedildi|ret",
    "arrived": "müdürlükte|geldi",
    "returned": "iade|iade edildi",
    "delivered": "teslim|teslim edildi",
    "active": "kullanımda|etkin",
    "cancelled": "iptal|iptal edildi|vazgeçildi",
}
_MARK_WORDS = {"on-duty": "görevde|görevinin başında", "left": "ayrıldı", "none": "yok|kaldır"}
_APPLICATION_REASON_WORDS: dict[str, str] = {
    "renewal": "yenileme",
    "lost": "kayıp|çalıntı|kayıp-çalıntı",
    "other": "diğer",
    "first": "ilk|ilk başvuru",
}
_PHASE_WORDS: dict[Phase, str] = {
    Phase.NONE: "yok|sertifika bilgisi yok",
    Phase.RENEWED: "yenilendi|yenilendi, başlangıcı bekleniyor",
    Phase.NOT_DUE: "süresi var",
    Phase.OPEN: "açık|yenileme dönemi açık",
    Phase.LATE: "geç|geçti|son başvuru tarihi geçti",
    Phase.EXPIRED: "doldu|süresi doldu",
    Phase.REVOKED: "iptal|iptal edilmiş",
}


def verdict(value: Verdict) -> str:
    return _(VERDICTS[value])


def phase(value: Phase) -> str:
    return _(PHASES[value])


def reason(code: str) -> str:
    return _(REASONS[code])


def state(code: str) -> str:
    """The state of an application; a state that has no name here is shown as it is."""
    return _(STATES[code]) if code in STATES else code


def application_reason(code: str) -> str:
    """Why an application is made; a reason that has no name here is shown as it is."""
    return _(APPLICATION_REASONS[code]) if code in APPLICATION_REASONS else code


def state_of(word: str) -> str | None:
    """The state of an application meant by a code or by a name in either language."""
    return _code_of(word, STATES, _STATE_WORDS)


def mark(word: str) -> str:
    return _(MARKS[word])


def mark_of(word: str) -> str | None:
    """The mark meant by a code or by a name in either language; "none" takes one away."""
    return _code_of(word, {**MARKS, "none": N_("none")}, _MARK_WORDS)


def application_reason_of(word: str) -> str | None:
    """The reason of an application meant by a code or by a name in either language."""
    return _code_of(word, APPLICATION_REASONS, _APPLICATION_REASON_WORDS)


def _code_of(word: str, names: dict[str, str], words: dict[str, str]) -> str | None:
    key = fold(word)
    return next((c for c in names if key in _keys(c, names[c], f"{words[c]}|{_(names[c])}")), None)


def verdict_of(word: str) -> Verdict | None:
    """The verdict meant by a code or by a Turkish or English name, in any spelling."""
    key = fold(word)
    return next((v for v in Verdict if key in _keys(v, VERDICTS[v], _VERDICT_WORDS[v])), None)


def phase_of(word: str) -> Phase | None:
    """The phase meant by a code or by a Turkish or English name, in any spelling."""
    key = fold(word)
    return next((p for p in Phase if key in _keys(p, PHASES[p], _PHASE_WORDS[p])), None)


def _keys(code: str, english: str, turkish: str) -> set[str]:
    return {fold(word) for word in (code, english, *turkish.split("|"))}
