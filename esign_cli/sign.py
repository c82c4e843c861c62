"""Sign with CAdES, and extend what was signed: bytes in, bytes out.

    signer = sign.open_pkcs12(Path("key.p12").read_bytes(), lambda: b"passphrase")
    signature = sign.cades(content, signer, signing_time=now, detached=True, mime_type=None)

A `Signer` is any object with `certificate` and `chain` (DER) and `sign(message, digest_algorithm)`;
`card.open_signer` gives one whose key is on a card. `cades` makes a B-B signature (ETSI EN 319
122-1), refuses weak keys (KeyRefused) and checks its own result (SelfCheckFailed); `added` puts one
more signature beside those in a file, which stay as they are; `content_type` tells the media type.

    services = sign.ExtensionServices(now=clock, validator=validator,
                                      stamps=sign.TimeStampServer(url), fetch=sign.Fetcher(folder))
    result = sign.extended(signature, content, sign.TARGETS["B-LTA"], services)

`extended` adds time stamps, validation data and archive time stamps up to a target of `TARGETS`
(B-T, B-LT, B-LTA, P2, P3, P4). What cannot be had is no error: `result.signature` is as far as it
went, and `missing`, `problem` and `final_from` say what is not there yet, and why. The `validator`
is that of `esign_cli.verify`. Errors are those of `foundation.errors.signatures` and `.network`.
"""

from esign_cli.signatures.creation import Signer, added, cades, check_key, content_type
from esign_cli.signatures.extend import (
    TARGETS,
    ExtensionResult,
    ExtensionServices,
    Step,
    extended,
)
from esign_cli.signatures.pkcs12 import open_signer as open_pkcs12
from esign_cli.signatures.revocation.client import Fetcher
from esign_cli.signatures.time_stamp_client import Account, TimeStampServer

__all__ = [
    "TARGETS",
    "Account",
    "ExtensionResult",
    "ExtensionServices",
    "Fetcher",
    "Signer",
    "Step",
    "TimeStampServer",
    "added",
    "cades",
    "check_key",
    "content_type",
    "extended",
    "open_pkcs12",
]
