"""Where doctor looks: the parts of the world, handed to its job."""

from __future__ import annotations

import os
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path

from esign_cli.cards import binary, service, tokens
from esign_cli.cli.context import Context
from esign_cli.cli.settings_plain import secrets_in_plain
from esign_cli.commands.doctor import job
from esign_cli.foundation import clock, disks, http_client, installation
from esign_cli.foundation.database_server import Server
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.network import ProxyUnreachable, ServerTimedOut
from esign_cli.foundation.http_client import reasons
from esign_cli.signatures import trust
from esign_cli.signatures.cms import tst
from esign_cli.signatures.time_stamp_client import TimeStampServer
from esign_cli.store import file_place, open_store, trail_check
from esign_cli.store.health import Health, health

SECONDS = 5
"""How long a server may take for each of its answers."""
_DIGEST = 32
_LARGEST = 1 << 16
_OF_A_PROXY = (502, 504)
"""What a proxy answers that cannot reach the server (RFC 9110, 15.6.3, 15.6.5)."""


def look(
    context: Context, module: Path | None, timeout: float | None, *, online: bool = False
) -> tuple[job.Line, ...]:
    """Look at every part of this computer; only one line where the settings cannot be read."""
    try:
        settings = context.settings
    except EsignError as problem:
        return job.broken_settings(problem)
    return job.doctor(
        job.Dependencies(
            installed=installation.facts(),
            settings_file=settings.path,
            province=settings.province,
            database=settings.database,
            trust_folder=settings.trust_folder,
            now=context.now,
            health=partial(_health, context),
            trail=partial(_trail, context),
            disk=disks.disk_of,
            trust=trust.from_folder,
            module=partial(context.card_module, module),
            built_for=binary.built_for,
            read=partial(tokens.read_tokens, timeout=timeout),
            service=service.ask,
            tries=context.tries_of,
            mail=partial(_mail, context),
            time_stamps=partial(_time_stamps, context),
            reach=partial(_reach, context) if online else None,
            in_plain=secrets_in_plain(settings),
            addresses=[url for url in (settings["time_stamp.url"],) if url],
        )
    )


def _health(context: Context, database: Path | Server) -> Health | None:
    """How the database is; None where there is none yet."""
    if isinstance(database, Path):
        found = health(database)
        if found is not None and (fault := file_place.unusable(database)):
            raise fault
        return found
    from esign_cli.store.inquiry import of_server

    return of_server(database, context.settings.secret_places, context.caller)


def _trail(context: Context, database: Path | Server) -> trail_check.Verified | None:
    """The check of its audit trail."""
    places = context.settings.secret_places
    if isinstance(database, Path):
        return trail_check.of_file(database, places)
    with open_store(database, places, caller=context.caller) as store:
        return trail_check.verify(store)


def _mail(context: Context) -> str:
    """The mail server, after connecting and logging in; "" when none is configured."""
    from dataclasses import replace

    if not context.settings["smtp.host"]:
        return ""
    mailer = context.mailer()
    mailer.server = replace(mailer.server, seconds=min(mailer.server.seconds, SECONDS))
    with mailer:
        mailer.connect()
    host, port = mailer.server.address
    return f"{host}:{port}"


def _time_stamps(context: Context) -> job.OtherClock | None:
    """The time stamp server's clock; None when no server is configured.

    A server that wants to know who asks is paid for its stamps, so it is asked for its page only.
    """
    at = context.settings
    url = at["time_stamp.url"]
    if not url:
        return None
    asked = clock.now()
    if at["time_stamp.user"]:
        server_time = _date_of(context, url)
    else:
        private, proxy = at["network.private"], at["network.proxy"]
        server = TimeStampServer(url, None, private, proxy, SECONDS)
        server_time = tst.read(server.stamp(os.urandom(_DIGEST))).time
    return job.OtherClock(http_client.shown(url), server_time - asked if server_time else None)


def _reach(context: Context, url: str) -> str:
    """Call an address, whatever it answers; tell the proxy, as it may be shown, or "".

    Raises HttpError.
    """
    at = context.settings
    proxy = http_client.proxy_for(url, at["network.proxy"])
    limits = http_client.Limits(SECONDS, _LARGEST)
    private = at["network.private"]
    try:
        answer = http_client.request("HEAD", url, limits=limits, allow_private=private, proxy=proxy)
        refusal = f"HTTP {answer.status}" if answer.status in _OF_A_PROXY else ""
    except ServerTimedOut:
        if not proxy:
            raise
        refusal = reasons.TIMED_OUT
    if not proxy:
        return ""
    by = http_client.shown(proxy)
    if refusal:
        raise ProxyUnreachable(url=http_client.shown(url), proxy=by, detail=refusal)
    return by


def _date_of(context: Context, url: str) -> datetime | None:
    """The Date of the server's answer (RFC 9110 6.6.1), whatever else it answers."""
    at = context.settings
    answer = http_client.request(
        "HEAD",
        url,
        limits=http_client.Limits(SECONDS, _LARGEST),
        allow_private=at["network.private"],
        proxy=http_client.proxy_for(url, at["network.proxy"]),
    )
    try:
        server_time = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    return server_time if server_time.tzinfo else None
