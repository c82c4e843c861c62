"""How long an import takes, beside a process that only reads the same file with python-calamine.

    python benchmarks/import_roster.py [ROWS] [--peer] [--first]

Each figure is the wall time of a whole command, the best of three, its ratio to the peer's, the
same of the processors' time of all its processes, and the memory of its largest process; all come
from one run. The same made-up people come as .xlsx, again with few names and each hundredth on two
rows, and as HTML that is called .xls, as SpreadsheetML and as CSV. The roster has 21 columns, as a
ministry's export has them. `--peer` adds the pipeline one would write by hand: openpyxl read-only
and a sqlite-utils upsert of dicts; `--first` ends after the first import, measured once. With
1000000 rows all of it takes half an hour and 2 GB.

Installed by pip, esign comes with its byte code. Where it has none and may write none
(PYTHONDONTWRITEBYTECODE) each start compiles 370 modules, which costs a third of a second.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

HEADERS = (
    "Sıra No", "T.C. Kimlik No", "Adı", "Soyadı", "İl", "İlçe", "Kurum Kodu", "Kurum Adı",
    "Görevi", "Branşı", "Kadro Durumu", "Görev Durumu", "Başlama Tarihi", "Görev Bitiş Tarihi",
    "Kurum Sicil No", "Doğum Yeri", "Doğum Tarihi", "Cep Telefonu", "E-Posta", "Öğrenim Durumu",
    "Kan Grubu",
)  # fmt: skip
GIVEN = (
    "ŞÜKRÜ", "AYŞE", "İBRAHİM", "IŞIL", "ÇİĞDEM", "MEHMET", "ÖMER", "FATMA", "HASAN", "HÜSEYİN",
    "ZEYNEP", "EMİNE", "MUSTAFA", "AHMET", "ALİ", "HATİCE", "ELİF", "YUSUF", "OSMAN", "MURAT",
    "GÜLŞEN", "SULTAN", "NURAN", "CEMİL", "DİLEK", "HALİL", "RAMAZAN", "SEVGİ", "TÜLAY", "UĞUR",
)  # fmt: skip
FAMILY = (
    "YILMAZ", "IŞIK", "ÖZTÜRK", "ÇELİK", "ŞAHİN", "GÜNEŞ", "KÖSEOĞLU", "DAĞ", "ACAR", "UÇAR",
    "KAYA", "DEMİR", "YILDIZ", "ARSLAN", "DOĞAN", "KILIÇ", "ASLAN", "ÇETİN", "KARA", "KOÇ", "KURT",
    "ÖZKAN", "ŞİMŞEK", "POLAT", "KORKMAZ", "ERDOĞAN", "AYDIN", "BULUT", "TEKİN", "AKSOY", "BOZKURT",
    "GÜLER", "YAVUZ", "TUNÇ", "BİLGİN", "ATEŞ", "SARI", "ÜNAL", "ÖZER", "KESKİN",
)  # fmt: skip
"""Two of three people have two family names: few names have hundreds of bearers."""
DISTRICTS = ("MERKEZ", "KOZLUK", "SASON", "BEŞİRİ", "GERCÜŞ", "HASANKEYF")
BRANCHES = ("Matematik", "Türkçe", "Fen Bilimleri", "Sınıf Öğretmenliği", "İngilizce", "Tarih")
DAYS = (12, 13, 16)
"""Columns of dates."""
RUNS = 3
NONE_REJECTED = 100_000
"""Rows of which none is rejected; of a million ids six look as if they were rounded."""
PARTLY = 8
"""The exit code where rows were rejected."""
FINE = {0}
"""The exit codes that a command may end with; `main` adds PARTLY for more rows than these."""

CALAMINE = """
import io, sys, python_calamine
book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(open(sys.argv[1], "rb").read()))
for row in book.get_sheet_by_index(0).iter_rows():
    pass
"""
PEER = """
import sys, warnings, openpyxl, sqlite_utils
warnings.simplefilter("ignore")
rows = openpyxl.load_workbook(sys.argv[1], read_only=True).active.iter_rows(values_only=True)
headers = next(rows)
sqlite_utils.Database(sys.argv[2])["person"].upsert_all(
    (dict(zip(headers, row)) for row in rows), pk="T.C. Kimlik No")
