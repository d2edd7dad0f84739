"""DecodeAuthorizationMessage."""

from keystead.crypto.authorization_message import InvalidAuthorizationMessage, open_authorization_message
from keystead.model import SessionKind
from keystead.service.authorization_message import shown
from keystead.service.call import Call
from keystead.service.operation import OnNothing, reads
from keystead.service.sts.asked import refuse_kinds
from keystead.shapes.sts import DecodeAuthorizationMessageRequest, DecodeAuthorizationMessageResponse
from keystead.shapes.sts_errors import InvalidAuthorizationMessageException


@reads("sts", "DecodeAuthorizationMessage", OnNothing("sts:DecodeAuthorizationMessage"))
def decode_authorization_message(
    call: Call, request: DecodeAuthorizationMessageRequest
) -> DecodeAuthorizationMessageResponse:
    """Why a call of the caller's account was refused, from the message that came with the refusal."""
    refuse_kinds(call, SessionKind.SELF, SessionKind.FEDERATED_USER)
    try:
        content = open_authorization_message(call.sealer, call.account, call.time, request.encoded_message)
    except InvalidAuthorizationMessage:
        # AWS's sentence is unknown.
        raise InvalidAuthorizationMessageException("The authorization message is not valid.") from None
    return DecodeAuthorizationMessageResponse(decoded_message=shown(content))
