"""How long `esign check-card` takes beside `pkcs11-tool -O`, with a card in the virtual reader.

Run: python -m benchmarks.card_in_reader [PAIRS]
     python -m benchmarks.card_in_reader PAIRS MICROSECONDS_A_BYTE MILLISECONDS_AN_APDU

Both read the same card through OpenSC's module, in pairs that take turns; medians are compared
(target: at most 1.6 times). The virtual card answers at once, which no card with contacts does, so
it is measured at the speeds of real ones too:

- AKİS 1.0 gives TA1 = 11 in its ATR (OpenSC 0.23, card-akis.c), F/D = 372: 9,600 bit/s at
  3.5712 MHz; UKİS 1.2.1 gives TA1 = 13 (pcsc-tools, smartcard_list.txt), F/D = 93: 38,400 bit/s.
  The last row stands for a faster one: 115,200 bit/s.
- A character of T=1 takes at least 11 bits' time (ISO/IEC 7816-3, 11.2), a block 4 bytes more.
- Each command crosses the USB twice, in frames of 1 ms at full speed (USB 2.0, 5.3.3). What the
  card itself thinks about is left out: it would only make both slower by the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.check_card import paired
from tests.cards.long_watch import made_up_people
from tests.support import parts
from tests.support.virtual_card import Inserted, Pace, PivCard, running_reader

PAIRS = 15
RATIO = 1.6
BITS = 11
USB = 0.002
SPEEDS = {
    "the virtual card, at once": Pace(),
    "115,200 bit/s": Pace(BITS / 115_200, USB),
    "38,400 bit/s (UKİS 1.2.1)": Pace(BITS / 38_400, USB),
    "9,600 bit/s (AKİS 1.0)": Pace(BITS / 9_600, USB),
}


def main() -> int:
    pairs = int(sys.argv[1]) if sys.argv[1:] else PAIRS
    speeds = SPEEDS
    if sys.argv[2:]:
        byte, apdu = map(float, sys.argv[2:4])
        speeds = {f"{byte:g} µs a byte, {apdu:g} ms an APDU": Pace(byte / 1e6, apdu / 1e3)}
    module = str(parts.opensc())
    card = PivCard(made_up_people(datetime.now(UTC))[0])
    ours = [sys.executable, "-m", "esign_cli", "check-card", "--module", module, "--json"]
    tool = [parts.program("pkcs11-tool"), "--module", module, "-O"]
    worst = 0.0
    with running_reader(), Inserted(card):
        time.sleep(1)  # pcscd looks for a card a few times a second
        for name, pace in speeds.items():
            card.pace = pace
            apdus = [_apdus(card, command) for command in (ours, tool)]
            check, other = paired(_run(ours), _run(tool), pairs)
            worst = max(worst, check / other)
            print(
                f"{name:26} esign {check:6.0f} ms, pkcs11-tool {other:6.0f} ms,"
                f" ratio {check / other:.2f} (target {RATIO}); APDUs {apdus[0]} and {apdus[1]}"
            )
    return int(worst > RATIO)


def _run(command: list[str]) -> Callable[[], None]:
    quiet = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(command, env=quiet, check=True, capture_output=True) and None


def _apdus(card: PivCard, command: list[str]) -> int:
    """How many commands the card is sent by this one."""
    before = sum(card.count.values())
    _run(command)()
    return sum(card.count.values()) - before


if __name__ == "__main__":
    sys.exit(main())
