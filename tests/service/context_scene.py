"""Calls in memory, and the contexts of their checks, for every operation of the API.

Operations that this release does not offer are here too: their requests have shapes, and what shows a member
of a request needs nothing else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_args, get_origin

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa

from keystead.crypto.attestation import AttestationDocument
from keystead.kinds import FeatureSet, KeyManager, KeySpec, KeyState, KeyUsage, Origin
from keystead.model import (
    Account,
    Grant,
    GrantConstraints,
    Key,
    KeyUse,
    Organization,
    Session,
    SessionKind,
    SessionTag,
    Tag,
    WebIdentity,
)
from keystead.names import (
    AccessKeyId,
    AccountId,
    AliasName,
    GrantId,
    KeyArn,
    KeyMaterialId,
    Region,
    ServiceName,
)
from keystead.policy.catalogue import OPERATIONS, Check, ResourceType, keys_filled
from keystead.policy.request import AttachedPolicy, Caller, CallerKind
from keystead.service.account_entry import AccountEntry
from keystead.service.authenticated import Authenticated
from keystead.service.call import Call, Touched
from keystead.service.context import CheckContext
from keystead.service.entries import KeyEntry
from keystead.service.operation import (
    Named,
    OnAlias,
    OnAliasTarget,
    OnArn,
    OnGrant,
    OnKey,
    OnNothing,
    Target,
)
from keystead.shapes import kms
from keystead.wire.http import HttpRequest

ACCOUNT, REGION = "111122223333", "eu-west-1"
ARN = KeyArn.parse(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab")
OTHER_ARN = KeyArn.parse(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-0987654321ab")
USER = Caller(CallerKind.USER, f"arn:aws:iam::{ACCOUNT}:user/team/ada", ACCOUNT, "AIDAEXAMPLE0000USER")
ROOT = Caller(CallerKind.ROOT, f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, ACCOUNT)
SESSION = Caller(
    CallerKind.ROLE_SESSION,
    f"arn:aws:sts::{ACCOUNT}:assumed-role/r/run",
    ACCOUNT,
    "AROAEXAMPLE0000ROLE:run",
    role_arn=f"arn:aws:iam::{ACCOUNT}:role/team/r",
)
FEDERATED = Caller(
    CallerKind.FEDERATED_USER, f"arn:aws:sts::{ACCOUNT}:federated-user/fred", ACCOUNT, f"{ACCOUNT}:fred"
)
SERVICE = Caller(CallerKind.SERVICE, "cloudtrail.amazonaws.com", "", "")
NOW = 1_800_000_123_456
HEADERS = {"user-agent": "aws-cli/2", "referer": "https://example.com/"}
KEY = Key(
    arn=ARN,
    spec=KeySpec.SYMMETRIC_DEFAULT,
    usage=KeyUsage.SIGN_VERIFY,  # unlike the default, so that one cannot pass for the other
    origin=Origin.EXTERNAL,
    manager=KeyManager.CUSTOMER,
    state=KeyState.ENABLED,
    description="",
    policy="{}",
    created=0,
    current_material=KeyMaterialId.parse("ab" * 32),
    tags=(Tag("Team", "pay"), Tag("env", "prod")),
)
SESSION_OF_ALL = Session(
    kind=SessionKind.SELF,
    access_key_id=AccessKeyId("ASIAEXAMPLE0000KEY00"),
    secret="secret",
    account=AccountId(ACCOUNT),
    principal=USER.unique_id,
    name="",
    issued=1_799_999_000_000,
    expires=1_800_003_000_000,
    tags=(SessionTag("Team", "pay"),),
    source_identity="Ada",
    mfa_time=1_799_999_123_000,
    web_identity=WebIdentity(f"arn:aws:iam::{ACCOUNT}:oidc-provider/issuer.example", "aud", "sub"),
)
"""A session that has everything that one can have, which none has at once."""

BY_SESSION = Authenticated(USER, AccountId(ACCOUNT), None, msgspec.Raw(b"{}"), SESSION_OF_ALL)
BY_SERVICES = Authenticated(
    USER,
    AccountId(ACCOUNT),
    None,
    msgspec.Raw(b"{}"),
    SESSION_OF_ALL,
    called_via=(ServiceName("s3"), ServiceName("athena")),
    via="athena.eu-west-1.amazonaws.com",
    invoked_by="athena.amazonaws.com",
)
BY_ACCESS_KEY = Authenticated(USER, AccountId(ACCOUNT), None, msgspec.Raw(b"{}"))
LINKED_ROLE = Named(
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/mrk.kms.amazonaws.com/Role", (Tag("Team", "pay"),)
)
ENTRY = KeyEntry(KEY, str(ARN), AttachedPolicy(None, "default"))  # type: ignore[arg-type]  # no policy is read

GRANT = Grant(
    ARN,
    GrantId("ab" * 32),
    "AIDAEXAMPLE0000USER",
    (),
    AccountId(ACCOUNT),
    0,
    constraints=GrantConstraints(encryption_context_subset={"Stage": "prod"}),
)


ATTESTED = AttestationDocument(
    "i-0-enc0",
    {0: b"\xa0" * 48, 1: b"\xa1" * 48, 31: b"\xaf" * 32},
    rsa.RSAPublicNumbers(65537, (1 << 2048) - 1).public_key(),
)


class Uses:
    """Says of every key that it was used three and a half days before the calls of this scene."""

    def of(self, _tx: object, _key: KeyArn) -> KeyUse:
        return KeyUse("Encrypt", NOW - 84 * 3_600_000, "event", "request")


IN_ORGANIZATION = AccountEntry(
    Account(AccountId(ACCOUNT), 0),
    Organization("o-exampleorg", "r-root", AccountId("444455556666"), FeatureSet.ALL, frozenset(), 0),
    "o-exampleorg/r-root/ou-root-payments/",
)


class Names:
    """Records that know aliases and one account, and nothing else."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield None

    def alias_names(self, key: KeyArn) -> tuple[str, ...]:
        return ("alias/a", "alias/b") if key == ARN else ()

    def account(self, id: AccountId) -> AccountEntry | None:
        return IN_ORGANIZATION if id == ACCOUNT else None


