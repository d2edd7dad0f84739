"""ListEntitiesForPolicy: what a managed policy is attached to, and whom it bounds."""

from collections.abc import Sequence

from keystead.kinds import PrincipalType
from keystead.model import Group, ManagedPolicy, Principal
from keystead.service.call import Call
from keystead.service.iam.named import ROOT_PATH
from keystead.service.iam.named_policy import check_policy_arn, on_policy, policy_of
from keystead.service.iam.pages import Bounds, page
from keystead.service.operation import reads, recorded
from keystead.shapes import iam as shapes
from keystead.store.port import ReadTx

Entity = Principal | Group

# Where an entity stands in the list: those with the policy attached before those bounded by it.
_ATTACHED, _BOUNDED = "1", "2"


@reads(
    "iam",
    "ListEntitiesForPolicy",
    on_policy("iam:ListEntitiesForPolicy"),
    check=check_policy_arn,
    recorded=recorded(
        "policy_arn", "entity_filter", "path_prefix", "policy_usage_filter", "marker", "max_items"
    ),
)
def list_entities_for_policy(
    call: Call, request: shapes.ListEntitiesForPolicyRequest
) -> shapes.ListEntitiesForPolicyResponse:
    """The users, roles and groups of the caller's account that have a policy, in the order of their ids.

    A page with a filter may hold fewer than the next ones, or none: the API reserves that right, and so the
    work of a call is bounded.
    """
    bounds = page(call, request)
    with call.reading() as tx:
        policy = policy_of(call, tx, request.policy_arn)
        found = bounds.cut(_found(call, tx, policy, request.policy_usage_filter, bounds), _place)
        entities = [
            entity
            for how, entity in found.items
            if _wanted(request, entity) and not _seen(tx, request, how, entity)
        ]
    return shapes.ListEntitiesForPolicyResponse(
        policy_groups=[
            shapes.PolicyGroup(group_name=entity.name, group_id=entity.unique_id)
            for entity in entities
            if isinstance(entity, Group)
        ],
        policy_users=[
            shapes.PolicyUser(user_name=user.name, user_id=user.unique_id)
            for user in _of_type(entities, PrincipalType.USER)
        ],
        policy_roles=[
            shapes.PolicyRole(role_name=role.name, role_id=role.unique_id)
            for role in _of_type(entities, PrincipalType.ROLE)
        ],
        is_truncated=found.marker is not None,
        marker=found.marker,
    )


def _place(found: tuple[str, Entity]) -> str:
    return found[0] + found[1].unique_id


def _found(
    call: Call, tx: ReadTx, policy: ManagedPolicy, usage: str | None, bounds: Bounds
) -> list[tuple[str, Entity]]:
    """One entity more than fits on the page, if there are so many."""
    arn, limit = str(policy.arn), bounds.limit + 1
    found: list[tuple[str, Entity]] = []
    if usage != "PermissionsBoundary" and not bounds.after.startswith(_BOUNDED):
        after = bounds.after.removeprefix(_ATTACHED)
        found += ((_ATTACHED, entity) for entity in tx.attached_to(call.account, arn, after, limit))
    if usage != "PermissionsPolicy" and len(found) < limit:
        after = bounds.after.removeprefix(_BOUNDED) if bounds.after.startswith(_BOUNDED) else ""
        found += ((_BOUNDED, entity) for entity in tx.boundary_of(call.account, arn, after, limit))
    return found[:limit]


def _seen(tx: ReadTx, request: shapes.ListEntitiesForPolicyRequest, how: str, entity: Entity) -> bool:
    """Whether an entity that the policy bounds was listed because it is attached to it too."""
    both = how == _BOUNDED and request.policy_usage_filter is None
    return both and request.policy_arn in tx.attached_policies(entity.unique_id)


def _wanted(request: shapes.ListEntitiesForPolicyRequest, entity: Entity) -> bool:
    kind = "Group" if isinstance(entity, Group) else entity.type.value.capitalize()
    prefix = request.path_prefix or ROOT_PATH
    return request.entity_filter in (None, kind) and entity.path.startswith(prefix)


def _of_type(entities: Sequence[Entity], type: PrincipalType) -> list[Principal]:
    return [entity for entity in entities if isinstance(entity, Principal) and entity.type is type]
