"""What Keystead keeps: frozen records, without behaviour that needs a store or a clock.

Times are `int` milliseconds since 1970-01-01T00:00:00Z, which is the precision AWS answers with.
"""

from keystead.model.credential import Credential, CredentialUse
from keystead.model.event import AuditEvent
from keystead.model.grant import Grant, GrantConstraints
from keystead.model.key import Alias, Key, KeyMaterial, SealedRootKey
from keystead.model.managed_policy import ManagedPolicy, PolicyVersion
from keystead.model.oidc_provider import OidcProvider
from keystead.model.principal import Account, Group, InlinePolicy, InstanceProfile, Principal, RoleDetails
from keystead.model.sign_in import LoginProfile, PasswordPolicy
from keystead.model.tag import Tag

__all__ = [
    "Account",
    "Alias",
    "AuditEvent",
    "Credential",
    "CredentialUse",
    "Grant",
    "GrantConstraints",
    "Group",
    "InlinePolicy",
    "InstanceProfile",
    "Key",
    "KeyMaterial",
    "LoginProfile",
    "ManagedPolicy",
    "OidcProvider",
    "PasswordPolicy",
    "PolicyVersion",
    "Principal",
    "RoleDetails",
    "SealedRootKey",
    "Tag",
]
