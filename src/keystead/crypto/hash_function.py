"""The hash functions that algorithms are named after (FIPS 180-4)."""

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1, SHA224, SHA256, SHA384, SHA512, HashAlgorithm

from keystead.model.key_spec import Algorithm, hash_bytes

# SHA-1 is in RSAES_OAEP_SHA_1 alone, where its collisions do no harm (RFC 8017, appendix B.1).
_FUNCTIONS: Final[dict[int, HashAlgorithm]] = {
    function.digest_size: function
    for function in (SHA1(), SHA224(), SHA256(), SHA384(), SHA512())  # noqa: S303 (see above)
}


def hash_function(algorithm: Algorithm) -> HashAlgorithm:
    """The hash function of an algorithm whose name ends with one, such as RSASSA_PSS_SHA_384."""
    return _FUNCTIONS[hash_bytes(algorithm)]
