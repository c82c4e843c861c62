"""e-Yazışma packages (.eyp): OPC, with the signature over the package's summary.

e-Yazışma Teknik Rehberi 1.x and 2.x (Cumhurbaşkanlığı Dijital Dönüşüm Ofisi): the signature is over
PaketOzeti.xml, the seal over NihaiOzet.xml, initials over ParafOzeti.xml. Each of these lists parts
with their digests.
"""

from __future__ import annotations

import re

from esign_cli.foundation.errors.signatures import ContainerUnsupported
from esign_cli.signatures.cms.envelope import begins_as_signed_data
from esign_cli.signatures.containers import digest_lists
from esign_cli.signatures.containers.container import Container, Enclosed
from esign_cli.signatures.containers.parts import Parts

KIND = "e-Yazışma"
VERSIONS = ("1", "2")
_SUMMARY = "PaketOzeti/PaketOzeti.xml"
_SIGNATURE = "Imzalar/ImzaCades.imz"
_SIGNED = {
    _SIGNATURE: _SUMMARY,
    "Muhur/MuhurCades.imz": "NihaiOzet/NihaiOzet.xml",
    "Paraflar/ParafImzaCades.imz": "ParafOzeti/ParafOzeti.xml",
}
_NAMESPACE = re.compile(r"urn:dpt:eyazisma:schema:xsd:(?:PaketOzeti|NihaiOzet|ParafOzeti)-(\d+)")
_PLUMBING = re.compile(r"\[Content_Types\]\.xml|(?:.*/)?_rels/[^/]*\.rels|package/services/.*")
_ENCRYPTED = ("SifreliIcerik/", "SifreliIcerikBilgisi/")


def read(parts: Parts) -> Container | None:
    """Return the package; None: it is none. Raises ContainerUnsupported."""
    if parts.find(_SUMMARY) is None and parts.find(_SIGNATURE) is None:
        if any(name.startswith(_ENCRYPTED) for name in parts.entries):
            raise ContainerUnsupported(kind=KIND, because="encrypted")
        return None
    version = _version(parts)
    there = [name for name in _SIGNED if parts.find(name) is not None]
    signed = {name: parts.read(name) or b"" for name in there}
    real = [name for name in there if begins_as_signed_data(signed[name])]
    if _SIGNATURE not in real:
        raise ContainerUnsupported(kind=KIND, because="unsigned")
    return Container(
        KIND,
        version,
        parts,
        tuple(_enclosed(parts, name, signed[name]) for name in real),
        placeholders=tuple(name for name in there if name not in real),
        plumbing=tuple(name for name in parts.entries if _PLUMBING.fullmatch(name)),
    )


def _version(parts: Parts) -> str:
    """The summary's version; that of a package whose summary is gone cannot be told."""
    summary = digest_lists.read(parts.read(_SUMMARY) or b"")
    match = _NAMESPACE.fullmatch(summary.namespace) if summary else None
    if match is not None and match[1] not in VERSIONS:
        raise ContainerUnsupported(kind=f"{KIND} {match[1]}", because="version")
    return match[1] if match else ""


def _enclosed(parts: Parts, name: str, signature: bytes) -> Enclosed:
    over = _SIGNED[name]
    content = parts.read(over)
    listed = digest_lists.read(content) if content is not None else None
    known = listed is not None and _NAMESPACE.fullmatch(listed.namespace) is not None
    references = tuple(listed.references) if listed is not None and known else None
    return Enclosed(name, signature, over, content, references)
