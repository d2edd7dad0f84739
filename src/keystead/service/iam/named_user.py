"""The IAM user that a request names: for authorization, then the user itself.

A request without `UserName` is about the user who signed it.
"""

from typing import Any

from keystead.kinds import PrincipalType
from keystead.model import Principal
from keystead.names import UserArn
from keystead.policy.request import CallerKind
from keystead.service.call import Call
from keystead.service.iam.named import authorized, there
from keystead.service.operation import Named, OnArn
from keystead.shapes.errors import ValidationException
from keystead.store.port import ReadTx


def on_user(action: str) -> OnArn:
    """A check on the user that `UserName` of the request names."""
    return OnArn(action, _named)


def user_of(call: Call, tx: ReadTx, name: str | None) -> Principal:
    """The user `name`, or the caller when it is None; exactly the one that the call was authorized for.

    Raises:
        NoSuchEntityException: there is no such user.
        ValidationException: nobody is named and the caller is no user.
    """
    if name is not None:
        user = tx.principal_named(call.account, PrincipalType.USER, name)
    else:
        entry = call.who.entry
        if entry is None or call.caller.kind is not CallerKind.USER:
            raise ValidationException("Must specify userName when calling with non-User credentials")
        name = entry.principal.name
        user = tx.principal(entry.principal.unique_id)
    return there(authorized(call, user), f"The user with name {name} cannot be found.")


def named_user(call: Call, name: str) -> Named:
    """A user by name, for authorization; one who is not there is taken to have no path."""
    with call.reading() as tx:
        user = tx.principal_named(call.account, PrincipalType.USER, name)
    shown = f"user {name}"
    if user is None:
        return Named(str(UserArn(call.account, "/", name)), shown=shown)
    return Named(str(user.arn), user.tags, user.boundary, shown)


def _named(call: Call, request: Any) -> Named:
    return named_caller(call) if request.user_name is None else named_user(call, request.user_name)


def named_caller(call: Call) -> Named:
    """The caller, for authorization of what it does to itself."""
    entry = call.who.entry
    if entry is None:
        return Named(call.caller.arn)
    user = entry.principal
    return Named(call.caller.arn, user.tags, user.boundary, f"user {user.name}")
