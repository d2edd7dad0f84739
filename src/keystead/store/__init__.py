"""The store: everything Keystead keeps, behind verbs of the domain.

Most callers need `open_store` and the protocols. Nothing outside of this package speaks SQL.
"""

from keystead.store.database import open_store
from keystead.store.port import AlreadyExists, Change, ReadTx, Store, StoreError, Topic, WriteTx

__all__ = ["AlreadyExists", "Change", "ReadTx", "Store", "StoreError", "Topic", "WriteTx", "open_store"]
