import json
import re
from typing import Any

import pytest
from tests.iam.in_process import ACCOUNT
from tests.organizations.conftest import Refused
from tests.organizations.scene import ALLOW_ALL, FULL_ACCESS, RCP, SCP, Organization, document, statement

DENY_KMS = document(statement("Deny", "kms:*"))
DENY_ON_KEYS = document(statement("Deny", "kms:*", Principal="*"))
MALFORMED = (
    "MalformedPolicyDocumentException",
    "The provided policy document does not meet the requirements of the specified policy type.",
    "",
)
NEW: dict[str, Any] = {"Name": "limits", "Description": "what is limited", "Type": SCP, "Content": DENY_KMS}


def test_a_policy_is_made_described_and_changed(organization: Organization) -> None:
    client = organization.client
    made = client.create_policy(**NEW, Tags=[{"Key": "team", "Value": "a"}])["Policy"]
    policy = made["PolicySummary"]["Id"]
    assert re.fullmatch("p-[a-z0-9]{8}", policy)
    arn = f"arn:aws:organizations::{ACCOUNT}:policy/{organization.id}/service_control_policy/{policy}"
    assert made == {
        "PolicySummary": {
            "Id": policy,
            "Arn": arn,
            "Name": "limits",
            "Description": "what is limited",
            "Type": SCP,
            "AwsManaged": False,
        },
        "Content": DENY_KMS,
    }
    assert client.describe_policy(PolicyId=policy)["Policy"] == made
    assert client.list_tags_for_resource(ResourceId=policy)["Tags"] == [{"Key": "team", "Value": "a"}]
    changed = client.update_policy(PolicyId=policy, Name="other", Description="", Content=ALLOW_ALL)["Policy"]
    assert changed["Content"] == ALLOW_ALL
    assert changed["PolicySummary"] == made["PolicySummary"] | {"Name": "other", "Description": ""}
    assert client.update_policy(PolicyId=policy)["Policy"] == changed
    client.delete_policy(PolicyId=policy)
    assert [each["Id"] for each in client.list_policies(Filter=SCP)["Policies"]] == [FULL_ACCESS[SCP]]


@pytest.mark.parametrize(
    ("type", "name", "description"),
    [
        (SCP, "FullAWSAccess", "Allows access to every operation"),
        (RCP, "RCPFullAWSAccess", "Allows access to every resource"),
    ],
)
def test_the_policies_of_aws(
    organization: Organization, refused: Refused, type: str, name: str, description: str
) -> None:
    client, of_aws = organization.client, FULL_ACCESS[type]
    policy = client.describe_policy(PolicyId=of_aws)["Policy"]
    assert policy["PolicySummary"] == {
        "Id": of_aws,
        "Arn": f"arn:aws:organizations::aws:policy/{type.lower()}/{of_aws}",
        "Name": name,
        "Description": description,
        "Type": type,
        "AwsManaged": True,
    }
    (allows,) = json.loads(policy["Content"])["Statement"]
    assert (allows["Effect"], allows["Action"], allows["Resource"]) == ("Allow", "*", "*")
    for change in (client.update_policy, client.delete_policy):
        assert refused(change, PolicyId=of_aws)[::2] == ("InvalidInputException", "IMMUTABLE_POLICY")
    new = NEW | {"Type": type, "Content": DENY_KMS if type == SCP else DENY_ON_KEYS}
    assert refused(client.create_policy, **new | {"Name": name})[0] == "DuplicatePolicyException"
    for call in (client.list_tags_for_resource, client.tag_resource):
        more = {"Tags": []} if call == client.tag_resource else {}
        assert refused(call, ResourceId=of_aws, **more)[2] == "TARGET_NOT_SUPPORTED"


def test_names_are_unique_among_the_policies_of_a_type(organization: Organization, refused: Refused) -> None:
    client = organization.client
    organization.policy(DENY_KMS, "limits")
    other = organization.policy(DENY_KMS, "others")
    organization.policy(DENY_ON_KEYS, "limits", RCP)
    taken = ("DuplicatePolicyException", "A policy with the same name already exists.", "")
    assert refused(client.create_policy, **NEW) == taken
    assert refused(client.update_policy, PolicyId=other, Name="limits") == taken
    assert refused(client.update_policy, PolicyId=other, Name="FullAWSAccess") == taken
    client.update_policy(PolicyId=other, Name="others")


