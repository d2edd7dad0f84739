"""What time does to keys. Nobody calls for it, so it has no caller, no checks and no answer.

Every worker runs the jobs, and the store is the guard: a key is looked at again in the transaction that
changes it, and writers take turns, so that nothing is due any more that another worker has done.
"""

from dataclasses import replace

import structlog

from keystead.audit import event as audit
from keystead.crypto.material import Sealer
from keystead.crypto.randomness import Random
from keystead.kinds import KeyState, RotationType
from keystead.model import AuditEvent, Key
from keystead.model.imports import settled
from keystead.model.key import DAY
from keystead.names import KeyArn
from keystead.service.kms.deletion import waiting
from keystead.service.kms.related_keys import others, set_shared_life
from keystead.service.kms.rotation import rotated
from keystead.service.uuids import Uuids
from keystead.store.port import Store, StoreError, WriteTx

MOST_KEYS = 100
"""In one run, so that it ends soon when the worker stops."""

log = structlog.get_logger("keystead.jobs")


class Jobs:
    """Does what is due. Belongs to one thread.

    Args:
        store: where it is done; it stays the caller's to close.
        sealer: seals new material.
        random: `n` random bytes.
    """

    def __init__(self, store: Store, sealer: Sealer, random: Random) -> None:
        self._store = store
        self._sealer = sealer
        self._random = random
        self._event_ids = Uuids(random)

    def run(self, now: int) -> bool:
        """Does what is due at `now`, in milliseconds, for at most `MOST_KEYS` keys.

        What fails is logged and due again in the next run.

        Returns:
            Whether more may be due at once: of keys that all fail, the next run is early enough.
        """
        with self._store.read() as tx:
            due = tx.due_keys(now, MOST_KEYS)
        failed = 0
        for arn in due:
            try:
                while self._step(arn, now):
                    pass
            except StoreError as error:
                failed += 1
                log.exception("a job failed", key=str(arn), reason=str(error))
        self._store.scrub()  # tried again in the next run if a reader is in the way
        return len(due) == MOST_KEYS and failed < len(due)

    def _step(self, arn: KeyArn, now: int) -> bool:
        """Does one thing that is due on a key, in a transaction; False when nothing is."""
        with self._store.write("jobs") as tx:
            key = tx.key(arn.region, arn.key_id)
            if key is None or key.due is None or key.due > now:
                return False
            if events := self._do(tx, key, now):
                tx.append_events(events)
        return True

    def _do(self, tx: WriteTx, key: Key, now: int) -> list[AuditEvent]:
        """Does the first of what is due on a key, which is at least one thing; the events of it."""
        if key.settling_due(now):
            return self._settle(tx, key, now)
        if key.deletion_due(now):
            return self._delete(tx, key, now)
        if key.expiry_due(now):
            return self._expire(tx, key, now)
        if key.on_demand_rotation_due(now):
            return self._rotate(tx, key, now, RotationType.ON_DEMAND)
        return self._rotate(tx, key, now, RotationType.AUTOMATIC)

    def _settle(self, tx: WriteTx, key: Key, now: int) -> list[AuditEvent]:
        """Ends Creating or Updating. A new replica with imported material has yet to get its own."""
        ended = replace(key, state=KeyState.ENABLED, passing_until=None)
        tx.set_key_life(settled(ended, tx.key_materials(key.arn)))
        return self._synchronized(key, now) if key.state is KeyState.CREATING else []

    def _synchronized(self, key: Key, now: int) -> list[AuditEvent]:
        """That replicas got what they share. The event names the primary key (KMS Developer Guide)."""
        if key.primary_region is None:
            return []
        primary = key.arn.in_region(key.primary_region)
        return [self._event("SynchronizeMultiRegionKey", primary, now)]

    def _expire(self, tx: WriteTx, key: Key, now: int) -> list[AuditEvent]:
        """Removes one version of imported material that has expired."""
        expired = next(
            version
            for version in tx.key_materials(key.arn)
            if version.sealed is not None and version.valid_to is not None and version.valid_to <= now
        )
        tx.set_key_material(replace(expired, sealed=None))
        tx.set_key_life(settled(key, tx.key_materials(key.arn)))
        log.info("imported key material expired", key=str(key.arn), key_material=expired.id)
        # That the event names the material is unverified, and that one is written for a staged version.
        shown = {"keyMaterialId": str(expired.id)} if key.symmetric_encryption else {}
        return [self._event("DeleteExpiredKeyMaterial", key.arn, now, **shown)]

    def _rotate(self, tx: WriteTx, key: Key, now: int, kind: RotationType) -> list[AuditEvent]:
        new = rotated(tx, self._sealer, self._random, key, now, kind)
        if kind is RotationType.ON_DEMAND:
            schedule = replace(key.rotation, on_demand=None)
        else:
            assert key.rotation.period is not None
            schedule = replace(key.rotation, next=now + key.rotation.period * DAY)
        set_shared_life(tx, replace(new, rotation=schedule))
        if new is key:
            return []  # the staged material was deleted after the rotation was asked for
        log.info("key rotated", key=str(key.arn), rotation_type=kind.value)
        # The names of the materials in the event are unverified.
        event = self._event(
            "RotateKey",
            key.arn,
            now,
            rotationType=kind.value,
            previousKeyMaterialId=str(key.current_material),
            currentKeyMaterialId=str(new.current_material),
        )
        return [event, *(self._synchronized(key, now) if others(tx, key) else ())]

    def _delete(self, tx: WriteTx, key: Key, now: int) -> list[AuditEvent]:
        left = others(tx, key)
        tx.delete_key(key.arn)
        log.info("key deleted", key=str(key.arn))
        if len(left) == 1 and left[0].pending_window is not None:
            # The last replica is gone, and the waiting period of its primary key begins.
            tx.set_key_life(waiting(left[0], left[0].pending_window, now))
        return [self._event("DeleteKey", key.arn, now)]

    def _event(self, name: str, key: KeyArn, now: int, **details: str) -> AuditEvent:
        told: dict[str, object] = {"keyId": key.key_id, **details}
        return audit.service_event(name, key, event_id=self._event_ids.draw(), time=now, details=told)
