"""`esign trust`: which roots are trusted, and on whose word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import help, options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.commands.trust.job import Changed
    from esign_cli.foundation.certificate import Certificate
    from esign_cli.signatures.trust import TrustFolder

HELP = N_(
    """Keep the trust store: the roots that you accepted, and the sub-CAs below them.

    A signature is valid only if its certificate leads to a root that you accepted by its
    fingerprint, after comparing it with what its publisher says. esign trusts none by itself.

    \b
    Examples:
      esign trust list
      esign trust add kok.cer
      esign trust update --file SertifikaDeposu.xml
    """
)
LIST_HELP = N_(
    """List the trust store, and the roots of Kamu SM that are known from public copies.

    \b
    Examples:
      esign trust list
      esign trust list --json
    """
)
ADD_HELP = N_(
    """Trust a root, by the fingerprint that you type or give; or add sub-CAs below trusted roots.

    FILE holds certificates (DER or PEM), or is Kamu SM's SertifikaDeposu.xml. Take the fingerprint
    from the publisher, not from the file: a file can be exchanged on its way to you.

    \b
    Examples:
      esign trust add kok.cer
      esign trust add kok.cer --fingerprint 23044F859844C23A…
      esign trust add altkok.cer
    """
)
UPDATE_HELP = N_(
    """Add the sub-CAs of SertifikaDeposu.xml that lead to a root you trust; it brings in no root.

    Without --file it is fetched from the address that the settings name (network.depot). Whoever
    changes it on its way can at most leave something out.

    \b
    Examples:
      esign trust update
      esign trust update --file SertifikaDeposu.xml
    """
)
REMOVE_HELP = N_(
    """Take certificates out of the trust store; with a root go the sub-CAs that lead only to it.

    \b
    Examples:
      esign trust remove 23044F85
    """
)
PAGES = {
    "trust": HELP,
    "trust list": LIST_HELP,
    "trust add": ADD_HELP,
    "trust update": UPDATE_HELP,
    "trust remove": REMOVE_HELP,
}

app = typer.Typer(cls=help.Group, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def trust() -> None:
    pass


@app.command("list", cls=help.Command)
def list_store(ctx: typer.Context, json: options.Json = False) -> None:
    context = from_typer(ctx, "trust-list", json=json)
    from esign_cli.commands.trust import job

    store = _store(context)
    rows = job.listing(store.entries())
    there = {row["sha256"] for row in rows}
    known = [
        {"name": name, "sha256": sha256}
        for sha256, name in job.KNOWN.items()
        if sha256 not in there
    ]
    console = context.console
    if json:
        data = {"folder": str(store.folder), "certificates": rows, "known_roots": known}
        console.envelope(data)
        return
    headers = [_("Kind"), _("Name"), _("Valid until"), _("Trusted"), "SHA-256"]
    if rows:
        console.table(headers, [_cells(row) for row in rows])
    else:
        console.say(_("The trust store is empty: no signature can be called valid."))
    for one in known:
        text = _(
            "Not trusted: {name}, SHA-256 {sha256} (known from public copies; compare it with "
            "Kamu SM's publication before you accept it)"
        )
        console.say(text.format_map(one))
    console.say(_("Folder: {path}").format(path=store.folder))


@app.command("add", cls=help.Command)
def add(
    ctx: typer.Context,
    file: Annotated[list[Path], typer.Argument(help=N_("Certificates, or SertifikaDeposu.xml."))],
    fingerprint: Annotated[
        list[str] | None,
        typer.Option(
            "--fingerprint",
            metavar="SHA256",
            help=N_("Accept the root with this fingerprint; may be repeated."),
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    context = from_typer(ctx, "trust-add", json=json)
    from esign_cli.commands.trust import job
    from esign_cli.foundation.errors.signatures import NothingTrusted

    certificates, unreadable = _certificates(file)

    def ask(roots: Sequence[Certificate]) -> str:
        return _ask(context, roots)

    changed = job.add(_store(context), certificates, fingerprint or (), ask, context.today)
    if changed.nothing:
        raise NothingTrusted(path=list(map(str, file)))
    _report(context, changed, unreadable, as_json=json)


@app.command("update", cls=help.Command)
def update(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Option("--file", help=N_("SertifikaDeposu.xml, as Kamu SM publishes it.")),
    ] = None,
    json: options.Json = False,
) -> None:
    context = from_typer(ctx, "trust-update", json=json)
    from esign_cli.commands.trust import job

    unreadable = 0

    def find() -> list[bytes]:
        nonlocal unreadable
        certificates, unreadable = _certificates([file]) if file else _fetched(context)
        return certificates

    changed = job.update(_store(context), find, context.today)
    _report(context, changed, unreadable, as_json=json)


@app.command("remove", cls=help.Command)
def remove(
    ctx: typer.Context,
    fingerprint: Annotated[
        list[str],
        typer.Argument(metavar="SHA256...", help=N_("At least 8 digits of the fingerprint.")),
    ],
    yes: options.Yes = False,
    json: options.Json = False,
) -> None:
    context = from_typer(ctx, "trust-remove", json=json)
    from esign_cli.commands.trust import job

    store, console = _store(context), context.console
    leaving = job.leaving(store, fingerprint)
    for certificate in leaving:
        console.say(_("Out of the trust store: {name}").format(name=_line(certificate)))
    console.agree(_("Take these out?"), yes=yes)
    store.remove(certificate.sha256 for certificate in leaving)
    if json:
        console.envelope({"removed": [job.row(certificate) for certificate in leaving]})


# --- what the commands share ---------------------------------------------------------------------


def _store(context: Context) -> TrustFolder:
    from esign_cli.signatures.trust import TrustFolder

    return TrustFolder(context.settings.trust_folder)


def _certificates(paths: Sequence[Path]) -> tuple[list[bytes], int]:
    """What the files hold, and how many values of a depot could not be read."""
    from esign_cli.signatures.trust import anchors, depot

    certificates: list[bytes] = []
    unreadable = 0
    for path in paths:
        if depot.is_depot(path):
            offered = depot.read(path)
            certificates += offered.certificates
            unreadable += offered.unreadable
        else:
            certificates += anchors.certificates(path)
    return certificates, unreadable


def _fetched(context: Context) -> tuple[list[bytes], int]:
    """The same from where Kamu SM publishes its depot."""
    from esign_cli.signatures.trust import depot

    at = context.settings
    offered = depot.fetch(
        at["network.depot"],
        allow_private=at["network.private"],
        proxy=at["network.proxy"],
        seconds=at["network.timeout"],
    )
    return list(offered.certificates), offered.unreadable


def _ask(context: Context, roots: Sequence[Certificate]) -> str:
    """The fingerprint that the administrator brings; raises RootNotAccepted if nobody is there."""
    from esign_cli.foundation.errors.signatures import RootNotAccepted

    console = context.console
    console.say(_("A root is trusted only by its fingerprint. In the file:"))
    for root in roots:
        console.say(f"  {_line(root)}")
        if note := _known(root.sha256):
            console.say(f"    {note}")
    if not console.interactive:
        raise RootNotAccepted(holder=roots[0].holder, sha256=roots[0].sha256)
    console.say(_("Get the fingerprint from the publisher by another way than this file came."))
    return console.ask(_("SHA-256 fingerprint of the root to trust"), option="--fingerprint")


def _report(context: Context, changed: Changed, unreadable: int, *, as_json: bool) -> None:
    from esign_cli.commands.trust.job import row

    console = context.console
    groups: tuple[tuple[str, Iterable[Certificate]], ...] = (
        (_("Trusted from now on: {name}"), changed.accepted),
        (_("Sub-CA added: {name}"), changed.added),
        (_("There already: {name}"), changed.there),
        (_("Left out, because nobody accepted this root: {name}"), changed.not_accepted),
        (_("Left out, because it leads to no accepted root: {name}"), changed.unchained),
        (
            _("Left out, because it is signed by SHA-1, so nothing below it is valid: {name}"),
            changed.weak,
        ),
        (_("Expired root: {name}"), changed.expired),
    )
    for text, certificates in groups:
        for certificate in certificates:
            console.say(text.format(name=_line(certificate)))
    if changed.expired:
        console.say(
            _(
                "Accept the root that follows it, by the fingerprint that its publisher gives: "
                "esign trust add FILE --fingerprint SHA256"
            )
        )
    if unreadable:
        console.say(_("Certificates that could not be read: {count}").format(count=unreadable))
    if as_json:
        names = (
            "accepted",
            "added",
            "there",
            "not_accepted",
            "unchained",
            "weak",
            "expired",
        )
        data: dict[str, Any] = {
            name: [row(certificate) for certificate in getattr(changed, name)] for name in names
        }
        console.envelope({**data, "unreadable": unreadable})


def _line(certificate: Certificate) -> str:
    from esign_cli.foundation.dates import ISTANBUL

    end = certificate.not_after.astimezone(ISTANBUL)
    return f"{certificate.holder} → {end:%d.%m.%Y} · SHA-256 {certificate.sha256}"


def _known(sha256: str) -> str:
    from esign_cli.commands.trust.job import KNOWN

    if sha256 not in KNOWN:
        return ""
    text = _("Known from public copies as {name}; compare it with Kamu SM's publication.")
    return text.format(name=KNOWN[sha256])


def _cells(row: dict[str, Any]) -> list[str]:
    from datetime import datetime

    if row["kind"] == "root":
        kind = _("root")
        trusted = _("no: nobody accepted it")
        if row["trusted"]:
            trusted = _("accepted on {date}").format(date=row["accepted_on"])
    else:
        kind, trusted = _("sub-CA"), _("by its chain")
    end = datetime.fromisoformat(row["not_after"])
    return [kind, row["holder"], f"{end:%d.%m.%Y}", trusted, row["sha256"]]
