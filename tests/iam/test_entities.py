"""Roles, groups and managed policies with boto3 and the AWS CLI against a running server."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.wire


def document(effect: str, action: str, resource: str = "*") -> str:
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def refused(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def account(shared_dev: Any) -> str:
    """A fresh account, whose twelve digits are its root user's credentials."""
    return f"{uuid.uuid4().int % 10**12:012d}"


def test_the_life_of_an_account_s_permissions(shared_dev: Any, account: str) -> None:
    root = (account, "test")
    iam, kms = shared_dev.client("iam", root), shared_dev.client("kms", root)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    user = iam.create_user(UserName="ann", Tags=[{"Key": "team", "Value": "blue"}])["User"]
    signed = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = shared_dev.client("kms", (signed["AccessKeyId"], signed["SecretAccessKey"]))
    assert refused(ann.describe_key, KeyId=key)[0] == "AccessDeniedException"

    # A group gives, through a managed policy; the version in force decides.
    policy = iam.create_policy(
        PolicyName="keys", Path="/team/", PolicyDocument=document("Allow", "kms:Describe*")
    )["Policy"]
    iam.create_group(GroupName="team")
    iam.attach_group_policy(GroupName="team", PolicyArn=policy["Arn"])
    iam.add_user_to_group(GroupName="team", UserName="ann")
    ann.describe_key(KeyId=key)
    iam.create_policy_version(
        PolicyArn=policy["Arn"], PolicyDocument=document("Allow", "kms:Encrypt"), SetAsDefault=True
    )
    ann.encrypt(KeyId=key, Plaintext=b"x")
    assert refused(ann.describe_key, KeyId=key)[0] == "AccessDeniedException"
    iam.set_default_policy_version(PolicyArn=policy["Arn"], VersionId="v1")
    ann.describe_key(KeyId=key)

    # A boundary limits, and one of AWS's policies can be one.
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    bound = "arn:aws:iam::aws:policy/IAMFullAccess"
    iam.attach_user_policy(UserName="ann", PolicyArn=administrator)
    iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=bound)
    code, message = refused(ann.describe_key, KeyId=key)
    assert code == "AccessDeniedException"
    assert message.endswith("because no permissions boundary allows the kms:DescribeKey action")
    iam.delete_user_permissions_boundary(UserName="ann")
    ann.describe_key(KeyId=key)

    # A denying policy is named.
    deny = iam.create_policy(PolicyName="deny", PolicyDocument=document("Deny", "kms:DescribeKey"))["Policy"]
    iam.attach_user_policy(UserName="ann", PolicyArn=deny["Arn"])
    assert refused(ann.describe_key, KeyId=key)[1].endswith(
        f"with an explicit deny in an identity-based policy: {deny['Arn']}"
    )

    # All of it is found, and nothing goes while something else has it.
    entities = iam.list_entities_for_policy(PolicyArn=deny["Arn"])
    assert [each["UserId"] for each in entities["PolicyUsers"]] == [user["UserId"]]
    details = iam.get_account_authorization_details()
    (shown,) = details["UserDetailList"]
    assert shown["GroupList"] == ["team"]
    assert shown["Tags"] == [{"Key": "team", "Value": "blue"}]
    assert iam.get_account_summary()["SummaryMap"]["Policies"] == 2
    assert refused(iam.delete_policy, PolicyArn=deny["Arn"])[0] == "DeleteConflict"
    assert refused(iam.delete_group, GroupName="team")[0] == "DeleteConflict"
    for arn in (administrator, deny["Arn"]):
        iam.detach_user_policy(UserName="ann", PolicyArn=arn)
    iam.delete_policy(PolicyArn=deny["Arn"])
    iam.remove_user_from_group(GroupName="team", UserName="ann")
    iam.delete_access_key(UserName="ann", AccessKeyId=signed["AccessKeyId"])
    iam.delete_user(UserName="ann")
    iam.detach_group_policy(GroupName="team", PolicyArn=policy["Arn"])
    iam.delete_group(GroupName="team")
    iam.delete_policy_version(PolicyArn=policy["Arn"], VersionId="v2")
    iam.delete_policy(PolicyArn=policy["Arn"])
    left = iam.get_account_authorization_details(Filter=["User", "Role", "Group", "LocalManagedPolicy"])
    assert [left[name] for name in ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")] == [
        [],
        [],
        [],
        [],
    ]


def test_the_life_of_a_role_with_the_cli(shared_dev: Any, account: str, tmp_path: Path) -> None:
    def aws(*arguments: str) -> Any:
        done = shared_dev.aws("iam", *arguments, credentials=(account, "test"))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    trust = tmp_path / "trust.json"
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    allow = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    trust.write_text(json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
    made = aws(
        *("create-role", "--role-name", "deploy", "--path", "/ci/", "--max-session-duration", "7200"),
        *("--assume-role-policy-document", f"file://{trust}", "--tags", "Key=team,Value=blue"),
    )["Role"]
    assert made["Arn"] == f"arn:aws:iam::{account}:role/ci/deploy"
    arn = aws(
        *("create-policy", "--policy-name", "keys", "--description", "keys of the pipeline"),
        *("--policy-document", document("Allow", "kms:*")),
    )["Policy"]["Arn"]
    aws("attach-role-policy", "--role-name", "deploy", "--policy-arn", arn)
    role = aws("get-role", "--role-name", "deploy")["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(trust.read_text())
    assert (role["MaxSessionDuration"], role["Tags"]) == (7200, [{"Key": "team", "Value": "blue"}])
    simulated = aws(
        *("simulate-principal-policy", "--policy-source-arn", made["Arn"]),
        *("--action-names", "kms:Decrypt", "iam:GetUser"),
    )["EvaluationResults"]
    assert [result["EvalDecision"] for result in simulated] == ["allowed", "implicitDeny"]
    refusal = shared_dev.aws("iam", "delete-role", "--role-name", "deploy", credentials=(account, "test"))
    assert "(DeleteConflict)" in refusal.stderr
    aws("detach-role-policy", "--role-name", "deploy", "--policy-arn", arn)
    aws("delete-role", "--role-name", "deploy")
