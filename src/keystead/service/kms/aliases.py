"""CreateAlias, UpdateAlias, DeleteAlias, ListAliases."""

from collections.abc import Mapping

from keystead.model import Alias, Key
from keystead.names import AliasArn, AliasName, InvalidName, KeyArn
from keystead.service.call import Call, WriteCall
from keystead.service.kms.pages import page
from keystead.service.kms.quotas import check_aliases
from keystead.service.lookup import alias_name
from keystead.service.managed_keys.making import predefined
from keystead.service.operation import OnAlias, OnAliasTarget, OnKey, OnNothing, reads, recorded, writes
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    AliasListEntry,
    CreateAliasRequest,
    DeleteAliasRequest,
    ListAliasesRequest,
    ListAliasesResponse,
    UpdateAliasRequest,
)
from keystead.shapes.kms_errors import (
    AlreadyExistsException,
    InvalidArnException,
    NotFoundException,
)
from keystead.store.port import AlreadyExists


def _target_arn(call: WriteCall, _: object) -> Mapping[str, object]:
    return {"keyId": call.keys[-1].arn}


def _check_target(request: CreateAliasRequest | UpdateAliasRequest) -> None:
    alias_name(request.alias_name)
    target = request.target_key_id
    if target.startswith("alias/") or ":alias/" in target:
        raise ValidationException("Aliases must refer to keys. Not aliases")


def _type(key: Key) -> str:
    return "SYMMETRIC" if key.symmetric else "ASYMMETRIC"


def _check_alike(arn: AliasArn, what: str, current: str, new: str) -> None:
    """Refuses to move an alias to a key for another purpose (for types the sentence is unverified)."""
    if current != new:
        raise ValidationException(
            f"Alias {arn} cannot be changed from a CMK with {what} {current} to a CMK with {what} {new}. "
            f"The {what} of the current CMK and the new CMK must be the same."
        )


def _check_name(request: DeleteAliasRequest) -> None:
    alias_name(request.alias_name)


@writes(
    "kms",
    "CreateAlias",
    OnAlias("kms:CreateAlias", exists=False),
    OnKey("kms:CreateAlias", member="target_key_id"),
    check=_check_target,
    recorded=recorded("alias_name", "target_key_id", elements=_target_arn),
)
def create_alias(call: WriteCall, request: CreateAliasRequest) -> None:
    """Gives a key a name that is new in its account and Region."""
    arn = call.alias_arn(alias_name(request.alias_name))
    check_aliases(call, call.key.key.arn)
    try:
        call.tx.add_alias(Alias(arn, call.key.key.arn.key_id, call.time, call.time))
    except AlreadyExists:
        raise AlreadyExistsException(f"An alias with the name {arn} already exists") from None


@writes(
    "kms",
    "UpdateAlias",
    OnAlias("kms:UpdateAlias"),
    OnAliasTarget("kms:UpdateAlias"),
    OnKey("kms:UpdateAlias", member="target_key_id"),
    check=_check_target,
    recorded=recorded("alias_name", "target_key_id", elements=_target_arn),
)
def update_alias(call: WriteCall, request: UpdateAliasRequest) -> None:
    """Points an alias at another key of the same usage and type."""
    arn = call.alias_arn(alias_name(request.alias_name))
    current, new = call.keys
    _check_alike(arn, "key usage", current.key.usage, new.key.usage)
    _check_alike(arn, "key type", _type(current.key), _type(new.key))
    if new.arn != current.arn:
        check_aliases(call, new.key.arn)
    call.tx.set_alias_target(arn, new.key.arn.key_id, call.time)


@writes(
    "kms",
    "DeleteAlias",
    OnAlias("kms:DeleteAlias"),
    OnAliasTarget("kms:DeleteAlias"),
    check=_check_name,
    recorded=recorded("alias_name", elements=_target_arn),
)
def delete_alias(call: WriteCall, request: DeleteAliasRequest) -> None:
    """Removes an alias; its key is untouched."""
    call.tx.delete_alias(call.alias_arn(alias_name(request.alias_name)))


def _filter(call: Call, text: str) -> KeyArn:
    """The key whose aliases are asked for; it must be the caller's own."""
    try:
        arn = KeyArn.parse(text) if text.startswith("arn:") else call.key_arn(text)
    except InvalidName:
        if text.startswith("arn:"):
            raise InvalidArnException(f"Invalid arn {text}") from None
        raise NotFoundException(f"Invalid keyId '{text}'") from None
    entry = call.records.key(call.region, arn.key_id)
    if entry is None or entry.key.arn != arn or arn.account != call.account:
        raise NotFoundException(f"Key '{arn}' does not exist")
    return arn


def _entry(alias: Alias) -> AliasListEntry:
    return AliasListEntry(
        alias_name=alias.name,
        alias_arn=str(alias.arn),
        target_key_id=alias.target,
        creation_date=alias.created / 1000,
        last_updated_date=alias.updated / 1000,
    )


def _without_key(call: Call, name: AliasName) -> AliasListEntry:
    return AliasListEntry(alias_name=name, alias_arn=str(call.alias_arn(name)))


@reads("kms", "ListAliases", OnNothing("kms:ListAliases"), recorded=recorded("key_id", "limit", "marker"))
def list_aliases(call: Call, request: ListAliasesRequest) -> ListAliasesResponse:
    """The aliases of the caller's account in this Region, or those of one key.

    Predefined ones are among them before they have a key, without `TargetKeyId` and dates (KMS API,
    `ListAliases`; seen in the field).
    """
    key = None if request.key_id is None else _filter(call, request.key_id)
    bounds = page(call, request, default=50, most=100, of=str(key or ""))
    with call.reading() as tx:
        if key is None:
            found = tx.aliases(call.account, call.region, bounds.after, bounds.limit + 1)
            names = {name: _without_key(call, name) for name in predefined(tx) if name > bounds.after}
        else:
            found = tx.aliases_of_key(key, bounds.after, bounds.limit + 1)
            names = {}
    shown = sorted((names | {alias.name: _entry(alias) for alias in found}).items())
    entries = bounds.cut(shown[: bounds.limit + 1], lambda named: named[0])
    return ListAliasesResponse(
        aliases=[entry for _, entry in entries.items],
        next_marker=entries.marker,
        truncated=entries.marker is not None,
    )
