"""The table of key states, cell by cell, over the API; and its page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from import_scene import ImportScene
from scene import ROOT, Scene

from keystead.kinds import KeyState
from keystead.model.lifecycle import TABLE, Refusal, after, refusal
from keystead.names import AccountId
from keystead.policy import default_key_policy
from keystead.service.operation import REGISTRY, OnAliasTarget, OnKey, OnRelatedKey
from keystead.shapes.kms import OPERATIONS

Prepared = dict[str, Any]

OF_MULTI_REGION_KEYS = {"ReplicateKey", "UpdatePrimaryRegion"}
"""Their cells are in `test_multi_region_states.py`."""

OFFERED = [
    operation
    for operation in TABLE
    if ("kms", operation) in REGISTRY and operation not in OF_MULTI_REGION_KEYS
]


def prepare(scene: Scene, operation: str) -> Prepared:
    """What the calls below need, made while the key is enabled; the key of the scene is of the kind asked."""
    if operation in KINDS:
        return prepare_kind(scene, *KINDS[operation])
    key = scene.kms.create_key()["KeyMetadata"]["Arn"]
    scene.kms.create_alias(AliasName="alias/here", TargetKeyId=scene.key)
    scene.kms.create_alias(AliasName="alias/there", TargetKeyId=key)
    return {
        "blob": scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")["CiphertextBlob"],
        "grant": scene.grant_to_root("Encrypt"),
    }


KINDS = {
    "Sign": ("ECC_NIST_P256", "SIGN_VERIFY"),
    "Verify": ("ECC_NIST_P256", "SIGN_VERIFY"),
    "GetPublicKey": ("ECC_NIST_P256", "SIGN_VERIFY"),
    "GenerateMac": ("HMAC_256", "GENERATE_VERIFY_MAC"),
    "VerifyMac": ("HMAC_256", "GENERATE_VERIFY_MAC"),
    "DeriveSharedSecret": ("ECC_NIST_P256", "KEY_AGREEMENT"),
    "Encapsulate": ("ML_KEM_768", "ENCAPSULATE_DECAPSULATE"),
    "Decapsulate": ("ML_KEM_768", "ENCAPSULATE_DECAPSULATE"),
}
"""The kind of key of each operation that has none for a symmetric encryption key."""

SIGNED = {"Message": b"x", "SigningAlgorithm": "ECDSA_SHA_256"}
MAC = {"Message": b"x", "MacAlgorithm": "HMAC_SHA_256"}
AGREED = {"KeyAgreementAlgorithm": "ECDH"}
ENCAPSULATED = {"EncapsulationAlgorithm": "ML_KEM"}


def prepare_kind(scene: Scene, spec: str, usage: str) -> Prepared:
    scene.key = scene.kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"]
    match usage:
        case "SIGN_VERIFY":
            return {"signature": scene.kms.sign(KeyId=scene.key, **SIGNED)["Signature"]}
        case "GENERATE_VERIFY_MAC":
            return {"mac": scene.kms.generate_mac(KeyId=scene.key, **MAC)["Mac"]}
        case "KEY_AGREEMENT":
            return {"public": scene.kms.get_public_key(KeyId=scene.key)["PublicKey"]}
        case _:
            answer = scene.kms.encapsulate(KeyId=scene.key, **ENCAPSULATED)
            return {"blob": answer["SharedSecretCiphertextBlob"]}


GRANTED = {"GranteePrincipal": ROOT, "Operations": ["Encrypt"]}

CALLS: dict[str, Callable[[Scene, Prepared], Any]] = {
    "Encrypt": lambda s, _: s.kms.encrypt(KeyId=s.key, Plaintext=b"x"),
    "Decrypt": lambda s, made: s.kms.decrypt(CiphertextBlob=made["blob"]),
    "ReEncrypt": lambda s, made: s.kms.re_encrypt(
        CiphertextBlob=made["blob"], DestinationKeyId="alias/there"
    ),
    "GenerateDataKey": lambda s, _: s.kms.generate_data_key(KeyId=s.key, KeySpec="AES_256"),
    "GenerateDataKeyWithoutPlaintext": lambda s, _: s.kms.generate_data_key_without_plaintext(
        KeyId=s.key, KeySpec="AES_256"
    ),
    "GenerateDataKeyPair": lambda s, _: s.kms.generate_data_key_pair(
        KeyId=s.key, KeyPairSpec="ECC_NIST_P256"
    ),
    "GenerateDataKeyPairWithoutPlaintext": lambda s, _: s.kms.generate_data_key_pair_without_plaintext(
        KeyId=s.key, KeyPairSpec="ECC_NIST_P256"
    ),
    "Sign": lambda s, _: s.kms.sign(KeyId=s.key, **SIGNED),
    "Verify": lambda s, made: s.kms.verify(KeyId=s.key, Signature=made["signature"], **SIGNED),
    "GenerateMac": lambda s, _: s.kms.generate_mac(KeyId=s.key, **MAC),
    "VerifyMac": lambda s, made: s.kms.verify_mac(KeyId=s.key, Mac=made["mac"], **MAC),
    "DeriveSharedSecret": lambda s, made: s.kms.derive_shared_secret(
        KeyId=s.key, PublicKey=made["public"], **AGREED
    ),
    "Encapsulate": lambda s, _: s.kms.encapsulate(KeyId=s.key, **ENCAPSULATED),
    "Decapsulate": lambda s, made: s.kms.decapsulate(
        KeyId=s.key, SharedSecretCiphertextBlob=made["blob"], **ENCAPSULATED
    ),
    "GetPublicKey": lambda s, _: s.kms.get_public_key(KeyId=s.key),
    "DescribeKey": lambda s, _: s.kms.describe_key(KeyId=s.key),
    "GetKeyPolicy": lambda s, _: s.kms.get_key_policy(KeyId=s.key),
    "PutKeyPolicy": lambda s, _: s.kms.put_key_policy(
        KeyId=s.key, Policy=default_key_policy(AccountId("000000000000"))
    ),
    "ListKeyPolicies": lambda s, _: s.kms.list_key_policies(KeyId=s.key),
    "ListGrants": lambda s, _: s.kms.list_grants(KeyId=s.key),
    "RetireGrant": lambda s, made: s.kms.retire_grant(GrantToken=made["grant"]["GrantToken"]),
    "RevokeGrant": lambda s, made: s.kms.revoke_grant(KeyId=s.key, GrantId=made["grant"]["GrantId"]),
    "DeleteAlias": lambda s, _: s.kms.delete_alias(AliasName="alias/here"),
    "CreateGrant": lambda s, _: s.kms.create_grant(KeyId=s.key, **GRANTED),
    "EnableKey": lambda s, _: s.kms.enable_key(KeyId=s.key),
    "DisableKey": lambda s, _: s.kms.disable_key(KeyId=s.key),
    "CreateAlias": lambda s, _: s.kms.create_alias(AliasName="alias/new", TargetKeyId=s.key),
    "UpdateAlias": lambda s, _: s.kms.update_alias(AliasName="alias/there", TargetKeyId=s.key),
    "ScheduleKeyDeletion": lambda s, _: s.kms.schedule_key_deletion(KeyId=s.key),
    "CancelKeyDeletion": lambda s, _: s.kms.cancel_key_deletion(KeyId=s.key),
    "TagResource": lambda s, _: s.kms.tag_resource(KeyId=s.key, Tags=[{"TagKey": "a", "TagValue": "b"}]),
    "UntagResource": lambda s, _: s.kms.untag_resource(KeyId=s.key, TagKeys=["a"]),
    "ListResourceTags": lambda s, _: s.kms.list_resource_tags(KeyId=s.key),
    "EnableKeyRotation": lambda s, _: s.kms.enable_key_rotation(KeyId=s.key),
    "DisableKeyRotation": lambda s, _: s.kms.disable_key_rotation(KeyId=s.key),
    "GetKeyRotationStatus": lambda s, _: s.kms.get_key_rotation_status(KeyId=s.key),
    "RotateKeyOnDemand": lambda s, _: s.kms.rotate_key_on_demand(KeyId=s.key),
    "ListKeyRotations": lambda s, _: s.kms.list_key_rotations(KeyId=s.key),
    "GetKeyLastUsage": lambda s, _: s.kms.get_key_last_usage(KeyId=s.key),
    "UpdateKeyDescription": lambda s, _: s.kms.update_key_description(KeyId=s.key, Description="d"),
    "GetParametersForImport": lambda s, _: s.kms.get_parameters_for_import(
        KeyId=s.key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"
    ),
    "ImportKeyMaterial": lambda _, made: made["imports"].bring(),
    "DeleteImportedKeyMaterial": lambda _, made: made["imports"].lose(),
}

IMPORTS = ("GetParametersForImport", "ImportKeyMaterial", "DeleteImportedKeyMaterial")
"""On a key whose material was imported; on others they are refused whatever the state."""


def prepare_import(scene: Scene) -> Prepared:
    imports = ImportScene(scene.inside)
    imports.bring()
    scene.key = imports.key
    return {"imports": imports}


def test_each_operation_of_the_table_that_is_offered_is_called_here() -> None:
    assert sorted(CALLS) == sorted(OFFERED)


@pytest.mark.parametrize("state", KeyState)
@pytest.mark.parametrize("operation", OFFERED)
def test_a_cell(scene: Scene, operation: str, state: KeyState) -> None:
    made = prepare_import(scene) if operation in IMPORTS else prepare(scene, operation)
    scene.set_state(state)
    refused = refusal(operation, state)
    if refused is None:
        CALLS[operation](scene, made)
        assert scene.state() is after(operation, state)
        return
    with pytest.raises(ClientError) as caught:
        CALLS[operation](scene, made)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (refused.fault, f"{scene.key} {refused.predicate}")
    assert scene.state() is state
    assert scene.last_event()["eventName"] == "DescribeKey"


def test_every_operation_on_a_key_has_a_row() -> None:
    """Those of AWS's model that are not on a key: they make or list keys, or are about key stores."""
    assert OPERATIONS.keys() - TABLE.keys() == {
        "ConnectCustomKeyStore",
        "CreateCustomKeyStore",
        "CreateKey",
        "DeleteCustomKeyStore",
        "DescribeCustomKeyStores",
        "DisconnectCustomKeyStore",
        "GenerateRandom",
        "ListAliases",
        "ListKeys",
        "ListRetirableGrants",
        "UpdateCustomKeyStore",
    }
    assert TABLE.keys() <= OPERATIONS.keys()
    on_keys = {
        operation.name
        for operation in REGISTRY.values()
        if any(isinstance(target, OnKey | OnRelatedKey | OnAliasTarget) for target in operation.targets)
    }
    assert on_keys <= TABLE.keys()


