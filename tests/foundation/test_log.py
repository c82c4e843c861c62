"""Events of the program: silent unless asked for, and without anybody's number."""

from __future__ import annotations

import logging

import pytest

from esign_cli.foundation import log
from esign_cli.foundation.turkish import mask
from tests.conftest import Esign
from tests.support.factories import national_id


def test_event_is_a_line_with_ids_masked_and_nothing_that_moves(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "esign")
    log.event("http", "GET %s: %d", f"http://e.example/{national_id(1)}\x1b[2J", 200)
    (record,) = caplog.records
    assert record.name == "esign.http"
    shown = f"http://e.example/{mask(national_id(1))}\N{REPLACEMENT CHARACTER}[2J"
    assert record.getMessage() == f"GET {shown}: 200"


def test_command_shows_events_only_when_asked(esign: Esign) -> None:
    quiet = esign("eligible", "--province", "batman")
    told = esign("--debug", "eligible", "--province", "batman")
    after = esign("eligible", "--province", "batman")
    assert "esign.database: BEGIN" in told.stderr
    assert "esign.database" not in quiet.stderr + after.stderr
    assert told.stdout == quiet.stdout
