"""What the condition keys hold of requests and keys."""

import time
from dataclasses import replace
from typing import Any

import pytest
from context_scene import (
    ENTRY,
    KEY,
    LINKED_ROLE,
    OTHER_ARN,
    REGION,
    bare,
    call,
    context_of,
    full,
    target_of,
    touched_by,
)

from keystead.names import Region
from keystead.policy.catalogue import OPERATIONS
from keystead.service.context import CheckContext
from keystead.service.operation import OnArn, OnKey, OnNothing
from keystead.shapes import kms

# Members of requests: given, and left out.


@pytest.mark.parametrize(
    ("name", "key", "members", "value", "left_out"),
    [
        (
            "Encrypt",
            "kms:EncryptionAlgorithm",
            {"encryption_algorithm": "SM2PKE"},
            "SM2PKE",
            "SYMMETRIC_DEFAULT",
        ),
        (
            "Decrypt",
            "kms:EncryptionAlgorithm",
            {"encryption_algorithm": "SM2PKE"},
            "SM2PKE",
            "SYMMETRIC_DEFAULT",
        ),
        ("GenerateDataKeyPair", "kms:DataKeyPairSpec", {"key_pair_spec": "SM2"}, "SM2", "ML_KEM_1024"),
        ("Sign", "kms:MessageType", {"message_type": "DIGEST"}, "DIGEST", "RAW"),
        ("Verify", "kms:MessageType", {"message_type": "EXTERNAL_MU"}, "EXTERNAL_MU", "RAW"),
        ("Sign", "kms:SigningAlgorithm", {"signing_algorithm": "SM2DSA"}, "SM2DSA", "ED25519_PH_SHA_512"),
        ("VerifyMac", "kms:MacAlgorithm", {"mac_algorithm": "HMAC_SHA_224"}, "HMAC_SHA_224", "HMAC_SHA_512"),
        ("DeriveSharedSecret", "kms:KeyAgreementAlgorithm", {}, "ECDH", "ECDH"),
        ("GetKeyPolicy", "kms:PolicyName", {"policy_name": "AWS_RAM"}, "AWS_RAM", "default"),
        ("EnableKeyRotation", "kms:RotationPeriodInDays", {"rotation_period_in_days": 90}, "90", "365"),
        (
            "ScheduleKeyDeletion",
            "kms:ScheduleKeyDeletionPendingWindowInDays",
            {"pending_window_in_days": 7},
            "7",
            "30",
        ),
        (
            "GetParametersForImport",
            "kms:WrappingAlgorithm",
            {"wrapping_algorithm": "RSAES_OAEP_SHA_1"},
            "RSAES_OAEP_SHA_1",
            "SM2PKE",
        ),
        (
            "GetParametersForImport",
            "kms:WrappingKeySpec",
            {"wrapping_key_spec": "RSA_4096"},
            "RSA_4096",
            "SM2",
        ),
        (
            "ImportKeyMaterial",
            "kms:ExpirationModel",
            {"expiration_model": "KEY_MATERIAL_EXPIRES"},
            "KEY_MATERIAL_EXPIRES",
            None,
        ),
        ("ImportKeyMaterial", "kms:ValidTo", {"valid_to": 1_900_000_000.0}, "1900000000", None),
        ("ImportKeyMaterial", "kms:ValidTo", {"valid_to": 1_900_000_000.25}, "1900000000.25", None),
        ("UpdatePrimaryRegion", "kms:PrimaryRegion", {"primary_region": "us-east-1"}, "us-east-1", "text"),
        ("ReplicateKey", "kms:ReplicaRegion", {"replica_region": "us-east-1"}, "us-east-1", "text"),
        (
            "PutKeyPolicy",
            "kms:BypassPolicyLockoutSafetyCheck",
            {"bypass_policy_lockout_safety_check": True},
            "true",
            None,
        ),
        (
            "PutKeyPolicy",
            "kms:BypassPolicyLockoutSafetyCheck",
            {"bypass_policy_lockout_safety_check": False},
            "false",
            None,
        ),
        ("CreateKey", "kms:KeySpec", {"key_spec": "RSA_2048"}, "RSA_2048", "SYMMETRIC_DEFAULT"),
        (
            "CreateKey",
            "kms:KeySpec",
            {"customer_master_key_spec": "RSA_2048"},
            "RSA_2048",
            "SYMMETRIC_DEFAULT",
        ),
        ("CreateKey", "kms:CustomerMasterKeySpec", {"key_spec": "SM2"}, "SM2", "SYMMETRIC_DEFAULT"),
        ("CreateKey", "kms:KeyUsage", {"key_usage": "SIGN_VERIFY"}, "SIGN_VERIFY", "ENCRYPT_DECRYPT"),
        ("CreateKey", "kms:KeyOrigin", {"origin": "EXTERNAL"}, "EXTERNAL", "AWS_KMS"),
        ("CreateKey", "kms:MultiRegion", {"multi_region": True}, "true", "false"),
        ("CreateKey", "kms:MultiRegionKeyType", {"multi_region": True}, "PRIMARY", None),
        ("CreateKey", "aws:TagKeys", {"tags": []}, None, None),
        ("UntagResource", "aws:TagKeys", {"tag_keys": ["b", "a", "b"]}, ("b", "a"), ("text",)),
        ("Encrypt", "kms:EncryptionContextKeys", {"encryption_context": {}}, None, None),
        (
            "Encrypt",
            "kms:EncryptionContextKeys",
            {"encryption_context": {"B": "", "a": ""}},
            ("B", "a"),
            None,
        ),
        ("Encrypt", "kms:EncryptionContext:STAGE", {"encryption_context": {"Stage": "x"}}, "x", None),
        ("Encrypt", "kms:EncryptionContext:stage", {"encryption_context": {"Stage": ""}}, "", None),
        (
            "CreateGrant",
            "kms:GrantOperations",
            {"operations": ["Sign", "Verify"]},
            ("Sign", "Verify"),
            ("Decapsulate",),
        ),
        ("CreateGrant", "kms:GranteePrincipal", {"grantee_principal": "arn:x"}, "arn:x", None),
        ("CreateGrant", "kms:RetiringPrincipal", {"retiring_principal": "arn:x"}, "arn:x", None),
        ("CreateGrant", "kms:GranteeServicePrincipal", {"grantee_service_principal": "a.b.c"}, "a.b.c", None),
        (
            "CreateGrant",
            "kms:RetiringServicePrincipal",
            {"retiring_service_principal": "a.b.c"},
            "a.b.c",
            None,
        ),
        ("CreateGrant", "kms:GrantIsForAWSResource", {}, "true", "true"),  # services forwarded it
    ],
)
def test_a_key_shows_a_member_of_the_request(
    name: str, key: str, members: dict[str, Any], value: Any, left_out: Any
) -> None:
    assert context_of(name, **members).get(key.lower()) == value
    assert context_of(name).get(key.lower()) == left_out


