"""Made-up people for every test: national ids, records, certificates, facts, whole databases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from esign_cli.foundation import turkish
from esign_cli.foundation.people import (
    CertificateRecord,
    DutyClass,
    DutyRecord,
    Mark,
    OpenApplication,
    Person,
    PersonFacts,
    Source,
)
from esign_cli.store import Store
from esign_cli.store.dialect import next_number

GIVEN = ("ŞÜKRÜ", "AYŞE", "İBRAHİM", "ÇİĞDEM", "IŞIL", "ÖMER", "ÜLKÜ", "GÖKÇE", "HACER", "VELİ")
FAMILY = (
    "IŞIK",
    "İNCE",
    "ÇELİK",
    "ÖZTÜRK",
    "ŞAHİN",
    "GÜNEŞ",
    "AĞAOĞLU",
    "YILDIZ",
    "UÇAR",
    "ZENGİN",
)
TODAY = date(2026, 11, 23)
SOURCE = Source("personel.xlsx", "Sayfa1", 7)


def national_id(number: int) -> str:
    """A made-up national id with right check digits: 1 gives 10000000146."""
    digits = [int(c) for c in f"{100_000_000 + number:09d}"]
    tenth = (7 * sum(digits[0::2]) - sum(digits[1::2])) % 10
    return "".join(map(str, digits)) + str(tenth) + str((sum(digits) + tenth) % 10)


def person(number: int = 1, **changes: Any) -> Person:
    """A made-up person; each number has a name and an id of its own."""
    made = Person(
        national_id=national_id(number),
        given_name=GIVEN[number % 10],
        family_name=FAMILY[number // 10 % 10],
        birth_place="BATMAN",
        birth_date=date(1980, 1, 1 + number % 28),
        email=f"kisi{number}@example.tr",
        mobile_phone=f"+90532{number:07d}",
        registry_no=f"S{number}",
        source=SOURCE,
    )
    return replace(made, **changes)


def post(number: int = 1, **changes: Any) -> DutyRecord:
    """A post of one's own in Batman, at work."""
    made = DutyRecord(
        national_id=national_id(number),
        duty_class=DutyClass.PERMANENT,
        institution_code="100001",
        institution="BATMAN LİSESİ",
        province="72",
        district="MERKEZ",
        title="Öğretmen",
        kind="Kadrolu",
        status="Görevde",
        start=date(2015, 9, 1),
        end_column=False,
        source=SOURCE,
    )
    return replace(made, **changes)


def assignment(number: int = 1, **changes: Any) -> DutyRecord:
    """An assignment as a manager in Batman, running for another year and a half."""
    made = DutyRecord(
        national_id=national_id(number),
        duty_class=DutyClass.ASSIGNMENT,
        institution_code="200002",
        institution="BATMAN ORTAOKULU",
        province="72",
        district="KOZLUK",
        title="Müdür",
        kind="Görevlendirme",
        status="Görevde",
        start=date(2024, 6, 1),
        end=date(2028, 6, 1),
        source=Source("gorevlendirme.xlsx", "Sayfa1", 9),
    )
    return replace(made, **changes)


def certificate(
    number: int = 1, not_after: date = date(2027, 1, 15), **changes: Any
) -> CertificateRecord:
    """A listed certificate whose renewal is open on TODAY."""
    made = CertificateRecord(
        national_id=national_id(number),
        not_after=not_after,
        source=Source("sertifika.xlsx", "Sayfa1", 5),
        told_on=TODAY,
    )
    return replace(made, **changes)


def facts(number: int = 1, **changes: Any) -> PersonFacts:
    """Somebody at a post of their own, whose certificate can be renewed on TODAY."""
    made = PersonFacts(
        national_id=national_id(number),
        person=person(number),
        records=(post(number),),
        certificates=(certificate(number),),
        as_of=TODAY,
    )
    return replace(made, **changes)


