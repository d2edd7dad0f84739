from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, allow, statement

Refused = Callable[..., tuple[int, str, str]]

URL = "https://issuer.example.org/realms/main"
ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/issuer.example.org/realms/main"
THUMBPRINT = "990f4193972f2becf12ddeda5237f9c952f20d9e"
MISSING = (404, "NoSuchEntity", f"OpenIDConnect Provider not found for arn {ARN}")


@pytest.fixture
def provider(root: Any) -> str:
    made = root.create_open_id_connect_provider(
        Url=URL,
        ClientIDList=["kms", "sts.amazonaws.com"],
        ThumbprintList=[THUMBPRINT],
        Tags=[{"Key": "Team", "Value": "one"}],
    )
    assert made["OpenIDConnectProviderArn"] == ARN
    assert made["Tags"] == [{"Key": "Team", "Value": "one"}]
    return ARN


def of(root: Any, arn: str = ARN) -> dict[str, Any]:
    answer: dict[str, Any] = root.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    del answer["ResponseMetadata"]
    return answer


def test_a_provider_is_kept_as_it_was_made(root: Any, provider: str) -> None:
    assert of(root) == {
        "Url": "issuer.example.org/realms/main",
        "ClientIDList": ["kms", "sts.amazonaws.com"],
        "ThumbprintList": [THUMBPRINT],
        "CreateDate": datetime(2027, 1, 15, 8, 2, 3, tzinfo=UTC),
        "Tags": [{"Key": "Team", "Value": "one"}],
    }
    assert root.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [{"Arn": provider}]


def test_nothing_but_the_url_is_needed(root: Any) -> None:
    made = root.create_open_id_connect_provider(Url="https://example.org")
    assert "Tags" not in made
    found = of(root, made["OpenIDConnectProviderArn"])
    assert (found["ClientIDList"], found["ThumbprintList"]) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example.org",
        "issuer.example.org",
        "HTTPS://issuer.example.org",
        "https://",
        "https:///path",
        "https://user@issuer.example.org",
        "https://issuer.example.org?x=1",
        "https://issuer.example.org/#x",
        "https://issuer.example.org/a b",
        "https://issuer..org",
        "https://-issuer.org",
        "https://issuer.org:0",
        "https://issuer.org:port",
        "https://issuer.org\n",
        "https://issüer.org",
    ],
)
def test_urls_that_are_no_issuer(root: Any, refused: Refused, url: str) -> None:
    assert refused(root.create_open_id_connect_provider, Url=url) == (
        400,
        "ValidationError",
        "Invalid Open ID Connect Provider URL",
    )
    assert root.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []


@pytest.mark.parametrize(
    "url", ["https://localhost:8443", "https://10.0.0.1:6443/x", "https://a.b/", "https://a.b"]
)
def test_urls_are_kept_character_for_character(root: Any, url: str) -> None:
    arn = root.create_open_id_connect_provider(Url=url)["OpenIDConnectProviderArn"]
    assert arn == f"arn:aws:iam::{ACCOUNT}:oidc-provider/{url[8:]}"
    assert of(root, arn)["Url"] == url[8:]


def test_there_is_one_provider_of_a_url_in_an_account(
    inside: InProcess, root: Any, refused: Refused, provider: str
) -> None:
    assert refused(root.create_open_id_connect_provider, Url=URL) == (
        409,
        "EntityAlreadyExists",
        f"Provider with url {URL} already exists.",
    )
    assert of(root)["ClientIDList"] == ["kms", "sts.amazonaws.com"]
    other = inside.client("iam", ("111122223333", "test"))
    assert other.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
    other.create_open_id_connect_provider(Url=URL)
    other.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert of(root)["Url"] == URL[8:]


def test_quotas(root: Any, refused: Refused, provider: str) -> None:
    for number in range(99):
        root.create_open_id_connect_provider(Url=f"https://issuer{number}.example.org")
    assert refused(root.create_open_id_connect_provider, Url="https://more.example.org")[:2] == (
        409,
        "LimitExceeded",
    )
    assert refused(root.create_open_id_connect_provider, Url=URL)[1] == "EntityAlreadyExists"
    ids = [f"client-{number}" for number in range(101)]
    new = {"Url": "https://new.example.org"}
    assert refused(root.create_open_id_connect_provider, **new, ClientIDList=ids)[1] == "LimitExceeded"
    thumbprints = [f"{number:040x}" for number in range(6)]
    assert refused(root.create_open_id_connect_provider, **new, ThumbprintList=thumbprints)[:2] == (
        400,
        "InvalidInput",
    )
    on = {"OpenIDConnectProviderArn": provider}
    update = root.update_open_id_connect_provider_thumbprint
    assert refused(update, **on, ThumbprintList=thumbprints)[1] == "InvalidInput"
    for each in ids[:98]:
        root.add_client_id_to_open_id_connect_provider(**on, ClientID=each)
    assert refused(root.add_client_id_to_open_id_connect_provider, **on, ClientID="more")[1] == (
        "LimitExceeded"
    )
    root.add_client_id_to_open_id_connect_provider(**on, ClientID="kms")


