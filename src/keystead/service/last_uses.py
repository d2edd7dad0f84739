"""When, where and for which service each access key signed last.

A call must not pay for it with a write: uses are noted in this process and put into the store together, now
and then. What was noted since is lost if the process is killed.
"""

from keystead.model import CredentialUse
from keystead.names import AccessKeyId, Region
from keystead.store.port import ReadTx, Store

_Noted = tuple[float, Region, str]


class LastUses:
    """The last uses that this process has seen. Safe to share between threads."""

    def __init__(self) -> None:
        self._noted: dict[AccessKeyId, _Noted] = {}
        self._being_kept: dict[AccessKeyId, _Noted] = {}

    def note(self, access_key_id: AccessKeyId, now: float, region: Region, service: str) -> None:
        """Notes that a request signed with the access key was authenticated.

        Args:
            access_key_id: an access key that exists: what is noted is bounded by their number.
            now: seconds since the epoch.
            region: the one that the request was signed for.
            service: the one that the request was for; see `CredentialUse`.
        """
        self._noted[access_key_id] = (now, region, service)

    def of(self, tx: ReadTx, access_key_id: AccessKeyId) -> CredentialUse | None:
        """The last use that this process or the store knows of; another process may have seen a later one."""
        noted = self._noted.get(access_key_id) or self._being_kept.get(access_key_id)
        kept = tx.credential_use(access_key_id)
        mine = None if noted is None else _use(noted)
        if mine is None or (kept is not None and kept.time > mine.time):
            return kept
        return mine

    def keep(self, store: Store) -> None:
        """Puts into the store what was noted since the last time; by one thread at a time.

        Raises `StoreError`: then everything is still noted.
        """
        if not self._noted and not self._being_kept:
            return
        # Another thread goes on noting, so nothing walks through `_noted`: `copy` is one step for the
        # interpreter. The first one lets `of` find everything, the second one takes what came in between.
        noted = self._noted
        self._being_kept |= noted.copy()
        self._noted = {}
        self._being_kept |= noted.copy()
        with store.write("last uses of access keys") as tx:
            tx.note_credential_uses({name: _use(noted) for name, noted in self._being_kept.items()})
        self._being_kept = {}


def _use(noted: _Noted) -> CredentialUse:
    now, region, service = noted
    return CredentialUse(int(now * 1000), region, service)
