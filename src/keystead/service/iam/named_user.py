"""The IAM user that a request names: its ARN for authorization, then the user itself.

A request without `UserName` is about the user who signed it. Only the caller's own account is ever looked at.
"""

from typing import Any

from keystead.kinds import PrincipalType
from keystead.model import Principal
from keystead.names import UserArn
from keystead.policy.request import CallerKind
from keystead.service.call import Call
from keystead.service.operation import OnArn
from keystead.shapes.errors import ValidationException
from keystead.shapes.iam_errors import NoSuchEntityException
from keystead.store.port import ReadTx


def on_user(action: str) -> OnArn:
    """A check on the user that `UserName` of the request names."""
    return OnArn(action, _arn)


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
    # Another ARN means that the user was made after the check: for this call it is not there yet.
    if user is None or str(user.arn) != call.touched[0].arn:
        raise NoSuchEntityException(f"The user with name {name} cannot be found.")
    return user


def _arn(call: Call, request: Any) -> str:
    """The user's ARN; a user who is not there is taken to have no path."""
    name = request.user_name
    if name is None:
        return call.caller.arn
    with call.reading() as tx:
        user = tx.principal_named(call.account, PrincipalType.USER, name)
    return str(UserArn(call.account, "/", name) if user is None else user.arn)
