"""The report that people read: on the screen, as a page, as a print. National ids are masked."""

from __future__ import annotations

from collections.abc import Iterator

from esign_cli.commands.report.text import lists, names
from esign_cli.foundation import i18n, turkish
from esign_cli.foundation.dates import day
from esign_cli.foundation.i18n import N_, _, number
from esign_cli.foundation.standing import Verdict
from esign_cli.foundation.turkish import without_ids
from esign_cli.outputs.tables import Cell, Column, Kind, Table, Tone
from esign_cli.outputs.tables.columns import Rows
from esign_cli.outputs.tables.document import Bar, Chart, Document, Figure, Section
from esign_cli.renewals.report_summary import (
    LISTED,
    LISTS,
    Change,
    District,
    Remembered,
    Summary,
    own_list,
)
from esign_cli.wording import labels

_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


def heading(summary: Summary) -> str:
    """Return the place and the day."""
    everywhere = _("All provinces")
    province = turkish.province_name(summary.province) if summary.province != "all" else everywhere
    place = f"{province} · {summary.district}" if summary.district else province
    return f"{place} · {day(summary.on)}"


def document(summary: Summary, version: str) -> Document:
    """Return the whole report."""
    return Document(
        lang=i18n.language(),
        title=_("e-imza renewal report"),
        subtitle=heading(summary),
        notes=tuple(_notes(summary)),
        figures=tuple(_figures(summary)),
        charts=tuple(_charts(summary)),
        sections=tuple(_sections(summary)),
        foot=_foot(summary, version),
        contents=_("Contents"),
    )


def _foot(summary: Summary, version: str) -> str:
    line = _("Made with esign {version}. National ids are masked.").format(version=version)
    if not summary.audit_head:
        return line
    return f"{line} {_('Audit trail: {head}').format(head=summary.audit_head)}"


def month(summary: Summary, index: int) -> str:
    """Return a month with its year, short."""
    first = summary.months[index]
    return f"{_(_MONTHS[first.month - 1])} {first:%y}"


def _notes(summary: Summary) -> Iterator[str]:
    if summary.roster_as_of is None:
        yield _("There is no MEBBİS export yet.")
    else:
        days = (summary.on - summary.roster_as_of).days
        yield _("MEBBİS export is {days} days old.").format(days=number(days))
    yield _(
        "People: {people} · with a certificate: {holders} · no certificate known: {none}"
    ).format(
        people=number(summary.people),
        holders=number(summary.holders),
        none=number(summary.counts[Verdict.NO_CERTIFICATE]),
    )
    if summary.changes is None:
        yield _("This is the first report of this place.")
    else:
        if summary.only_new:
            yield _("The numbers count everybody; the lists hold only who is new in them.")
        yield _("Last report: {date} · changed since: {count}").format(
            date=day(summary.changes.since), count=number(len(summary.changes.people))
        )


def _figures(summary: Summary) -> Iterator[Figure]:
    for code in LISTS:
        count = summary.sizes[code]
        tone = names.TONES[code] if count else Tone.PLAIN
        yield Figure(names.name(code), number(count), tone, code, _new(summary, code))


def _new(summary: Summary, code: str) -> str:
    """How many are new in a list, where it holds only these."""
    if not summary.only_new:
        return ""
    return _("new: {count}").format(count=number(len(summary.lists[code])))


def _charts(summary: Summary) -> Iterator[Chart]:
    yield Chart(
        _("Certificates that end, by month"),
        [
            Bar(month(summary, index), count, number(count))
            for index, count in enumerate(summary.ending)
        ],
    )
    several = len({one.place.province for one in summary.districts}) > 1
    ending = [(place(one, several=several), sum(one.months)) for one in summary.districts]
    largest = sorted(ending, key=lambda counted: -counted[1])[:_MOST_BARS]
    yield Chart(
        _("Certificates that end in the next 12 months, by district"),
        [Bar(name, count, number(count)) for name, count in largest if count],
        upright=False,
    )


_MOST_BARS = 12


def place(one: District, *, several: bool) -> str:
    """Return a district's name; with its province where there are several."""
    name = one.place.district or _("District not known")
    if several and one.place.province:
        return f"{turkish.province_name(one.place.province)} · {name}"
    return name


def _sections(summary: Summary) -> Iterator[Section]:
    for code in LISTS:
        count = len(summary.lists[code])
        empty = _("Nobody new.") if summary.only_new else _("Nobody.")
        yield Section(code, lists.table(code, summary), _(names.NOTES[code]), empty, count=count)
    yield from _changes(summary)
    yield Section("numbers", _numbers(summary))
    yield Section(
        "months", _by_district(summary), empty=_("No certificate is known here."), shaded=True
    )


# --- numbers -------------------------------------------------------------------------------------


def _numbers(summary: Summary) -> Table:
    columns = (
        Column(_("Result")),
        Column(_("People"), Kind.NUMBER),
        Column(_("Since the last report")),
    )
    difference = summary.changes.counts if summary.changes else {}
    rows = [
        (labels.verdict(verdict), count, _signed(difference.get(verdict, 0)))
        for verdict, count in summary.counts.items()
    ]
    states = [
        (_("Application: {state}").format(state=labels.state(state)), count, "")
        for state, count in summary.applications.items()
        if count
    ]
    return Table(_("Numbers"), columns, [*rows, *states])


def _signed(difference: int) -> str:
    return f"{difference:+d}".replace("-", "\N{MINUS SIGN}") if difference else ""


def _by_district(summary: Summary) -> Table:
    several = len({one.place.province for one in summary.districts}) > 1
    columns = (
        Column(_("District")),
        *(Column(month(summary, index), Kind.NUMBER) for index in range(len(summary.months))),
        Column(_("Sum"), Kind.NUMBER),
    )
    rows: list[tuple[Cell, ...]] = [
        (place(one, several=several), *one.months, sum(one.months)) for one in summary.districts
    ]
    return Table(_("Certificates that end, by district and month"), columns, rows)


# --- what changed --------------------------------------------------------------------------------


def _changes(summary: Summary) -> Iterator[Section]:
    if summary.changes is None:
        return
    columns = (
        Column(_("National id"), Kind.ID),
        Column(_("Name")),
        Column(_("District")),
        Column(_("Was")),
        Column(_("Is now")),
    )
    people = summary.changes.people
    title = _("Changed since {date}").format(date=day(summary.changes.since))
    table = Table(title, columns, Rows(_change, people))
    note = _("Who came into a list, went out of one, or has another result than then.")
    yield Section("changes", table, note, _("Nothing changed."), count=len(people))


def _change(one: Change) -> tuple[Cell, ...]:
    record = one.listed.standing.record
    return (
        turkish.mask(one.listed.national_id),
        without_ids(one.listed.standing.name),
        record.district if record else "",
        remembered(one.was),
        remembered(one.now),
    )


def remembered(one: Remembered | None) -> str:
    """Return what a report said of somebody: the result, and the lists that it does not tell."""
    if one is None:
        return _("in no list")
    own = labels.verdict(one.verdict)
    if not one.lists and one.verdict in LISTED:
        return f"{own} · " + _("not in this place any more")
    beside = one.lists - {own_list(one.verdict)}
    return " · ".join([own, *(names.name(code) for code in LISTS if code in beside)])
