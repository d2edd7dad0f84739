"""Operations, declared: what a call touches, needs and records. The pipeline applies it to all alike.

A new operation is one function under one of the decorators `reads` and `writes`, with its targets. Nothing
about authentication, lookup, authorization, key state, audit or dry runs is written in the function. What it
demands of the key's state is not declared: it follows from its name (`model/lifecycle.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from keystead.kinds import KeyUsage
from keystead.model import Key, Tag, lifecycle
from keystead.policy.catalogue import ResourceType, keys_filled
from keystead.policy.request import Grant

if TYPE_CHECKING:
    from keystead.service.authenticated import Authenticated
    from keystead.service.call import Call


class Labour(Enum):
    """How much work the cryptography of a call is; where it is done follows from it.

    What is not `NONE` never holds up the event loop; what is `LONG` has threads of its own, few and of low
    priority, so that it holds up no other call either.
    """

    NONE = auto()
    """Microseconds."""
    SHORT = auto()
    """About a millisecond."""
    LONG = auto()
    """From tens of milliseconds to seconds."""


Request = Any
"""A request record of `keystead.shapes`; which one, the operation's shape says."""


def _keys() -> Any:
    """The condition keys of a check, in lower case, as the catalogue lists them for its action."""
    return field(init=False, repr=False, compare=False)


def _fill(target: "Target", resource: ResourceType) -> None:
    """Sets `keys` of a new target; ValueError when the catalogue does not know its action."""
    object.__setattr__(target, "keys", keys_filled(target.action, resource))


@dataclass(frozen=True, slots=True)
class OnKey:
    """A check on the KMS key that a member of the request names.

    Attributes:
        action: the IAM action to authorize.
        member: the request's attribute that names the key.
        aliases: whether an alias name or alias ARN is accepted there too.
        says_no_aliases: whether an alias where none is accepted is refused as one, and not as a bad id.
        cross_account: whether the operation can be used on another account's key.
        suits: refuses a kind of key before its state is looked at; it raises.
        usage: the key usage it needs, None for any.
        ciphertext: the attribute with the symmetric blob from which the key is read when `member` is absent.
        algorithm: the attribute with the encryption algorithm, where there is one.
        encryption_context: the attribute with the encryption context, where there is one.
        creates: the grant that the operation would make, from the call and the request. A caller whose right
            comes from a grant may make only narrower ones, and that is for `policy.authorize` to decide.
        keys: the condition keys that it has. Not declared: they follow from the action, for every kind of
            target.
    """

    action: str
    member: str = "key_id"
    aliases: bool = False
    says_no_aliases: bool = False
    cross_account: bool = False
    suits: Callable[[Key], None] | None = None
    usage: KeyUsage | None = None
    ciphertext: str = ""
    algorithm: str = ""
    encryption_context: str = ""
    creates: "Callable[[Call, Request], Grant] | None" = None
    keys: frozenset[str] = _keys()

    def __post_init__(self) -> None:
        _fill(self, ResourceType.KEY)


@dataclass(frozen=True, slots=True)
class OnRelatedKey:
    """A check on the multi-Region key related to that of the first target, in the Region that a member names.

    It is made for that Region. It is not made where no such key is, or where it is the same one; what that
    means is for the operation to say.
    """

    action: str
    region: str
    keys: frozenset[str] = _keys()

    def __post_init__(self) -> None:
        _fill(self, ResourceType.KEY)


@dataclass(frozen=True, slots=True)
class OnAlias:
    """A check on the alias that a member of the request names; decided by the caller's identity side."""

    action: str
    member: str = "alias_name"
    exists: bool = True
    """Whether the alias must be there."""
    keys: frozenset[str] = _keys()

    def __post_init__(self) -> None:
        _fill(self, ResourceType.ALIAS)


@dataclass(frozen=True, slots=True)
class OnAliasTarget:
    """A check on the key that the alias points to now."""

    action: str
    member: str = "alias_name"
    keys: frozenset[str] = _keys()

    def __post_init__(self) -> None:
        _fill(self, ResourceType.KEY)


@dataclass(frozen=True, slots=True)
class OnGrant:
    """A check on a grant, named by its token or by key ARN and id; the grant and its key decide."""

    action: str
    keys: frozenset[str] = _keys()

    def __post_init__(self) -> None:
        _fill(self, ResourceType.KEY)


