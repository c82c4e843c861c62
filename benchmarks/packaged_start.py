"""What `esign --help` takes out of a .deb, against the same out of a checkout's environment.

Each pair runs in turn. Wanted: at most 0.85 times; seen: 0.42, since a package carries this page
(cli/ready_page.py). Every other command loads the same modules in both: 0.98. The package is
unpacked, not installed, and given the byte code that its installation makes; the checkout's is the
esign beside this Python, installed by scripts/install.

    python benchmarks/packaged_start.py dist/esign_*~deb12_amd64.deb [RUNS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from startup import compare


def main() -> None:
    runs = int(sys.argv[2]) if sys.argv[2:] else 21
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", sys.argv[1], folder], check=True)
        package = Path(folder, "usr/lib/esign")
        python = str(package / "bin/python")
        compilation = [python, "-m", "compileall", "-q", "-x", "olefile2", str(package / "lib")]
        subprocess.run(compilation, check=True)
        ours = [python, "-sP", str(package / "bin/esign"), "--help"]
        checkout = [str(Path(sys.executable).with_name("esign")), "--help"]
        compare(
            "packaged --help", ours, checkout, {"PATH": os.environ["PATH"], "HOME": folder}, runs
        )


if __name__ == "__main__":
    main()
