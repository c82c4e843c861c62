"""What MkDocs does not do by itself: lead to the same page in the other language, fetch nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
NAMES = {"tr": "Türkçe", "en": "English"}


def pages(language: str) -> list[str]:
    """Return the pages of a language in their order, which is that of the other one."""
    settings = yaml.safe_load((HERE / f"{language}.yml").read_text("utf-8"))
    return [str(page) for page in settings["nav"]]


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lead to a page of the other language as it is called on the site (called by MkDocs)."""
    return _ACROSS.sub(_across, markdown)


_ACROSS = re.compile(r"\[([^\]]+)\]\(\.\./(en|tr)/([\w-]+)\.md\)")


def _across(link: re.Match[str]) -> str:
    text, language, page = link.groups()
    if not (HERE / language / f"{page}.md").exists():
        raise FileNotFoundError(link[0])
    return f'<a href="../{language}/{page}.html">{text}</a>'


def on_page_context(context: dict[str, Any], page: Any, config: Any, nav: Any) -> dict[str, Any]:
    """Name the pages that the language menu of this one leads to (called by MkDocs)."""
    del nav
    own = config["theme"]["language"]
    number = pages(own).index(page.file.src_uri)
    config["extra"]["alternate"] = [
        {"name": name, "lang": language, "link": f"../{language}/{_target(language, number)}"}
        for language, name in NAMES.items()
    ]
    return context


def on_post_page(output: str, **_: Any) -> str:
    """Take the search's shim from beside the site instead of the network (called by MkDocs)."""
    output = output.replace("https://unpkg.com/iframe-worker/shim", "../iframe-worker.js")
    return output.replace("</head>", f"{_WHOLE_CODES}</head>", 1)


_WHOLE_CODES = (
    "<style>.md-typeset td code, td code { overflow-wrap: normal; word-break: normal }</style>"
)
"""A narrow table scrolls rather than break a code in the middle of a word."""


on_post_template = on_post_page


def _target(language: str, number: int) -> str:
    there = pages(language)
    page = there[number] if number < len(there) else there[0]
    return page.removesuffix(".md") + ".html"
