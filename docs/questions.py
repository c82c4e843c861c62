"""Write docs/en/questions.md and docs/tr/soru-cevap.md: what an administrator asks, and answers.

Each answer is what the command says over the made-up people of `esign demo` on one and the same
day: which last days are holidays, another day tells otherwise. A week before, their lists were
imported, reports made and reminders sent; meanwhile MEBBİS was corrected, and some have applied.
"""

from __future__ import annotations

import contextlib
import getpass
import io
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aiosmtpd.controller import Controller
from openpyxl import load_workbook
from typer.testing import CliRunner

from esign_cli.cli.app import app
from esign_cli.cli.run_record import machine_name
from esign_cli.commands.demo.made_up import staff
from esign_cli.foundation import clock, i18n, shell
from esign_cli.foundation.dates import ISTANBUL

PAGES = {"en": "en/questions.md", "tr": "tr/soru-cevap.md"}
TITLES = {"en": "# Questions and answers", "tr": "# Soru ve cevap"}
ABOUT = {
    "en": "Twenty-five questions of an administrator, each with the one command that answers"
    " it, and what it says of the made-up people of `esign demo`. A test runs them all.",
    "tr": "Bir yöneticinin yirmi beş sorusu; her birini yanıtlayan tek komut ve bu komutun"
    " `esign demo` komutunun örnek kişileri için söyledikleri. Bir test hepsini çalıştırır.",
}
MOST = 12
"""Lines of an answer that are shown."""
WHOLE = 70
"""So many of one that says what is asked for further below."""
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ISTANBUL)
WEEK = timedelta(7)
_ID = {one.number: one.national_id for one in staff.everybody()}
_NAME = {one.number: one.full_name for one in staff.everybody()}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked in both languages, and the words of the command that answers."""

    en: str
    tr: str
    words: tuple[str, ...]
    lines: int = MOST


def _ask(en: str, tr: str, *words: str, lines: int = MOST) -> Question:
    return Question(en, tr, words, lines)


QUESTIONS = (
    _ask("Whose assignment has ended, or was extended and not entered, so that nothing may be"
         " approved today; and which district corrects it?",
         "Kimin görevlendirmesi sona erdi ya da uzatıldığı hâlde MEBBİS'e girilmedi; kaydı hangi"
         " ilçe düzeltmeli?", "eligible", "--verdict", "needs-update"),
    _ask("May I approve this person's application today, and why (not)?",
         "Bu kişinin başvurusunu bugün onaylayabilir miyim, neden?", "eligible", _ID[12]),
    _ask("Who must apply within the next 30 days?",
         "Önümüzdeki 30 gün içinde kimlerin başvurması gerekiyor?",
         "eligible", "--last-day-within", "30"),
    _ask("Whose last day to apply is a Saturday, a Sunday or a public holiday, and what is the"
         " working day before it?",
         "Kimin son başvuru günü cumartesi, pazar ya da resmî tatil, önceki iş günü hangisi?",
         "eligible", "--warning", "deadline-on-holiday"),
    _ask("Whose certificate ends while the new card is still with the courier?",
         "Yeni kart kuryedeyken kimin sertifikası bitecek?",
         "eligible", "--warning", "gap-expected"),
    _ask("Whose assignment ends within 60 days, and certificate within 6 months, so that the özlük"
         " unit can be told early?",
         "Kimin görevlendirmesi 60 gün, sertifikası 6 ay içinde bitiyor (özlük birimine önceden"
         " bildirmek için)?",
         "eligible", "--assignment-ends-within", "60", "--ends-within", "180"),
    _ask("Who retired, left or was transferred, and holds a valid e-imza?",
         "Kim emekli oldu, ayrıldı ya da nakledildi ve hâlâ geçerli e-imzası var?",
         "eligible", "--warning", "live-certificate"),
    _ask("Who applied on the portal and never signed?",
         "Portalda başvurusunu açıp imzalamayanlar kim?",
         "applications", "list", "--state", "draft"),
    _ask("Which cards were approved long ago and have not come?",
         "Onaylanıp hâlâ gelmeyen kartlar hangileri?", "applications", "list", "--overdue"),
    _ask("Somebody calls: my card has not come, where is it?",
         "Biri arıyor: kartım gelmedi, nerede?", "person", "show", _NAME[10], lines=WHOLE),
    _ask("How many certificates end in each month, by district?",
         "Her ilçede hangi ay kaç sertifika bitiyor?",
         "report", lines=50),
    _ask("Which school managers have no e-imza at all?",
         "Hangi okul müdürlerinin hiç e-imzası yok?",
         "eligible", "--title", "müdür", "--verdict", "no-certificate"),
    _ask("Who has another name on the certificate than in MEBBİS?",
         "Kimin sertifikasındaki ad MEBBİS'tekinden farklı?",
         "eligible", "--warning", "name-changed"),
    _ask("Somebody lost the card: how do I enter that?",
         "Kartını kaybeden birini nasıl kaydederim?", "person", "mark", _ID[13], "lost"),
    _ask("Somebody was transferred: who is responsible now?",
         "Nakledilen birinden şimdi kim sorumlu?", "person", "show", _NAME[19], lines=WHOLE),
    _ask("Somebody is away without pay: may they renew?",
         "Ücretsiz izindeki biri yenileyebilir mi?", "eligible", _ID[17]),
    _ask("Who has two valid certificates?", "Kimin iki geçerli sertifikası var?",
         "eligible", "--two-certificates"),
    _ask("Who of us did what since this day, and with whose data?",
         "Bu günden beri hangimiz ne yaptı, kimin verisiyle?",
         "audit", "--since", NOW.date().isoformat(), lines=9),
    _ask("I approved the wrong person: how do I take it back?",
         "Yanlış kişiyi onayladım: nasıl geri alırım?", "applications", "undo", "3", "--yes"),
    _ask("Who has no address to be reminded at, so that I must call?",
         "Hatırlatma gönderilecek adresi olmayan, aramam gereken kim var?", "remind", "--dry-run"),
    _ask("Who was reminded and has still not applied?",
         "Kime hatırlatıldı ve hâlâ başvurmadı?", "remind", "--list"),
    _ask("What changed with the last MEBBİS export?", "Son MEBBİS dökümüyle ne değişti?",
         "imports", "show", "2"),
    _ask("Which institutions have nobody with a valid e-imza?",
         "Hangi kurumlarda geçerli e-imzası olan kimse yok?",
         "institutions", "--without-certificate"),
    _ask("How many applications were approved in 2026, by district and month?",
         "2026 yılında ilçelere ve aylara göre kaç başvuru onaylandı?",
         "applications", "list", "--approved-in", "2026"),
    _ask("What must the özlük unit of Kozluk correct, and what of last week's list is corrected?",
         "Kozluk özlük birimi neleri düzeltmeli, geçen haftaki listeden neler düzeltildi?",
         "report", "--district", "KOZLUK", lines=WHOLE),
)  # fmt: skip


def prepare(run: CliRunner) -> None:
    """Let a week go by: the lists of the demo, reminders, MEBBİS corrected, some applications."""
    first, second = (staff.workbooks(NOW.date()) for _list in range(2))
    second[ASSIGNMENTS] = _extended(second[ASSIGNMENTS])
    second[ROSTER] = _retired(second[ROSTER])
    with that_day(NOW - WEEK), mail_server() as port:
        _import(run, first, NOW - WEEK)
        for name, value in (*MAIL, ("smtp.port", str(port))):
            _run(run, "config", "set", name, value)
        _run(run, "report", "--district", "kozluk")
        _run(run, "remind", "--yes")
    with that_day(NOW):
        _import(run, second, NOW)
        for words in _APPLICATIONS:
            _run(run, "applications", *words)


ROSTER, ASSIGNMENTS, _CERTIFICATES = staff.NAMES
MAIL = (
    ("smtp.host", "127.0.0.1"),
    ("smtp.security", "none"),
    ("smtp.from", "batman@example.tr"),
    ("secrets.keyring", "false"),
)
_MEBBIS = ("--override", "MEBBİS ekranı")
_APPLICATIONS: Sequence[Sequence[str]] = (
    ("add", _ID[11], "--state", "draft", "--date", "2026-11-03"),
    ("add", _ID[10], "--date", "2026-03-02"),
    ("approve", _ID[10], "--date", "2026-03-10", *_MEBBIS),
    ("add", _ID[5], "--date", "2026-11-02"),
    ("approve", _ID[5], "--date", "2026-11-03", *_MEBBIS),
    ("add", _ID[2], "--date", "2026-11-17"),
    ("approve", _ID[2], "--date", "2026-11-18", *_MEBBIS),
)


def _import(run: CliRunner, books: Mapping[str, bytes], at: datetime) -> None:
    for name, content in books.items():
        Path(name).write_bytes(content)
    _run(run, "import", *books, "--province", "batman", "--as-of", str(at.date()))


def _run(run: CliRunner, *words: str) -> None:
    ran = run.invoke(app, ["--lang", "tr", *words])
    if ran.exit_code != 0:
        raise SystemExit(f"{shell.command_line(words)}: {ran.stderr}")


def _extended(book: bytes) -> bytes:
    """The assignments, of which one that was over has been extended."""
    return _changed(book, _ID[44], 9, NOW.date().replace(year=NOW.year + 2))


def _retired(book: bytes) -> bytes:
    """The roster, in which somebody has retired."""
    return _changed(book, _ID[24], 11, "Emekli")


def _changed(book: bytes, national_id: str, column: int, value: object) -> bytes:
    opened = load_workbook(io.BytesIO(book))
    for row in opened.active.iter_rows():
        if row[0].value == national_id:
            row[column - 1].value = value
    written = io.BytesIO()
    opened.save(written)
    return written.getvalue()


class _Inbox:
    async def handle_DATA(self, _smtp: object, _session: object, _envelope: object) -> str:
        return "250 OK"


@contextlib.contextmanager
def mail_server() -> Iterator[int]:
    """A server on this computer that takes every message; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(_Inbox(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield port
    finally:
        server.stop()


def answers(language: str) -> Iterator[tuple[Question, str]]:
    """Yield each question with what its command says, in a folder that is already prepared."""
    run = CliRunner()
    for question in QUESTIONS:
        ran = run.invoke(app, ["--lang", language, *question.words])
        said = (ran.stdout + ran.stderr).replace(getpass.getuser(), "yonetici")
        said = said.replace(machine_name(), "bilgisayar").replace(str(Path.cwd()), "~")
        yield question, said.rstrip()


def page(language: str) -> str:
    """Return the page; the folder is prepared and empty of answers."""
    parts = [TITLES[language], ABOUT[language]]
    for number, (question, said) in enumerate(answers(language), start=1):
        lines = [line.rstrip() for line in said.splitlines()]
        more = ["…"] if len(lines) > question.lines else []
        shown = "\n".join([*lines[: question.lines], *more])
        # Its double quotation marks are every shell's.
        line = shell.command_line(["esign", *question.words], platform="win32")
        parts.append(
            f"## {number}. {getattr(question, language)}\n\n```text\n$ {line}\n{shown}\n```"
        )
    return "\n\n".join(parts) + "\n"


@contextlib.contextmanager
def that_day(moment: datetime = NOW) -> Iterator[None]:
    """Let it be the day of the page, or another."""
    before, clock.now = clock.now, lambda: moment
    try:
        yield
    finally:
        clock.now = before


@contextlib.contextmanager
def fresh() -> Iterator[Path]:
    """A folder with the made-up data, a database and settings of its own."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        home = {name: str(Path(folder) / name) for name in _PLACES}
        os.environ |= {**home, "HOME": folder, "ESIGN_PKCS11_MODULE": ""}
        os.chdir(folder)
        try:
            prepare(CliRunner())
            yield Path(folder)
        finally:
            os.chdir(before)


_PLACES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")


def main() -> int:
    """Write both pages."""
    docs = Path(__file__).resolve().parent
    for language, name in PAGES.items():
        with that_day(), fresh():
            text = page(language)
        (docs / name).write_text(text, "utf-8")
    i18n.activate("en")
    return 0


if __name__ == "__main__":
    sys.exit(main())