def test_the_old_target_of_an_alias_may_be_in_any_state(scene: Scene) -> None:
    other = scene.kms.create_key()["KeyMetadata"]["Arn"]
    for state in KeyState:
        scene.set_state(KeyState.ENABLED)
        scene.kms.create_alias(AliasName=f"alias/{state}", TargetKeyId=scene.key)
        scene.set_state(state)
        scene.kms.update_alias(AliasName=f"alias/{state}", TargetKeyId=other)
    moved = {entry["AliasName"] for entry in scene.kms.list_aliases(KeyId=other)["Aliases"]}
    assert moved == {f"alias/{state}" for state in KeyState}


@pytest.mark.parametrize("state", KeyState)
def test_enabled_is_true_in_one_state_alone(scene: Scene, state: KeyState) -> None:
    scene.set_state(state)
    metadata = scene.kms.describe_key(KeyId=scene.key)["KeyMetadata"]
    assert metadata["KeyState"] == state
    assert metadata["Enabled"] is (state is KeyState.ENABLED)


@pytest.mark.parametrize("operation", TABLE)
def test_a_state_that_is_left_is_left_for_another_one_and_no_refusal_leads_anywhere(operation: str) -> None:
    for state, cell in TABLE[operation].items():
        if isinstance(cell, Refusal):
            assert cell.predicate.endswith(".")
        else:
            assert cell is not state


PAGE = Path(__file__).parents[2] / "docs" / "key-states.md"


@pytest.mark.parametrize("operation", TABLE)
def test_every_operation_is_on_the_page(operation: str) -> None:
    assert any(operation in line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| "))
