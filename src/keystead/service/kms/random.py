"""GenerateRandom."""

from keystead.service.call import Call
from keystead.service.operation import OnNothing, reads
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import GenerateRandomRequest, GenerateRandomResponse
from keystead.shapes.kms_errors import CustomKeyStoreNotFoundException


def _check(request: GenerateRandomRequest) -> None:
    if request.number_of_bytes is None:
        raise ValidationException("NumberOfBytes is required.")


@reads("kms", "GenerateRandom", OnNothing("kms:GenerateRandom"), check=_check, recipient="plaintext")
def generate_random(call: Call, request: GenerateRandomRequest) -> GenerateRandomResponse:
    """Random bytes."""
    if request.custom_key_store_id is not None:
        raise CustomKeyStoreNotFoundException(None)  # there are no custom key stores
    assert request.number_of_bytes is not None
    return GenerateRandomResponse(plaintext=call.random(request.number_of_bytes))