@dataclass(frozen=True, slots=True)
class OnNothing:
    """A check of an action that has no resource (`*`).

    Attributes:
        when: whether the check is made, from the request.
        region: the attribute with the Region that it is made for, where that is not the call's.
    """

    action: str
    when: Callable[[Request], bool] = lambda _: True
    region: str = ""
    keys: frozenset[str] = _keys()

    def __post_init__(self) -> None:
        _fill(self, ResourceType.NONE)


class Named(NamedTuple):
    """A resource of IAM as a request names it.

    Attributes:
        arn: its ARN; of one that is not there, the ARN that it would have.
        tags: the tags that it has now.
        boundary: the permissions boundary that it has now, if it is a user or role with one.
        shown: what a refusal calls it where that is not its ARN: `user alice` (seen in the field; where a
            thing is made or a path is listed it is the ARN).
    """

    arn: str
    tags: tuple[Tag, ...] = ()
    boundary: str | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class OnArn:
    """A check on a resource of IAM, or on a path of them.

    Attributes:
        named: which one, from the call and the request; None when the check is not made.
        resource: what kind of resource it is.
        when: whether the check is made, from the request.
    """

    action: str
    named: "Callable[[Call, Request], Named | None]"
    resource: ResourceType = ResourceType.IDENTITY
    when: Callable[[Request], bool] = lambda _: True
    keys: frozenset[str] = _keys()

    def __post_init__(self) -> None:
        _fill(self, self.resource)


@dataclass(frozen=True, slots=True)
class OnRole:
    """A check on the IAM role that a member of the request names, in any account.

    Its trust policy decides with the caller's identity policies; whether there is such a role nobody learns
    whom they do not let in. `when` may make it depend on the call and the request.
    """

    action: str
    member: str = "role_arn"
    when: "Callable[[Call, Request], bool]" = lambda _call, _request: True
    keys: frozenset[str] = _keys()

    def __post_init__(self) -> None:
        _fill(self, ResourceType.IDENTITY)


Target = OnKey | OnRelatedKey | OnAlias | OnAliasTarget | OnGrant | OnNothing | OnArn | OnRole


class Parameter(NamedTuple):
    """A request parameter that an audit event shows.

    Attributes:
        attribute: of the request record.
        name: as CloudTrail spells it.
        default: what AWS fills in when the request leaves it out; None shows nothing then.
    """

    attribute: str
    name: str
    default: object


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the audit event shows of a call (CloudTrail "requestParameters" and "responseElements").

    Attributes:
        parameters: what to show of the request, in order; None shows no parameters at all.
        elements: what to show of the response, from the call and the response; None shows nothing.
    """

    parameters: tuple[Parameter, ...] | None
    elements: "Callable[[Any, Any], Mapping[str, object]] | None" = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its declaration and its function.

    Attributes:
        service: `kms`, `iam`, `organizations`, `sts` or `keystead`.
        name: the API operation.
        targets: the checks, in the order they are resolved and authorized.
        writes: whether it runs inside a write transaction, on its own thread.
        read_only: what CloudTrail says of it.
        cryptographic: whether it uses keys in the sense of GetKeyLastUsage.
        check: refuses a request for itself, before any key is looked up; it raises.
        recorded: what the audit event shows.
        function: does the work. It may rely on everything the targets promise.
        identifies: for an operation that is called without a signature: who calls, by what the request
            carries in its place. It raises for a request that proves nothing, may take its time, and runs
            like the operation in a thread.
        prepare: what takes so long that neither a transaction nor the event loop should wait for it. It runs
            before the function, for permitted callers only, and its result is in `Call.prepared`. A
            transaction then decides anew; what was prepared from what is stored may be out of date by then.
        slow: whether all of it may take so long that it must not run in the event loop. What writes never
            does.
        recipient: the response's attribute with the secret that a `Recipient` of the request gets encrypted;
            empty where requests have none.
        labour: how much work its cryptography is: of what reads asked when the call is permitted, of what
            writes by the request alone. `prepare` is run where that belongs, or the function of what reads
            and has nothing to prepare.
    """

    service: str
    name: str
    targets: tuple[Target, ...]
    writes: bool
    read_only: bool
    cryptographic: bool
    check: Callable[[Request], None] | None
    recorded: Recorded
    function: Callable[..., Any]
    identifies: "Callable[[Call], Authenticated] | None" = None
    prepare: "Callable[[Call, Request], Any] | None" = None
    slow: bool = False
    recipient: str = ""
    labour: "Callable[[Call], Labour] | None" = None


