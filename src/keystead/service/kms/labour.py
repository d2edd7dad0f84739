"""How much work the cryptography of a call is: whether it may be done in the event loop.

Measured on one core of 2025: ECDSA and ECDH with P-256, Ed25519, HMAC and everything public of RSA take less
than 50 microseconds, P-384, P-521, secp256k1 and the private half of RSA-2048 from 150 to 350, what is listed
as `SHORT` 200 to 1,500, and what is `LONG` from 30 milliseconds to seconds. Another thread costs a call about
150 microseconds, so that what takes as long is done in the event loop.
"""

from collections.abc import Callable

from keystead.kinds import KeySpec, Origin
from keystead.service.call import Call
from keystead.service.operation import Labour

_RSA = frozenset({KeySpec.RSA_2048, KeySpec.RSA_3072, KeySpec.RSA_4096})
_ML_DSA = frozenset({KeySpec.ML_DSA_44, KeySpec.ML_DSA_65, KeySpec.ML_DSA_87})
_SLOW_PRIVATE = _ML_DSA | {KeySpec.RSA_3072, KeySpec.RSA_4096, KeySpec.ML_KEM_512}


def by_key(*, private: bool) -> Callable[[Call], Labour]:
    """The labour of one operation with the call's keys.

    Args:
        private: whether the operation uses the private half, which is the slow one.
    """
    slow = _SLOW_PRIVATE if private else frozenset({KeySpec.ML_KEM_512})

    def labour(call: Call) -> Labour:
        for touched in call.touched:
            if touched.entry is not None and touched.entry.key.spec in slow:
                return Labour.SHORT
        return Labour.NONE

    return labour


def of_new_pair(call: Call) -> Labour:
    """The labour of making the key pair that a request asks for."""
    return Labour.LONG if call.request.key_pair_spec in _RSA else Labour.SHORT


def of_new_key(call: Call) -> Labour:
    """The labour of making the key that a request asks for. What writes is never done in the event loop."""
    request = call.request
    if request.origin == Origin.EXTERNAL:
        return Labour.NONE
    return Labour.LONG if (request.key_spec or request.customer_master_key_spec) in _RSA else Labour.NONE


def of_import(_: Call) -> Labour:
    """The labour of making a wrapping key, and of taking in what may be an RSA key."""
    return Labour.LONG
