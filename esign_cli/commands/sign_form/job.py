"""Sign an application: one person, one text that was seen, one PIN, one private file.

Everything that can stop it is looked at before the PIN is asked for. The verdict is shown with its
reasons and stops nobody: it is the province that approves on the portal, on another day and on what
MEBBİS says then, so somebody whose record is being corrected may well sign today. What does stop is
what would make the signature itself worthless: another person's data, or a certificate that is
expired, not yet valid, not qualified or without its key. A verdict other than `eligible` is
therefore a warning and a question of its own (answered by --yes as well).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from esign_cli.commands.sign_form import standing as filling
from esign_cli.commands.sign_form.request import (
    Commitment,
    Confirmation,
    Dependencies,
    Prompter,
    Signed,
    SignFormRequest,
)
from esign_cli.foundation import turkish
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.signatures import GraceRunning, LevelNotReached
from esign_cli.renewals import application
from esign_cli.renewals.application import Form
from esign_cli.signatures import creation, documents, files, selection
from esign_cli.signatures.files import ExtendedFile, Target, Written
from esign_cli.signatures.selection import Candidate, Keys, Wanted

TEXT_TYPE = "text/plain"


def sign_form(
    request: SignFormRequest, keys: Keys, prompter: Prompter, known: Dependencies
) -> Signed:
    """Sign the application of the person whose card (or PKCS#12 file) is there.

    Raises the refusals of `selection.fitting`, TwoPeople, FormIncomplete, BadSecurityWord,
    OutputExists and the like before a PIN is asked for; Declined; then what signer and disk raise.
    """
    wanted_fields = application.fields_of(request.template, request.template_path)
    person = application.one_person(request.national_id, request.form.national_id)
    seen_at = known.now()
    wanted = Wanted(person, seen_at, request.certificate_sha256, request.allow_unqualified)
    chosen = selection.select_certificate(keys, wanted, prompter.choose)
    selection.check_pin(chosen, last_try=request.last_try)
    person = person or chosen.certificate.national_id
    facts = known.facts(person)
    standing = filling.standing(facts, chosen.certificate, known.policy, seen_at)
    prompter.whose(standing)
    target, second = _targets(request, chosen.certificate, seen_at)
    files.check(target, second, force=request.force)
    form = application.from_standing(request.form, standing, known.profile)
    application.check_names(form, chosen.certificate.holder)
    guessed = application.guess_names(chosen.certificate.holder)
    form = application.completed(form, wanted_fields, guessed, prompter)
    application.check_names(form, chosen.certificate.holder)
    word = filling.security_word(wanted_fields, prompter)
    others = tuple(p for p in application.problems(form) if p.field not in wanted_fields)
    text = application.shown(form, request.template)
    copy = second.signature if second else None
    name = f"{form.given_name} {form.family_name}".strip()
    prompter.agree(Confirmation(text, chosen, standing, target.signature, copy, others, name))
    content = application.text(form, word, request.template)
    signatures = _signed(request, content, chosen, keys, known)
    return _kept(request, content, form, chosen, (target, second), signatures, known)


@dataclass(frozen=True, slots=True)
class _Signatures:
    """What one login gave."""

    form: bytes
    at: datetime
    commitment: bytes | None
    problem: EsignError | None


def _targets(
    request: SignFormRequest, certificate: Certificate, now: datetime
) -> tuple[Target, Target | None]:
    """Where the form and the commitment go; by default beside each other in this folder."""
    ending = files.DETACHED if request.detached else files.ATTACHED
    who = "-".join(filter(None, map(turkish.fold, certificate.holder.split())))
    on = now.astimezone(ISTANBUL).date().isoformat()
    output = request.output or Path(f"basvuru-{who or 'kart'}-{on}{ending}")
    form = Target.of_text(output, detached=request.detached)
    if request.commitment is None:
        return form, None
    folder = output.parent
    return form, Target.of_document(request.commitment.path, folder, detached=request.detached)


def _signed(
    request: SignFormRequest, content: bytes, chosen: Candidate, keys: Keys, known: Dependencies
) -> _Signatures:
    """The form's signature and the commitment's, under one PIN where the key allows it."""
    commitment, problem = None, None
    with keys.signer(chosen) as signer:
        at = known.now()
        selection.check_validity(chosen.certificate, at)
        signature = creation.cades(
            content,
            signer,
            signing_time=at,
            detached=request.detached,
            mime_type=TEXT_TYPE,
            policy=request.policy,
        )
        if request.commitment is not None:
            try:
                commitment = _sign_commitment(request, request.commitment, signer, known)
            except EsignError as error:
                problem = error  # the form is signed all the same
    return _Signatures(signature, at, commitment, problem)


def _kept(
    request: SignFormRequest,
    content: bytes,
    form: Form,
    chosen: Candidate,
    targets: tuple[Target, Target | None],
    signatures: _Signatures,
    known: Dependencies,
) -> Signed:
    """The files written, the form's first, and the signing recorded."""
    target, second = targets
    problems = [signatures.problem] if signatures.problem else []
    file = target.write(signatures.form, documents.of_bytes(target.signature, content))
    commitment = None
    try:
        if second and request.commitment and signatures.commitment:
            commitment = second.write(
                signatures.commitment,
                documents.of_bytes(second.signature, request.commitment.content),
            )
    except EsignError as error:
        problems.append(error)
    extended = _extended(request, file, content, problems)
    file, final_from = extended.written, extended.final_from
    if commitment and request.commitment:
        commitment = _extended(request, commitment, request.commitment.content, problems).written
    number = _recorded(form, file, signatures.at, known, problems)
    return Signed(
        file=file,
        certificate=chosen.certificate,
        signing_time=signatures.at.replace(microsecond=0),
        detached=request.detached,
        content=target.content,
        application=number,
        commitment=commitment,
        problems=tuple(problems),
        level=extended.level,
        final_from=final_from,
    )


def _extended(
    request: SignFormRequest, file: Written, content: bytes, problems: list[EsignError]
) -> ExtendedFile:
    """The file at the level that was wanted; where that fails, as it is, and why."""
    if request.extension is None:
        return ExtendedFile(file, creation.LEVEL, changed=False)
    try:
        extended = files.extend_file(file.path, content, request.extension)
    except EsignError as error:
        problems.append(error)
        return ExtendedFile(file, creation.LEVEL, changed=False)
    if extended.problem and not isinstance(extended.problem, GraceRunning):
        problems += [
            LevelNotReached(wanted=request.extension.target.name, level=extended.level),
            extended.problem,
        ]
    return extended


def _sign_commitment(
    request: SignFormRequest, document: Commitment, signer: creation.Signer, known: Dependencies
) -> bytes:
    return creation.cades(
        document.content,
        signer,
        signing_time=known.now(),
        detached=request.detached,
        mime_type=creation.content_type(document.content),
        policy=request.policy,
    )


def _recorded(
    form: Form,
    file: Written,
    at: datetime,
    known: Dependencies,
    problems: list[EsignError],
) -> int | None:
    """The application's number; a database that cannot be written to does not undo a signature."""
    from esign_cli.store.applications import SignedFile

    on = at.astimezone(ISTANBUL).date()
    signed = SignedFile(
        form.national_id,
        form.reason,
        file.path.name,
        file.sha256,
        on,
        str(file.path.parent.absolute()),
    )
    try:
        return known.record(signed, at)
    except EsignError as error:
        problems.append(error)
        return None
