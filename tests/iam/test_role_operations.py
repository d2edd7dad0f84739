import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from in_process import ACCOUNT, InProcess, allow, statement

from keystead.kinds import PrincipalType
from keystead.names import AccountId

Refused = Callable[..., tuple[int, str, str]]

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def trust(**principal: object) -> str:
    """A trust policy of one statement, spelled with white space that must be kept."""
    allowed = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]}, indent=3)


EC2 = trust(Service="ec2.amazonaws.com")


def test_a_role_is_kept_as_it_was_made(root: Any) -> None:
    made = root.create_role(
        RoleName="Deploy",
        Path="/ci/",
        AssumeRolePolicyDocument=EC2,
        Description="deploys, é",
        MaxSessionDuration=7200,
        PermissionsBoundary=ADMINISTRATOR,
        Tags=[{"Key": "Team", "Value": "blue"}],
    )["Role"]
    assert re.fullmatch("AROA[A-Z2-7]{17}", made["RoleId"])
    assert made == {
        "Path": "/ci/",
        "RoleName": "Deploy",
        "RoleId": made["RoleId"],
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/ci/Deploy",
        "CreateDate": datetime(2027, 1, 15, 8, 2, 3, tzinfo=UTC),
        "AssumeRolePolicyDocument": json.loads(EC2),
        "Description": "deploys, é",
        "MaxSessionDuration": 7200,
        "PermissionsBoundary": {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": ADMINISTRATOR,
        },
        "Tags": [{"Key": "Team", "Value": "blue"}],
    }
    assert root.get_role(RoleName="deploy")["Role"] == made | {"RoleLastUsed": {}}
    (listed,) = root.list_roles()["Roles"]
    assert listed == {name: made[name] for name in made if name not in ("PermissionsBoundary", "Tags")}


def test_a_role_of_the_fewest_words(root: Any, refused: Refused) -> None:
    made = root.create_role(RoleName="r", AssumeRolePolicyDocument=EC2)["Role"]
    assert (made["Path"], made["MaxSessionDuration"]) == ("/", 3600)
    assert {"Description", "Tags", "PermissionsBoundary"}.isdisjoint(made)
    assert refused(root.create_role, RoleName="R", Path="/x/", AssumeRolePolicyDocument=EC2) == (
        409,
        "EntityAlreadyExists",
        "Role with name R already exists.",
    )
    root.create_user(UserName="r")


def test_sessions_last_twelve_hours_at_most(root: Any, refused: Refused) -> None:
    asked = {"RoleName": "r", "AssumeRolePolicyDocument": EC2, "MaxSessionDuration": 43201}
    assert refused(root.create_role, **asked)[1] == "ValidationError"


def test_who_is_not_there(root: Any, refused: Refused) -> None:
    root.create_user(UserName="ghost")
    missing = (404, "NoSuchEntity", "The role with name ghost cannot be found.")
    policy = {"PolicyName": "p"}
    for call, more in (
        (root.get_role, {}),
        (root.delete_role, {}),
        (root.update_role, {"Description": "d"}),
        (root.update_role, {"MaxSessionDuration": 4000}),
        (root.update_role_description, {"Description": "d"}),
        (root.update_assume_role_policy, {"PolicyDocument": EC2}),
        (root.put_role_policy, policy | {"PolicyDocument": "{}"}),
        (root.get_role_policy, policy),
        (root.list_role_policies, {}),
        (root.delete_role_policy, policy),
        (root.put_role_permissions_boundary, {"PermissionsBoundary": ADMINISTRATOR}),
        (root.delete_role_permissions_boundary, {}),
    ):
        assert refused(call, RoleName="ghost", **more) == missing


def test_a_role_is_updated(root: Any) -> None:
    root.create_role(RoleName="r", AssumeRolePolicyDocument=EC2, Description="one")
    root.update_role(RoleName="r", MaxSessionDuration=43200)
    role = root.get_role(RoleName="r")["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("one", 43200)
    root.update_role(RoleName="r", Description="two")
    changed = root.update_role_description(RoleName="r", Description="three")["Role"]
    role = root.get_role(RoleName="r")["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("three", 43200)
    assert changed == role
    root.update_role(RoleName="r", Description="")
    assert "Description" not in root.get_role(RoleName="r")["Role"]


def test_roles_come_in_pages(root: Any) -> None:
    names = ["a", "B", "c", "D"]
    for name in reversed(names):
        root.create_role(RoleName=name, Path="/x/" if name < "a" else "/", AssumeRolePolicyDocument=EC2)
    pages = list(root.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 3}))
    assert [[role["RoleName"] for role in page["Roles"]] for page in pages] == [["a", "B", "c"], ["D"]]
    assert [role["RoleName"] for role in root.list_roles(PathPrefix="/x/")["Roles"]] == ["B", "D"]


# Trust policies.


