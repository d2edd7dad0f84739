"""One key pair of each spec, made once, and messages that suit every way to sign."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from keystead.crypto.key_families import load_material, new_material
from keystead.crypto.key_material import KeyPair, SigningKeyPair
from keystead.kinds import KeySpec, KeyUsage, MessageType, SigningAlgorithm
from keystead.model.key_spec import MU_BYTES, TRAITS, hash_bytes, takes

PAIRS = [spec for spec, traits in TRAITS.items() if not traits.symmetric]
SIGNING = [spec for spec in PAIRS if KeyUsage.SIGN_VERIFY in TRAITS[spec].algorithms]
AGREEMENT = [spec for spec in PAIRS if KeyUsage.KEY_AGREEMENT in TRAITS[spec].algorithms]
RSA = [KeySpec.RSA_2048, KeySpec.RSA_3072, KeySpec.RSA_4096]
ML_DSA = [KeySpec.ML_DSA_44, KeySpec.ML_DSA_65, KeySpec.ML_DSA_87]
ML_KEM = [KeySpec.ML_KEM_512, KeySpec.ML_KEM_768, KeySpec.ML_KEM_1024]


class Way(NamedTuple):
    """A way to sign: a row of AWS's table of specs, algorithms and message types."""

    spec: KeySpec
    algorithm: SigningAlgorithm
    message_type: MessageType

    def message(self) -> bytes:
        match self.message_type:
            case MessageType.RAW:
                return b"a message"
            case MessageType.DIGEST:
                return bytes(range(hash_bytes(self.algorithm)))
            case MessageType.EXTERNAL_MU:
                return bytes(range(MU_BYTES))


def _ways() -> Iterator[Way]:
    for spec in SIGNING:
        for algorithm in TRAITS[spec].algorithms[KeyUsage.SIGN_VERIFY]:
            assert isinstance(algorithm, SigningAlgorithm)
            for message_type in MessageType:
                if takes(algorithm, message_type):
                    yield Way(spec, algorithm, message_type)


WAYS = list(_ways())


@cache
def material(spec: KeySpec) -> bytes:
    """Material of one key of the spec, the same each time."""
    return new_material(spec)


@cache
def pair(spec: KeySpec) -> KeyPair:
    """The key pair of `material`."""
    loaded = load_material(spec, material(spec))
    assert isinstance(loaded, KeyPair)
    return loaded


def signer(spec: KeySpec) -> SigningKeyPair:
    """The same, which signs."""
    loaded = pair(spec)
    assert isinstance(loaded, SigningKeyPair)
    return loaded
