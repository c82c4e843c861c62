"""What is said of errors: renewals."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "form-unreadable": Sentence(
        N_("The form file {path} cannot be read: {detail}"), N_("It is a TOML file.")
    ),
    "template-hides-text": Sentence(
        N_("The template has characters that would be signed and not seen, in line {row}: {path}"),
        N_("Take them out: control characters, zero-width ones, those that turn text around."),
    ),
    "unknown-form-key": Sentence(
        N_("The form has no field “{key}” ({path})."),
        N_("`esign sign-form --help` lists the fields."),
    ),
    "bad-form-value": Sentence(
        N_("The field “{key}” is not right ({path})."), N_("Wanted: {wanted}")
    ),
    "form-incomplete": Sentence(
        N_("The form is not complete; missing or not right: {found}"),
        N_(
            "Write them into a TOML file and name it with --form, or run the command on a terminal."
        ),
    ),
    "two-people": Sentence(
        N_("These are two people's data: {one} and {other}."),
        N_(
            "Nothing was signed. Each person signs an application of their own, with their own card."
        ),
    ),
    "bad-security-word": Sentence(
        N_("The güvenlik sözcüğü cannot be used: it is empty, or was not typed the same twice."),
    ),
    "unknown-application": Sentence(
        N_("There is no application “{given}”."),
        N_("Give its number, or the national id of its owner: esign applications list"),
    ),
    "no-open-application": Sentence(
        N_("No application is open for {national_id}."),
        N_("Enter it first with esign applications add."),
    ),
    "own-export": Sentence(
        N_("This is a list that esign wrote of applications, not one of new ones: {path}"),
        N_(
            "To take a step for those in it: esign applications approve --from FILE. New ones are"
            " entered in a form of their own: esign template applications"
        ),
    ),
    "number-of-two": Sentence(
        N_("{number} is an application's number, and somebody else's in the last list."),
        N_("Give the person's number of the list, the national id or the name instead."),
    ),
    "illegal-step": Sentence(
        N_("Application {number} does not take this step now: {step} (its state: {state})."),
        N_("Steps that it takes now: {legal}"),
    ),
    "step-too-early": Sentence(
        N_("Application {number}: {date} is before its last step ({state}, {last})."),
        N_("Give the true date of this step with --date."),
    ),
    "day-kept": Sentence(
        N_(
            "Application {number} has this step already ({state}, {last}); another day was given"
            " now ({date}) and not taken."
        ),
        N_("If the new day is the true one: the same once more, with --correct."),
    ),
    "nothing-to-undo": Sentence(
        N_("Application {number} was entered, and no step since ({state}): nothing to take back."),
        N_("An application that was entered by mistake is given up: esign applications cancel"),
    ),
    "step-of-certificate": Sentence(
        N_("The step of application {number} was shown by a certificate, and is not taken back."),
        N_("See the application and the person: esign applications show {number}"),
    ),
    "step-meanwhile": Sentence(
        N_("Application {number} took another step meanwhile ({state}): nothing was taken back."),
        N_("See where it stands: esign applications show {number}"),
    ),
    "date-in-future": Sentence(
        N_("{date} is still to come: only what has happened is entered."),
    ),
    "note-needed": Sentence(N_("This step wants its reason: {step}"), N_("Give it with --note.")),
    "approval-refused": Sentence(
        N_("Application {number} was not approved, for what is known speaks against it ({on})."),
        N_("Correct MEBBİS and import it, or approve all the same with --override and the reason."),
    ),
    "approval-roster-old": Sentence(
        N_(
            "Application {number} was not approved: an approval wants a MEBBİS export of at most"
            " {days} days (the latest: {as_of})."
        ),
        N_("Import a new export, or approve all the same with --override and the reason."),
    ),
    "unknown-person": Sentence(
        N_("Nothing is known of {national_id}."),
        N_("Look at the number, or import a workbook in which the person stands."),
    ),
    "reason-needed": Sentence(N_("A mark wants its reason."), N_("Give it with --reason.")),
    "no-such-certificate": Sentence(
        N_("No certificate of {national_id} is known that could be marked. {given}"),
        N_("Read the card first, or tell its end: esign person set … --not-after … Known: {known}"),
    ),
    "mark-needed": Sentence(
        N_("Say which mark."), N_("One of: on-duty, left, lost, revoked, none.")
    ),
    "mark-over": Sentence(
        N_("A mark cannot end before it begins: {date}"), N_("Give a day to come.")
    ),
    "end-too-far": Sentence(
        N_("No certificate ends as late as {date}; the latest that is taken: {latest}"),
        N_("Look at the date. The setting renewal.latest_end_months says what is believed."),
    ),
    "retention-unset": Sentence(
        N_("Nothing says what is to be deleted: no --left-before, and no period in the settings."),
        N_("esign config set retention.left 2y"),
    ),
}
