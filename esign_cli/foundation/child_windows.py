"""A child process on Windows: its memory is bounded, it ends with us, and its end has a name.

Job objects: https://learn.microsoft.com/windows/win32/procthread/job-objects
"""

from __future__ import annotations

import ctypes
import sys
import threading
from ctypes import wintypes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

assert sys.platform == "win32"  # noqa: S101  (mypy reads the rest for Windows only)

POLL = 0.05
"""Seconds between two looks at the memory of a child whose system keeps no limit (Wine)."""

_KILL_ON_JOB_CLOSE = 0x2000
_PROCESS_MEMORY = 0x0100
_EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation

CRASHES = {
    0x40000015: "STATUS_FATAL_APP_EXIT",
    0x80000003: "STATUS_BREAKPOINT",
    0xC0000005: "STATUS_ACCESS_VIOLATION",
    0xC0000006: "STATUS_IN_PAGE_ERROR",
    0xC0000017: "STATUS_NO_MEMORY",
    0xC000001D: "STATUS_ILLEGAL_INSTRUCTION",
    0xC0000025: "STATUS_NONCONTINUABLE_EXCEPTION",
    0xC0000094: "STATUS_INTEGER_DIVIDE_BY_ZERO",
    0xC00000FD: "STATUS_STACK_OVERFLOW",
    0xC0000135: "STATUS_DLL_NOT_FOUND",
    0xC0000142: "STATUS_DLL_INIT_FAILED",
    0xC0000374: "STATUS_HEAP_CORRUPTION",
    0xC0000409: "STATUS_STACK_BUFFER_OVERRUN",
    0xC0000417: "STATUS_INVALID_CRUNTIME_PARAMETER",
    0xC000041D: "STATUS_FATAL_USER_CALLBACK_EXCEPTION",
}
"""How a process ends by itself on Windows (NTSTATUS, [MS-ERREF] 2.3.1)."""
_FIRST_STATUS = 0x40000000


def crash_name(exit_code: int) -> str | None:
    """Return what an exit code says of a crash; None for one that a program chose."""
    code = exit_code & 0xFFFFFFFF
    return CRASHES.get(code, f"0x{code:08X}") if code >= _FIRST_STATUS else None


class Job:
    """Holds a child: with us it ends, be we killed, and beyond its memory limit (bytes) as well."""

    def __init__(self, process: subprocess.Popen[bytes], memory_limit: int | None) -> None:
        self._process = process
        self._handle = _kernel.CreateJobObjectW(None, None)
        limits = _ExtendedLimits()
        limits.basic.flags = _KILL_ON_JOB_CLOSE
        if memory_limit:
            limits.basic.flags |= _PROCESS_MEMORY
            limits.process_memory = memory_limit
        size = ctypes.sizeof(limits)
        set_up = _kernel.SetInformationJobObject(
            self._handle, _EXTENDED_LIMITS, ctypes.byref(limits), size
        ) and _kernel.AssignProcessToJobObject(self._handle, _handle_of(process))
        if not set_up and process.poll() is None:
            process.kill()
            raise ctypes.WinError(ctypes.get_last_error())
        if memory_limit:
            watch = threading.Thread(target=self._watch, args=(memory_limit,), daemon=True)
            watch.start()

    def close(self) -> None:
        """End what is left in the job."""
        if self._handle:
            _kernel.CloseHandle(self._handle)
            self._handle = None

    def _watch(self, memory_limit: int) -> None:
        """End the child beyond its limit, should the system not have done so."""
        import subprocess

        while True:
            try:
                self._process.wait(POLL)
            except subprocess.TimeoutExpired:
                if memory_of(self._process) > memory_limit:
                    self._process.kill()
            else:
                return


def memory_of(process: subprocess.Popen[bytes]) -> int:
    """Return the bytes that a process has asked for; 0 when it has ended."""
    counters = _MemoryCounters()
    size = counters.size = ctypes.sizeof(counters)
    known = _kernel.K32GetProcessMemoryInfo(_handle_of(process), ctypes.byref(counters), size)
    return int(counters.pagefile_usage) if known else 0


def _handle_of(process: subprocess.Popen[bytes]) -> int:
    return int(process._handle)  # type: ignore[attr-defined]  # subprocess keeps it from no one


class _BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", wintypes.DWORD),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("most_processes", wintypes.DWORD),
        ("affinity", ctypes.c_size_t),
        ("priority", wintypes.DWORD),
        ("scheduling", wintypes.DWORD),
    )


class _ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", _BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


class _MemoryCounters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("page_faults", wintypes.DWORD),
        ("peak_working_set", ctypes.c_size_t),
        ("working_set", ctypes.c_size_t),
        ("peak_paged_pool", ctypes.c_size_t),
        ("paged_pool", ctypes.c_size_t),
        ("peak_nonpaged_pool", ctypes.c_size_t),
        ("nonpaged_pool", ctypes.c_size_t),
        ("pagefile_usage", ctypes.c_size_t),
        ("peak_pagefile_usage", ctypes.c_size_t),
    )


_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_kernel.CreateJobObjectW.restype = wintypes.HANDLE
_kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
_kernel.SetInformationJobObject.argtypes = (
    wintypes.HANDLE,
    ctypes.c_int,
    ctypes.c_void_p,
    wintypes.DWORD,
)
_kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
_kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD)
