"""The commands by name, each loaded only when it is asked for.

A help page of the root names them all and loads none; a command loads its own module alone.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from esign_cli.cli import help
from esign_cli.foundation.i18n import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, where in `commands` it lies ("module:name"), and the first sentence of its page.

    The module has HELP beside a function, or the PAGES of a group beside an `app`.
    """

    name: str
    place: str
    short: str

    def load(self) -> tuple[Any, Any]:
        """Import its module; gives that and the function or app in it."""
        module_name, _colon, name = self.place.partition(":")
        module = import_module(f"esign_cli.commands.{module_name}")
        return module, getattr(module, name)


ENTRIES = (
    Entry(
        "setup",
        "setup.command:setup",
        N_("Set esign up for your directorate: province, form data, first workbook, card driver."),
    ),
    Entry(
        "check-card",
        "cards.check_command:check_card",
        N_("Read the certificates of every card in the readers, without a PIN."),
    ),
    Entry(
        "cards",
        "cards.list_command:cards",
        N_("List every card in the readers now: reader, card, holder, end, PIN."),
    ),
    Entry(
        "import",
        "imports.import_command:import_files",
        N_("Import MEBBİS workbooks: people, their duty records, certificate end dates."),
    ),
    Entry(
        "imports",
        "imports.history_command:app",
        N_("List the imports: when, which files, how many rows were new, changed, rejected."),
    ),
    Entry(
        "eligible",
        "eligible.command:eligible",
        N_(
            "List who may renew their e-signature now, and whose MEBBİS record needs updating first."
        ),
    ),
    Entry(
        "institutions",
        "institutions.command:institutions",
        N_("List the institutions with those who hold a valid e-imza, or those where nobody does."),
    ),
    Entry(
        "report",
        "report.command:report",
        N_(
            "Report how things stand: numbers, lists, expiries by month and district, and what changed."
        ),
    ),
    Entry(
        "check-form",
        "check_form.command:check_form",
        N_("Find everything that would stop an application on the portal, before it is made."),
    ),
    Entry(
        "sign-form",
        "sign_form.command:sign_form",
        N_("Sign the application for a new certificate with the card."),
    ),
    Entry(
        "print-form",
        "print_form.command:print_form",
        N_("Print the information sheet of an application that is signed by hand (Yöntem 2)."),
    ),
    Entry(
        "applications",
        "applications.command:app",
        N_("Follow applications from the first draft to the card in hand."),
    ),
    Entry(
        "person",
        "person.command:app",
        N_("See all that is known of one person, and add your own word to it."),
    ),
    Entry(
        "remind",
        "remind.command:remind",
        N_("Remind people by e-mail or SMS, in time, that their e-signature comes to an end."),
    ),
    Entry(
        "schedule",
        "schedule.command:schedule",
        N_("Let the system send reminders and make a backup each day, and report each Monday."),
    ),
    Entry(
        "template",
        "template.command:template",
        N_("Make an empty workbook to fill in: certificates, applications or cards."),
    ),
    Entry(
        "calendar",
        "calendar.command:calendar",
        N_("Write the days to come into a calendar file: last days to apply, ends, deliveries."),
    ),
    Entry(
        "purge",
        "purge.command:purge",
        N_("Delete what is kept of those who left before a day, or by the settings' rules (KVKK)."),
    ),
    Entry(
        "backup",
        "backup.command:backup",
        N_(
            "Make a backup: the database, the settings without secrets, the trust store, in one file."
        ),
    ),
    Entry(
        "restore",
        "restore.command:restore",
        N_("Restore a backup: it is checked as a whole before it replaces anything."),
    ),
    Entry(
        "audit",
        "audit.command:app",
        N_("Show who did what with whose data: one row a command, chained to the one before."),
    ),
    Entry(
        "database",
        "database.command:app",
        N_(
            "Show where the database lies, check or pack it; make, migrate and copy one of several desks."
        ),
    ),
    Entry(
        "sign",
        "sign.command:sign",
        N_("Sign files with the card: reports, approval lists, anything (CAdES)."),
    ),
    Entry(
        "verify",
        "verify.command:verify",
        N_(
            "Verify a CAdES signature: verdict first, then who signed, and each check with its evidence."
        ),
    ),
    Entry(
        "extend",
        "extend.command:extend",
        N_(
            "Extend a signature: time stamp, validation data, archive time stamp; nothing in it changes."
        ),
    ),
    Entry(
        "trust",
        "trust.command:app",
        N_("Keep the trust store: the roots that you accepted, and the sub-CAs below them."),
    ),
    Entry(
        "doctor",
        "doctor.command:doctor",
        N_("Look at everything that esign rests on, and say how to mend what does not hold."),
    ),
    Entry(
        "config", "config.command:app", N_("Show every setting in force and where it comes from.")
    ),
    Entry(
        "demo",
        "demo.command:demo",
        N_("Run the main job on made-up data, and look at every command and its output."),
    ),
)


START = Entry("", "start.command:start", "")
"""What `esign` alone runs."""


class Commands(MutableMapping[str, Any]):
    """The built commands by name, in the order of ENTRIES; built at the first look."""

    def __init__(self) -> None:
        self._entries = {entry.name: entry for entry in ENTRIES}
        self._built: dict[str, TyperCommand | TyperGroup] = {}

    def __getitem__(self, name: str) -> TyperCommand | TyperGroup:
        if name not in self._built:
            self._built[name] = _build(self._entries[name])
        return self._built[name]

    def __setitem__(self, name: str, command: TyperCommand | TyperGroup) -> None:
        self._built[name] = command

    def __delitem__(self, name: str) -> None:
        del self._entries[name]
        self._built.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def pages(entry: Entry) -> dict[str, str]:
    """Return the help texts of a command and its own commands by path, not yet translated."""
    module, _command = entry.load()
    return dict(getattr(module, "PAGES", None) or {entry.name: module.HELP})


def _build(entry: Entry) -> TyperCommand | TyperGroup:
    """The command as the parser wants it, in the user's language."""
    _module, loaded = entry.load()
    command: TyperCommand | TyperGroup
    if isinstance(loaded, typer.Typer):
        command = get_group(loaded)
    else:
        alone = typer.Typer(rich_markup_mode=None, add_completion=False)
        alone.command(entry.name, cls=help.Command)(loaded)
        command = get_command(alone)  # type: ignore[assignment]
    command.name = entry.name
    help.translate(command, pages(entry), entry.name)
    return command
