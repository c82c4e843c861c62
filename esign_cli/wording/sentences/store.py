"""What is said of errors: store."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "database-newer": Sentence(
        N_("The database {path} was written by a newer version of esign."),
        N_("Update esign; the database was not touched."),
    ),
    "database-unreadable": Sentence(
        N_("The database {path} cannot be used: {detail}"),
        N_("Restore a backup: esign restore FILE. The damaged database is kept."),
    ),
    "database-foreign": Sentence(
        N_("In the database {path} is something that esign did not make ({kind}): {name}"),
        N_("Nothing was read or changed. Restore a backup: esign restore FILE"),
    ),
    "database-value": Sentence(
        N_("In the database {path} is a value that esign cannot have written: {place}"),
        N_("Restore a backup: esign restore FILE. The damaged database is kept."),
    ),
    "erasure-held-back": Sentence(
        N_("They were forgotten, but a program that is reading {path} keeps a trace of them."),
        N_("The next command that opens the database takes it away. End the other program."),
    ),
    "database-unopenable": Sentence(
        N_("The database {path} cannot be reached: {detail}"),
        N_("Look at its path, at the rights of file and folder, and at the disk."),
    ),
    "database-on-network": Sentence(
        N_(
            "The database {path} lies on another computer's disk ({kind}), where two runs at once"
            " destroy it."
        ),
        N_(
            "Keep it on this computer (esign config set database FILE) and the backups there"
            " (backup.file). If surely nobody else uses it: esign --i-know …"
        ),
    ),
    "database-busy": Sentence(
        N_("Another program has been writing to the database {path} for over {seconds} seconds."),
        N_("Wait until it ends and run the command again."),
    ),
    "backup-unreadable": Sentence(
        N_("The backup {path} cannot be used: {detail}"),
        N_("Nothing was changed. Take another backup."),
    ),
    "backup-passphrase-wrong": Sentence(
        N_("The passphrase does not open {path}, or the file is damaged."),
        N_("Nothing was changed."),
    ),
    "passphrases-differ": Sentence(
        N_("The two passphrases are not the same; no backup was made."),
    ),
    "erasures-unmatched": Sentence(
        N_(
            "Since this backup people were forgotten ({count}), but they cannot be told in it:"
            " the key {path} is not the one of then."
        ),
        N_("Put the earlier key back, or restore a newer backup. Nothing was changed."),
    ),
}
