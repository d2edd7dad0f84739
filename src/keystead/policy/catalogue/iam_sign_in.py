"""Actions and operations of IAM about how principals sign in: passwords, aliases of accounts, OIDC providers.

Source: Service Authorization Reference.
"""

from keystead.policy.catalogue.global_keys import REQUEST_TAG, RESOURCE_TAG, TAG_KEYS
from keystead.policy.catalogue.vocabulary import AccessLevel, Action, Check, Operation, ResourceType

_LIST, _READ, _WRITE = AccessLevel.LIST, AccessLevel.READ, AccessLevel.WRITE
_PERMISSIONS, _TAGGING = AccessLevel.PERMISSIONS_MANAGEMENT, AccessLevel.TAGGING
_IDENTITY, _PROVIDER, _NONE = ResourceType.IDENTITY, ResourceType.OIDC_PROVIDER, ResourceType.NONE

_TAGGED = (RESOURCE_TAG,)
_IDENTITY_TAGS = (RESOURCE_TAG, "iam:ResourceTag/")

SIGN_IN_ACTIONS = tuple(
    Action(f"iam:{name}", access, {resource: keys})
    for name, access, resource, keys in (
        ("ChangePassword", _WRITE, _IDENTITY, _IDENTITY_TAGS),
        ("CreateLoginProfile", _PERMISSIONS, _IDENTITY, _IDENTITY_TAGS),
        ("DeleteLoginProfile", _PERMISSIONS, _IDENTITY, _IDENTITY_TAGS),
        ("GetLoginProfile", _LIST, _IDENTITY, _IDENTITY_TAGS),
        ("UpdateLoginProfile", _PERMISSIONS, _IDENTITY, _IDENTITY_TAGS),
        ("CreateAccountAlias", _PERMISSIONS, _NONE, ()),
        ("DeleteAccountAlias", _PERMISSIONS, _NONE, ()),
        ("ListAccountAliases", _LIST, _NONE, ()),
        ("DeleteAccountPasswordPolicy", _PERMISSIONS, _NONE, ()),
        ("GetAccountPasswordPolicy", _READ, _NONE, ()),
        ("UpdateAccountPasswordPolicy", _PERMISSIONS, _NONE, ()),
        ("AddClientIDToOpenIDConnectProvider", _PERMISSIONS, _PROVIDER, _TAGGED),
        ("CreateOpenIDConnectProvider", _PERMISSIONS, _PROVIDER, (REQUEST_TAG, TAG_KEYS)),
        ("DeleteOpenIDConnectProvider", _PERMISSIONS, _PROVIDER, _TAGGED),
        ("GetOpenIDConnectProvider", _READ, _PROVIDER, _TAGGED),
        ("ListOpenIDConnectProviderTags", _LIST, _PROVIDER, _TAGGED),
        ("ListOpenIDConnectProviders", _LIST, _NONE, ()),
        ("RemoveClientIDFromOpenIDConnectProvider", _PERMISSIONS, _PROVIDER, _TAGGED),
        ("TagOpenIDConnectProvider", _TAGGING, _PROVIDER, (RESOURCE_TAG, REQUEST_TAG, TAG_KEYS)),
        ("UntagOpenIDConnectProvider", _TAGGING, _PROVIDER, (RESOURCE_TAG, TAG_KEYS)),
        ("UpdateOpenIDConnectProviderThumbprint", _PERMISSIONS, _PROVIDER, _TAGGED),
    )
)

_MORE = {
    "CreateOpenIDConnectProvider": (Check("iam:TagOpenIDConnectProvider", _PROVIDER, "if tags are given"),),
}
"""The checks of an operation beyond the one on its own action."""

SIGN_IN_OPERATIONS = tuple(
    Operation("iam", name, (*(Check(action.name, on) for on in action.keys), *_MORE.get(name, ())))
    for action in SIGN_IN_ACTIONS
    for name in (action.name.removeprefix("iam:"),)
)
