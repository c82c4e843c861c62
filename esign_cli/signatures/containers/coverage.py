"""What a container's signature covers: every part that it names, held against its digests."""

from __future__ import annotations

from collections.abc import Iterator

from esign_cli.signatures.cms.report import Finding, Sub, Warned
from esign_cli.signatures.containers.container import Container, Enclosed, Reference
from esign_cli.signatures.containers.parts import Parts, part_name
from esign_cli.signatures.pki.algorithms import DIGEST_OIDS, STRONG_DIGESTS

CHECK = "parts"
MOST_NAMED = 20
"""How many parts that no signature covers are named one by one."""


def findings(container: Container, signature: Enclosed) -> tuple[Finding, ...]:
    """Return what is found on the parts that the signature names; the first says it for all."""
    return tuple(_findings(container.parts, signature))


def _findings(parts: Parts, signature: Enclosed) -> Iterator[Finding]:
    for name in parts.doubled:
        yield Finding(CHECK, "part-twice", Sub.FORMAT_FAILURE, (("part", name),))
    if signature.content is None:
        yield Finding(CHECK, "part-missing", Sub.HASH_FAILURE, (("part", signature.over or "–"),))
        return
    if signature.covers_itself:
        yield Finding(CHECK, "parts-intact", None, (("count", "1"),))
        return
    if not signature.references:
        facts = (("part", signature.over),)
        yield Finding(CHECK, "parts-unreadable", Sub.FORMAT_FAILURE, facts)
        return
    wrong = [bad for one in signature.references if (bad := _wrong(parts, one)) is not None]
    yield from wrong
    if not wrong:
        inside = sum(not one.outside for one in signature.references)
        yield Finding(CHECK, "parts-intact", None, (("count", str(inside)),))


def _wrong(parts: Parts, reference: Reference) -> Finding | None:
    """What is wrong with one part; None: it is there with every digest, or no part at all."""
    facts = (("part", part_name(reference.name)),)
    if reference.outside:
        return None
    if parts.find(reference.name) is None:
        return Finding(CHECK, "part-missing", Sub.HASH_FAILURE, facts)
    known = [(name, value) for name, value in reference.digests if name in DIGEST_OIDS]
    digests = parts.digests(reference.name, {name for name, _value in known})
    if digests is None or any(digests[name] != value for name, value in known):
        return Finding(CHECK, "part-altered", Sub.HASH_FAILURE, facts)
    if not any(name in STRONG_DIGESTS for name, _value in known):
        return Finding(CHECK, "part-weak", Sub.CRYPTO_CONSTRAINTS_FAILURE, facts)
    return None


def warnings(container: Container) -> tuple[Warned, ...]:
    """Return what should be seen: parts that nothing covers, placeholders, what is not judged."""
    return (
        *(Warned("part-placeholder", (("part", name),)) for name in container.placeholders),
        *(Warned("part-not-judged", (("part", name),)) for name in container.not_judged),
        *(
            Warned("part-outside", (("part", one.name),))
            for signature in container.signatures
            for one in signature.references or ()
            if one.outside
        ),
        *_uncovered(container),
    )


def _uncovered(container: Container) -> Iterator[Warned]:
    covered = {*container.plumbing, *container.placeholders, *container.not_judged}
    for signature in container.signatures:
        listed = (one.name for one in signature.references or () if not one.outside)
        names = (signature.name, signature.over, *listed)
        covered |= {part for name in names if name and (part := container.parts.find(name))}
    left = [name for name in container.parts.entries if name not in covered]
    for name in left[:MOST_NAMED]:
        yield Warned("part-uncovered", (("part", name),))
    if len(left) > MOST_NAMED:
        yield Warned("parts-uncovered", (("count", str(len(left) - MOST_NAMED)),))
