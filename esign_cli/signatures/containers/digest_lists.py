"""The lists of parts and their digests that signatures are over, read from XML.

PaketOzeti.xml, NihaiOzet.xml and ParafOzeti.xml of e-Yazışma packages (Teknik Rehber 1.x: one
digest in each reference; 2.x: two DigestItems), and ASiCManifest.xml (ETSI EN 319 162-1, A.4).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from esign_cli.signatures.containers.container import Reference

MOST_BYTES = 8 << 20
MOST_REFERENCES = 2000
_ALGORITHMS = {
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
    "http://www.w3.org/2001/04/xmldsig-more#sha224": "sha224",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_OUTSIDE = "http://eyazisma.dpt/bilesen#harici"
_REFERENCES = ("Reference", "DataObjectReference")


class Unlisted(Exception):
    """The bytes are no list of parts; it never leaves `read`."""


@dataclass(slots=True)
class DigestList:
    """A list as it was read."""

    namespace: str = ""
    name: str = ""
    """Of the outermost element."""
    references: list[Reference] = field(default_factory=list)
    signature: str = ""
    """The part that an ASiCManifest says is its signature."""


def read(content: bytes) -> DigestList | None:
    """Return the list in `content`; None: it is none, or not well formed."""
    if len(content) > MOST_BYTES:
        return None
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, Unlisted):
        return None
    return reader.found


@dataclass(slots=True)
class _Reader:
    """What comes of one document, element by element."""

    found: DigestList = field(default_factory=DigestList)
    path: list[str] = field(default_factory=list)
    open: tuple[str, bool] | None = None
    digests: list[tuple[str, bytes]] = field(default_factory=list)
    algorithm: str = ""
    value: list[str] = field(default_factory=list)

    def doctype(self, *_arguments: object) -> None:
        raise Unlisted  # entities could make a small list a large one

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if not self.path:
            self.found.namespace, self.found.name = namespace, name
        self.path.append(name)
        if name in _REFERENCES:
            self._begin(attributes)
        elif name == "SigReference":
            self.found.signature = attributes.get("URI", "")
        elif name == "DigestMethod" and self.open is not None:
            given = attributes.get("Algorithm", "")
            self.algorithm = _ALGORITHMS.get(given, given)
        elif name == "DigestValue":
            self.value = []

    def _begin(self, attributes: Mapping[str, str]) -> None:
        if self.open is not None or "URI" not in attributes:
            raise Unlisted
        if len(self.found.references) >= MOST_REFERENCES:
            raise Unlisted
        self.open = (attributes["URI"], attributes.get("Type") == _OUTSIDE)
        self.digests = []

    def text(self, text: str) -> None:
        if self.path[-1:] == ["DigestValue"]:
            self.value.append(text)

    def end(self, _tag: str) -> None:
        name = self.path.pop()
        if name == "DigestValue" and self.open is not None:
            self.digests.append((self.algorithm, _decoded("".join(self.value))))
            self.algorithm = ""
        elif name in _REFERENCES and self.open is not None:
            uri, outside = self.open
            self.found.references.append(Reference(uri, tuple(self.digests), outside))
            self.open = None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unlisted from error
