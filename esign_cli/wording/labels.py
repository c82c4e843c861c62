"""What verdicts, phases and reasons are called on screen, and the words that options take."""

from __future__ import annotations

from typing import Any

from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.standing import Phase, Verdict
from esign_cli.wording.form_words import FIELDS
from esign_cli.wording.vocabulary import Vocabulary

VERDICTS = Vocabulary(
    {
        Verdict.ELIGIBLE: (N_("Eligible for renewal"), "uygun|yenilemeye uygun"),
        Verdict.NEEDS_UPDATE: (
            N_("MEBBİS record needs updating"),
            "düzeltilecek|önce MEBBİS kaydı düzeltilmeli|güncellenecek|MEBBİS kaydı güncellenecek",
        ),
        Verdict.UNDECIDED: (N_("Undecided"), "incelenmeli|kararsız|karar verilemedi"),
        Verdict.APPLIED: (
            N_("Application under way"),
            "başvurdu|başvurusu sürüyor|açık başvurusu var",
        ),
        Verdict.NOT_DUE: (N_("Not due yet"), "süresi var|yenileme zamanı gelmedi"),
        Verdict.RENEWED: (
            N_("Renewed, not begun yet"),
            "yenilendi|yenilendi, başlangıcı bekleniyor",
        ),
        Verdict.EXPIRED: (N_("Expired"), "süresi doldu|doldu"),
        Verdict.NO_CERTIFICATE: (N_("No certificate known"), "sertifika yok|sertifika bilgisi yok"),
        Verdict.NOT_ELIGIBLE: (N_("Outside renewal"), "kapsam dışı|yenileme kapsamı dışında"),
    }
)
PHASES = Vocabulary(
    {
        Phase.NONE: (N_("No certificate known"), "yok|sertifika bilgisi yok"),
        Phase.RENEWED: (N_("Renewed, not begun yet"), "yenilendi|yenilendi, başlangıcı bekleniyor"),
        Phase.NOT_DUE: (N_("Not due yet"), "süresi var|yenileme zamanı gelmedi"),
        Phase.OPEN: (N_("Renewal is open"), "açık|yenileme dönemi açık"),
        Phase.LATE: (N_("Past the last day to apply"), "geç|geçti|son başvuru tarihi geçti"),
        Phase.EXPIRED: (N_("Expired"), "doldu|süresi doldu"),
        Phase.REVOKED: (N_("Revoked"), "iptal|iptal edilmiş"),
    }
)
STATES = Vocabulary(
    {
        "draft": (N_("Draft"), "taslak"),
        "signed": (N_("Signed"), "imzalı|imzalandı"),
        "printed": (N_("Printed"), "basıldı|yazdırıldı"),
        "submitted": (N_("Submitted"), "gönderildi"),
        "waiting": (N_("Waiting for a MEBBİS correction"), "bekliyor|düzeltme bekliyor"),
        "approved": (N_("Approved"), "onaylandı|onaylı"),
        "rejected": (N_("Rejected"), "reddedildi|ret"),
        "arrived": (N_("Card at the directorate"), "müdürlükte|geldi"),
        "returned": (N_("Returned by the courier"), "iade|iade edildi"),
        "delivered": (N_("Delivered"), "teslim|teslim edildi"),
        "active": (N_("In use"), "kullanımda|etkin"),
        "cancelled": (N_("Cancelled"), "iptal|iptal edildi|vazgeçildi"),
    }
)
DATABASE_ROLES = {
    "owner": N_("owner"),
    "editor": N_("editor"),
    "reader": N_("reader"),
    "none": N_("no right"),
}
"""What somebody may do in a database on a server."""
APPLICATION_REASONS = Vocabulary(
    {
        "renewal": (N_("Renewal"), "yenileme"),
        "lost": (N_("Lost or stolen"), "kayıp|çalıntı|kayıp-çalıntı"),
        "other": (N_("Another reason"), "diğer"),
        "first": (N_("First application"), "ilk|ilk başvuru"),
    }
)
MARKS = Vocabulary(
    {
        "on-duty": (N_("On duty"), "görevde|görevinin başında"),
        "left": (N_("Left the service"), "ayrıldı"),
        "lost": (N_("Card lost"), "kayıp|kayboldu|çalındı"),
        "revoked": (N_("Certificate revoked"), "iptal|iptal edildi"),
        "none": (N_("none"), "yok|kaldır"),
    }
)
CHANNELS = Vocabulary({"email": (N_("E-mail"), "e-posta|eposta"), "sms": (N_("SMS"), "sms")})
LISTS = Vocabulary(
    {
        "late": (N_("Past the last day to apply"), "geç|geçti|gecikti"),
        "eligible": (N_("Eligible for renewal"), "uygun"),
        "needs-update": (N_("MEBBİS record needs updating"), "düzeltilecek|güncellenecek"),
        "undecided": (N_("Undecided"), "incelenmeli|kararsız|karar verilemedi"),
        "expired": (N_("Expired"), "doldu|süresi doldu"),
        "live-certificate": (N_("Left, certificate still valid"), "ayrıldı|ayrılmış"),
        "stalled": (N_("Applications to chase"), "takip|takip edilecek"),
        "overdue": (N_("Overdue cards"), "gelmedi|geciken-kart"),
        "unconfirmed": (N_("Delivered, new one not seen"), "görülmedi|yeni sertifika yok"),
        "leavers": (N_("Left with an application open"), "başvurusu açık"),
    }
)
"""What the lists of a report are called."""
STEPS = Vocabulary(
    {
        "submit": (N_("Submission"), "gönderim"),
        "wait": (N_("Wait for a correction"), "bekletme"),
        "approve": (N_("Approval"), "onay"),
        "reject": (N_("Rejection"), "ret"),
        "arrive": (N_("Arrival"), "geliş"),
        "return": (N_("Return by the courier"), "iade"),
        "deliver": (N_("Delivery"), "teslim"),
        "cancel": (N_("Cancellation"), "iptal"),
    }
)
"""Steps of an application: what is done, and by which command."""
TEMPLATES = Vocabulary(
    {
        "certificates": (N_("Certificates"), "sertifikalar"),
        "applications": (N_("Applications"), "başvurular"),
        "cards": (N_("Cards"), "kartlar"),
    }
)
SPLITS = Vocabulary({"district": (N_("District"), "ilçe")})
END_RULES = Vocabulary(
    {
        "needs-update": (N_("MEBBİS record needs updating"), "düzeltilmeli"),
        "ongoing": (N_("The assignment goes on"), "sürüyor"),
    }
)
_FIELD_WORDS = {
    "national_id": "kimlik no",
    "given_name": "ad|adı",
    "family_name": "soyad|soyadı",
    "birth_place": "doğum yeri",
    "birth_date": "doğum tarihi",
    "institution_name": "kurum adı",
    "registry_no": "sicil no",
    "unit": "birim",
    "title": "unvan",
    "address": "adres",
    "province": "il",
    "district": "ilçe",
    "postal_code": "posta kodu",
    "email": "e-posta",
    "work_phone": "iş telefonu",
    "work_extension": "dâhilî numara|dahili",
    "mobile_phone": "cep telefonu",
    "mobile_operator": "cep operatörü|operatör",
    "home_phone": "ev telefonu",
    "channel": "bilgilendirme",
    "reason": "başvuru nedeni",
    "card_reader": "kart okuyucu",
    "validity_years": "geçerlilik süresi",
}
FORM_FIELDS = Vocabulary({key: (name, _FIELD_WORDS[key]) for key, name in FIELDS.items()})
"""The fields of the application form, as a setting takes them."""
SECURITIES = Vocabulary(
    {"starttls": ("STARTTLS", ""), "tls": ("TLS", ""), "none": (N_("none"), "yok")}
)
"""How a mail server is spoken to."""
BODY_FORMATS = Vocabulary(
    {
        "json": ("JSON", ""),
        "form": ("form", ""),
        "xml": ("XML", ""),
        "text": (N_("text"), "düz metin"),
    }
)
"""How the body of a request to an SMS gateway is written."""
PROXIES = Vocabulary({"none": (N_("none"), "yok")})
"""What stands for a proxy beside its address."""
YES_NO = Vocabulary({"true": (N_("yes"), "evet"), "false": (N_("no"), "hayır")})
OFFERED: dict[str, Vocabulary[Any]] = {
    "--verdict": VERDICTS,
    "--phase": PHASES,
    "--state": STATES,
    "--reason": APPLICATION_REASONS,
    "--channel": CHANNELS,
    "MARK": MARKS,
    "NAME": TEMPLATES,
    "--split": SPLITS,
    "--fail-on": LISTS,
    "renewal.open_ended": END_RULES,
    "form_optional": FORM_FIELDS,
    "network.proxy": PROXIES,
    "smtp.security": SECURITIES,
    "sms.body_format": BODY_FORMATS,
}
"""The words that each option, or setting, takes."""
DOCTOR_LEVELS = {"ok": N_("OK"), "warning": N_("WARNING"), "error": N_("ERROR")}
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
    "revoked": N_("Certificate revoked, suspended or lost"),
    "window-open": N_("Renewal is open"),
    "window-late": N_("Past the last day to apply"),
    "name-changed": N_("The certificate has another name"),
    "identity-conflict": N_("Two names under one national id"),
    "possible-duplicate": N_("Perhaps the same person twice"),
    "assignment-ends-soon": N_("Assignment ends soon"),
    "expires-today": N_("Certificate expires today"),
    "gap-expected": N_("The new card may come too late"),
    "deadline-on-holiday": N_("Last day on a holiday; working day before it"),
    "serves-elsewhere": N_("Serves in another province"),
    "live-certificate": N_("Left, certificate still valid"),
    "roster-old": N_("MEBBİS export is old"),
    "marked": N_("Marked by the administrator"),
    "other-authority": N_("Also holds a certificate of another authority"),
    "issuer-unknown": N_("The certificate's authority is not known"),
    "new-certificate-not-seen": N_("Card delivered, new certificate not seen"),
    "application-of-leaver": N_("Left with an application open"),
}

_WARNING_WORDS = {
    "name-changed": "adı-değişen",
    "gap-expected": "yetişmeyebilir",
    "assignment-ends-soon": "görevi-bitecek",
    "live-certificate": "sertifikası-geçerli",
    "deadline-on-holiday": "tatilde",
    "missing-from-latest": "dökümde-yok",
    "serves-elsewhere": "başka-ilde",
    "window-late": "geç",
    "other-authority": "başka-sağlayıcı",
}
WARNINGS = Vocabulary(
    {code: (name, _WARNING_WORDS.get(code, "")) for code, name in REASONS.items()}
)
"""Reasons and warnings as an option takes them."""
OFFERED["--warning"] = WARNINGS

verdict = VERDICTS.name
phase = PHASES.name
state = STATES.name
application_reason = APPLICATION_REASONS.name
mark = MARKS.name


def reason(code: str) -> str:
    return _(REASONS[code])
