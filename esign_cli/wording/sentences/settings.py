"""What is said of errors: settings."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "config-unreadable": Sentence(N_("The settings file {path} cannot be read: {detail}")),
    "backslash-in-settings": Sentence(
        N_("The settings file {path} has a \\ between double quotation marks: {detail}"),
        N_("There it means something else. Put single marks around the path instead: '…'"),
    ),
    "unknown-setting": Sentence(
        N_("There is no setting “{key}” ({path})."),
        N_("All of them: esign config"),
    ),
    "bad-setting": Sentence(
        N_("The setting “{key}” cannot be “{value}” ({path})."), N_("Wanted: {wanted}")
    ),
}
