"""Option types that several commands share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from esign_cli.cli import completion
from esign_cli.foundation.i18n import N_

Json = Annotated[bool, typer.Option("--json", help=N_("Print one JSON document instead of text."))]
Who = Annotated[
    str | None,
    typer.Argument(
        metavar="PERSON",
        help=N_("National id, number of the last list, or a name in quotes."),
        autocompletion=completion.list_numbers,
    ),
]
WhoElse = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PERSON",
        help=N_("National id, number of the last list, or a name in quotes."),
        autocompletion=completion.list_numbers,
    ),
]
NationalId = Annotated[
    str | None,
    typer.Option("--national-id", metavar="NATIONAL_ID", help=N_("The same as PERSON.")),
]
NationalIds = Annotated[
    list[str] | None,
    typer.Option("--national-id", metavar="NATIONAL_ID", help=N_("The same as PERSON.")),
]
Province = Annotated[
    str | None,
    typer.Option(
        "--province",
        metavar="NAME",
        help=N_("Province by name in any spelling, plate code, or “all”."),
        autocompletion=completion.provinces,
    ),
]
District = Annotated[
    str | None,
    typer.Option(
        "--district",
        metavar="NAME",
        help=N_("District, in any spelling."),
        autocompletion=completion.districts,
    ),
]
Module = Annotated[
    Path | None,
    typer.Option(
        "--module", help=N_("The card driver (PKCS#11 module); by default it is looked for.")
    ),
]
Token = Annotated[
    str | None,
    typer.Option("--token", metavar="LABEL", help=N_("Only the card with this label or serial.")),
]
Reader = Annotated[
    str | None,
    typer.Option("--reader", metavar="NAME", help=N_("Only a reader with this in its name.")),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.1,
        help=N_("How long the card driver may take for an answer; 30 unless given."),
    ),
]
Cert = Annotated[
    str | None,
    typer.Option("--cert", metavar="SHA256", help=N_("The certificate to sign with.")),
]
P12 = Annotated[
    Path | None, typer.Option("--p12", help=N_("Sign with a PKCS#12 file, not with a card."))
]
AllowUnqualified = Annotated[
    bool,
    typer.Option(
        "--allow-unqualified",
        help=N_("Also sign with a certificate that is not qualified: tests and demos only."),
    ),
]
SecretsAsGiven = Annotated[
    bool,
    typer.Option(
        "--secrets-as-given",
        help=N_("Send the secrets even where they look swapped or mistyped."),
    ),
]
LastTry = Annotated[
    bool,
    typer.Option(
        "--last-try",
        help=N_("Try the PIN though a wrong one would lock the card; asks again, or --yes."),
    ),
]
Level = Annotated[
    str | None,
    typer.Option(
        "--level", metavar="WORD", help=N_("The level to reach: B-B, B-T, B-LT or B-LTA.")
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile", metavar="WORD", help=N_("The Turkish profile (BTK): P1, P2, P3 or P4.")
    ),
]
Tsa = Annotated[
    str | None,
    typer.Option("--tsa", metavar="URL", help=N_("The time stamp server; else time_stamp.url's.")),
]
ShowIds = Annotated[
    bool, typer.Option("--show-ids", help=N_("Show national ids whole, not masked."))
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="NAME", help=N_("table, csv, json or xlsx; else as --output ends.")
    ),
]
FormFile = Annotated[
    Path | None, typer.Option("--form", help=N_("A TOML file with data for the form."))
]
SignatureFile = Annotated[Path, typer.Argument(help=N_("The signature: .p7m or .p7s, DER or PEM."))]
Content = Annotated[
    Path | None, typer.Option("--content", help=N_("What a detached signature is over."))
]
Trust = Annotated[
    list[Path] | None,
    typer.Option(
        "--trust", help=N_("Trust these certificates instead of the trust store; may be repeated.")
    ),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help=N_("Write to this file."))]
Force = Annotated[bool, typer.Option("--force", help=N_("Replace the output if it is there."))]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=N_("Answer yes to what would be asked."))]
On = Annotated[
    str | None,
    typer.Option(
        "--on", metavar="YYYY-MM-DD", help=N_("Judge on this date instead of today; facts stay.")
    ),
]
