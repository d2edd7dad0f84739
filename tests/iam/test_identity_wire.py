"""Access keys and OIDC providers with boto3 and the AWS CLI against a running server."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.wire


def test_last_uses_survive_a_restart(dev: Any) -> None:
    iam = dev.client("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    credentials = key["AccessKeyId"], key["SecretAccessKey"]
    dev.client("sts", credentials, region="eu-west-1").get_caller_identity()
    before = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert before["UserName"] == "ann"
    assert before["AccessKeyLastUsed"]["ServiceName"] == "sts"
    assert dev.stop() == 0
    dev.start()
    after = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert after["AccessKeyLastUsed"] == before["AccessKeyLastUsed"]


def test_the_life_of_an_oidc_provider(shared_dev: Any) -> None:
    iam = shared_dev.client("iam", ("515151515151", "test"))
    url = "https://oidc.example.org/id/1"
    arn = iam.create_open_id_connect_provider(
        Url=url, ClientIDList=["sts.amazonaws.com"], Tags=[{"Key": "a", "Value": "b"}]
    )["OpenIDConnectProviderArn"]
    assert arn == "arn:aws:iam::515151515151:oidc-provider/oidc.example.org/id/1"
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="app")
    shown = shared_dev.aws(
        "iam",
        "get-open-id-connect-provider",
        "--open-id-connect-provider-arn",
        arn,
        credentials=("515151515151", "test"),
    )
    assert shown.returncode == 0, shown.stderr
    provider = json.loads(shown.stdout)
    assert (provider["Url"], provider["ClientIDList"]) == (url[8:], ["sts.amazonaws.com", "app"])
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
