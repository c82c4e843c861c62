"""Writers that are programs: LibreOffice, and the Java ones in one JVM.

The Java libraries come from Maven Central into a folder of the user's cache, by the version of
`pom.xml`; all rosters are written in one run.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
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
PROGRAMS = ("soffice", "java", "mvn")
"""What has to be there."""
_SECONDS = 300


def write_all(rosters: Mapping[str, Sequence[Row]], folder: Path) -> Files:
    """Every roster by every program."""
    return _by_libreoffice(rosters, folder) | _by_java(rosters, folder)


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


def _by_java(rosters: Mapping[str, Sequence[Row]], folder: Path) -> Files:
    out = folder / "java"
    out.mkdir()
    given = []
    for name, rows in rosters.items():
        path = out / f"{name}.tsv"
        path.write_text("".join("\t".join(map(_field, row)) + "\n" for row in rows), "utf-8")
        given.append(str(path))
    _run(["java", "-Djava.awt.headless=true", "-Duser.timezone=Europe/Istanbul", "-cp",
          f"{_java_libraries()}/*", str(HERE / "RosterWriters.java"), *given])  # fmt: skip
    return {
        (name, writer): out / f"{name}.{ending}"
        for name in rosters
        for writer, ending in JAVA.items()
    }


def _field(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f"d:{value.isoformat()}"
    return f"n:{value}" if isinstance(value, int | float) else f"s:{value}"


def _java_libraries() -> Path:
    """The folder of the jars that `pom.xml` names, fetched when it is not there yet."""
    pom = HERE / "pom.xml"
    version = hashlib.sha256(pom.read_bytes()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "esign-tests"
    folder = cache / f"java-{version}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as fresh:
            _run(["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies",
                  f"-DoutputDirectory={fresh}/lib"])  # fmt: skip
            if not folder.is_dir():
                (Path(fresh) / "lib").rename(folder)
    return folder


def _run(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
