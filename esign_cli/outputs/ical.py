"""Days as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO

from esign_cli import __version__
from esign_cli.foundation.plain_text import one_line, plain


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole day in a calendar."""

    uid: str
    on: date
    summary: str
    description: str
    category: str


def write(title: str, entries: Iterable[Entry], now: datetime, file: IO[bytes]) -> None:
    """Write the calendar, an entry at a time; `now` is aware.

    An entry takes nobody's time, and comes in again by its uid. Text holds no control character
    (RFC 5545, 3.3.11), and nothing that reorders it.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//esign//esign {__version__}//TR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", one_line(title))
    begin, end, _nothing = calendar.to_ical().partition(_END)  # components stand before it
    file.write(begin)
    for entry in entries:
        file.write(_event(entry, now))
    file.write(end)


_END = b"END:VCALENDAR\r\n"


def _event(entry: Entry, now: datetime) -> bytes:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.uid}@esign")
    event.add("dtstamp", now)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + timedelta(1))
    event.add("summary", one_line(entry.summary))
    event.add("description", plain(entry.description))
    event.add("categories", [entry.category])
    event.add("transp", "TRANSPARENT")
    return bytes(event.to_ical())
