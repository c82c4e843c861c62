"""What lies on the disk: esign itself, settings, database, trust store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from esign_cli.commands.doctor import desk_checks
from esign_cli.commands.doctor.dependencies import Dependencies, Seen, of_certificate
from esign_cli.commands.text.findings import Level, Line, failed
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.store import DatabaseNewer
from esign_cli.signatures.certificate import parse
from esign_cli.signatures.pki import keys
from esign_cli.store import backups as made_backups
from esign_cli.store.health import Health


def installed(deps: Dependencies, _seen: Seen) -> Iterator[Line]:
    """Yield which esign this is, and what brings a newer one."""
    yield Line("installation", Level.OK, "installed", dict(deps.installed))


def settings(deps: Dependencies, _seen: Seen) -> Iterator[Line]:
    """Yield what stands in the settings."""
    path = str(deps.settings_file)
    code = "settings-read" if deps.settings_file.exists() else "settings-default"
    yield Line("settings", Level.OK, code, {"path": path})
    if not deps.province:
        yield Line("settings", Level.WARNING, "no-province", {"path": path})
    for key, host in deps.in_plain:
        yield Line("settings", Level.WARNING, "secret-in-plain", {"key": key, "host": host})


def database(deps: Dependencies, seen: Seen) -> Iterator[Line]:
    """Yield how the database is."""
    facts = {"path": str(deps.database)}
    try:
        health = deps.health(deps.database)
    except EsignError as problem:
        yield failed("database", problem)
        return
    on_server = not isinstance(deps.database, Path)
    yield _state(health, facts, on_server=on_server)
    if health is not None and health.server is not None:
        yield from desk_checks.server(health.server)
        if health.server.is_local and health.server.folder:
            seen.server_folder = Path(health.server.folder)
    if health is not None and health.open_to_others:
        yield Line("database", Level.WARNING, "database-open-to-others", facts)


def _state(health: Health | None, facts: dict[str, str], *, on_server: bool) -> Line:
    if health is None:
        return Line("database", Level.WARNING, "no-tables" if on_server else "no-database", facts)
    if health.broken:
        return Line("database", Level.ERROR, "database-broken", {**facts, "detail": health.broken})
    if health.unknown:
        return failed("database", DatabaseNewer(**facts, migrations=list(health.unknown)))
    if not health.pending:
        return Line("database", Level.OK, "database-whole", facts)
    names = {**facts, "names": health.pending[-1]}
    if on_server:
        return Line("database", Level.WARNING, "tables-pending", names)
    return Line("database", Level.OK, "database-pending", names)


def disk(deps: Dependencies, seen: Seen) -> Iterator[Line]:
    """Yield whether the database lies on an encrypted disk, and on this computer's; of a server's
    where it is this computer and its folder may be known.
    """
    place = deps.database if isinstance(deps.database, Path) else seen.server_folder
    if place is None:
        return
    where = deps.disk(place)
    facts = {"path": str(place), "kind": where.kind, "source": where.source, "by": where.by}
    if where.network:
        yield Line("disk", Level.WARNING, "disk-on-network", facts)
    else:
        yield Line("disk", Level.OK, f"disk-encryption-{where.encryption}", facts)


def backups(deps: Dependencies, _seen: Seen) -> Iterator[Line]:
    """Yield how old the newest backup is; nothing where there is no database to be backed up, or
    a server's administrator does it.
    """
    if not isinstance(deps.database, Path):
        return
    try:
        health = deps.health(deps.database)
    except EsignError:
        return  # told by its own line
    if health is None or health.broken or health.unknown or health.pending:
        return
    if health.backup is None:
        yield Line("backup", Level.WARNING, "no-backup")
        return
    age = deps.now - health.backup
    day = health.backup.astimezone(ISTANBUL).date().isoformat()
    facts = {"day": day, "days": age.days}
    if age > made_backups.OLD:
        yield Line("backup", Level.WARNING, "backup-old", facts)
    else:
        yield Line("backup", Level.OK, "backup-made", facts)


def audit(deps: Dependencies, _seen: Seen) -> Iterator[Line]:
    """Yield whether the audit trail fits, and the tables to it."""
    try:
        health = deps.health(deps.database)
    except EsignError:
        return  # told by its own line
    if health is None or health.broken or health.unknown or health.pending:
        return
    try:
        check = deps.trail(deps.database)
    except EsignError as problem:
        yield failed("audit", problem)
        return
    if check is None:
        return
    if check.findings:
        first = check.findings[0]
        facts = {"row": first.row, "table": first.table, "kind": first.kind.value}
        yield Line("audit", Level.ERROR, "audit-does-not-fit", facts)
    else:
        yield Line("audit", Level.OK, "audit-fits", {"rows": check.rows})


def trusted(deps: Dependencies, _seen: Seen) -> Iterator[Line]:
    """Yield what is trusted, and what of it is over or weak."""
    folder = str(deps.trust_folder)
    try:
        trust = deps.trust(deps.trust_folder)
    except EsignError as problem:
        yield failed("trust", problem)
        return
    if not trust.anchors:
        yield Line("trust", Level.WARNING, "no-trust", {"folder": folder})
        return
    yield Line("trust", Level.OK, "trusted", {"folder": folder, "roots": len(trust.anchors)})
    for der in trust.anchors:
        root = parse(der)
        if deps.now > root.not_after:
            yield Line("trust", Level.WARNING, "root-over", of_certificate(root))
    for der in trust.intermediates:
        if not keys.strongly_signed(der):
            yield Line("trust", Level.WARNING, "sub-ca-weak", of_certificate(parse(der)))
