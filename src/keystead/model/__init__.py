"""What Keystead keeps: frozen records, without behaviour that needs a store or a clock.

Times are `int` milliseconds since 1970-01-01T00:00:00Z, which is the precision AWS answers with.
"""

from keystead.model.credential import Credential
from keystead.model.event import AuditEvent
from keystead.model.grant import Grant, GrantConstraints
from keystead.model.key import Alias, Key, KeyMaterial, SealedRootKey, Tag
from keystead.model.principal import Account, InlinePolicy, Principal
from keystead.model.session import Session, SessionKind, SessionTag, WebIdentity

__all__ = [
    "Account",
    "Alias",
    "AuditEvent",
    "Credential",
    "Grant",
    "GrantConstraints",
    "InlinePolicy",
    "Key",
    "KeyMaterial",
    "Principal",
    "SealedRootKey",
    "Session",
    "SessionKind",
    "SessionTag",
    "Tag",
    "WebIdentity",
]
