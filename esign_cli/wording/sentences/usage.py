"""What is said of errors: usage."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

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
    "unknown-list-number": Sentence(
        N_("No list of yours has the number {number}."),
        N_("Show the list again, or give a national id or a name: esign person find"),
    ),
    "name-of-nobody": Sentence(
        N_("Nobody of that name is known: {given}"),
        N_("Any part of a name, an institution or an e-mail address: esign person find"),
    ),
    "name-of-several": Sentence(
        N_("The name fits several people ({count}): {given}"),
        N_("Give more of it, or the number before the right one."),
    ),
    "name-for-script": Sentence(
        N_("A name is taken only on a terminal, without --yes: {given}"),
        N_("Give the national id: esign person find"),
    ),
    "text-is-option": Sentence(
        N_("“{given}” is an option, and no reason or note."),
        N_('Write the text behind the option, in quotes: --note "…"'),
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
