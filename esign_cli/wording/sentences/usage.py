"""What is said of errors: usage."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "usage": Sentence(N_("{detail}")),
    "unknown-province": Sentence(
        N_("There is no province “{given}”."),
        N_("A name in any spelling, a plate code, or “all” will do."),
    ),
    "unknown-district": Sentence(
        N_("Nobody is known in a district “{given}”."),
        N_("Its name as MEBBİS has it, in any spelling, will do."),
    ),
    "bad-date": Sentence(
        N_("“{given}” is not a date."), N_("Write it as YYYY-MM-DD or dd.mm.yyyy.")
    ),
    "bad-national-id": Sentence(
        N_("“{given}” is not a national id."),
        N_("It has 11 digits; one of them may be mistyped."),
    ),
    "unknown-word": Sentence(N_("{option} does not know “{given}”."), N_("It knows: {known}")),
    "unknown-format": Sentence(
        N_("The ending of {path} tells no format."),
        N_("Name it with --format, or end the file's name in one of: {known}"),
    ),
    "unknown-ending": Sentence(
        N_("The ending of {path} tells no format."),
        N_("End the file's name in one of: {known}"),
    ),
    "options-exclude": Sentence(N_("These options cannot be given together: {options}")),
}
