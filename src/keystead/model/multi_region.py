"""What the related keys of a multi-Region key share, and what each has for itself.

They are a row each, in its own Region, and this is the one place that says which of its fields are copies.
Source: KMS Developer Guide, "Shared properties of multi-Region keys"; recordings.

Shared: account and key id, spec, usage, origin, manager, rotation, the Region of the primary key, and the
versions of material with their ids, dates, descriptions and being staged (`KeyMaterial`), sealed for each row
by itself.
Its own: state and what belongs to it, deletion, policy, description, tags, aliases, grants, creation date,
last use; of imported material, whether it is there and when it expires.
"""

from dataclasses import replace

from keystead.kinds import KeyState
from keystead.model.key import PASSING_TAKES, Imported, Key
from keystead.names import Region


def replica_of(primary: Key, region: Region, *, description: str, policy: str, now: int) -> Key:
    """A new replica, which is being created; `now` is in milliseconds."""
    return Key(
        arn=primary.arn.in_region(region),
        spec=primary.spec,
        usage=primary.usage,
        origin=primary.origin,
        manager=primary.manager,
        state=KeyState.CREATING,
        description=description,
        policy=policy,
        created=now,
        current_material=primary.current_material,
        rotation=primary.rotation,
        # Shown until it is created (recorded); it has nothing imported.
        imported=Imported(expiration_model=primary.imported.expiration_model),
        primary_region=primary.primary_region,
        passing_until=now + PASSING_TAKES,
    )


def sharing(own: Key, related: Key) -> Key:
    """`own` with what it shares with `related`, of what may change."""
    return replace(
        own,
        current_material=related.current_material,
        rotation=related.rotation,
        primary_region=related.primary_region,
    )
