"""The tables, by subject. `migrations/` builds the same ones step by step; a test compares the two."""

from keystead.store.tables.grants import KMS_GRANT
from keystead.store.tables.instance_profiles import INSTANCE_PROFILE
from keystead.store.tables.journal import AUDIT_BATCH, CHANGE
from keystead.store.tables.keys import (
    ALIAS,
    KEY_COUNT,
    KEY_LAST_USE,
    KEY_MATERIAL,
    KEY_TAG,
    KMS_KEY,
    ROOT_KEY,
)
from keystead.store.tables.managed_policies import MANAGED_POLICY, POLICY_ATTACHMENT, POLICY_VERSION
from keystead.store.tables.metadata import METADATA
from keystead.store.tables.oidc_providers import OIDC_PROVIDER
from keystead.store.tables.organizations import (
    OF_ORGANIZATIONS,
    ORGANIZATION,
    ORGANIZATION_ATTACHMENT,
    ORGANIZATION_CREATION,
    ORGANIZATION_HANDSHAKE,
    ORGANIZATION_MEMBER,
    ORGANIZATION_POLICY,
    ORGANIZATION_SERVICE,
    ORGANIZATION_TAG,
    ORGANIZATIONAL_UNIT,
)
from keystead.store.tables.owned_keys import OWNED_KEY
from keystead.store.tables.principals import ACCOUNT, CREDENTIAL, GROUP_MEMBER, INLINE_POLICY, PRINCIPAL
from keystead.store.tables.services import SERVICE, SERVICE_CREDENTIAL
from keystead.store.tables.sign_in import ACCOUNT_ALIAS, LOGIN_PROFILE, PASSWORD_POLICY

__all__ = [
    "ACCOUNT",
    "ACCOUNT_ALIAS",
    "ALIAS",
    "AUDIT_BATCH",
    "CHANGE",
    "CREDENTIAL",
    "GROUP_MEMBER",
    "INLINE_POLICY",
    "INSTANCE_PROFILE",
    "KEY_COUNT",
    "KEY_LAST_USE",
    "KEY_MATERIAL",
    "KEY_TAG",
    "KMS_GRANT",
    "KMS_KEY",
    "LOGIN_PROFILE",
    "MANAGED_POLICY",
    "METADATA",
    "OF_ORGANIZATIONS",
    "OIDC_PROVIDER",
    "ORGANIZATION",
    "ORGANIZATIONAL_UNIT",
    "ORGANIZATION_ATTACHMENT",
    "ORGANIZATION_CREATION",
    "ORGANIZATION_HANDSHAKE",
    "ORGANIZATION_MEMBER",
    "ORGANIZATION_POLICY",
    "ORGANIZATION_SERVICE",
    "ORGANIZATION_TAG",
    "OWNED_KEY",
    "PASSWORD_POLICY",
    "POLICY_ATTACHMENT",
    "POLICY_VERSION",
    "PRINCIPAL",
    "ROOT_KEY",
    "SERVICE",
    "SERVICE_CREDENTIAL",
]