def save(
    store: Store,
    people: Iterable[PersonFacts],
    *,
    as_of: date = TODAY,
    file: str = "personel.xlsx",
    closed: Iterable[DutyRecord] = (),
    province: str = "",
) -> None:
    """Write people as one import would have; `closed` are records that a full snapshot lacked."""
    everybody = list(people)
    at = f"{as_of}T09:00:00+00:00"
    with store.writing() as db:
        (imported,) = db.execute(
            'INSERT INTO import (id, at, as_of, kind, "full", province, rows_read, new, changed,'
            " unchanged, rejected, ignored, missing) VALUES"
            f" ({next_number('import', 'id')}, ?, ?, 'roster', 0, ?, 1, 0, 0, 1, 0, 0, 0)"
            " RETURNING id",
            (at, str(as_of), province),
        ).fetchone()
        (number,) = db.execute(
            "INSERT INTO file (import_id, name, sha256) VALUES (?, ?, ?) RETURNING id",
            (imported, file, file),
        ).fetchone()
        db.executemany(
            "INSERT INTO person (national_id, given_name, family_name, name_key, birth_place,"
            " birth_date, email, mobile_phone, registry_no, file_id, sheet, row, missing_since,"
            " identity_conflict, duplicate_of) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [_person_row(f, f.person, number) for f in everybody if f.person],
        )
        duties = [(r, None) for f in everybody for r in f.records]
        duties += [(r, imported) for r in closed]
        db.executemany(
            f"INSERT INTO duty VALUES ({','.join('?' * 20)}, NULL, 0)",
            [_duty_row(r, number, by) for r, by in duties],
        )
        db.executemany(
            "INSERT INTO certificate (national_id, origin, sha256, serial, holder, issuer,"
            " not_before, not_after, qualified, revocation, file_id, sheet, row, seen_at)"
            " VALUES (?,?,?,?,?,'',?,?,?,?,?,?,?,?)",
            [_certificate_row(c, number, at) for f in everybody for c in f.certificates],
        )
        for one in everybody:
            if one.mark:
                _save_mark(db, one.mark, at)
            if one.application:
                _save_application(db, one.national_id, one.application, at)


def _person_row(facts: PersonFacts, who: Person, file: int | None) -> tuple[Any, ...]:
    return (
        who.national_id,
        who.given_name,
        who.family_name,
        f"{turkish.fold(who.given_name)} {turkish.fold(who.family_name)}",
        who.birth_place,
        who.birth_date and str(who.birth_date),
        who.email,
        who.mobile_phone,
        who.registry_no,
        file,
        who.source.sheet if who.source else None,
        who.source.row if who.source else None,
        facts.missing_since and str(facts.missing_since),
        facts.identity_conflict,
        facts.duplicate_of,
    )


def _duty_row(r: DutyRecord, file: int | None, closed_by: int | None) -> tuple[Any, ...]:
    return (
        r.national_id,
        r.duty_class,
        r.institution_code,
        str(r.start or ""),
        r.institution,
        r.province,
        r.district,
        turkish.fold(r.district),
        r.title,
        r.branch,
        r.unit,
        r.kind,
        r.status,
        r.end and str(r.end),
        r.end_column,
        r.province_assumed,
        file,
        r.source.sheet if r.source else None,
        r.source.row if r.source else None,
        closed_by,
    )


def _certificate_row(c: CertificateRecord, file: int | None, at: str) -> tuple[Any, ...]:
    return (
        c.national_id,
        c.origin,
        c.sha256,
        c.serial,
        c.holder,
        c.not_before and str(c.not_before),
        str(c.not_after),
        c.qualified,
        c.revocation,
        file if c.origin == "list" else None,
        c.source.sheet if c.source else None,
        c.source.row if c.source else None,
        at,
    )


def _save_mark(db: Any, mark: Mark, at: str) -> None:
    db.execute(
        "INSERT INTO mark (national_id, word, reason, until, at, os_user) VALUES (?,?,?,?,?,'x')",
        (mark.national_id, mark.word, mark.reason, mark.until and str(mark.until), at),
    )


def _save_application(db: Any, national_id: str, application: OpenApplication, at: str) -> None:
    db.execute(
        "INSERT INTO application (number, national_id, reason, opened) VALUES (?,?,'renewal',?)",
        (application.number, national_id, at[:10]),
    )
    db.execute(
        "INSERT INTO application_event (application, state, date, at, os_user)"
        " VALUES (?,?,?,?,'x')",
        (application.number, application.state, str(application.since), at),
    )
