"""The simulator with boto3 and the AWS CLI against a running server."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.wire

DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:EncryptionContext:dept": "pay"}},
        }
    ],
}
POLICY = json.dumps(DOCUMENT)


@pytest.fixture
def account(shared_dev: Any) -> str:
    """A fresh account, whose root user signs with its twelve digits."""
    return f"{uuid.uuid4().int % 10**12:012d}"


def test_what_is_simulated_is_what_happens(shared_dev: Any, account: str) -> None:
    root = (account, "test")
    iam, kms = shared_dev.client("iam", root), shared_dev.client("kms", root)
    user = iam.create_user(UserName="ann")["User"]["Arn"]
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=POLICY)
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    key = kms.create_key()["KeyMetadata"]["Arn"]
    key_policy = kms.get_key_policy(KeyId=key)["Policy"]
    ann = shared_dev.client("kms", (made["AccessKeyId"], made["SecretAccessKey"]))

    for dept in ("pay", "ops"):
        context = {"dept": dept}
        blob = kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=context)["CiphertextBlob"]
        answer = iam.simulate_principal_policy(
            PolicySourceArn=user,
            ActionNames=["kms:Decrypt"],
            ResourceArns=[key],
            ResourcePolicy=key_policy,
            ContextEntries=[
                {
                    "ContextKeyName": "kms:EncryptionContext:dept",
                    "ContextKeyType": "string",
                    "ContextKeyValues": [dept],
                }
            ],
        )
        (result,) = answer["EvaluationResults"]
        if result["EvalDecision"] == "allowed":
            assert ann.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == b"x"
            assert dept == "pay"
        else:
            with pytest.raises(ClientError, match="not authorized to perform: kms:Decrypt"):
                ann.decrypt(CiphertextBlob=blob, EncryptionContext=context)
            assert (dept, result["EvalDecision"]) == ("ops", "implicitDeny")


def test_the_cli_simulates_texts(shared_dev: Any, account: str) -> None:
    root = (account, "test")
    done = shared_dev.aws(
        *("iam", "simulate-custom-policy", "--policy-input-list", POLICY),
        *("--action-names", "kms:Decrypt", "kms:Encrypt"),
        *("--context-entries", "ContextKeyName=kms:EncryptionContext:dept,ContextKeyValues=pay"),
        credentials=root,
    )
    assert "A context entry needs ContextKeyName and ContextKeyType." in done.stderr
    done = shared_dev.aws(
        *("iam", "simulate-custom-policy", "--policy-input-list", POLICY),
        *("--action-names", "kms:Decrypt", "kms:Encrypt"),
        "--context-entries",
        "ContextKeyName=kms:EncryptionContext:dept,ContextKeyValues=pay,ContextKeyType=string",
        credentials=root,
    )
    assert done.returncode == 0, done.stderr
    decrypt, encrypt = json.loads(done.stdout)["EvaluationResults"]
    assert (decrypt["EvalDecision"], encrypt["EvalDecision"]) == ("allowed", "implicitDeny")
    assert decrypt["MatchedStatements"][0]["StartPosition"] == {"Line": 1, "Column": 41}
    keys = shared_dev.aws(
        *("iam", "get-context-keys-for-custom-policy", "--policy-input-list", POLICY), credentials=root
    )
    assert json.loads(keys.stdout) == {"ContextKeyNames": ["kms:EncryptionContext:dept"]}


def test_the_cli_simulates_a_user_and_only_who_may(shared_dev: Any, account: str) -> None:
    root = (account, "test")
    iam = shared_dev.client("iam", root)
    user = iam.create_user(UserName="bob")["User"]["Arn"]
    made = iam.create_access_key(UserName="bob")["AccessKey"]
    bob = (made["AccessKeyId"], made["SecretAccessKey"])
    command = (
        *("iam", "simulate-principal-policy", "--policy-source-arn", user),
        *("--action-names", "kms:Decrypt", "kms:Encrypt", "--page-size", "1"),
    )
    done = shared_dev.aws(*command, credentials=root)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["EvaluationResults"]
    assert [result["EvalDecision"] for result in results] == ["implicitDeny", "implicitDeny"]
    denied = shared_dev.aws(*command, credentials=bob)
    assert denied.returncode != 0
    assert f"not authorized to perform: iam:SimulatePrincipalPolicy on resource: {user}" in denied.stderr
    keys = shared_dev.aws(
        *("iam", "get-context-keys-for-principal-policy", "--policy-source-arn", user), credentials=root
    )
    assert json.loads(keys.stdout) == {"ContextKeyNames": []}
