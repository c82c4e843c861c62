"""The root's page: the commands under five headings, a line for those that belong together."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_, _

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        N_("Daily"),
        (
            ("check-card, cards", N_("read the cards in the readers, without a PIN")),
            ("eligible, institutions", N_("who may renew; which schools cannot sign")),
            ("report, calendar", N_("numbers and lists; the days to come")),
            ("remind, schedule", N_("letters and SMS in time; each day by itself")),
            ("person", N_("find somebody, see all that is known, mark")),
        ),
    ),
    (
        N_("Applications"),
        (
            ("applications", N_("follow them from the draft to the card in hand")),
            ("check-form, print-form", N_("find faults before the portal; print the sheet")),
            ("sign-form", N_("sign an application with the card")),
            ("template", N_("empty workbooks to fill in")),
        ),
    ),
    (
        N_("Data"),
        (
            ("import, imports", N_("load MEBBİS workbooks; what each changed")),
            ("backup, restore, audit", N_("keep the data safe; who did what")),
            ("purge, database", N_("delete those who left (KVKK); check, pack, share")),
        ),
    ),
    (
        N_("Signatures"),
        (
            ("sign, verify, extend", N_("sign files, verify signatures, raise their level")),
            ("trust", N_("the roots that you accepted")),
        ),
    ),
    (
        N_("This computer"),
        (
            ("setup, config", N_("set esign up; every setting in force")),
            ("doctor, demo", N_("look at everything; try it on made-up data")),
        ),
    ),
)


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the headings with their lines, in the user's language."""
    return [
        (_(heading), [(names, _(brief)) for names, brief in lines]) for heading, lines in GROUPS
    ]
