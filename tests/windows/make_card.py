"""Write the key and certificates of a PKCS#12 file as C arrays: make_card.py FILE HEADER.

The software card is built with them; the file is the demo's, and everything in it is made up.
"""

import sys
from pathlib import Path

from asn1crypto import core
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

PASSPHRASE = b"ornek-parola"
MODULUS_BYTES = 256

bundle = load_pkcs12(Path(sys.argv[1]).read_bytes(), PASSPHRASE)
assert isinstance(bundle.key, RSAPrivateKey)
assert bundle.cert
certificate, issuing = bundle.cert.certificate, bundle.additional_certs[0].certificate
key = bundle.key.private_numbers()
arrays = {
    "CERT": certificate.public_bytes(Encoding.DER),
    "SUBCA": issuing.public_bytes(Encoding.DER),
    "SUBJECT": certificate.subject.public_bytes(),
    "ISSUER": certificate.issuer.public_bytes(),
    "SERIAL": core.Integer(certificate.serial_number).dump(),
    "N": key.public_numbers.n.to_bytes(MODULUS_BYTES, "big"),
    "D": key.d.to_bytes(MODULUS_BYTES, "big"),
}
lines = [
    f"static const unsigned char {name}[] = {{{','.join(map(str, value))}}};"
    for name, value in arrays.items()
]
Path(sys.argv[2]).write_text("\n".join(lines) + "\n", "utf-8")
