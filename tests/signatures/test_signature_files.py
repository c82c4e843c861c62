"""Signature files: named beforehand, never by halves, never over each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from esign_cli.foundation.errors.environment import OutputExists, OutputUnwritable
from esign_cli.signatures import documents, files
from esign_cli.signatures.files import Target


@pytest.mark.parametrize(
    ("output", "content"),
    [
        ("f.p7s", "f.txt"),
        ("f.txt.p7s", "f.txt"),
        ("f", "f.txt"),
        ("f.txt", "f.txt.txt"),
        ("a.b.p7s", "a.b.txt"),
    ],
)
def test_the_text_lies_beside_its_signature(output: str, content: str) -> None:
    assert Target.of_text(Path(output), detached=True).content == Path(content)
    assert Target.of_text(Path(output), detached=False).content is None


def test_a_document_is_copied_only_where_it_does_not_lie_yet(tmp_path: Path) -> None:
    document = tmp_path / "c.pdf"
    document.write_bytes(b"%PDF-")
    there = Target.of_document(document, tmp_path, detached=True)
    assert (there.signature, there.content) == (tmp_path / "c.pdf.p7s", None)
    elsewhere = tmp_path / "out"
    elsewhere.mkdir()
    assert Target.of_document(document, elsewhere, detached=True).content == elsewhere / "c.pdf"
    assert Target.of_document(document, elsewhere, detached=False).content is None


def test_a_signature_that_cannot_be_written_leaves_no_content_behind(tmp_path: Path) -> None:
    (tmp_path / "f.p7s").mkdir()
    target = Target.of_text(tmp_path / "f.p7s", detached=True)
    with pytest.raises(OutputUnwritable):
        target.write(b"signature", documents.of_bytes(Path("x"), b"content"))
    assert [path.name for path in tmp_path.iterdir()] == ["f.p7s"]


def test_every_file_is_looked_at_before(tmp_path: Path) -> None:
    form = Target.of_text(tmp_path / "f.p7s", detached=True)
    files.check(form, None, force=False)
    with pytest.raises(OutputExists):
        files.check(form, Target(tmp_path / "f.txt"), force=True)
    (tmp_path / "f.txt").write_bytes(b"")
    with pytest.raises(OutputExists):
        files.check(form, force=False)
    files.check(form, force=True)