def test_who_does_not_exist_is_not_trusted(root: Any, refused: Refused) -> None:
    root.create_user(UserName="alice", Path="/ops/")
    for principal, said in (
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/alice"}, f'"AWS":"arn:aws:iam::{ACCOUNT}:user/alice"'),
        ({"AWS": [ACCOUNT, "AIDAQQQQQQQQQQQQQQQQQ"]}, '"AWS":"AIDAQQQQQQQQQQQQQQQQQ"'),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/none"}, f'"AWS":"arn:aws:iam::{ACCOUNT}:role/none"'),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:group/g"}, f'"AWS":"arn:aws:iam::{ACCOUNT}:group/g"'),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"}, f'"AWS":"arn:aws:iam::{ACCOUNT}:user/*"'),
        ({"Service": "ec2.example.com"}, '"SERVICE":"ec2.example.com"'),
    ):
        assert refused(root.create_role, RoleName="r", AssumeRolePolicyDocument=trust(**principal)) == (
            400,
            "MalformedPolicyDocument",
            f"Invalid principal in policy: {said}",
        )
    assert root.list_roles()["Roles"] == []


def test_who_may_be_trusted(root: Any) -> None:
    alice = root.create_user(UserName="alice")["User"]
    for number, principal in enumerate(
        (
            {"AWS": "*"},
            {"AWS": [ACCOUNT, "111122223333", f"arn:aws:iam::{ACCOUNT}:root", alice["Arn"]]},
            {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/issuer.example.org"},
        )
    ):
        name = f"r{number}"
        root.create_role(RoleName=name, AssumeRolePolicyDocument=trust(**principal))
        kept = root.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
        assert kept == json.loads(trust(**principal))


def test_a_namesake_made_later_is_not_trusted(inside: InProcess, root: Any) -> None:
    alice = root.create_user(UserName="alice")["User"]
    document = trust(AWS=alice["Arn"])
    root.create_role(RoleName="r", AssumeRolePolicyDocument=document)
    with inside.store.read() as tx:
        (role,) = tx.principals(AccountId(ACCOUNT), PrincipalType.ROLE, "/", "", 9)
    assert role.role is not None
    assert role.role.trust_policy == document.replace(alice["Arn"], alice["UserId"])
    root.delete_user(UserName="alice")
    gone = root.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]
    assert gone["Statement"][0]["Principal"] == {"AWS": alice["UserId"]}
    root.create_user(UserName="alice")
    again = root.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]
    assert again["Statement"][0]["Principal"] == {"AWS": alice["UserId"]}
    root.update_assume_role_policy(RoleName="r", PolicyDocument=document)
    renewed = root.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]
    assert renewed["Statement"][0]["Principal"] == {"AWS": alice["Arn"]}


def test_what_is_no_trust_policy(root: Any, refused: Refused) -> None:
    root.create_role(RoleName="r", AssumeRolePolicyDocument=EC2)
    for document in ("{", statement("Allow", "sts:AssumeRole", "*"), trust()):
        asked = {"RoleName": "r", "PolicyDocument": document}
        assert refused(root.update_assume_role_policy, **asked)[:2] == (400, "MalformedPolicyDocument")
    long = json.dumps({"Version": "2012-10-17", "Id": "i" * 1000, "Statement": json.loads(EC2)["Statement"]})
    root.update_assume_role_policy(RoleName="r", PolicyDocument=long)
    root.update_assume_role_policy(RoleName="r", PolicyDocument=EC2 + " " * 4000)
    assert refused(
        root.update_assume_role_policy, RoleName="r", PolicyDocument=long.replace("i" * 1000, "i" * 2000)
    ) == (409, "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")


# Inline policies and boundaries.


def test_inline_policies(root: Any, refused: Refused) -> None:
    root.create_role(RoleName="Job", AssumeRolePolicyDocument=EC2)
    decrypt = statement("Allow", "kms:Decrypt", "*")
    root.put_role_policy(RoleName="job", PolicyName="Keys", PolicyDocument=decrypt)
    kept = root.get_role_policy(RoleName="JOB", PolicyName="keys")
    assert (kept["RoleName"], kept["PolicyName"]) == ("Job", "Keys")
    assert kept["PolicyDocument"] == json.loads(decrypt)
    root.put_role_policy(RoleName="Job", PolicyName="KEYS", PolicyDocument=statement("Deny", "*", "*"))
    assert root.list_role_policies(RoleName="Job")["PolicyNames"] == ["Keys"]
    assert refused(root.get_role_policy, RoleName="Job", PolicyName="other") == (
        404,
        "NoSuchEntity",
        "The role policy with name other cannot be found.",
    )
    assert refused(root.delete_role, RoleName="Job") == (
        409,
        "DeleteConflict",
        "Cannot delete entity, must delete policies first.",
    )
    actions = ",".join(f'"kms:{"x" * 100}{number}"' for number in range(100))
    large = f'{{"Version":"2012-10-17","Statement":{{"Effect":"Deny","Action":[{actions}],"Resource":"*"}}}}'
    assert refused(root.put_role_policy, RoleName="Job", PolicyName="large", PolicyDocument=large) == (
        409,
        "LimitExceeded",
        "Maximum policy size of 10240 bytes exceeded for role Job",
    )
    root.delete_role_policy(RoleName="Job", PolicyName="kEYS")
    root.delete_role(RoleName="Job")
    assert root.list_roles()["Roles"] == []


def test_boundaries_of_roles_and_users(root: Any) -> None:
    root.create_role(RoleName="r", AssumeRolePolicyDocument=EC2)
    root.create_user(UserName="u")
    bound = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": ADMINISTRATOR}
    root.put_role_permissions_boundary(RoleName="r", PermissionsBoundary=ADMINISTRATOR)
    root.put_user_permissions_boundary(UserName="u", PermissionsBoundary=ADMINISTRATOR)
    assert root.get_role(RoleName="r")["Role"]["PermissionsBoundary"] == bound
    assert root.get_user(UserName="u")["User"]["PermissionsBoundary"] == bound
    for _ in range(2):
        root.delete_role_permissions_boundary(RoleName="r")
        root.delete_user_permissions_boundary(UserName="u")
    assert "PermissionsBoundary" not in root.get_role(RoleName="r")["Role"]
    assert "PermissionsBoundary" not in root.get_user(UserName="u")["User"]


# Authorization and audit.


def test_conditions_on_boundary_and_tags(inside: InProcess, root: Any, refused: Refused) -> None:
    """The delegation of the User Guide: who makes roles must bound them, and may touch only its team's."""
    root.create_user(UserName="lead")
    condition = {
        "StringEquals": {"iam:PermissionsBoundary": ADMINISTRATOR},
        "StringEqualsIfExists": {"aws:RequestTag/team": "blue", "iam:ResourceTag/team": "blue"},
    }
    allowed = {"Effect": "Allow", "Action": ["iam:*Role*"], "Resource": "*", "Condition": condition}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    root.put_user_policy(UserName="lead", PolicyName="p", PolicyDocument=policy)
    lead = inside.client("iam", root.create_access_key(UserName="lead")["AccessKey"])
    asked = {"RoleName": "r", "AssumeRolePolicyDocument": EC2}
    assert refused(lead.create_role, **asked) == (
        403,
        "AccessDenied",
        f"User: arn:aws:iam::{ACCOUNT}:user/lead is not authorized to perform: iam:CreateRole on resource: "
        f"arn:aws:iam::{ACCOUNT}:role/r because no identity-based policy allows the iam:CreateRole action",
    )
    red, blue = ([{"Key": "team", "Value": colour}] for colour in ("red", "blue"))
    bound = asked | {"PermissionsBoundary": ADMINISTRATOR}
    assert refused(lead.create_role, **bound, Tags=red)[1] == "AccessDenied"
    # iam:TagRole has no boundary among its keys.
    assert "iam:TagRole" in refused(lead.create_role, **bound, Tags=blue)[2]
    lead.create_role(**bound)
    lead.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=statement("Allow", "*", "*"))
    lead.delete_role_policy(RoleName="r", PolicyName="p")
    root.create_role(RoleName="other", AssumeRolePolicyDocument=EC2, Tags=red)
    assert refused(lead.delete_role, RoleName="other")[1] == "AccessDenied"
    lead.delete_role(RoleName="r")


def test_calls_are_authorized_on_the_role_and_recorded(
    inside: InProcess, root: Any, refused: Refused
) -> None:
    root.create_user(UserName="alice")
    root.create_role(RoleName="r", Path="/ops/", AssumeRolePolicyDocument=EC2)
    arn = f"arn:aws:iam::{ACCOUNT}:role/ops/r"
    alice = inside.client("iam", root.create_access_key(UserName="alice")["AccessKey"])
    denied = refused(alice.get_role, RoleName="R")
    assert denied[2] == (
        f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: iam:GetRole on resource: "
        "role R because no identity-based policy allows the iam:GetRole action"
    )
    assert refused(alice.get_role, RoleName="none")[1] == "AccessDenied"
    allow(root, "alice", "iam:*", arn)
    assert alice.get_role(RoleName="r")["Role"]["Arn"] == arn
    assert refused(alice.list_roles)[1] == "AccessDenied"
    allow(root, "alice", "iam:ListRoles", f"arn:aws:iam::{ACCOUNT}:role/ops/*")
    assert len(alice.list_roles(PathPrefix="/ops/")["Roles"]) == 1
    root.update_role(RoleName="r", MaxSessionDuration=4000)
    update = inside.events()[-1]
    assert (update["eventName"], update["readOnly"]) == ("UpdateRole", False)
    assert update["requestParameters"] == {"roleName": "r", "maxSessionDuration": 4000}
    (made,) = (event for event in inside.events() if event["eventName"] == "CreateRole")
    assert made["requestParameters"] == {
        "path": "/ops/",
        "roleName": "r",
        "assumeRolePolicyDocument": EC2,
    }
    role = made["responseElements"]["role"]
    assert (role["arn"], role["createDate"]) == (arn, "Jan 15, 2027 8:02:03 AM")
    assert role["assumeRolePolicyDocument"].startswith("%7B%0A%20%20%20%22Version%22")
