"""Calls whose work waits for a thread: what is changed meanwhile counts, and attested calls wait too."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from queue import Queue
from typing import Any

import pytest
from botocore.exceptions import ClientError

from keystead.config import Settings
from keystead.crypto.attestation import AttestationRoots
from keystead.server.rsgi import Edge
from keystead.server.threads import cores
from keystead.service.answer import Answer
from keystead.service.call import Call
from keystead.service.operation import Labour
from tests.enclaves import Enclave, Hypervisor
from tests.iam.in_process import NOW, InProcess, statement

HYPERVISOR = Hypervisor(NOW)
ENCLAVE = Enclave()


class Busy(InProcess):
    """A service behind the edge, whose threads for work are busy with something else for a while.

    `meanwhile` is done once, while the next call that needs one of these threads waits for it.
    """

    meanwhile: Callable[[], object] | None = None
    full = False
    changes_too = False

    def _finished(self, begun: Call) -> Answer:
        if self.meanwhile is None:
            return super()._finished(begun)
        meanwhile, self.meanwhile = self.meanwhile, None
        return asyncio.run(self._through_the_edge(begun, meanwhile))

    async def _through_the_edge(self, begun: Call, meanwhile: Callable[[], object]) -> Answer:
        edge = Edge(self.service, self.store, Settings(slow_queue=max(1, cores() - 1) if self.full else 99))
        threads, gate = edge._threads, threading.Event()
        held = [
            *(
                asyncio.ensure_future(threads.run(Labour.SHORT, gate.wait, 30))
                for _ in range(threads._work._max_workers)
            ),
            *(
                asyncio.ensure_future(threads.run_long(gate.wait, 30, "another account"))
                for _ in range(threads._long_work._max_workers)
            ),
            *(
                asyncio.ensure_future(threads.run(Labour.NONE, gate.wait, 30))
                for _ in range(threads.changes._max_workers if self.changes_too else 0)
            ),
        ]
        queues = (threads._work._work_queue, threads.changes._work_queue if self.changes_too else Queue())
        await asyncio.sleep(0)
        while any(queue.qsize() for queue in queues):  # until the threads have taken it
            await asyncio.sleep(0.001)
        line = len(threads._line)
        finishing = asyncio.ensure_future(edge._finish(begun))
        while (
            not finishing.done() and not any(queue.qsize() for queue in queues) and len(threads._line) == line
        ):
            await asyncio.sleep(0.001)
        try:
            assert self.full == finishing.done()
            meanwhile()
        finally:
            gate.set()
        answer = await finishing
        await asyncio.gather(*held)
        threads.shutdown()
        return answer


@pytest.fixture
def busy() -> Iterator[Busy]:
    made = Busy(attestation_roots=AttestationRoots(HYPERVISOR.root_pem))
    yield made
    made.store.close()


def outcome(call: Callable[..., Any], **request: Any) -> str:
    try:
        call(**request)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "done"


def recorded(code: str) -> str:
    """How events name the outcome."""
    return "AccessDenied" if code == "AccessDeniedException" else code


RECIPIENT = {
    "KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256",
    "AttestationDocument": HYPERVISOR.document(public_key=ENCLAVE.public_key),
}
CALLS: dict[str, tuple[dict[str, str], str, dict[str, Any]]] = {
    "short and prepared": (
        {"KeySpec": "RSA_3072", "KeyUsage": "SIGN_VERIFY"},
        "sign",
        {"Message": b"m", "SigningAlgorithm": "RSASSA_PSS_SHA_256"},
    ),
    "short": (
        {"KeySpec": "ML_KEM_512", "KeyUsage": "ENCAPSULATE_DECAPSULATE"},
        "encapsulate",
        {"EncapsulationAlgorithm": "ML_KEM"},
    ),
    "long": ({}, "generate_data_key_pair", {"KeyPairSpec": "RSA_2048"}),
    "long and attested": (
        {},
        "generate_data_key_pair",
        {"KeyPairSpec": "RSA_2048", "Recipient": RECIPIENT},
    ),
    "a change": (
        {"Origin": "EXTERNAL"},
        "import_key_material",
        {
            "ImportToken": b"t",
            "EncryptedKeyMaterial": b"m",
            "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE",
        },
    ),
}


@pytest.mark.parametrize("kind", [kind for kind in CALLS if kind != "a change"])
@pytest.mark.parametrize("change", ["nothing", "of another key", "disabled", "key policy"])
def test_what_changes_while_a_call_waits_counts(busy: Busy, kind: str, change: str) -> None:
    made, operation, request = CALLS[kind]
    kms = busy.client("kms")
    key = kms.create_key(**made)["KeyMetadata"]["KeyId"]
    denying = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, '
        '"Action": ["kms:PutKeyPolicy", "kms:GetKeyLastUsage"], "Resource": "*"}]}'
    )
    busy.meanwhile = {
        "nothing": lambda: None,
        "of another key": lambda: kms.create_key(),
        "disabled": lambda: kms.disable_key(KeyId=key),
        "key policy": lambda: kms.put_key_policy(KeyId=key, Policy=denying),
    }[change]
    expected = {"disabled": "DisabledException", "key policy": "AccessDeniedException"}.get(change, "done")
    assert outcome(getattr(kms, operation), KeyId=key, **request) == expected
    event = busy.events()[-1]
    assert event["eventName"].lower() == operation.replace("_", "")
    assert event.get("errorCode", "done") == recorded(expected)
    assert [resource["ARN"].endswith(key) for resource in event["resources"]] == [True]
    used = busy.client("kms").get_key_last_usage(KeyId=key).get("KeyLastUsage", {})
    assert used.get("CloudTrailEventId") == (event["eventID"] if expected == "done" else None)


@pytest.mark.parametrize("disabled", [False, True])
def test_a_call_stays_with_the_key_that_it_began_with(busy: Busy, disabled: bool) -> None:
    made, operation, request = CALLS["short and prepared"]
    kms = busy.client("kms")
    first, second = (kms.create_key(**made)["KeyMetadata"] for _ in range(2))
    kms.create_alias(AliasName="alias/a", TargetKeyId=first["KeyId"])

    def move() -> None:
        kms.update_alias(AliasName="alias/a", TargetKeyId=second["KeyId"])
        if disabled:
            kms.disable_key(KeyId=first["KeyId"])

    busy.meanwhile = move
    if disabled:
        assert outcome(getattr(kms, operation), KeyId="alias/a", **request) == "DisabledException"
    else:
        signed = kms.sign(KeyId="alias/a", **request)
        assert signed["KeyId"] == first["Arn"]
        kms.verify(KeyId=first["Arn"], Signature=signed["Signature"], **request)
    event = [event for event in busy.events() if event["eventName"] == "Sign"][-1]
    assert [resource["ARN"] for resource in event["resources"]] == [first["Arn"]]


@pytest.mark.parametrize("gone", ["policy", "access key"])
@pytest.mark.parametrize("service", ["kms", "iam"])
def test_so_does_who_waits_in_line_with_changes(busy: Busy, service: str, gone: str) -> None:
    iam = busy.client("iam")
    arn = iam.create_user(UserName="u")["User"]["Arn"]
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=statement("Allow", "*", "*"))
    access_key = iam.create_access_key(UserName="u")["AccessKey"]
    key = busy.client("kms").create_key()["KeyMetadata"]["KeyId"]

    def leave() -> None:
        if gone == "policy":
            iam.delete_user_policy(UserName="u", PolicyName="p")
        else:
            iam.update_access_key(UserName="u", AccessKeyId=access_key["AccessKeyId"], Status="Inactive")

    busy.meanwhile, busy.changes_too = leave, True
    client = busy.client(service, access_key)
    if service == "kms":
        said = outcome(client.generate_data_key, KeyId=key, KeySpec="AES_256", Recipient=RECIPIENT)
    else:
        said = outcome(client.simulate_principal_policy, PolicySourceArn=arn, ActionNames=["kms:Sign"])
    denied = "AccessDeniedException" if service == "kms" else "AccessDenied"
    unknown = "UnrecognizedClientException" if service == "kms" else "InvalidClientTokenId"
    assert said == (denied if gone == "policy" else unknown)


@pytest.mark.parametrize("kind", ["short", "long and attested"])
@pytest.mark.parametrize("gone", ["policy", "access key", "user"])
def test_so_does_what_changes_of_its_caller(busy: Busy, kind: str, gone: str) -> None:
    made, operation, request = CALLS[kind]
    iam = busy.client("iam")
    iam.create_user(UserName="u")
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=statement("Allow", "kms:*", "*"))
    access_key = iam.create_access_key(UserName="u")["AccessKey"]
    key = busy.client("kms").create_key(**made)["KeyMetadata"]["KeyId"]

    def leave() -> None:
        if gone != "access key":
            iam.delete_user_policy(UserName="u", PolicyName="p")
        if gone != "policy":
            iam.delete_access_key(UserName="u", AccessKeyId=access_key["AccessKeyId"])
        if gone == "user":
            iam.delete_user(UserName="u")

    busy.meanwhile = leave
    expected = "AccessDeniedException" if gone == "policy" else "UnrecognizedClientException"
    kms = busy.client("kms", access_key)
    assert outcome(getattr(kms, operation), KeyId=key, **request) == expected
    event = busy.events()[-1]
    assert (event["userIdentity"]["userName"], event["errorCode"]) == ("u", recorded(expected))
    if gone == "policy":
        # It was authenticated all the same, which is what counts for an access key; for a key it is not.
        used = iam.get_access_key_last_used(AccessKeyId=access_key["AccessKeyId"])["AccessKeyLastUsed"]
        assert used["ServiceName"] == "kms"
        assert busy.client("kms").get_key_last_usage(KeyId=key)["KeyLastUsage"] == {}


@pytest.mark.parametrize("kind", ["long", "long and attested", "a change"])
def test_a_full_line_refuses_all_long_work(busy: Busy, kind: str) -> None:
    made, operation, request = CALLS[kind]
    kms = busy.client("kms")
    key = kms.create_key(**made)["KeyMetadata"]["KeyId"]
    busy.full, busy.meanwhile = True, lambda: None
    assert outcome(getattr(kms, operation), KeyId=key, **request) == "ThrottlingException"
