"""The errors that the model of AWS Identity and Access Management lists.

Written by `tools/generate_shapes.py` from AWS's model iam 2010-05-08: do not edit.
"""

# ruff: noqa: D101 -- AWS documents its structures, and their names are its own
from keystead.shapes.errors import AwsError


class AccountNotManagementOrDelegatedAdministratorException(AwsError):
    code = "AccountNotManagementOrDelegatedAdministratorException"


class CallerIsNotManagementAccountException(AwsError):
    code = "CallerIsNotManagementAccountException"


class ConcurrentModificationException(AwsError):
    code = "ConcurrentModification"
    status = 409


class CredentialReportExpiredException(AwsError):
    code = "ReportExpired"
    status = 410


class CredentialReportNotPresentException(AwsError):
    code = "ReportNotPresent"
    status = 410


class CredentialReportNotReadyException(AwsError):
    code = "ReportInProgress"
    status = 404


class DeleteConflictException(AwsError):
    code = "DeleteConflict"
    status = 409


class DuplicateCertificateException(AwsError):
    code = "DuplicateCertificate"
    status = 409


class DuplicateSSHPublicKeyException(AwsError):
    code = "DuplicateSSHPublicKey"


class EntityAlreadyExistsException(AwsError):
    code = "EntityAlreadyExists"
    status = 409


class EntityTemporarilyUnmodifiableException(AwsError):
    code = "EntityTemporarilyUnmodifiable"
    status = 409


class FeatureDisabledException(AwsError):
    code = "FeatureDisabled"
    status = 404


class FeatureEnabledException(AwsError):
    code = "FeatureEnabled"
    status = 409


class InvalidAuthenticationCodeException(AwsError):
    code = "InvalidAuthenticationCode"
    status = 403


class InvalidCertificateException(AwsError):
    code = "InvalidCertificate"


class InvalidInputException(AwsError):
    code = "InvalidInput"


class InvalidPublicKeyException(AwsError):
    code = "InvalidPublicKey"


class InvalidUserTypeException(AwsError):
    code = "InvalidUserType"


class KeyPairMismatchException(AwsError):
    code = "KeyPairMismatch"


class LimitExceededException(AwsError):
    code = "LimitExceeded"
    status = 409


class MalformedCertificateException(AwsError):
    code = "MalformedCertificate"


class MalformedPolicyDocumentException(AwsError):
    code = "MalformedPolicyDocument"


class NameConflictException(AwsError):
    code = "NameConflict"
    status = 409


class NoSuchEntityException(AwsError):
    code = "NoSuchEntity"
    status = 404


class OpenIdIdpCommunicationErrorException(AwsError):
    code = "OpenIdIdpCommunicationError"


class OrganizationNotFoundException(AwsError):
    code = "OrganizationNotFoundException"


class OrganizationNotInAllFeaturesModeException(AwsError):
    code = "OrganizationNotInAllFeaturesModeException"


class PasswordPolicyViolationException(AwsError):
    code = "PasswordPolicyViolation"


class PolicyEvaluationException(AwsError):
    code = "PolicyEvaluation"
    status = 500


class PolicyNotAttachableException(AwsError):
    code = "PolicyNotAttachable"


class ReportGenerationLimitExceededException(AwsError):
    code = "ReportGenerationLimitExceeded"
    status = 409


class RoleModifiedException(AwsError):
    code = "RoleModified"
    status = 409


class RoleTemplateDisabledException(AwsError):
    code = "RoleTemplateDisabled"


class ServiceAccessNotEnabledException(AwsError):
    code = "ServiceAccessNotEnabledException"


class ServiceFailureException(AwsError):
    code = "ServiceFailure"
    status = 500


class ServiceNotSupportedException(AwsError):
    code = "NotSupportedService"
    status = 404


class UnmodifiableEntityException(AwsError):
    code = "UnmodifiableEntity"


class UnrecognizedPublicKeyEncodingException(AwsError):
    code = "UnrecognizedPublicKeyEncoding"
