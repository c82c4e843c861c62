"""`esign check-form`: what would stop an application on the portal, before it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.cli.arguments import PersonList
    from esign_cli.commands.check_form.job import Checked, CheckRequest
    from esign_cli.outputs.tables import Table
    from esign_cli.store import Store

HELP = N_(
    """Find everything that would stop an application on the portal, before it is made.

    Looks at the form as it would be: T.C. kimlik no, name against the card and the personnel
    records, birth date, e-mail, mobile number, postal code against the province, missing fields,
    and the directorate's own profile. All problems are named at once. Without a list, everybody in
    the place is checked whose renewal is open or late. Exit code 8: something was found.

    \b
    esign check-form --province batman
    esign check-form --national-id 10000000146 --form sukru.toml
    esign check-form --from kimlikler.txt --output eksikler.xlsx
    """
)


def check_form(
    ctx: typer.Context,
    province: options.Province = None,
    district: options.District = None,
    who: options.WhoElse = None,
    national_id: options.NationalIds = None,
    from_file: Annotated[
        Path | None,
        typer.Option(
            "--from", help=N_("Check this list: a national id a line, a csv or a workbook.")
        ),
    ] = None,
    form_file: options.FormFile = None,
    format_name: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.cli import whom
    from esign_cli.commands.check_form import job
    from esign_cli.foundation.exit_codes import PARTLY

    context = from_typer(ctx)
    form = asking.form(context, "check-form", format_name, output, json=json, force=force)
    request, asked = _request(
        context,
        province,
        district,
        whom.given_people(context, who, national_id),
        from_file,
        form_file,
    )
    settings = context.settings
    with context.store() as store:
        checked = job.check(store, request, settings.profile_for, settings.policy)
        numbers: Mapping[str, int] = {}
        if form.name == "table":
            numbers = _show(context, store, checked, show_ids=show_ids)
    faulty = [one for one in checked if one.problems]
    if form.name == "json":
        data = _data(request, checked)
        asking.give_json(context, "check-form", data, asking.bad_lines(asked), form)
    elif form.name != "table":
        asking.deliver_table(_table(faulty), form)
    if form.name != "json":
        _say_the_rest(context, checked)
        whom.say_next(context, numbers)
    asking.say_bad_lines(context, asked)
    if faulty or (asked and asked.bad):
        raise typer.Exit(PARTLY)


def _request(
    context: Context,
    province: str | None,
    district: str | None,
    national_ids: Sequence[str],
    from_file: Path | None,
    form_file: Path | None,
) -> tuple[CheckRequest, PersonList | None]:
    """Whose forms, from the options; raises as those of `esign eligible` and the form file do."""
    from esign_cli.cli import arguments as asking
    from esign_cli.commands.check_form.job import CheckRequest
    from esign_cli.foundation import files
    from esign_cli.foundation.errors.usage import Usage
    from esign_cli.renewals import application

    given = application.Form()
    not_understood: tuple[str, ...] = ()
    if form_file is not None:
        given, not_understood = application.read_partly(files.read(form_file), str(form_file))
        national_ids = national_ids or [given.national_id]
        if from_file or len(national_ids) > 1 or not national_ids[0]:
            raise Usage(detail=_("--form is for one person: name whose with --national-id."))
    asked = asking.people(from_file, national_ids, by_place=bool(province or district))
    optional = context.settings["form_optional"]
    request = CheckRequest(
        today=context.today,
        province="all" if asked else asking.province(context, province),
        district="" if asked else district or context.settings.district,
        national_ids=asked.national_ids if asked else None,
        given=given,
        not_understood=not_understood,
        wanted=tuple(key for key in application.KEYS if key not in optional),
    )
    return request, asked


# --- for people ----------------------------------------------------------------------------------


def _show(
    context: Context, store: Store, checked: Sequence[Checked], *, show_ids: bool
) -> Mapping[str, int]:
    from esign_cli.cli import whom
    from esign_cli.foundation.turkish import mask
    from esign_cli.outputs.tables.columns import ColumnSpec

    columns = (
        ColumnSpec(
            N_("National id"),
            lambda one: one.form.national_id if show_ids else mask(one.form.national_id),
        ),
        ColumnSpec(N_("Name"), lambda one: f"{one.form.given_name} {one.form.family_name}".strip()),
        ColumnSpec(N_("District"), "standing.record.district"),
        ColumnSpec(N_("Problems"), lambda one: " · ".join(_said(one))),
    )
    return whom.listing(
        context, store, columns, [one for one in checked if one.own], "form.national_id"
    )


def _said(one: Checked) -> Iterator[str]:
    from esign_cli.commands.text import form as form_labels

    for problem in one.own:
        yield form_labels.told(problem)


def _say_the_rest(context: Context, checked: Sequence[Checked]) -> None:
    from esign_cli.commands.text import form as form_labels
    from esign_cli.foundation.i18n import number

    console = context.console
    every = Counter(p for one in checked for p in one.problems if one.of_profile(p))
    for problem, count in every.items():
        console.say(
            _("The directorate's profile: {problem} (people: {count})").format(
                problem=form_labels.told(problem), count=number(count)
            )
        )
        console.say(f"  esign config set profile.{problem.field} …")
    right = sum(not one.problems for one in checked)
    console.say(
        _("Checked: {checked} · nothing found: {right}").format(
            checked=number(len(checked)), right=number(right)
        )
    )


def _table(checked: Sequence[Checked]) -> Table:
    """One line a problem."""
    from esign_cli.commands.text import form as form_labels
    from esign_cli.outputs.tables import Kind
    from esign_cli.outputs.tables.columns import ColumnSpec, below, fill

    person = (
        ColumnSpec(N_("National id"), "form.national_id", Kind.ID),
        ColumnSpec(N_("Given name"), "form.given_name"),
        ColumnSpec(N_("Family name"), "form.family_name"),
        ColumnSpec(N_("District"), "standing.record.district"),
    )
    columns = (
        *below(itemgetter(0), person),
        ColumnSpec(N_("Field"), lambda pair: form_labels.field(pair[1].field)),
        ColumnSpec(N_("Problem"), lambda pair: form_labels.problem(pair[1].code)),
        ColumnSpec(N_("Value"), lambda pair: _value(getattr(pair[0].form, pair[1].field))),
    )
    pairs = [(one, problem) for one in checked for problem in one.problems]
    return fill(_("Problems"), columns, pairs)


def _value(value: Any) -> str:
    return f"{value:%d.%m.%Y}" if hasattr(value, "year") else str(value or "")


# --- for programs --------------------------------------------------------------------------------


def _data(request: CheckRequest, checked: Sequence[Checked]) -> dict[str, Any]:
    return {
        "on": request.today.isoformat(),
        "province": request.province,
        "checked": len(checked),
        "right": sum(not one.problems for one in checked),
        "people": [_person(one) for one in checked if one.problems],
    }


def _person(one: Checked) -> dict[str, Any]:
    from esign_cli.outputs.json_data import pick

    return {
        **pick(
            one,
            "national_id=form.national_id given_name=form.given_name family_name=form.family_name"
            " district=standing.record.district verdict=standing.verdict",
        ),
        "problems": [
            {
                **pick(problem, "code field"),
                "of": "profile" if one.of_profile(problem) else "person",
            }
            for problem in one.problems
        ],
    }