@pytest.mark.parametrize(
    ("constraints", "type", "pairs", "source"),
    [
        (None, None, None, None),
        (kms.GrantConstraints(encryption_context_equals={"App": "x"}), "EncryptionContextEquals", "x", None),
        (kms.GrantConstraints(encryption_context_subset={"App": "x"}), "EncryptionContextSubset", "x", None),
        (kms.GrantConstraints(source_arn="arn:s"), None, None, "arn:s"),
    ],
)
def test_create_grant_shows_the_constraints_of_the_grant(
    constraints: Any, type: str | None, pairs: str | None, source: str | None
) -> None:
    context = context_of("CreateGrant", constraints=constraints)
    assert context.get("kms:grantconstrainttype") == type
    assert context.get("kms:encryptioncontext:app") == pairs
    assert context.get("kms:encryptioncontextkeys") == (None if pairs is None else ("App",))
    assert context.get("kms:grantconstraintsourcearn") == source


def test_the_sides_of_re_encrypt_show_their_own_algorithm_and_context() -> None:
    members = {
        "source_encryption_context": {"a": "1"},
        "destination_encryption_context": {"a": "2"},
        "source_encryption_algorithm": "SM2PKE",
    }
    source, destination = (context_of("ReEncrypt", index, **members) for index in (0, 1))
    assert (source.get("kms:encryptioncontext:a"), destination.get("kms:encryptioncontext:a")) == ("1", "2")
    assert source.get("kms:encryptionalgorithm") == "SM2PKE"
    assert destination.get("kms:encryptionalgorithm") == "SYMMETRIC_DEFAULT"


