"""X.509 as signatures need it: DER, certificates byte for byte, keys, CRLs, OCSP answers."""