"""


def national_id(number: int) -> str:
    """A valid T.C. kimlik no of nobody."""
    spread = number * 7_919 % 899_999_981  # one here and one there, in no order, as people come
    nine = [int(digit) for digit in str(100_000_000 + spread)]
    tenth = (7 * sum(nine[0::2]) - sum(nine[1::2])) % 10
    return "".join(map(str, [*nine, tenth, (sum(nine) + tenth) % 10]))


def family_name(number: int) -> str:
    first, second = FAMILY[number // 30 % 40], FAMILY[number // 1200 % 40]
    return first if number % 3 == 0 else f"{first} {second}"


def people(count: int, changed: int | None = None) -> Iterator[tuple[str | int, ...]]:
    """Rows of a roster; the person numbered `changed` has another title."""
    for n in range(count):
        yield (
            n + 1, int(national_id(n)), GIVEN[n % 30], family_name(n),
            "BATMAN", DISTRICTS[n % 6], 700_000 + n % 900,
            f"{DISTRICTS[n % 6]} {n % 900}. İLKOKULU",
            "Müdür" if n == changed else "Öğretmen", BRANCHES[n % 6], "Kadrolu", "Görevde",
            40_000 + n % 5000, 46_500 + n % 900, f"{n:08d}", "BATMAN", 25_000 + n % 10_000,
            5_300_000_000 + n, f"kisi{n}@example.tr", "Lisans", "A Rh (+)",
        )  # fmt: skip


def few_names(count: int) -> Iterator[tuple[str | int, ...]]:
    """The same with six hundred names, and each hundredth person on a second row at the end."""
    second = range(0, count - count // 101, 100)
    for n, row in enumerate(people(count - len(second))):
        yield (*row[:3], FAMILY[n // 30 % 20], *row[4:])
    for n, row in enumerate(people(count - len(second))):
        if n in second:
            yield (*row[:3], FAMILY[n // 30 % 20], *row[4:6], 800_000 + n % 900, *row[7:])


def _texts(row: Iterable[str | int]) -> Iterator[str]:
    for column, value in enumerate(row):
        is_day = column in DAYS and isinstance(value, int)
        yield _day(value).strftime("%d.%m.%Y") if is_day else str(value)


def _day(serial: str | int) -> date:
    return date(1899, 12, 30) + timedelta(int(serial))


def html(rows: Iterator[tuple[str | int, ...]]) -> Iterator[str]:
    """A page that is called .xls, as report programs write it."""
    yield '<html><head><meta charset="utf-8"></head><body><table>'
    for row in _all(rows):
        yield f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in _texts(row))}</tr>\n"
    yield "</table></body></html>"


def csv(rows: Iterator[tuple[str | int, ...]]) -> Iterator[str]:
    """Lines with semicolons, as Excel writes them here."""
    return (";".join(_texts(row)) + "\n" for row in _all(rows))


def spreadsheetml(rows: Iterator[tuple[str | int, ...]]) -> Iterator[str]:
    """Excel 2003's XML."""
    yield f'<?xml version="1.0"?><Workbook xmlns="{OLD}" xmlns:ss="{OLD}">'
    yield '<Worksheet ss:Name="Personel"><Table>'
    for row in _all(rows):
        yield f"<Row>{''.join(map(_data, itertools.count(), row))}</Row>\n"
    yield "</Table></Worksheet></Workbook>"


def _data(column: int, value: str | int) -> str:
    kind, text = "String", escape(str(value))
    if isinstance(value, int):
        kind = "DateTime" if column in DAYS else "Number"
        text = f"{_day(value)}T00:00:00.000" if column in DAYS else text
    return f'<Cell><Data ss:Type="{kind}">{text}</Data></Cell>'


OLD = "urn:schemas-microsoft-com:office:spreadsheet"
TEXTS: dict[str, Callable[[Iterator[tuple[str | int, ...]]], Iterator[str]]] = {
    "HTML called .xls": html,
    "SpreadsheetML": spreadsheetml,
    "CSV": csv,
}


def write_xlsx(path: Path, rows: Iterator[tuple[str | int, ...]]) -> None:
    """An .xlsx as Excel writes it: shared strings, numbers as numbers, dates as styled serials."""
    shared: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{XML}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for number, row in enumerate(_all(rows), 1):
                cells = "".join(_cell(column, number, value, shared) for column, value in
                                enumerate(row))  # fmt: skip
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
        archive.writestr("xl/sharedStrings.xml", f'{XML}<sst xmlns="{MAIN}">{strings}</sst>')


