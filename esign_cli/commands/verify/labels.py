"""The words of a verification report: what verdicts, checks and findings are called on screen."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.signatures.cms.report import Acceptance, Indication, Result, Sub

VERDICTS = {
    Indication.PASSED: N_("VALID [TOTAL-PASSED]"),
    Indication.FAILED: N_("INVALID [TOTAL-FAILED]"),
    Indication.INDETERMINATE: N_("UNDETERMINED [INDETERMINATE]"),
}
STEPS = {
    Sub.SIGNED_DATA_NOT_FOUND: N_("Give the signed file with --content."),
    Sub.NO_CERTIFICATE_CHAIN_FOUND: N_(
        "Accept its root with esign trust add, after comparing the fingerprint with Kamu SM's "
        "publication, or name the certificates that you trust with --trust."
    ),
    Sub.TRY_LATER: N_(
        "Try again later, or give current revocation data of every certificate below the root with "
        "--crl or --ocsp."
    ),
}
CHECKS = {
    "format": N_("Format"),
    "content": N_("Content"),
    "parts": N_("Parts"),
    "signer": N_("Signer's certificate"),
    "signature": N_("Signature"),
    "attributes": N_("Signed attributes"),
    "algorithms": N_("Algorithms"),
    "key-usage": N_("Key usage"),
    "policy": N_("Signature policy"),
    "time-stamp": N_("Time stamp"),
    "archive-time-stamp": N_("Archive time stamp"),
    "path": N_("Path to a root"),
    "validity": N_("Validity"),
    "revocation": N_("Revocation"),
    "counter-signature": N_("Counter-signature"),
}
RESULTS = {
    Result.PASSED: N_("passed"),
    Result.FAILED: N_("FAILED"),
    Result.NOT_CHECKED: N_("not checked"),
}
WORDS = {
    "well-formed": N_("CMS SignedData, read to its last byte"),
    "well-formed-in-part": N_("CMS SignedData; not read in it: {unread}"),
    "well-formed-padded": N_("CMS SignedData; not read: {padding} zero bytes behind it"),
    "well-formed-in-part-padded": N_(
        "CMS SignedData; not read in it: {unread}, nor {padding} zero bytes behind it"
    ),
    "parts-intact": N_("every part that is signed is there, unaltered: {count}"),
    "part-altered": N_("altered after it was signed: {part}"),
    "part-missing": N_("signed, and not there: {part}"),
    "part-twice": N_("there under one name more than once: {part}"),
    "part-weak": N_("held by too weak a digest only: {part}"),
    "parts-unreadable": N_("no list of parts that can be read: {part}"),
    "malformed": N_("broken or against the rules: {detail}"),
    "content-intact": N_("unaltered"),
    "content-altered": N_("altered after it was signed"),
    "content-missing": N_("detached, and the content was not given"),
    "other-content": N_("the given file is not the content inside the signature"),
    "unknown-digest": N_("unknown digest algorithm {algorithm}"),
    "certificate-absent": N_("not in the file"),
    "certificate-unreadable": N_("cannot be read: {detail}"),
    "certificate-bound": N_("in the file, and bound by the signature"),
    "certificate-not-bound": N_("in the file, and not bound by the signature"),
    "ess-other-certificate": N_("the signature is bound to another certificate"),
    "signature-right": N_("made with the key of this certificate"),
    "signature-wrong": N_("not made with the key of this certificate over these data"),
    "protection-differs": N_("cmsAlgorithmProtection names other algorithms (RFC 6211)"),
    "digests-differ": N_("digest {digest}, but the signature is over {signature}"),
    "no-signed-attributes": N_("none: nothing binds time and certificate"),
    "no-ess": N_("no signing-certificate attribute"),
    "attributes-not-der": N_("signed in an order that is not DER"),
    "attributes-good": N_("complete, and signed in DER"),
    "signed-before-certificate": N_("signing time before the certificate began"),
    "signed-in-future": N_("signing time in the future"),
    "algorithms-strong": N_("strong enough: {algorithm}"),
    "unknown-algorithm": N_("unknown algorithm {algorithm}"),
    "weak-digest": N_("too weak: {algorithm}"),
    "weak-key": N_("key too weak: {key}"),
    "weak-chain": N_("too weak, in the certificate of: {certificate}"),
    "ess-weak": N_(
        "the reference to the certificate is too weak ({algorithm}); it is not the signature itself"
    ),
    "non-repudiation": N_("nonRepudiation: meant for signatures"),
    "seal-usage": N_("digitalSignature: meant for an organisation's seal"),
    "no-non-repudiation": N_("nonRepudiation is missing"),
    "policy-kept": N_("rules kept: {policy} ({oid})"),
    "policy-unfinished": N_("rules kept so far: {policy}; its values are added later, by extend"),
    "policy-unknown": N_("not known, so its rules cannot be checked: {detail}"),
    "policy-malformed": N_("cannot be read: {detail}"),
    "policy-hash": N_("the policy's hash is none that is accepted"),
    "policy-broken": N_("rules broken: {detail}"),
    "policy-without-good-stamp": N_("{policy} wants a time stamp, and none is good"),
    "stamp-good": N_("{time}, by: {authority} (not revoked: {source} of {this_update})"),
    "stamp-of-another": N_("is not over these data"),
    "stamp-broken": N_("broken or against the rules: {detail}"),
    "stamp-too-far": N_("too far from the signing time: {time}"),
    "stamp-weak": N_("too weak: {detail} ({time})"),
    "stamp-later": N_("proves nothing for a time before its own: {time}"),
    "stamp-not-by-authority": N_("proves nothing, its certificate is not for time stamps: {time}"),
    "stamp-without-certificate": N_(
        "proves nothing, its authority's certificate is absent: {time}"
    ),
    "stamp-untrusted": N_("proves nothing, its authority leads to no trusted root: {authority}"),
    "stamp-unproven": N_(
        "proves nothing yet, nothing says that its authority is unrevoked: {authority}"
    ),
    "stamp-not-judged": N_("proves nothing, its authority could not be judged: {authority}"),
    "stamp-revoked": N_("proves nothing, its authority is revoked: {authority}"),
    "stamp-expired": N_(
        "proves nothing, the certificate of its authority is out of its time: {authority}"
    ),
    "stamp-old-kind": N_("of an older kind, which is not judged"),
    "stamp-over-content": N_("over the content before it was signed; not judged"),
    "counter-good": N_("good, by: {signer}"),
    "counter-bad": N_("bad ({subindication}); it changes nothing for the signature itself"),
    "counter-undetermined": N_(
        "undetermined ({subindication}); it changes nothing for the signature itself"
    ),
    "out-of-time": N_("not judged: it took too long"),
    "path-found": N_("leads to: {anchor}"),
    "no-path": N_("no path to a trusted root"),
    "path-refused": N_("refused: {detail}"),
    "path-signature-wrong": N_("not signed by its issuer's key: {certificate}"),
    "engine-error": N_("could not be judged: {detail}"),
    "not-judged": N_("could not be judged"),
    "all-valid": N_("every certificate valid on {at}"),
    "expired": N_("expired on {not_after}: {certificate}"),
    "not-yet-valid": N_("valid from {not_before} only: {certificate}"),
    "good": N_("not revoked: {certificate} ({source} of {this_update})"),
    "revoked": N_("revoked on {revoked_at}: {certificate}"),
    "revoked-after": N_("revoked or suspended on {revoked_at} only: {certificate} ({source})"),
    "preliminary": N_("not revoked so far: {certificate}; final with data issued from {since} on"),
    "not-fresh": N_("no data issued from {since} on: {certificate}"),
    "suspended": N_("suspended on {revoked_at}: {certificate}"),
    "unknown": N_("not known to its issuer: {certificate}"),
    "stale": N_("no current data, the newest of {this_update}: {certificate}"),
    "weak": N_("the data are signed too weakly: {certificate}"),
    "none": N_("no data for: {certificate}"),
    "not-baseline": N_("It keeps CMS, and no baseline level, so it is BES: {detail}"),
    "stamp-late": N_(
        "The time stamp came over two hours after the signing time, which only BTK's policies "
        "P2 to P4 forbid: {time}"
    ),
    "stamp-named-by-sha1": N_(
        "The time stamp names its certificate by SHA-1 (ESSCertID, RFC 3161): {authority}"
    ),
    "padding": N_("Zero bytes behind the signature, passed over: {count}"),
    "crl-not-used": N_("A CRL that was given is not used: {issuer} ({because})"),
    "part-placeholder": N_("In the place of a signature or seal, and none: {part}"),
    "part-not-judged": N_("Of a kind that is not judged: {part}"),
    "part-outside": N_("Signed, and no part of the package: {part}"),
    "part-uncovered": N_("No signature covers it: {part}"),
    "parts-uncovered": N_("Further parts that no signature covers: {count}"),
    "no-signing-time": N_("There is no signing time: the signature is BES, not B-B."),
    "ess-explicit-default": N_("The signing-certificate attribute writes out a default (not DER)."),
    "attributes-not-sorted": N_("The signed attributes are not written in DER order."),
    "other-certificates": N_("Certificates of a kind that was not read: {count}"),
    "not-fetched": N_("Where the data would be: {address}"),
    "data-older-than-signature": N_(
        "The revocation data are older than the signature: {certificate} ({this_update})"
    ),
}
PRELIMINARY = N_("preliminary")
ACCEPTANCES = {
    Acceptance.ACCEPTED: N_("accepted"),
    Acceptance.REFUSED: N_("REFUSED"),
    Acceptance.PRELIMINARY: PRELIMINARY,
    None: N_("not to be told"),
}
NAMES = {
    "crl": N_("CRL"),
    "ocsp": N_("OCSP answer"),
    "policy-hash": N_("the policy's hash"),
    "ess-weak": N_("its reference to its certificate"),
    "no-ess": N_("it does not name its certificate (no signing-certificate attribute)"),
    "weak-digest": N_("its digest"),
    "weak-key": N_("its key"),
    "unknown-algorithm": N_("its algorithm"),
    "signature-wrong": N_("its signature is not that of its certificate's key"),
    "content-altered": N_("its content was altered"),
    "delta": N_("a delta CRL without the complete one that it builds upon"),
    "other-key": N_("signed by another key than the issuer's"),
    "indirect": N_("an indirect CRL"),
    "some-reasons": N_("a CRL of some reasons only"),
    "unknown-extension": N_("a critical extension that is not known"),
    "certificates": N_("certificates of another kind"),
    "values-of-the-signer": N_("values that prove the signer's certificate unrevoked"),
    "values-of-sub-cas": N_("values of the sub-CAs"),
    "values-of-the-authority": N_("values of the time stamp authority"),
    "references-to-sub-cas": N_("references to the sub-CAs"),
    "references-to-the-signer": N_("no reference to the signer's own certificate"),
    "cut short": N_("cut short"),
    "not signed data": N_("no CMS SignedData"),
    "not a time stamp": N_("no time stamp token"),
    "too deep": N_("nested too deeply"),
    "too many elements": N_("too many elements"),
    "PEM": N_("the PEM text"),
    "length": N_("a length"),
    "time": N_("a time"),
    "certificate": N_("the certificate's structure"),
    "digestAlgorithm": N_("the digest algorithm is not one of those listed"),
    "content-type differs from eContentType": N_("content-type differs from the content's type"),
    "signing-certificate names none": N_("signing-certificate names no certificate"),
    "the two signature algorithms of a certificate differ": N_(
        "the two signature algorithms of a certificate differ"
    ),
    "elements wanted, a plain value found": N_("a plain value in the place of elements"),
}
"""Facts that are words; the rest of a reader's finer points stay as they are."""
PATTERNS = (
    (
        r"(?P<name>[a-zA-Z][\w-]+) unsigned",
        N_("{name} stands among the unsigned attributes"),
    ),
    (r"(?P<name>[a-zA-Z][\w-]+) signed", N_("{name} stands among the signed attributes")),
    (r"eContentType (?P<oid>[0-9.]+)", N_("the content's type is not id-data but {oid}")),
    (r"(?P<count>\d+) bytes after the end", N_("{count} bytes after the end")),
    (r"(?P<name>[a-z][a-z0-9-]+): (?P<count>\d+)", N_("{name}: there {count} times, not once")),
    (
        r"(?P<signers>\d+) signers, (?P<certificates>\d+) certificates",
        N_("{signers} signers, {certificates} certificates"),
    ),
    (r"(?P<what>\w+) version (?P<number>-?\d+)", N_("{what}: version {number}")),
    (
        r"identifier (?P<wanted>\w+) wanted, (?P<found>\w+) found",
        N_("another element than the rules have: {found} instead of {wanted}"),
    ),
)
"""What a reader of bytes says with figures in it."""
TIMES = frozenset(
    {"at", "time", "not_before", "not_after", "this_update", "next_update", "revoked_at", "since"}
)
