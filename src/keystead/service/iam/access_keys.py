"""CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey: of users, not of root users."""

from keystead.crypto.material import seal_secret
from keystead.kinds import CredentialStatus
from keystead.model import Credential, Principal
from keystead.names import AccessKeyId
from keystead.service.call import Call, WriteCall
from keystead.service.iam.elements import created_access_key
from keystead.service.iam.identifiers import new_access_key_id, new_secret
from keystead.service.iam.named_user import on_user, user_of
from keystead.service.iam.pages import page
from keystead.service.operation import reads, recorded, writes
from keystead.shapes.errors import ValidationException
from keystead.shapes.iam import (
    AccessKey,
    AccessKeyMetadata,
    CreateAccessKeyRequest,
    CreateAccessKeyResponse,
    DeleteAccessKeyRequest,
    ListAccessKeysRequest,
    ListAccessKeysResponse,
    UpdateAccessKeyRequest,
)
from keystead.shapes.iam_errors import LimitExceededException, NoSuchEntityException
from keystead.store.port import ReadTx

MOST_KEYS = 2
"""IAM User Guide, "IAM and AWS STS quotas": access keys assigned to a user."""


@writes(
    "iam",
    "CreateAccessKey",
    on_user("iam:CreateAccessKey"),
    recorded=recorded("user_name", elements=created_access_key),
)
def create_access_key(call: WriteCall, request: CreateAccessKeyRequest) -> CreateAccessKeyResponse:
    """Makes an access key. This answer is the only place where its secret is ever shown."""
    user = user_of(call, call.tx, request.user_name)
    if len(call.tx.credentials(user.unique_id)) >= MOST_KEYS:
        raise LimitExceededException(f"Cannot exceed quota for AccessKeysPerUser: {MOST_KEYS}")
    access_key_id, secret = new_access_key_id(call.random), new_secret(call.random)
    credential = Credential(
        access_key_id=access_key_id,
        account=call.account,
        principal=user.unique_id,
        status=CredentialStatus.ACTIVE,
        sealed_secret=seal_secret(call.sealer, access_key_id, secret, random=call.random),
        created=call.time,
    )
    call.tx.add_credential(credential)
    return CreateAccessKeyResponse(
        access_key=AccessKey(
            user_name=user.name,
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
    """The access keys of a user, by id, without their secrets."""
    bounds = page(call, request)
    with call.reading() as tx:
        user = user_of(call, tx, request.user_name)
        found = tx.credentials(user.unique_id)
    after = [key for key in found if key.access_key_id > bounds.after]
    keys = bounds.cut(after, lambda key: key.access_key_id)
    return ListAccessKeysResponse(
        access_key_metadata=[_metadata(user, key) for key in keys.items],
        is_truncated=keys.marker is not None,
        marker=keys.marker,
    )


def _metadata(user: Principal, key: Credential) -> AccessKeyMetadata:
    return AccessKeyMetadata(
        user_name=user.name,
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
    user = user_of(call, tx, request.user_name)
    key = tx.credential(AccessKeyId(request.access_key_id))  # the model's pattern is that of an id
    if key is None or key.principal != user.unique_id:
        raise NoSuchEntityException(f"The Access Key with id {request.access_key_id} cannot be found.")
    return key
