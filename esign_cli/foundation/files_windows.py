"""Files and folders on Windows that their owner alone may read, beside the system's own accounts.

What Linux says in a mode, Windows says in an access control list; a profile's folders pass a good
one on, others (`C:\\data`, a second disk) often let every user read.
Security descriptors as text: https://learn.microsoft.com/windows/win32/secauthz/ace-strings
"""

from __future__ import annotations

import ctypes
import re
import sys
from contextlib import contextmanager
from ctypes import wintypes
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

assert sys.platform == "win32"  # noqa: S101  (mypy reads the rest for Windows only)

_TRUSTED = frozenset({"SY", "BA", "CO", "OW"})
"""The system, the administrators, and whoever owns the file."""
_ACE = re.compile(r"\((?:A|XA|OA);([^;]*);([^;]*);[^;]*;[^;]*;([^;)]+)")
_DACL = 4  # DACL_SECURITY_INFORMATION
_PROTECTED = 0x80000000  # PROTECTED_DACL_SECURITY_INFORMATION: nothing is inherited
_FILE_OBJECT = 1  # SE_FILE_OBJECT
_SDDL_REVISION = 1
_TOKEN_QUERY = 8
_TOKEN_USER = 1
_NO_SUCH_FEATURE = frozenset(
    {1, 50}
)  # ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED: FAT, some shares


def make_private(path: Path) -> None:
    """Let this user alone at `path`, where others could; what a folder will hold as well.

    A file system without access control lists stays as it is. Raises OSError.
    """
    if not open_to_others(path):
        return
    inherited = "OICI" if path.is_dir() else ""
    trustees = (own_sid(), "SY", "BA")
    text = "D:P" + "".join(f"(A;{inherited};FA;;;{trustee})" for trustee in trustees)
    with _from_text(text) as descriptor:
        done = _security.SetFileSecurityW(str(path), _DACL | _PROTECTED, descriptor)
    if not done and ctypes.get_last_error() not in _NO_SUCH_FEATURE:
        raise ctypes.WinError(ctypes.get_last_error())


def open_to_others(path: Path) -> bool:
    """Return whether other users of the computer may do anything with `path`; raises OSError."""
    return not _trustees(path) <= _TRUSTED | {own_sid()}


def writable_by_others(path: Path) -> bool:
    """Return whether other users of the computer may change `path`; raises OSError."""
    allowed = ((who, rights) for who, flags, rights in _allowed(path) if _INHERIT_ONLY not in flags)
    writers = {who for who, rights in allowed if _may_write(rights)}
    installer = {who for who in writers if who.startswith(_INSTALLER)}
    return not writers - installer <= _TRUSTED | {own_sid()}


_INHERIT_ONLY = "IO"
"""Of an entry that holds only for what a folder will hold."""
_INSTALLER = "S-1-5-80-956008885-"
"""TrustedInstaller, which owns what Windows brings."""
_WRITING = 0x500D0056
"""WRITE_DATA, APPEND_DATA, WRITE_EA, DELETE_CHILD, DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_ALL and
GENERIC_WRITE."""
_WRITING_WORDS = frozenset({"FA", "FW", "GA", "GW", "KA", "DC", "LC", "RP", "DT", "SD", "WD", "WO"})
"""The same in the two letters of an access control entry's text."""


def _may_write(rights: str) -> bool:
    if rights.startswith("0x"):
        return bool(int(rights, 16) & _WRITING)
    return not _WRITING_WORDS.isdisjoint(rights[i : i + 2] for i in range(0, len(rights), 2))


def in_use(path: Path) -> bool:
    """Return whether any program has the file open."""
    handle = _kernel.CreateFileW(str(path), _GENERIC_READ, 0, None, _OPEN_EXISTING, 0, None)
    if handle == _INVALID_HANDLE:
        return True
    _kernel.CloseHandle(handle)
    return False


_GENERIC_READ = 0x80000000
_OPEN_EXISTING = 3
_INVALID_HANDLE = wintypes.HANDLE(-1).value


def _trustees(path: Path) -> set[str]:
    return {who for who, _flags, _rights in _allowed(path)}


