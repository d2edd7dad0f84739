"""One authenticated call: who, what, where, when, and what it has touched so far.

Msgspec structs, because each call makes them and a dataclass takes several times as long to make.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec

from keystead.audit.event import Resource
from keystead.crypto.attestation import AttestationDocument, AttestationRoots
from keystead.crypto.key_families import Material
from keystead.crypto.material import Sealer
from keystead.crypto.randomness import Random
from keystead.model import Alias, Grant, Key
from keystead.model.quotas import ResourceQuotas
from keystead.names import AccountId, AliasArn, AliasName, KeyArn, KeyMaterialId, Region
from keystead.policy.request import AttachedPolicy, Caller
from keystead.service.account_entry import AccountEntry
from keystead.service.authenticated import UNRECOGNIZED, Authenticated
from keystead.service.compiled_policies import CompiledPolicies
from keystead.service.entries import KeyEntry, PrincipalEntry
from keystead.service.issuer_keys import IssuerKeys
from keystead.service.last_usage import LastUsage
from keystead.service.operation import Labour, Named, Operation, Target
from keystead.service.records import Records
from keystead.shapes.errors import UnrecognizedClientException
from keystead.store.port import ReadTx, WriteTx
from keystead.wire.http import HttpRequest
from keystead.wire.routes import Route

GLOBAL_SERVICES = {"iam": Region("us-east-1"), "organizations": Region("us-east-1")}
"""Services without Regions, and the Region where their calls count as made."""


class Touched(msgspec.Struct):
    """What one target of an operation resolved to.

    Attributes:
        arn: key ARN, alias ARN, another resource's ARN, or `*`.
        owner: the account the resource belongs to.
        entry: the key, None when the resource is no key or does not exist.
        on_key: whether the resource is a KMS key, there or not.
        alias: the alias itself, for targets on aliases.
        grant: the grant itself, for targets on grants.
        request_alias: the alias name by which the request named the key, or None.
        from_ciphertext: whether the key was read from the ciphertext.
        role: for targets on roles, the role.
        named: the resource of IAM, for targets on those.
        region: the Region that the check is made for, where that is not the call's.
    """

    target: Target
    arn: str
    owner: str
    entry: KeyEntry | None = None
    on_key: bool = False
    alias: Alias | None = None
    grant: Grant | None = None
    request_alias: AliasName | None = None
    from_ciphertext: bool = False
    named: Named | None = None
    role: PrincipalEntry | None = None
    region: Region | None = None


class Forwarded(NamedTuple):
    """What KMS called in the caller's name for a call: with an event of its own, where it was called.

    Attributes:
        service: whose operation it is: `kms` or `iam`.
        operation: its name.
        parameters: what its event shows of the request.
        elements: what its event shows of the response.
        made: the resource it was on.
    """

    service: str
    operation: str
    region: Region
    parameters: Mapping[str, object]
    elements: Mapping[str, object]
    made: Resource | None = None


def signed_by(who: Authenticated) -> dict[str, Any]:
    """The fields of a call that follow from its caller."""
    return {
        "who": who,
        "caller": who.caller,
        "identity": who.identity,
        "boundary": who.boundary,
        "session_policies": who.session_policies,
        "account": who.account,
        "account_entry": who.account_entry,
    }


class Call(msgspec.Struct):
    """A call as its operation sees it.

    Attributes:
        caller: the authenticated principal.
        identity: its compiled identity policies; empty for root users, who have none.
        boundary: its permissions boundary, if it has one.
        session_policies: those of its session; None when there is no such layer.
        account: the caller's account.
        account_entry: that account with its place in an organization; None when it is not in the store, as
            the account of a root user of `keystead dev` before its first call.
        region: the Region the request is signed for.
        time: milliseconds since the epoch.
        last_usage: when keys were last used.
        random: for keys and ids.
        salts: for what a ciphertext draws, and nothing else.
        issuer_keys: verifies web identity tokens; may take its time.
        attestation_roots: verifies attestation documents; None if there are no roots.
        touched: what the targets resolved to, in their order.
        made: keys that the operation made.
        event_data: what goes into the event's `additionalEventData`.
        authorization_message: of a refused call, the encoded message about why; else None.
        prepared: what the operation prepared.
        recipient: what the request's `Recipient` proves; None of a request without one.
    """

    http: HttpRequest
    request_id: str
    route: Route
    operation: Operation
    request: Any
    who: Authenticated
    caller: Caller
    identity: tuple[AttachedPolicy, ...]
    boundary: AttachedPolicy | None
    session_policies: tuple[AttachedPolicy, ...] | None
    account: AccountId
    account_entry: AccountEntry | None
    region: Region
    time: int
    random: Random
    salts: Random
    sealer: Sealer
    issuer_keys: IssuerKeys
    records: Records
    policies: CompiledPolicies
    last_usage: LastUsage
    attestation_roots: AttestationRoots | None = None
    touched: list[Touched] = []
    event_data: dict[str, object] = {}
    authorization_message: str | None = None
    made: list[Key] = []
    prepared: Any = None
    recipient: AttestationDocument | None = None

    def __repr__(self) -> str:
        """Which call it is, and nothing of what it carries."""
        return f"{type(self).__name__}({self.operation.service}:{self.operation.name}, {self.request_id})"

    def identify(self, who: Authenticated) -> None:
        """Says who calls, of a call that came without a signature."""
        for name, value in signed_by(who).items():
            setattr(self, name, value)

    def in_transaction(self, tx: WriteTx, records: Records, quotas: ResourceQuotas) -> "WriteCall":
        """The same call, reading and writing in `tx`; the caller's policies and account are read again there.

        UnrecognizedClientException if the caller is gone, or its account closed.
        """
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        who = self.who.as_of(records)
        if who is None:
            raise UnrecognizedClientException(UNRECOGNIZED)
        fields |= signed_by(who)
        return WriteCall(
            **(fields | {"records": records, "touched": [], "event_data": {}, "made": []}),
            tx=tx,
            quotas=quotas,
            forwarded=[],
        )

    @property
    def counts_against(self) -> str:
        """Whose quotas and turns it counts against: its account's; a service's own that calls for itself."""
        return self.account or self.caller.arn

    @property
    def inline(self) -> bool:
        """Whether all of the call is quick enough to run in the event loop."""
        operation = self.operation
        return not (
            operation.writes
            or operation.slow
            or operation.identifies
            or operation.labour
            or (operation.recipient and self.attested)
        )

    @property
    def attested(self) -> bool:
        """Whether it has a `Recipient`. What that proves is needed to decide, and takes milliseconds."""
        return bool(self.operation.recipient) and self.request.recipient is not None

    @property
    def decided_first(self) -> bool:
        """Whether the call is decided by itself, and its work then done where its labour belongs."""
        if self.operation.identifies is not None:
            return False  # whom it is decided for takes its time too
        return not self.operation.writes or self.labour is Labour.LONG

    @property
    def labour(self) -> Labour:
        """How much work the call's cryptography is, as far as is known (`Operation.labour`)."""
        asked = self.operation.labour
        return Labour.NONE if asked is None else asked(self)

    @property
    def key(self) -> KeyEntry:
        """The key of the first target on a key."""
        first = self.touched[0].entry
        return self.keys[0] if first is None else first

    @property
    def keys(self) -> list[KeyEntry]:
        """The keys of the targets, in their order."""
        return [touched.entry for touched in self.touched if touched.entry is not None]

    def owner(self, touched: Touched) -> AccountEntry | None:
        """The account that a resource belongs to; None for one that the store does not know."""
        if touched.owner == self.account and self.account_entry is not None:
            return self.account_entry
        return self.records.account(AccountId(touched.owner)) if touched.owner else None

    def material(self, entry: KeyEntry, id: KeyMaterialId | None) -> Material | None:
        """The unsealed material `id` of a key, or None when it has no such material."""
        return None if id is None else self.records.material(entry, id)

    @contextmanager
    def reading(self) -> Iterator[ReadTx]:
        """A transaction for look-ups beyond the targets."""
        with self.records.transaction() as tx:
            yield tx

    def alias_arn(self, name: AliasName) -> AliasArn:
        """The ARN of an alias in the caller's account and Region."""
        return AliasArn(self.region, self.account, name)

    def key_arn(self, key_id: str) -> KeyArn:
        """The ARN of a key in the caller's account and Region, or `InvalidName`."""
        return KeyArn.parse(f"arn:aws:kms:{self.region}:{self.account}:key/{key_id}")


class WriteCall(Call, kw_only=True):
    """A call that runs inside a write transaction, and the quotas of what it may add."""

    tx: WriteTx
    quotas: ResourceQuotas
    forwarded: list[Forwarded]
    """What KMS called for this call elsewhere."""

    def created(self, key: Key) -> None:
        """Notes a key that the operation made, for the event's resources."""
        self.made.append(key)
