"""What the days of a calendar are called."""

from __future__ import annotations

from esign_cli.commands.calendar.job import DEADLINE, DELIVERY, END, UNSEEN, Day
from esign_cli.commands.text.application import CALL_CENTRE
from esign_cli.foundation import turkish
from esign_cli.foundation.dates import day
from esign_cli.foundation.i18n import N_, _
from esign_cli.outputs.ical import Entry
from esign_cli.wording import labels

KINDS = {
    DEADLINE: N_("e-imza: last day to apply"),
    END: N_("e-imza: certificate ends"),
    DELIVERY: N_("e-imza: the new card should be there"),
    UNSEEN: N_("e-imza: ask whether the new card has come"),
}


def entry(one: Day) -> Entry:
    """Return a day with whose it is; the national id is masked."""
    standing = one.standing
    who = f"{one.name} ({turkish.mask(standing.facts.national_id)})".strip()
    kind = _(KINDS[one.kind])
    lines = [who]
    if standing.record is not None:
        lines.append(
            " / ".join(filter(None, (standing.record.institution, standing.record.district)))
        )
    if standing.certificate is not None:
        end = day(standing.certificate.not_after)
        lines.append(_("Certificate valid until: {date}").format(date=end))
    if one.kind == DEADLINE and standing.deadline is not None and standing.working_day is not None:
        lines.append(
            _("The last day to apply is a holiday: {date}").format(date=day(standing.deadline))
        )
        lines.append(_("Working day before it: {date}").format(date=day(standing.working_day)))
    lines.append(_("Result: {verdict}").format(verdict=labels.verdict(standing.verdict)))
    if one.kind == DELIVERY:
        lines.append(_("Not come by then? The call centre: {phone}").format(phone=CALL_CENTRE))
    return Entry(one.uid, one.on, f"{kind}: {who}", "\n".join(filter(None, lines)), kind)
