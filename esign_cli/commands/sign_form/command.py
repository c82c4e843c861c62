"""`esign sign-form`: show the application's text, ask for the PIN once, leave a signed file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.commands.sign_form.request import Dependencies, Signed, SignFormRequest
    from esign_cli.store import Store

HELP = N_(
    """Sign the application for a new certificate with the card.

    Takes the person from the card and the data from the MEBBİS roster and the directorate's
    profile, asks for what is missing, shows the exact text with the signer and the verdict, then
    asks for the PIN once. The signed file (CAdES; B-B unless --level or --profile wants more) is
    private. The application itself is completed on the portal: what is written here does not
    replace the portal's own signature.

    \b
    FIELDS OF THE FORM FILE (TOML, all optional)
    national_id, given_name, family_name, birth_place, birth_date (a TOML date),
    institution_name, registry_no, unit, title, address, province, district,
    postal_code, email, work_phone, work_extension, mobile_phone,
    mobile_operator, home_phone, channel (email, sms, both),
    reason (renewal, lost, other, first), card_reader, validity_years

    \b
    WITHOUT A TERMINAL
    --secrets-stdin reads two lines: the güvenlik sözcüğü, then the PIN
    (or the passphrase).

    \b
    esign sign-form
    esign sign-form --form sukru.toml --commitment FORM-001-042.pdf
    """
)


def sign_form(
    ctx: typer.Context,
    who: options.Who = None,
    national_id: options.NationalId = None,
    form: options.FormFile = None,
    module: options.Module = None,
    token: options.Token = None,
    reader: options.Reader = None,
    timeout: options.Timeout = None,
    cert: options.Cert = None,
    p12: options.P12 = None,
    secrets_stdin: Annotated[
        bool,
        typer.Option("--secrets-stdin", help=N_("Read both secrets from standard input.")),
    ] = False,
    commitment: Annotated[
        Path | None,
        typer.Option("--commitment", help=N_("Sign this document (FORM-001-042) as well.")),
    ] = None,
    detached: Annotated[
        bool,
        typer.Option("--detached", help=N_("Leave the text beside its signature (.p7s).")),
    ] = False,
    level: options.Level = None,
    profile: options.Profile = None,
    tsa: options.Tsa = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=N_("The signed file to write."))
    ] = None,
    force: options.Force = False,
    yes: options.Yes = False,
    allow_unqualified: options.AllowUnqualified = False,
    last_try: options.LastTry = False,
    secrets_as_given: options.SecretsAsGiven = False,
    json: options.Json = False,
) -> None:
    context = from_typer(ctx, "sign-form", json=json)
    _check_ending(output, detached=detached)
    from esign_cli.commands.signer.processes import card_processes

    with card_processes(p12) as processes:  # they load their own while we load ours
        from esign_cli.cli import whom
        from esign_cli.commands.sign_form import job
        from esign_cli.commands.sign_form.prompter import SignFormPrompter
        from esign_cli.commands.signer.prompter import KeyOptions
        from esign_cli.foundation import child

        option = "--secrets-stdin" if secrets_stdin else ""
        where = KeyOptions(
            module, token, reader, timeout, p12, last_try, option, yes, secrets_as_given
        )
        where.check()
        child.forbid_core_dumps()  # secrets will be in this process's memory
        request = replace(
            _request(context, form, commitment),
            national_id=whom.given_one(context, who, national_id, yes=yes),
            certificate_sha256=cert or "",
            output=output,
            detached=detached,
            force=force,
            allow_unqualified=allow_unqualified,
            last_try=last_try,
            extension=context.extension(level, profile, tsa),
        )
        secrets = where.secrets("security-word")
        prompter = SignFormPrompter(context.console, secrets, yes=yes, as_given=secrets_as_given)
        with context.store() as store:
            keys = where.keys(context, prompter, processes)
            signed = job.sign_form(request, keys, prompter, _dependencies(context, store))
            _report(context, store, signed, as_json=json)


# --- what the job is handed ----------------------------------------------------------------------


def _check_ending(output: Path | None, *, detached: bool) -> None:
    """An ending that says where the text is has to say so rightly: others go by it."""
    from esign_cli.foundation.errors.usage import Usage
    from esign_cli.signatures.files import ATTACHED, DETACHED

    ending = output.suffix.lower() if output else ""
    if ending == DETACHED and not detached:
        said = _(
            "{ending} is the ending of a signature apart from its text: "
            "give --detached, or another ending."
        )
    elif ending == ATTACHED and detached:
        said = _(
            "{ending} is the ending of a signature with its text inside: "
            "leave --detached out, or give another ending."
        )
    else:
        return
    raise Usage(detail=said.format(ending=ending))


def _request(context: Context, form: Path | None, commitment: Path | None) -> SignFormRequest:
    """What the files that were named say; raises as `application.read` and `files.read`."""
    from esign_cli.commands.sign_form.request import Commitment, SignFormRequest
    from esign_cli.foundation import files
    from esign_cli.renewals import application

    given = application.read(files.read(form), str(form)) if form else application.Form()
    document = Commitment(commitment, files.read(commitment)) if commitment else None
    template = context.settings.form_template or application.TEMPLATE
    return SignFormRequest(
        form=given,
        commitment=document,
        template=template,
        template_path=str(context.settings["form_template"]),
    )


def _dependencies(context: Context, store: Store) -> Dependencies:
    from functools import partial

    from esign_cli.commands.sign_form.request import Dependencies
    from esign_cli.foundation import clock
    from esign_cli.store import applications, people

    def record(signed: applications.SignedFile, at: Any) -> int:
        return applications.record_signed(store, signed, at=at, os_user=context.os_user)

    settings = context.settings
    facts = partial(people.one, store)
    return Dependencies(facts, settings.profile_for, settings.policy, clock.now, record)


# --- what is said afterwards ---------------------------------------------------------------------


def _report(context: Context, store: Store, signed: Signed, *, as_json: bool) -> None:
    from esign_cli.commands.signer import form_prompts
    from esign_cli.commands.signer.prompter import unfinished

    console = context.console
    if as_json:
        console.envelope(_data(signed), [problem.to_facts() for problem in signed.problems])
    else:
        console.out(str(signed.file.path))
        console.out(f"SHA-256 {signed.file.sha256}")
        if signed.commitment:
            console.out(str(signed.commitment.path))
            console.out(f"SHA-256 {signed.commitment.sha256}")
    console.say(_("Signed and kept: {path}").format(path=signed.file.path))
    if signed.final_from:
        console.say(unfinished(signed.level, signed.final_from, signed.file.path))
    form_prompts.say_next(context, store, signed.certificate.national_id, signed.application)
    but = _("The form is signed, but not everything was done:")
    form_prompts.end(console, signed.problems, but)


def _data(signed: Signed) -> dict[str, Any]:
    from esign_cli.outputs.json_data import pick

    file = "output=path file_sha256=sha256 bytes=size"
    return {
        **pick(signed.file, file),
        "level": signed.level,
        "signer": signed.certificate.holder,
        "issuer": signed.certificate.issuer,
        **pick(signed, "signing_time detached final_from"),
        "commitment": signed.commitment and pick(signed.commitment, file),
    }
