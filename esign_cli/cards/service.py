"""Whether the system's smart card service (pcscd) is there and speaks with us: it is asked itself.

A socket is enough: no such socket, nobody behind it, no right to it, or closed as soon as it is
opened, which is how pcscd answers whom polkit does not let in. On Linux only; elsewhere the
service belongs to the system.
"""

from __future__ import annotations

import os
import struct
import sys
from enum import StrEnum
from typing import TYPE_CHECKING

from esign_cli.foundation import processes
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import cards as errors

if TYPE_CHECKING:
    import socket

SOCKET = "/run/pcscd/pcscd.comm"
SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
"""libpcsclite's own variable for another socket."""
PATIENCE = 2.0
_VERSION = struct.pack("=IIiiI", 12, 0x11, 4, 4, 0)
"""CMD_VERSION with 4.4 (pcsc-lite's winscard_msg.h): every pcscd answers, unless it hangs up."""
_SANDBOXES = {"snap": "SNAP", "flatpak": "FLATPAK_ID"}


class Service(StrEnum):
    """How the smart card service answers."""

    RUNS = "runs"
    SILENT = "silent"
    """It takes us in and says nothing: it is busy, or waits for ever for a reader."""
    ABSENT = "absent"
    """There is no socket, or nobody behind it."""
    REFUSES = "refuses"
    """It hangs up as soon as we come: polkit does not let us in."""
    FORBIDDEN = "forbidden"
    """Its socket is not open to us."""


def ask() -> Service | None:
    """Return how it answers now; None where the system does not say."""
    if sys.platform != "linux":
        return None
    import socket  # only a fault asks

    try:
        with socket.socket(socket.AF_UNIX) as visitor:
            visitor.settimeout(PATIENCE)
            visitor.connect(os.environ.get(SOCKET_VARIABLE) or SOCKET)
            return _answer(visitor)
    except PermissionError:
        return Service.FORBIDDEN
    except TimeoutError:
        return Service.SILENT
    except OSError:
        return Service.ABSENT


def _answer(visitor: socket.socket) -> Service:
    try:
        visitor.sendall(_VERSION)
        return Service.RUNS if visitor.recv(1) else Service.REFUSES
    except TimeoutError:
        return Service.SILENT
    except OSError:
        return Service.REFUSES  # it hung up before our question came


def problem(module: str) -> EsignError:
    """Return why no reader is seen: there is none, or the service that sees it is not there
    for us.
    """
    return fault(ask()) or errors.NoReader(path=module)


def fault(answer: Service | None) -> errors.CardServiceFault | None:
    """Return what is wrong with a service that answers so; None where nothing is, or nobody
    knows.
    """
    if answer is Service.REFUSES:
        return errors.CardServiceRefuses(user=processes.account())
    if answer is Service.FORBIDDEN:
        return errors.CardServiceForbidden(path=os.environ.get(SOCKET_VARIABLE) or SOCKET)
    if answer is Service.ABSENT:
        box = sandbox()
        return errors.CardServiceHidden(sandbox=box) if box else errors.CardServiceDown()
    return None


def sandbox() -> str:
    """Return the box in which this program runs and which hides the service: snap, flatpak
    or "".
    """
    if os.path.exists("/.flatpak-info"):  # noqa: PTH110  (pathlib would cost the child its time)
        return "flatpak"
    return next((name for name, variable in _SANDBOXES.items() if os.environ.get(variable)), "")
