"""ASiC containers with CAdES signatures (ETSI EN 319 162-1).

ASiC-S: one file and META-INF/signature.p7s over it. ASiC-E: META-INF/ASiCManifest*.xml lists files
with their digests and names the signature over it.
"""

from __future__ import annotations

import re

from esign_cli.foundation.errors.signatures import ContainerUnsupported
from esign_cli.signatures.containers import digest_lists
from esign_cli.signatures.containers.container import Container, Enclosed
from esign_cli.signatures.containers.parts import Parts

MIME_TYPES = {
    b"application/vnd.etsi.asic-s+zip": "ASiC-S",
    b"application/vnd.etsi.asic-e+zip": "ASiC-E",
}
_MIME_TYPE = "mimetype"
_SIGNATURE = re.compile(r"META-INF/[^/]*signature[^/]*\.p7s", re.IGNORECASE)
_MANIFEST = re.compile(r"META-INF/ASiCManifest[^/]*\.xml", re.IGNORECASE)
_OTHERS = re.compile(
    r"META-INF/(?:[^/]*signatures[^/]*\.xml|[^/]*timestamp[^/]*\.tst|ASiCArchiveManifest[^/]*\.xml"
    r"|[^/]*evidencerecord[^/]*\.(?:ers|xml))",
    re.IGNORECASE,
)
_NAMESPACE = "http://uri.etsi.org/02918/v1.2.1#"


def read(parts: Parts) -> Container | None:
    """Return the container; None: it is none. Raises ContainerUnsupported."""
    signatures = [name for name in parts.entries if _SIGNATURE.fullmatch(name)]
    others = tuple(name for name in parts.entries if _OTHERS.fullmatch(name))
    said = MIME_TYPES.get((parts.read(_MIME_TYPE) or b"").strip())
    if not signatures:
        if said is None:
            return None
        because = "xades" if any(name.lower().endswith(".xml") for name in others) else "unsigned"
        raise ContainerUnsupported(kind=said, because=because)
    manifests = [name for name in parts.entries if _MANIFEST.fullmatch(name)]
    kind = said or ("ASiC-E" if manifests else "ASiC-S")
    signed = _extended(parts, signatures, manifests) if manifests else _simple(parts, signatures)
    covered = {one.over for one in signed}
    plumbing = {_MIME_TYPE, *signatures, *covered, *others}
    return Container(kind, "", parts, signed, not_judged=others, plumbing=tuple(plumbing))


def _simple(parts: Parts, signatures: list[str]) -> tuple[Enclosed, ...]:
    """Each signature over the one file that there is; over nothing if it cannot be told which."""
    files = [n for n in parts.entries if n != _MIME_TYPE and not n.upper().startswith("META-INF/")]
    over = files[0] if len(files) == 1 else ""
    content = parts.read(over) if over else None
    return tuple(
        Enclosed(name, parts.read(name) or b"", over, content, covers_itself=bool(over))
        for name in signatures
    )


def _extended(parts: Parts, signatures: list[str], manifests: list[str]) -> tuple[Enclosed, ...]:
    """Each signature over the manifest that names it; over nothing if none does, or several."""
    lists = {name: digest_lists.read(parts.read(name) or b"") for name in manifests}
    signed = []
    for signature in signatures:
        over = [
            name
            for name, listed in lists.items()
            if listed is not None
            and listed.namespace == _NAMESPACE
            and parts.find(listed.signature) == signature
        ]
        listed = lists[over[0]] if len(over) == 1 else None
        signed.append(
            Enclosed(
                signature,
                parts.read(signature) or b"",
                over[0] if listed is not None else "",
                parts.read(over[0]) if listed is not None else None,
                tuple(listed.references) if listed is not None else None,
            )
        )
    return tuple(signed)
