"""Documents typeset as PDF by Typst, from the package's own templates.

A template is a Typst file in `templates/`; it reads what it is handed with
`json(bytes(sys.inputs.data))`. What it is handed is text and is never run as Typst. Nothing outside
that folder can be read, no font of the system is used (those that Typst brings have all Turkish
letters), and the same data give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from esign_cli.foundation.errors.outputs import PdfMissing, TypesetFailed
from esign_cli.foundation.installation import pdf_command
from esign_cli.foundation.plain_text import each_text, plain

if TYPE_CHECKING:
    import typst

_NO_PACKAGES = "packages"
"""A folder that is not there: no template of ours asks for a package of strangers."""


def available() -> bool:
    """Return whether PDF can be made here at all."""
    from importlib.util import find_spec

    return find_spec("typst") is not None


def need() -> None:
    """Raise PdfMissing where PDF cannot be made."""
    if not available():
        raise PdfMissing(command=pdf_command())


def pdf(template: str, data: Mapping[str, Any], *, tagged: bool = True) -> bytes:
    """Return the PDF that `templates/<template>.typ` makes of `data`, which are JSON values; texts
    become plain.

    `tagged` marks its parts for screen readers, at ten times the size where there are long tables.
    Raises PdfMissing when the extra `pdf` is not installed, TypesetFailed when Typst refuses.
    """
    need()
    import typst

    with resources.as_file(resources.files("esign_cli.outputs") / "templates") as folder:
        try:
            pdf = typst.compile(
                folder / f"{template}.typ",
                root=folder,
                font_paths=_fonts(),
                sys_inputs={"data": json.dumps(each_text(data, plain), ensure_ascii=False)},
                package_path=folder / _NO_PACKAGES,
                package_cache_path=folder / _NO_PACKAGES,
                format="pdf",
                timestamp=0,
                pdf_tags=tagged,
            )
        except typst.TypstError as error:
            raise TypesetFailed.from_cause(error, template=template) from error
    if not isinstance(pdf, bytes):  # several pages, of a format that is not asked for here
        raise TypesetFailed(template=template, detail=type(pdf).__name__)
    return pdf


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