def test_client_ids_come_and_go(root: Any, provider: str) -> None:
    on = {"OpenIDConnectProviderArn": provider}
    for each in ("app", "app"):
        root.add_client_id_to_open_id_connect_provider(**on, ClientID=each)
    assert of(root)["ClientIDList"] == ["kms", "sts.amazonaws.com", "app"]
    for each in ("kms", "kms", "never"):
        root.remove_client_id_from_open_id_connect_provider(**on, ClientID=each)
    assert of(root)["ClientIDList"] == ["sts.amazonaws.com", "app"]


def test_thumbprints_are_replaced(root: Any, refused: Refused, provider: str) -> None:
    on = {"OpenIDConnectProviderArn": provider}
    new = ["0" * 40, "f" * 40]
    root.update_open_id_connect_provider_thumbprint(**on, ThumbprintList=new)
    assert of(root)["ThumbprintList"] == new
    long = refused(root.update_open_id_connect_provider_thumbprint, **on, ThumbprintList=["f" * 41])
    assert long[:2] == (400, "ValidationError")


def test_what_is_not_there(root: Any, refused: Refused) -> None:
    on = {"OpenIDConnectProviderArn": ARN}
    for call, more in (
        (root.get_open_id_connect_provider, {}),
        (root.add_client_id_to_open_id_connect_provider, {"ClientID": "x"}),
        (root.remove_client_id_from_open_id_connect_provider, {"ClientID": "x"}),
        (root.update_open_id_connect_provider_thumbprint, {"ThumbprintList": [THUMBPRINT]}),
        (root.tag_open_id_connect_provider, {"Tags": []}),
        (root.untag_open_id_connect_provider, {"TagKeys": ["x"]}),
        (root.list_open_id_connect_provider_tags, {}),
    ):
        assert refused(call, **on, **more) == MISSING
    root.delete_open_id_connect_provider(**on)


def test_deletion_is_idempotent(root: Any, refused: Refused, provider: str) -> None:
    for _ in range(2):
        root.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert refused(root.get_open_id_connect_provider, OpenIDConnectProviderArn=provider) == MISSING


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:iam::{ACCOUNT}:user/issuer.example.org",
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/",
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/{'x' * 248}",
        "arn:aws:iam::12:oidc-provider/issuer.example.org",
        "issuer.example.org/realms",
    ],
)
def test_arns_of_something_else(root: Any, refused: Refused, arn: str) -> None:
    for call in (root.get_open_id_connect_provider, root.delete_open_id_connect_provider):
        assert refused(call, OpenIDConnectProviderArn=arn)[:2] == (400, "InvalidInput")


