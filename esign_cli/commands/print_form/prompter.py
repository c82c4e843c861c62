"""Whoever prints a sheet to be signed by hand: is asked for what is missing, sees the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esign_cli.commands.signer import form_prompts
from esign_cli.commands.signer.form_prompts import FormPrompter
from esign_cli.foundation.i18n import _
from esign_cli.foundation.standing import Verdict

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.commands.print_form.job import Confirmation


class PrintFormPrompter(FormPrompter):
    """The administrator at the printer, or the --yes that stands for one."""

    def __init__(self, console: Console, *, yes: bool, by_name: bool = False) -> None:
        self._console = console
        self._yes = yes
        self._by_name = by_name

    def agree(self, confirmation: Confirmation) -> None:
        """Show the verdict; ask where an application would come to nothing or is there already, or
        where a name alone says whose it is.
        """
        console, verdict = self._console, confirmation.standing.verdict
        form_prompts.show_standing(console, confirmation.standing)
        if verdict is Verdict.APPLIED:
            console.say(form_prompts.under_way())
        if confirmation.against:
            console.say(_("Warning: as things stand the province cannot approve this application."))
        if verdict is Verdict.EXPIRED and confirmation.form.reason == "renewal":
            console.say(
                _("Warning: an expired certificate cannot be renewed: a first application is due.")
            )
        for line in form_prompts.said_of_rest(confirmation.not_wanted):
            console.say(line)
        doubtful = confirmation.against or verdict is Verdict.APPLIED
        question = _("Print the sheet all the same?") if doubtful else _("Print the sheet?")
        if doubtful or self._by_name:
            console.agree(question, yes=self._yes)