@pytest.mark.parametrize(
    "content",
    [
        "no policy",
        "{}",
        json.dumps({"Statement": statement("Deny", "kms:*")}),  # a Version must be there
        document(statement("Deny", "kms:*", Principal="*")),
        document(statement("Perhaps", "kms:*")),
    ],
)
def test_what_is_no_service_control_policy(
    organization: Organization, refused: Refused, content: str
) -> None:
    assert refused(organization.client.create_policy, **NEW | {"Content": content}) == MALFORMED
    policy = organization.policy(DENY_KMS)
    assert refused(organization.client.update_policy, PolicyId=policy, Content=content) == MALFORMED


@pytest.mark.parametrize(
    "limits",
    [
        statement("Allow", "kms:*", Principal="*"),
        statement("Deny", "*", Principal="*"),
        statement("Deny", "iam:*", Principal="*"),
        statement("Deny", "kms:*"),
        statement("Deny", "kms:*", Principal={"AWS": ACCOUNT}),
    ],
)
def test_what_is_no_resource_control_policy(
    organization: Organization, refused: Refused, limits: dict[str, Any]
) -> None:
    new = NEW | {"Type": RCP, "Content": document(limits)}
    assert refused(organization.client.create_policy, **new) == MALFORMED


def test_a_version_is_written_into_a_resource_control_policy_without_one(organization: Organization) -> None:
    content = json.dumps({"Statement": statement("Deny", "kms:*", Principal="*")})
    made = organization.client.create_policy(**NEW | {"Type": RCP, "Content": content})["Policy"]
    assert json.loads(made["Content"]) == {"Version": "2008-10-17"} | json.loads(content)


def test_a_policy_has_5120_characters_at_most(organization: Organization, refused: Refused) -> None:
    longest = DENY_KMS + " " * (5120 - len(DENY_KMS))
    organization.policy(longest)
    assert refused(organization.client.create_policy, **NEW | {"Content": longest + " "}) == (
        "ConstraintViolationException",
        "You have exceeded the maximum policy size.",
        "POLICY_CONTENT_LIMIT_EXCEEDED",
    )


def test_policies_are_listed_by_id_in_pages(organization: Organization) -> None:
    made = sorted([FULL_ACCESS[SCP], *(organization.policy(DENY_KMS, name) for name in "abcd")])
    organization.policy(DENY_ON_KEYS, "a", RCP)
    for size in (1, 2, 3):
        pages = organization.client.get_paginator("list_policies").paginate(
            Filter=SCP, PaginationConfig={"PageSize": size}
        )
        listed = [[policy["Id"] for policy in page["Policies"]] for page in pages]
        assert [policy for page in listed for policy in page] == made
        assert all(len(page) == size for page in listed[:-1])


def test_a_policy_that_is_not_there(organization: Organization, refused: Refused) -> None:
    client, absent = organization.client, "p-zzzzzzzz"
    missing = ("PolicyNotFoundException", "You specified a policy that doesn't exist.", "")
    for call in (
        client.describe_policy,
        client.update_policy,
        client.delete_policy,
        client.list_targets_for_policy,
    ):
        assert refused(call, PolicyId=absent) == missing
    for call in (client.attach_policy, client.detach_policy):
        assert refused(call, PolicyId=absent, TargetId=organization.root) == missing


