"""A child process that may hang, crash or print, and cannot take its parent along.

The parent spawns it (`Child`) and speaks with it in frames over pipes; the program in the child is
a module with a `main()` that calls `serve(handler)`. Nothing heavy is imported here: the program
pays for what it needs and for no more.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import IO, Self, cast

from esign_cli.foundation import log
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.environment import ChildDied, ChildFailed, ChildTimedOut

LENGTH_BYTES = 8
LONGEST_FRAME = 1 << 31
STDERR_KEPT = 8192
GRACE = 2.0
"""Seconds a child gets to end by itself once there is nothing more to ask."""
SLICE = 0.5
"""Seconds of one wait: where a wait cannot be interrupted (Windows), Ctrl-C acts this soon."""

GARBAGE = 50_000
"""Objects made before a collection: importing makes many, and hardly any garbage."""

_ANSWER = b"\x00"
_ERROR = b"\x01"
_FAILURE = b"\x02"
"""The frame is the traceback of our own program: no fault of what it was asked to load."""
_BOOT = f"import sys; sys.path[:] = sys.argv[4:]; from {__name__} import boot; boot(*sys.argv[1:4])"
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4


# --- the parent's side ---------------------------------------------------------------------------


class Child:
    """A program running beside us; the constructor returns as soon as it is started.

    `program_module` has a `main()`. `memory_limit` is in bytes: of address space on Linux, of what
    it asked for on Windows; elsewhere there is none. `hash_seed`: what Python's own hashes begin
    from, for a program that must find those of other days again. Must be started from a thread that
    outlives it: on Linux the child dies with the thread that started it.
    """

    def __init__(
        self, program_module: str, *, memory_limit: int | None = None, hash_seed: int | None = None
    ) -> None:
        import subprocess
        import threading
        from queue import SimpleQueue

        self._program = program_module
        # no site, no surprises from the environment; the parent's own path instead
        command = [sys.executable, "-s", "-P", "-S", "-c", _BOOT]
        command += [program_module, str(os.getpid()), str(memory_limit or 0), *_import_path()]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(hash_seed),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        log.event("child", "%s started as process %d", program_module, self._process.pid)
        if sys.platform == "win32":
            from esign_cli.foundation.child_windows import Job

            self._job = Job(self._process, memory_limit)
        self._pipe_out = cast("IO[bytes]", self._process.stdin)
        self._pipes_in = (
            cast("IO[bytes]", self._process.stdout),
            cast("IO[bytes]", self._process.stderr),
        )
        self._stderr = b""
        self._outgoing: SimpleQueue[bytes | None] = SimpleQueue()
        self._incoming: SimpleQueue[bytes | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=work, daemon=True)
            for work in (self._write_all, self._read_all, self._drain)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is not None and not isinstance(error, EsignError):
            self._kill()  # Ctrl-C, or a bug of ours: there is no time for farewells
        self.close()

    def send(self, frame: bytes) -> None:
        """Hand the child a frame; never waits, what goes wrong is told by `receive`."""
        self._outgoing.put(frame)

    def receive(self, timeout: float) -> bytes:
        """Return the child's next frame, within `timeout` seconds.

        Raises the EsignError that the child's handler raised, ChildTimedOut (the child is then
        ended) or ChildDied.
        """
        frame = self._next(timeout)
        if frame is None:
            raise self._death()
        if frame[:1] == _ERROR:
            import json

            raise EsignError.from_facts(json.loads(frame[1:]))
        if frame[:1] == _FAILURE:
            raise self._failure(frame[1:].decode("utf-8", "replace"))
        return frame[1:]

    def close(self) -> None:
        """End the conversation and the child with it; safe to call twice."""
        self._outgoing.put(None)
        self._threads[1].join(GRACE)  # it reads to the end of the pipe, which is the child's end
        self._kill()
        log.event("child", "%s ended with %d", self._program, self._process.wait())
        for thread in self._threads:
            thread.join(GRACE)
        for thread, pipe in zip(self._threads[1:], self._pipes_in, strict=True):
            if not thread.is_alive():  # a stray grandchild may hold the pipe: closing would wait
                pipe.close()

    def _next(self, timeout: float) -> bytes | None:
        from queue import Empty
        from time import monotonic

        end = monotonic() + timeout
        while True:
            left = end - monotonic()
            try:
                return self._incoming.get(timeout=max(0.0, min(left, SLICE)))
            except Empty:
                if left <= 0:
                    self._kill()
                    raise ChildTimedOut(program=self._program, seconds=timeout) from None

    def _failure(self, trace: str) -> ChildFailed:
        self.close()
        return ChildFailed(program=self._program, signal=None, exit_code=1, stderr=trace)

    def _death(self) -> ChildDied:
        import contextlib
        import subprocess

        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE)  # its pipe ends before it does: let its own signal be told
        self.close()
        code = self._process.returncode
        crash = _crash_name(code)
        return ChildDied(
            program=self._program,
            signal=crash,
            exit_code=None if crash else code,
            stderr=self._stderr.decode("utf-8", "replace").strip(),
        )

    def _kill(self) -> None:
        """End the child and what it may have started, unless it was collected already."""
        import contextlib
        import signal

        if sys.platform == "win32":
            self._job.close()
        elif self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    # each of these is the whole life of one thread

    def _write_all(self) -> None:
        import contextlib

        with contextlib.suppress(OSError):  # the child is gone: `receive` tells its death
            while (frame := self._outgoing.get()) is not None:
                _write(self._pipe_out, frame)
        with contextlib.suppress(OSError):
            self._pipe_out.close()

    def _read_all(self) -> None:
        while (frame := _read(self._pipes_in[0])) is not None:
            self._incoming.put(frame)
        self._incoming.put(None)

    def _drain(self) -> None:
        while chunk := os.read(self._pipes_in[1].fileno(), 65536):
            self._stderr = (self._stderr + chunk)[-STDERR_KEPT:]


def _crash_name(exit_code: int) -> str | None:
    """The signal or status that ended a process; None where its program chose the exit code."""
    if sys.platform == "win32":
        from esign_cli.foundation.child_windows import crash_name

        return crash_name(exit_code)
    import signal

    return signal.Signals(-exit_code).name if exit_code < 0 else None


def _environment(hash_seed: int | None) -> dict[str, str]:
    """Ours without what Python heeds; but for the seed, which cannot be given in another way."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return own if hash_seed is None else own | {"PYTHONHASHSEED": str(hash_seed)}


