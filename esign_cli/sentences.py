"""One table: what each error means to the user, what to do next, and the exit code.

Exit codes: 0 done · 1 a bug · 2 usage · 3 bad input · 4 no module, reader, card, certificate or a fault
of these · 5 PIN refused · 6 PIN locked or on its last try · 7 signature failed · 8 partly done ·
9 --fail-on met · 10 signature indeterminate · 11 environment · 12 refused by a rule or by the user ·
130 interrupted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from esign_cli import errors as e
from esign_cli.i18n import N_, _

BUG = 1
USAGE = 2
BAD_INPUT = 3
CARD = 4
PIN_REFUSED = 5
PIN_LOCKED = 6
SIGNATURE_FAILED = 7
PARTLY = 8
FAIL_ON = 9
INDETERMINATE = 10
ENVIRONMENT = 11
REFUSED = 12
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Sentence:
    """An exit code, a message with {facts} in it, and the next step."""

    exit_code: int
    what: str
    next: str = ""


SENTENCES: dict[type[e.EsignError], Sentence] = {
    # usage
    e.Usage: Sentence(USAGE, N_("{detail}")),
    e.UnknownProvince: Sentence(
        USAGE,
        N_("There is no province “{given}”."),
        N_("Give its name or plate code (for example --province batman or --province 72)."),
    ),
    e.BadDate: Sentence(
        USAGE, N_("“{given}” is not a date."), N_("Write it as YYYY-MM-DD or dd.mm.yyyy.")
    ),
    # files and environment
    e.FileMissing: Sentence(BAD_INPUT, N_("There is no file {path}.")),
    e.FileUnreadable: Sentence(BAD_INPUT, N_("The file {path} cannot be read: {detail}")),
    e.OutputExists: Sentence(
        REFUSED,
        N_("{path} is there already and was left as it is."),
        N_("Give another name with --output, or --force to replace it."),
    ),
    e.OutputFolderMissing: Sentence(
        ENVIRONMENT, N_("There is no folder {path} to write into."), N_("Make it first.")
    ),
    e.OutputUnwritable: Sentence(ENVIRONMENT, N_("{path} cannot be written: {detail}")),
    e.DiskFull: Sentence(
        ENVIRONMENT,
        N_("The disk is full: {path} was not written."),
        N_("Make room and run the command again; nothing was left half-done."),
    ),
    e.BinaryToTerminal: Sentence(
        USAGE, N_("{format} cannot be shown on a terminal."), N_("Name a file with --output.")
    ),
    e.NoTerminal: Sentence(
        USAGE,
        N_("There is no terminal to ask on: {wanted}"),
        N_("Answer it with {option}."),
    ),
    e.Declined: Sentence(REFUSED, N_("Stopped at your word; nothing was done.")),
    # config
    e.ConfigUnreadable: Sentence(
        BAD_INPUT, N_("The settings file {path} cannot be read: {detail}")
    ),
    e.UnknownSetting: Sentence(
        USAGE, N_("There is no setting “{key}” ({path})."), N_("`esign config` lists them all.")
    ),
    e.BadSetting: Sentence(
        USAGE, N_("The setting “{key}” cannot be “{value}” ({path})."), N_("Wanted: {wanted}")
    ),
    # database
    e.DatabaseNewer: Sentence(
        ENVIRONMENT,
        N_("The database {path} was written by a newer version of esign."),
        N_("Update esign; the database was not touched."),
    ),
    e.DatabaseUnreadable: Sentence(
        ENVIRONMENT, N_("The database {path} cannot be used: {detail}")
    ),
    e.DatabaseBusy: Sentence(
        ENVIRONMENT,
        N_("Another program has been writing to the database {path} for over {seconds} seconds."),
        N_("Wait until it ends and run the command again."),
    ),
    # child processes
    e.ChildDied: Sentence(
        ENVIRONMENT, N_("A helper process of esign ended unexpectedly ({program}).")
    ),
    e.ChildTimedOut: Sentence(
        ENVIRONMENT, N_("A helper process of esign did not answer in {seconds} seconds ({program}).")
    ),
    # certificates and signatures
    e.CertificateUnreadable: Sentence(
        CARD, N_("A certificate cannot be read: {detail}"), N_("Is it whole, and X.509?")
    ),
}


def sentence(error: e.EsignError) -> str:
    """What happened, in the user's language."""
    return _(SENTENCES[type(error)].what).format_map(_Facts(error.facts))


def next_step(error: e.EsignError) -> str:
    """What to do next, in the user's language; may be empty."""
    return _(SENTENCES[type(error)].next).format_map(_Facts(error.facts))


def exit_code(error: e.EsignError) -> int:
    """The process's exit code for this error."""
    return SENTENCES[type(error)].exit_code


class _Facts(dict[str, Any]):
    """Facts as they read in a sentence: lists joined, absent ones as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key) if key in self else self.__missing__(key)
        if isinstance(value, list | tuple):
            return ", ".join(map(str, value)) or "–"
        return "–" if value in (None, "") else value
