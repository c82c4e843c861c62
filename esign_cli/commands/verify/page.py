"""A verification report as one HTML file that needs nothing else, for keeping and for printing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape

from esign_cli import __version__
from esign_cli.commands.verify import labels as words
from esign_cli.commands.verify import text
from esign_cli.commands.verify.job import Verified
from esign_cli.foundation import i18n
from esign_cli.foundation.i18n import _
from esign_cli.foundation.plain_text import one_line, plain
from esign_cli.signatures.cms.report import SignatureReport

_STYLE = """
:root { color-scheme: light }
body { font: 15px/1.5 "Noto Sans", "DejaVu Sans", Arial, sans-serif; color: #111;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; padding: .6rem 1rem; border-left: .5rem solid; background: #f6f6f6 }
.TOTAL-PASSED { border-color: #176f2c } .TOTAL-FAILED { border-color: #b00020 }
.INDETERMINATE { border-color: #8a5a00 }
p { margin: .35rem 0 }
h2 { font-size: 1.15rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100%; margin: .8rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border: 1px solid #bbb;
  overflow-wrap: break-word }
th:nth-child(-n+2), td:nth-child(-n+2) { white-space: nowrap }
th { background: #f0f0f0 }
footer { margin-top: 2rem; border-top: 1px solid #bbb; color: #444; font-size: .85rem }
@media print { body { margin: 0; max-width: none; font-size: 10pt } tr { break-inside: avoid }
  thead { display: table-header-group } h2 { break-after: avoid } }
"""


def page(verified: Verified, unmet: Sequence[str], made_at: datetime) -> bytes:
    """Return the report in the reader's language, UTF-8: verdict first; national ids masked."""
    report = verified.report
    verdict, *reasons = text.heading(report)
    title = f"{one_line(verified.path.name)}: {verdict}"
    parts = [
        f'<!DOCTYPE html>\n<html lang="{i18n.language()}"><head><meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">",
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f'<h1 class="{report.indication.value}">{escape(verdict)}</h1>',
        *_lines(reasons),
        *_lines(required(name) for name in unmet),
        *_lines([_("File: {path}").format(path=one_line(verified.path.name))]),
        *_lines([f"SHA-256: {verified.sha256}"]),
    ]
    parts += _lines(text.files(verified))
    for number, entry in enumerate(report.signatures, 1):
        parts += _signature(entry, f"{number}/{len(report.signatures)}")
    if step := text.next_step(report):
        parts += _lines([step])
    footer = _("Made by esign {version} on {time}").format(
        version=__version__, time=text.local(made_at)
    )
    parts.append(f"<footer>{escape(footer)}</footer></body></html>\n")
    return plain("\n".join(parts)).encode()


def required(name: str) -> str:
    """Return what was required and is not there."""
    return _("Required, and not reached: {name}").format(name=name)


def _signature(entry: SignatureReport, number: str) -> Iterator[str]:
    verdict = _(words.VERDICTS[entry.indication])
    yield f"<h2>{escape(number)}: {escape(verdict)}</h2>"
    yield from _lines(text.about(entry))
    headers = (_("Check"), _("Result"), _("Evidence"))
    yield f"<table><thead>{_row(headers, 'th')}</thead><tbody>"
    yield from (_row(cells, "td") for cells in text.rows(entry))
    yield "</tbody></table>"
    yield from _lines(_("Note: {text}").format(text=text.said(w)) for w in entry.warnings)


def _row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _lines(lines: Iterable[str]) -> list[str]:
    return [f"<p>{escape(line)}</p>" for line in lines]
