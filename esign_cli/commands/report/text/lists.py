"""The lists of the report that people read, one a table. National ids are masked."""

from __future__ import annotations

from collections.abc import Callable

from esign_cli.commands.report.text import names
from esign_cli.commands.text.reason import said
from esign_cli.foundation import turkish
from esign_cli.foundation.i18n import _
from esign_cli.foundation.standing import Phase
from esign_cli.foundation.turkish import without_ids
from esign_cli.outputs.tables import Cell, Column, Kind, Table, Tone
from esign_cli.renewals.report_summary import Listed, Summary
from esign_cli.wording import labels

_SOON = 10
"""Days left from which a row is urgent."""


def table(code: str, summary: Summary) -> Table:
    """A list under its name, or those who are new in it."""
    title = names.heading(code, only_new=summary.only_new)
    return _LIKE.get(code, _people)(summary, title, summary.lists[code])


def _people(_summary: Summary, title: str, lines: tuple[Listed, ...]) -> Table:
    columns = (
        *_who_columns(),
        Column(_("Valid until"), Kind.DATE),
        Column(_("Days left"), Kind.NUMBER),
        Column(_("Reason")),
    )
    rows = [_person(one) for one in lines]
    return Table(title, columns, rows, [tone(one) for one in lines])


def _who_columns() -> tuple[Column, ...]:
    """The heads of what `_who` tells."""
    return (
        Column(_("National id"), Kind.ID),
        Column(_("Name")),
        Column(_("District")),
        Column(_("Institution")),
    )


def _who(one: Listed) -> tuple[Cell, ...]:
    """Somebody, the id masked, and where they serve."""
    record = one.standing.record
    return (
        turkish.mask(one.national_id),
        without_ids(one.standing.name),
        record.district if record else "",
        record.institution if record else "",
    )


def _person(one: Listed) -> tuple[Cell, ...]:
    standing = one.standing
    return (
        *_who(one),
        standing.certificate.not_after if standing.certificate else None,
        standing.days_left,
        without_ids("; ".join(map(said, standing.reasons))),
    )


def tone(one: Listed) -> Tone:
    """How urgent somebody's row is, by the certificate alone."""
    standing = one.standing
    if standing.phase in (Phase.EXPIRED, Phase.REVOKED):
        return Tone.BAD
    if standing.days_left is not None and standing.days_left <= _SOON:
        return Tone.BAD
    return Tone.NOTICE if standing.phase is Phase.LATE else Tone.PLAIN


def _deliveries(summary: Summary, title: str, lines: tuple[Listed, ...]) -> Table:
    columns = (
        *_applied_columns(),
        Column(_("Approved"), Kind.DATE),
        Column(_("Days since"), Kind.NUMBER),
    )
    return Table(title, columns, [_delivery(one, summary) for one in lines])


def _delivery(one: Listed, summary: Summary) -> tuple[Cell, ...]:
    approved = one.application.approved if one.application else None
    return (*_applied(one), approved, (summary.on - approved).days if approved else None)


def _stalled(summary: Summary, title: str, lines: tuple[Listed, ...]) -> Table:
    columns = (
        *_applied_columns(),
        Column(_("Last step"), Kind.DATE),
        Column(_("Days since"), Kind.NUMBER),
        Column(_("Valid until"), Kind.DATE),
        Column(_("Days left"), Kind.NUMBER),
    )
    rows = [_standing_still(one, summary) for one in lines]
    return Table(title, columns, rows, [tone(one) for one in lines])


def _standing_still(one: Listed, summary: Summary) -> tuple[Cell, ...]:
    since = one.application.since if one.application else None
    return (
        *_applied(one),
        since,
        (summary.on - since).days if since else None,
        one.standing.certificate.not_after if one.standing.certificate else None,
        one.standing.days_left,
    )


def _applied_columns() -> tuple[Column, ...]:
    """The heads of what `_applied` tells."""
    return (
        *_who_columns(),
        Column(_("Application")),
        Column(_("State")),
    )


def _applied(one: Listed) -> tuple[Cell, ...]:
    """Who applied, and how far the application has come."""
    application = one.application
    return (
        *_who(one),
        str(application.number) if application else "",
        labels.state(application.state) if application else "",
    )


_LIKE: dict[str, Callable[[Summary, str, tuple[Listed, ...]], Table]] = {
    "stalled": _stalled,
    "overdue": _deliveries,
}
"""Lists with columns of their own."""
