"""Files as they should be left: whole, private, and never by halves."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from esign_cli.foundation import new_files, ownership, standard_output
from esign_cli.foundation.errors import environment as errors

PRIVATE = new_files.PRIVATE
Writer = Callable[[IO[bytes]], object]
"""What writes a file's content into the open file, which can be sought in."""
NOT_REGULAR = "not a regular file"
"""As `fact_words` translates it."""
_MOST_OPEN = 100
"""Files without a name at a time: each is open."""
_OTHERS = 0o077


def check_folder(folder: Path) -> None:
    """Raise OutputFolderMissing or OutputUnwritable if nothing can be written into `folder`."""
    if not is_folder(folder):
        raise errors.OutputFolderMissing(path=str(folder))
    if not os.access(folder, os.W_OK):
        raise errors.OutputUnwritable(path=str(folder), detail=os.strerror(errno.EACCES))


def check_folder_to_make(folder: Path) -> None:
    """Check the same; a folder that is not there may be one that its parent lets be made."""
    check_folder(folder if folder.exists() else folder.parent)


def check_output(path: Path, *, force: bool = False) -> None:
    """Raise OutputFolderMissing, OutputUnwritable or OutputExists if `path` cannot be written."""
    if standard_output.is_meant(path):
        return
    check_folder(path.parent)
    with as_output_errors(path):  # its name may be longer than the file system knows
        is_folder, is_there = path.is_dir(), path.exists()
    if is_folder:
        raise errors.OutputUnwritable(path=str(path), detail=os.strerror(errno.EISDIR))
    if is_there and not _may_be_replaced(path):
        raise errors.OutputUnwritable(path=str(path), detail=os.strerror(errno.EPERM))
    if is_there and not force:
        raise errors.OutputExists(path=str(path))


def _may_be_replaced(path: Path) -> bool:
    """Whether it is a file: no device, pipe or socket, nor what somebody else's link leads to."""
    return path.is_file() and ownership.anothers_link(path) is None


def write_private(path: Path, content: bytes) -> None:
    """Leave `content` at `path` with mode 0600: all of it, or what was there before.

    Raises DiskFull or OutputUnwritable.
    """
    write_all_private({path: content})


def write_all_private(contents: Mapping[Path, bytes]) -> None:
    """Write several files likewise, none of which is replaced before all are on the disk."""
    write_all({path: partial(_put, content) for path, content in contents.items()})


def _put(content: bytes, file: IO[bytes]) -> None:
    file.write(content)


def write_all(writers: Mapping[Path, Writer]) -> None:
    """Have several files written likewise, each by its own writer and one after the other."""
    make = new_files.nameless if len(writers) <= _MOST_OPEN else new_files.named
    with contextlib.ExitStack() as undo:
        places: list[tuple[Callable[[], object], Path]] = []
        for path, write in writers.items():
            if standard_output.is_meant(path):
                aside = undo.enter_context(written_aside(write))
                places.append((partial(standard_output.copy, aside), path))
                continue
            with as_output_errors(path):
                new = make(path, undo)
                with os.fdopen(os.dup(new.handle), "wb") as file:
                    write(file)
                os.fsync(new.handle)
                new.end()
            places.append((new.place, path))
        for place, path in places:
            with as_output_errors(path):
                place()
        for folder in {path.parent for path in writers if not standard_output.is_meant(path)}:
            with as_output_errors(folder):
                _sync_folder(folder)


@contextlib.contextmanager
def new_private(path: Path) -> Iterator[IO[bytes]]:
    """Yield a private file that takes its place at `path` when the block ends: whole, or never.

    Raises DiskFull or OutputUnwritable.
    """
    with contextlib.ExitStack() as undo, as_output_errors(path):
        if standard_output.is_meant(path):  # what is read again cannot go into a stream
            raise OSError(errno.ESPIPE, os.strerror(errno.ESPIPE))
        new = new_files.nameless(path, undo)
        with os.fdopen(os.dup(new.handle), "wb") as file:
            yield file
        os.fsync(new.handle)
        new.end()
        new.place()
        _sync_folder(path.parent)


@contextlib.contextmanager
def written_aside(write: Writer) -> Iterator[IO[bytes]]:
    """Yield what `write` wrote into a private file that has no name, from its beginning.

    Raises DiskFull or OutputUnwritable, of the folder of temporary files.
    """
    import tempfile

    with contextlib.ExitStack() as opened:
        with as_output_errors(Path(tempfile.gettempdir())):
            file = tempfile.TemporaryFile()  # noqa: SIM115  (closed below)
            opened.callback(_close, file)
            write(file)
            file.seek(0)
        yield file


def _close(file: IO[bytes]) -> None:
    """Close a file of which nothing is to be kept, whatever could not be written of it."""
    with contextlib.suppress(OSError):
        file.close()


def to_standard_output(path: Path, file: IO[bytes]) -> None:
    """Copy an open file there, where `path` means it; raises OutputUnwritable, BinaryToTerminal."""
    with as_output_errors(path):
        standard_output.copy(file)


LARGEST = 1 << 29
"""Bytes of what is read whole, unless told otherwise: a device may never end."""


def read(path: Path, *, most: int = LARGEST) -> bytes:
    """Return the bytes of a file, at `most` so many; raises FileMissing or FileUnreadable."""
    with as_read_errors(path), path.open("rb") as file:
        facts = os.fstat(file.fileno())
        regular = stat.S_ISREG(facts.st_mode)
        content = b"" if facts.st_size > most else file.read(-1 if regular else most + 1)
        if max(facts.st_size, len(content)) > most:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return content


def need_regular(path: Path) -> None:
    """Refuse a pipe or a device, of what is read more than once or never waited for.

    Raises FileUnreadable.
    """
    if exists(path) and not (is_file(path) or is_folder(path)):
        raise errors.FileUnreadable(path=str(path), detail=NOT_REGULAR)


