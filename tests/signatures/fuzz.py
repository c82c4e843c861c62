"""Signatures that were good until something was done to them, verified one after the other.

    python -m tests.signatures.fuzz [COUNT] [SEED]

A third is changed by the byte, the others by the element, with right lengths around it, so that the
change gets past the reader. Each must be answered within the limit and told in words; none may pass
unless content, signed attributes and signature are what one of the signers made. The suite runs a
short part. A file that breaks this is kept in the folder of temporary files, and its name printed.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from esign_cli.commands.verify import as_json
from esign_cli.commands.verify import page as verify_page
from esign_cli.commands.verify import text as verify_text
from esign_cli.commands.verify.job import Verified
from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import creation, validation
from esign_cli.signatures.cms import envelope, signed_data
from esign_cli.signatures.cms.report import Indication, Report
from esign_cli.signatures.path_validation import PathCheck
from esign_cli.signatures.pki import algorithms, asn1
from tests.signatures.verify_table_stamped import archived, long_term, profiled, stamped
from tests.support.long_term import added, counter_signed
from tests.support.signatures import CONTENT, DAY, HOUR, KeySigner, several, written
from tests.support.verification import NOW, Remembering, World, made_up_world

SECONDS = 5.0
Made = set[tuple[bytes | None, bytes, bytes]]


@dataclass
class Ground:
    """The good files, what their signers made, and a validator that knows their CA."""

    seeds: dict[str, bytes]
    made: Made
    validator: Remembering
    slowest: float = 0.0
    """Seconds that one file took at most."""


def ground() -> Ground:
    w = made_up_world()
    signer = KeySigner(w.issue("RSA-2048"))
    detached = creation.cades(
        CONTENT, signer, signing_time=NOW - HOUR, detached=True, mime_type=None
    )
    seeds = {
        "B-B": w.recipe().build(),
        "detached": detached,
        "PEM": envelope.to_pem(w.recipe().build()),
        "two signers": several(w.recipe(), w.recipe(issued=w.issue("P-384"))),
        "B-T": stamped(w),
        "B-LT": long_term(w),
        "B-LTA": archived(w, long_term(w)),
        "B-LTA again": archived(w, archived(w, long_term(w)), at=NOW - 2 * DAY),
        "counter": added(stamped(w), counter_signed(w.issue("P-384"), NOW - HOUR)(b"x")),
        **{name: profiled(w, name) for name in ("P2", "P3", "P4")},
    }
    made: Made = set()
    for seed in seeds.values():
        made |= essence(seed)
    validator = Remembering(PathCheck(anchors=(w.ca.root,), crls=data(w)))
    return Ground(seeds, made, validator)


STRANGER = ec.generate_private_key(ec.SECP256R1())


def data(w: World) -> tuple[bytes, ...]:
    return (*w.crls, w.crl(update=NOW - 3 * DAY))


def essence(signature: bytes) -> Made:
    """What binds each signer: the content, the signed attributes in DER, the signature value."""
    read = signed_data.parse(signature)
    content = CONTENT if read.content is None else read.content
    return {(content, signer.signed_der, signer.signature) for signer in read.signers}


# --- by the byte ---------------------------------------------------------------------------------


def _flip(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]


def _bit(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content or b"\0")
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + content[place + chance.randint(1, 200) :]


def _end(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) // 2, len(content) + 1)]


def _double(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content) + 1)
    piece = content[begin : begin + chance.randint(1, 400)]
    place = chance.randrange(len(content) + 1)
    return content[:place] + piece + content[place:]


def _noise(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(TOKENS) + content[place:]


TOKENS = (
    b"\x30\x80", b"\0\0", b"\x30\x84\xff\xff\xff\xff", b"\x1f\xff\xff\x7f", b"\x05\0", b"\xa0\x80",
    b"\x02\x01\xff", b"\x06\x01\x80", b"\x24\x80", b"\x30\x88" + b"\xff" * 8,
    b"-----BEGIN CMS-----", b"\x17\x0d999999999999Z", b"\x18\x0f99991231235959Z", b"\x03\x01\x08",
    b"\x30\x80" * 200,
)  # fmt: skip
_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _bit, _cut, _end, _double, _noise,
)  # fmt: skip


# --- by the element ------------------------------------------------------------------------------

Tree = tuple[int, "bytes | list[Tree]"]


def tree(node: asn1.Node, depth: int = 0) -> Tree:
    if node.constructed and depth < asn1.DEEPEST:
        return node.identifier, [tree(child, depth + 1) for child in node]
    if node.identifier == asn1.OCTET_STRING and node.contents[:1] == b"\x30":
        try:
            return node.identifier, [tree(asn1.read(node.contents), depth + 1)]
        except Asn1Malformed:
            return node.identifier, node.contents
    return node.identifier, node.contents


def encoded(one: Tree) -> bytes:
    identifier, inside = one
    parts = [inside] if isinstance(inside, bytes) else [encoded(child) for child in inside]
    return asn1.tlv(identifier, *parts)


def by_element(signature: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The signature with one to four elements changed, taken out, doubled, or another's put in."""
    root = tree(asn1.read(signature))
    for _ in range(chance.randint(1, 4)):
        if inside := chance.choice(list(_lists(root))):
            chance.choice(_ELEMENTS)(inside, chance.randrange(len(inside)), others, chance)
    return encoded(root)


def _take_out(inside: list[Tree], place: int, _others: list[bytes], _c: random.Random) -> None:
    del inside[place]


def _twice(inside: list[Tree], place: int, _others: list[bytes], chance: random.Random) -> None:
    inside.insert(place, chance.choice(inside))


