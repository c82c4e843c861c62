"""Rows of the database as the values that the rules know."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.people import CertificateRecord, DutyClass, DutyRecord, Person, Source
from esign_cli.store.connection import Db, together

Row = tuple[Any, ...]


_SOURCES = "SELECT file.id, name, as_of FROM file JOIN import ON import.id = import_id"


class Sources:
    """The imported files, and the places in them."""

    def __init__(self, db: Db) -> None:
        (self._asked,) = together(db, _SOURCES)

    @cached_property
    def _files(self) -> dict[int | None, tuple[str, date]]:
        return {row[0]: (str(row[1]), date.fromisoformat(row[2])) for row in self._asked}

    def place(self, file: int | None, sheet: str | None, row: int | None) -> Source | None:
        """Return where a fact was read; None when it came from no file."""
        known = self._files.get(file)
        return Source(known[0], sheet or "", row or 0) if known else None

    def told_on(self, file: int | None, seen_at: str) -> date | None:
        """Return the day that a list is of; of what was told, the day on which it was."""
        if known := self._files.get(file):
            return known[1]
        if not seen_at:
            return None
        return datetime.fromisoformat(seen_at).astimezone(ISTANBUL).date()


def person(row: Row, sources: Sources) -> Person:
    national_id, given, family, birth_place, born, email, mobile, registry_no = row[:8]
    place = sources.place(*row[8:11])
    return Person(
        national_id, given, family, birth_place, day(born), email, mobile, registry_no, place
    )


def record(row: Row, sources: Sources) -> DutyRecord:
    start, end, end_column, assumed = row[11:15]
    columns: list[Any] = [row[0], _CLASSES[row[1]], *row[2:11], day(start), day(end)]
    columns += [bool(end_column), bool(assumed), sources.place(*row[15:18]), bool(row[18])]
    return DutyRecord(*columns)


CERTIFICATE_COLUMNS = """national_id, not_after, not_before, origin, serial, sha256, holder,
    qualified, revocation, file_id, sheet, row, issuer, seen_at, revoked_on"""
"""What `certificate` reads, in this order."""


def certificate(row: Row, sources: Sources) -> CertificateRecord:
    national_id, not_after, not_before, origin, serial, sha256, holder, qualified, taken = row[:9]
    return CertificateRecord(
        national_id,
        date.fromisoformat(not_after),
        day(not_before),
        origin,
        serial,
        sha256,
        holder,
        _MAYBE[qualified],
        taken,
        sources.place(*row[9:12]),
        row[12],
        day(row[14]),
        sources.told_on(row[9], row[13]) if origin == "list" else None,
    )


PLAIN_DUTY = "\x1f".join(["%s"] * 5)
"""Kind, start, end, whether there was a column for the end, code: only the last may be any text."""


@lru_cache(maxsize=200_000)
def plain_record(duty: str, status: str, places: str) -> DutyRecord:
    """Return a record of no one in particular: only what a verdict rests on.

    `duty` as PLAIN_DUTY writes it; `places`: institution and title as a JSON array, or "".
    """
    kind, start, end, end_column, code = duty.split("\x1f", 4)
    institution, title = json.loads(places) if places else ("", "")
    return DutyRecord(
        "",
        _CLASSES[kind],
        institution_code=code,
        institution=institution,
        title=title,
        status=status,
        start=day(start),
        end=day(end),
        end_column=end_column != "0",
    )


@lru_cache(maxsize=50_000)
def plain_certificate(row: Row) -> CertificateRecord:
    """Return a certificate of no one in particular: only what a verdict rests on."""
    not_after, not_before, origin, serial, sha256, qualified, revocation, issuer = row
    return CertificateRecord(
        "",
        date.fromisoformat(not_after),
        day(not_before),
        origin,
        serial,
        sha256,
        qualified=_MAYBE[qualified],
        revocation=revocation,
        issuer=issuer,
    )


@lru_cache(maxsize=50_000)
def plain_certificate_of(columns: str) -> CertificateRecord:
    """Return the same as a JSON array, or of a list that says the end alone, as that."""
    if columns.startswith("["):
        return plain_certificate(tuple(json.loads(columns)))
    return CertificateRecord("", date.fromisoformat(columns))


_CLASSES = {member.value: member for member in DutyClass}
_MAYBE: dict[int | None, bool | None] = {None: None, 0: False, 1: True}


@lru_cache(maxsize=50_000)
def day(text: str | None) -> date | None:
    """Return an ISO date of the database; None for none."""
    return date.fromisoformat(text) if text else None
