"""What a browser shows of the markup within a cell of an HTML page.

A drop-down list shows its choice and not all of its options, hidden elements show nothing. What is
crossed out, or is one of several things that only the eye tells apart, is no text: UNCLEAR.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from esign_cli.workbooks.formats.xlsx_cells import UNCLEAR

TAG = re.compile(r"""<[a-zA-Z/!?](?:(?:[^>"']++|"[^"]*+"|'[^']*+')*+>|[^>]*+>)""")
BREAK = re.compile(r"<(?:br|p|div|li|option|tr|td|th|h[1-6]|d[td])\b[^>]*>", re.IGNORECASE)
_ODD = (
    r"<(?:select|input|textarea|del|s|strike|button|noscript|template|object|iframe|datalist)\b"
    r"|hidden|display|visibility|mso-hide"
)
_STYLES = re.compile(r"<style\b[^>]*>(.*?)</style", re.IGNORECASE | re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE
)
_CLASS = re.compile(r"\.([\w-]+)\s*(?=$|,)")
_EMPTY = frozenset(("br", "img", "hr", "wbr", "input", "col", "area", "link", "meta", "source"))
"""Elements that have no end."""
_NOT_SHOWN = frozenset(("noscript", "template", "object", "iframe", "datalist", "button"))
_CROSSED_OUT = frozenset(("del", "s", "strike"))
_BLOCKS = frozenset(("p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "dd"))
_CHOICES = frozenset(("radio", "checkbox"))
_WITHOUT_TEXT = frozenset(("hidden", "submit", "button", "reset", "image", "file", "password"))


class Texts:
    """Reads the cells of one page, of which it knows the classes that hide."""

    def __init__(self, page: str) -> None:
        self._hiding = _hiding_classes(page)
        names = "".join(rf"|\b{re.escape(name)}\b" for name in sorted(self._hiding))
        self._odd = re.compile(_ODD + names, re.IGNORECASE)

    def shown(self, markup: str) -> str:
        """Return the text, its entities still in it; UNCLEAR where it is more than one."""
        if self._odd.search(markup) is None:
            return TAG.sub("", BREAK.sub(" ", markup))
        reader = _Reader(self._hiding)
        reader.feed(markup)
        reader.close()
        return html.escape(reader.text())


def _hiding_classes(page: str) -> frozenset[str]:
    rules = (rule for style in _STYLES.findall(page) for rule in _RULE.findall(style))
    selectors = (selector for selector, style in rules if _HIDES.search(style))
    return frozenset(name for one in selectors for name in _CLASS.findall(one.strip()))


class _Reader(HTMLParser):
    """Reads one cell: its shown texts, and what of it is crossed out or one of several."""

    def __init__(self, hiding: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._hiding = hiding
        self._shown: list[str] = []
        self._unseen: list[str] = []
        """Open elements from the outermost that is not shown."""
        self._crossed_out = 0
        self._options: list[tuple[str, bool]] | None = None
        self._choices = 0
        self._unclear = False

    def text(self) -> str:
        if self._unclear or self._choices > 1:
            return UNCLEAR
        return "".join(self._shown)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if self._unseen:
            if tag not in _EMPTY:
                self._unseen.append(tag)
        elif tag == "input":
            self._input(own)
        elif self._is_hidden(tag, own):
            self._unseen += [] if tag in _EMPTY else [tag]
        elif tag == "select":
            self._options = []
        elif tag == "option" and self._options is not None:
            self._options.append(("", "selected" in own))
        else:
            self._crossed_out += tag in _CROSSED_OUT
            self._shown += [" "] if tag in _BLOCKS or tag == "br" else []

    def _is_hidden(self, tag: str, own: dict[str, str]) -> bool:
        classes = own.get("class", "").split()
        style = _HIDES.search(own.get("style", ""))
        return bool(
            tag in _NOT_SHOWN or "hidden" in own or style or not self._hiding.isdisjoint(classes)
        )

    def _input(self, own: dict[str, str]) -> None:
        kind = own.get("type", "text").lower()
        if kind in _CHOICES:
            self._choices += 1
        elif kind not in _WITHOUT_TEXT and not self._is_hidden("input", own):
            self._shown.append(own.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        elif self._unseen:
            return
        elif tag == "select" and self._options is not None:
            self._choose(self._options)
            self._options = None
        elif tag in _CROSSED_OUT:
            self._crossed_out -= self._crossed_out > 0

    def _choose(self, options: list[tuple[str, bool]]) -> None:
        chosen = [text for text, selected in options if selected or len(options) == 1]
        self._unclear |= len(chosen) != 1 and bool(options)
        self._shown += chosen

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._options is None:
            self._unclear |= bool(self._crossed_out and data.strip())
            self._shown.append(data)
        elif self._options:
            text, selected = self._options[-1]
            self._options[-1] = (text + data, selected)
