"""CAdES signatures: CMS, certificates and paths, trust, revocation, time stamps, extension."""