def _allowed(path: Path) -> set[tuple[str, str, str]]:
    """Who is allowed what, as SIDs or their short names; everybody ("WD") all without a list."""
    descriptor = ctypes.c_void_p()
    status = _security.GetNamedSecurityInfoW(
        str(path), _FILE_OBJECT, _DACL, None, None, None, None, ctypes.byref(descriptor)
    )
    if status in _NO_SUCH_FEATURE:
        return set()
    if status:
        raise ctypes.WinError(status)
    text = wintypes.LPWSTR()
    try:
        if not _security.ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor, _SDDL_REVISION, _DACL, ctypes.byref(text), None
        ):
            raise ctypes.WinError(ctypes.get_last_error())
        dacl = text.value or ""
    finally:
        _kernel.LocalFree(text)
        _kernel.LocalFree(descriptor)
    if "NO_ACCESS_CONTROL" in dacl or not dacl.startswith("D:"):
        return {("WD", "", "FA")}
    return {(who, flags, rights) for flags, rights, who in _ACE.findall(dacl)}


@cache
def own_sid() -> str:
    """Return the security identifier of the account we run as; raises OSError."""
    token = wintypes.HANDLE()
    if not _security.OpenProcessToken(
        _kernel.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token)
    ):
        raise ctypes.WinError(ctypes.get_last_error())
    try:
        size = wintypes.DWORD(256)
        user = ctypes.create_string_buffer(size.value)
        if not _security.GetTokenInformation(token, _TOKEN_USER, user, size, ctypes.byref(size)):
            raise ctypes.WinError(ctypes.get_last_error())
    finally:
        _kernel.CloseHandle(token)
    sid = ctypes.cast(user, ctypes.POINTER(ctypes.c_void_p))[0]  # TOKEN_USER begins with it
    text = wintypes.LPWSTR()
    if not _security.ConvertSidToStringSidW(sid, ctypes.byref(text)):
        raise ctypes.WinError(ctypes.get_last_error())
    try:
        return text.value or ""
    finally:
        _kernel.LocalFree(text)


@contextmanager
def _from_text(text: str) -> Iterator[ctypes.c_void_p]:
    descriptor = ctypes.c_void_p()
    if not _security.ConvertStringSecurityDescriptorToSecurityDescriptorW(
        text, _SDDL_REVISION, ctypes.byref(descriptor), None
    ):
        raise ctypes.WinError(ctypes.get_last_error())
    try:
        yield descriptor
    finally:
        _kernel.LocalFree(descriptor)


_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_kernel.GetCurrentProcess.restype = wintypes.HANDLE
_kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
_kernel.CreateFileW.restype = wintypes.HANDLE
_kernel.CreateFileW.argtypes = (
    wintypes.LPCWSTR,
    wintypes.DWORD,
    wintypes.DWORD,
    ctypes.c_void_p,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.HANDLE,
)
_kernel.LocalFree.argtypes = (ctypes.c_void_p,)
_kernel.LocalFree.restype = ctypes.c_void_p
_security = ctypes.WinDLL("advapi32", use_last_error=True)
_security.OpenProcessToken.argtypes = (
    wintypes.HANDLE,
    wintypes.DWORD,
    ctypes.POINTER(wintypes.HANDLE),
)
_security.ConvertSidToStringSidW.argtypes = (ctypes.c_void_p, ctypes.POINTER(wintypes.LPWSTR))
_security.GetTokenInformation.argtypes = (
    wintypes.HANDLE,
    ctypes.c_int,
    ctypes.c_void_p,
    wintypes.DWORD,
    ctypes.POINTER(wintypes.DWORD),
)
_security.GetNamedSecurityInfoW.argtypes = (
    wintypes.LPCWSTR,
    ctypes.c_int,
    wintypes.DWORD,
    *(ctypes.c_void_p,) * 5,
)
_security.SetFileSecurityW.argtypes = (wintypes.LPCWSTR, wintypes.DWORD, ctypes.c_void_p)
_security.ConvertSecurityDescriptorToStringSecurityDescriptorW.argtypes = (
    ctypes.c_void_p,
    wintypes.DWORD,
    wintypes.DWORD,
    ctypes.POINTER(wintypes.LPWSTR),
    ctypes.c_void_p,
)
_security.ConvertStringSecurityDescriptorToSecurityDescriptorW.argtypes = (
    wintypes.LPCWSTR,
    wintypes.DWORD,
    ctypes.POINTER(ctypes.c_void_p),
    ctypes.c_void_p,
)
