"""The same done to a file and on a server leaves the same rows and tells the same."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esign_cli.commands.imports.job import import_files
from esign_cli.commands.imports.request import Request
from esign_cli.foundation import database_server
from esign_cli.store import (
    Store,
    applications,
    erasure,
    import_history,
    open_store,
    people,
    person_record,
)
from esign_cli.store.imports import Scope
from esign_cli.workbooks.reader import WorkbookReader
from tests.store.test_import_paths import HEADERS, IDS, LIST, LISTED, NOW, ROW, Rules
from tests.support import workbooks
from tests.support.databases import content
from tests.support.postgres import Cluster

ROSTER = st.tuples(st.just("roster"), st.lists(ROW, min_size=1, max_size=12), st.booleans())
CERTIFICATES = st.tuples(st.just("list"), st.lists(LISTED, min_size=1, max_size=6), st.just(False))
ONE = st.sampled_from(IDS)
STEPS = st.lists(
    st.one_of(
        ROSTER,
        CERTIFICATES,
        st.tuples(st.sampled_from(["undo", "report"])),
        st.tuples(st.just("mark"), ONE, st.sampled_from(["on-duty", "left", ""])),
        st.tuples(st.just("told"), ONE, st.integers(0, 900)),
        st.tuples(st.just("untold"), ONE),
        st.tuples(st.just("forget"), ONE),
        st.tuples(st.just("application"), ONE),
    ),
    min_size=2,
    max_size=6,
)


def _imported(store: Store, folder: Path, step: tuple[Any, ...], number: int) -> Any:
    kind, rows, full = step
    path = folder / f"{number}.html"
    head = HEADERS if kind == "roster" else LIST
    path.write_bytes(workbooks.web([head, *rows], encoding="utf-8"))
    with WorkbookReader([path]) as opener:
        outcome = import_files(
            Request(
                [path],
                rules=Rules(province="72", assumed=True),
                scope=Scope("72") if full else None,
            ),
            open_workbook=opener.open,
            store=store,
            now=NOW + timedelta(number),
            today=(NOW + timedelta(number)).date(),
            confirm=lambda _missing, _known: True,
        )
    return outcome.files, sorted(map(repr, outcome.problems)), outcome.missing


def _done(store: Store, folder: Path, step: tuple[Any, ...], number: int) -> Any:
    """Do a step; gives what it tells."""
    at, (kind, *given) = NOW + timedelta(number), step
    if kind in ("roster", "list"):
        return _imported(store, folder, step, number)
    if kind == "undo":
        known = import_history.past(store)
        return import_history.undo(store, known[0].number) if known else None
    if kind == "mark":
        person_record.mark(store, given[0], given[1], "x", None, at=at, os_user="x")
    elif kind == "told":
        person_record.tell_end(store, given[0], (at + timedelta(given[1])).date(), at)
    elif kind == "untold":
        person_record.untell_end(store, given[0], at)
    elif kind == "forget":
        with store.writing() as db:
            erasure.delete(db, b"the same key", given, at)
    elif kind == "application":
        event = applications.Event("approved", at.date(), at, "x", "", {"file": "a", "folder": ""})
        with store.writing() as db:
            return applications.add(db, given[0], "renewal", event)
    return None


def _seen(store: Store) -> dict[str, Any]:
    """What is held, and what is answered of it."""
    with store.reading() as db:
        answers = {
            "facts": list(people.facts(store)),
            "place": list(people.facts(store, province="72", district="SASON")),
            "holders": list(people.holders(store, province="72")),
            "outlines": sorted(
                people.summaries(store, lambda facts: repr(facts.certificates), province="72")
            ),
            "aside": people.others_beside_summaries(store, province="72")(),
            "others": list(people.others(store, province="72")),
            "count": people.count_others(store),
            "records": [person_record.read(store, one) for one in IDS],
            "diffs": [
                import_history.diff(db, number)
                for (number,) in db.execute("SELECT id FROM import ORDER BY id").fetchall()
            ],
        }
        assert (
            answers["aside"] == people.count_others(store, province="72") == len(answers["others"])
        )
    return {**answers, "rows": content(store.db)}


def _differing(file: dict[str, Any], server: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name, mine in file.pop("rows").items():
        theirs = server["rows"][name]
        if mine != theirs:
            yield name, sorted(set(mine) - set(theirs)), sorted(set(theirs) - set(mine))
    yield from ((name, one, server[name]) for name, one in file.items() if one != server[name])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_a_file_and_a_server_answer_alike(cluster: Cluster, steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        file = stack.enter_context(open_store(folder / "esign.db"))
        server = stack.enter_context(open_store(database_server.parse(cluster.new())))
        file.db.database_user = server.db.database_user  # type: ignore[attr-defined]
        for number, step in enumerate(steps):
            told = [_done(store, folder, step, number) for store in (file, server)]
            assert told[0] == told[1], step
            assert list(_differing(_seen(file), _seen(server))) == [], step
