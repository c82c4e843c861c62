"""`esign institutions`: which schools can sign, and which cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from esign_cli.commands.institutions.job import Institution
    from esign_cli.outputs.tables.columns import ColumnSpec

HELP = N_(
    """List the institutions with those who hold a valid e-imza, or those where nobody does.

    An institution is as the duty records name it; who left, was transferred, or whose assignment
    there is over is not counted. Beside each stands its manager, with the telephone number.

    \b
    esign institutions --province batman
    esign institutions --without-certificate --output imzasiz-okullar.xlsx
    """
)


def institutions(
    ctx: typer.Context,
    province: options.Province = None,
    district: options.District = None,
    without_certificate: Annotated[
        bool,
        typer.Option(
            "--without-certificate", help=N_("Only those where nobody holds a valid e-imza.")
        ),
    ] = False,
    on: options.On = None,
    format_name: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.cli import whom
    from esign_cli.commands.institutions import job
    from esign_cli.outputs.tables.columns import fill

    context = from_typer(ctx)
    form = asking.form(context, "institutions", format_name, output, json=json, force=force)
    request = job.InstitutionsRequest(
        on=asking.day(on) if on else context.today,
        province=asking.province(context, province),
        district=district or context.settings.district,
        without_certificate=without_certificate,
    )
    with context.store() as store:
        listed = job.institutions(store, request, context.settings.policy)
        numbers: Mapping[str, int] = {}
        if form.name == "table":
            numbers = whom.listing(context, store, _columns(), listed, "manager.national_id")
    if form.name == "json":
        data = {
            "on": request.on.isoformat(),
            "province": request.province,
            "institutions": list(map(_as_json, listed)),
        }
        asking.give_json(context, "institutions", data, (), form)
        return
    if form.name != "table":
        asking.deliver_table(fill(_("Institutions"), _columns(), listed), form)
    _say_how_many(context, listed)
    whom.say_next(context, numbers)


def _columns() -> tuple[ColumnSpec, ...]:
    from esign_cli.outputs.tables import Kind
    from esign_cli.outputs.tables.columns import ColumnSpec

    return (
        ColumnSpec(N_("District"), "district", spare=1),
        ColumnSpec(N_("Code"), "code", Kind.ID, spare=2),
        ColumnSpec(N_("Institution"), "name"),
        ColumnSpec(N_("People"), lambda one: len(one.people), Kind.NUMBER),
        ColumnSpec(N_("With a valid e-imza"), lambda one: len(one.holders), Kind.NUMBER),
        ColumnSpec(N_("Manager"), _manager),
        ColumnSpec(N_("Mobile phone"), _phone),
    )


def _manager(one: Institution) -> str:
    person = one.manager.person if one.manager else None
    return person.full_name if person else ""


def _phone(one: Institution) -> str:
    from esign_cli.commands.text.form import phone

    person = one.manager.person if one.manager else None
    return phone(person.mobile_phone) if person else ""


def _say_how_many(context: Context, listed: Sequence[Institution]) -> None:
    from esign_cli.foundation.i18n import number

    unsigned = sum(not one.holders for one in listed)
    context.console.say(
        _("Institutions: {count} · nobody with a valid e-imza: {unsigned}").format(
            count=number(len(listed)), unsigned=number(unsigned)
        )
    )
    if unsigned and unsigned < len(listed):
        context.console.say("  esign institutions --without-certificate")


def _as_json(one: Institution) -> dict[str, Any]:
    from esign_cli.outputs.json_data import pick

    person = one.manager.person if one.manager else None
    return {
        **pick(one, "province district code name"),
        "people": len(one.people),
        "holders": len(one.holders),
        "manager": person and pick(person, "national_id name=full_name mobile_phone email"),
    }
