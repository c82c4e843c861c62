"""What verifying costs: `esign verify` (B-B, offline) against pyHanko's own API, whole processes.

Both read the same detached signature, its content, root and two CRLs, and each runs in a fresh
process, in turn, so that a drift of the machine meets both; ratios are medians of pairs. Wanted: at
most 0.60 times. `peer.py` installs pyHanko into an environment of its own. Then, in this process:
the structural layer (at most 3 ms), a signature that we make beside what its raw signature alone
takes, and a CRL of 100,000 entries (at most 2 s).

    python benchmarks/verify.py [RUNS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

import peer
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from esign_cli.commands.demo.made_up import MadeUpCa, national_id
from esign_cli.foundation import clock
from esign_cli.signatures import certificate
from esign_cli.signatures import creation as sign
from esign_cli.signatures.cms import signed_data
from esign_cli.signatures.cms.structure import examine
from esign_cli.signatures.pki import asn1, crl_ocsp, tbs
from esign_cli.signatures.pki.crl import RevocationData

PEER = """
import asyncio, sys
from asn1crypto import cms, x509
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext
signature, content, root, sub_crl, root_crl = (open(name, "rb").read() for name in sys.argv[1:])
context = ValidationContext(
    trust_roots=[x509.Certificate.load(root)], crls=[sub_crl, root_crl],
    allow_fetching=False, revocation_mode="require",
)
signed = cms.ContentInfo.load(signature)["content"]
status = asyncio.run(
    async_validate_detached_cms(content, signed, signer_validation_context=context)
)
assert status.bottom_line, status.summary()
"""
CONTENT = b"ADI:A\r\nSOYAD:B\r\n" * 20
DAY = timedelta(days=1)


class Key:
    """A made-up certificate's key as a signer."""

    def __init__(self, ca: MadeUpCa) -> None:
        issued = ca.issue("A B", national_id(1), not_before=clock.now() - DAY)
        self.certificate, self.chain, self.private = issued.certificate, issued.chain, issued.key()

    def sign(self, message: bytes, digest_algorithm: str) -> bytes:
        assert digest_algorithm == "sha256"
        return self.private.sign(message, padding.PKCS1v15(), hashes.SHA256())


def seconds(command: list[str], env: dict[str, str]) -> float:
    """The wall time of one run of a command."""
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, env=env, check=True)
    return time.perf_counter() - started


def whole(folder: Path, ca: MadeUpCa, key: Key, runs: int) -> None:
    now = clock.now()
    detached = sign.cades(
        CONTENT, key, signing_time=now - timedelta(hours=2), detached=True, mime_type="text/plain"
    )
    parts = {
        "a.p7s": detached,
        "a.txt": CONTENT,
        "root.der": ca.root,
        "sub.crl": ca.crl(this_update=now - timedelta(hours=1)),
        "root.crl": ca.crl(this_update=now - timedelta(hours=1), issuer="root"),
    }
    for name, data in parts.items():
        (folder / name).write_bytes(data)
    files = [str(folder / name) for name in parts]
    (folder / "peer.py").write_text(PEER, "utf-8")
    env = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    esign = [str(Path(sys.executable).with_name("esign")), "verify", files[0], "--offline"]
    esign += ["--content", files[1], "--trust", files[2], "--crl", files[3], "--crl", files[4]]
    theirs = [peer.python(), str(folder / "peer.py"), *files]
    seconds(esign, env), seconds(theirs, env)  # once unmeasured: the disk's cache, .pyc
    pairs = [(seconds(esign, env), seconds(theirs, env)) for _run in range(runs)]
    mine, other = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(a / b for a, b in pairs)
    print(f"esign verify   {mine * 1000:6.0f} ms   pyHanko {other * 1000:6.0f} ms   {ratio:.2f}")


def each(work: Callable[[], object], times: int = 100) -> float:
    """Milliseconds that one call takes."""
    work()
    started = time.perf_counter()
    for _time in range(times):
        work()
    return (time.perf_counter() - started) / times * 1000


def inside(ca: MadeUpCa, key: Key) -> None:
    now = clock.now()

    def signature() -> bytes:
        return sign.cades(CONTENT, key, signing_time=now, detached=False, mime_type="text/plain")

    made = signature()

    def structure() -> None:
        certificate.parse.cache_clear()  # as in a process of its own
        tbs.read.cache_clear()
        data = signed_data.parse(made)
        examine(data, data.signers[0], CONTENT, latest=now)

    print(f"structure      {each(structure):6.2f} ms")
    raw = each(lambda: key.sign(CONTENT, "sha256"))
    print(f"signature      {each(signature):6.2f} ms   of which raw {raw:.2f} ms")
    signed, algorithm, _value = asn1.read(ca.crl(this_update=now - DAY)).children()
    entries = (asn1.sequence(asn1.integer(n), asn1.time(now)) for n in range(1, 100_001))
    fields = [node.raw for node in signed]
    extended = asn1.sequence(*fields[:-1], asn1.sequence(*entries), fields[-1])
    value = ca.sub_authority.key.sign(extended, ec.ECDSA(hashes.SHA256()))
    long = asn1.sequence(extended, algorithm.raw, asn1.tlv(asn1.BIT_STRING, b"\0" + value))

    def revocation() -> None:
        known = crl_ocsp.answers(key.certificate, ca.sub, [RevocationData("crl", long, now)])
        assert crl_ocsp.validate(known, now)[0] in ("good", "stale")

    started = time.perf_counter()
    revocation()  # once: what was read is remembered
    print(f"CRL of 100,000 {(time.perf_counter() - started) * 1000:6.0f} ms")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    ca = MadeUpCa.create(clock.now())
    key = Key(ca)
    with tempfile.TemporaryDirectory() as folder:
        whole(Path(folder), ca, key, runs)
    inside(ca, key)


if __name__ == "__main__":
    main()
