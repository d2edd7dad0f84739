"""Attested callers, in process: whom policies let in, and what is recorded of them."""

import base64
import json

import pytest
from attested import ENCLAVE, IMAGE, Attested, forged, recipient
from botocore.exceptions import ClientError
from tests.enclaves import MODULE_ID, PCRS
from tests.iam.in_process import statement
from world import refused

# Who is let in.


def test_a_policy_can_demand_an_image(attested: Attested) -> None:
    user = attested.user("enclave")
    key = attested.only_for("enclave", IMAGE, "kms:Decrypt")
    blob = attested.kms.encrypt(KeyId=key, Plaintext=b"a secret")["CiphertextBlob"]
    opened = user.decrypt(CiphertextBlob=blob, Recipient=recipient())
    assert ENCLAVE.open(opened["CiphertextForRecipient"]) == b"a secret"
    told = refused("AccessDeniedException", user.decrypt, CiphertextBlob=blob)
    assert "is not authorized to perform: kms:Decrypt" in told
    other = recipient(pcrs=PCRS | {0: b"x" * 48})
    refused("AccessDeniedException", user.decrypt, CiphertextBlob=blob, Recipient=other)
    refused(
        "AccessDeniedException", user.decrypt, CiphertextBlob=blob, Recipient=recipient(pcrs={1: PCRS[0]})
    )
    refused("ValidationException", user.decrypt, CiphertextBlob=blob, Recipient=forged())
    # What was allowed with a document is not allowed without one, nor with another one.
    user.decrypt(CiphertextBlob=blob, Recipient=recipient())
    refused("AccessDeniedException", user.decrypt, CiphertextBlob=blob)
    refused("AccessDeniedException", user.decrypt, CiphertextBlob=blob, Recipient=other)


def test_measurements_are_lower_case(attested: Attested) -> None:
    user = attested.user("enclave")
    image = b"\xab" * 48
    for operator, allowed in (("StringEquals", False), ("StringEqualsIgnoreCase", True)):
        key = attested.only_for("enclave", image.hex().upper(), "kms:GenerateDataKey", operator=operator)
        given = {"KeyId": key, "KeySpec": "AES_256", "Recipient": recipient(pcrs={0: image})}
        if allowed:
            assert user.generate_data_key(**given)["CiphertextForRecipient"]
        else:
            refused("AccessDeniedException", user.generate_data_key, **given)


def test_an_identity_policy_can_demand_an_image_for_random_bytes(attested: Attested) -> None:
    user = attested.user("enclave")
    policy = json.loads(statement("Allow", "kms:GenerateRandom", "*"))
    policy["Statement"][0]["Condition"] = {"StringEquals": {"kms:RecipientAttestation:ImageSha384": IMAGE}}
    attested.inside.client("iam").put_user_policy(
        UserName="enclave", PolicyName="p", PolicyDocument=json.dumps(policy)
    )
    assert user.generate_random(NumberOfBytes=8, Recipient=recipient())["CiphertextForRecipient"]
    refused("AccessDeniedException", user.generate_random, NumberOfBytes=8)
    refused(
        "AccessDeniedException",
        user.generate_random,
        NumberOfBytes=8,
        Recipient=recipient(pcrs={0: bytes(48)}),
    )


# What is recorded.

EXPECTED = {
    "attestationDocumentModuleId": MODULE_ID,
    "attestationDocumentEnclaveImageDigest": base64.b64encode(PCRS[0]).decode(),
} | {
    f"attestationDocumentEnclavePCR{register}": base64.b64encode(PCRS[register]).decode()
    for register in (1, 2, 3, 4, 8)
}


def test_the_event_shows_the_enclave_and_not_the_document(attested: Attested) -> None:
    attested.kms.decrypt(CiphertextBlob=attested.blob, Recipient=recipient())
    event = attested.inside.events()[-1]
    assert event["additionalEventData"].pop("keyMaterialId")
    assert event["additionalEventData"] == {"recipient": EXPECTED}
    assert event["requestParameters"] == {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}
    assert event["responseElements"] is None


def test_the_event_of_an_operation_without_parameters(attested: Attested) -> None:
    attested.kms.generate_random(NumberOfBytes=8, Recipient=recipient(pcrs={0: PCRS[0]}))
    event = attested.inside.events()[-1]
    assert event["requestParameters"] is None
    shown = ("attestationDocumentModuleId", "attestationDocumentEnclaveImageDigest")
    assert event["additionalEventData"] == {"recipient": {name: EXPECTED[name] for name in shown}}


def test_the_event_of_a_denied_call_shows_which_image_it_was(attested: Attested) -> None:
    user = attested.user("enclave")
    key = attested.only_for("enclave", "00" * 48, "kms:GenerateDataKey")
    with pytest.raises(ClientError):
        user.generate_data_key(KeyId=key, KeySpec="AES_256", Recipient=recipient())
    event = attested.inside.events()[-1]
    assert event["errorCode"] == "AccessDenied"
    assert event["additionalEventData"] == {"recipient": EXPECTED}
