"""GetAccountAuthorizationDetails: the users, groups, roles and managed policies of an account, whole."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from keystead.kinds import PrincipalType
from keystead.model import Group, ManagedPolicy, Principal
from keystead.names import AccountId
from keystead.service.call import Call
from keystead.service.iam.attachments import shown_attached
from keystead.service.iam.boundaries import shown_boundary
from keystead.service.iam.instance_profiles import listed as listed_profile
from keystead.service.iam.pages import page
from keystead.service.iam.policies import usage
from keystead.service.iam.policy_versions import shown as shown_version
from keystead.service.iam.roles import details_of
from keystead.service.iam.tags import shown as shown_tags
from keystead.service.managed_policies import aws_policies, policy_versions
from keystead.service.operation import OnNothing, reads, recorded
from keystead.service.principals import shown_document
from keystead.shapes import iam as shapes
from keystead.store.port import ReadTx

_MOST_ITEMS = 100
"""A page holds no more, whatever is asked for: each item has everything that belongs to it."""

_MOST_PROFILES = 100
"""Instance profiles of a role that are shown."""

Entity = Principal | Group | ManagedPolicy

# In the order of the answer, by what the places of their items begin with.
_SECTIONS: Mapping[str, str] = {
    "1": "User",
    "2": "Group",
    "3": "Role",
    "4": "LocalManagedPolicy",
    "5": "AWSManagedPolicy",
}


@reads(
    "iam",
    "GetAccountAuthorizationDetails",
    OnNothing("iam:GetAccountAuthorizationDetails"),
    recorded=recorded("filter", "marker", "max_items"),
)
def get_account_authorization_details(
    call: Call, request: shapes.GetAccountAuthorizationDetailsRequest
) -> shapes.GetAccountAuthorizationDetailsResponse:
    """All of the caller's account, section by section and by name; of AWS's policies those that it uses."""
    asked = page(call, request)
    bounds = replace(asked, limit=min(asked.limit, _MOST_ITEMS))
    wanted = [number for number, name in _SECTIONS.items() if not request.filter or name in request.filter]
    with call.reading() as tx:
        found: list[tuple[str, Entity]] = []
        for number in wanted:
            if bounds.after[:1] <= number and len(found) <= bounds.limit:
                after = bounds.after[1:] if bounds.after[:1] == number else ""
                entities = _section(tx, call.account, number, after, bounds.limit + 1)
                found += ((number, entity) for entity in entities)
        cut = bounds.cut(found[: bounds.limit + 1], lambda each: each[0] + each[1].name.lower())
        of = {number: [entity for its, entity in cut.items if its == number] for number in _SECTIONS}
        return shapes.GetAccountAuthorizationDetailsResponse(
            user_detail_list=[_user(tx, one) for one in of["1"] if isinstance(one, Principal)],
            group_detail_list=[_group(tx, one) for one in of["2"] if isinstance(one, Group)],
            role_detail_list=[_role(tx, one) for one in of["3"] if isinstance(one, Principal)],
            policies=[
                _policy(tx, call.account, one)
                for one in (*of["4"], *of["5"])
                if isinstance(one, ManagedPolicy)
            ],
            is_truncated=cut.marker is not None,
            marker=cut.marker,
        )


def _section(tx: ReadTx, account: AccountId, number: str, after: str, limit: int) -> Iterator[Entity]:
    match _SECTIONS[number]:
        case "User":
            yield from tx.principals(account, PrincipalType.USER, "/", after, limit)
        case "Group":
            yield from tx.groups(account, "/", after, limit)
        case "Role":
            yield from tx.principals(account, PrincipalType.ROLE, "/", after, limit)
        case "LocalManagedPolicy":
            yield from tx.managed_policies(account, "/", after, limit)
        case _:
            policies = [policy for policy, _ in aws_policies().values() if policy.name.lower() > after]
            used = usage(tx, account, policies)
            yield from (
                policy
                for policy in policies
                if str(policy.arn) in used.attachments or str(policy.arn) in used.boundaries
            )


def _inline(tx: ReadTx, unique_id: str) -> list[shapes.PolicyDetail] | None:
    return [
        shapes.PolicyDetail(policy_name=policy.name, policy_document=policy.document)
        for policy in tx.inline_policies(unique_id)
    ] or None


def _user(tx: ReadTx, user: Principal) -> shapes.UserDetail:
    return shapes.UserDetail(
        path=user.path,
        user_name=user.name,
        user_id=user.unique_id,
        arn=str(user.arn),
        create_date=user.created / 1000,
        user_policy_list=_inline(tx, user.unique_id),
        group_list=[group.name for group in tx.groups_of(user.unique_id)],
        attached_managed_policies=shown_attached(tx, user.unique_id),
        permissions_boundary=shown_boundary(user.boundary),
        tags=shown_tags(user.tags),
    )


def _group(tx: ReadTx, group: Group) -> shapes.GroupDetail:
    return shapes.GroupDetail(
        path=group.path,
        group_name=group.name,
        group_id=group.unique_id,
        arn=str(group.arn),
        create_date=group.created / 1000,
        group_policy_list=_inline(tx, group.unique_id) or [],
        attached_managed_policies=shown_attached(tx, group.unique_id),
    )


def _role(tx: ReadTx, role: Principal) -> shapes.RoleDetail:
    profiles = tx.instance_profiles_of(role.unique_id, "", _MOST_PROFILES)
    return shapes.RoleDetail(
        path=role.path,
        role_name=role.name,
        role_id=role.unique_id,
        arn=str(role.arn),
        create_date=role.created / 1000,
        assume_role_policy_document=shown_document(tx, details_of(role).trust_policy),
        instance_profile_list=[listed_profile(tx, profile) for profile in profiles],
        role_policy_list=_inline(tx, role.unique_id) or [],
        attached_managed_policies=shown_attached(tx, role.unique_id),
        permissions_boundary=shown_boundary(role.boundary),
        tags=shown_tags(role.tags),
        role_last_used=shapes.RoleLastUsed(),
    )


def _policy(tx: ReadTx, account: AccountId, policy: ManagedPolicy) -> shapes.ManagedPolicyDetail:
    arn = str(policy.arn)
    used = usage(tx, account, [policy])
    return shapes.ManagedPolicyDetail(
        policy_name=policy.name,
        policy_id=policy.unique_id,
        arn=arn,
        path=policy.path,
        default_version_id=f"v{policy.default_version}",
        attachment_count=used.attachments.get(arn, 0),
        permissions_boundary_usage_count=used.boundaries.get(arn, 0),
        is_attachable=True,
        description=policy.description or None,
        create_date=policy.created / 1000,
        update_date=policy.updated / 1000,
        policy_version_list=[shown_version(policy, version) for version in policy_versions(tx, arn)[::-1]],
    )
