"""A card driver that crashes, ends the process, lacks a library or is for another machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .conftest import PIN, PREPARED, Workdir

CRASHES = {
    "crash": "STATUS_ACCESS_VIOLATION",
    "status=40000015": "STATUS_FATAL_APP_EXIT",
    "status=C0000409": "STATUS_STACK_BUFFER_OVERRUN",
    "status=C0000374": "STATUS_HEAP_CORRUPTION",
    "status=E06D7363": "0xE06D7363",
    "abort": "exit 3",
    "exit": "exit 0",
    "status=1": "exit 1",
}
"""How a driver ends the process it runs in, and how that is called."""


@pytest.mark.parametrize(("fault", "name"), CRASHES.items())
def test_driver_that_ends_its_process_is_named_as_crashed(
    workdir: Workdir, fault: str, name: str
) -> None:
    ran = workdir.esign("check-card", "--json", SOFT_FAULT=f"C_GetSlotList={fault}")
    assert ran.code == 4
    (problem,) = json.loads(ran.stdout)["problems"]
    assert problem["code"] == "module-crashed"
    assert problem["detail"] == name
    assert name in ran.stderr


@pytest.mark.parametrize("fault", CRASHES)
def test_crash_while_the_pin_is_checked_is_a_counted_try(workdir: Workdir, fault: str) -> None:
    words = ("sign", "personel.xlsx", "--pin-stdin", "--yes")
    ran = workdir.esign(*words, given=f"{PIN}\n", SOFT_FAULT=f"C_Login={fault}")
    assert ran.code not in (0, 1, 11), ran.stderr
    assert not (workdir.folder / "personel.xlsx.p7m").exists()
    after = workdir.esign("cards", "--json")
    assert json.loads(after.stdout)["data"]["tokens"][0]["pin"] == "low"


def test_missing_library_of_a_driver_is_named(workdir: Workdir) -> None:
    ran = workdir.esign("check-card", "--module", PREPARED / "torn" / "akisp11.dll", "--json")
    assert ran.code == 4
    (problem,) = json.loads(ran.stdout)["problems"]
    assert problem["code"] == "module-lacks-library"
    assert problem["library"] == "akisreader.dll"


def test_library_beside_a_driver_is_found(workdir: Workdir) -> None:
    ran = workdir.esign("check-card", "--module", PREPARED / "whole" / "akisp11.dll")
    assert ran.code == 0, ran.stderr


def test_driver_below_a_turkish_name_is_loaded(workdir: Workdir) -> None:
    driver = workdir.folder / "akisp11.dll"
    shutil.copy(PREPARED / "akisp11.dll", driver)
    ran = workdir.esign("check-card", "--module", driver)
    assert ran.code == 0, ran.stderr


def as_32_bit(driver: Path, into: Path) -> Path:
    """A copy whose header says that it was built for x86."""
    image = bytearray(driver.read_bytes())
    header = int.from_bytes(image[0x3C:0x40], "little")
    image[header + 4 : header + 6] = (0x014C).to_bytes(2, "little")
    into.write_bytes(image)
    return into


def test_32_bit_driver_is_named_with_what_to_install(workdir: Workdir) -> None:
    driver = as_32_bit(PREPARED / "akisp11.dll", workdir.folder / "akisp11.dll")
    ran = workdir.esign("check-card", "--module", driver)
    assert ran.code == 4
    assert "x86 (32-bit)" in ran.stderr
    assert "64-bit" in ran.stderr


def test_places_searched_for_a_driver_are_those_of_windows(workdir: Workdir) -> None:
    ran = workdir.esign("doctor", "--json", ESIGN_PKCS11_MODULE="")
    lines = json.loads(ran.stdout)["data"]["lines"]
    (driver,) = (line for line in lines if line["check"] == "driver")
    assert driver["code"] == "no-module"
    assert driver["facts"]["looked"]
    assert all(place.startswith("C:\\") for place in driver["facts"]["looked"])
