"""Containers of signatures for tests: e-Yazışma packages after the technical guide, and ASiC."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

DIGESTS = {
    "sha1": "http://www.w3.org/2000/09/xmldsig#sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}
INSIDE, OUTSIDE = "http://eyazisma.dpt/bilesen#dahili", "http://eyazisma.dpt/bilesen#harici"
SUMMARY, SIGNATURE = "PaketOzeti/PaketOzeti.xml", "Imzalar/ImzaCades.imz"
PARTS = {
    "UstYazi/ustyazi.pdf": b"%PDF-1.7 uydurma",
    "Ustveri/Ustveri.xml": b"<Ustveri/>",
    "Ekler/ek 1.txt": b"ek",
}
Sign = Callable[[bytes], bytes]
"""Makes the signature over a content."""


def reference(name: str, content: bytes, digests: Sequence[str], version: int, kind: str) -> str:
    """One Reference: version 1 has the digest in itself, version 2 in DigestItems."""
    items = []
    for digest in digests:
        value = base64.b64encode(hashlib.new(digest, content).digest()).decode()
        item = f'<DigestMethod Algorithm="{DIGESTS[digest]}" /><DigestValue>{value}</DigestValue>'
        items.append(item if version == 1 else f"<DigestItem>{item}</DigestItem>")
    return f'<Reference URI="/{name}" Type="{kind}">{"".join(items)}</Reference>'


@dataclass
class Package:
    """An e-Yazışma package; each field spoils it in its way."""

    parts: Mapping[str, bytes] = field(default_factory=lambda: dict(PARTS))
    version: int = 2
    digests: Sequence[str] = ("sha384", "sha512")
    root: str = "PaketOzeti"
    doctype: str = ""
    outside: Sequence[str] = ()
    instead: Mapping[str, bytes] = field(default_factory=dict)
    """Parts that are other than was signed, or new."""
    without: Sequence[str] = ()
    twice: Sequence[tuple[str, bytes]] = ()
    """Files more, under names that are there."""

    def summary(self) -> bytes:
        namespace = f"urn:dpt:eyazisma:schema:xsd:{self.root}-{self.version}"
        listed = [
            reference(name, content, self.digests, self.version, INSIDE)
            for name, content in self.parts.items()
        ]
        listed += [f'<Reference URI="{uri}" Type="{OUTSIDE}"/>' for uri in self.outside]
        inside = "".join(listed)
        text = f'<?xml version="1.0" encoding="utf-8"?>{self.doctype}<{self.root} Id="1"'
        return f'\ufeff{text} xmlns="{namespace}">{inside}</{self.root}>'.encode()

    def build(self, sign: Sign) -> bytes:
        summary = self.summary()
        every = {
            "[Content_Types].xml": b"<Types/>",
            "_rels/.rels": b"<Relationships/>",
            **self.parts,
            SUMMARY: summary,
            SIGNATURE: sign(summary),
            **self.instead,
        }
        kept = [(name, content) for name, content in every.items() if name not in self.without]
        return zipped([*kept, *self.twice])


def zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name)  # so the same name twice makes no warning
            info.filename = name  # on Windows Python has made a / of its \
            archive.NameToInfo.pop(name, None)
            archive.writestr(info, content)
    return made.getvalue()


def asic_s(files: Mapping[str, bytes], sign: Sign, **more: bytes) -> bytes:
    """An ASiC-S: the signature is over the first file."""
    signature = sign(next(iter(files.values())))
    kind = ("mimetype", b"application/vnd.etsi.asic-s+zip")
    return zipped([kind, *files.items(), ("META-INF/signature.p7s", signature), *more.items()])


def asic_e(
    files: Mapping[str, bytes],
    sign: Sign,
    *,
    instead: Mapping[str, bytes] | None = None,
    listed: Callable[[str], str] = str,
) -> bytes:
    """An ASiC-E: the signature is over a manifest of the files, each `listed` otherwise if told."""
    entries = "".join(
        f'<asic:DataObjectReference URI="{name}"><ds:DigestMethod Algorithm="{DIGESTS["sha256"]}"/>'
        f"<ds:DigestValue>{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
        "</ds:DigestValue></asic:DataObjectReference>"
        for name, content in files.items()
    )
    manifest = (
        '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
        'xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        f'<asic:SigReference URI="META-INF/signature001.p7s"/>{listed(entries)}</asic:ASiCManifest>'
    ).encode()
    every = {
        "mimetype": b"application/vnd.etsi.asic-e+zip",
        **files,
        "META-INF/ASiCManifest001.xml": manifest,
        "META-INF/signature001.p7s": sign(manifest),
        **(instead or {}),
    }
    return zipped(list(every.items()))
