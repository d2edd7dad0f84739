"""GetAccessKeyInfo."""

from keystead.model import SessionKind
from keystead.names import AccessKeyId
from keystead.service.call import Call
from keystead.service.operation import OnNothing, reads, recorded
from keystead.service.sts.asked import refuse_kinds
from keystead.service.sts.key_ids import account_of
from keystead.shapes.errors import ValidationException
from keystead.shapes.sts import GetAccessKeyInfoRequest, GetAccessKeyInfoResponse


@reads("sts", "GetAccessKeyInfo", OnNothing("sts:GetAccessKeyInfo"), recorded=recorded("access_key_id"))
def get_access_key_info(call: Call, request: GetAccessKeyInfoRequest) -> GetAccessKeyInfoResponse:
    """The account of an access key, whoever asks and whatever became of the key.

    Temporary ones tell it themselves; of long-term ones that were deleted nothing is known.
    """
    refuse_kinds(call, SessionKind.SELF, SessionKind.FEDERATED_USER)
    account = account_of(request.access_key_id)
    with call.reading() as tx:
        if account is None:
            credential = tx.credential(AccessKeyId(request.access_key_id))
            account = None if credential is None else credential.account
        if account is None or tx.account(account) is None:
            raise ValidationException("The access key ID does not exist.")  # (unverified)
    return GetAccessKeyInfoResponse(account=account)
