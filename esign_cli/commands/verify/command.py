"""`esign verify`: is this signature good, and how is that known?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import options
from esign_cli.cli.context import of
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from esign_cli.cli.console import Console
    from esign_cli.commands.verify.job import Verified
    from esign_cli.foundation.errors import EsignError
    from esign_cli.signatures.cms.report import Report, SignatureReport
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

    Exit codes: 0 valid, 7 invalid, 10 undetermined, 3 the file cannot be read, 12 valid but not
    what --require asks for.

    \b
    esign verify basvuru.p7m
    esign verify basvuru.p7s --content basvuru.txt --trust kok.pem --crl altkok.crl --crl kok.crl
    esign verify basvuru.p7m --at 2026-11-22T14:30:00+03:00 --json
    esign verify basvuru.p7m --require qualified,B-T,P4 --report dogrulama.html
    """
)


def verify(
    ctx: typer.Context,
    file: options.SignatureFile,
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
            help=N_("Judge for this time instead of now, with its offset (RFC 3339)."),
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
    from esign_cli.commands.verify import job
    from esign_cli.foundation import clock, files
    from esign_cli.signatures import path_validation, revocation

    context = of(ctx, "verify", json=json)
    moment, required = _moment(at), _required(require)
    if page is not None:
        files.check_output(page, force=force)
    trusted = _trusted(trust, context.settings.trust_folder)
    fetcher = None if offline else context.fetcher()
    deadline = clock.Deadline(MOST_SECONDS)
    judge = path_validation.PathCheck(
        anchors=trusted.anchors,
        intermediates=trusted.intermediates,
        crls=revocation.crls(crl or ()),
        ocsps=revocation.ocsps(ocsp or ()),
        fetch=deadline.waiting(fetcher) if fetcher is not None else None,
        out_of_time=deadline,
    )
    verified = job.verify_file(
        file,
        content,
        read=partial(files.read, most=MOST_BYTES),
        judge=judge,
        at=moment,
        now=context.now,
        out_of_time=deadline,
        policy_hashes=context.settings["policy_hashes"],
    )
    report = verified.report
    missing = job.unmet(report, required)
    failed = fetcher.problems if fetcher is not None else []
    if page is not None:
        from esign_cli.commands.verify import page as verify_page

        files.write_private(page, verify_page.page(verified, missing, context.now))
    if json:
        problems = [*_problems(report, missing), *(error.to_facts() for error in failed)]
        context.console.envelope(_data(report, required, missing), problems)
    else:
        _show(context.console, verified, failed)
    raise typer.Exit(_exit_code(context.console, report, missing))


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


def _data(report: Report, required: list[str], missing: list[str]) -> dict[str, Any]:
    from esign_cli.commands.verify import job

    kept = [{"name": name, "met": name not in missing} for name in dict.fromkeys(required)]
    return {**job.document(report), "required": kept}


def _problems(report: Report, missing: list[str]) -> list[Mapping[str, Any]]:
    from esign_cli.commands.verify import job
    from esign_cli.foundation.errors.signatures import RequirementNotMet

    found = job.problems(report)
    return [*found, RequirementNotMet(missing=missing).to_facts()] if missing else found


def _exit_code(console: Console, report: Report, missing: list[str]) -> int:
    """The verdict's; that of --require only where the verdict is good."""
    from esign_cli.foundation.errors.signatures import RequirementNotMet

    code = _EXIT_CODES[report.indication.value]
    if code == 0 and missing:
        return console.tell(RequirementNotMet(missing=missing))
    return code


_EXIT_CODES = {"TOTAL-PASSED": 0, "TOTAL-FAILED": 7, "INDETERMINATE": 10}


def _moment(given: str | None) -> datetime | None:
    from datetime import datetime

    from esign_cli.foundation.errors.signatures import BadTime

    if given is None:
        return None
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


def _show(console: Console, verified: Verified, failed: Sequence[EsignError]) -> None:
    from esign_cli.commands.verify import labels as words
    from esign_cli.commands.verify import text
    from esign_cli.wording.sentences import sentence

    report = verified.report
    for line in text.heading(report):
        console.out(line)
    if verified.content is not None:
        console.out(_("Content: {path}").format(path=verified.content))
    for number, entry in enumerate(report.signatures, start=1):
        console.out()
        if len(report.signatures) > 1:
            verdict = _(words.VERDICTS[entry.indication])
            console.out(f"{number}/{len(report.signatures)}: {verdict}")
        _show_signature(console, entry, tried=bool(failed))
    for error in failed:
        console.say(_("Not fetched: {why}").format(why=sentence(error)))
    if step := text.next_step(report):
        console.say(step)


def _show_signature(console: Console, entry: SignatureReport, *, tried: bool) -> None:
    """`tried`: what could not be fetched is told apart, with the reason."""
    from esign_cli.commands.verify import text

    for line in text.about(entry):
        console.out(line)
    console.table([_("Check"), _("Result"), _("Evidence")], text.rows(entry))
    for warning in (w for w in entry.warnings if not (tried and w.code == "not-fetched")):
        console.out(_("Note: {text}").format(text=text.said(warning)))
