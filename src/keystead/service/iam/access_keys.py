"""CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed.

A request without `UserName` is about the caller's own access keys, and that is the only way in which those of
a root user are managed here: nobody else can name one.
"""

from dataclasses import dataclass

from keystead.crypto.material import seal_secret
from keystead.kinds import CredentialStatus
from keystead.model import Credential
from keystead.names import AccessKeyId, AccountRootArn, UserArn
from keystead.policy.request import CallerKind
from keystead.service.call import Call, WriteCall
from keystead.service.iam.elements import created_access_key
from keystead.service.iam.identifiers import new_access_key_id, new_secret
from keystead.service.iam.named_user import on_user, user_of
from keystead.service.iam.pages import page
from keystead.service.operation import Named, OnArn, reads, recorded, writes
from keystead.shapes.errors import ValidationException
from keystead.shapes.iam import (
    AccessKey,
    AccessKeyLastUsed,
    AccessKeyMetadata,
    CreateAccessKeyRequest,
    CreateAccessKeyResponse,
    DeleteAccessKeyRequest,
    GetAccessKeyLastUsedRequest,
    GetAccessKeyLastUsedResponse,
    ListAccessKeysRequest,
    ListAccessKeysResponse,
    UpdateAccessKeyRequest,
)
from keystead.shapes.iam_errors import LimitExceededException, NoSuchEntityException
from keystead.store.port import ReadTx

MOST_KEYS = 2
"""IAM User Guide, "IAM and AWS STS quotas": access keys assigned to a user, and to a root user."""

NOT_USED = "N/A"
"""Region and service of an access key that was never used (IAM API, `AccessKeyLastUsed`)."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose access keys a call is about.

    Attributes:
        name: the user's; a root user has none, so that its account's id stands for it (unverified).
        unique_id: the user's, or None for the root user of the caller's account.
    """

    name: str
    unique_id: str | None


def _owner_of(call: Call, tx: ReadTx, name: str | None) -> Owner:
    """The user `name`, or the caller; raises as `user_of` does."""
    if name is None and call.caller.kind is CallerKind.ROOT:
        return Owner(call.account, None)
    user = user_of(call, tx, name)
    return Owner(user.name, user.unique_id)


def _keys_of(call: Call, tx: ReadTx, owner: Owner) -> tuple[Credential, ...]:
    return tx.root_credentials(call.account) if owner.unique_id is None else tx.credentials(owner.unique_id)


@writes(
    "iam",
    "CreateAccessKey",
    on_user("iam:CreateAccessKey"),
    recorded=recorded("user_name", elements=created_access_key),
)
def create_access_key(call: WriteCall, request: CreateAccessKeyRequest) -> CreateAccessKeyResponse:
    """Makes an access key. This answer is the only place where its secret is ever shown."""
    owner = _owner_of(call, call.tx, request.user_name)
    if len(_keys_of(call, call.tx, owner)) >= MOST_KEYS:
        raise LimitExceededException(f"Cannot exceed quota for AccessKeysPerUser: {MOST_KEYS}")
    access_key_id, secret = new_access_key_id(call.random), new_secret(call.random)
    credential = Credential(
        access_key_id=access_key_id,
        account=call.account,
        principal=owner.unique_id,
        status=CredentialStatus.ACTIVE,
        sealed_secret=seal_secret(call.sealer, access_key_id, secret, random=call.random),
        created=call.time,
    )
    call.tx.add_credential(credential)
    return CreateAccessKeyResponse(
        access_key=AccessKey(
            user_name=owner.name,
            access_key_id=access_key_id,
            status=credential.status.value,
            secret_access_key=secret,
            create_date=credential.created / 1000,
        )
    )


@reads(
    "iam",
    "ListAccessKeys",
    on_user("iam:ListAccessKeys"),
    recorded=recorded("user_name", "marker", "max_items"),
)
def list_access_keys(call: Call, request: ListAccessKeysRequest) -> ListAccessKeysResponse:
    """The access keys of a user, or of the calling root user, by id, without their secrets."""
    bounds = page(call, request)
    with call.reading() as tx:
        owner = _owner_of(call, tx, request.user_name)
        found = _keys_of(call, tx, owner)
    after = [key for key in found if key.access_key_id > bounds.after]
    keys = bounds.cut(after, lambda key: key.access_key_id)
    return ListAccessKeysResponse(
        access_key_metadata=[_metadata(owner, key) for key in keys.items],
        is_truncated=keys.marker is not None,
        marker=keys.marker,
    )