def test_re_encrypt_tells_whether_the_keys_are_the_same() -> None:
    other = replace(ENTRY, key=replace(KEY, arn=OTHER_ARN), arn=str(OTHER_ARN))
    targets = [
        target_of(check, bare(kms.ReEncryptRequest)) for check in OPERATIONS["kms", "ReEncrypt"].checks
    ]
    for second, same in ((ENTRY, "true"), (other, "false"), (None, None)):
        touched = [touched_by(targets[0]), touched_by(targets[1], second)]
        made_call = call(bare(kms.ReEncryptRequest), touched=touched)
        for one in touched:
            assert CheckContext(made_call, one).get("kms:reencryptonsamekey") == same


# The key.


def test_the_attributes_are_those_of_the_key_and_not_of_the_request() -> None:
    context = context_of("GenerateDataKey", key_spec="AES_256")
    assert context.get("kms:keyspec") == "SYMMETRIC_DEFAULT"
    assert context.get("kms:keyusage") == "SIGN_VERIFY"
    assert context.get("kms:customermasterkeyusage") == "SIGN_VERIFY"
    assert context.get("kms:keyorigin") == "EXTERNAL"
    assert context.get("kms:multiregion") == "false"
    assert context.get("kms:resourcealiases") == ("alias/a", "alias/b")
    assert context.get("aws:resourcetag/team") == "pay"
    assert context.get("aws:resourcetag/TEAM".lower()) == "pay"
    assert context.get("aws:resourcetag/none") is None


def test_a_key_that_is_not_there_has_no_attributes() -> None:
    target = OnKey("kms:GenerateDataKey", encryption_context="encryption_context")
    touched = touched_by(target, None, None)
    request = full(kms.GenerateDataKeyRequest)
    context = CheckContext(call(request, recipient=None, touched=[touched]), touched)
    assert {key for key in context if key.startswith("kms:")} == {
        "kms:calleraccount",
        "kms:encryptionalgorithm",
        "kms:encryptioncontextkeys",
        "kms:encryptioncontext:stage",
    }


def test_a_key_without_aliases_and_tags_has_no_such_keys() -> None:
    bare_entry = replace(ENTRY, key=replace(KEY, arn=OTHER_ARN, tags=()), arn=str(OTHER_ARN))
    touched = touched_by(OnKey("kms:DescribeKey"), bare_entry, None)
    context = CheckContext(call(bare(kms.DescribeKeyRequest), touched=[touched]), touched)
    assert context.get("kms:resourcealiases") is None
    assert context.get("kms:requestalias") is None
    assert not [key for key in context if key.startswith("aws:resourcetag/")]


def test_a_replica_has_the_attributes_of_its_primary() -> None:
    primary = replace(ENTRY, key=replace(KEY, primary_region=KEY.arn.region))
    request = bare(kms.ReplicateKeyRequest)
    first, second = touched_by(OnKey("kms:ReplicateKey"), primary), touched_by(OnNothing("kms:CreateKey"))
    context = CheckContext(call(request, touched=[first, second]), second)
    assert context.get("kms:keyusage") == "SIGN_VERIFY"
    assert context.get("kms:multiregion") == "true"
    assert context.get("kms:multiregionkeytype") == "REPLICA"


@pytest.mark.parametrize(("region", "type"), [(REGION, "PRIMARY"), ("us-west-2", "REPLICA"), (None, None)])
def test_a_multi_region_key_is_primary_or_replica(region: str | None, type: str | None) -> None:
    key = replace(KEY, primary_region=None if region is None else Region(region))
    touched = touched_by(OnKey("kms:Encrypt"), replace(ENTRY, key=key))
    context = CheckContext(call(bare(kms.EncryptRequest), touched=[touched]), touched)
    assert context.get("kms:multiregionkeytype") == type
    assert context.get("kms:multiregion") == str(region is not None).lower()


