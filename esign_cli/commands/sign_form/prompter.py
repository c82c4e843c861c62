"""The person who signs an application: looks at the text, agrees, and gives what is secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esign_cli.commands.signer import form_prompts
from esign_cli.commands.signer.form_prompts import FormPrompter
from esign_cli.commands.signer.prompter import MOST_TRIES, KeyPrompter
from esign_cli.foundation import turkish
from esign_cli.foundation.errors.renewals import BadSecurityWord
from esign_cli.foundation.i18n import _
from esign_cli.foundation.pin import Pin
from esign_cli.foundation.standing import Verdict

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.commands.sign_form.request import Confirmation


class SignFormPrompter(FormPrompter, KeyPrompter):
    """Who signs an application, or the two lines and the --yes that stand for them."""

    stdin_option = "--secrets-stdin"

    def __init__(
        self, console: Console, secrets: tuple[Pin, ...], *, yes: bool, as_given: bool = False
    ) -> None:
        super().__init__(console, secrets[1] if secrets else None, yes=yes, as_given=as_given)
        self._word = secrets[0] if secrets else None

    def security_word(self) -> str:
        if self._word is not None:
            return self._word.reveal()
        name = _("Güvenlik sözcüğü, a secret word for the call centre (hidden)")
        for left in reversed(range(MOST_TRIES)):
            first = self._console.secret(name, option="--secrets-stdin")
            if first == self._console.secret(_("The same word again"), option="--secrets-stdin"):
                return first
            if left:
                self._console.say(_("The two words are not the same. Type both once more."))
        raise BadSecurityWord

    def agree(self, confirmation: Confirmation) -> None:
        """Show the exact text, who signs it and with what, the verdict, and where it goes."""
        say = self._console.say
        say(_("THE TEXT THAT WILL BE SIGNED (the güvenlik sözcüğü is hidden here):"))
        say()
        for line in confirmation.text.splitlines():
            say(line, indent=4)
        say()
        self._show_signer(confirmation.candidate)
        form_prompts.show_standing(self._console, confirmation.standing)
        _warn(self._console, confirmation.standing.verdict)
        self._warn_unqualified(confirmation.candidate)
        _show_rest(self._console, confirmation)
        self.whose(confirmation.standing)
        self._consent(_question(confirmation), confirmation.candidate)


def _question(confirmation: Confirmation) -> str:
    if confirmation.standing.verdict is Verdict.ELIGIBLE:
        return _("Sign this text?")
    return _("The verdict is not “Eligible for renewal”. Sign this text all the same?")


def _warn(console: Console, verdict: Verdict) -> None:
    if verdict is Verdict.APPLIED:
        console.say(form_prompts.under_way())
    elif verdict is not Verdict.ELIGIBLE:
        console.say(
            _(
                "Warning: as things stand the province cannot approve this as a renewal. "
                "The signature itself is not stopped by that."
            )
        )


def _show_rest(console: Console, confirmation: Confirmation) -> None:
    holder = confirmation.certificate.holder
    if holder and confirmation.name and turkish.fold(confirmation.name) != turkish.fold(holder):
        console.say(
            _(
                "Warning: the name on the form is not that of the certificate: {form} – {card}"
            ).format(form=confirmation.name, card=holder)
        )
    for line in form_prompts.said_of_rest(confirmation.not_in_text):
        console.say(line)
    console.say(_("The signed file will be: {path}").format(path=confirmation.output))
    if confirmation.commitment:
        path = confirmation.commitment
        console.say(_("The signed commitment will be: {path}").format(path=path))
