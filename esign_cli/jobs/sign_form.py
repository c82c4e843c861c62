"""Sign an application: one person, one text that was seen, one PIN, one private file.

Everything that can stop it is looked at before the PIN is asked for. The verdict is shown with its
reasons and stops nobody: it is the province that approves on the portal, on another day and on what
MEBBİS says then, so somebody whose record is being corrected may well sign today. What does stop is
what would make the signature itself worthless: another person's data, or a certificate that is
expired, not yet valid, not qualified or without its key. A verdict other than `eligible` is
therefore a warning and a question of its own (answered by --yes as well).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from esign_cli import application, choosing, errors, renewal, sign, signature_files, turkish
from esign_cli.application import Form, Problem, Profile
from esign_cli.choosing import Candidate, Wanted
from esign_cli.clock import ISTANBUL
from esign_cli.model import Certificate, CertificateRecord, PersonFacts, Standing
from esign_cli.rules.policy import Policy
from esign_cli.signature_files import Target, Written

if TYPE_CHECKING:
    from esign_cli.store.applications import SignedFile

TEXT_TYPE = "text/plain"
LEVEL = "B-B"


# --- what the job is handed ----------------------------------------------------------------------


class Keys(Protocol):
    """Where certificates and their keys are: cards in readers, or a PKCS#12 file."""

    def candidates(self) -> Sequence[Candidate]:
        """The certificates that are there; at least one, or an error that says why not."""
        ...

    def signer(self, chosen: Candidate) -> AbstractContextManager[sign.Signer]:
        """The key of a candidate, opened: the PIN is asked for here."""
        ...


class Desk(Protocol):
    """The person who signs: answers, looks, and agrees."""

    def answer(self, problem: Problem, proposed: str) -> str:
        """The value of a field that is missing or not right; raises FormIncomplete if none can."""
        ...

    def cannot_answer(self) -> bool:
        """Whether nobody is there to be asked."""
        ...

    def security_word(self) -> str:
        """The güvenlik sözcüğü, unseen."""
        ...

    def agree(self, shown: Shown) -> None:
        """Show what will be signed and go on only with consent; raises Declined."""
        ...


@dataclass(frozen=True, slots=True)
class Commitment:
    """Another document to be signed under the same PIN (FORM-001-042)."""

    path: Path
    content: bytes


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line and in the form file."""

    form: Form = field(default_factory=Form)
    national_id: str = ""
    certificate_sha256: str = ""
    output: Path | None = None
    detached: bool = False
    force: bool = False
    allow_unqualified: bool = False
    commitment: Commitment | None = None
    template: str = application.TEMPLATE


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known beforehand, as functions: the database, the settings, the clock."""

    facts: Callable[[str], PersonFacts]
    """All that the database knows of a national id."""
    profile: Callable[[str, str], Profile]
    """The directorate's data for a district and an institution code."""
    policy: Policy
    now: Callable[[], datetime]
    record: Callable[[SignedFile, datetime], int]
    """Keep that a form was signed; gives the application's number."""


# --- what it returns -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """What the signer sees before the PIN."""

    text: str
    """The exact text, with the güvenlik sözcüğü hidden."""
    candidate: Candidate
    standing: Standing
    output: Path
    commitment: Path | None
    not_in_text: tuple[str, ...]
    """Fields that the portal wants too and that are not known here."""

    @property
    def certificate(self) -> Certificate:
        return self.candidate.certificate


@dataclass(frozen=True, slots=True)
class Signed:
    """What was done; `problems` are the parts that were not."""

    file: Written
    certificate: Certificate
    signing_time: datetime
    detached: bool
    level: str = LEVEL
    content: Path | None = None
    application: int | None = None
    commitment: Written | None = None
    problems: tuple[errors.EsignError, ...] = ()


# --- the steps -----------------------------------------------------------------------------------


