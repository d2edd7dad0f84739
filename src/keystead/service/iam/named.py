"""What IAM keeps, as requests name it: for authorization, then the thing itself.

Only the caller's own account is ever looked at. Names are found without regard to case. What is not there is
authorized as if it had no path, so that who may not ask learns nothing.
"""

from typing import Any, TypeVar

from keystead.kinds import PrincipalType
from keystead.model import Group, InstanceProfile, ManagedPolicy, Principal
from keystead.names import GroupArn, InstanceProfileArn, RoleArn
from keystead.policy.catalogue import ResourceType
from keystead.service.call import Call
from keystead.service.operation import Named, OnArn
from keystead.shapes.iam_errors import NoSuchEntityException, UnmodifiableEntityException
from keystead.store.port import ReadTx

T = TypeVar("T", Principal, Group, ManagedPolicy, InstanceProfile)

ROOT_PATH = "/"
"""The path of what is made without one, and the prefix of every path."""


def authorized(call: Call, found: T | None) -> T | None:
    """`found` if it is exactly what the call was authorized for.

    Another ARN means that it was made after the check: for this call it is not there yet.
    """
    if found is None or all(touched.arn != str(found.arn) for touched in call.touched):
        return None
    return found


def there(found: T | None, sentence: str) -> T:
    """`found`, or NoSuchEntityException with that sentence."""
    if found is None:
        raise NoSuchEntityException(sentence)
    return found


def on_role(action: str) -> OnArn:
    """A check on the role that `RoleName` of the request names."""
    return OnArn(action, lambda call, request: named_role(call, request.role_name))


def on_passed_role(action: str) -> OnArn:
    """A check on the role that `RoleName` names, to be handed on: a refusal shows its ARN."""
    return OnArn(action, lambda call, request: named_role(call, request.role_name)._replace(shown=""))


def role_of(call: Call, tx: ReadTx, name: str) -> Principal:
    """The role of that name, or NoSuchEntityException."""
    found = tx.principal_named(call.account, PrincipalType.ROLE, name)
    return there(authorized(call, found), f"The role with name {name} cannot be found.")


def own_role_of(call: Call, tx: ReadTx, name: str) -> Principal:
    """The role of that name, which the account may change.

    Raises:
        NoSuchEntityException: there is no such role.
        UnmodifiableEntityException: it is a service-linked role.
    """
    role = role_of(call, tx, name)
    if role.role is not None and role.role.service_linked:
        raise UnmodifiableEntityException(
            f"Cannot perform the operation on the protected role '{role.name}' - this role is only "
            "modifiable by AWS"
        )
    return role


def named_role(call: Call, name: str) -> Named:
    """A role by name, for authorization."""
    with call.reading() as tx:
        role = tx.principal_named(call.account, PrincipalType.ROLE, name)
    shown = f"role {name}"
    if role is None:
        return Named(str(RoleArn(call.account, ROOT_PATH, name)), shown=shown)
    return Named(str(role.arn), role.tags, role.boundary, shown)


def on_group(action: str) -> OnArn:
    """A check on the group that `GroupName` of the request names."""
    return OnArn(action, lambda call, request: named_group(call, request.group_name))


def group_of(call: Call, tx: ReadTx, name: str) -> Group:
    """The group of that name, or NoSuchEntityException."""
    found = tx.group_named(call.account, name)
    return there(authorized(call, found), f"The group with name {name} cannot be found.")


def named_group(call: Call, name: str) -> Named:
    """A group by name, for authorization."""
    with call.reading() as tx:
        group = tx.group_named(call.account, name)
    arn = GroupArn(call.account, ROOT_PATH, name) if group is None else group.arn
    return Named(str(arn), shown=f"group {name}")


def on_instance_profile(action: str) -> OnArn:
    """A check on the instance profile that `InstanceProfileName` of the request names."""
    return OnArn(action, _named_instance_profile, ResourceType.INSTANCE_PROFILE)


def instance_profile_of(call: Call, tx: ReadTx, name: str) -> InstanceProfile:
    """The instance profile of that name, or NoSuchEntityException."""
    found = tx.instance_profile_named(call.account, name)
    return there(authorized(call, found), f"Instance Profile {name} cannot be found.")


def _named_instance_profile(call: Call, request: Any) -> Named:
    name = request.instance_profile_name
    with call.reading() as tx:
        profile = tx.instance_profile_named(call.account, name)
    shown = f"instance profile {name}"
    if profile is None:
        return Named(str(InstanceProfileArn(call.account, ROOT_PATH, name)), shown=shown)
    return Named(str(profile.arn), profile.tags, shown=shown)
