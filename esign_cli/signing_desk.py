"""The person who signs an application: looks at the text, agrees, and gives what is secret."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from esign_cli import choosing, errors, pin, turkish
from esign_cli.clock import ISTANBUL
from esign_cli.i18n import _
from esign_cli.model import PinState, Reason, Verdict
from esign_cli.pin import Pin
from esign_cli.sentences import PIN_STATES
from esign_cli.wording import card_text, form_labels, labels

if TYPE_CHECKING:
    from esign_cli.application import Problem
    from esign_cli.choosing import Candidate
    from esign_cli.console import Console
    from esign_cli.jobs.sign_form import Shown


class SigningDesk:
    """Somebody at the terminal, or the two lines and the --yes that stand for them."""

    def __init__(self, console: Console, secrets: tuple[Pin, ...] | None, *, yes: bool) -> None:
        self._console, self._yes = console, yes
        self._word: Pin | None = None
        self._key_secret: Pin | None = None
        if secrets:
            self._word, self._key_secret = secrets
        self._from_stdin = secrets is not None

    def choose(self, candidates: Sequence[Candidate]) -> Candidate:
        """The number that is typed; without a terminal an option has to choose."""
        if not self._console.interactive:
            raise choosing.ambiguity(candidates)
        self._console.say(_("Several certificates could sign:"))
        for number, candidate in enumerate(candidates, 1):
            self._console.say(f"  {number}. {_choice(candidate)}")
        answer = self._console.ask(_("Which number?"), option="--cert")
        numbers = {str(number): candidate for number, candidate in enumerate(candidates, 1)}
        if answer.strip() not in numbers:
            raise errors.Declined
        return numbers[answer.strip()]

    def cannot_answer(self) -> bool:
        return not self._console.interactive

    def answer(self, problem: Problem, proposed: str) -> str:
        label = form_labels.field(problem.field)
        if problem.code != "missing":
            label += f" ({form_labels.problem(problem.code)})"
        return self._console.ask(label, option="--form", default=proposed)

    def security_word(self) -> str:
        if self._word is not None:
            return self._word.reveal()
        name = _("Güvenlik sözcüğü, a secret word for the call centre (hidden)")
        first = self._console.secret(name, option="--secrets-stdin")
        if first != self._console.secret(_("The same word again"), option="--secrets-stdin"):
            raise errors.BadSecurityWord
        return first

    def pin(self, state: PinState) -> Pin | None:
        """The PIN for one login: typed, or the one from standard input, which is given once."""
        if state is PinState.PIN_PAD:
            self._console.say(_("Type the PIN on the card reader."))
            return None
        if state is PinState.LOW:
            self._console.say(
                _("Mind: a wrong PIN was entered before. Repeated ones lock the card.")
            )
        if self._from_stdin:
            given, self._key_secret = self._key_secret, None
            if given is None:
                raise errors.PinWantedAgain
            return given
        question = _("PIN of the e-imza card (usually 6 digits; not your own password)")
        return pin.checked(self._console.secret(question, option="--secrets-stdin"), "pin")

    def passphrase(self) -> bytes:
        """The passphrase of the PKCS#12 file; it may be empty when it is typed."""
        if self._key_secret is not None:
            return self._key_secret.reveal().encode()
        question = _("Passphrase of the PKCS#12 file")
        return self._console.secret(question, option="--secrets-stdin").encode()

    def agree(self, shown: Shown) -> None:
        _show(self._console, shown)
        if self._yes:
            return
        if not self._console.confirm(_question(shown)):
            raise errors.Declined
        if shown.candidate.pin is PinState.LAST_TRY and not self._console.confirm(
            _("A wrong PIN now locks the card. Are you sure of the PIN?")
        ):
            raise errors.Declined


def _question(shown: Shown) -> str:
    if shown.standing.verdict is Verdict.ELIGIBLE:
        return _("Sign this text?")
    return _("The verdict is not “Eligible for renewal”. Sign this text all the same?")


def _show(console: Console, shown: Shown) -> None:
    """The exact text, who signs it and with what, the verdict, and where the file goes."""
    console.say(_("THE TEXT THAT WILL BE SIGNED (the güvenlik sözcüğü is hidden here):"))
    console.say()
    for line in shown.text.splitlines():
        console.say(f"    {line}")
    console.say()
    for label, value in _signer_lines(shown):
        console.say(f"{label}: {value}")
    standing = shown.standing
    console.say(_("Verdict: {verdict}").format(verdict=labels.verdict(standing.verdict)))
    for reason in standing.reasons:
        console.say(f"  · {_reason(reason)}")
    if standing.verdict is not Verdict.ELIGIBLE:
        console.say(
            _(
                "Warning: as things stand the province cannot approve this as a renewal. "
                "The signature itself is not stopped by that."
            )
        )
    _show_rest(console, shown)


def _reason(reason: Reason) -> str:
    """The reason with its value as people write it, and where it was read."""
    said, value = labels.reason(reason.code), reason.value
    with contextlib.suppress(ValueError):
        value = f"{date.fromisoformat(value):%d.%m.%Y}"
    if reason.field == "application":
        value = labels.state(value)
    if reason.field == "province":
        value = turkish.province_name(value)
    if value:
        said += f": {value}"
    source = reason.source
    if source is None:
        return said
    place = _("{file}, sheet {sheet}, row {row}")
    return f"{said} ({place.format(file=source.file, sheet=source.sheet, row=source.row)})"


def _signer_lines(shown: Shown) -> list[tuple[str, str]]:
    certificate = shown.certificate
    end = certificate.not_after.astimezone(ISTANBUL)
    token = shown.candidate.token_label
    lines = [
        (_("Signer"), f"{certificate.holder} ({turkish.mask(certificate.national_id)})"),
        (_("Issuer"), certificate.issuer),
        (_("Valid until"), f"{end:%d.%m.%Y %H:%M}"),
        (_("Key"), certificate.key),
        (_("SHA-256 of the certificate"), certificate.sha256),
    ]
    if not token:
        return lines
    pin_state = _(PIN_STATES[shown.candidate.pin])
    return [*lines, (_("Card"), card_text.without_ids(token)), ("PIN", pin_state)]


def _choice(candidate: Candidate) -> str:
    certificate = candidate.certificate
    end = certificate.not_after.astimezone(ISTANBUL)
    who = f"{certificate.holder} ({turkish.mask(certificate.national_id)})"
    return f"{who} · {end:%d.%m.%Y} · {card_text.without_ids(candidate.token_label)}"


def _show_rest(console: Console, shown: Shown) -> None:
    if not shown.certificate.qualified_claim:
        console.say(_("Warning: this certificate is not qualified; the signature proves nothing."))
    holder = shown.certificate.holder
    if holder and shown.name and turkish.fold(shown.name) != turkish.fold(holder):
        console.say(
            _(
                "Warning: the name on the form is not that of the certificate: {form} – {card}"
            ).format(form=shown.name, card=holder)
        )
    if missing := [form_labels.field(p.field) for p in shown.not_in_text if p.code == "missing"]:
        console.say(_("The portal will also ask for: {fields}").format(fields=", ".join(missing)))
    wrong = [
        f"{form_labels.field(p.field)} ({form_labels.problem(p.code)})"
        for p in shown.not_in_text
        if p.code != "missing"
    ]
    if wrong:
        console.say(_("To correct on the portal: {fields}").format(fields=", ".join(wrong)))
    console.say(_("The signed file will be: {path}").format(path=shown.output))
    if shown.commitment:
        path = shown.commitment
        console.say(_("The signed commitment will be: {path}").format(path=path))
