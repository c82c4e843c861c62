"""SMS through any HTTP gateway: the settings say what is called, and what counts as taken.

Gateways differ in all of it, so a request is put together from templates. In them stand {mobile}
(+905…), {mobile_digits} (905…), {mobile_local} (5…), {text}, {id} (the same for the same message)
and {secret:NAME}; each is written as its place needs it, and any other brace stays a brace.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from esign_cli.foundation import http_client
from esign_cli.foundation.credentials import Secret
from esign_cli.foundation.errors.network import HttpError, ProxyUnreachable, ServerTimedOut
from esign_cli.foundation.errors.outputs import (
    GatewayFailed,
    GatewayHiddenByProxy,
    GatewayRefused,
    GatewayUnset,
)
from esign_cli.foundation.i18n import N_

_PLACE = re.compile(r"\{(mobile|mobile_digits|mobile_local|text|id|secret:([a-z0-9-]+))\}")
_COUNTRY = "+90"
_MOST_BYTES = 1 << 20
_LONGEST_DETAIL = 200
_MASK = "***"
_LONG_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){6,}")
"""A telephone number or a national id; gateways' own codes are shorter."""


def _in_url(value: str) -> str:
    return quote(value, safe="")


BODIES: dict[str, tuple[str, Callable[[str], str]]] = {
    "json": (
        "application/json; charset=utf-8",
        lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    ),
    "form": ("application/x-www-form-urlencoded", _in_url),
    "xml": ("text/xml; charset=utf-8", lambda value: escape(value, {'"': "&quot;"})),
    "text": ("text/plain; charset=utf-8", str),
}
"""Each kind of body: its content type, and how a value is written in it."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """How a gateway is called, and what it says when it has taken a message."""

    url: str
    method: str = "POST"
    body: str = ""
    kind: str = "json"
    """A key of BODIES."""
    headers: Mapping[str, str] = field(default_factory=dict)
    success_status: tuple[int, ...] = (200, 201, 202)
    success_text: str = ""
    """A regular expression that the answer has to hold; empty: its status says enough."""
    seconds: float = 30.0
    allow_private: bool = False
    """Whether the gateway may be in one's own network."""
    proxy: str = ""
    """What it is called through: an address, "none", or "" for the system's."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A short message; `mobile` is +905XXXXXXXXX."""

    mobile: str
    text: str
    id: str


class SmsSender:
    """Hands short messages to a gateway; `secret` finds the secrets that its templates name."""

    def __init__(self, gateway: Gateway, secret: Callable[[str], Secret]) -> None:
        self.gateway = gateway
        self._secret = secret

    def connect(self) -> None:
        """See that a gateway is set and its secrets are found, before the first message.

        Raises GatewayUnset, or what finding a secret raises.
        """
        if not self.gateway.url:
            raise GatewayUnset(key="sms.url")
        for name in self._secrets():
            self._secret(name)

    def send(self, sms: Sms) -> None:
        """Hand over one message; raises as `connect`, GatewayFailed or GatewayRefused."""
        self.connect()
        gateway = self.gateway
        kind, escaped = BODIES[gateway.kind]
        body = self._filled(gateway.body, sms, escaped).encode() if gateway.body else None
        headers = {
            name: self._filled(value, sms, _in_header) for name, value in gateway.headers.items()
        }
        if body is not None:
            headers = {"content-type": kind} | {name.lower(): v for name, v in headers.items()}
        url = self._filled(gateway.url, sms, _in_url)
        try:
            answer = http_client.request(
                gateway.method,
                url,
                headers=headers,
                body=body,
                limits=http_client.Limits(gateway.seconds, _MOST_BYTES, most_redirects=0),
                allow_private=gateway.allow_private,
                proxy=http_client.proxy_for(url, gateway.proxy),
            )
        except HttpError as error:  # without its path, which may hold a secret
            raise _failed(error, _host(url)) from None
        self._check(answer, url, sms)

    def _check(self, answer: http_client.Response, url: str, sms: Sms) -> None:
        text = answer.body.decode("utf-8", "replace")
        taken = answer.status in self.gateway.success_status
        if taken and re.search(self.gateway.success_text, text):
            return
        said = self._masked(text, sms)[:_LONGEST_DETAIL].strip()
        raise GatewayRefused(host=_host(url), detail=f"{answer.status} {said}".strip())

    def _masked(self, answer: str, sms: Sms) -> str:
        """What a gateway says, in one line, without the message, its number and our secrets.

        It is kept and shown, and some gateways repeat what they were sent.
        """
        for word in (sms.text, *(self._secret(name).reveal() for name in self._secrets())):
            for written in {word, _in_url(word), *(way(word) for _kind, way in BODIES.values())}:
                answer = answer.replace(written, _MASK)
        line = "".join(c if c.isprintable() else " " for c in answer)
        return _LONG_NUMBER.sub(_MASK, line)

    def _secrets(self) -> Iterator[str]:
        """The names of the secrets that the templates ask for."""
        templates = (self.gateway.url, self.gateway.body, *self.gateway.headers.values())
        for template in templates:
            yield from (match[2] for match in _PLACE.finditer(template) if match[2])

    def _filled(self, template: str, sms: Sms, escaped: Callable[[str], str]) -> str:
        values = {
            "mobile": sms.mobile,
            "mobile_digits": sms.mobile.removeprefix("+"),
            "mobile_local": sms.mobile.removeprefix(_COUNTRY),
            "text": sms.text,
            "id": sms.id,
        }

        def value(match: re.Match[str]) -> str:
            name = match[2]
            return escaped(self._secret(name).reveal() if name else values[match[1]])

        return _PLACE.sub(value, template)


