"""What the policies of an organization do to calls of KMS, in one process."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from tests.iam.in_process import ACCOUNT, InProcess
from tests.organizations.conftest import Refused
from tests.organizations.scene import (
    ALLOW_ALL,
    FULL_ACCESS,
    RCP,
    SCP,
    Organization,
    document,
    statement,
)

STRANGER = "999988887777"
HIDDEN = (
    "because the resource does not exist in this Region, no resource-based policies allow access, or a "
    "resource-based policy explicitly denies access"
)
"""What another account's callers are told, whatever on the key's side keeps them out."""


@dataclass
class Member:
    """A member account: its id, its KMS client, and a key of its own that every account may use."""

    account: str
    kms: Any
    key: str

    @property
    def root(self) -> str:
        return f"arn:aws:iam::{self.account}:root"

    def encrypt(self) -> None:
        self.kms.encrypt(KeyId=self.key, Plaintext=b"secret")


@pytest.fixture
def member(organization: Organization) -> Member:
    organization.enable(SCP, RCP)
    account = organization.account("member")
    return make_member(organization, account)


def make_member(organization: Organization, account: str) -> Member:
    kms = organization.of(account, "kms")
    everybody = document(statement("Allow", "kms:*", Principal="*"))
    key = kms.create_key(Policy=everybody)["KeyMetadata"]["Arn"]
    return Member(account, kms, key)


def arn(organization: Organization, policy: str, type: str) -> str:
    return f"arn:aws:organizations::{ACCOUNT}:policy/{organization.id}/{type.lower()}/{policy}"


def refusal(caller: str, action: str, on: str, reason: str) -> tuple[str, str, str]:
    sentence = f"User: {caller} is not authorized to perform: {action} on {on} {reason}"
    return "AccessDeniedException", sentence, ""


def test_denied_by_scp_then_by_rcp_then_allowed(
    organization: Organization, member: Member, refused: Refused
) -> None:
    member.encrypt()
    scp = organization.policy(document(statement("Deny", "kms:Encrypt")), "no-encryption")
    rcp = organization.policy(document(statement("Deny", "kms:Encrypt", Principal="*")), "no-encryption", RCP)
    organization.attach(scp, organization.root)
    organization.attach(rcp, organization.root)
    on = f"resource: {member.key}"
    assert refused(member.encrypt) == refusal(
        member.root,
        "kms:Encrypt",
        on,
        f"with an explicit deny in a service control policy: {arn(organization, scp, SCP)}",
    )
    organization.detach(scp, organization.root)
    assert refused(member.encrypt) == refusal(
        member.root,
        "kms:Encrypt",
        on,
        f"with an explicit deny in a resource control policy: {arn(organization, rcp, RCP)}",
    )
    organization.detach(rcp, organization.root)
    member.encrypt()


def test_a_list_of_what_is_allowed_denies_the_rest(
    organization: Organization, member: Member, refused: Refused
) -> None:
    member.encrypt()
    allowed = organization.policy(document(statement("Allow", "kms:Describe*"), statement("Allow", "sts:*")))
    organization.attach(allowed, member.account)
    member.encrypt()  # FullAWSAccess is there as well
    organization.detach(FULL_ACCESS[SCP], member.account)
    assert refused(member.encrypt) == refusal(
        member.root,
        "kms:Encrypt",
        f"resource: {member.key}",
        "because no service control policy allows the kms:Encrypt action",
    )
    member.kms.describe_key(KeyId=member.key)
    organization.client.update_policy(
        PolicyId=allowed, Content=document(statement("Allow", ["kms:Describe*", "kms:Encrypt"]))
    )
    member.encrypt()


def test_units_hand_their_policies_down(organization: Organization, member: Member, refused: Refused) -> None:
    upper = organization.unit("upper")
    lower = organization.unit("lower", upper)
    deny = organization.policy(document(statement("Deny", "kms:Encrypt")))
    organization.attach(deny, upper)
    member.encrypt()
    organization.move(member.account, organization.root, lower)
    assert "service control policy" in refused(member.encrypt)[1]
    organization.move(member.account, lower, upper)
    assert "service control policy" in refused(member.encrypt)[1]
    organization.move(member.account, upper, organization.root)
    member.encrypt()
    # Every level must allow: an Allow below does not bring back what is silent above.
    organization.move(member.account, organization.root, lower)
    organization.detach(deny, upper)
    member.encrypt()
    nothing = organization.policy(document(statement("Allow", "sts:*")), "little")
    organization.attach(nothing, upper)
    organization.detach(FULL_ACCESS[SCP], upper)
    assert "because no service control policy allows" in refused(member.encrypt)[1]
    organization.attach(organization.policy(ALLOW_ALL, "everything"), lower)
    assert "because no service control policy allows" in refused(member.encrypt)[1]


def test_the_management_account_is_not_limited(
    inside: InProcess, organization: Organization, member: Member, refused: Refused
) -> None:
    kms = inside.client("kms")
    own = kms.create_key()["KeyMetadata"]["KeyId"]
    organization.attach(organization.policy(document(statement("Deny", "kms:*"))), organization.root)
    rcp = organization.policy(document(statement("Deny", "kms:Encrypt", Principal="*")), type=RCP)
    organization.attach(rcp, organization.root)
    organization.attach(rcp, ACCOUNT)
    kms.encrypt(KeyId=own, Plaintext=b"secret")
    # Its callers are bound by the RCPs above others' keys all the same.
    assert refused(kms.encrypt, KeyId=member.key, Plaintext=b"secret") == refusal(
        f"arn:aws:iam::{ACCOUNT}:root",
        "kms:Encrypt",
        "this resource",
        HIDDEN,
    )


def test_scps_follow_the_caller_and_rcps_the_key(
    inside: InProcess, organization: Organization, member: Member, refused: Refused
) -> None:
    stranger = make_member(organization, STRANGER)  # in no organization
    scp = organization.policy(document(statement("Deny", "kms:Decrypt")))
    rcp = organization.policy(document(statement("Deny", "kms:Encrypt", Principal="*")), type=RCP)
    theirs = stranger.kms.encrypt(KeyId=stranger.key, Plaintext=b"secret")["CiphertextBlob"]
    ours = member.kms.encrypt(KeyId=member.key, Plaintext=b"secret")["CiphertextBlob"]
    organization.attach(scp, organization.root)
    organization.attach(rcp, organization.root)
    # The member is limited on a stranger's key, the stranger on the member's key, and neither the other way.
    code, sentence, _ = refused(member.kms.decrypt, KeyId=stranger.key, CiphertextBlob=theirs)
    assert code == "AccessDeniedException"
    assert "with an explicit deny in a service control policy" in sentence
    member.kms.encrypt(KeyId=stranger.key, Plaintext=b"secret")
    code, sentence, _ = refused(stranger.kms.encrypt, KeyId=member.key, Plaintext=b"secret")
    assert code == "AccessDeniedException"
    assert HIDDEN in sentence
    assert stranger.kms.decrypt(KeyId=member.key, CiphertextBlob=ours)["Plaintext"] == b"secret"


def test_users_of_a_member_are_limited(
    inside: InProcess, organization: Organization, member: Member, refused: Refused
) -> None:
    iam = organization.of(member.account, "iam")
    iam.create_user(UserName="ada")
    allow = document(statement("Allow", "*"))
    iam.put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=allow)
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    kms, users = inside.client("kms", key), inside.client("iam", key)
    kms.list_keys()
    users.list_users()
    scp = organization.policy(document(statement("Deny", ["kms:ListKeys", "iam:ListUsers"])))
    organization.attach(scp, member.account)
    assert "service control policy" in refused(kms.list_keys)[1]
    with pytest.raises(users.exceptions.ClientError, match="explicit deny in a service control policy"):
        users.list_users()
    kms.encrypt(KeyId=member.key, Plaintext=b"secret")
    result = iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{member.account}:user/ada", ActionNames=["kms:ListKeys", "kms:Encrypt"]
    )["EvaluationResults"]
    assert [each["OrganizationsDecisionDetail"]["AllowedByOrganizations"] for each in result] == [False, True]


@pytest.mark.parametrize(
    ("key", "value", "operator"),
    [
        ("aws:PrincipalOrgID", "ORG", "StringEquals"),
        ("aws:ResourceOrgID", "ORG", "StringEquals"),
        ("aws:PrincipalOrgPaths", "ORG/ROOT/UNIT/", "ForAnyValue:StringEquals"),
        ("aws:PrincipalOrgPaths", "ORG/ROOT/*", "ForAnyValue:StringLike"),
        ("aws:ResourceOrgPaths", "ORG/*/UNIT/", "ForAnyValue:StringLike"),
        ("aws:ResourceAccount", "MEMBER", "StringEquals"),
    ],
)
def test_the_keys_of_organizations(
    organization: Organization, member: Member, refused: Refused, key: str, value: str, operator: str
) -> None:
    unit = organization.unit("u")
    organization.move(member.account, organization.root, unit)
    for name, text in {
        "ORG": organization.id,
        "ROOT": organization.root,
        "UNIT": unit,
        "MEMBER": member.account,
    }.items():
        value = value.replace(name, text)

    def allow_if(wanted: str) -> None:
        allowing = statement("Allow", "kms:*", Principal="*", Condition={operator: {key: wanted}})
        managing = statement("Allow", "kms:PutKeyPolicy", Principal={"AWS": member.root})
        member.kms.put_key_policy(KeyId=member.key, Policy=document(allowing, managing))

    allow_if(value)
    member.encrypt()
    allow_if(value.replace(organization.id, "o-zzzzzzzzzz").replace(member.account, ACCOUNT))
    assert refused(member.encrypt)[0] == "AccessDeniedException"


def test_outside_of_organizations_their_keys_are_absent(organization: Organization, refused: Refused) -> None:
    stranger = make_member(organization, STRANGER)
    for name in ("Principal", "Resource"):
        absent = {"Null": {f"aws:{name}OrgID": "true", f"aws:{name}OrgPaths": "true"}}
        allowing = document(
            statement("Allow", "kms:*", Principal="*", Condition=absent),
        )
        stranger.kms.put_key_policy(KeyId=stranger.key, Policy=allowing)
        stranger.encrypt()


def test_the_lock_out_check_knows_the_organization(
    organization: Organization, member: Member, refused: Refused
) -> None:
    only_here = statement(
        "Allow", "kms:*", Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": organization.id}}
    )
    member.kms.put_key_policy(KeyId=member.key, Policy=document(only_here))
    elsewhere = json.loads(json.dumps(only_here).replace(organization.id, "o-zzzzzzzzzz"))
    locked_out = refused(member.kms.put_key_policy, KeyId=member.key, Policy=document(elsewhere))
    assert locked_out[0] == "MalformedPolicyDocumentException"


class TestWhatIsRememberedIsForgotten:
    """A decision that does not look at the request is remembered; every change here must end that."""

    @staticmethod
    def deny(organization: Organization, type: str) -> str:
        more = {"Principal": "*"} if type == RCP else {}
        return organization.policy(document(statement("Deny", "kms:Encrypt", **more)), type=type)

    @pytest.mark.parametrize("type", [SCP, RCP])
    def test_attach_update_detach(
        self, organization: Organization, member: Member, refused: Refused, type: str
    ) -> None:
        policy = self.deny(organization, type)
        content = organization.client.describe_policy(PolicyId=policy)["Policy"]["Content"]
        for target in (organization.root, member.account):
            for _ in range(3):
                member.encrypt()
            organization.attach(policy, target)
            assert refused(member.encrypt)[0] == "AccessDeniedException"
            harmless = content.replace("kms:Encrypt", "kms:Sign")
            organization.client.update_policy(PolicyId=policy, Content=harmless)
            for _ in range(3):
                member.encrypt()
            organization.client.update_policy(PolicyId=policy, Content=content)
            assert refused(member.encrypt)[0] == "AccessDeniedException"
            organization.detach(policy, target)
        member.encrypt()

    @pytest.mark.parametrize("type", [SCP, RCP])
    def test_move_leave_join(
        self, organization: Organization, member: Member, refused: Refused, type: str
    ) -> None:
        unit = organization.unit("u")
        policy = self.deny(organization, type)
        organization.attach(policy, unit)
        for _ in range(3):
            member.encrypt()
        organization.move(member.account, organization.root, unit)
        assert refused(member.encrypt)[0] == "AccessDeniedException"
        organization.client.remove_account_from_organization(AccountId=member.account)
        for _ in range(3):
            member.encrypt()
        organization.attach(policy, organization.root)
        invited = organization.client.invite_account_to_organization(
            Target={"Id": member.account, "Type": "ACCOUNT"}
        )["Handshake"]["Id"]
        organization.of(member.account).accept_handshake(HandshakeId=invited)
        assert refused(member.encrypt)[0] == "AccessDeniedException"

    @pytest.mark.parametrize("type", [SCP, RCP])
    def test_disable_enable(
        self, organization: Organization, member: Member, refused: Refused, type: str
    ) -> None:
        policy = self.deny(organization, type)
        organization.attach(policy, member.account)
        assert refused(member.encrypt)[0] == "AccessDeniedException"
        organization.client.disable_policy_type(RootId=organization.root, PolicyType=type)
        for _ in range(3):
            member.encrypt()
        organization.enable(type)
        member.encrypt()
        organization.attach(policy, organization.root)
        assert refused(member.encrypt)[0] == "AccessDeniedException"

    def test_a_foreign_caller_by_the_key_s_account(
        self, organization: Organization, member: Member, refused: Refused
    ) -> None:
        stranger = organization.of(STRANGER, "kms")
        encrypt = {"KeyId": member.key, "Plaintext": b"secret"}
        iam = organization.of(STRANGER, "iam")
        iam.create_user(UserName="eve")
        iam.put_user_policy(UserName="eve", PolicyName="p", PolicyDocument=ALLOW_ALL)
        eve = organization.inside.client("kms", iam.create_access_key(UserName="eve")["AccessKey"])
        for client in (stranger, eve):
            for _ in range(3):
                client.encrypt(**encrypt)
        policy = self.deny(organization, RCP)
        organization.attach(policy, organization.root)
        for client in (stranger, eve):
            assert refused(client.encrypt, **encrypt)[0] == "AccessDeniedException"
        organization.detach(policy, organization.root)
        unit = organization.unit("u")
        organization.attach(policy, unit)
        for client in (stranger, eve):
            for _ in range(3):
                client.encrypt(**encrypt)
        # A change to the key's account alone: of the callers and of everything else nothing is forgotten.
        organization.move(member.account, organization.root, unit)
        for client in (stranger, eve):
            assert refused(client.encrypt, **encrypt)[0] == "AccessDeniedException"
        organization.move(member.account, unit, organization.root)
        for client in (stranger, eve):
            for _ in range(3):
                client.encrypt(**encrypt)
        organization.client.close_account(AccountId=member.account)
        for client in (stranger, eve):
            code, sentence, _ = refused(client.encrypt, **encrypt)
            assert code == "AccessDeniedException"
            assert HIDDEN in sentence


def test_keys_of_a_closed_account_are_not_there(
    organization: Organization, member: Member, refused: Refused
) -> None:
    blob = member.kms.encrypt(KeyId=member.key, Plaintext=b"secret")["CiphertextBlob"]
    stranger = organization.of(STRANGER, "kms")
    assert stranger.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"
    organization.client.close_account(AccountId=member.account)
    absent_key = member.key[:-4] + "0000"
    absent = refused(stranger.describe_key, KeyId=absent_key)
    assert refused(stranger.describe_key, KeyId=member.key) == absent
    code, sentence, _ = refused(stranger.decrypt, CiphertextBlob=blob)
    assert code == "AccessDeniedException"
    assert HIDDEN in sentence
