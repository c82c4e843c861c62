"""The one HTTP client: few redirects, few bytes, little time, and no address that was not checked.

A name is resolved once; what it resolves to is checked, and that very address is called, so that
a second answer of the name server (DNS rebinding) changes nothing. Each redirect goes the same way.
What a URL's query or its user part holds may be secret, so no error repeats them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from esign_cli import __version__
from esign_cli.foundation import log
from esign_cli.foundation.deadline import within
from esign_cli.foundation.errors import network as errors
from esign_cli.foundation.http_client import addresses, reasons
from esign_cli.foundation.http_client.addresses import PORTS, is_public, shown

if TYPE_CHECKING:
    from urllib3.connectionpool import HTTPConnectionPool
    from urllib3.response import BaseHTTPResponse

__all__ = ["Limits", "Response", "is_public", "proxy_for", "request", "shown"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPING_THE_METHOD = frozenset({307, 308})
_PROXY_WANTS_LOGIN = 407
"""No server answers so (RFC 9110, 15.5.8)."""
_CHUNK = 64 * 1024
_SAFE_HEADERS = frozenset({"accept", "content-type"})
"""What another server than the one that was asked may be told."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may cost: time and bytes are those of the whole, with every redirect."""

    seconds: float = 30
    most_bytes: int = 16 << 20
    most_redirects: int = 3


