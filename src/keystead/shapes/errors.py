"""The root of all errors that callers see, and those that no service model lists.

Everything that refuses a call raises an `AwsError`; nothing else reaches the wire. A class carries both
spellings of its error: `code` and `status` for AWS JSON, `query_code` and `query_status` for the Query
protocol of IAM and STS, which names and numbers the common errors differently
(IAM API Reference and STS API Reference, "Common Errors").

    AwsError
    ├── the modelled errors of `kms_errors`, `iam_errors`, `sts_errors`, `organizations_errors`
    └── the classes of this module
"""

from typing import ClassVar


class AwsError(Exception):
    """An error with AWS's name for it.

    Attributes:
        code: AWS's name of the error, in AWS JSON.
        status: the HTTP status, in AWS JSON.
        query_code: the name in the Query protocol; `code` unless a class says otherwise.
        query_status: the status in the Query protocol; `status` unless a class says otherwise.
        recorded_code: the name in audit events of any service: that of the shape, which is that of the class,
            unless a class says otherwise. IAM answers `NoSuchEntity`, and its events have been seen to say
            `NoSuchEntityException`.
        message_member: how the JSON body spells the message's member: `message` or `Message`.
        message: AWS's sentence, or None where AWS sends none. It goes to the caller as it is, so it must
            hold no secret.
        reason: AWS's word for one of several causes of the error, which only Organizations sends; or None.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 400
    query_code: ClassVar[str]
    query_status: ClassVar[int] = 400
    recorded_code: ClassVar[str]
    message_member: ClassVar[str] = "message"

    def __init_subclass__(cls) -> None:
        if "code" in vars(cls) and "query_code" not in vars(cls):
            cls.query_code = cls.code
        if "recorded_code" not in vars(cls):
            cls.recorded_code = cls.__name__
        if "status" in vars(cls) and "query_status" not in vars(cls):
            cls.query_status = cls.status

    def __init__(self, message: str | None = None, *, reason: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason

    def __str__(self) -> str:
        return self.code if self.message is None else f"{self.code}: {self.message}"


class AccessDeniedException(AwsError):
    """The caller may not do this, or may not know whether what it names exists.

    Events of KMS, Step Functions, S3 and others have been seen with the short name, whatever the answer said.
    """

    code = "AccessDeniedException"
    recorded_code = "AccessDenied"
    query_code = "AccessDenied"
    query_status = 403
    message_member = "Message"


class ValidationException(AwsError):
    """The input breaks a constraint of the model, or a rule beyond it."""

    code = "ValidationException"
    query_code = "ValidationError"


class SerializationException(AwsError):
    """The body is not JSON, or a member has the wrong JSON type. In the Query protocol: MalformedInput."""

    code = "SerializationException"
    query_code = "MalformedInput"


class InvalidParameterValueException(AwsError):
    """A value that a rule beyond the model forbids: how STS refuses session tags."""

    code = "InvalidParameterValue"


class UnknownOperationException(AwsError):
    """The request names no operation that this service has."""

    code = "UnknownOperationException"
    query_code = "InvalidAction"


class UnroutableRequest(UnknownOperationException):
    """The request is no API call at all: another method or path than AWS's APIs use.

    KMS has been seen to answer a GET with status 404 and this code (unverified).
    """

    status = 404


class MissingActionException(AwsError):
    """A Query request without `Action`."""

    code = "MissingAction"


class ThrottlingException(AwsError):
    """Too many calls for the caller's account."""

    code = "ThrottlingException"
    query_code = "Throttling"


class NotAuthorizedException(AwsError):
    """A name that is reserved for AWS, such as `alias/aws/...`."""

    code = "NotAuthorizedException"


class MissingAuthenticationTokenException(AwsError):
    """The request is not signed."""

    code = "MissingAuthenticationTokenException"
    query_code = "MissingAuthenticationToken"
    query_status = 403


class IncompleteSignatureException(AwsError):
    """The signature lacks a part, or a part has the wrong form."""

    code = "IncompleteSignatureException"
    query_code = "IncompleteSignature"


class UnrecognizedClientException(AwsError):
    """No such access key, or its session token does not belong to it."""

    code = "UnrecognizedClientException"
    query_code = "InvalidClientTokenId"
    query_status = 403


class InvalidSignatureException(AwsError):
    """The signature does not match, or its time or scope is wrong."""

    code = "InvalidSignatureException"
    query_code = "SignatureDoesNotMatch"
    query_status = 403


class ExpiredTokenException(AwsError):
    """The session token has expired."""

    code = "ExpiredTokenException"
    query_code = "ExpiredToken"
    query_status = 403


class RequestEntityTooLargeException(AwsError):
    """The body is larger than we read; AWS publishes neither its limit nor its code (unverified)."""

    code = "RequestEntityTooLargeException"
    status = 413


class InternalFailure(AwsError):
    """Our fault; the message says nothing about why."""

    code = "InternalFailure"
    status = 500


class ServiceUnavailableException(AwsError):
    """The service cannot answer now; the call may be tried again."""

    code = "ServiceUnavailableException"
    query_code = "ServiceUnavailable"
    status = 503
