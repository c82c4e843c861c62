"""What a directorate may set about renewals: thresholds, words, who is entitled."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from esign_cli.foundation.standing import StatusClass
from esign_cli.foundation.turkish import fold

_WORDS = {
    StatusClass.WORKING: ("Görevde", "Aday", "İzinde", "Aktif"),
    StatusClass.AWAY: ("Ücretsiz İzinde", "Aylıksız İzin", "Askerde", "Açıkta"),
    StatusClass.LEFT: (
        "Emekli",
        "Ayrılmış",
        "Ayrıldı",
        "İstifa",
        "Müstağfi",
        "Vefat",
        "Pasif",
    ),
    StatusClass.TRANSFERRED: ("Nakil",),
}
STATUS_WORDS: Mapping[str, StatusClass] = {
    fold(word): kind for kind, words in _WORDS.items() for word in words
}
"""MEBBİS status words that are known, folded; any other is `unknown` and never guessed."""


class Authority(StrEnum):
    """Whose certificate it is: of the authority that renews here, of another, or not known."""

    OWN = "own"
    OTHER = "other"
    UNKNOWN = "unknown"


KAMU_SM = ("Kamu Elektronik Sertifika Hizmet Sağlayıcısı",)
OTHER_AUTHORITIES = (
    "E-Güven",
    "Elektronik Bilgi Güvenliği",
    "E-Tuğra",
    "EBG Bilişim",
    "TÜRKTRUST",
    "e-imzaTR",
    "EİMZATR",
)
"""Authorities of private e-signatures in Turkey, by what their names hold."""


@dataclass(frozen=True)
class Policy:
    """The thresholds and words by which everybody is judged; the defaults are the seed rules.

    Every field is a setting of the same name under `renewal.` (status_words: `words.status`;
    holidays: `renewal.extra_holidays` beside those that the law names).
    """

    opens_months_before: int = 3
    """Calendar months before the certificate's end from which it can be renewed."""
    deadline_months_before: int = 1
    """Calendar months before the end by which it should have been."""
    kadro_suffices: bool = False
    """Whether a working post of one's own makes up for an assignment that has ended."""
    open_ended: str = "needs-update"
    """An empty end cell of the governing assignment: "needs-update", or "ongoing"."""
    ends_soon_days: int = 30
    """An assignment that ends within these days is warned of."""
    delivery_days: int = 15
    """Days a new card takes; a certificate that ends earlier leaves a gap, a card that takes longer
    is overdue."""
    submission_days: int = 7
    """An application that was opened and is not submitted after so many days is to be chased."""
    roster_old_days: int = 30
    """A roster older than this is warned of."""
    approval_roster_days: int = 7
    """An application is approved only on a roster that is no older than this."""
    validity_years: int = 3
    """How long a certificate is valid, where only its end is known."""
    latest_end_months: int = 40
    """Calendar months from today within which an end date is believed: renewal opens early, and the
    new certificate may begin only when the old one ends."""
    unconfirmed_days: int = 30
    """So many days after its delivery a card is believed without its certificate having been
    seen."""
    issuers: tuple[str, ...] = KAMU_SM
    """How the names of those begin whose certificates are renewed here, in any spelling."""
    other_issuers: tuple[str, ...] = OTHER_AUTHORITIES
    """What the names of other authorities hold: theirs are never renewed here."""
    entitled_titles: tuple[str, ...] = ()
    """Titles whose holders may have an e-signature, in any spelling; empty: every title."""
    entitled_institutions: tuple[str, ...] = ()
    """Institutions, by code or name, whose people may have one; empty: every institution."""
    status_words: Mapping[str, StatusClass] = field(default_factory=lambda: STATUS_WORDS)
    """Folded MEBBİS word to its class."""
    holidays: Container[date] = field(default=frozenset(), compare=False)
    """Days, besides Saturdays and Sundays, on which offices do not work."""

    def status(self, word: str) -> StatusClass:
        """Return the class of a status word; an empty one is working (the file has no such
        column).
        """
        known = self._told.get(word)
        if known is None:
            known = self.status_words.get(fold(word), StatusClass.UNKNOWN)
            self._told[word] = known
        return known

    def entitles(self, title: str, institution: str, institution_code: str) -> bool:
        """Return whether a holder of this title at this institution may have an e-signature."""
        return (not self._titles or fold(title) in self._titles) and (
            not self._institutions
            or fold(institution) in self._institutions
            or fold(institution_code) in self._institutions
        )

    @property
    def entitles_all(self) -> bool:
        """Whether nobody is excluded by title or institution."""
        return not (self.entitled_titles or self.entitled_institutions)

    def authority(self, issuer: str) -> Authority:
        """Return whose certificates this issuer's are; a list names no issuer, and counts."""
        known = self._authorities.get(issuer)
        if known is None:
            known = self._authorities[issuer] = self._authority(fold(issuer))
        return known

    def _authority(self, name: str) -> Authority:
        if any(map(name.startswith, map(fold, self.issuers))):
            return Authority.OWN
        other = any(fold(part) in name for part in self.other_issuers)
        return Authority.OTHER if other else Authority.UNKNOWN

    @cached_property
    def _authorities(self) -> dict[str, Authority]:
        return {"": Authority.OWN}

    @cached_property
    def _told(self) -> dict[str, StatusClass]:
        return {"": StatusClass.WORKING}

    @cached_property
    def _titles(self) -> frozenset[str]:
        return frozenset(map(fold, self.entitled_titles))

    @cached_property
    def _institutions(self) -> frozenset[str]:
        return frozenset(map(fold, self.entitled_institutions))
