"""What is said of errors: environment."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "file-missing": Sentence(N_("There is no file {path}.")),
    "file-unreadable": Sentence(N_("The file {path} cannot be read: {detail}")),
    "folder-gone": Sentence(
        N_("The folder that you are in is not there any more."),
        N_("Change to another folder, and run the command again."),
    ),
    "memory-short": Sentence(
        N_("This computer has too little memory for that."),
        N_("Close other programs, or give a smaller file."),
    ),
    "output-exists": Sentence(
        N_("{path} is there already and was left as it is."),
        N_("Give another name, or --force to replace it."),
    ),
    "output-folder-missing": Sentence(
        N_("There is no folder {path} to write into."), N_("Make it first.")
    ),
    "output-unwritable": Sentence(N_("{path} cannot be written: {detail}")),
    "name-too-long": Sentence(
        N_("{path} cannot be written: its name has {bytes} bytes, and {longest} are possible."),
        N_(
            "Shorten the name; ş, ğ, ı, İ, ç, ö, ü count two. A signature is named after its "
            "document: rename that."
        ),
    ),
    "others-may-write": Sentence(
        N_("Another user of this computer can change {path}; it is not used."), N_("{command}")
    ),
    "home-missing": Sentence(
        N_("This account's home folder is not there: {path}"),
        N_("Nothing was written. Name the database with --db and the settings with --config."),
    ),
    "home-unknown": Sentence(
        N_("This account has no home folder: neither HOME nor the list of accounts names one."),
        N_("Set HOME, or name the database with --db and the settings with --config."),
    ),
    "disk-full": Sentence(
        N_("The disk is full: {path} was not written."),
        N_("Make room and run the command again; nothing was left half-done."),
    ),
    "binary-to-terminal": Sentence(
        N_("{format} cannot be shown on a terminal."), N_("Name a file with --output.")
    ),
    "no-terminal": Sentence(
        N_("There is no terminal to ask on: {wanted}"),
        N_("Answer it with {option}."),
    ),
    "already-running": Sentence(
        N_("esign {what} is running already, and this run did nothing."),
        N_("Wait until it ends. The lock is on {path}; it ends with its run."),
    ),
    "declined": Sentence(N_("Stopped at your word; nothing was done.")),
    "child-died": Sentence(N_("A helper process of esign ended unexpectedly ({program}).")),
    "child-failed": Sentence(
        N_("A helper process of esign failed ({program}): {stderr}"),
        N_("This is a fault of esign itself."),
    ),
    "child-timed-out": Sentence(
        N_("A helper process of esign did not answer in {seconds} seconds ({program})."),
    ),
    "soft-token-failed": Sentence(
        N_("SoftHSM2 could not make a software token: {detail}"),
        N_("With --p12 the demo does without it."),
    ),
    "demo-step-failed": Sentence(N_("The demo stopped at: {command} (exit code {status})")),
    "demo-folder-in-use": Sentence(
        N_("The folder {path} has files in it that the demo did not make."),
        N_("Name an empty folder, or one that does not exist yet."),
    ),
}
