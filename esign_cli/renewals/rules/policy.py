"""What a directorate may set about renewals: thresholds, words, who is entitled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from esign_cli.foundation.people import StatusClass
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


@dataclass(frozen=True)
class Policy:
    """The thresholds and words by which everybody is judged; the defaults are the seed rules.

    Every field is a setting of the same name under `renewal.` (status_words: `words.status`).
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
    entitled_titles: tuple[str, ...] = ()
    """Titles whose holders may have an e-signature, in any spelling; empty: every title."""
    entitled_institutions: tuple[str, ...] = ()
    """Institutions, by code or name, whose people may have one; empty: every institution."""
    status_words: Mapping[str, StatusClass] = field(default_factory=lambda: STATUS_WORDS)
    """Folded MEBBİS word to its class."""

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

    @cached_property
    def _told(self) -> dict[str, StatusClass]:
        return {"": StatusClass.WORKING}

    @cached_property
    def _titles(self) -> frozenset[str]:
        return frozenset(map(fold, self.entitled_titles))

    @cached_property
    def _institutions(self) -> frozenset[str]:
        return frozenset(map(fold, self.entitled_institutions))
