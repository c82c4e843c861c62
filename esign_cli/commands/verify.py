"""`esign verify`: is this signature good, and how is that known?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli import options
from esign_cli.context import of
from esign_cli.i18n import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from esign_cli.console import Console
    from esign_cli.jobs.verify_file import Verified
    from esign_cli.trust import Trust

HELP = N_(
    """Verify a CAdES signature: verdict first, then who signed, and each check with its evidence.

    VALID means: the content is unaltered, the signature is right, its certificate leads to a root
    that you trust, and there is proof that neither it nor a certificate above it was revoked.
    Without that proof the answer is UNDETERMINED, never VALID. Nothing is fetched: give revocation
    data with --crl and --ocsp.

    Exit codes: 0 valid, 7 invalid, 10 undetermined, 3 the file cannot be read.

    \b
    esign verify basvuru.p7m
    esign verify basvuru.p7s --content basvuru.txt --trust kok.pem --crl altkok.crl --crl kok.crl
    esign verify basvuru.p7m --at 2026-11-22T14:30:00+03:00 --json
    """
)


def verify(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help=N_("The signature: .p7m or .p7s, DER or PEM."))],
    content: Annotated[
        Path | None, typer.Option("--content", help=N_("What a detached signature is over."))
    ] = None,
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            "--trust",
            help=N_("Trust these certificates instead of the trust store; may be repeated."),
        ),
    ] = None,
    crl: Annotated[
        list[Path] | None, typer.Option("--crl", help=N_("A CRL; may be repeated."))
    ] = None,
    ocsp: Annotated[
        list[Path] | None, typer.Option("--ocsp", help=N_("An OCSP answer; may be repeated."))
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="TIME",
            help=N_("Judge for this time instead of now, with its offset (RFC 3339)."),
        ),
    ] = None,
    offline: Annotated[  # noqa: ARG001  (nothing is fetched yet, so it changes nothing)
        bool, typer.Option("--offline", help=N_("Fetch nothing."))
    ] = False,
    json: options.Json = False,
) -> None:
    from esign_cli import files, pathcheck, revocation
    from esign_cli.jobs import verify_file

    context = of(ctx)
    if json:
        context.json("verify")
    moment = _moment(at)
    trusted = _trusted(trust, context.settings.trust_folder)
    judge = pathcheck.PathCheck(
        anchors=trusted.anchors,
        intermediates=trusted.intermediates,
        crls=revocation.crls(crl or ()),
        ocsps=revocation.ocsps(ocsp or ()),
    )
    verified = verify_file.verify_file(
        file, content, read=files.read, judge=judge, at=moment, now=context.now
    )
    report = verified.report
    if json:
        context.console.envelope(verify_file.document(report), verify_file.problems(report))
    else:
        _show(context.console, verified)
    raise typer.Exit(_EXIT_CODES[report.indication.value])


_EXIT_CODES = {"TOTAL-PASSED": 0, "TOTAL-FAILED": 7, "INDETERMINATE": 10}


def _moment(given: str | None) -> datetime | None:
    from datetime import datetime

    from esign_cli import errors

    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise errors.BadTime(given=given) from error
    if moment.tzinfo is None:
        raise errors.BadTime(given=given)
    return moment


def _trusted(given: list[Path] | None, folder: Path) -> Trust:
    from esign_cli import trust

    return trust.from_files(given) if given else trust.from_folder(folder)


def _show(console: Console, verified: Verified) -> None:
    from esign_cli.wording import verify_text as text

    report = verified.report
    for line in text.heading(report):
        console.out(line)
    if verified.content is not None:
        console.out(_("Content: {path}").format(path=verified.content))
    for number, entry in enumerate(report.signatures, start=1):
        console.out()
        if len(report.signatures) > 1:
            verdict = _(text.VERDICTS[entry.indication])
            console.out(f"{number}/{len(report.signatures)}: {verdict}")
        for line in text.about(entry):
            console.out(line)
        console.table([_("Check"), _("Result"), _("Evidence")], text.rows(entry))
        for warning in entry.warnings:
            console.out(_("Note: {text}").format(text=text.said(warning)))
    if step := text.next_step(report):
        console.say(step)