def call(
    request: Any, caller: Caller = USER, client: str = "192.0.2.7", secure: bool = True, **more: Any
) -> Call:
    """A call with what contexts read; the rest of it is left empty."""
    headers = more.pop("headers", HEADERS)
    unread = {field.name: None for field in msgspec.structs.fields(Call) if field.required}
    read = {
        "http": HttpRequest("POST", "/", "", headers, b"", client, secure),
        "request": request,
        "who": BY_SESSION,
        "caller": caller,
        "account": AccountId(ACCOUNT),
        "account_entry": IN_ORGANIZATION,
        "region": Region(REGION),
        "time": NOW,
        "last_usage": Uses(),
        "records": Names(),
        "recipient": None if getattr(request, "recipient", None) is None else ATTESTED,
    }
    return Call(**(unread | read | more))


def made(annotation: Any) -> Any:
    """Some value of a member's type, and never an empty one."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    match origin:
        case None:
            if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
                return full(annotation)
            return {str: "text", bytes: b"bytes", bool: True, int: 7, float: 1_900_000_000.5}[annotation]
        case _ if origin is list:
            return [made(arguments[0])]
        case _ if origin is dict:
            return {"Stage": "prod"}
        case _ if str(origin) == "typing.Literal":
            return arguments[-1]
        case _ if hasattr(annotation, "__metadata__"):
            return made(annotation.__origin__)
        case _:  # optional
            return made(arguments[0])


def full(shape: type[msgspec.Struct]) -> Any:
    """A request with every member."""
    return shape(**{field.name: made(field.type) for field in msgspec.structs.fields(shape)})


def bare(shape: type[msgspec.Struct]) -> Any:
    """A request with no member that may be left out."""
    required = [field for field in msgspec.structs.fields(shape) if field.required]
    return shape(**{field.name: made(field.type) for field in required})


def target_of(check: Check, request: Any) -> Target:
    members = request.__struct_fields__
    side = {"kms:ReEncryptFrom": "source_", "kms:ReEncryptTo": "destination_"}.get(check.action, "")
    match check.resource:
        case ResourceType.KEY if check.action == "kms:RetireGrant":
            return OnGrant(check.action)
        case ResourceType.KEY:
            algorithm, context = f"{side}encryption_algorithm", f"{side}encryption_context"
            return OnKey(
                check.action,
                algorithm=algorithm if algorithm in members else "",
                encryption_context=context if context in members else "",
            )
        case ResourceType.ALIAS:
            return OnAlias(check.action)
        case ResourceType.NONE:
            return OnNothing(check.action)
        case ResourceType.IDENTITY:
            return OnArn(check.action, lambda *_: LINKED_ROLE)


def touched_by(target: Target, entry: KeyEntry | None = ENTRY, alias: str | None = "alias/a") -> Touched:
    on_key = isinstance(target, OnKey | OnAliasTarget | OnGrant)
    return Touched(
        target,
        str(ARN),
        ACCOUNT,
        entry if on_key else None,
        on_key=on_key,
        grant=GRANT if isinstance(target, OnGrant) else None,
        request_alias=None if alias is None else AliasName.parse(alias),
        named=LINKED_ROLE if isinstance(target, OnArn) else None,
    )


def contexts(name: str, request: Any) -> list[tuple[Check, CheckContext]]:
    """The contexts of an operation's checks, on a key with aliases and tags."""
    checks = OPERATIONS["kms", name].checks
    touched = [touched_by(target_of(check, request)) for check in checks]
    made_call = call(request, touched=touched, who=BY_SERVICES)
    return [(check, CheckContext(made_call, one)) for check, one in zip(checks, touched, strict=True)]


def context_of(name: str, index: int = 0, **members: Any) -> CheckContext:
    shape = kms.OPERATIONS[name].request
    given = {field: getattr(bare(shape), field) for field in shape.__struct_fields__} | members
    return contexts(name, shape(**given))[index][1]


def listed(check: Check) -> set[str]:
    return set(keys_filled(check.action, check.resource))