def test_the_region_asked_for_is_that_of_the_check() -> None:
    first, second = touched_by(OnKey("kms:ReplicateKey")), touched_by(OnNothing("kms:CreateKey"))
    second.region = Region("us-west-2")
    asked = call(bare(kms.ReplicateKeyRequest), touched=[first, second])
    assert [CheckContext(asked, one).get("aws:requestedregion") for one in (first, second)] == [
        REGION,
        "us-west-2",
    ]


def test_the_tags_of_a_new_key_are_not_those_of_the_role_that_is_made_with_it() -> None:
    touched = touched_by(OnArn("iam:CreateServiceLinkedRole", lambda *_: LINKED_ROLE))
    context = CheckContext(call(full(kms.CreateKeyRequest), touched=[touched]), touched)
    assert context.get("iam:awsservicename") == "mrk.kms.amazonaws.com"
    assert context.get("aws:tagkeys") is None
    assert not [key for key in context if key.startswith("aws:requesttag/")]


# Names that differ in case alone, and letters whose lower case depends on what stands before.


@pytest.mark.parametrize(
    "order", [{"App": "upper", "app": "lower"}, {"app": "lower", "App": "upper"}], ids=["Aa", "aA"]
)
def test_of_names_that_differ_in_case_alone_the_last_in_code_point_order_counts(
    order: dict[str, str],
) -> None:
    context = context_of("Encrypt", encryption_context=order)
    assert context.get("kms:encryptioncontext:app") == "lower"
    assert set(context.get("kms:encryptioncontextkeys") or ()) == {"App", "app"}
    assert [key for key in context if key.startswith("kms:encryptioncontext:")] == [
        "kms:encryptioncontext:app"
    ]
    tags = [kms.Tag(tag_key=name, tag_value=value) for name, value in order.items()]
    assert context_of("CreateKey", tags=tags).get("aws:requesttag/app") == "lower"


@pytest.mark.parametrize("name", ["Σ", "ΟΣ", "\u03c3", "İ", "\u212a", "ẞ", "𐐀", "a b", "a:b", "a/b"])
def test_a_pair_is_found_under_the_key_that_a_policy_writes_for_it(name: str) -> None:
    for start, operation, members in (
        ("kms:EncryptionContext:", "Encrypt", {"encryption_context": {name: "x"}}),
        ("aws:RequestTag/", "CreateKey", {"tags": [kms.Tag(tag_key=name, tag_value="x")]}),
    ):
        assert context_of(operation, **members).get((start + name).lower()) == "x"


def test_many_names_are_found_among_many_pairs() -> None:
    """Regression: each of a policy's keys was sought among all pairs: 50 ms for a thousand of both."""
    pairs = {f"Name{number}": str(number) for number in range(1_000)}
    context = context_of("Encrypt", encryption_context=pairs)
    start = time.process_time()
    for number in range(1_000):
        assert context.get(f"kms:encryptioncontext:name{number}") == str(number)
    assert context.get("kms:encryptioncontext:name1000") is None
    assert time.process_time() - start < 0.02


# The recipient.


def test_the_measurements_of_a_recipient() -> None:
    context = context_of("Decrypt", recipient=kms.RecipientInfo())
    start = "kms:recipientattestation:"
    assert {name: context[name] for name in context if name.startswith(start)} == {
        f"{start}imagesha384": "a0" * 48,
        f"{start}pcr0": "a0" * 48,
        f"{start}pcr1": "a1" * 48,
        f"{start}pcr31": "af" * 32,
    }
    assert context.get("kms:recipientattestation:pcr2") is None
    assert context.get("kms:recipientattestation:nitrotpmpcr0") is None


def test_a_call_without_a_verified_document_has_no_measurements() -> None:
    """Whatever its request says."""
    request = full(kms.DecryptRequest)
    unproved = CheckContext(call(request, recipient=None), touched_by(OnKey("kms:Decrypt")))
    assert unproved.get("kms:recipientattestation:pcr0") is None
    assert not any(name.startswith("kms:recipientattestation") for name in unproved)
