"""Write esign.exe: launcher.py LAUNCHER TARGET.

It is what pip makes of a console script: distlib's launcher, a line that names the Python, and
an archive with the start. The Python is the one beside it, wherever the folder lies.
"""

import io
import sys
import zipfile
from pathlib import Path

START = "from esign_cli.__main__ import run\nrun()\n"
EARLIEST = (1980, 1, 1, 0, 0, 0)


def main(launcher: Path, target: Path) -> None:
    """Write the program."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr(zipfile.ZipInfo("__main__.py", EARLIEST), START)
    line = b"#!<launcher_dir>\\python.exe -sP\r\n"
    target.write_bytes(launcher.read_bytes() + line + archive.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
