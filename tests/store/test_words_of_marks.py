"""What the commands write of a person is no damage to the check of a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Esign
from tests.support.workbooks import HEADERS, national_id, person, xlsx

pytestmark = pytest.mark.sqlite  # `esign database` is for a file


@pytest.mark.parametrize(
    "words",
    [
        ("on-duty", "--reason", "görevde"),
        ("left", "--reason", "ayrıldı"),
        ("lost",),
        ("revoked",),
        ("none",),
    ],
)
def test_a_marked_person_is_no_damage(esign: Esign, tmp_path: Path, words: tuple[str, ...]) -> None:
    people = tmp_path / "people.xlsx"
    people.write_bytes(xlsx([HEADERS, person(1)]))
    assert esign("import", people, "--province", "batman", "--yes").exit_code == 0
    assert esign("person", "set", national_id(1), "--not-after", "2028-01-15").exit_code == 0
    assert esign("person", "mark", national_id(1), *words).exit_code == 0
    checked = esign("database", "check")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert esign("eligible", "--verdict", "all").exit_code == 0
