"""How long `esign check-card` takes, beside the imports that it cannot do without.

Run: python benchmarks/check_card.py [PAIRS]

Side by side, in one run, on SoftHSM2 with one card: the command against
`python -c "import typer, pkcs11, asn1crypto.x509"` (target: at most 2.2 times), and reading a card
in a child process against reading it in one process (target: at most 60 ms more). The runs of a
pair take turns; medians are compared.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from esign_cli.commands.demo.made_up import MadeUpCa, national_id

PAIRS = 15
RATIO = 2.2
CHILD_MS = 60
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
IMPORTS = "import typer, pkcs11, asn1crypto.x509"
ONE_PROCESS = """
import sys, hashlib, pkcs11
from pkcs11 import Attribute, ObjectClass
for slot in pkcs11.lib(sys.argv[1]).get_slots():
    token = slot.get_token()
    if token.label:
        with token.open() as session:
            for found in list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})):
                print(hashlib.sha256(found[Attribute.VALUE]).hexdigest())
"""
IN_A_CHILD = """
import sys, hashlib
from pathlib import Path
from esign_cli.cards.process import CardProcess
with CardProcess() as process:
    from esign_cli.cards.modules import Module
    from esign_cli.cards.tokens import read_tokens
    for token in read_tokens(Module(Path(sys.argv[1]), "option"), process=process):
        for found in token.certificates:
            print(hashlib.sha256(found.der).hexdigest())
"""


def make_card(folder: Path, module: str) -> dict[str, str]:
    """A SoftHSM2 token with a made-up person's certificate and key; gives its environment."""
    config = folder / "softhsm2.conf"
    (folder / "tokens").mkdir()
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\n", "utf-8")
    environment = {**os.environ, "SOFTHSM2_CONF": str(config), "HOME": str(folder)}
    begin = datetime.now(UTC) - timedelta(days=400)
    issued = MadeUpCa.create(begin).issue("ŞÜKRÜ IŞIK", national_id(1), not_before=begin)
    key = issued.key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.pem").write_bytes(key)
    (folder / "certificate.der").write_bytes(issued.certificate)
    util = ["softhsm2-util", "--pin", "246810", "--label", "AKIS_1"]
    quiet(environment, *util, "--init-token", "--free", "--so-pin", "87654321")
    quiet(environment, *util, "--import", folder / "key.pem", "--token", "AKIS_1", "--id", "01")
    tool = ["pkcs11-tool", "--module", module, "--token-label", "AKIS_1", "--login"]
    tool += ["--pin", "246810", "--id", "01", "--type", "cert"]
    quiet(environment, *tool, "--write-object", folder / "certificate.der")
    return environment


def quiet(environment: Mapping[str, str], *command: str | Path) -> None:
    subprocess.run(command, env=environment, check=True, capture_output=True)


def paired(one: Callable[[], None], other: Callable[[], None], pairs: int) -> tuple[float, float]:
    """Medians in milliseconds of runs that take turns, after one of each to warm up."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(pairs + 1):
        for run, kept in zip((one, other), times, strict=True):
            start = time.perf_counter()
            run()
            if turn:
                kept.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


def main() -> int:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    module = next(path for path in MODULES if Path(path).exists())
    with tempfile.TemporaryDirectory() as folder:
        environment = make_card(Path(folder), module)

        def runs(*words: str) -> Callable[[], None]:
            return lambda: quiet(environment, sys.executable, *words)

        check = ("-m", "esign_cli", "check-card", "--module", module, "--json")
        command, imports = paired(runs(*check), runs("-c", IMPORTS), pairs)
        child, one = paired(runs("-c", IN_A_CHILD, module), runs("-c", ONE_PROCESS, module), pairs)
    ratio, more = command / imports, child - one
    print(f"esign check-card --json        {command:7.1f} ms")
    print(f"the imports alone              {imports:7.1f} ms   ratio {ratio:.2f}, target {RATIO}")
    print(f"a card read in a child         {child:7.1f} ms")
    print(f"a card read in one process     {one:7.1f} ms   +{more:.0f} ms, target +{CHILD_MS}")
    return int(ratio > RATIO or more > CHILD_MS)


if __name__ == "__main__":
    sys.exit(main())
