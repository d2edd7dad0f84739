"""The Organizations API: accounts, units, policies, invitations. Importing it registers its operations."""

from keystead.service.organizations import (
    accounts,
    attachments,
    handshakes,
    leaving,
    organization,
    policies,
    service_access,
    tags,
    tree,
    units,
)

__all__ = [
    "accounts",
    "attachments",
    "handshakes",
    "leaving",
    "organization",
    "policies",
    "service_access",
    "tags",
    "tree",
    "units",
]
