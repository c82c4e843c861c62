"""The signature value itself: algorithms, the key's strength, the mathematics."""

from __future__ import annotations

from collections.abc import Iterator

from esign_cli.signatures.cms.report import Finding, Sub
from esign_cli.signatures.cms.signed_data import SignerInfo
from esign_cli.signatures.pki import algorithms, keys, tbs
from esign_cli.signatures.pki.algorithms import Scheme


def judged(signer: SignerInfo, parts: tbs.Tbs, content: bytes | None) -> Iterator[Finding]:
    """The findings on algorithms, key and mathematics; raises Asn1Malformed."""
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
    if scheme.digest != digest:
        yield Finding(
            "signature", "digests-differ", Sub.SIG_CRYPTO_FAILURE,
            (("digest", digest), ("signature", scheme.digest)),
        )  # fmt: skip
        return
    if signer.attributes is not None or content is not None:
        yield _mathematics(signer, scheme, parts, content)


def _mathematics(
    signer: SignerInfo, scheme: Scheme, parts: tbs.Tbs, content: bytes | None
) -> Finding:
    def right(message: bytes) -> bool:
        return keys.verifies(parts.key_info, scheme, signer.signature, message)

    plain = signer.attributes is None
    if right((content or b"") if plain else signer.signed_der):
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
