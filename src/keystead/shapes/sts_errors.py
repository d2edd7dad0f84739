"""The errors that the model of AWS Security Token Service lists.

Written by `tools/generate_shapes.py` from AWS's model sts 2011-06-15: do not edit.
"""

# ruff: noqa: D101 -- AWS documents its structures, and their names are its own
from keystead.shapes.errors import AwsError


class ExpiredTokenException(AwsError):
    code = "ExpiredTokenException"


class ExpiredTradeInTokenException(AwsError):
    code = "ExpiredTradeInTokenException"


class IDPCommunicationErrorException(AwsError):
    code = "IDPCommunicationError"


class IDPRejectedClaimException(AwsError):
    code = "IDPRejectedClaim"
    status = 403


class InvalidAuthorizationMessageException(AwsError):
    code = "InvalidAuthorizationMessageException"


class InvalidIdentityTokenException(AwsError):
    code = "InvalidIdentityToken"


class JWTPayloadSizeExceededException(AwsError):
    code = "JWTPayloadSizeExceededException"


class MalformedPolicyDocumentException(AwsError):
    code = "MalformedPolicyDocument"


class OutboundWebIdentityFederationDisabledException(AwsError):
    code = "OutboundWebIdentityFederationDisabledException"
    status = 403


class PackedPolicyTooLargeException(AwsError):
    code = "PackedPolicyTooLarge"


class RegionDisabledException(AwsError):
    code = "RegionDisabledException"
    status = 403


class SessionDurationEscalationException(AwsError):
    code = "SessionDurationEscalationException"
    status = 403