def _failed(error: HttpError, host: str) -> GatewayFailed:
    problem = _problem(error)
    if isinstance(error, ProxyUnreachable):
        return GatewayHiddenByProxy(host=host, problem=problem, proxy=error.proxy)
    return GatewayFailed(host=host, problem=problem)


def _problem(error: HttpError) -> str:
    if isinstance(error, ServerTimedOut):
        return N_("no answer in time")
    return str(error.facts.get("problem") or error.facts.get("detail") or error.code)


def _in_header(value: str) -> str:
    """A header holds one line; what is not Latin goes as UTF-8, as servers expect it."""
    return " ".join(value.split()).encode().decode("latin-1")


def _host(url: str) -> str:
    return urlsplit(url).hostname or "?"


_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The letters of the GSM alphabet (3GPP TS 23.038)."""
_TWO_SEPTETS = frozenset("^{}\\[~]|€")
_TURKISH = frozenset("ĞİŞçğış")
"""Letters of the Turkish single shift table: two septets each."""
_OTHERS = (70, 67)
"""Characters of one part, and of each of several, where a letter is in no GSM table (UCS-2)."""
_PLAIN = (160, 153)
_SHIFTED = (155, 149)
"""Septets, where the header names the Turkish table."""


_OPERATORS_CODE = 5
"""Characters that operators in Türkiye put behind a text ("B001"), by order of BTK."""
_PLAIN_FORMS = str.maketrans(
    "“”„‘’–—…\N{NO-BREAK SPACE}âîûÂÎÛêô×•ĞİŞığşçáíóúÁÍÓÚ",
    '"""\'\'--.\N{SPACE}aiuAIUeox-' + "GISigscaiouAIOU",
)
"""What stands for a letter that costs two septets, or is in no GSM table."""
_TYPOGRAPHIC = {
    letter: plain
    for letter, plain in _PLAIN_FORMS.items()
    if chr(letter) not in _GSM | _TWO_SEPTETS | _TURKISH
}


def shortened(text: str) -> str:
    """Return the text in the letters that make the fewest parts.

    Letters that no GSM table has become those that stand for them; Turkish ones only where that
    spares a part.
    """
    written = text.translate(_TYPOGRAPHIC)
    plain = written.translate(_PLAIN_FORMS)
    return plain if parts(plain) < parts(written) else written


def parts(text: str) -> int:
    """Return how many parts an SMS takes: in the GSM alphabet with the Turkish single shift table
    where its letters are all there, else in UCS-2; with the operators' code behind it.
    """
    letters = frozenset(text)
    if not letters <= _GSM | _TWO_SEPTETS | _TURKISH:
        length, (alone, each) = len(text.encode("utf-16-be")) // 2, _OTHERS
    else:
        length = sum(2 if c in _TWO_SEPTETS or c in _TURKISH else 1 for c in text)
        alone, each = _SHIFTED if letters & _TURKISH else _PLAIN
    length += _OPERATORS_CODE
    return 1 if length <= alone else -(-length // each)
