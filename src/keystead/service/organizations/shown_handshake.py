"""Invitations as the API answers them.

Source: Organizations API Reference, `Handshake`, and its examples.
"""

from keystead.kinds import FeatureSet, HandshakeState
from keystead.model import Handshake, Organization
from keystead.service.organization_arns import handshake_arn
from keystead.shapes import organizations as shapes
from keystead.store.port import ReadTx

INVITE = "INVITE"
"""The only action of handshakes here."""


def state_at(handshake: Handshake, now: int) -> HandshakeState:
    """Where the handshake stands at `now`, milliseconds since the epoch."""
    if handshake.state is HandshakeState.OPEN and now >= handshake.expires:
        return HandshakeState.EXPIRED
    return handshake.state


def shown_handshake(
    tx: ReadTx, organization: Organization, handshake: Handshake, now: int
) -> shapes.Handshake:
    """The handshake with who invites whom."""
    if handshake.account is None:
        invited = shapes.HandshakeParty(id=handshake.email, type="EMAIL")
    else:
        invited = shapes.HandshakeParty(id=handshake.account, type="ACCOUNT")
    resources = [
        _inviting(tx, organization),
        shapes.HandshakeResource(type=invited.type, value=invited.id),
    ]
    if handshake.notes:
        resources.append(shapes.HandshakeResource(type="NOTES", value=handshake.notes))
    return shapes.Handshake(
        id=handshake.id,
        arn=handshake_arn(organization, handshake),
        parties=[shapes.HandshakeParty(id=organization.id, type="ORGANIZATION"), invited],
        state=state_at(handshake, now).value,
        requested_timestamp=handshake.requested / 1000,
        expiration_timestamp=handshake.expires / 1000,
        action=INVITE,
        resources=resources,
    )


def _inviting(tx: ReadTx, organization: Organization) -> shapes.HandshakeResource:
    management = tx.account(organization.management)
    assert management is not None, "the management account exists"
    every = organization.feature_set is FeatureSet.ALL
    parts = {
        "MASTER_EMAIL": management.email,
        "MASTER_NAME": management.name,
        "ORGANIZATION_FEATURE_SET": "FULL" if every else organization.feature_set.value,
    }
    return shapes.HandshakeResource(
        type="ORGANIZATION",
        value=organization.id,
        resources=[
            shapes.HandshakeResource(type=part, value=value) for part, value in parts.items() if value
        ],
    )
