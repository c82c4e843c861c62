"""Several desks at once: nothing is lost, every decision rests on the one before.

The long run: python -m tests.desks 600
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from esign_cli.foundation import database_server, exit_codes
from esign_cli.store import open_store
from tests import desks
from tests.support import workbooks
from tests.support.postgres import Cluster

pytestmark = pytest.mark.posix

SECONDS = float(os.environ.get("ESIGN_DESK_SECONDS", "10"))


def test_eight_desks_lose_nothing(cluster: Cluster, home: Path) -> None:
    told = desks.run(cluster.new(), SECONDS)
    assert len(told) == desks.DESKS
    assert all(one["piles"] for one in told)


def test_an_import_at_a_second_desk_sees_the_first(cluster: Cluster, home: Path) -> None:
    address, commands = cluster.new(), []
    with open_store(database_server.parse(address)):
        pass
    for title in ("Öğretmen", "Müdür"):
        book = home / f"{title}.xlsx"
        people = [workbooks.person(n, **{"Görevi": title}) for n in range(1, 301)]
        book.write_bytes(workbooks.xlsx([workbooks.HEADERS, *people]))
        words = ["--db", address, "import", "--province", "72", str(book)]
        commands.append([sys.executable, "-m", "esign_cli", *words])
    running = [subprocess.Popen(words) for words in commands]
    codes = [one.wait() for one in running]
    for words, code in zip(commands, codes, strict=True):
        assert code in (0, exit_codes.ENVIRONMENT)  # on a busy computer the second waits in vain
        if code:
            subprocess.run(words, check=True)
    with open_store(database_server.parse(address)) as store:
        query = "SELECT new, changed, unchanged FROM import ORDER BY id"
        assert list(store.db.execute(query)) == [(300, 0, 0), (0, 300, 0)]
