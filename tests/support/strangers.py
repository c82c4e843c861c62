"""What strangers may have written into a database, and what none of it may become."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from esign_cli.foundation import clock
from esign_cli.foundation.people import Mark, OpenApplication
from esign_cli.store import import_columns, open_store
from esign_cli.store.import_columns import Answer
from tests.support import factories

HOSTILE = "YABANCI\x1b[2J\x1b]0;x\x07\u202e\u2066\u200b\x9b1m\rSON"
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What a screen, a spreadsheet or a reader of mail obeys, hides or reorders."""
TODAY = clock.today()


def people(database: Path) -> None:
    """Rows that an older or another program may have written."""
    records = {"institution": HOSTILE, "district": HOSTILE, "title": HOSTILE}
    everybody = [
        replace(
            factories.facts(number),
            person=factories.person(number, given_name=HOSTILE, family_name=HOSTILE),
            records=(factories.post(number, **records), factories.assignment(number, **records)),
            certificates=(factories.certificate(number, TODAY + timedelta(days), holder=HOSTILE),),
            mark=Mark(factories.national_id(number), mark, HOSTILE) if mark else None,
            application=OpenApplication(1, "draft", TODAY) if number == 1 else None,
        )
        for number, days, mark in ((1, 20, ""), (2, 40, "on-duty"), (3, -5, "left"), (5, 25, ""))
    ]
    with open_store(database) as store:
        factories.save(store, everybody, file=HOSTILE, as_of=TODAY)
        with store.writing() as db:
            db.execute("UPDATE certificate SET issuer = ?, serial = ?", (HOSTILE, HOSTILE))
            answer = Answer(HOSTILE, HOSTILE, HOSTILE, "field", "-", HOSTILE)
            import_columns.remember(db, [answer], clock.now())
