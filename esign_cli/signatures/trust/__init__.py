"""The certificates that the administrator trusts: the trust store, or the files of --trust."""

from esign_cli.signatures.trust.anchors import Trust, from_files, self_signed, signed_by
from esign_cli.signatures.trust.folder import TrustFolder, from_folder

__all__ = ["Trust", "TrustFolder", "from_files", "from_folder", "self_signed", "signed_by"]
