"""The tries of PINs of all desks: told and heard beside the roster, and never waited for."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any

import psycopg

from esign_cli.cards.tries import News
from esign_cli.foundation import log
from esign_cli.foundation.credentials import Places
from esign_cli.foundation.database_server import Server
from esign_cli.foundation.deadline import within
from esign_cli.foundation.errors import EsignError
from esign_cli.store.caller import Caller
from esign_cli.store.server.session import connect

SECONDS = 2.0
"""As long somebody who signs waits for the other desks, once in a run."""
_TELL = """
INSERT INTO pin_try (certificate, count) VALUES (%s, greatest(%s, 0))
ON CONFLICT (certificate) DO UPDATE
   SET count = greatest(CASE WHEN %s THEN 0 ELSE pin_try.count END + %s, 0)
"""
_HEAR = "SELECT certificate, count FROM pin_try WHERE certificate = ANY(%s)"
_FORGET = "DELETE FROM pin_try WHERE certificate = ANY(%s) AND count = 0"


class DeskTries:
    """Those of a database on a server; after one failure nobody is asked again in this run."""

    def __init__(self, server: Server, places: Places | None, caller: Caller) -> None:
        self._server, self._places = server, places
        self._caller = Caller(caller.who, caller.machine)  # asks nobody for a password
        self._raw: psycopg.Connection[Any] | None = None
        self._end: weakref.finalize[..., DeskTries] | None = None
        self._lost = False

    def exchange(self, news: Mapping[str, News]) -> Mapping[str, int] | None:
        """Tell the news; gives the counts of all desks, None where none are to be had in time."""
        if self._lost:
            return None
        try:
            return within(SECONDS, lambda: self._exchanged(news))
        except (EsignError, psycopg.Error, TimeoutError) as error:
            log.event("database", "tries are counted here alone: %s", type(error).__name__)
            self._lost = True
            if self._end is not None and isinstance(error, TimeoutError):
                self._end.detach()  # whoever hangs in it keeps it
            elif self._end is not None:
                self._end()
            return None

    def _exchanged(self, news: Mapping[str, News]) -> dict[str, int]:
        if self._raw is None:
            self._raw = connect(self._server, self._places, self._caller)
            self._end = weakref.finalize(self, self._raw.close)
        asked = list(news)
        with self._raw.transaction():
            for certificate, one in sorted(news.items()):
                if one.succeeded or one.tries:
                    given = (certificate, one.tries, one.succeeded, one.tries)
                    self._raw.execute(_TELL, given)
            counts = dict(self._raw.execute(_HEAR, (asked,)).fetchall())
            if 0 in counts.values():
                self._raw.execute(_FORGET, (asked,))
        return {one: counts.get(one, 0) for one in asked}
