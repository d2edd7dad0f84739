"""GetParametersForImport."""

from collections.abc import Callable

from keystead.crypto.import_token import ImportParameters, new_import_token
from keystead.crypto.key_families import new_key_pair
from keystead.kinds import KeySpec, Origin, WrappingAlgorithm
from keystead.model import Key
from keystead.model.imports import may_wrap
from keystead.model.key import DAY
from keystead.service.call import Call
from keystead.service.kms.labour import of_import
from keystead.service.kms.metadata import seconds
from keystead.service.operation import OnKey, reads, recorded
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import GetParametersForImportRequest, GetParametersForImportResponse
from keystead.shapes.kms_errors import UnsupportedOperationException

PARAMETERS_LAST = DAY
"""Milliseconds (KMS API, GetParametersForImport)."""


def refuse_origin(*origins: Origin) -> Callable[[Key], None]:
    """A check that refuses keys of any other origin than these."""

    def check(key: Key) -> None:
        if key.origin not in origins:
            raise UnsupportedOperationException(
                f"{key.arn} origin is {key.origin} which is not valid for this operation."
            )

    return check


@reads(
    "kms",
    "GetParametersForImport",
    OnKey("kms:GetParametersForImport", suits=refuse_origin(Origin.EXTERNAL)),
    labour=of_import,
    recorded=recorded("key_id", "wrapping_algorithm", "wrapping_key_spec"),
)
def get_parameters_for_import(
    call: Call, request: GetParametersForImportRequest
) -> GetParametersForImportResponse:
    """A fresh wrapping key, and the token that ImportKeyMaterial wants with what was wrapped under it."""
    key, algorithm, wrapping_key_spec = call.key.key, request.wrapping_algorithm, request.wrapping_key_spec
    if not may_wrap(algorithm, wrapping_key_spec, key.spec):
        raise ValidationException(
            f"Wrapping algorithm {algorithm} and wrapping key spec {wrapping_key_spec} "
            f"cannot be used to import a {key.spec} key."
        )
    pair = new_key_pair(KeySpec(wrapping_key_spec))
    valid_to = call.time + PARAMETERS_LAST
    parameters = ImportParameters(WrappingAlgorithm(algorithm), pair.private_bytes(), valid_to)
    return GetParametersForImportResponse(
        key_id=call.key.arn,
        import_token=new_import_token(call.sealer, key.arn, key.spec, parameters, call.random),
        public_key=pair.public_key,
        parameters_valid_to=seconds(valid_to),
    )