def _stranger(inside: list[Tree], place: int, others: list[bytes], chance: random.Random) -> None:
    strangers = _lists(tree(asn1.read(chance.choice(others))))
    inside[place] = chance.choice([one for listed in strangers for one in listed])


def _shuffle(inside: list[Tree], _place: int, _others: list[bytes], chance: random.Random) -> None:
    chance.shuffle(inside)


def _identifier(inside: list[Tree], place: int, _o: list[bytes], chance: random.Random) -> None:
    inside[place] = (inside[place][0] ^ (1 << chance.randrange(8)), inside[place][1])


def _value(inside: list[Tree], place: int, _others: list[bytes], chance: random.Random) -> None:
    identifier, old = inside[place]
    if isinstance(old, bytes):
        inside[place] = (identifier, _bit(old, chance))


_ELEMENTS = (_take_out, _twice, _stranger, _shuffle, _identifier, _value)


def _lists(one: Tree) -> list[list[Tree]]:
    """Every list of elements inside, the outermost first."""
    inside = one[1]
    if isinstance(inside, bytes):
        return []
    return [inside, *(found for child in inside for found in _lists(child))]


# --- by another key ------------------------------------------------------------------------------


def resigned(signature: bytes, key: ec.EllipticCurvePrivateKey, chance: random.Random) -> bytes:
    """The signature with its attributes swapped, repeated, taken out or moved, and signed anew.

    The key is nobody's: whatever the attributes are, it is no signature by the certificate in it.
    """
    read = signed_data.parse(signature)
    signer = chance.choice(read.signers)
    signed = [attribute.wire for attribute in signer.attributes or ()]
    unsigned = [attribute.wire for attribute in signer.unsigned]
    for _ in range(chance.randint(0, 3)):
        here, there = chance.sample([signed, unsigned], 2)
        if here:
            place = chance.randrange(len(here))
            chance.choice((here.append, there.append))(here[place])
            if chance.random() < 0.5:
                del here[place]
    chance.shuffle(signed)
    value = key.sign(asn1.set_of(*signed), ec.ECDSA(hashes.SHA256()))
    info = asn1.sequence(
        signer.fields[0],
        signer.fields[1],
        signer.fields[2],
        asn1.tlv(asn1.context(0), *signed),
        algorithms.signature_identifier("ecdsa", "sha256"),
        asn1.octet_string(value),
        asn1.tlv(asn1.context(1), *unsigned) if unsigned else b"",
    )
    certificates, crls = read.certificates_wire, read.revocation_wire
    kind = read.content_type
    return written(signer.fields[2], kind, read.content, certificates, [info], crls=crls)


# --- what has to come of it ----------------------------------------------------------------------


def mutated(ground: Ground, chance: random.Random) -> bytes:
    names = sorted(ground.seeds)
    seed = ground.seeds[chance.choice(names)]
    if chance.random() < 0.2:
        return resigned(seed, STRANGER, chance)
    if chance.random() < 0.7 and not envelope.is_pem(seed):
        others = [ground.seeds[name] for name in names if name != "PEM"]
        return by_element(seed, others, chance)
    for _ in range(chance.randint(1, 4)):
        seed = chance.choice(_BYTES)(seed, chance)
    return seed


def check(ground: Ground, signature: bytes) -> Report:
    """Verify it and say the answer in every way there is; raises AssertionError."""
    started = time.monotonic()
    report = validation.verify(signature, content=None, validator=ground.validator, at=NOW, now=NOW)
    if any(c.code == "content-missing" for entry in report.signatures for c in entry.checks):
        report = validation.verify(
            signature, content=CONTENT, validator=ground.validator, at=NOW, now=NOW
        )
    ground.slowest = max(ground.slowest, time.monotonic() - started)
    assert ground.slowest < SECONDS, f"{ground.slowest:.1f} s"
    if report.indication is Indication.PASSED:
        assert essence(signature) <= ground.made, "passed, and is not what was signed"
    else:
        assert report.subindication is not None
    for entry in report.signatures:
        assert list(verify_text.rows(entry))
        list(verify_text.about(entry))
    verified = Verified(report, None, Path("a.p7m"), "0" * 64)
    as_json.data(verified, [], [])
    assert verify_page.page(verified, [], NOW)
    return report


def run(count: int, seed: int, kept: Path) -> Counter[str]:
    """How many came to what; a file that breaks a rule is left in `kept`."""
    came_out: Counter[str] = Counter()
    here = ground()
    for name, good in here.seeds.items():
        assert check(here, good).indication is Indication.PASSED, name
    chance = random.Random(seed)
    for number in range(count):
        signature = mutated(here, chance)
        try:
            report = check(here, signature)
        except BaseException:
            path = kept / f"signature-{seed}-{number}.p7m"
            path.write_bytes(signature)
            print(path, file=sys.stderr)
            raise
        came_out[report.subindication or "PASSED"] += 1
        if len(here.validator.known) > 5000:
            here.validator.known.clear()
    print(f"slowest: {here.slowest:.2f} s")
    return came_out


def main() -> None:
    given = [int(word) for word in sys.argv[1:3]]
    count, seed = (*given, *(20_000, 1)[len(given) :])
    started = time.monotonic()
    came_out = run(count, seed, Path(tempfile.mkdtemp(prefix="esign-fuzz-")))
    for name, times in came_out.most_common():
        print(f"{times:7} {name}")
    taken = time.monotonic() - started
    print(f"{count} signatures in {taken:.0f} s: none crashed, none passed wrongly")


if __name__ == "__main__":
    main()