def is_file(path: Path) -> bool:
    """Tell whether a file lies there; none does where the name cannot be one."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Tell whether a folder lies there; none does where the name cannot be one."""
    try:
        return path.is_dir()
    except OSError:
        return False


def matching(folder: Path, pattern: str) -> tuple[Path, ...]:
    """Return what lies in a folder under such names, in order; nothing where it cannot be read."""
    try:
        return tuple(sorted(folder.glob(pattern)))
    except OSError:
        return ()


def exists(path: Path) -> bool:
    """Tell whether anything lies there; nothing does where the name cannot be one."""
    try:
        return path.exists()
    except OSError:
        return False


def chunks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes piece by piece; raises FileMissing or FileUnreadable."""
    with as_read_errors(path), path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def sha256(path: Path) -> str:
    """Return a file's SHA-256, in hexadecimal; raises FileMissing or FileUnreadable."""
    import hashlib

    digest = hashlib.sha256()
    for piece in chunks(path):
        digest.update(piece)
    return digest.hexdigest()


def copy_private(source: Path, path: Path) -> str:
    """Copy a file that is too large to be held, as `write_private` would leave it.

    Return the SHA-256 of what was copied, in hexadecimal. Raises FileMissing, FileUnreadable,
    DiskFull or OutputUnwritable.
    """
    import hashlib  # costs 4 ms, and most commands copy nothing

    digest = hashlib.sha256()
    with new_private(path) as copy:
        for piece in chunks(source):
            digest.update(piece)
            copy.write(piece)
    return digest.hexdigest()


_PIECE = 1 << 20


@contextlib.contextmanager
def as_read_errors(path: Path) -> Iterator[None]:
    """Raise what reading raises as FileMissing or FileUnreadable."""
    try:
        yield
    except FileNotFoundError as error:
        raise errors.FileMissing(path=str(path)) from error
    except OSError as error:
        raise errors.FileUnreadable(path=str(path), detail=error.strerror or "") from error


def private_folder(path: Path) -> Path:
    """Return the folder, made with mode 0700 if it was not there; raises OutputUnwritable.

    An account's home is never made: raises HomeMissing for a folder below one that is not there.
    """
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  (Path.home raises where there is none)
    if home in path.parents and not home.exists():
        raise errors.HomeMissing(path=str(home), detail=os.strerror(errno.ENOENT))
    with as_output_errors(path):
        new = not path.exists()
        if not new and not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        for folder in (*reversed(path.parents), path):  # parents=True would make them as umask says
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
        if new:
            make_private(path)
    return path


def create_private(path: Path) -> None:
    """Make the file where it is not there, and let its owner alone at it; raises OSError.

    One that is there is not opened: closing it would end the locks that this process holds on it
    (fcntl(2)), and another program would take a database for closed while it is in use. No link of
    somebody else's is followed.
    """
    if ownership.anothers_link(path) is not None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))
    if not path.exists():
        with contextlib.suppress(FileExistsError):  # another run was quicker
            os.close(os.open(os.path.realpath(path), os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
    make_private(path)


def make_private(path: Path) -> None:
    """Let its owner alone at a file, and on Windows at a new folder, whatever let others in.

    Raises OSError.
    """
    if sys.platform == "win32":
        from esign_cli.foundation import files_windows

        files_windows.make_private(path)
    elif path.is_file() and open_to_others(path):
        path.chmod(PRIVATE)


def open_to_others(path: Path) -> bool:
    """Return whether other users of this computer can read or change `path`; raises OSError."""
    if sys.platform == "win32":
        from esign_cli.foundation import files_windows

        return files_windows.open_to_others(path)
    return bool(path.stat().st_mode & _OTHERS)


@contextlib.contextmanager
def as_output_errors(path: Path) -> Iterator[None]:
    """Raise what writing raises as DiskFull, NameTooLong or OutputUnwritable."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise errors.DiskFull(path=str(path)) from error
        detail = error.strerror or str(error)
        if error.errno == errno.ENAMETOOLONG:
            raise _name_too_long(path, _longest_name(path.parent)) from error
        raise errors.OutputUnwritable(path=str(path), detail=detail) from error


def check_name(path: Path, room: int) -> None:
    """Raise NameTooLong for a name to which so many bytes cannot be added."""
    longest = _longest_name(path.parent) - room
    if len(os.fsencode(path.name)) > longest:
        raise _name_too_long(path, longest)


def _name_too_long(path: Path, longest: int) -> errors.NameTooLong:
    return errors.NameTooLong(
        path=str(path),
        detail=os.strerror(errno.ENAMETOOLONG),
        bytes=max(len(os.fsencode(part)) for part in path.parts),
        longest=longest,
    )


def _longest_name(folder: Path) -> int:
    if sys.platform == "win32":
        return _USUAL_LONGEST
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (OSError, ValueError):
        return _USUAL_LONGEST


_USUAL_LONGEST = 255


def own_temporary_folder() -> Path:
    """Return a folder of this user's alone among the temporary ones; raises OutputUnwritable."""
    import tempfile

    path = private_folder(Path(tempfile.gettempdir(), f"esign-{_own_number()}"))
    facts = path.lstat()
    if open_to_others(path) or facts.st_uid != _own_number() or not stat.S_ISDIR(facts.st_mode):
        raise errors.OutputUnwritable(path=str(path), detail=os.strerror(errno.EPERM))
    return path


def _own_number() -> int:
    """The account that we run as; 0 on Windows, where every file's owner is number 0."""
    if sys.platform == "win32":
        number = 0
    else:
        number = os.geteuid()
    return number


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where folders can be synced (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
