"""What is said of errors: store."""

from __future__ import annotations

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.store import (
    DatabaseBusy,
    DatabaseNewer,
    DatabaseUnopenable,
    DatabaseUnreadable,
)
from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences.sentence import Sentence

SENTENCES: dict[type[EsignError], Sentence] = {
    DatabaseNewer: Sentence(
        N_("The database {path} was written by a newer version of esign."),
        N_("Update esign; the database was not touched."),
    ),
    DatabaseUnreadable: Sentence(N_("The database {path} cannot be used: {detail}")),
    DatabaseUnopenable: Sentence(
        N_("The database {path} cannot be reached: {detail}"),
        N_("Look at its path, at the rights of file and folder, and at the disk."),
    ),
    DatabaseBusy: Sentence(
        N_("Another program has been writing to the database {path} for over {seconds} seconds."),
        N_("Wait until it ends and run the command again."),
    ),
}