def sign_form(wish: Wish, keys: Keys, desk: Desk, known: Knowledge) -> Signed:
    """Sign the application of the person whose card (or PKCS#12 file) is there.

    Raises the refusals of `choosing.choose`, TwoPeople, FormIncomplete, BadSecurityWord,
    OutputExists and the like before a PIN is asked for; Declined; then what signer and disk raise.
    """
    wanted_fields = application.fields_of(wish.template)
    person = _one_person(wish.national_id, wish.form.national_id)
    seen_at = known.now()
    wanted = Wanted(person, seen_at, wish.certificate_sha256, wish.allow_unqualified)
    chosen = choosing.choose(keys.candidates(), wanted)
    sign.check_key(chosen.certificate.der)
    choosing.check_pin(chosen)
    person = person or chosen.certificate.national_id
    facts = known.facts(person)
    standing = _standing(facts, chosen.certificate, known.policy, seen_at)
    target, second = _targets(wish, chosen.certificate, seen_at)
    signature_files.check(target, second, force=wish.force)
    form = _form(wish.form, person, standing, known)
    _check_names(form, chosen.certificate)
    form = _completed(form, wanted_fields, chosen.certificate, desk)
    _check_names(form, chosen.certificate)
    word = _security_word(wanted_fields, desk)
    others = tuple(p.field for p in application.problems(form) if p.field not in wanted_fields)
    text = application.shown(form, wish.template)
    copy = second.signature if second else None
    desk.agree(Shown(text, chosen, standing, target.signature, copy, others))
    content = application.text(form, word, wish.template)
    signatures = _signed(wish, content, chosen, keys, known)
    return _kept(wish, content, form, chosen, (target, second), signatures, known)


def _one_person(*national_ids: str) -> str:
    given = [number for number in dict.fromkeys(national_ids) if number]
    if len(given) > 1:
        raise errors.TwoPeople(one=turkish.mask(given[0]), other=turkish.mask(given[1]))
    return given[0] if given else ""


def _standing(
    facts: PersonFacts, certificate: Certificate, policy: Policy, now: datetime
) -> Standing:
    """The verdict of today, with the certificate that is about to sign among what is known."""
    seen = CertificateRecord(
        national_id=facts.national_id,
        not_after=certificate.not_after.astimezone(ISTANBUL).date(),
        not_before=certificate.not_before.astimezone(ISTANBUL).date(),
        origin="card",
        serial=certificate.serial,
        sha256=certificate.sha256,
        holder=certificate.holder,
    )
    others = tuple(c for c in facts.certificates if c.sha256 != seen.sha256)
    merged = replace(facts, certificates=(*others, seen))
    return renewal.judge(merged, policy, now.astimezone(ISTANBUL).date())


def _form(given: Form, person: str, standing: Standing, known: Knowledge) -> Form:
    record = standing.record
    place = (record.district, record.institution_code) if record else ("", "")
    return application.merged(
        replace(given, national_id=person),
        application.of_profile(known.profile(*place)),
        application.of_roster(standing.facts.person, record),
    )


def _check_names(form: Form, certificate: Certificate) -> None:
    """Refuse a form and a card that share the number and no name at all.

    One name that differs is a marriage or a correction, which the verdict warns of (name-changed).
    """
    holder = set(map(turkish.fold, certificate.holder.split()))
    names = set(map(turkish.fold, f"{form.given_name} {form.family_name}".split()))
    if holder and names and not holder & names:
        raise errors.TwoPeople(
            one=f"{form.given_name} {form.family_name}".strip(), other=certificate.holder
        )


def _completed(form: Form, wanted: Sequence[str], certificate: Certificate, desk: Desk) -> Form:
    """The form with every wanted field right: asked for one by one, or refused all at once."""
    found = application.problems(form, wanted)
    if found and desk.cannot_answer():
        raise errors.FormIncomplete(
            fields=[problem.field for problem in found],
            found=[{"code": problem.code, "field": problem.field} for problem in found],
        )
    proposals = application.guess_names(certificate)
    for first in found:
        problem = first
        while True:
            proposed = getattr(proposals, problem.field)
            form = _answered(form, problem, desk.answer(problem, proposed or ""))
            again = [p for p in application.problems(form, wanted) if p.field == problem.field]
            if not again:
                break
            problem = again[0]
    return form


