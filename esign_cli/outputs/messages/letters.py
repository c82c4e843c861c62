"""The texts of reminders: templates of the package, each of which the administrator may replace.

A template sees the facts of `FACTS` and nothing else, and can reach nothing else (a sandbox). What
stands in an HTML template is escaped; each fact is plain text on one line.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esign_cli.foundation import files, ownership
from esign_cli.foundation.errors.environment import FileMissing
from esign_cli.foundation.errors.outputs import TemplateBroken
from esign_cli.foundation.i18n import N_
from esign_cli.foundation.plain_text import each_text, one_line
from esign_cli.outputs.messages.sms import shortened

if TYPE_CHECKING:
    from jinja2 import Environment

PACKAGED = Path(__file__).parents[1] / "templates" / "reminders"
SUBJECT = "Konu:"
"""With this the first line of a text template begins; an empty line follows it."""
FACTS = (
    "name",
    "national_id",
    "not_after",
    "days_left",
    "deadline",
    "working_day",
    "late",
    "reasons",
    "delivered",
    "institution",
    "phone",
    "portal",
    "call_centre",
    "success",
)
"""What a template may name; national_id is masked, and dates are written dd.mm.yyyy."""
_EXAMPLE: Mapping[str, Any] = {
    **dict.fromkeys(FACTS, "x"),
    "days_left": 1,
    "late": True,
    "reasons": ["x"],
}


@dataclass(frozen=True, slots=True)
class Letters:
    """The templates in force: those in `folder` before the package's own.

    A text of the folder that has no HTML beside it goes out without HTML.
    """

    folder: Path | None = None
    sms_sender: str = ""
    """Who writes, behind the text of each SMS: it counts like the text."""

    def check(self, texts: Iterable[str], channels: Iterable[str]) -> None:
        """Write every kind of message once, so that a fault shows before the first is sent.

        Raises TemplateBroken; FileMissing or OthersMayWrite (the folder).
        """
        if self.folder is not None and not files.is_folder(self.folder):
            raise FileMissing(path=str(self.folder))
        if self.folder is not None:
            ownership.check_own(self.folder)
        write = {"email": self.email, "sms": self.sms}
        for text in texts:
            for channel in channels:
                write[channel](text, _EXAMPLE)

    def email(self, text: str, facts: Mapping[str, Any]) -> EmailMessage:
        """Return a message in text and HTML with its subject; raises as `check`."""
        plain = self._written(f"{text}.txt", facts)
        first, _newline, rest = plain.partition("\n")
        if not first.startswith(SUBJECT):
            detail = N_("its first line is not “Konu: …”")
            raise TemplateBroken(path=str(self._path(f"{text}.txt")), row=1, detail=detail)
        message = EmailMessage()
        message["Subject"] = " ".join(first.removeprefix(SUBJECT).split())
        message.set_content(rest.strip("\n") + "\n", cte="quoted-printable")
        if not self._replaced(f"{text}.txt") or self._replaced(f"{text}.html"):
            html = self._written(f"{text}.html", facts)
            message.add_alternative(html, subtype="html", cte="quoted-printable")
        return message

    def sms(self, text: str, facts: Mapping[str, Any]) -> str:
        """Return a short message on one line, in the letters that make the fewest parts, with the
        sender's name behind it; raises as `check`.
        """
        line = " ".join([*self._written(f"{text}.sms", facts).split(), self.sms_sender])
        return shortened(line.strip())

    def _replaced(self, name: str) -> bool:
        return self.folder is not None and (self.folder / name).exists()

    def _path(self, name: str) -> Path:
        return self.folder / name if self.folder and self._replaced(name) else PACKAGED / name

    def _written(self, name: str, facts: Mapping[str, Any]) -> str:
        from jinja2 import TemplateError

        try:
            return _environment(self.folder).get_template(name).render(each_text(facts, one_line))
        except (TemplateError, *_FAULTS) as error:
            where, row = _place(error) or (getattr(error, "name", None) or name, None)
            raise TemplateBroken(
                path=str(self._path(where)),
                row=getattr(error, "lineno", None) or row,
                detail=str(error) or type(error).__name__,
            ) from error


_FAULTS = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What else a template can bring about: a division by zero, a file that is not UTF-8, …"""


def _place(error: BaseException) -> tuple[str, int | None] | None:
    """The template and its line in which a fault came to light, as the traceback has them."""
    frames = traceback.extract_tb(error.__traceback__)
    named = {path.name for path in PACKAGED.iterdir()}
    for frame in reversed(frames):
        name = Path(frame.filename).name
        if name in named:
            return name, frame.lineno
    return None


@lru_cache(maxsize=4)
def _environment(folder: Path | None) -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    folders = [folder, PACKAGED] if folder else [PACKAGED]
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
