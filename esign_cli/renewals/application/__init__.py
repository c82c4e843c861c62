"""The application for a certificate: its form, what is wrong with it, and the text that is signed.

The güvenlik sözcüğü is no field of the form: it is handed to `text` alone, so that nothing that
keeps or shows a form can keep or show the word.
"""

from esign_cli.renewals.application.completion import (
    Asks,
    check_names,
    completed,
    from_standing,
    one_person,
)
from esign_cli.renewals.application.fields import (
    CHANNELS,
    DEFAULTS,
    KEYS,
    LONGEST_VALIDITY,
    NO_CARD_READER,
    OPTIONAL,
    REASONS,
    REQUIRED,
    Form,
    Profile,
    filled,
    from_profile,
    from_roster,
    guess_names,
    merged,
    read,
    read_partly,
    with_answer,
)
from esign_cli.renewals.application.problems import PROBLEMS, Problem, compared, is_email, problems
from esign_cli.renewals.application.signed_text import (
    HIDDEN,
    SECURITY_WORD,
    TEMPLATE,
    as_on_the_form,
    fields_of,
    security_word_is_right,
    shown,
    text,
)

__all__ = [
    "CHANNELS",
    "DEFAULTS",
    "HIDDEN",
    "KEYS",
    "LONGEST_VALIDITY",
    "NO_CARD_READER",
    "OPTIONAL",
    "PROBLEMS",
    "REASONS",
    "REQUIRED",
    "SECURITY_WORD",
    "TEMPLATE",
    "Asks",
    "Form",
    "Problem",
    "Profile",
    "as_on_the_form",
    "check_names",
    "compared",
    "completed",
    "fields_of",
    "filled",
    "from_profile",
    "from_roster",
    "from_standing",
    "guess_names",
    "is_email",
    "merged",
    "one_person",
    "problems",
    "read",
    "read_partly",
    "security_word_is_right",
    "shown",
    "text",
    "with_answer",
]