def _import_path() -> list[str]:
    """Where the child looks for modules: where this package lies, then where we look."""
    from pathlib import Path

    here = str(Path(__file__).resolve().parents[2])
    return [here, *(entry for entry in sys.path if entry and entry != here)]


# --- the child's side ----------------------------------------------------------------------------

_requests: IO[bytes]
_answers: IO[bytes]


def boot(program_module: str, parent: str, memory_limit: str) -> None:
    """Run first in a child: set limits, then call the program's `main()`."""
    import gc
    from importlib import import_module

    gc.set_threshold(GARBAGE)
    forbid_core_dumps()
    _die_with(int(parent))
    if int(memory_limit):
        _limit_memory(int(memory_limit))
    _take_the_pipes()
    try:
        import_module(program_module).main()
    except Exception:
        import traceback

        _write(_answers, _FAILURE + traceback.format_exc().encode("utf-8", "replace"))
        raise
    sys.stderr.flush()
    os._exit(0)  # the parent waits for our end: taking the interpreter apart would cost 10 ms


def serve(handler: Callable[[bytes], bytes]) -> None:
    """Answer each frame with what `handler` makes of it, until the parent has no more.

    An EsignError is sent in the answer's place, and raised there by `receive`. Before its answer a
    handler may send more frames with `write_frame`, and read more with `read_frame`.
    """
    while (request := read_frame()) is not None:
        try:
            answer = handler(request)
        except EsignError as error:
            import json

            _write(_answers, _ERROR + json.dumps(error.to_facts()).encode())
        else:
            write_frame(answer)


def read_frame() -> bytes | None:
    """Return the parent's next frame, or None when there will be none."""
    return _read(_requests)


def write_frame(frame: bytes) -> None:
    """Send the parent a frame of its own, ahead of the answer."""
    _write(_answers, _ANSWER, frame)


def end_by(error: OSError) -> None:
    """End this process if the error is a library's fault that ctypes caught, as on Windows it does.

    Elsewhere the fault itself would have ended it: the library cannot be relied on after it.
    """
    if str(error).startswith("exception: "):
        sys.stderr.flush()
        os._exit(_ACCESS_VIOLATION)


_ACCESS_VIOLATION = 0xC0000005 - (1 << 32)
"""What a process ends with on Windows after such a fault; os._exit takes it with its sign."""


def forbid_core_dumps() -> None:
    """Keep secrets in memory out of core files and debuggers, as far as the system lets us."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def _die_with(parent: int) -> None:
    """End when the parent ends, even inside a call that never returns (Linux)."""
    import signal

    if sys.platform != "linux":
        return
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it ended before we asked


def _prctl(option: int, value: int) -> None:
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def _limit_memory(limit: int) -> None:
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _take_the_pipes() -> None:
    """Keep the frames' pipes to ourselves: what a library prints goes to standard error."""
    global _requests, _answers  # noqa: PLW0603  (a process has one pair of pipes)
    _requests = os.fdopen(os.dup(0), "rb")
    _answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)


# --- frames --------------------------------------------------------------------------------------


def _write(pipe: IO[bytes], *parts: bytes) -> None:
    pipe.write(sum(map(len, parts)).to_bytes(LENGTH_BYTES, "big"))
    for part in parts:
        pipe.write(part)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    """A whole frame, or None at the end of the pipe, be it in the middle of a frame."""
    head = pipe.read(LENGTH_BYTES)
    length = int.from_bytes(head, "big")
    if len(head) < LENGTH_BYTES or length > LONGEST_FRAME:
        return None
    frame = pipe.read(length)
    return frame if len(frame) == length else None