def test_tags(root: Any, refused: Refused, provider: str) -> None:
    on = {"OpenIDConnectProviderArn": provider}
    root.tag_open_id_connect_provider(**on, Tags=[{"Key": "Team", "Value": "two"}, {"Key": "a", "Value": ""}])
    listed = root.list_open_id_connect_provider_tags(**on)
    assert listed["Tags"] == [{"Key": "a", "Value": ""}, {"Key": "Team", "Value": "two"}]
    first = root.list_open_id_connect_provider_tags(**on, MaxItems=1)
    assert (len(first["Tags"]), first["IsTruncated"]) == (1, True)
    rest = root.list_open_id_connect_provider_tags(**on, Marker=first["Marker"])
    assert (rest["Tags"], rest["IsTruncated"]) == ([{"Key": "Team", "Value": "two"}], False)
    root.untag_open_id_connect_provider(**on, TagKeys=["a", "A", "never"])
    assert of(root)["Tags"] == [{"Key": "Team", "Value": "two"}]
    twice = [{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]
    assert refused(root.tag_open_id_connect_provider, **on, Tags=twice) == (
        400,
        "InvalidInput",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    )
    reserved = [{"Key": "AWS:x", "Value": "1"}]
    assert refused(root.tag_open_id_connect_provider, **on, Tags=reserved)[1] == "InvalidInput"
    many = [{"Key": f"k{number}", "Value": "v"} for number in range(50)]
    assert refused(root.tag_open_id_connect_provider, **on, Tags=many)[1] == "LimitExceeded"
    new = {"Url": "https://new.example.org"}
    assert refused(root.create_open_id_connect_provider, **new, Tags=twice)[1] == "InvalidInput"
    root.untag_open_id_connect_provider(**on, TagKeys=["Team"])
    root.tag_open_id_connect_provider(**on, Tags=many)
    assert len(of(root)["Tags"]) == 50


def test_the_case_of_tag_keys_counts(root: Any, provider: str) -> None:
    on = {"OpenIDConnectProviderArn": provider}
    root.tag_open_id_connect_provider(**on, Tags=[{"Key": "TEAM", "Value": "two"}])
    root.untag_open_id_connect_provider(**on, TagKeys=["team"])
    assert of(root)["Tags"] == [{"Key": "Team", "Value": "one"}, {"Key": "TEAM", "Value": "two"}]


def test_calls_are_authorized_and_recorded(
    inside: InProcess, root: Any, refused: Refused, provider: str
) -> None:
    root.create_user(UserName="alice")
    iam = inside.client("iam", root.create_access_key(UserName="alice")["AccessKey"])
    on = {"OpenIDConnectProviderArn": provider}
    assert refused(iam.get_open_id_connect_provider, **on) == (
        403,
        "AccessDenied",
        f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: "
        f"iam:GetOpenIDConnectProvider on resource: {ARN} because no identity-based policy allows the "
        "iam:GetOpenIDConnectProvider action",
    )
    assert refused(iam.create_open_id_connect_provider, Url="https://new.example.org/")[2].startswith(
        f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: "
        f"iam:CreateOpenIDConnectProvider on resource: arn:aws:iam::{ACCOUNT}:oidc-provider/new.example.org/"
    )
    allow(root, "alice", "iam:*OpenID*", provider)
    iam.get_open_id_connect_provider(**on)
    assert refused(iam.list_open_id_connect_providers)[1] == "AccessDenied"  # its resource is *
    event = inside.events()[-2]
    assert event["eventName"] == "GetOpenIDConnectProvider"
    assert event["requestParameters"] == {"openIDConnectProviderArn": ARN}
    (made,) = (
        event
        for event in inside.events()
        if event["eventName"] == "CreateOpenIDConnectProvider" and "errorCode" not in event
    )
    assert made["requestParameters"]["clientIDList"] == ["kms", "sts.amazonaws.com"]


def test_conditions_on_tags(inside: InProcess, root: Any, refused: Refused, provider: str) -> None:
    root.create_user(UserName="alice")
    iam = inside.client("iam", root.create_access_key(UserName="alice")["AccessKey"])
    on = {"OpenIDConnectProviderArn": provider}

    def only_if(key: str, value: str) -> None:
        document = statement("Allow", "iam:*", "*").replace(
            '"Resource"', f'"Condition": {{"StringEquals": {{"{key}": "{value}"}}}}, "Resource"'
        )
        root.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=document)

    only_if("aws:ResourceTag/Team", "one")
    iam.get_open_id_connect_provider(**on)
    assert refused(iam.create_open_id_connect_provider, Url="https://new.example.org")[1] == "AccessDenied"
    only_if("aws:ResourceTag/Team", "two")
    assert refused(iam.get_open_id_connect_provider, **on)[1] == "AccessDenied"
    only_if("aws:RequestTag/Team", "two")
    tags = [{"Key": "Team", "Value": "two"}]
    assert refused(iam.tag_open_id_connect_provider, **on, Tags=[])[1] == "AccessDenied"
    iam.tag_open_id_connect_provider(**on, Tags=tags)
    iam.create_open_id_connect_provider(Url="https://new.example.org", Tags=tags)
    only_if("aws:TagKeys", "Team")
    assert refused(iam.untag_open_id_connect_provider, **on, TagKeys=["Team"])[1] == "AccessDenied"
    root.put_user_policy(
        UserName="alice",
        PolicyName="p",
        PolicyDocument=statement("Allow", "iam:Untag*", "*").replace(
            '"Resource"',
            '"Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["Team"]}}, "Resource"',
        ),
    )
    assert refused(iam.untag_open_id_connect_provider, **on, TagKeys=["Team", "x"])[1] == "AccessDenied"
    iam.untag_open_id_connect_provider(**on, TagKeys=["Team"])


def test_tags_at_the_start_need_their_own_permission(inside: InProcess, root: Any, refused: Refused) -> None:
    root.create_user(UserName="alice")
    iam = inside.client("iam", root.create_access_key(UserName="alice")["AccessKey"])
    allow(root, "alice", "iam:CreateOpenIDConnectProvider", "*")
    tags = [{"Key": "Team", "Value": "one"}]
    assert refused(iam.create_open_id_connect_provider, Url=URL, Tags=tags)[2].startswith(
        f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: "
        f"iam:TagOpenIDConnectProvider on resource: {ARN}"
    )
    iam.create_open_id_connect_provider(Url=URL, Tags=[])
