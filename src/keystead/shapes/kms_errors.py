"""The errors that the model of AWS Key Management Service lists.

Written by `tools/generate_shapes.py` from AWS's model kms 2014-11-01: do not edit.
"""

# ruff: noqa: D101 -- AWS documents its structures, and their names are its own
from keystead.shapes.errors import AwsError


class AlreadyExistsException(AwsError):
    code = "AlreadyExistsException"


class CloudHsmClusterInUseException(AwsError):
    code = "CloudHsmClusterInUseException"


class CloudHsmClusterInvalidConfigurationException(AwsError):
    code = "CloudHsmClusterInvalidConfigurationException"


class CloudHsmClusterNotActiveException(AwsError):
    code = "CloudHsmClusterNotActiveException"


class CloudHsmClusterNotFoundException(AwsError):
    code = "CloudHsmClusterNotFoundException"


class CloudHsmClusterNotRelatedException(AwsError):
    code = "CloudHsmClusterNotRelatedException"


class ConflictException(AwsError):
    code = "ConflictException"


class CustomKeyStoreHasCMKsException(AwsError):
    code = "CustomKeyStoreHasCMKsException"


class CustomKeyStoreInvalidStateException(AwsError):
    code = "CustomKeyStoreInvalidStateException"


class CustomKeyStoreNameInUseException(AwsError):
    code = "CustomKeyStoreNameInUseException"


class CustomKeyStoreNotFoundException(AwsError):
    code = "CustomKeyStoreNotFoundException"


class DependencyTimeoutException(AwsError):
    code = "DependencyTimeoutException"
    status = 500


class DisabledException(AwsError):
    code = "DisabledException"


class DryRunOperationException(AwsError):
    code = "DryRunOperationException"


class ExpiredImportTokenException(AwsError):
    code = "ExpiredImportTokenException"


class IncorrectKeyException(AwsError):
    code = "IncorrectKeyException"


class IncorrectKeyMaterialException(AwsError):
    code = "IncorrectKeyMaterialException"


class IncorrectTrustAnchorException(AwsError):
    code = "IncorrectTrustAnchorException"


class InvalidAliasNameException(AwsError):
    code = "InvalidAliasNameException"


class InvalidArnException(AwsError):
    code = "InvalidArnException"


class InvalidCiphertextException(AwsError):
    code = "InvalidCiphertextException"


class InvalidGrantIdException(AwsError):
    code = "InvalidGrantIdException"


class InvalidGrantTokenException(AwsError):
    code = "InvalidGrantTokenException"


class InvalidImportTokenException(AwsError):
    code = "InvalidImportTokenException"


class InvalidKeyUsageException(AwsError):
    code = "InvalidKeyUsageException"


class InvalidMarkerException(AwsError):
    code = "InvalidMarkerException"


class KMSInternalException(AwsError):
    code = "KMSInternalException"
    status = 500


class KMSInvalidMacException(AwsError):
    code = "KMSInvalidMacException"


class KMSInvalidSignatureException(AwsError):
    code = "KMSInvalidSignatureException"


class KMSInvalidStateException(AwsError):
    code = "KMSInvalidStateException"


class KeyUnavailableException(AwsError):
    code = "KeyUnavailableException"
    status = 500


class LimitExceededException(AwsError):
    code = "LimitExceededException"


class MalformedPolicyDocumentException(AwsError):
    code = "MalformedPolicyDocumentException"


class NotFoundException(AwsError):
    code = "NotFoundException"


class TagException(AwsError):
    code = "TagException"


class UnsupportedOperationException(AwsError):
    code = "UnsupportedOperationException"


class XksKeyAlreadyInUseException(AwsError):
    code = "XksKeyAlreadyInUseException"


class XksKeyInvalidConfigurationException(AwsError):
    code = "XksKeyInvalidConfigurationException"


class XksKeyNotFoundException(AwsError):
    code = "XksKeyNotFoundException"


class XksProxyIncorrectAuthenticationCredentialException(AwsError):
    code = "XksProxyIncorrectAuthenticationCredentialException"


class XksProxyInvalidConfigurationException(AwsError):
    code = "XksProxyInvalidConfigurationException"


class XksProxyInvalidResponseException(AwsError):
    code = "XksProxyInvalidResponseException"


class XksProxyUriEndpointInUseException(AwsError):
    code = "XksProxyUriEndpointInUseException"


class XksProxyUriInUseException(AwsError):
    code = "XksProxyUriInUseException"


class XksProxyUriUnreachableException(AwsError):
    code = "XksProxyUriUnreachableException"


class XksProxyVpcEndpointServiceInUseException(AwsError):
    code = "XksProxyVpcEndpointServiceInUseException"


class XksProxyVpcEndpointServiceInvalidConfigurationException(AwsError):
    code = "XksProxyVpcEndpointServiceInvalidConfigurationException"


class XksProxyVpcEndpointServiceNotFoundException(AwsError):
    code = "XksProxyVpcEndpointServiceNotFoundException"
