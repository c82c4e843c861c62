"""Which addresses may be called, and how they may be shown."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from esign_cli.foundation.errors.network import AddressRefused, ServerUnreachable
from esign_cli.foundation.http_client import reasons

PORTS = {"http": 80, "https": 443}
"""The schemes that are called at all."""
MOST = 4
"""How many of a name's addresses are tried."""
_EMBEDDED_V4 = ipaddress.ip_network("64:ff9b::/96")
_NOT_PUBLIC = tuple(
    map(
        ipaddress.IPv6Network,
        ("fec0::/10", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96", "3fff::/20", "5f00::/16"),
    )
)
"""Site-local, local NAT64, IPv4-compatible and -translated ones, documentation, SRv6 SIDs.

Python's table, which grows with its versions, takes them for global ones, or did.
"""


def shown(url: str) -> str:
    """Return the URL as it may be repeated: without its query and its user part."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "?"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


def refused(url: str, problem: str) -> AddressRefused:
    return AddressRefused(url=shown(url), problem=problem)


def parts_of(url: str) -> SplitResult:
    """Return the parts of a URL that may be called; raises AddressRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise refused(url, "malformed") from error
    if parts.scheme not in PORTS:
        raise refused(url, "scheme")
    odd = any(not " " < character <= "~" for character in url)
    if not parts.hostname or odd or port == 0 or parts.username is not None:
        raise refused(url, "malformed")
    return parts


def resolved(host: str, port: int, url: str, *, allow_private: bool) -> list[str]:
    """Return what the name resolves to and may be called; raises ServerUnreachable or
    AddressRefused.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        sentence = reasons.reason(error) if isinstance(error, OSError) else ""
        detail = sentence or reasons.HOST_NOT_FOUND
        raise ServerUnreachable(url=shown(url), detail=detail) from error
    every = dict.fromkeys(str(entry[4][0]) for entry in answers)
    public = [address for address in every if allow_private or is_public(address)]
    if not public:
        raise refused(url, "private")
    return public[:MOST]


def check_written_out(host: str, url: str, *, allow_private: bool) -> None:
    """Refuse a private address, and a name that means this machine, before a proxy calls it."""
    if not allow_private and _means_private(host.lower().rstrip(".")):
        raise refused(url, "private")


def _means_private(host: str) -> bool:
    """Addresses also in the forms of inet_aton, such as 0x7f.1, which some proxies understand."""
    try:
        return not is_public(host)
    except ValueError:
        try:
            return not is_public(socket.inet_ntoa(socket.inet_aton(host)))
        except OSError:
            strange = "%" in host or not any(map(str.isalpha, host))
            return strange or host.endswith("localhost")


def is_public(address: str) -> bool:
    """Return whether it is an address of the open Internet; raises ValueError for what is none."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if inner is None and parsed in _EMBEDDED_V4:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if any(parsed in network for network in _NOT_PUBLIC):
            return False
    return parsed.is_global and not parsed.is_multicast
