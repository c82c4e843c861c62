"""What is said of errors: store."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "database-newer": Sentence(
        N_("The database {path} was written by a newer version of esign."),
        N_("Update esign; the database was not touched."),
    ),
    "database-unreadable": Sentence(N_("The database {path} cannot be used: {detail}")),
    "database-unopenable": Sentence(
        N_("The database {path} cannot be reached: {detail}"),
        N_("Look at its path, at the rights of file and folder, and at the disk."),
    ),
    "database-busy": Sentence(
        N_("Another program has been writing to the database {path} for over {seconds} seconds."),
        N_("Wait until it ends and run the command again."),
    ),
}
