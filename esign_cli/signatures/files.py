"""Where a signature and what belongs to it are left: checked beforehand, whole, private (0600)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from esign_cli.foundation import files
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import signatures as errors
from esign_cli.foundation.errors.environment import FileMissing, OutputExists

if TYPE_CHECKING:
    from esign_cli.signatures.documents import Document
    from esign_cli.signatures.extend import ExtensionRequest

ATTACHED, DETACHED = ".p7m", ".p7s"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was left; the hash is SHA-256 in lower-case hexadecimal."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Target:
    """A signature file and, when it is detached, the file of its content beside it."""

    signature: Path
    content: Path | None = None

    @classmethod
    def of_text(cls, output: Path, *, detached: bool) -> Target:
        """Name files for a text that lies nowhere yet: form.p7s gets form.txt beside it."""
        if not detached:
            return cls(output)
        stem = output.name.removesuffix(DETACHED)
        name = stem if stem.endswith(".txt") and stem != output.name else f"{stem}.txt"
        return cls(output, output.with_name(name))

    @classmethod
    def of_document(cls, document: Path, folder: Path, *, detached: bool) -> Target:
        """Name files for a document: its name and .p7m or .p7s, in `folder`; copied if detached."""
        signature = folder / (document.name + (DETACHED if detached else ATTACHED))
        copy = folder / document.name
        lies_there = files.exists(copy) and files.exists(document) and copy.samefile(document)
        return cls(signature, None if lies_there or not detached else copy)

    def paths(self) -> Iterator[Path]:
        """Yield every file that would be left, in the order of writing."""
        if self.content is not None:
            yield self.content
        yield self.signature

    def write(self, signature: bytes, document: Document) -> Written:
        """Leave the content first and then its signature; without the latter, neither is new.

        Raises DiskFull or OutputUnwritable, and FileChanged of a document that is not held.
        """
        was_there = self.content is None or files.exists(self.content)
        if self.content is not None:
            self._copy(self.content, document)
        try:
            files.write_private(self.signature, signature)
        except BaseException:
            if self.content is not None and not was_there:
                self.content.unlink(missing_ok=True)
            raise
        return Written(self.signature, hashlib.sha256(signature).hexdigest(), len(signature))

    def _copy(self, place: Path, document: Document) -> None:
        if isinstance(document.content, bytes):
            files.write_private(place, document.content)
        elif files.copy_private(document.path, place) != document.sha256:
            place.unlink(missing_ok=True)
            raise errors.FileChanged(path=str(document.path))


@dataclass(frozen=True, slots=True)
class ExtendedFile:
    """A signature file after it was extended as far as that went."""

    written: Written
    level: str
    """What it is now: a level, a profile, EPES or EPES-T."""
    changed: bool
    problem: EsignError | None = None
    """Why it is less than what was wanted."""
    final_from: datetime | None = None
    """When the rest can be done at the earliest (P3)."""


def extend_file(
    path: Path,
    content: bytes,
    extension: ExtensionRequest,
    *,
    to: Path | None = None,
    again: bool = False,
    of: bytes | None = None,
) -> ExtendedFile:
    """Return the signature in `path` extended, and left there or at `to`: as DER or PEM, as
    it was.

    It is left after each step, so that no time stamp that came is lost. Where nothing is added,
    nothing is written to `path`. `of`: only the signatures by this certificate (DER). Raises what
    reading and writing raise, and Asn1Malformed.
    """
    from esign_cli.signatures import extend
    from esign_cli.signatures.cms import envelope

    before, place = files.read(path), path if to is None else to
    unwrapped = envelope.unwrap(before)
    der = unwrapped.der

    def keep(signature: bytes) -> None:
        files.write_private(place, unwrapped.wrap(signature))

    extended = extend.extended(
        der, content, extension.target, extension.means, again=again, of=of, keep=keep
    )
    changed = extended.signature != der
    after = unwrapped.wrap(extended.signature) if changed else before
    if not changed and place != path:
        files.write_private(place, before)
    written = Written(place, hashlib.sha256(after).hexdigest(), len(after))
    level = extend.reached(extension.target, extended.missing)
    return ExtendedFile(written, level, changed, extended.problem, extended.final_from)


@dataclass(frozen=True, slots=True)
class State:
    """How far the signature in a file is from what it is to be extended to."""

    level: str
    missing: bool
    final_from: datetime | None


def state_of(path: Path, content: bytes, extension: ExtensionRequest, of: bytes) -> State:
    """Return what the signatures by a certificate are now; nothing is fetched. Raises as
    `extend_file`.
    """
    from esign_cli.signatures import extend
    from esign_cli.signatures.cms import envelope

    der = envelope.unwrap(files.read(path)).der
    target, means = extension.target, extension.means
    lacking = extend.missing(der, target, means, content=content, of=of)
    final_from = extend.final_from(der, target, means, of=of) if lacking else None
    return State(extend.reached(extension.target, lacking), bool(lacking), final_from)


def existing(document: Path, folder: Path | None) -> Path:
    """Return where the signature lies that another one is to be added to: the file itself, or
    beside it.

    The place of the attached one where there is none.
    """
    if document.suffix.lower() in (ATTACHED, DETACHED):
        return document
    place = (folder or document.parent) / document.name
    apart = place.with_name(place.name + DETACHED)
    return apart if files.is_file(apart) else place.with_name(place.name + ATTACHED)


def content_of(document: Path, signature: Path, *, add: bool = True) -> bytes:
    """Return what is signed: the document; of a signature file that is named itself, what it is
    over.

    Raises FileMissing, FileUnreadable, NothingToAddTo.
    """
    from esign_cli.signatures.cms import signed_data

    if document != signature or not add:
        return files.read(document)
    try:
        inside = signed_data.parse(files.read(signature)).content
    except errors.Asn1Malformed as error:
        raise errors.NothingToAddTo(path=str(signature), because=["malformed"]) from error
    if inside is not None:
        return inside
    beside = content_beside(signature)
    if beside is None:
        raise FileMissing(path=str(signature.with_suffix("")))
    return files.read(beside)


def content_beside(signature: Path) -> Path | None:
    """Return the content of NAME.p7s beside it: NAME, or NAME.txt, as sign-form leaves it.

    Where both lie there nothing tells which of them is meant: raises ContentAmbiguous.
    """
    if signature.suffix.lower() != DETACHED:
        return None
    stem = signature.with_suffix("")
    candidates = [
        path for path in (stem, stem.with_name(stem.name + ".txt")) if files.is_file(path)
    ]
    if len(candidates) > 1:
        raise errors.ContentAmbiguous(
            path=str(signature), present=[path.name for path in candidates]
        )
    return candidates[0] if candidates else None


def check(*targets: Target | None, force: bool) -> None:
    """Raise OutputExists, OutputFolderMissing or OutputUnwritable before anything is signed."""
    seen: set[Path] = set()
    for path in (path for target in targets if target for path in target.paths()):
        if path in seen:
            raise OutputExists(path=str(path))
        seen.add(path)
        files.check_output(path, force=force)
