"""The person who signs files: sees which, by whom and with what, and agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esign_cli.commands.signer.prompter import KeyPrompter
from esign_cli.foundation.i18n import _
from esign_cli.foundation.plain_text import one_line

if TYPE_CHECKING:
    from esign_cli.commands.sign.request import Confirmation

MOST_NAMED = 10
"""Of a longer batch only the first files are named one by one."""


class SignPrompter(KeyPrompter):
    """Who signs files, or the one line and the --yes that stand for them."""

    show_all = False
    """Every file is named, however many there are."""

    def agree(self, confirmation: Confirmation) -> None:
        """Show the signer and the files; raises Declined."""
        say = self._console.say
        say(_("FILES THAT WILL BE SIGNED: {count}").format(count=len(confirmation.waiting)))
        named = confirmation.waiting if self.show_all else confirmation.waiting[:MOST_NAMED]
        for item in named:
            say(f"    {one_line(str(item.path))} → {one_line(str(item.output))}")
            if item.document is not None:
                facts = {"size": item.document.size, "sha256": item.document.sha256}
                say("      " + _("Bytes: {size}, SHA-256 {sha256}").format(**facts))
        more = len(confirmation.waiting) - len(named)
        if more > 0:
            say("    " + _("and others, shown by --show-all: {count}").format(count=more))
        if confirmation.skipped:
            say(_("Signed before, passed over: {count}").format(count=confirmation.skipped))
        if confirmation.failed:
            say(_("Cannot be signed, passed over: {count}").format(count=confirmation.failed))
        if confirmation.level != "B-B":
            say(
                _("Level: {level}, with time stamps from the server").format(
                    level=confirmation.level
                )
            )
        self._show_signer(confirmation.candidate)
        self._warn_unqualified(confirmation.candidate)
        self._consent(_("Sign these files?"), confirmation.candidate)

    def progress(self, done: int, total: int) -> None:
        """Tell where the batch is."""
        self._console.progress(done, total)
