"""`esign verify`: is this signature good, and how is that known?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli import options
from esign_cli.cli.context import from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from esign_cli.commands.verify.job import Verified
    from esign_cli.signatures.trust import Trust

MOST_SECONDS = 10.0
"""What judging one file may take, without the time that servers take."""
MOST_BYTES = 1 << 30
"""Of a signature or its content: both are held in memory."""
HELP = N_(
    """Verify a CAdES signature: verdict first, then who signed, and each check with its evidence.

    VALID means: the content is unaltered, the signature is right, its certificate leads to a root
    that you trust, and there is proof that neither it nor a certificate above it was revoked.
    Without that proof the answer is UNDETERMINED, never VALID. The proof is looked for in the
    signature, in --crl and --ocsp, and then at the addresses in the certificates (not with
    --offline).

    A time stamp that is good proves since when the signature exists; the signature is then judged
    for that time. Where it names the policy of a Turkish profile (P2, P3, P4), the profile's rules
    are checked too.

    In an e-Yazışma package (.eyp; versions 1 and 2 of the technical guide) and in ASiC containers
    with CAdES the signature inside is verified, and every part that it names is held against its
    digest: an altered or missing part makes it INVALID.

    Exit codes: 0 valid, 7 invalid, 10 undetermined, 3 no signature or not readable, 12 valid but
    not what --require asks for. Of several files the worst: 7, 10, 3, 12.

    \b
    esign verify basvuru.p7m
    esign verify basvuru.p7s --content basvuru.txt --trust kok.pem --crl altkok.crl --crl kok.crl
    esign verify basvuru.p7m --at 2026-11-22T14:30:00+03:00 --json
    esign verify gelen/*.eyp
    esign verify basvuru.p7m --require qualified,B-T,P4 --report dogrulama.html
    """
)


def verify(
    ctx: typer.Context,
    signatures: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help=N_("Signatures (.p7m, .p7s; DER, PEM, base64, S/MIME), e-Yazışma packages, ASiC."),
        ),
    ],
    content: options.Content = None,
    trust: options.Trust = None,
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
            help=N_("Judge for this time: 22.11.2026 14:30 in Türkiye, or RFC 3339."),
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help=N_("Fetch nothing."))] = False,
    require: Annotated[
        list[str] | None,
        typer.Option(
            "--require",
            metavar="WORD,…",
            help=N_("What a valid signature has to be as well: qualified, B-B … B-LTA, P1 … P4."),
        ),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE.html", help=N_("Write the report as a web page.")),
    ] = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    from esign_cli.commands.verify import job, output
    from esign_cli.foundation import clock, files
    from esign_cli.foundation.errors import EsignError
    from esign_cli.signatures import path_validation, revocation

    context = from_typer(ctx, "verify", json=json)
    _check(signatures, content, page)
    moment, required = _moment(at), _required(require)
    if page is not None:
        files.check_output(page, force=force)
    trusted = _trusted(trust, context.settings.trust_folder)
    given = (revocation.crls(crl or ()), revocation.ocsps(ocsp or ()))
    fetcher = None if offline else context.fetcher()

    def verified(path: Path) -> Verified:
        deadline = clock.Deadline(MOST_SECONDS)
        validator = path_validation.PathCheck(
            anchors=trusted.anchors,
            intermediates=trusted.intermediates,
            crls=given[0],
            ocsps=given[1],
            fetch=fetcher,
            out_of_time=deadline,
        )
        hashes = context.settings["policy_hashes"]
        conditions = job.Conditions(validator, context.now, moment, deadline, hashes)
        read = partial(files.read, most=MOST_BYTES)
        return job.verify_file(path, content, read=read, conditions=conditions)

    run = output.Run(context.console, required, as_json=json, several=len(signatures) > 1)
    for path in signatures:
        seen = len(fetcher.problems) if fetcher is not None else 0
        try:
            done = verified(path)
        except EsignError as error:
            if len(signatures) == 1:
                raise
            run.failed(path, error)
            continue
        run.told(done, fetcher.problems[seen:] if fetcher is not None else [])
        if page is not None:
            from esign_cli.commands.verify import page as html

            written = html.page(done, job.unmet(done.report, required), context.now)
            files.write_private(page, written)
    raise typer.Exit(run.close())


def _check(signatures: list[Path], content: Path | None, page: Path | None) -> None:
    """Raise Usage for what goes with one file only."""
    from esign_cli.foundation.errors.usage import Usage

    given = {"--content": content, "--report": page}
    for option in (name for name, value in given.items() if value is not None):
        if len(signatures) > 1:
            raise Usage(detail=_("{option} goes with one signature only.").format(option=option))


def _required(given: list[str] | None) -> list[str]:
    """The words of --require; raises UnknownWord."""
    from esign_cli.commands.verify.job import QUALIFIED, REQUIREMENTS
    from esign_cli.foundation.errors.usage import UnknownWord
    from esign_cli.foundation.turkish import fold

    known = {fold(name): name for name in REQUIREMENTS} | {"nitelikli": QUALIFIED}
    words = [word.strip() for one in given or () for word in one.split(",") if word.strip()]
    for word in words:
        if fold(word) not in known:
            raise UnknownWord(option="--require", given=word, known=list(REQUIREMENTS))
    return [known[fold(word)] for word in words]


def _moment(given: str | None) -> datetime | None:
    from contextlib import suppress
    from datetime import datetime

    from esign_cli.foundation.dates import ISTANBUL
    from esign_cli.foundation.errors.signatures import BadTime

    if given is None:
        return None
    for pattern in ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"):
        with suppress(ValueError):
            return datetime.strptime(given.strip(), pattern).replace(tzinfo=ISTANBUL)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise BadTime(given=given) from error
    if moment.tzinfo is None:
        raise BadTime(given=given)
    return moment


def _trusted(given: list[Path] | None, folder: Path) -> Trust:
    from esign_cli.signatures import trust

    return trust.from_files(given) if given else trust.from_folder(folder)
