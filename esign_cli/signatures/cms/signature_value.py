"""The signature value itself: algorithms, the key's strength, the mathematics."""

from __future__ import annotations

from collections.abc import Iterator

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import cades
from esign_cli.signatures.cms.report import Finding, Sub
from esign_cli.signatures.cms.signed_data import SignerInfo
from esign_cli.signatures.pki import algorithms, asn1, keys, tbs
from esign_cli.signatures.pki.algorithms import Content, Scheme
from esign_cli.signatures.pki.asn1 import Node


def judged(signer: SignerInfo, parts: tbs.Tbs, content: Content | None) -> Iterator[Finding]:
    """Yield the findings on algorithms, key and mathematics; raises Asn1Malformed."""
    digest = signer.digest.digest
    scheme = algorithms.scheme(signer.signature_algorithm, digest)
    if scheme is None:
        oid = signer.signature_algorithm.oid
        yield Finding(
            "algorithms", "unknown-algorithm", Sub.CRYPTO_CONSTRAINTS_FAILURE,
            (("algorithm", oid),),
        )  # fmt: skip
        return
    yield from _strength(signer, scheme, parts)
    if not _protected(signer):
        yield Finding("signature", "protection-differs", Sub.SIG_CRYPTO_FAILURE)
        return
    if scheme.digest != digest:
        yield Finding(
            "signature", "digests-differ", Sub.SIG_CRYPTO_FAILURE,
            (("digest", digest), ("signature", scheme.digest)),
        )  # fmt: skip
        return
    if signer.attributes is not None or content is not None:
        yield _mathematics(signer, scheme, parts, content)


def _protected(signer: SignerInfo) -> bool:
    """Whether cmsAlgorithmProtection, where it is there, says the same as SignerInfo (RFC 6211 3).

    It is there once, with one value. Absent parameters and NULL are the same (RFC 5754 2).
    """
    values = signer.values(cades.ALGORITHM_PROTECTION)
    if not values:
        return True
    if len(values) != 1 or len(values[0]) != 1:
        return False
    try:
        return _says(values[0][0], signer)
    except Asn1Malformed:
        return False


def _says(value: Node, signer: SignerInfo) -> bool:
    """Whether a CMSAlgorithmProtection names these algorithms; raises Asn1Malformed."""
    fields = value.children(asn1.SEQUENCE)
    digest, signature = algorithms.first_two(fields, "cmsAlgorithmProtection")
    said = algorithms.algorithm(digest), algorithms.algorithm_of(signature.children(_SIGNATURE))
    return len(fields) == len(said) and all(
        one.oid == other.oid and (one.parameters or _NULL) == (other.parameters or _NULL)
        for one, other in zip(said, (signer.digest, signer.signature_algorithm), strict=True)
    )


_SIGNATURE = asn1.context(1)
_NULL = asn1.null()


def _mathematics(
    signer: SignerInfo, scheme: Scheme, parts: tbs.Tbs, content: Content | None
) -> Finding:
    def right(message: bytes) -> bool:
        return keys.verifies(parts.key_info, scheme, signer.signature, message)

    plain = signer.attributes is None
    if right((content if isinstance(content, bytes) else b"") if plain else signer.signed_der):
        return Finding("signature", "signature-right")
    if not plain and right(signer.signed_wire):
        return Finding("attributes", "attributes-not-der", Sub.SIG_CONSTRAINTS_FAILURE)
    return Finding("signature", "signature-wrong", Sub.SIG_CRYPTO_FAILURE)


def _strength(signer: SignerInfo, scheme: Scheme, parts: tbs.Tbs) -> Iterator[Finding]:
    if not scheme.strong or signer.digest.digest not in algorithms.STRONG_DIGESTS:
        yield Finding(
            "algorithms", "weak-digest", Sub.CRYPTO_CONSTRAINTS_FAILURE,
            (("algorithm", scheme.digest),),
        )  # fmt: skip
    elif not keys.strong(parts.key_info):
        kind, size = keys.kind_of(parts.key_info)
        yield Finding(
            "algorithms", "weak-key", Sub.CRYPTO_CONSTRAINTS_FAILURE,
            (("key", f"{kind} {size}".strip()),),
        )  # fmt: skip
    else:
        yield Finding("algorithms", "algorithms-strong", None, (("algorithm", scheme.digest),))
