"""Time stamp servers over HTTP (RFC 3161 3.4), and the header that Kamu SM's wants."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from esign_cli.foundation import files, http_client, own_files
from esign_cli.foundation.errors.network import HttpStatusBad
from esign_cli.foundation.errors.signatures import TimeStampWrong
from esign_cli.foundation.pin import Pin
from esign_cli.signatures.cms import time_stamp_request
from esign_cli.signatures.pki import asn1

_ROUNDS, _KEY, _SALT, _BLOCK = 100, 32, 8, 16
_OK = 200
_LARGEST = 1 << 20
_NONCE, _MONTH, _KEPT = 8, 30 * 24 * 3600, ".tsr"


@dataclass(frozen=True, slots=True)
class Account:
    """Who pays for the time stamps, at a server that wants to know (Kamu SM)."""

    user: int
    password: Pin


@dataclass(frozen=True, slots=True)
class TimeStampServer:
    """A server that time stamps are asked of; nothing is opened yet."""

    url: str
    account: Account | None = None
    allow_private: bool = False
    proxy: str = ""
    """As the settings have it: empty is the system's."""
    seconds: float = 30
    kept: Path | None = None
    """A folder for what was bought, so that no run buys again what another got and refused."""

    @property
    def address(self) -> str:
        """Its URL without user and query, as it may be shown."""
        return http_client.shown(self.url)

    def stamp(self, digest: bytes) -> bytes:
        """Return the token over a SHA-256 digest; raises HttpError, TimeStampRefused,
        TimeStampWrong.

        A token that was bought before for this digest, whatever became of it, is given again.
        """
        place = self._place(digest)
        if place is not None and place.is_file():
            nonce, body = _read_kept(place)
            return time_stamp_request.granted(body, digest, nonce, url=self.address)
        nonce = secrets.randbits(63)
        body = self._ask(digest, nonce)
        try:
            token = time_stamp_request.granted(body, digest, nonce, url=self.address)
        except TimeStampWrong as error:
            if error.problem != "malformed":
                _keep(place, nonce, body)
            raise
        _keep(place, nonce, body)
        return token

    def _place(self, digest: bytes) -> Path | None:
        if self.kept is None:
            return None
        name = hashlib.sha256(self.url.encode() + b"\n" + digest).hexdigest()
        return self.kept / f"{name}{_KEPT}"

    def _ask(self, digest: bytes, nonce: int) -> bytes:
        headers = {
            "content-type": "application/timestamp-query",
            "accept": "application/timestamp-reply",
        }
        if self.account is not None:
            headers["identity"] = identity(self.account, digest)
        answer = http_client.request(
            "POST",
            self.url,
            headers=headers,
            body=time_stamp_request.request(digest, nonce),
            limits=http_client.Limits(self.seconds, _LARGEST),
            allow_private=self.allow_private,
            proxy=http_client.proxy_for(self.url, self.proxy),
        )
        if answer.status != _OK:
            raise HttpStatusBad(url=self.address, status=answer.status)
        return answer.body


def _read_kept(place: Path) -> tuple[int, bytes]:
    """The nonce and the answer of an earlier run."""
    data = own_files.read(place)
    return int.from_bytes(data[:_NONCE], "big"), data[_NONCE:]


def _keep(place: Path | None, nonce: int, body: bytes) -> None:
    """Leave what was bought, and clear away what is older than a month."""
    if place is None:
        return
    folder = files.private_folder(place.parent)
    files.write_private(place, nonce.to_bytes(_NONCE, "big") + body)
    newest = place.stat().st_mtime
    for old in folder.glob(f"*{_KEPT}"):
        if newest - old.stat().st_mtime > _MONTH:
            old.unlink(missing_ok=True)


def identity(account: Account, digest: bytes) -> str:
    """Return Kamu SM's `identity` header for the digest that is to be stamped.

    The digest, encrypted (AES-256, CBC, PKCS#7 padding) under a key that PBKDF2 (HMAC-SHA-256)
    derives from the password, with all but the password beside it, as hexadecimal DER.
    """
    from cryptography.hazmat.primitives import padding
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    salt, vector = os.urandom(_SALT), os.urandom(_BLOCK)
    password = account.password.reveal().encode()
    key = hashlib.pbkdf2_hmac("sha256", password, salt, _ROUNDS, _KEY)
    padder = padding.PKCS7(_BLOCK * 8).padder()
    cipher = Cipher(AES(key), CBC(vector)).encryptor()
    secret = cipher.update(padder.update(digest) + padder.finalize()) + cipher.finalize()
    return asn1.sequence(
        asn1.integer(account.user),
        asn1.octet_string(salt),
        asn1.integer(_ROUNDS),
        asn1.octet_string(vector),
        asn1.octet_string(secret),
    ).hex()
