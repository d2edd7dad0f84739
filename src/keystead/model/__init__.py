"""What Keystead keeps: frozen records, without behaviour that needs a store or a clock.

Times are `int` milliseconds since 1970-01-01T00:00:00Z, which is the precision AWS answers with.
"""

from keystead.model.credential import Credential, CredentialUse
from keystead.model.event import AuditEvent
from keystead.model.grant import Grant, GrantConstraints
from keystead.model.key import Alias, Imported, Key, KeyMaterial, KeyUse, Rotation, SealedRootKey
from keystead.model.managed_policy import ManagedPolicy, PolicyVersion
from keystead.model.oidc_provider import OidcProvider
from keystead.model.organization import (
    AccountCreation,
    Handshake,
    Member,
    Organization,
    OrganizationalUnit,
    OrganizationAttachment,
    OrganizationPolicy,
)
from keystead.model.owned_key import OwnedKey
from keystead.model.principal import Account, Group, InlinePolicy, InstanceProfile, Principal, RoleDetails
from keystead.model.registered_service import RegisteredService, ServiceCredential
from keystead.model.session import Forwarding, Session, SessionKind, SessionTag, WebIdentity
from keystead.model.sign_in import LoginProfile, PasswordPolicy
from keystead.model.tag import Tag

__all__ = [
    "Account",
    "AccountCreation",
    "Alias",
    "AuditEvent",
    "Credential",
    "CredentialUse",
    "Forwarding",
    "Grant",
    "GrantConstraints",
    "Group",
    "Handshake",
    "Imported",
    "InlinePolicy",
    "InstanceProfile",
    "Key",
    "KeyMaterial",
    "KeyUse",
    "LoginProfile",
    "ManagedPolicy",
    "Member",
    "OidcProvider",
    "Organization",
    "OrganizationAttachment",
    "OrganizationPolicy",
    "OrganizationalUnit",
    "OwnedKey",
    "PasswordPolicy",
    "PolicyVersion",
    "Principal",
    "RegisteredService",
    "RoleDetails",
    "Rotation",
    "SealedRootKey",
    "ServiceCredential",
    "Session",
    "SessionKind",
    "SessionTag",
    "Tag",
    "WebIdentity",
]
