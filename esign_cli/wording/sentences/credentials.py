"""What is said of errors: credentials."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "secret-missing": Sentence(
        N_("Standard input ended before this line was read: {name}"),
        N_("Give one line for each secret, in the order that --help names."),
    ),
    "secret-malformed": Sentence(
        N_("A line of standard input was not used, because it holds what none may hold: {name}"),
        N_("Give UTF-8 text without a byte-order mark, control characters or an empty line."),
    ),
    "secret-suspicious": Sentence(
        N_("A secret was not sent, because it cannot be right ({name}): {because}"),
        N_("No try was spent. Correct it; if it is right all the same: --secrets-as-given"),
    ),
    "secrets-extra": Sentence(
        N_("Standard input holds more lines than the {expected} that are wanted; none was used."),
    ),
    "credential-missing": Sentence(
        N_("A secret was not found: {name}"),
        N_("Looked in: {looked}. Put it into one of these places (docs:reminders)."),
    ),
    "credential-malformed": Sentence(
        N_("A secret holds a character that none may hold, such as a second line: {name}"),
    ),
    "credential-exposed": Sentence(
        N_("Others may read the file of secrets {path} (mode {mode}); it is not used."),
        N_("chmod 600 {path}"),
    ),
}
