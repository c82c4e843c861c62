"""What a card holds, in the reader's words: a block for each certificate, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from esign_cli.foundation.dates import ISTANBUL, day
from esign_cli.foundation.i18n import N_, _, number
from esign_cli.foundation.turkish import mask, without_ids
from esign_cli.wording.fact_words import PIN_STATES, UNQUALIFIED
from esign_cli.wording.labels import PHASES
from esign_cli.wording.sentences import told

if TYPE_CHECKING:
    from esign_cli.commands.cards.check_job import CheckedCard, CheckedCertificate
    from esign_cli.commands.cards.list_job import SeenCard
    from esign_cli.commands.cards.watch_job import Seen
    from esign_cli.foundation.certificate import Certificate

STEPS = {
    "not-due": N_("Nothing until renewal opens: {opens}"),
    "open": N_("Apply for renewal on the portal. Last day: {deadline}"),
    "late": N_("Apply for renewal on the portal now. The last day was: {deadline}"),
    "expired": N_("It can no longer renew: a first application, signed by hand (Yöntem 2)."),
    "renewed": N_("Keep the card: the certificate is not valid yet. It begins: {begins}"),
    "superseded": N_("Nothing: the same person has a newer one here."),
    "seal": N_("Nothing: it is a company's seal and is not renewed as a person's e-imza."),
    "unqualified": N_("Nothing: it is no e-imza and is not renewed as one."),
    "other-authority": N_("Nothing here: it is renewed at its own authority."),
    "no-key": N_("Call 444 5 576: the card does not hold this certificate's key."),
}


def heading(card: CheckedCard, *, whole_ids: bool) -> Iterator[str]:
    """Yield the card itself: what it is called, and its PIN in words."""
    token = card.token
    label = token.label if whole_ids else without_ids(token.label)
    yield _("Card: {label} · {manufacturer} · serial {serial}").format(
        label=label, manufacturer=token.manufacturer, serial=token.serial
    )
    yield _("PIN: {state}").format(state=_(PIN_STATES[card.pin]))


def rows(card: SeenCard) -> Iterator[tuple[str, ...]]:
    """Yield the card in a table: a row for each certificate of a person, or one that says
    "none".
    """
    token = card.token
    cells = [
        (c.named() if c.seal else c.holder, c.issuer, day(c.not_after.astimezone(ISTANBUL).date()))
        for c in card.certificates
    ]
    state = "–" if token.problem else _(PIN_STATES[card.pin])
    for holder, issuer, end in cells or [("–", "–", "–")]:
        label = without_ids(token.label) or "–"
        serial = token.serial or "–"
        yield token.reader, label, serial, without_ids(holder), issuer, end, state


def line(seen: Seen, *, whole_ids: bool) -> str:
    """Return a card of a pile in one line: whose, of where, until when, and what the roster
    says.
    """
    if seen.checked is None:
        return f"{seen.token.reader}: {_problem(seen)}"
    certificate, place = seen.checked.certificate, seen.place
    parts = [
        certificate.holder if whole_ids else without_ids(certificate.holder),
        _identity(certificate, whole_ids=whole_ids),
        certificate.issuer,
        *([place.district or "–", place.institution or "–"] if place else []),
        day(certificate.not_after.astimezone(ISTANBUL).date()),
        _state(seen.checked),
        *([_("in the roster") if place.in_roster else _("NOT IN THE ROSTER")] if place else []),
        *([_("READ BEFORE")] if seen.again else []),
    ]
    return " · ".join(parts)


def _identity(certificate: Certificate, *, whole_ids: bool) -> str:
    """Whose it is by number: a person's TCKN, or a company's VKN, which is public."""
    if certificate.tax_number:
        return f"VKN {certificate.tax_number}"
    national_id = certificate.national_id
    return (national_id if whole_ids else mask(national_id)) or "–"


def _state(checked: CheckedCertificate) -> str:
    """Where the renewal of a person's e-imza stands, or what it is that is not renewed here."""
    return _(_OTHERS[checked.step]) if checked.step in _OTHERS else _(PHASES[checked.phase])


_OTHERS = {
    "seal": N_("company seal"),
    "unqualified": N_("not an e-imza"),
    "other-authority": N_("another authority's"),
}


def _problem(seen: Seen) -> str:
    problem = seen.problem
    return told(problem) if problem else "–"


def block(checked: CheckedCertificate, *, whole_ids: bool) -> Iterator[str]:
    """Yield one certificate, its labels in a column."""
    rows = list(_rows(checked, whole_ids=whole_ids))
    width = max(len(label) for label, _value in rows)
    for label, value in rows:
        yield f"  {label:<{width}}  {value}"


def _rows(checked: CheckedCertificate, *, whole_ids: bool) -> Iterator[tuple[str, str]]:
    certificate = checked.certificate
    begin, end = (t.astimezone(ISTANBUL) for t in (certificate.not_before, certificate.not_after))
    yield _("Holder"), certificate.holder if whole_ids else without_ids(certificate.holder)
    label = "VKN" if certificate.tax_number else _("Kimlik no")
    yield label, _identity(certificate, whole_ids=whole_ids).removeprefix("VKN ")
    yield _("Issuer"), certificate.issuer
    yield _("Valid"), f"{begin:%d.%m.%Y %H:%M} – {end:%d.%m.%Y %H:%M}"
    yield _("Days left"), number(checked.days_left)
    if checked.renewed_here:
        yield _("Phase"), _(PHASES[checked.phase])
        yield _("Renewal opens"), day(checked.opens)
        yield _("Last day to apply"), day(checked.deadline)
        if checked.working_day is not None:
            yield _("Working day before it"), day(checked.working_day)
    yield _("Key"), certificate.key
    yield _("Claims to be qualified"), _qualified(checked)
    yield (
        _("What to do"),
        _(STEPS[checked.step]).format(
            opens=day(checked.opens), deadline=day(checked.deadline), begins=day(begin.date())
        ),
    )
    if checked.saved is not None:
        yield _("Saved"), _("new") if checked.saved.new else _("known already")
        if checked.saved.listed is not None:
            yield (
                _("Mind"),
                _("An imported list gives another end: {date}").format(
                    date=day(checked.saved.listed)
                ),
            )


def _qualified(checked: CheckedCertificate) -> str:
    because = checked.certificate.unqualified_because
    if not because:
        return _("yes")
    return _("no: {reasons}").format(reasons="; ".join(_(UNQUALIFIED[code]) for code in because))
