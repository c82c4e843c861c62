"""Why a server was not reached, by the system's code: its own words differ from one to the next."""

from __future__ import annotations

import errno
import socket

from esign_cli.foundation.i18n import N_

HOST_NOT_FOUND = N_("host not found")
TIMED_OUT = N_("Connection timed out")
_WORDS = {
    errno.ECONNREFUSED: N_("Connection refused"),
    errno.ECONNRESET: N_("Connection reset by peer"),
    errno.ECONNABORTED: N_("Connection reset by peer"),
    errno.EPIPE: N_("Connection reset by peer"),
    errno.ETIMEDOUT: TIMED_OUT,
    errno.EHOSTUNREACH: N_("No route to host"),
    errno.ENETUNREACH: N_("Network is unreachable"),
}


def reason(error: OSError) -> str:
    """Return what keeps a server from being reached; of a rarer fault, the system's own words."""
    if isinstance(error, socket.gaierror):
        return HOST_NOT_FOUND
    return _WORDS.get(error.errno or 0) or error.strerror or ""
