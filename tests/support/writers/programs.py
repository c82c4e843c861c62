"""Writers that are programs: LibreOffice, the Java ones in one JVM, and SheetJS.

The Java libraries come from Maven Central into a folder of the user's cache, by the version of
`pom.xml`, SheetJS from npm's registry; all rosters are written in one run.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import tarfile
import tempfile
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.support.writers import python

Row = Sequence[Any]
Files = dict[tuple[str, str], Path]
"""By roster and writer."""
HERE = Path(__file__).parent
CONVERSIONS = {
    "LibreOffice xls": "xls:MS Excel 97",
    "LibreOffice xlsx": "xlsx:Calc MS Excel 2007 XML",
    "LibreOffice ods": "ods:calc8",
    "LibreOffice fods": "fods:OpenDocument Spreadsheet Flat XML",
    "LibreOffice html": "html:HTML (StarCalc)",
    "LibreOffice csv": "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false",
}
"""As 59 ";", 34 the quote, 76 UTF-8, cells as they are shown."""
JAVA = {
    "Apache POI HSSF": "poi.xls",
    "Apache POI XSSF": "poi.xlsx",
    "Apache POI SXSSF": "sxssf.xlsx",
    "JExcelAPI": "jxl.xls",
    "fastexcel": "fastexcel.xlsx",
    "JasperReports xls": "jasper.xls",
    "JasperReports xlsx": "jasper.xlsx",
    "JasperReports ods": "jasper.ods",
    "JasperReports csv": "jasper.csv",
    "JasperReports html": "jasper.html",
}
JAVASCRIPT = {
    "SheetJS xlsx": "sheetjs.xlsx",
    "SheetJS xlsx, days": "sheetjs.days.xlsx",
    "SheetJS xlsb": "sheetjs.xlsb",
    "SheetJS xls": "sheetjs.xls",
    "SheetJS ods": "sheetjs.ods",
    "SheetJS fods": "sheetjs.fods",
    "SheetJS html": "sheetjs.html",
    "SheetJS csv": "sheetjs.csv",
    "SheetJS xml": "sheetjs.xml",
}
LOSES_LETTERS = "SheetJS xls of Excel 95"
PROGRAMS = ("soffice", "java", "mvn", "node")
"""What has to be there."""
_SECONDS = 300
_SHEETJS = "https://registry.npmjs.org/xlsx/-/xlsx-0.18.5.tgz"
_SHEETJS_SHA256 = "5b23e25faa2472e50679e5f6ee52fced3ae4c4b1e46e8dfebb221c59747461ee"


def write_all(rosters: Mapping[str, Sequence[Row]], folder: Path) -> Files:
    """Every roster by every program."""
    given = []
    for name, rows in rosters.items():
        path = folder / f"{name}.tsv"
        path.write_text("".join("\t".join(map(_field, row)) + "\n" for row in rows), "utf-8")
        given.append(str(path))
    _run(["java", "-Djava.awt.headless=true", "-Duser.timezone=Europe/Istanbul", "-cp",
          f"{_java_libraries()}/*", str(HERE / "RosterWriters.java"), *given])  # fmt: skip
    _run(["env", "TZ=Europe/Istanbul", "node", str(HERE / "sheetjs.js"), str(_sheetjs()), *given])
    from_fields = JAVA | JAVASCRIPT | {LOSES_LETTERS: "sheetjs.excel95.xls"}
    return _by_libreoffice(rosters, folder) | {
        (name, writer): folder / f"{name}.{ending}"
        for name in rosters
        for writer, ending in from_fields.items()
    }


def _by_libreoffice(rosters: Mapping[str, Sequence[Row]], folder: Path) -> Files:
    begin = folder / "given"
    begin.mkdir()
    for name, rows in rosters.items():
        (begin / f"{name}.xlsx").write_bytes(python.by_openpyxl(rows))
    files: Files = {}
    for writer, filter_ in CONVERSIONS.items():
        out = folder / writer.replace(" ", "-")
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = ["soffice", "--headless", profile, "--convert-to", filter_, "--outdir", str(out)]
        _run([*command, *map(str, sorted(begin.iterdir()))])
        ending = filter_.partition(":")[0]
        files |= {(name, writer): out / f"{name}.{ending}" for name in rosters}
    return files


def _field(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f"d:{value.isoformat()}"
    return f"n:{value}" if isinstance(value, int | float) else f"s:{value}"


def _java_libraries() -> Path:
    """The folder of the jars that `pom.xml` names."""
    pom = HERE / "pom.xml"
    version = hashlib.sha256(pom.read_bytes()).hexdigest()[:16]

    def fetch(folder: Path) -> None:
        _run(["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies",
              f"-DoutputDirectory={folder}"])  # fmt: skip

    return _cached(f"java-{version}", fetch)


def _sheetjs() -> Path:
    """The folder of SheetJS."""

    def fetch(folder: Path) -> None:
        with urllib.request.urlopen(_SHEETJS, timeout=_SECONDS) as answer:
            content = answer.read()
        assert hashlib.sha256(content).hexdigest() == _SHEETJS_SHA256
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            script = archive.extractfile("package/dist/xlsx.full.min.js")
            assert script is not None
            folder.mkdir()
            (folder / "xlsx.js").write_bytes(script.read())

    return _cached(f"sheetjs-{_SHEETJS_SHA256[:16]}", fetch)


def _cached(name: str, fetch: Callable[[Path], None]) -> Path:
    """A folder of the user's cache, fetched when it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "esign-tests"
    folder = cache / name
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as fresh:
            fetch(Path(fresh) / "fresh")
            if not folder.is_dir():
                (Path(fresh) / "fresh").rename(folder)
    return folder


def _run(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
