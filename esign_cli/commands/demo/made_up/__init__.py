"""A made-up certification authority and made-up people, for the demo and the tests.

Its certificates are built like a Kamu SM qualified certificate, so that the same rules apply to
them; its names say that they are made up, and nobody trusts its root unless told to.
"""

from esign_cli.commands.demo.made_up.authority import Issued, MadeUpCa
from esign_cli.commands.demo.made_up.parts import (
    COMPANY_SEAL_POLICY,
    CURVES,
    MADE_UP,
    NES_POLICY,
    NOTICE,
    QC_5070,
    QC_5070_RESTRICTED,
    QC_5070_SEAL,
    QC_COMPLIANCE,
    STATEMENTS,
    VALIDITY,
    Authority,
    Digest,
    PrivateKey,
    PublicKey,
    Revoked,
    national_id,
    new_key,
)
from esign_cli.commands.demo.made_up.services import OCSP_SIGNING, TIME_STAMPING, service

__all__ = [
    "COMPANY_SEAL_POLICY",
    "CURVES",
    "MADE_UP",
    "NES_POLICY",
    "NOTICE",
    "OCSP_SIGNING",
    "QC_5070",
    "QC_5070_RESTRICTED",
    "QC_5070_SEAL",
    "QC_COMPLIANCE",
    "STATEMENTS",
    "TIME_STAMPING",
    "VALIDITY",
    "Authority",
    "Digest",
    "Issued",
    "MadeUpCa",
    "PrivateKey",
    "PublicKey",
    "Revoked",
    "national_id",
    "new_key",
    "service",
]
