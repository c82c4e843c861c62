"""How many applications were approved in a year, by district and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from esign_cli.commands.applications.overview import Row
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.turkish import sort_key
from esign_cli.outputs.tables import Kind
from esign_cli.outputs.tables.columns import ColumnSpec

_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Approved:
    """A district, and how many were approved in each month; the last line is that of all."""

    district: str
    months: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.months)


def approved(rows: Iterable[Row], year: int) -> list[Approved]:
    """Count the approvals of a year, whatever became of them later."""
    days = [
        (row.record.district if row.record else "", row.application.approved)
        for row in rows
        if row.application.approved and row.application.approved.year == year
    ]
    counts = Counter((district, day.month) for district, day in days)
    districts = sorted({district for district, _month in counts}, key=sort_key)
    lines = [
        Approved(district or _("District not known"), _of(counts, [district]))
        for district in districts
    ]
    return [*lines, Approved(_("Sum"), _of(counts, districts))]


def _of(counts: Counter[tuple[str, int]], districts: Sequence[str]) -> tuple[int, ...]:
    return tuple(sum(counts[one, month] for one in districts) for month in range(1, 13))


def columns() -> tuple[ColumnSpec, ...]:
    """Return the columns of these lines."""
    months = (ColumnSpec(name, _month(index), Kind.NUMBER) for index, name in enumerate(_MONTHS))
    total = ColumnSpec(N_("Sum"), "total", Kind.NUMBER)
    return (ColumnSpec(N_("District"), "district"), *months, total)


def _month(index: int) -> Callable[[Approved], int]:
    return lambda one: one.months[index]
