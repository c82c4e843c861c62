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
ANOTHERS = N_("its certificate is another server's")
_UNTRUSTED = N_("its certificate is not trusted here")
_CERTIFICATE = {
    9: N_("its certificate is not valid yet: look at the clock"),
    10: N_("its certificate has expired"),
    62: ANOTHERS,
    64: ANOTHERS,
}
"""What OpenSSL's X509_V_ERR codes say of the server's certificate; of the rest, `_UNTRUSTED`."""


def reason(error: OSError) -> str:
    """Return what keeps a server from being reached; of a rarer fault, the system's own words."""
    import ssl  # loaded by whoever met such an error, by nobody else

    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(error.verify_code, _UNTRUSTED)
    if isinstance(error, ssl.SSLError):
        return N_("no secure connection could be made (TLS)")
    if isinstance(error, socket.gaierror):
        return HOST_NOT_FOUND
    return _WORDS.get(error.errno or 0) or error.strerror or ""
