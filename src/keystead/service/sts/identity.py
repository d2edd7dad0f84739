"""GetCallerIdentity."""

from keystead.service.call import Call
from keystead.service.operation import reads
from keystead.shapes.sts import GetCallerIdentityRequest, GetCallerIdentityResponse


@reads("sts", "GetCallerIdentity")
def get_caller_identity(call: Call, _: GetCallerIdentityRequest) -> GetCallerIdentityResponse:
    """Who signed the request; needs no permission, and none can be taken away (STS API Reference)."""
    caller = call.caller
    return GetCallerIdentityResponse(user_id=caller.unique_id, account=caller.account, arn=caller.arn)
