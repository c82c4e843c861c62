"""One line an event, below the logger `esign`, for whoever looks for a fault; silent otherwise.

`esign --debug` shows them on stderr; a program that uses the library sets up `logging` as it likes.
Where nobody has loaded `logging`, nobody listens, and nothing is spent. What is said holds no PIN,
no password and no answer of a server; eleven digits in a row are masked, lest they be somebody's.
"""

from __future__ import annotations

import re
import sys

from esign_cli.foundation.plain_text import one_line

_NATIONAL_ID = re.compile(r"(?<!\d)(\d{3})\d{6}(\d{2})(?!\d)")


def event(area: str, text: str, *values: object) -> None:
    """Say what happened in an area (`child`, `http`, …); `values` are put into `text` by %."""
    if "logging" not in sys.modules:
        return
    import logging

    logger = logging.getLogger(f"esign.{area}")
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("%s", one_line(_NATIONAL_ID.sub(r"\1******\2", text % values)))


def show(*, wanted: bool) -> None:
    """Show events on stderr, each with the milliseconds since the start; or show them no more."""
    if not wanted and "logging" not in sys.modules:
        return
    import logging

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("| %(relativeCreated)5.0f ms %(name)s: %(message)s"))
    logger = logging.getLogger("esign")
    logger.handlers = [handler] if wanted else []
    logger.setLevel(logging.DEBUG if wanted else logging.NOTSET)
    logger.propagate = not wanted