def _answered(form: Form, problem: Problem, answer: str) -> Form:
    try:
        return application.with_answer(form, problem.field, answer)
    except errors.BadFormValue:
        return form  # still wrong: it is asked for again


def _security_word(wanted: Iterable[str], desk: Desk) -> str:
    if application.SECURITY_WORD not in wanted:
        return ""
    word = desk.security_word()
    if not application.security_word_is_right(word):
        raise errors.BadSecurityWord
    return word


@dataclass(frozen=True, slots=True)
class _Signatures:
    """What one login gave."""

    form: bytes
    at: datetime
    commitment: bytes | None
    problem: errors.EsignError | None


def _targets(wish: Wish, certificate: Certificate, now: datetime) -> tuple[Target, Target | None]:
    """Where the form and the commitment go; by default beside each other in this folder."""
    ending = signature_files.DETACHED if wish.detached else signature_files.ATTACHED
    who = "-".join(filter(None, map(turkish.fold, certificate.holder.split())))
    on = now.astimezone(ISTANBUL).date().isoformat()
    output = wish.output or Path(f"basvuru-{who or 'kart'}-{on}{ending}")
    form = Target.of_text(output, detached=wish.detached)
    if wish.commitment is None:
        return form, None
    folder = output.parent
    return form, Target.of_document(wish.commitment.path, folder, detached=wish.detached)


def _signed(
    wish: Wish, content: bytes, chosen: Candidate, keys: Keys, known: Knowledge
) -> _Signatures:
    """The form's signature and the commitment's, under one PIN where the key allows it."""
    commitment, problem = None, None
    with keys.signer(chosen) as signer:
        at = known.now()
        choosing.check_validity(chosen.certificate, at)
        made = sign.cades(
            content, signer, signing_time=at, detached=wish.detached, mime_type=TEXT_TYPE
        )
        if wish.commitment is not None:
            try:
                commitment = _sign_commitment(wish, wish.commitment, signer, known)
            except errors.EsignError as error:
                problem = error  # the form is signed all the same
    return _Signatures(made, at, commitment, problem)


def _kept(
    wish: Wish,
    content: bytes,
    form: Form,
    chosen: Candidate,
    targets: tuple[Target, Target | None],
    made: _Signatures,
    known: Knowledge,
) -> Signed:
    """The files written, the form's first, and the signing recorded."""
    target, second = targets
    problems = [made.problem] if made.problem else []
    file = target.write(made.form, content)
    commitment = None
    try:
        if second and wish.commitment and made.commitment:
            commitment = second.write(made.commitment, wish.commitment.content)
    except errors.EsignError as error:
        problems.append(error)
    number = _recorded(form, file, made.at, known, problems)
    return Signed(
        file=file,
        certificate=chosen.certificate,
        signing_time=made.at.replace(microsecond=0),
        detached=wish.detached,
        content=target.content,
        application=number,
        commitment=commitment,
        problems=tuple(problems),
    )


def _sign_commitment(
    wish: Wish, document: Commitment, signer: sign.Signer, known: Knowledge
) -> bytes:
    return sign.cades(
        document.content,
        signer,
        signing_time=known.now(),
        detached=wish.detached,
        mime_type="application/pdf" if document.content.startswith(b"%PDF-") else None,
    )


def _recorded(
    form: Form,
    file: Written,
    at: datetime,
    known: Knowledge,
    problems: list[errors.EsignError],
) -> int | None:
    """The application's number; a database that cannot be written to does not undo a signature."""
    from esign_cli.store.applications import SignedFile

    on = at.astimezone(ISTANBUL).date()
    signed = SignedFile(form.national_id, form.reason, file.path.name, file.sha256, on)
    try:
        return known.record(signed, at)
    except errors.EsignError as error:
        problems.append(error)
        return None
