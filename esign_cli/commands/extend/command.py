"""`esign extend`: time stamps and validation data for a signature that is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import options
from esign_cli.cli.context import from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.commands.extend.job import Extended

HELP = N_(
    """Extend a signature: time stamp, validation data, archive time stamp; nothing in it changes.

    The signature is verified first; one that is not valid is left as it is. What is there already,
    the content, the signature, time stamps, stays byte for byte; the file is replaced whole, after
    each step. Revocation data are fetched from the addresses in the certificates.

    --level B-T adds a time stamp, within 2 hours of signing; B-LT what proves that the certificates
    were not revoked then, for when their servers have gone; B-LTA an archive time stamp over all of
    it. Only the authority of the newest time stamp has to be looked up when it is verified later.
    --profile finishes a signature that names a Turkish profile (P2, P3, P4) in itself; P3 only 24
    hours after its time stamp. --archive adds an archive time stamp also to a signature that has
    one: renew it before the last one's certificate ends.

    Exit codes: 0 done, or nothing to do; 8 only some of it, or too early; 7 the signature is not
    valid; 10 it could not be verified; 12 it does not name the profile, or its own form forbids it.

    \b
    esign extend rapor.pdf.p7m --level B-LT
    esign extend rapor.pdf.p7s --content rapor.pdf --level B-LTA
    esign extend karar.pdf.p7m --profile P3
    esign extend rapor.pdf.p7m --level B-LTA --archive
    """
)


def extend(
    ctx: typer.Context,
    file: options.SignatureFile,
    level: options.Level = None,
    profile: options.Profile = None,
    archive: Annotated[
        bool,
        typer.Option("--archive", help=N_("Add an archive time stamp, also beside an older one.")),
    ] = False,
    content: options.Content = None,
    tsa: options.Tsa = None,
    trust: options.Trust = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help=N_("Write the extended signature here instead.")),
    ] = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    context = from_typer(ctx, "extend", json=json)
    from esign_cli.commands.extend import job
    from esign_cli.signatures import trust as trusts

    _check(level, profile, archive=archive)
    target = context.target(level, profile) if level or profile else None
    trusted = trusts.from_files(trust) if trust else None
    request = job.ExtendRequest(file, target, content, output, archive, force)
    done = job.extend_file(request, context.means(tsa, trusted=trusted))
    if json:
        problem = done.file.problem
        context.console.envelope(_data(done), [problem.to_facts()] if problem else [])
    else:
        context.console.out(str(done.file.written.path))
        context.console.out(f"SHA-256 {done.file.written.sha256}")
    raise typer.Exit(_tell(context.console, done))


def _check(level: str | None, profile: str | None, *, archive: bool) -> None:
    """Raise Usage unless one of the two was given, or --archive alone."""
    from esign_cli.foundation.errors.usage import OptionsExclude, Usage

    if level and profile:
        raise OptionsExclude(options=["--level", "--profile"])
    if not level and not profile and not archive:
        raise Usage(detail=_("To what? Give --level, --profile or --archive."))


def _tell(console: Console, done: Extended) -> int:
    """What the signature is now, and why it is no more; the exit code."""
    from esign_cli.foundation.exit_codes import PARTLY
    from esign_cli.wording.sentences import told

    file = done.file
    if not file.changed and file.problem is None:
        console.say(_("There was nothing to add for {wanted}.").format(wanted=done.wanted))
        return 0
    _tell_lost_profile(console, done)
    if file.problem is None:
        console.say(_("The signature is now {level}.").format(level=file.level))
        return 0
    if file.changed:
        text = _("The signature is now {level}, not yet {wanted}:")
        console.say(text.format(level=file.level, wanted=done.wanted))
    else:
        text = _("Nothing was changed; the signature is {level}, not yet {wanted}:")
        console.say(text.format(level=file.level, wanted=done.wanted))
    console.say(told(file.problem))
    return PARTLY


def _tell_lost_profile(console: Console, done: Extended) -> None:
    """P1 is a signature without policy, and no such rule is signed: a level may go beyond it."""
    before, after = (
        {entry.profile.name for entry in report.signatures if entry.profile}
        for report in (done.before, done.after)
    )
    if "P1" in before - after:
        console.say(_("It is of the profile P1 no more, which allows no archive time stamp."))


def _data(done: Extended) -> dict[str, Any]:
    from esign_cli.outputs.json_data import pick

    first = next(iter(done.after.signatures), None)
    return {
        **pick(
            done.file, "output=written.path file_sha256=written.sha256 bytes=written.size changed"
        ),
        "wanted": done.wanted,
        **pick(done.file, "level final_from"),
        **pick(done.after, "indication subindication baseline_level=level"),
        **pick(first, "profile=profile.name profile_answer=profile.answer"),
    }
