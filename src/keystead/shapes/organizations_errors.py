"""The errors that the model of AWS Organizations lists.

Written by `tools/generate_shapes.py` from AWS's model organizations 2016-11-28: do not edit.
"""

# ruff: noqa: D101 -- AWS documents its structures, and their names are its own
from keystead.shapes.errors import AwsError


class AWSOrganizationsNotInUseException(AwsError):
    code = "AWSOrganizationsNotInUseException"
    message_member = "Message"


class AccessDeniedException(AwsError):
    code = "AccessDeniedException"
    message_member = "Message"


class AccessDeniedForDependencyException(AwsError):
    code = "AccessDeniedForDependencyException"
    message_member = "Message"


class AccountAlreadyClosedException(AwsError):
    code = "AccountAlreadyClosedException"
    message_member = "Message"


class AccountAlreadyRegisteredException(AwsError):
    code = "AccountAlreadyRegisteredException"
    message_member = "Message"


class AccountNotFoundException(AwsError):
    code = "AccountNotFoundException"
    message_member = "Message"


class AccountNotRegisteredException(AwsError):
    code = "AccountNotRegisteredException"
    message_member = "Message"


class AccountOwnerNotVerifiedException(AwsError):
    code = "AccountOwnerNotVerifiedException"
    message_member = "Message"


class AlreadyInOrganizationException(AwsError):
    code = "AlreadyInOrganizationException"
    message_member = "Message"


class ChildNotFoundException(AwsError):
    code = "ChildNotFoundException"
    message_member = "Message"


class ConcurrentModificationException(AwsError):
    code = "ConcurrentModificationException"
    message_member = "Message"


class ConflictException(AwsError):
    code = "ConflictException"
    message_member = "Message"


class ConstraintViolationException(AwsError):
    code = "ConstraintViolationException"
    message_member = "Message"


class CreateAccountStatusNotFoundException(AwsError):
    code = "CreateAccountStatusNotFoundException"
    message_member = "Message"


class DestinationParentNotFoundException(AwsError):
    code = "DestinationParentNotFoundException"
    message_member = "Message"


class DuplicateAccountException(AwsError):
    code = "DuplicateAccountException"
    message_member = "Message"


class DuplicateHandshakeException(AwsError):
    code = "DuplicateHandshakeException"
    message_member = "Message"


class DuplicateOrganizationalUnitException(AwsError):
    code = "DuplicateOrganizationalUnitException"
    message_member = "Message"


class DuplicatePolicyAttachmentException(AwsError):
    code = "DuplicatePolicyAttachmentException"
    message_member = "Message"


class DuplicatePolicyException(AwsError):
    code = "DuplicatePolicyException"
    message_member = "Message"


class EffectivePolicyNotFoundException(AwsError):
    code = "EffectivePolicyNotFoundException"
    message_member = "Message"


class FinalizingOrganizationException(AwsError):
    code = "FinalizingOrganizationException"
    message_member = "Message"


class HandshakeAlreadyInStateException(AwsError):
    code = "HandshakeAlreadyInStateException"
    message_member = "Message"


class HandshakeConstraintViolationException(AwsError):
    code = "HandshakeConstraintViolationException"
    message_member = "Message"


class HandshakeNotFoundException(AwsError):
    code = "HandshakeNotFoundException"
    message_member = "Message"


class InvalidHandshakeTransitionException(AwsError):
    code = "InvalidHandshakeTransitionException"
    message_member = "Message"


class InvalidInputException(AwsError):
    code = "InvalidInputException"
    message_member = "Message"


class InvalidResponsibilityTransferTransitionException(AwsError):
    code = "InvalidResponsibilityTransferTransitionException"
    message_member = "Message"


class MalformedPolicyDocumentException(AwsError):
    code = "MalformedPolicyDocumentException"
    message_member = "Message"


class MasterCannotLeaveOrganizationException(AwsError):
    code = "MasterCannotLeaveOrganizationException"
    message_member = "Message"


class OrganizationNotEmptyException(AwsError):
    code = "OrganizationNotEmptyException"
    message_member = "Message"


class OrganizationalUnitNotEmptyException(AwsError):
    code = "OrganizationalUnitNotEmptyException"
    message_member = "Message"


class OrganizationalUnitNotFoundException(AwsError):
    code = "OrganizationalUnitNotFoundException"
    message_member = "Message"


class ParentNotFoundException(AwsError):
    code = "ParentNotFoundException"
    message_member = "Message"


class PolicyChangesInProgressException(AwsError):
    code = "PolicyChangesInProgressException"
    message_member = "Message"


class PolicyInUseException(AwsError):
    code = "PolicyInUseException"
    message_member = "Message"


class PolicyNotAttachedException(AwsError):
    code = "PolicyNotAttachedException"
    message_member = "Message"


class PolicyNotFoundException(AwsError):
    code = "PolicyNotFoundException"
    message_member = "Message"


class PolicyTypeAlreadyEnabledException(AwsError):
    code = "PolicyTypeAlreadyEnabledException"
    message_member = "Message"


class PolicyTypeNotAvailableForOrganizationException(AwsError):
    code = "PolicyTypeNotAvailableForOrganizationException"
    message_member = "Message"


class PolicyTypeNotEnabledException(AwsError):
    code = "PolicyTypeNotEnabledException"
    message_member = "Message"


class ResourcePolicyNotFoundException(AwsError):
    code = "ResourcePolicyNotFoundException"
    message_member = "Message"


class ResponsibilityTransferAlreadyInStatusException(AwsError):
    code = "ResponsibilityTransferAlreadyInStatusException"
    message_member = "Message"


class ResponsibilityTransferNotFoundException(AwsError):
    code = "ResponsibilityTransferNotFoundException"
    message_member = "Message"


class RootNotFoundException(AwsError):
    code = "RootNotFoundException"
    message_member = "Message"


class ServiceException(AwsError):
    code = "ServiceException"
    status = 500
    message_member = "Message"


class SourceParentNotFoundException(AwsError):
    code = "SourceParentNotFoundException"
    message_member = "Message"


class TargetNotFoundException(AwsError):
    code = "TargetNotFoundException"
    message_member = "Message"


class TooManyRequestsException(AwsError):
    code = "TooManyRequestsException"
    message_member = "Message"


class UnsupportedAPIEndpointException(AwsError):
    code = "UnsupportedAPIEndpointException"
    message_member = "Message"