def _all(rows: Iterator[tuple[str | int, ...]]) -> Iterator[tuple[str | int, ...]]:
    yield HEADERS
    yield from rows


def _cell(column: int, row: int, value: str | int, shared: dict[str, int]) -> str:
    place = f"{chr(65 + column)}{row}"
    if isinstance(value, str):
        return f'<c r="{place}" t="s"><v>{shared.setdefault(value, len(shared))}</v></c>'
    style = ' s="1"' if column in DAYS else ""
    return f'<c r="{place}"{style}><v>{value}</v></c>'


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
    '.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'{XML}<Relationships xmlns="{_RELS}"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Personel" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{_RELS}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>",
    "xl/styles.xml": f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1">'
    '<xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/>'
    "</cellXfs>"
    "</styleSheet>",
}


Cost = tuple[float, float, float]
"""Seconds, seconds of processors, MiB of the largest process."""


def timed(command: list[str]) -> Cost:
    """Run a command to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in FINE:
        raise SystemExit(f"failed: {command}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best(
    name: str, peer: Cost | None, command: list[str], fresh: Path | None = None, times: int = RUNS
) -> Cost:
    """Print the best of so many runs and its ratios to the peer; `fresh` is removed before each."""
    runs = []
    for _ in range(times):
        for file in fresh.parent.glob(f"{fresh.name}*") if fresh else ():
            file.unlink()
        runs.append(timed(command))
    return shown(name, peer, runs)


def shown(name: str, peer: Cost | None, runs: list[Cost]) -> Cost:
    """Print a figure beside the peer's."""
    seconds, work, memory = zip(*runs, strict=True)
    cost = min(seconds), min(work), max(memory)
    wall, cpu, _ = peer or cost
    print(
        f"{name:<44}{cost[0]:8.2f} s {cost[0] / wall:6.2f}x"
        f"{cost[1]:8.2f} s CPU {cost[1] / cpu:6.2f}x {cost[2]:8.0f} MiB",
        flush=True,
    )
    return cost


def main() -> None:
    count = int(next((word for word in sys.argv[1:] if word.isdigit()), "100000"))
    times = 1 if "--first" in sys.argv else RUNS
    if count > NONE_REJECTED:
        FINE.add(PARTLY)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = folder / "first.xlsx"
        others = [folder / f"later{run}.xlsx" for run in range(RUNS)]
        write_xlsx(first, people(count))
        database = folder / "esign.db"
        esign = [sys.executable, "-m", "esign_cli", "--db", str(database), "import"]
        esign += ["--province", "72"]
        print(f"{count} rows, 21 columns, {first.stat().st_size / 1e6:.1f} MB; the best of {times}")
        reading = [sys.executable, "-c", CALAMINE, str(first)]
        peer = best("python-calamine, iter_rows", None, reading, times=times)
        best("esign import, empty database", peer, [*esign, str(first)], database, times)
        if "--first" in sys.argv:
            return
        for run, later in enumerate(others):
            write_xlsx(later, people(count, changed=count // (run + 2)))
        runs = [timed([*esign, str(later)]) for later in others]
        shown("esign import, one cell changed", peer, runs)
        snapshot = timed([*esign, str(first), "--full"])
        shown("esign import, one cell changed, --full", peer, [snapshot])
        write_xlsx(first, few_names(count))
        own = best("python-calamine, few names", None, [sys.executable, "-c", CALAMINE, str(first)])
        best("esign import, few names, 1 % on two rows", own, [*esign, str(first)], database)
        for kind, writer in TEXTS.items():
            file = folder / f"{writer.__name__}.xls"
            with file.open("w", encoding="utf-8") as out:
                out.writelines(writer(people(count)))
            best(f"esign import, {kind}", peer, [*esign, str(file)], database)
        if "--peer" in sys.argv:
            upsert = [sys.executable, "-c", PEER, str(first), str(folder / "peer.db")]
            best("openpyxl + sqlite-utils upsert", peer, upsert, folder / "peer.db")


if __name__ == "__main__":
    main()