REGISTRY: dict[tuple[str, str], Operation] = {}
"""Every operation by service and name; filled by importing the operations' modules."""

F = TypeVar("F", bound=Callable[..., Any])

_NOT_LOGGED = Recorded(None)


def reads(
    service: str,
    name: str,
    *targets: Target,
    check: Callable[[Request], None] | None = None,
    prepare: "Callable[[Call, Request], Any] | None" = None,
    recorded: Recorded = _NOT_LOGGED,
    slow: bool = False,
    recipient: str = "",
    labour: "Callable[[Call], Labour] | None" = None,
    identifies: "Callable[[Call], Authenticated] | None" = None,
) -> Callable[[F], F]:
    """Declares an operation that changes nothing: `function(call: Call, request) -> response`.

    It runs in the event loop, and must be quick there; in a thread if it is `slow`, if its `labour` is more
    than `Labour.NONE` and not that of `prepare`, or for a `Recipient`.
    """
    return _register(
        service,
        name,
        targets,
        writes=False,
        read_only=True,
        check=check,
        prepare=prepare,
        recorded=recorded,
        slow=slow,
        recipient=recipient,
        labour=labour,
        identifies=identifies,
    )


def writes(
    service: str,
    name: str,
    *targets: Target,
    check: Callable[[Request], None] | None = None,
    prepare: "Callable[[Call, Request], Any] | None" = None,
    labour: "Callable[[Call], Labour] | None" = None,
    recorded: Recorded = _NOT_LOGGED,
) -> Callable[[F], F]:
    """Declares an operation that changes the store: `function(call: WriteCall, request) -> response`.

    What the function does is undone when it raises. It may run twice and must take in no outside effects.
    """
    return _register(
        service,
        name,
        targets,
        writes=True,
        read_only=False,
        check=check,
        prepare=prepare,
        labour=labour,
        recorded=recorded,
    )


def _register(service: str, name: str, targets: tuple[Target, ...], **declaration: Any) -> Callable[[F], F]:
    def register(function: F) -> F:
        key = (service, name)
        if key in REGISTRY:
            raise ValueError(f"operation {service}:{name} is declared twice")
        if any(isinstance(target, OnKey) for target in targets) and name not in lifecycle.TABLE:
            raise ValueError(f"operation {name} has no row in the table of key states")
        cryptographic = any(isinstance(target, OnKey) and target.usage is not None for target in targets)
        REGISTRY[key] = Operation(
            service, name, targets, function=function, cryptographic=cryptographic, **declaration
        )
        return function

    return register


def not_offered(service: str, name: str) -> Operation:
    """An operation of AWS's that this release lacks: it is recorded like any other, and never run."""

    def function(_call: "Call", _request: Request) -> None:
        raise AssertionError(f"{service}:{name} is not offered")

    read_only = name.startswith(("Get", "List", "Describe"))
    return Operation(service, name, (), False, read_only, False, None, _NOT_LOGGED, function)


def recorded(
    *parameters: str,
    defaults: Mapping[str, object] | None = None,
    elements: "Callable[[Any, Any], Mapping[str, object]] | None" = None,
) -> Recorded:
    """What the audit event shows of an operation; see `Recorded`.

    Args:
        parameters: request attributes to show, in order.
        defaults: values AWS fills in when the request leaves them out, by attribute.
        elements: what to show of the response.
    """
    filled_in = defaults or {}
    shown = tuple(Parameter(name, lower_camel(name), filled_in.get(name)) for name in parameters)
    return Recorded(shown, elements)


def lower_camel(attribute: str) -> str:
    """`encryption_context` -> `encryptionContext`, as CloudTrail spells members."""
    head, *rest = attribute.split("_")
    return head + "".join(word.capitalize() for word in rest)
