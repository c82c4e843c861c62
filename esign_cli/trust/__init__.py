"""The certificates that the administrator trusts: the trust store, or the files of --trust."""

from esign_cli.trust.folder import TrustFolder, from_folder
from esign_cli.trust.reading import Trust, from_files, self_signed, signed_by

__all__ = ["Trust", "TrustFolder", "from_files", "from_folder", "self_signed", "signed_by"]
