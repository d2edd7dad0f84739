"""What is measured: three operations by an IAM user whom a console-style key policy names."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from bench.servers import REGION, Server

PRINCIPALS = 10
REQUESTS = 256
"""Different requests an operation: plaintexts, contexts and so signatures differ."""

ADMINISTRATION = (
    "Create Describe Enable List Put Update Revoke Disable Get Delete".split()  # each with a `*`
)


@dataclass(frozen=True, slots=True)
class Caller:
    """An IAM user with an access key, and the key that its policy lets it use."""

    user: str
    credentials: Credentials
    key_arn: str
    policy_size: int


@dataclass(frozen=True, slots=True)
class Call:
    """One unsigned call; `plaintext` is what its answer must hold or open to, None if the server draws it."""

    operation: str
    context: dict[str, str]
    body: bytes
    plaintext: bytes | None


def console_policy(account: str, administrators: Sequence[str], users: Sequence[str]) -> str:
    """The key policy that the console of AWS KMS writes, with its Sids and action lists."""
    administration = [f"kms:{verb}*" for verb in ADMINISTRATION]
    administration += ["kms:TagResource", "kms:UntagResource"]
    administration += ["kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion", "kms:RotateKeyOnDemand"]
    use = "kms:Encrypt kms:Decrypt kms:ReEncrypt* kms:GenerateDataKey* kms:DescribeKey".split()
    attach = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
    root = [f"arn:aws:iam::{account}:root"]
    for_services = {"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}
    statements = [
        statement("Enable IAM User Permissions", root, ["kms:*"]),
        statement("Allow access for Key Administrators", administrators, administration),
        statement("Allow use of the key", users, use),
        statement("Allow attachment of persistent resources", users, attach) | for_services,
    ]
    return json.dumps({"Version": "2012-10-17", "Id": "key-consolepolicy-3", "Statement": statements})


def statement(sid: str, principals: Sequence[str], actions: Sequence[str]) -> dict[str, object]:
    """An Allow statement as the console writes it: one of a thing stands without a list."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": principals[0] if len(principals) == 1 else list(principals)},
        "Action": actions[0] if len(actions) == 1 else list(actions),
        "Resource": "*",
    }


def set_up(server: Server) -> Caller:
    """Makes ten IAM users and a key, and returns the seventh of them with an access key."""
    iam, kms = server.client("iam"), server.client("kms")
    account = server.client("sts").get_caller_identity()["Account"]
    arns = [iam.create_user(UserName=f"bench-{n}")["User"]["Arn"] for n in range(PRINCIPALS)]
    policy = console_policy(account, arns[:2], arns)
    key_arn = kms.create_key(Policy=policy, BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["Arn"]
    made = iam.create_access_key(UserName="bench-7")["AccessKey"]
    credentials = Credentials(made["AccessKeyId"], made["SecretAccessKey"])
    return Caller("bench-7", credentials, key_arn, len(policy))


def calls(server: Server, caller: Caller) -> dict[str, list[Call]]:
    """The three operations, each as many different calls: 32 bytes of plaintext, one pair of context."""
    kms = server.client("kms", caller.credentials.access_key, caller.credentials.secret_key)
    encrypt, decrypt, generate = [], [], []
    for n in range(REQUESTS):
        plaintext = f"the plaintext with number {n:06}".encode()
        context = {"order": f"{n:06}"}
        encrypt.append(call("Encrypt", caller, context, plaintext, Plaintext=text(plaintext)))
        blob = kms.encrypt(KeyId=caller.key_arn, Plaintext=plaintext, EncryptionContext=context)
        ciphertext = text(blob["CiphertextBlob"])
        decrypt.append(call("Decrypt", caller, context, plaintext, CiphertextBlob=ciphertext))
        generate.append(call("GenerateDataKey", caller, context, None, KeySpec="AES_256"))
    return {"Encrypt": encrypt, "Decrypt": decrypt, "GenerateDataKey": generate}


def call(
    operation: str, caller: Caller, context: dict[str, str], plaintext: bytes | None, **members: str
) -> Call:
    """One call on the caller's key."""
    request = {"KeyId": caller.key_arn, "EncryptionContext": context, **members}
    return Call(operation, context, json.dumps(request).encode(), plaintext)


def sign(made: Sequence[Call], server: Server, credentials: Credentials) -> list[bytes]:
    """Whole HTTP/1.1 requests with signatures of now, which hold for five minutes."""
    signer = SigV4Auth(credentials, "kms", REGION)
    return [raw(one, server, signer) for one in made]


def raw(one: Call, server: Server, signer: SigV4Auth) -> bytes:
    """The bytes of one signed request."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"TrentService.{one.operation}",
        "Host": f"127.0.0.1:{server.port}",
    }
    request = AWSRequest("POST", f"http://127.0.0.1:{server.port}/", headers, one.body)
    signer.add_auth(request)
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    return f"POST / HTTP/1.1\r\n{head}Content-Length: {len(one.body)}\r\n\r\n".encode() + one.body


def check(server: Server, caller: Caller, made: Sequence[Call], samples: Sequence[tuple[int, bytes]]) -> None:
    """Ends the bench unless the sampled answers mean what they should."""
    kms = server.client("kms", caller.credentials.access_key, caller.credentials.secret_key)
    for index, answer in samples:
        asked, told = made[index], json.loads(answer)
        plaintext = base64.b64decode(told["Plaintext"]) if "Plaintext" in told else None
        if "CiphertextBlob" in told:
            blob = base64.b64decode(told["CiphertextBlob"])
            opened = kms.decrypt(CiphertextBlob=blob, EncryptionContext=asked.context)["Plaintext"]
        else:
            opened = plaintext
        expected = plaintext if asked.plaintext is None else asked.plaintext
        if expected is None or opened != expected:
            raise SystemExit(f"{asked.operation} answered wrongly: {answer!r}")


def text(value: bytes) -> str:
    """Base64, as the protocol carries bytes."""
    return base64.b64encode(value).decode()