def _metadata(owner: Owner, key: Credential) -> AccessKeyMetadata:
    return AccessKeyMetadata(
        user_name=owner.name,
        access_key_id=key.access_key_id,
        status=key.status.value,
        create_date=key.created / 1000,
    )


def _check_status(request: UpdateAccessKeyRequest) -> None:
    if request.status == "Expired":  # one that the model lists and nobody can set; the sentence is ours
        raise ValidationException("Status must be Active or Inactive.")


@writes(
    "iam",
    "UpdateAccessKey",
    on_user("iam:UpdateAccessKey"),
    check=_check_status,
    recorded=recorded("user_name", "access_key_id", "status"),
)
def update_access_key(call: WriteCall, request: UpdateAccessKeyRequest) -> None:
    """Lets an access key sign requests, or not; in force for the next request."""
    key = _key_of(call, call.tx, request)
    call.tx.set_credential_status(key.access_key_id, CredentialStatus(request.status))


@writes(
    "iam",
    "DeleteAccessKey",
    on_user("iam:DeleteAccessKey"),
    recorded=recorded("user_name", "access_key_id"),
)
def delete_access_key(call: WriteCall, request: DeleteAccessKeyRequest) -> None:
    """Removes an access key; in force for the next request."""
    call.tx.delete_credential(_key_of(call, call.tx, request).access_key_id)


def _key_of(call: Call, tx: ReadTx, request: UpdateAccessKeyRequest | DeleteAccessKeyRequest) -> Credential:
    """The access key of the named user; another's is not there."""
    owner = _owner_of(call, tx, request.user_name)
    key = _key_in_account(call, tx, request.access_key_id)
    if key is None or key.principal != owner.unique_id:
        raise _no_such_key(request.access_key_id)
    return key


def _key_in_account(call: Call, tx: ReadTx, access_key_id: str) -> Credential | None:
    key = tx.credential(AccessKeyId(access_key_id))  # the model's pattern is that of an id
    return key if key is not None and key.account == call.account else None


def _no_such_key(access_key_id: str) -> NoSuchEntityException:
    return NoSuchEntityException(f"The Access Key with id {access_key_id} cannot be found.")


def _owner(call: Call, request: GetAccessKeyLastUsedRequest) -> Named:
    """The user who has the access key, or the account's every user when nobody of it does.

    So only who may ask about all of them learns that an access key is not there (unverified).
    """
    with call.reading() as tx:
        key = _key_in_account(call, tx, request.access_key_id)
        if key is None:
            return Named(str(UserArn(call.account, "/", "*")))
        user = None if key.principal is None else tx.principal(key.principal)
    if user is None:
        return Named(str(AccountRootArn(call.account)))
    return Named(str(user.arn), user.tags, user.boundary)


@reads(
    "iam",
    "GetAccessKeyLastUsed",
    OnArn("iam:GetAccessKeyLastUsed", _owner),
    recorded=recorded("access_key_id"),
)
def get_access_key_last_used(
    call: Call, request: GetAccessKeyLastUsedRequest
) -> GetAccessKeyLastUsedResponse:
    """When, in which Region and for which API an access key of the caller's account signed last.

    Uses on another worker appear within a minute.
    """
    with call.reading() as tx:
        key = _key_in_account(call, tx, request.access_key_id)
        # Another ARN means that the access key was made or deleted after the check.
        if key is None or _owner(call, request).arn != call.touched[0].arn:
            raise _no_such_key(request.access_key_id)
        user = None if key.principal is None else tx.principal(key.principal)
    use = call.records.last_use(key.access_key_id)
    return GetAccessKeyLastUsedResponse(
        user_name=call.account if user is None else user.name,
        access_key_last_used=AccessKeyLastUsed(
            last_used_date=None if use is None else use.time / 1000,
            service_name=NOT_USED if use is None else use.service,
            region=NOT_USED if use is None else use.region,
        ),
    )
