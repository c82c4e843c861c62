"""A verification report in the reader's words: verdict first, then who, when, and each check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from esign_cli.commands.verify.labels import (
    ACCEPTANCES,
    CHECKS,
    NAMES,
    PATTERNS,
    PRELIMINARY,
    RESULTS,
    STEPS,
    TIMES,
    VERDICTS,
    WORDS,
)
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.i18n import _
from esign_cli.foundation.plain_text import one_line
from esign_cli.foundation.turkish import mask
from esign_cli.signatures.cms.report import (
    Acceptance,
    Check,
    ProfileReport,
    Report,
    Result,
    SignatureReport,
    Sub,
    Warned,
)
from esign_cli.wording.fact_words import SUBINDICATIONS

if TYPE_CHECKING:
    from esign_cli.commands.verify.job import Verified

_SO_FAR = ("preliminary", "policy-unfinished")
_OFTEN_ABSENT = ("parts", "policy", "time-stamp", "archive-time-stamp", "counter-signature")


def heading(report: Report) -> Iterator[str]:
    """Yield the verdict and why, and the time it is for."""
    yield _(VERDICTS[report.indication])
    if report.subindication is not None:
        yield f"{_(SUBINDICATIONS[report.subindication])} [{report.subindication}]"
        yield from _which_weakness(report)
    if final := _final_from(report):
        yield _("Preliminary: nothing speaks against it so far. Final from: {time}").format(
            time=local(final)
        )
    if report.problem is not None:
        yield words(report.problem.code, report.problem.facts)
    yield _("Validated for: {time}").format(time=local(report.validation_time))


def _which_weakness(report: Report) -> Iterator[str]:
    """What of a signature is too weak: that the reference is, say, and not the signature."""
    if report.subindication is Sub.CRYPTO_CONSTRAINTS_FAILURE:
        checks = (check for entry in report.signatures for check in entry.checks)
        weak = (check for check in checks if check.code in _WEAKNESSES)
        yield from dict.fromkeys(said(check) for check in weak)


_WEAKNESSES = frozenset({"ess-weak", "weak-digest", "weak-key", "weak-chain", "part-weak", "weak"})


def files(verified: Verified) -> Iterator[str]:
    """Yield the container, and the content that lies outside the signature, with its hash."""
    if (container := verified.container) is not None:
        kind = f"{container.kind} {container.version}".strip()
        yield _("Container: {kind}, parts: {count}").format(
            kind=kind, count=len(container.parts.entries)
        )
    if (content := verified.content) is not None:
        yield _("Content: {path}").format(path=one_line(content.name))
        yield _("SHA-256 of the content: {sha256}").format(sha256=content.sha256)


def _final_from(report: Report) -> datetime | None:
    """When preliminary results become final; None: none is preliminary."""
    times = [
        entry.profile.final_from
        for entry in report.signatures
        if entry.profile and entry.profile.answer is Acceptance.PRELIMINARY
    ]
    return max((time for time in times if time is not None), default=None)


def about(entry: SignatureReport) -> Iterator[str]:
    """Yield who signed, when, with what."""
    if entry.part:
        yield _("Part: {name}").format(name=one_line(entry.part))
    signer = entry.signer
    if signer is not None:
        yield _signer(signer)
        yield _("Certificate: {serial}, from: {issuer}").format(
            serial=signer.serial, issuer=one_line(signer.issuer)
        )
        yield _("Qualified: {answer}").format(answer=_qualified(entry.qualified))
    if entry.signing_time is not None:
        moment = local(entry.signing_time)
        yield _("Signing time, by the signer's own clock: {time}").format(time=moment)
    yield from _proven(entry)
    yield _("Level: {level}").format(level=entry.level or "–")
    if entry.profile is not None:
        yield from profile(entry.profile)


def _signer(signer: Certificate) -> str:
    name = one_line(signer.holder)
    if signer.seal:
        number = signer.tax_number or "–"
        return _("Seal of: {name} (VKN {number})").format(name=name, number=number)
    number = f" ({mask(signer.national_id)})" if signer.national_id else ""
    return _("Signer: {name}").format(name=name + number)


def _proven(entry: SignatureReport) -> Iterator[str]:
    """Since when the signature is proven to exist, and by whom."""
    stamps = [(s.time, s.authority) for s in entry.stamps if s.good and s.time is not None]
    if stamps:
        time, authority = min(stamps, key=lambda stamp: stamp[0])
        name = one_line(authority.holder) if authority else "–"
        yield _("Proven to exist since: {time} ({authority})").format(
            time=local(time), authority=name
        )


def profile(report: ProfileReport) -> Iterator[str]:
    """Yield the Turkish profile and what its rules make of the signature; the policy's
    three facts.
    """
    answer = _(ACCEPTANCES[report.answer])
    yield _("Profile: {name} – {answer}").format(name=report.name or "–", answer=answer)
    policy = report.policy
    if policy is not None:
        yield _("Signature policy: {oid}").format(oid=policy.oid or "–")
        right = _("accepted") if report.hash_accepted else _("not accepted")
        yield _("Policy hash: {hash} ({answer})").format(
            hash=f"{policy.digest} {policy.value.hex()}".strip() or "–", answer=right
        )
        yield _("Policy address: {address}").format(address=one_line(policy.address) or "–")
        if policy.notice:
            yield _("Notice of the policy: {text}").format(text=one_line(policy.notice))
    if report.final_from is not None:
        yield _("Revocation is final with data issued from: {time}").format(
            time=local(report.final_from)
        )


def _qualified(answer: bool | None) -> str:
    if answer is None:
        return _("it claims to be; no trusted root confirms it")
    return _("yes") if answer else _("no")


def rows(entry: SignatureReport) -> Iterator[tuple[str, str, str]]:
    """Return check, result and evidence, one row a check that says something."""
    for check in entry.checks:
        absent = check.result is Result.NOT_CHECKED and not check.code
        if check.name in _OFTEN_ABSENT and absent:
            continue
        result = PRELIMINARY if check.code in _SO_FAR else RESULTS[check.result]
        yield _(CHECKS[check.name]), _(result), said(check)


def said(what: Check | Warned) -> str:
    """Return a check's evidence or a warning."""
    return words(what.code, what.facts)


def words(code: str, facts: tuple[tuple[str, str], ...]) -> str:
    """Return a code with its facts as a sentence."""
    if not code:
        return ""
    return _(WORDS[code]).format_map(_Facts((name, _fact(name, value)) for name, value in facts))


def next_step(report: Report) -> str:
    """Return what to do about it; may be empty."""
    if report.subindication is Sub.TRY_LATER and (final := _final_from(report)):
        return _("Verify it again, with data issued after this time: {time}").format(
            time=local(final)
        )
    step = STEPS.get(report.subindication) if report.subindication else None
    return _(step) if step else ""


def local(time: datetime) -> str:
    """Write a moment as 22.11.2026 14:30:05 +03:00, in Turkish local time."""
    here = time.astimezone(ISTANBUL)
    return f"{here:%d.%m.%Y %H:%M:%S} {here.isoformat()[-6:]}"


def _fact(name: str, value: str) -> str:
    if name in TIMES:
        return local(datetime.fromisoformat(value))
    for pattern, text in PATTERNS:
        if match := re.fullmatch(pattern, value):
            return _(text).format_map(match.groupdict())
    if value in NAMES:
        return _(NAMES[value])
    parts = one_line(value).split(", ")
    return ", ".join(_(NAMES[part]) if part in NAMES else part for part in parts)


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"
