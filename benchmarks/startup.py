"""What starting costs: `esign --help` and `esign config` against a two-command Typer hello-world.

Each pair runs in turn, so that a drift of the machine meets both; ratios are medians of pairs.
The peer has the same help mode (plain). Wanted: help at most 1.5 times, config at most 2 times.

    python benchmarks/startup.py [RUNS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

HELLO = """
import typer
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
@app.command()
def hello(name: str): print("hello", name)
@app.command()
def bye(name: str): print("bye", name)
app()
"""


def seconds(command: list[str], env: dict[str, str]) -> float:
    """The wall time of one run of a command."""
    started = time.perf_counter()
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env, check=True
    )
    return time.perf_counter() - started


def compare(title: str, ours: list[str], peer: list[str], env: dict[str, str], runs: int) -> None:
    """Print both medians and the median ratio of the pairs."""
    seconds(ours, env), seconds(peer, env)  # once unmeasured: the disk's cache, .pyc
    pairs = [(seconds(ours, env), seconds(peer, env)) for _run in range(runs)]
    mine, theirs = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(a / b for a, b in pairs)
    print(f"{title:<14} {mine * 1000:6.0f} ms   peer {theirs * 1000:6.0f} ms   ratio {ratio:.2f}")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        hello = Path(folder, "hello.py")
        hello.write_text(HELLO, encoding="utf-8")
        env = {"PATH": os.environ["PATH"], "HOME": folder}
        esign = [str(Path(sys.executable).with_name("esign"))]
        python = [sys.executable, str(hello)]
        compare("esign --help", [*esign, "--help"], [*python, "--help"], env, runs)
        compare("esign config", [*esign, "config"], [*python, "hello", "you"], env, runs)


if __name__ == "__main__":
    main()
