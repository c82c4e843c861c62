"""What is called: mail, time stamps, with --online all that certificates name; and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from esign_cli.commands.doctor.dependencies import Dependencies, Seen
from esign_cli.commands.text.findings import Level, Line, failed
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import EsignError
from esign_cli.signatures.certificate import addresses

CLOCK_SLACK = timedelta(minutes=5)
MOST_CALLED = 20


def online(deps: Dependencies, seen: Seen) -> Iterator[Line]:
    """Yield a line for each server of CRLs, OCSP answers and time stamps, by its host."""
    if deps.reach is None:
        return
    try:
        below = deps.trust(deps.trust_folder).intermediates
    except EsignError:
        below = ()  # told by its own line
    named = [a for der in (*(one.der for one in seen.certificates), *below) for a in addresses(der)]
    every = (a for a in (*named, *deps.addresses) if a.lower().startswith("http"))
    by_host = {_host(address): address for address in every}
    hosts = list(by_host)[:MOST_CALLED]
    with ThreadPoolExecutor(max_workers=MOST_CALLED) as pool:  # a dead network costs one time-out
        calls = [pool.submit(deps.reach, by_host[host]) for host in hosts]
    yield from map(_called, hosts, calls)
    if not by_host:
        yield Line("online", Level.OK, "nothing-to-reach")


def _called(host: str, call: Future[str]) -> Line:
    """What became of a call."""
    try:
        proxy = call.result()
    except EsignError as problem:
        return failed("online", problem, Level.WARNING)
    code = "reached-by-proxy" if proxy else "reached"
    return Line("online", Level.OK, code, {"host": host, "proxy": proxy})


def _host(address: str) -> str:
    """The host and port, without what stands before an @; the whole of what is no address."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return address
    return (parts.hostname or "") + port


def mail(deps: Dependencies, _seen: Seen) -> Iterator[Line]:
    """Yield whether the mail server can be reached."""
    try:
        server = deps.mail()
    except EsignError as problem:
        yield failed("mail", problem)
        return
    code = "mail-reached" if server else "mail-not-configured"
    yield Line("mail", Level.OK, code, {"server": server})


def time_stamps(deps: Dependencies, seen: Seen) -> Iterator[Line]:
    """Yield whether the time stamp server can be reached; its clock is left in `seen`."""
    try:
        seen.other_clock = deps.time_stamps()
    except EsignError as problem:
        yield failed("time-stamps", problem)
        return
    if seen.other_clock is None:
        yield Line("time-stamps", Level.OK, "time-stamps-not-configured")
        return
    facts = {"server": seen.other_clock.server}
    yield Line("time-stamps", Level.OK, "time-stamps-reached", facts)


def clock(deps: Dependencies, seen: Seen) -> Iterator[Line]:
    """Yield the clock against a time stamp server's, else against instants that are over: what was
    written, and the certificates' births.

    A certificate may begin later than today, so it is only a hint.
    """
    now, other = deps.now, seen.other_clock
    facts: dict[str, Any] = {"now": now.astimezone(ISTANBUL).isoformat(timespec="seconds")}
    if other is not None and other.ahead is not None and abs(other.ahead) > CLOCK_SLACK:
        off = {"server": other.server, "seconds": round(other.ahead.total_seconds())}
        yield Line("clock", Level.ERROR, "clock-off", {**facts, **off})
        return
    latest = _last_written(deps)
    if latest is not None and latest > now + CLOCK_SLACK:
        written = latest.astimezone(ISTANBUL).isoformat(timespec="seconds")
        yield Line("clock", Level.ERROR, "clock-behind", {**facts, "written": written})
        return
    begins = [certificate.not_before for certificate in seen.certificates]
    if begins and min(begins) > now + CLOCK_SLACK:
        begin = min(begins).astimezone(ISTANBUL).isoformat()
        yield Line("clock", Level.WARNING, "clock-before-card", {**facts, "begins": begin})
        return
    yield Line("clock", Level.OK, "clock-fits", facts)


def _last_written(deps: Dependencies) -> datetime | None:
    try:
        health = deps.health(deps.database)
    except EsignError:
        return None  # told above
    return health.latest if health else None