@dataclass(frozen=True, slots=True)
class Response:
    """What the server said; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    """What answered in the end."""


@dataclass(slots=True)
class _Call:
    """One request on its way, which another thread may have given up."""

    method: str
    headers: dict[str, str]
    body: bytes | None
    limits: Limits
    allow_private: bool
    proxy: str | None
    deadline: float


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    limits: Limits = Limits(),
    allow_private: bool = False,
    proxy: str | None = None,
) -> Response:
    """Return the server's answer, whatever its status.

    Private, loopback and link-local addresses are refused unless allowed. Through a `proxy` (an
    http or https URL) a name is resolved there, and only an address that is written out is checked.
    Raises HttpError (AddressRefused, ServerUnreachable, ServerTimedOut, AnswerTooLarge).
    """
    given = {name.lower(): value for name, value in (headers or {}).items()}
    call = _Call(
        method, given, body, limits, allow_private, proxy, time.monotonic() + limits.seconds
    )
    return _within(limits.seconds, url, lambda: _followed(call, url))


def proxy_for(url: str, configured: str = "") -> str | None:
    """Return the proxy to call `url` through: the configured one, else the system's; None: none.

    The system's are the variables http_proxy, https_proxy, all_proxy and no_proxy; on Windows and
    macOS its settings too. "none" configured: none.
    """
    from urllib.request import getproxies, proxy_bypass

    if configured:
        return None if configured == "none" else configured
    parts = urlsplit(url)
    if proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all") or None


def _within(seconds: float, url: str, work: Callable[[], _T]) -> _T:
    """What `work` gives or raises; ServerTimedOut if that takes longer, wherever it hangs.

    Looking up a name has no time limit of its own, and a server may send a byte at a time.
    """
    try:
        return within(seconds, work)
    except TimeoutError:
        raise errors.ServerTimedOut(url=shown(url), seconds=seconds) from None


# --- one address after the other -----------------------------------------------------------------


def _followed(call: _Call, url: str) -> Response:
    seen = set()
    for _redirect in range(call.limits.most_redirects + 1):
        seen.add(url)
        response = _once(call, url)
        target = response.headers.get("location", "")
        if response.status not in _REDIRECTS or not target:
            return response
        following = urljoin(url, target)
        _redirected(call, response.status, url, following)
        if following in seen:
            raise addresses.refused(url, "redirect-loop")
        url = following
    raise addresses.refused(url, "too-many-redirects")


def _redirected(call: _Call, status: int, url: str, following: str) -> None:
    """Make the call fit the server it is sent on to; raises AddressRefused."""
    before, after = addresses.parts_of(url), addresses.parts_of(following)
    if before.scheme == "https" and after.scheme == "http":
        raise addresses.refused(following, "redirect-to-plain-http")
    if call.method not in ("GET", "HEAD") and status not in _KEEPING_THE_METHOD:
        raise addresses.refused(following, "redirect-of-request")
    if _origin(before) != _origin(after):
        call.headers = {n: v for n, v in call.headers.items() if n in _SAFE_HEADERS}


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]


def _once(call: _Call, url: str) -> Response:
    """One request to one address, without redirects."""
    import urllib3
    from urllib3 import exceptions

    parts = addresses.parts_of(url)
    try:
        for pool, target in _pools(call, parts, url):
            try:
                return _exchange(call, pool, target, url)
            except (exceptions.NewConnectionError, exceptions.ConnectTimeoutError) as error:
                problem = error  # nothing was sent: the name's next address may answer
            finally:
                pool.close()
        raise problem
    except exceptions.ProxyError as error:
        raise _by_proxy(call, url, _reason(error.original_error)) from error
    except (exceptions.NewConnectionError, exceptions.SSLError) as error:
        raise errors.ServerUnreachable(url=shown(url), detail=_reason(error)) from error
    except exceptions.TimeoutError as error:
        raise errors.ServerTimedOut(url=shown(url), seconds=call.limits.seconds) from error
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise errors.HttpFailed(
            url=shown(url), problem="broken", detail=type(error).__name__
        ) from error


def _by_proxy(call: _Call, url: str, detail: str) -> errors.ProxyUnreachable:
    return errors.ProxyUnreachable(url=shown(url), proxy=shown(call.proxy or ""), detail=detail)


def _reason(error: Exception) -> str:
    from urllib3.util.ssl_match_hostname import CertificateError

    cause = error.__cause__ or next(iter(error.args), None)  # urllib3 hands on TLS's as words
    if isinstance(cause, CertificateError):
        return reasons.ANOTHERS
    sentence = reasons.reason(cause) if isinstance(cause, OSError) else ""
    return sentence or type(error).__name__


def _remaining(call: _Call, url: str) -> float:
    left = call.deadline - time.monotonic()
    if left <= 0:
        raise errors.ServerTimedOut(url=shown(url), seconds=call.limits.seconds)
    return left


def _pools(call: _Call, parts: SplitResult, url: str) -> Iterator[tuple[HTTPConnectionPool, str]]:
    """Where the request can be sent, and what it then asks for."""
    import urllib3

    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    timeout = urllib3.Timeout(total=_remaining(call, url))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if call.proxy:
        addresses.check_written_out(host, url, allow_private=call.allow_private)
        user = urlsplit(call.proxy).netloc.rpartition("@")[0]
        login = urllib3.make_headers(proxy_basic_auth=unquote(user)) if user else None
        manager = urllib3.ProxyManager(call.proxy, proxy_headers=login, timeout=timeout)
        pool = manager.connection_from_host(host, port, parts.scheme)
        plain = parts.scheme == "http"
        yield pool, f"http://{parts.netloc}{path}" if plain else path
        return
    for address in addresses.resolved(host, port, url, allow_private=call.allow_private):
        if parts.scheme == "https":
            yield (
                urllib3.HTTPSConnectionPool(
                    address, port, timeout=timeout, cert_reqs="CERT_REQUIRED",
                    assert_hostname=host, server_hostname=host,
                ),
                path,
            )  # fmt: skip
        else:
            yield urllib3.HTTPConnectionPool(address, port, timeout=timeout), path


def _exchange(call: _Call, pool: HTTPConnectionPool, target: str, url: str) -> Response:
    headers = {
        "user-agent": f"esign/{__version__}",
        **call.headers,
        "host": addresses.parts_of(url).netloc,
        "accept-encoding": "identity",
        "connection": "close",
    }
    answer = pool.urlopen(
        call.method, target, body=call.body, headers=headers, retries=False, redirect=False,
        assert_same_host=False, preload_content=False, decode_content=False,
    )  # fmt: skip
    try:
        body = _body(call, answer, url)
    finally:
        answer.close()
    if call.proxy and answer.status == _PROXY_WANTS_LOGIN:
        raise _by_proxy(call, url, f"HTTP {answer.status}")
    log.event("http", "%s %s: %d, %d bytes", call.method, shown(url), answer.status, len(body))
    received = {name.lower(): value for name, value in answer.headers.items()}
    return Response(answer.status, received, body, url)


def _body(call: _Call, answer: BaseHTTPResponse, url: str) -> bytes:
    """The whole body, exactly as it was sent; raises AnswerTooLarge or ServerTimedOut."""
    most = call.limits.most_bytes
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise errors.AnswerTooLarge(url=shown(url), most=most)
    body = bytearray()
    for piece in answer.stream(_CHUNK, decode_content=False):
        body += piece
        if len(body) > most:
            raise errors.AnswerTooLarge(url=shown(url), most=most)
        _remaining(call, url)
    return bytes(body)
