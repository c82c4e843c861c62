"""The pages of the docs that messages name, as the user can open them.

A message says `docs:reminders`; the page is that of the user's language, in the folder that a
package or a wheel brought, or as the sources call it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from esign_cli.foundation.i18n import language
from esign_cli.foundation.installation import Installation, installation

PAGES = {
    "desks": {"en": "desks", "tr": "ortak-veritabani"},
    "reminders": {"en": "reminders", "tr": "hatirlatmalar"},
}
"""What messages call a page, and its name in each language."""
_PLACES = {
    Installation.DEBIAN: "/usr/share/doc/esign/html/{language}/{page}.html",
    Installation.WINDOWS: "{prefix}\\docs\\{language}\\{page}.html",
}
"""Where a package puts the site of the docs."""
PACKAGE = Path(__file__).parents[1]
"""Where a wheel brings them."""
_PAGE = "docs/{language}/{page}.md"
"""In the sources, and in a wheel, which pip, pipx and uv install."""
_MARK = re.compile(r"docs:(\w+)")


def named(text: str) -> str:
    """Return a message with each `docs:KEY` in it as the path of that page."""
    return _MARK.sub(lambda mark: path(mark[1]), text)


def path(
    key: str, prefix: str = "", platform: str = sys.platform, package: Path | None = None
) -> str:
    """Return where the esign at `prefix` has a page, in the language spoken now."""
    prefix = prefix or sys.prefix
    facts = {"prefix": prefix, "language": language(), "page": PAGES[key][language()]}
    place = _PLACES.get(installation(Path(prefix), platform))
    if place:
        return place.format(**facts)
    page = _PAGE.format(**facts)
    brought = (package or PACKAGE) / page
    return str(brought) if brought.is_file() else page
