"""The report by e-mail: numbers in the text, the masked report attached."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from typing import TYPE_CHECKING

from esign_cli import __version__
from esign_cli.commands.report import text
from esign_cli.foundation.i18n import _
from esign_cli.foundation.plain_text import one_line, plain
from esign_cli.outputs import typeset

if TYPE_CHECKING:
    from esign_cli.outputs.messages.mail import Mailer
    from esign_cli.outputs.tables.document import Figure
    from esign_cli.renewals.report_summary import Summary


def _figure(figure: Figure) -> str:
    beside = f" ({figure.beside})" if figure.beside else ""
    return f"{figure.label}: {figure.value}{beside}"


def send(
    mailer: Mailer, written: Callable[[Summary, str], bytes], summary: Summary, address: str
) -> None:
    """Send the report to one address; raises as the mailer does.

    Attached is what has masked ids: the PDF, or the page where no PDF can be made.
    """
    document = text.document(summary, __version__)
    message = EmailMessage()
    message["To"] = address
    domain = parseaddr(mailer.server.sender)[1].rpartition("@")[2] or "esign.invalid"
    message["Message-ID"] = make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer of a machine's
    message["Subject"] = one_line(f"{document.title}: {document.subtitle}")
    lines = [
        document.subtitle,
        "",
        *document.notes,
        "",
        *(_figure(figure) for figure in document.figures),
        "",
        _("The report is attached. National ids are masked in it."),
    ]
    message.set_content(plain("\n".join(lines)) + "\n", cte="quoted-printable")
    kind = "pdf" if typeset.available() else "html"
    name = _("e-imza-report") + f"-{summary.on.isoformat()}.{kind}"
    maintype, subtype = ("application", "pdf") if kind == "pdf" else ("text", "html")
    message.add_attachment(
        written(summary, kind), maintype=maintype, subtype=subtype, filename=name
    )
    mailer.send(message)
