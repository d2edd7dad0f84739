from collections.abc import Callable
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, statement

Refused = Callable[..., tuple[int, str, str]]

SERVICE = "mrk.kms.amazonaws.com"
NAME = "AWSServiceRoleForKeyManagementServiceMultiRegionKeys"
POLICY = "arn:aws:iam::aws:policy/aws-service-role/AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.fixture
def role(root: Any) -> dict[str, Any]:
    made: dict[str, Any] = root.create_service_linked_role(AWSServiceName=SERVICE)["Role"]
    return made


def test_a_service_s_role(inside: InProcess, root: Any, refused: Refused, role: dict[str, Any]) -> None:
    assert role["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{SERVICE}/{NAME}"
    (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": SERVICE}
    assert root.get_role(RoleName=NAME)["Role"]["RoleId"] == role["RoleId"]
    (attached,) = root.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]
    assert attached["PolicyArn"] == POLICY
    made = inside.events()[0]
    assert made["requestParameters"] == {"aWSServiceName": SERVICE}
    assert made["responseElements"]["role"]["roleName"] == NAME
    assert refused(root.create_service_linked_role, AWSServiceName=SERVICE) == (
        400,
        "InvalidInput",
        f"Service role name {NAME} has been taken in this account, please try a different suffix.",
    )


def test_what_has_no_such_role(root: Any, refused: Refused) -> None:
    assert refused(root.create_service_linked_role, AWSServiceName="ecs.amazonaws.com") == (
        400,
        "InvalidInput",
        "There is no service-linked role for ecs.amazonaws.com.",
    )
    assert refused(root.create_service_linked_role, AWSServiceName=SERVICE, CustomSuffix="x") == (
        400,
        "InvalidInput",
        f"Custom suffix is not allowed for {SERVICE}",
    )
    trust = statement("Allow", "sts:AssumeRole", "*")
    path = f"/aws-service-role/{SERVICE}/"
    refusal = refused(root.create_role, RoleName="r", Path=path, AssumeRolePolicyDocument=trust)
    assert refusal[1] == "InvalidInput"


def test_nobody_else_changes_it(root: Any, refused: Refused, role: dict[str, Any]) -> None:
    protected = (
        400,
        "UnmodifiableEntity",
        f"Cannot perform the operation on the protected role '{NAME}' - this role is only modifiable by AWS",
    )
    root.create_instance_profile(InstanceProfileName="p")
    for call, more in (
        (root.delete_role, {}),
        (root.update_role, {"MaxSessionDuration": 4000}),
        (root.update_assume_role_policy, {"PolicyDocument": "{}"}),
        (root.put_role_policy, {"PolicyName": "p", "PolicyDocument": "{}"}),
        (root.delete_role_policy, {"PolicyName": "p"}),
        (root.attach_role_policy, {"PolicyArn": ADMINISTRATOR}),
        (root.detach_role_policy, {"PolicyArn": POLICY}),
        (root.put_role_permissions_boundary, {"PermissionsBoundary": ADMINISTRATOR}),
        (root.delete_role_permissions_boundary, {}),
        (root.add_role_to_instance_profile, {"InstanceProfileName": "p"}),
    ):
        assert refused(call, RoleName=NAME, **more) == protected
    root.update_role(RoleName=NAME, Description="ours")
    root.update_role_description(RoleName=NAME, Description="again")
    assert root.get_role(RoleName=NAME)["Role"]["Description"] == "again"


def test_its_policy_is_for_nobody_else(root: Any, refused: Refused) -> None:
    root.create_user(UserName="u")
    assert refused(root.attach_user_policy, UserName="u", PolicyArn=POLICY) == (
        400,
        "PolicyNotAttachable",
        "Cannot attach a Service Role Policy to a Customer Role.",
    )


def test_it_is_deleted_at_once(root: Any, refused: Refused, role: dict[str, Any]) -> None:
    task = root.delete_service_linked_role(RoleName=NAME)["DeletionTaskId"]
    assert task.startswith(f"task/aws-service-role/{SERVICE}/{NAME}/")
    assert root.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    assert refused(root.get_role, RoleName=NAME)[1] == "NoSuchEntity"
    again = root.create_service_linked_role(AWSServiceName=SERVICE)["Role"]
    assert again["RoleId"] != role["RoleId"]
    for wrong in ("task", task.replace("mrk", "cks"), task.replace(NAME, "other")):
        assert refused(root.get_service_linked_role_deletion_status, DeletionTaskId=wrong)[:2] == (
            404,
            "NoSuchEntity",
        )


def test_it_stays_while_there_are_multi_region_keys(inside: InProcess, root: Any, refused: Refused) -> None:
    kms = inside.client("kms")
    primary = kms.create_key(MultiRegion=True)["KeyMetadata"]["Arn"]
    replica = kms.replicate_key(KeyId=primary, ReplicaRegion="eu-west-1")["ReplicaKeyMetadata"]["Arn"]
    inside.client("kms", ("111122223333", "test")).create_key()  # another account's are nothing to it
    inside.pass_time(60)
    task = root.delete_service_linked_role(RoleName=NAME)["DeletionTaskId"]
    told = root.get_service_linked_role_deletion_status(DeletionTaskId=task)
    assert told["Status"] == "FAILED"
    assert told["Reason"] == {
        "Reason": f"The service-linked role {NAME} cannot be deleted while there are multi-Region keys.",
        "RoleUsageList": [
            {"Region": "eu-west-1", "Resources": [replica]},
            {"Region": "us-east-1", "Resources": [primary]},
        ],
    }
    assert len(root.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]) == 1
    # That of custom key stores is for something else.
    root.create_service_linked_role(AWSServiceName="cks.kms.amazonaws.com")
    other = NAME.replace("MultiRegionKeys", "CustomKeyStores")
    of_other = root.delete_service_linked_role(RoleName=other)["DeletionTaskId"]
    assert root.get_service_linked_role_deletion_status(DeletionTaskId=of_other)["Status"] == "SUCCEEDED"

    kms.schedule_key_deletion(KeyId=primary, PendingWindowInDays=7)
    inside.client("kms", region="eu-west-1").schedule_key_deletion(KeyId=replica, PendingWindowInDays=7)
    inside.pass_time(7 * 86_400)
    inside.pass_time(8 * 86_400)  # the primary key waits for its replica
    again = root.delete_service_linked_role(RoleName=NAME)["DeletionTaskId"]
    assert root.get_service_linked_role_deletion_status(DeletionTaskId=again)["Status"] == "SUCCEEDED"
    assert refused(root.get_role, RoleName=NAME)[1] == "NoSuchEntity"
    before = root.get_service_linked_role_deletion_status(DeletionTaskId=task)
    assert before["Status"] == "FAILED"
    assert "RoleUsageList" not in before["Reason"]


def test_only_such_roles_are_deleted_so(root: Any, refused: Refused) -> None:
    trust = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}'
    root.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    assert refused(root.delete_service_linked_role, RoleName="r")[1] == "InvalidInput"
    assert refused(root.delete_service_linked_role, RoleName="none")[1] == "NoSuchEntity"


def test_who_may_make_it(inside: InProcess, root: Any, refused: Refused) -> None:
    root.create_user(UserName="u")
    u = inside.client("iam", root.create_access_key(UserName="u")["AccessKey"])
    document = statement("Allow", "iam:CreateServiceLinkedRole", "*")
    for service, allowed in (("cks.kms.amazonaws.com", False), (SERVICE, True)):
        condition = f',"Condition":{{"StringEquals":{{"iam:AWSServiceName":"{service}"}}}}'
        limited = document.replace('"Resource": "*"', f'"Resource": "*"{condition}')
        root.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=limited)
        if allowed:
            u.create_service_linked_role(AWSServiceName=SERVICE)
        else:
            assert refused(u.create_service_linked_role, AWSServiceName=SERVICE)[1] == "AccessDenied"
