"""What is said of errors: renewals."""

from __future__ import annotations

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.renewals import (
    ApprovalRefused,
    ApprovalRosterOld,
    BadFormValue,
    BadSecurityWord,
    DateInFuture,
    DayKept,
    EndTooFar,
    FormIncomplete,
    FormUnreadable,
    IllegalStep,
    MarkOver,
    NoOpenApplication,
    NoteNeeded,
    ReasonNeeded,
    StepTooEarly,
    TwoPeople,
    UnknownApplication,
    UnknownFormKey,
    UnknownPerson,
)
from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences.sentence import Sentence

SENTENCES: dict[type[EsignError], Sentence] = {
    FormUnreadable: Sentence(
        N_("The form file {path} cannot be read: {detail}"), N_("It is a TOML file.")
    ),
    UnknownFormKey: Sentence(
        N_("The form has no field “{key}” ({path})."),
        N_("`esign sign-form --help` lists the fields."),
    ),
    BadFormValue: Sentence(N_("The field “{key}” is not right ({path})."), N_("Wanted: {wanted}")),
    FormIncomplete: Sentence(
        N_("The form is not complete; missing or not right: {found}"),
        N_(
            "Write them into a TOML file and name it with --form, or run the command on a terminal."
        ),
    ),
    TwoPeople: Sentence(
        N_("These are two people's data: {one} and {other}."),
        N_(
            "Nothing was signed. Each person signs an application of their own, with their own card."
        ),
    ),
    BadSecurityWord: Sentence(
        N_("The güvenlik sözcüğü cannot be used: it is empty, or was not typed the same twice."),
    ),
    UnknownApplication: Sentence(
        N_("There is no application “{given}”."),
        N_("Give its number, or the national id of its owner: esign applications list"),
    ),
    NoOpenApplication: Sentence(
        N_("No application is open for {national_id}."),
        N_("Enter it first with esign applications add."),
    ),
    IllegalStep: Sentence(
        N_("Application {number} does not take this step now: {step} (its state: {state})."),
        N_("Steps that it takes now: {legal}"),
    ),
    StepTooEarly: Sentence(
        N_("Application {number}: {date} is before its last step ({state}, {last})."),
        N_("Give the true date of this step with --date."),
    ),
    DayKept: Sentence(
        N_(
            "Application {number} has this step already ({state}, {last}); another day was given"
            " now ({date}) and not taken."
        ),
        N_("If the new day is the true one: the same once more, with --correct."),
    ),
    DateInFuture: Sentence(
        N_("{date} is still to come: only what has happened is entered."),
    ),
    NoteNeeded: Sentence(N_("This step wants its reason: {step}"), N_("Give it with --note.")),
    ApprovalRefused: Sentence(
        N_("Application {number} was not approved, for what is known speaks against it ({on})."),
        N_("Correct MEBBİS and import it, or approve all the same with --override and the reason."),
    ),
    ApprovalRosterOld: Sentence(
        N_(
            "Application {number} was not approved: an approval wants a MEBBİS export of at most"
            " {days} days (the latest: {as_of})."
        ),
        N_("Import a new export, or approve all the same with --override and the reason."),
    ),
    UnknownPerson: Sentence(
        N_("Nothing is known of {national_id}."),
        N_("Look at the number, or import a workbook in which the person stands."),
    ),
    ReasonNeeded: Sentence(N_("A mark wants its reason."), N_("Give it with --reason.")),
    MarkOver: Sentence(N_("A mark cannot end before it begins: {date}"), N_("Give a day to come.")),
    EndTooFar: Sentence(
        N_("No certificate ends as late as {date}; the latest that is taken: {latest}"),
        N_("Look at the date. The setting renewal.validity_years says how long one is valid."),
    ),
}
