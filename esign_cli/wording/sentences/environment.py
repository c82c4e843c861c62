"""What is said of errors: environment."""

from __future__ import annotations

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.environment import (
    AlreadyRunning,
    BinaryToTerminal,
    ChildDied,
    ChildTimedOut,
    Declined,
    DemoFolderInUse,
    DemoStepFailed,
    DiskFull,
    FileMissing,
    FileUnreadable,
    HomeMissing,
    NoTerminal,
    OutputExists,
    OutputFolderMissing,
    OutputUnwritable,
    SoftTokenFailed,
)
from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences.sentence import Sentence

SENTENCES: dict[type[EsignError], Sentence] = {
    FileMissing: Sentence(N_("There is no file {path}.")),
    FileUnreadable: Sentence(N_("The file {path} cannot be read: {detail}")),
    OutputExists: Sentence(
        N_("{path} is there already and was left as it is."),
        N_("Give another name, or --force to replace it."),
    ),
    OutputFolderMissing: Sentence(
        N_("There is no folder {path} to write into."), N_("Make it first.")
    ),
    OutputUnwritable: Sentence(N_("{path} cannot be written: {detail}")),
    HomeMissing: Sentence(
        N_("This account's home folder is not there: {path}"),
        N_("Nothing was written. Name the database with --db and the settings with --config."),
    ),
    DiskFull: Sentence(
        N_("The disk is full: {path} was not written."),
        N_("Make room and run the command again; nothing was left half-done."),
    ),
    BinaryToTerminal: Sentence(
        N_("{format} cannot be shown on a terminal."), N_("Name a file with --output.")
    ),
    NoTerminal: Sentence(
        N_("There is no terminal to ask on: {wanted}"),
        N_("Answer it with {option}."),
    ),
    AlreadyRunning: Sentence(
        N_("esign {what} is running already, and this run did nothing."),
        N_("Wait until it ends. The lock is on {path}; it ends with its run."),
    ),
    Declined: Sentence(N_("Stopped at your word; nothing was done.")),
    ChildDied: Sentence(N_("A helper process of esign ended unexpectedly ({program}).")),
    ChildTimedOut: Sentence(
        N_("A helper process of esign did not answer in {seconds} seconds ({program})."),
    ),
    SoftTokenFailed: Sentence(
        N_("SoftHSM2 could not make a software token: {detail}"),
        N_("With --p12 the demo does without it."),
    ),
    DemoStepFailed: Sentence(N_("The demo stopped at: {command} (exit code {status})")),
    DemoFolderInUse: Sentence(
        N_("The folder {path} has files in it that the demo did not make."),
        N_("Name an empty folder, or one that does not exist yet."),
    ),
}
