"""The parts of an Office Open XML file, found by their content types and relationships.

[ISO/IEC 29500-2] names parts without regard to case, and programs write them with backslashes and
under names of their own: what a part is, [Content_Types].xml and the _rels say.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO
from xml.etree import ElementTree

UNREADABLE = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, NotImplementedError,
    ElementTree.ParseError, EOFError, RuntimeError,
)  # fmt: skip
"""What the standard library raises for a part that is broken, encrypted or not there."""
_MOST_BYTES = 64 << 20
"""Of a part that is read whole; sheets and strings are not."""
_TYPES = "[content_types].xml"


@dataclass(frozen=True, slots=True)
class Related:
    """A part that another names: its id there, the last word of its type, its name."""

    id: str
    kind: str
    name: str


class Package:
    """A ZIP whose members are known by their names as the standard compares them."""

    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._names = {_plain(name): name for name in reversed(self._archive.namelist())}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._names

    @property
    def names(self) -> list[str]:
        """All parts, by plain names."""
        return list(self._names)

    def open(self, name: str) -> IO[bytes]:
        """Return a part to be read as a stream; raises one of UNREADABLE."""
        return self._archive.open(self._names[_plain(name)])

    def read(self, name: str, most: int = _MOST_BYTES) -> bytes:
        """Return the first bytes of a part; raises one of UNREADABLE."""
        with self.open(name) as part:
            return part.read(most)

    def xml(self, name: str) -> ElementTree.Element:
        """Return a small part as a tree; one with a document type, which may hold bombs, is
        refused.
        """
        content = self.read(name)
        if b"<!DOCTYPE" in content or "<!DOCTYPE".encode("utf-16-le") in content:
            raise ValueError("it declares a document type")
        return ElementTree.fromstring(content)  # noqa: S314  (no document type: no entities)

    def content_type(self, name: str) -> str:
        """Return what kind of part the package says it is, in small letters; "" if it does
        not say.
        """
        wanted = _plain(name)
        ending = wanted.rpartition(".")[2]
        default = ""
        for entry in self.xml(_TYPES) if _TYPES in self._names else ():
            kind = entry.get("ContentType", "").lower()
            if _plain(entry.get("PartName", "")) == wanted and entry.get("PartName"):
                return kind
            if entry.get("Extension", "").lower() == ending:
                default = kind
        return default

    def related(self, name: str = "") -> list[Related]:
        """Return the parts that a part names, or the package itself."""
        folder, _, own = _plain(name).rpartition("/")
        relations = posixpath.join(folder, "_rels", f"{own}.rels")
        if relations not in self._names:
            return []
        return [
            Related(
                one.get("Id", ""),
                one.get("Type", "").rpartition("/")[2].lower(),
                _plain(posixpath.join("/" + folder, one.get("Target", "").replace("\\", "/"))),
            )
            for one in self.xml(relations)
            if one.get("TargetMode") != "External"
        ]

    def main(self) -> str:
        """Return the part that the package is there for; "" if it names none."""
        return next((one.name for one in self.related() if one.kind == "officedocument"), "")


def _plain(name: str) -> str:
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").casefold()