class TestAttachments:
    def test_a_policy_is_attached_to_root_unit_and_account(self, organization: Organization) -> None:
        organization.enable(SCP)
        unit = organization.unit("u")
        account = organization.account("a", unit)
        policy = organization.policy(DENY_KMS)
        for target in (organization.root, unit, account):
            organization.attach(policy, target)
            assert set(organization.attached(target)) == {policy, FULL_ACCESS[SCP]}
        targets = organization.client.list_targets_for_policy(PolicyId=policy)["Targets"]
        arn = f"arn:aws:organizations::{ACCOUNT}"
        assert targets == [
            {
                "TargetId": account,
                "Arn": f"{arn}:account/{organization.id}/{account}",
                "Name": "a",
                "Type": "ACCOUNT",
            },
            {
                "TargetId": unit,
                "Arn": f"{arn}:ou/{organization.id}/{unit}",
                "Name": "u",
                "Type": "ORGANIZATIONAL_UNIT",
            },
            {
                "TargetId": organization.root,
                "Arn": f"{arn}:root/{organization.id}/{organization.root}",
                "Name": "Root",
                "Type": "ROOT",
            },
        ]
        pages = organization.client.get_paginator("list_targets_for_policy").paginate(
            PolicyId=FULL_ACCESS[SCP], PaginationConfig={"PageSize": 1}
        )
        assert [target["TargetId"] for page in pages for target in page["Targets"]] == [
            ACCOUNT,
            account,
            unit,
            organization.root,
        ]
        organization.detach(policy, unit)
        assert organization.attached(unit) == [FULL_ACCESS[SCP]]

    def test_not_twice_not_when_disabled_not_to_nothing(
        self, organization: Organization, refused: Refused
    ) -> None:
        policy, attach = organization.policy(DENY_KMS), organization.client.attach_policy
        asked = {"PolicyId": policy, "TargetId": organization.root}
        assert refused(attach, **asked) == (
            "PolicyTypeNotEnabledException",
            "This operation can be performed only for enabled policy types.",
            "",
        )
        organization.enable(SCP)
        attach(**asked)
        assert refused(attach, **asked)[0] == "DuplicatePolicyAttachmentException"
        for target in ("r-zzzz", "ou-zzzz-zzzzzzzz", "999988887777"):
            for call in (attach, organization.client.detach_policy):
                assert refused(call, PolicyId=policy, TargetId=target)[0] == "TargetNotFoundException"
            listing = organization.client.list_policies_for_target
            assert refused(listing, TargetId=target, Filter=SCP)[0] == "TargetNotFoundException"

    def test_five_at_most_and_one_at_least(self, organization: Organization, refused: Refused) -> None:
        organization.enable(SCP)
        root, client = organization.root, organization.client
        policies = [organization.policy(ALLOW_ALL, str(number)) for number in range(5)]
        for policy in policies[:4]:
            organization.attach(policy, root)
        assert refused(client.attach_policy, PolicyId=policies[4], TargetId=root) == (
            "ConstraintViolationException",
            "You have attached the maximum number of policies to the specified target.",
            "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        )
        page = client.list_policies_for_target(TargetId=root, Filter=SCP, MaxResults=3)
        rest = client.list_policies_for_target(TargetId=root, Filter=SCP, NextToken=page["NextToken"])
        assert (len(page["Policies"]), len(rest["Policies"])) == (3, 2)
        organization.detach(FULL_ACCESS[SCP], root)
        for policy in policies[:3]:
            organization.detach(policy, root)
        assert refused(client.detach_policy, PolicyId=policies[3], TargetId=root) == (
            "ConstraintViolationException",
            "You cannot remove the last policy attached to the specified target. You must have at least one "
            "attached at all times.",
            "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        )
        assert refused(client.detach_policy, PolicyId=policies[4], TargetId=root)[0] == (
            "PolicyNotAttachedException"
        )

    def test_the_rcp_of_aws_cannot_be_detached(self, organization: Organization, refused: Refused) -> None:
        organization.enable(RCP)
        organization.attach(organization.policy(DENY_ON_KEYS, type=RCP), organization.root)
        refusal = refused(
            organization.client.detach_policy, PolicyId=FULL_ACCESS[RCP], TargetId=organization.root
        )
        assert refusal[::2] == ("InvalidInputException", "NON_DETACHABLE_POLICY")

    def test_a_policy_that_is_attached_stays(self, organization: Organization, refused: Refused) -> None:
        organization.enable(SCP)
        policy = organization.policy(DENY_KMS)
        organization.attach(policy, organization.root)
        assert refused(organization.client.delete_policy, PolicyId=policy)[0] == "PolicyInUseException"
        organization.detach(policy, organization.root)
        organization.client.delete_policy(PolicyId=policy)
