"""Verify CAdES signatures, offline unless told otherwise: bytes in, a frozen report out.

    roots = verify.trust_from_files([Path("root.pem")])
    validator = verify.PathCheck(anchors=roots.anchors, intermediates=roots.intermediates)
    report = verify.verify(signature, content=content, validator=validator, at=now, now=now)

`verify` never raises on what is in a signature: what cannot be read is TOTAL-FAILED. Whom to trust,
and what is revoked, is the answer of the `validator` (a `PathValidator`): `PathCheck` knows the
roots, CRLs and OCSP responses it is given (DER; `crls_from_files`, `ocsps_from_files` read them),
and asks the servers that the certificates name where it is given `fetch=Fetcher(folder)`.
`trust_from_files` and `trust_from_folder` read roots. Times are aware datetimes; a detached
signature's `content` is needed.

The `Report` tells `indication` and `subindication` (ETSI EN 319 102-1), `level` and, for each of
its `signatures`, who signed, since when that is proven, and the `checks` that were made with what
each found. Errors of the files that are read are `foundation.errors.signatures` and `.environment`.
"""

from esign_cli.signatures.cms.report import (
    Finding,
    Indication,
    PathValidator,
    Report,
    SignatureReport,
    Sub,
)
from esign_cli.signatures.path_validation import PathCheck
from esign_cli.signatures.revocation import crls as crls_from_files
from esign_cli.signatures.revocation import ocsps as ocsps_from_files
from esign_cli.signatures.revocation.client import Fetcher
from esign_cli.signatures.trust import Trust
from esign_cli.signatures.trust import from_files as trust_from_files
from esign_cli.signatures.trust import from_folder as trust_from_folder
from esign_cli.signatures.validation import verify

__all__ = [
    "Fetcher",
    "Finding",
    "Indication",
    "PathCheck",
    "PathValidator",
    "Report",
    "SignatureReport",
    "Sub",
    "Trust",
    "crls_from_files",
    "ocsps_from_files",
    "trust_from_files",
    "trust_from_folder",
    "verify",
]
