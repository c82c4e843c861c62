"""What a container holds: signatures, what each is over, and the parts that this names."""

from __future__ import annotations

from dataclasses import dataclass

from esign_cli.signatures.containers.parts import Parts


@dataclass(frozen=True, slots=True)
class Reference:
    """A part as a signed list names it, with its digests."""

    name: str
    digests: tuple[tuple[str, bytes], ...]
    """Each with the algorithm's name for hashlib, or its URI where it is not known."""
    outside: bool = False
    """It names something that is no part of the package."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A CAdES signature in a container."""

    name: str
    """The part that it is."""
    signature: bytes
    over: str
    """The part that it is over; empty if there is none."""
    content: bytes | None
    references: tuple[Reference, ...] | None = ()
    """What its content names; None: its content is no list that can be read."""
    covers_itself: bool = False
    """Its content is the document itself and no list of parts."""


@dataclass(frozen=True, slots=True)
class Container:
    """A container with its signatures."""

    kind: str
    """"e-Yazışma", "ASiC-S" or "ASiC-E"."""
    version: str
    """Of an e-Yazışma package, "1" or "2"; else empty."""
    parts: Parts
    signatures: tuple[Enclosed, ...]
    placeholders: tuple[str, ...] = ()
    """Parts in the place of a signature or seal that are none."""
    not_judged: tuple[str, ...] = ()
    """Signatures and time stamps of a kind that is not read."""
    plumbing: tuple[str, ...] = ()
    """Parts of the format itself, which no signature covers."""
