"""Imported key material on a clock: expiry, staged versions, re-imports, tokens, permissions, events."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from import_scene import FOREVER, A, B, C, ImportScene, wrapped
from tests.iam.in_process import ACCOUNT, allow
from world import refused

from keystead.kinds import KeySpec
from keystead.model.imports import may_wrap
from keystead.model.key import ON_DEMAND_TAKES

HOUR, DAY = 3600, 86_400
TAKES = ON_DEMAND_TAKES / 1000


@pytest.fixture
def scene() -> Iterator[ImportScene]:
    made = ImportScene()
    yield made
    made.inside.store.close()


def moment(scene: ImportScene, seconds: float) -> datetime:
    """So many seconds from now, in whole ones."""
    return datetime.fromtimestamp(int(scene.inside.now + seconds), UTC)


def reach(scene: ImportScene, date: datetime, *, jobs: bool = True) -> None:
    """Moves the clock to a date, with or without what the server does each second."""
    if jobs:
        scene.inside.pass_time(date.timestamp() - scene.inside.now)
    else:
        scene.inside.now = date.timestamp()


def pending(scene: ImportScene) -> str:
    return f"{scene.key} is pending import."


class TestExpiry:
    def test_it_is_shown_in_whole_seconds(self, scene: ImportScene) -> None:
        scene.bring(ValidTo=scene.inside.now + HOUR)
        told = scene.described()
        assert told["ExpirationModel"] == "KEY_MATERIAL_EXPIRES"
        assert told["ValidTo"] == moment(scene, HOUR)
        (version,) = scene.versions()
        assert (version["ExpirationModel"], version["ValidTo"]) == ("KEY_MATERIAL_EXPIRES", told["ValidTo"])

    @pytest.mark.parametrize("jobs", [False, True], ids=["before the job", "after the job"])
    def test_nothing_works_from_its_moment_on(self, scene: ImportScene, jobs: bool) -> None:
        date = moment(scene, HOUR)
        material = scene.bring(ValidTo=date)
        blob = scene.encrypt()
        scene.inside.now = date.timestamp() - 0.001
        scene.kms.decrypt(CiphertextBlob=blob)
        reach(scene, date, jobs=jobs)
        for call, given in (
            (scene.kms.encrypt, {"KeyId": scene.key, "Plaintext": b"x"}),
            (scene.kms.decrypt, {"CiphertextBlob": blob}),
            (scene.kms.generate_data_key, {"KeyId": scene.key, "KeySpec": "AES_256"}),
            (scene.kms.disable_key, {"KeyId": scene.key}),
            (scene.kms.rotate_key_on_demand, {"KeyId": scene.key}),
        ):
            assert refused("KMSInvalidStateException", call, **given) == pending(scene)
        told = scene.described()
        assert (told["KeyState"], told["Enabled"]) == ("PendingImport", False)
        assert told["CurrentKeyMaterialId"] == material
        assert not told.keys() & {"ExpirationModel", "ValidTo"}
        (version,) = scene.versions()
        assert (version["ImportState"], version["ValidTo"]) == ("IMPORTED", date), "recorded"
        assert scene.bring(A) == material
        assert scene.kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
        assert scene.described()["ExpirationModel"] == "KEY_MATERIAL_DOES_NOT_EXPIRE"
        scene.inside.pass_time(HOUR)
        assert scene.state() == "Enabled"

    def test_the_job_says_so_once(self, scene: ImportScene) -> None:
        material = scene.bring(ValidTo=moment(scene, HOUR))
        scene.inside.pass_time(2 * HOUR)
        scene.inside.pass_time(DAY)
        (event,) = (one for one in scene.inside.events() if one["eventName"] == "DeleteExpiredKeyMaterial")
        assert event["eventType"] == "AwsServiceEvent"
        assert event["serviceEventDetails"] == {
            "keyId": scene.key.rpartition("/")[2],
            "keyMaterialId": material,
        }

    def test_a_reimport_moves_it(self, scene: ImportScene) -> None:
        scene.bring(ValidTo=moment(scene, HOUR))
        scene.bring(ValidTo=moment(scene, DAY))
        scene.inside.pass_time(HOUR + 1)
        assert scene.state() == "Enabled"
        scene.inside.pass_time(DAY)
        assert scene.state() == "PendingImport"

    def test_an_old_version_takes_the_whole_key_with_it(self, scene: ImportScene) -> None:
        scene.bring(A, ValidTo=moment(scene, DAY))
        scene.stage(B)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        scene.inside.pass_time(TAKES)
        assert "ValidTo" not in scene.described(), "the current one does not expire"
        scene.inside.now += DAY
        assert refused("KMSInvalidStateException", scene.encrypt) == pending(scene)
        scene.inside.pass_time(1)
        assert scene.state() == "PendingImport"

    def test_a_staged_version_does_not(self, scene: ImportScene) -> None:
        """It stays staged; once it rotates the key waits for it (recorded)."""
        scene.bring(A)
        second = scene.stage(B, ValidTo=moment(scene, HOUR))
        scene.inside.pass_time(HOUR + 1)
        scene.encrypt()
        assert [one["KeyMaterialState"] for one in scene.versions()] == ["CURRENT", "PENDING_ROTATION"]
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        scene.inside.pass_time(TAKES)
        told = scene.described()
        assert (told["KeyState"], told["CurrentKeyMaterialId"]) == ("PendingImport", second)
        scene.bring(B)
        assert scene.state() == "Enabled"

    @pytest.mark.parametrize(
        ("seconds", "said"),
        [
            (-1, "ValidTo must be in the future"),
            (0, "ValidTo must be in the future"),
            (366 * DAY, "ValidTo must be less than 365 days in the future"),
            (2e11, "ValidTo must be less than 365 days in the future"),
            (
                1e300,
                "1 validation error detected: Value '1e+300' at 'validTo' failed to satisfy constraint: "
                "Member must have value less than or equal to 253402300799",
            ),
        ],
    )
    def test_its_date_has_bounds(self, scene: ImportScene, seconds: float, said: str) -> None:
        given = scene.request(A) | {"ExpirationModel": "KEY_MATERIAL_EXPIRES"}
        kms = scene.inside.client("kms")
        kms.meta.events.register(
            "before-call.kms.ImportKeyMaterial",
            lambda params, **_: params.update(
                body=json.dumps(json.loads(params["body"]) | {"ValidTo": scene.inside.now + seconds}).encode()
            ),
        )
        assert refused("ValidationException", kms.import_key_material, **given) == said

    def test_a_key_pending_deletion_loses_it_too_and_stays_so(self, scene: ImportScene) -> None:
        scene.bring(ValidTo=moment(scene, HOUR))
        scene.kms.schedule_key_deletion(KeyId=scene.key)
        scene.inside.pass_time(DAY)
        assert scene.state() == "PendingDeletion"
        scene.kms.cancel_key_deletion(KeyId=scene.key)
        assert scene.state() == "PendingImport"


class TestVersions:
    def test_ids_depend_on_key_and_bytes(self, scene: ImportScene) -> None:
        first = scene.bring(A)
        assert first == scene.bring(A)
        other = ImportScene(scene.inside)
        assert other.bring(A) != first
        assert scene.stage(B) != first

    def test_what_old_material_encrypted_opens_while_it_is_there(self, scene: ImportScene) -> None:
        first = scene.bring(A)
        blob = scene.encrypt()
        second = scene.stage(B)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        scene.inside.pass_time(TAKES)
        assert scene.kms.decrypt(CiphertextBlob=blob)["KeyMaterialId"] == first
        assert scene.kms.decrypt(CiphertextBlob=scene.encrypt())["KeyMaterialId"] == second
        scene.lose(KeyMaterialId=first)
        assert refused("KMSInvalidStateException", scene.encrypt) == pending(scene)
        assert scene.bring(A, KeyMaterialId=first) == first
        assert scene.kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"

    def test_the_key_waits_until_none_is_missing(self, scene: ImportScene) -> None:
        first = scene.bring(A)
        scene.stage(B)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        scene.inside.pass_time(TAKES)
        scene.lose()
        scene.lose(KeyMaterialId=first)
        scene.bring(B)
        assert scene.state() == "PendingImport"
        scene.bring(A)
        assert scene.state() == "Enabled"

    def test_a_description_stays_until_there_is_another(self, scene: ImportScene) -> None:
        scene.bring(A, KeyMaterialDescription="first")
        scene.bring(A)
        assert scene.versions()[0]["KeyMaterialDescription"] == "first"
        scene.lose()
        assert scene.versions()[0]["KeyMaterialDescription"] == "first"
        scene.bring(A, KeyMaterialDescription="second")
        assert scene.versions()[0]["KeyMaterialDescription"] == "second"

    def test_a_staged_version_that_is_deleted_is_forgotten(self, scene: ImportScene) -> None:
        scene.bring(A)
        second = scene.stage(B, KeyMaterialDescription="second")
        scene.lose(KeyMaterialId=second)
        assert scene.state() == "Enabled"
        assert len(scene.versions()) == 1
        assert (
            refused(
                "ValidationException",
                scene.kms.delete_imported_key_material,
                KeyId=scene.key,
                KeyMaterialId=second,
            )
            == f"Key material (id: {second}) has never been imported into KMS key {scene.key}."
        )
        assert scene.stage(B) == second
        assert "KeyMaterialDescription" not in scene.versions()[1]

    def test_a_rotation_whose_version_is_deleted_vanishes(self, scene: ImportScene) -> None:
        first = scene.bring(A)
        second = scene.stage(B)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        scene.lose(KeyMaterialId=second)
        assert "OnDemandRotationStartDate" in scene.kms.get_key_rotation_status(KeyId=scene.key)
        scene.inside.pass_time(TAKES)
        assert "OnDemandRotationStartDate" not in scene.kms.get_key_rotation_status(KeyId=scene.key)
        assert scene.described()["CurrentKeyMaterialId"] == first
        assert all(event["eventName"] != "RotateKey" for event in scene.inside.events())

    def test_a_rotation_takes_what_was_staged_in_its_place(self, scene: ImportScene) -> None:
        scene.bring(A)
        second = scene.stage(B)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        scene.lose(KeyMaterialId=second)
        third = scene.stage(C)
        scene.inside.pass_time(TAKES)
        assert scene.described()["CurrentKeyMaterialId"] == third

    def test_a_disabled_key_rotates_and_stays_disabled(self, scene: ImportScene) -> None:
        scene.bring(A)
        second = scene.stage(B)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        scene.kms.disable_key(KeyId=scene.key)
        scene.inside.pass_time(TAKES)
        told = scene.described()
        assert (told["KeyState"], told["CurrentKeyMaterialId"]) == ("Disabled", second)

    @pytest.mark.parametrize("more", [{"ImportType": "EXISTING_KEY_MATERIAL"}, {"KeyMaterialId": "0" * 64}])
    def test_only_what_was_expected_comes_back(self, scene: ImportScene, more: dict[str, str]) -> None:
        first = scene.bring(A)
        expected = more.get("KeyMaterialId", first)
        given = scene.request(B, **more)
        assert refused("IncorrectKeyMaterialException", scene.kms.import_key_material, **given) == (
            f"Imported key material does not have the expected identifier ({expected})."
        )

    def test_nothing_can_be_expected_of_a_key_that_had_nothing(self, scene: ImportScene) -> None:
        given = scene.request(A, ImportType="EXISTING_KEY_MATERIAL")
        refused("IncorrectKeyMaterialException", scene.kms.import_key_material, **given)
        given = scene.request(A, KeyMaterialId="0" * 64)
        assert refused("ValidationException", scene.kms.import_key_material, **given) == (
            "Input parameter keyMaterialId cannot be used with NEW_KEY_MATERIAL importType."
        )

    def test_the_history_without_material(self, scene: ImportScene) -> None:
        scene.bring(A)
        scene.stage(B)
        assert scene.kms.list_key_rotations(KeyId=scene.key)["Rotations"] == []


class TestTokens:
    def test_one_lasts_a_day(self, scene: ImportScene) -> None:
        answer = scene.kms.get_parameters_for_import(
            KeyId=scene.key, WrappingAlgorithm="RSAES_OAEP_SHA_1", WrappingKeySpec="RSA_2048"
        )
        assert answer["ParametersValidTo"].timestamp() == pytest.approx(scene.inside.now + DAY, abs=0.002)
        assert len(answer["ImportToken"]) <= 6144
        public = load_der_public_key(answer["PublicKey"])
        assert isinstance(public, rsa.RSAPublicKey)
        given = scene.request(A) | {
            "ImportToken": answer["ImportToken"],
            "EncryptedKeyMaterial": wrapped(public, A, "RSAES_OAEP_SHA_1"),
        }
        scene.inside.now += DAY - 1
        scene.kms.import_key_material(**given)
        scene.inside.now += 1
        refused("ExpiredImportTokenException", scene.kms.import_key_material, **given)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda token: token[:-1],
            lambda token: token + b"\0",
            lambda token: token[:40] + bytes([token[40] ^ 1]) + token[41:],
            lambda token: b"x",
            lambda token: b"\x01" * 6144,
        ],
        ids=["cut", "longer", "changed", "short", "long"],
    )
    def test_a_spoiled_one(self, scene: ImportScene, spoil: Any) -> None:
        given = scene.request(A, ImportToken=spoil(scene.token()))
        assert refused("InvalidImportTokenException", scene.kms.import_key_material, **given) == ""
        assert scene.state() == "PendingImport"

    def test_one_of_another_key_account_or_installation(self, scene: ImportScene) -> None:
        others = [ImportScene(scene.inside), ImportScene()]
        others[1].key = scene.key  # the same names under the same root key are the same token
        for token in (others[0].token(), scene.token(spec="HMAC_256")):
            given = scene.request(A, ImportToken=token)
            assert refused("InvalidImportTokenException", scene.kms.import_key_material, **given) == ""
        scene.bring(A, ImportToken=others[1].token())
        others[1].inside.store.close()

    def test_one_of_another_algorithm_unwraps_nothing(self, scene: ImportScene) -> None:
        given = scene.request(A, ImportToken=scene.token(algorithm="RSAES_OAEP_SHA_1"))
        assert refused("InvalidCiphertextException", scene.kms.import_key_material, **given) == ""

    @pytest.mark.parametrize("length", [0, 1, 16, 31, 33, 64, 128])
    def test_material_of_another_length(self, scene: ImportScene, length: int) -> None:
        given = scene.request(b"m" * length)
        assert refused("InvalidCiphertextException", scene.kms.import_key_material, **given) == ""

    @pytest.mark.parametrize("length", [1, 255, 257, 6144])
    def test_a_ciphertext_of_another_length(self, scene: ImportScene, length: int) -> None:
        given = scene.request(A, EncryptedKeyMaterial=b"c" * length)
        assert refused("InvalidCiphertextException", scene.kms.import_key_material, **given) == ""


SPECS = {
    "SYMMETRIC_DEFAULT": "ENCRYPT_DECRYPT",
    "HMAC_512": "GENERATE_VERIFY_MAC",
    "RSA_4096": "SIGN_VERIFY",
    "ECC_NIST_P256": "SIGN_VERIFY",
    "ECC_NIST_P521": "KEY_AGREEMENT",
    "ECC_NIST_EDWARDS25519": "SIGN_VERIFY",
}
ALGORITHMS = ("RSAES_OAEP_SHA_256", "RSA_AES_KEY_WRAP_SHA_1", "RSAES_PKCS1_V1_5", "SM2PKE")
MAY = {
    ("SYMMETRIC_DEFAULT", "RSA_2048"): "RSAES_OAEP_SHA_256",
    ("SYMMETRIC_DEFAULT", "RSA_4096"): "RSAES_OAEP_SHA_256",
    ("HMAC_512", "RSA_2048"): "RSAES_OAEP_SHA_256",
    ("HMAC_512", "RSA_4096"): "RSAES_OAEP_SHA_256",
    ("RSA_4096", "RSA_2048"): "RSA_AES_KEY_WRAP_SHA_1",
    ("RSA_4096", "RSA_4096"): "RSA_AES_KEY_WRAP_SHA_1",
    ("ECC_NIST_P256", "RSA_2048"): "RSAES_OAEP_SHA_256 RSA_AES_KEY_WRAP_SHA_1",
    ("ECC_NIST_P256", "RSA_4096"): "RSAES_OAEP_SHA_256 RSA_AES_KEY_WRAP_SHA_1",
    ("ECC_NIST_P521", "RSA_2048"): "RSA_AES_KEY_WRAP_SHA_1",
    ("ECC_NIST_P521", "RSA_4096"): "RSAES_OAEP_SHA_256 RSA_AES_KEY_WRAP_SHA_1",
    ("ECC_NIST_EDWARDS25519", "RSA_2048"): "RSA_AES_KEY_WRAP_SHA_1",
    ("ECC_NIST_EDWARDS25519", "RSA_4096"): "RSAES_OAEP_SHA_256 RSA_AES_KEY_WRAP_SHA_1",
}


@pytest.mark.parametrize("spec", SPECS)
def test_which_wrapping_suits_which_key(scene: ImportScene, spec: str) -> None:
    """What is allowed makes an RSA key, and is tried over the wire (`test_import_wrapping.py`)."""
    key = scene.new_key(spec, SPECS[spec])
    for wrapping_key in ("RSA_2048", "RSA_4096", "SM2"):
        may = MAY.get((spec, wrapping_key), "").split()
        for algorithm in ALGORITHMS:
            assert may_wrap(algorithm, wrapping_key, KeySpec(spec)) is (algorithm in may)
            if algorithm not in may:
                assert refused(
                    "ValidationException",
                    scene.kms.get_parameters_for_import,
                    KeyId=key,
                    WrappingAlgorithm=algorithm,
                    WrappingKeySpec=wrapping_key,
                ) == (
                    f"Wrapping algorithm {algorithm} and wrapping key spec {wrapping_key} "
                    f"cannot be used to import a {spec} key."
                )


CALLS: dict[str, Any] = {
    "GetParametersForImport": lambda kms, _, key: kms.get_parameters_for_import(
        KeyId=key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"
    ),
    "ImportKeyMaterial": lambda kms, scene, key: kms.import_key_material(**scene.request(A, KeyId=key)),
    "DeleteImportedKeyMaterial": lambda kms, _, key: kms.delete_imported_key_material(KeyId=key),
}


@pytest.mark.parametrize("name", CALLS)
class TestEachOperation:
    def test_is_for_one_origin_whatever_the_state(self, scene: ImportScene, name: str) -> None:
        key = scene.kms.create_key()["KeyMetadata"]["Arn"]
        scene.kms.schedule_key_deletion(KeyId=key)
        said = refused("UnsupportedOperationException", lambda: CALLS[name](scene.kms, scene, key))
        assert said == f"{key} origin is AWS_KMS which is not valid for this operation."

    def test_needs_its_own_permission(self, scene: ImportScene, name: str) -> None:
        iam = scene.inside.client("iam")
        iam.create_user(UserName="user")
        user = scene.inside.client("kms", iam.create_access_key(UserName="user")["AccessKey"])
        said = refused("AccessDeniedException", lambda: CALLS[name](user, scene, scene.key))
        assert f"is not authorized to perform: kms:{name} on resource: {scene.key}" in said
        allow(iam, "user", f"kms:{name}", scene.key)
        CALLS[name](user, scene, scene.key)

    def test_takes_no_alias(self, scene: ImportScene, name: str) -> None:
        scene.kms.create_alias(AliasName="alias/there", TargetKeyId=scene.key)
        given = scene.request(A) | {"KeyId": "alias/there"}
        call = {
            "GetParametersForImport": lambda: scene.kms.get_parameters_for_import(
                KeyId="alias/there", WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"
            ),
            "ImportKeyMaterial": lambda: scene.kms.import_key_material(**given),
            "DeleteImportedKeyMaterial": lambda: scene.kms.delete_imported_key_material(KeyId="alias/there"),
        }[name]
        assert refused("NotFoundException", call) == "Invalid keyId 'alias/there'"


class TestPermissions:
    def test_by_expiration(self, scene: ImportScene) -> None:
        iam = scene.inside.client("iam")
        iam.create_user(UserName="user")
        soon = {
            "StringEquals": {"kms:ExpirationModel": "KEY_MATERIAL_EXPIRES"},
            "DateLessThan": {"kms:ValidTo": moment(scene, DAY).strftime("%Y-%m-%dT%H:%M:%SZ")},
        }
        statement = {
            "Effect": "Allow",
            "Action": "kms:ImportKeyMaterial",
            "Resource": scene.key,
            "Condition": soon,
        }
        iam.put_user_policy(
            UserName="user",
            PolicyName="p",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
        )
        user = scene.inside.client("kms", iam.create_access_key(UserName="user")["AccessKey"])
        expires = {"ExpirationModel": "KEY_MATERIAL_EXPIRES"}
        for more in (FOREVER, expires | {"ValidTo": moment(scene, 2 * DAY)}):
            given = scene.request(A, **more)
            refused("AccessDeniedException", user.import_key_material, **given)
        user.import_key_material(**scene.request(A, **expires, ValidTo=moment(scene, HOUR)))

    def test_by_the_default_of_expiration(self, scene: ImportScene) -> None:
        """Left out, it expires, and `Null` is how a policy asks for that (KMS Developer Guide)."""
        iam = scene.inside.client("iam")
        iam.create_user(UserName="user")
        statement = {
            "Effect": "Allow",
            "Action": "kms:ImportKeyMaterial",
            "Resource": scene.key,
            "Condition": {"Null": {"kms:ExpirationModel": True}},
        }
        iam.put_user_policy(
            UserName="user",
            PolicyName="p",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
        )
        user = scene.inside.client("kms", iam.create_access_key(UserName="user")["AccessKey"])
        expires = {"ExpirationModel": "KEY_MATERIAL_EXPIRES", "ValidTo": moment(scene, HOUR)}
        for more in (FOREVER, expires):
            refused("AccessDeniedException", user.import_key_material, **scene.request(A, **more))
        user.import_key_material(**scene.request(A, ValidTo=moment(scene, HOUR)))
        assert scene.described()["ExpirationModel"] == "KEY_MATERIAL_EXPIRES"

    def test_by_wrapping_and_origin(self, scene: ImportScene) -> None:
        iam = scene.inside.client("iam")
        iam.create_user(UserName="user")
        statement = {
            "Effect": "Allow",
            "Action": "kms:GetParametersForImport",
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "kms:WrappingAlgorithm": "RSAES_OAEP_SHA_256",
                    "kms:WrappingKeySpec": "RSA_2048",
                    "kms:KeyOrigin": "EXTERNAL",
                }
            },
        }
        iam.put_user_policy(
            UserName="user",
            PolicyName="p",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
        )
        user = scene.inside.client("kms", iam.create_access_key(UserName="user")["AccessKey"])
        asked = {"WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}
        user.get_parameters_for_import(KeyId=scene.key, **asked)
        generated = scene.kms.create_key()["KeyMetadata"]["Arn"]
        for key, more in (
            (generated, {}),
            (scene.key, {"WrappingAlgorithm": "RSAES_OAEP_SHA_1"}),
            (scene.key, {"WrappingKeySpec": "RSA_4096"}),
        ):
            given = {"KeyId": key} | asked | more
            refused("AccessDeniedException", user.get_parameters_for_import, **given)


class TestEvents:
    def test_what_they_show(self, scene: ImportScene) -> None:
        parameters = {"WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}
        scene.kms.get_parameters_for_import(KeyId=scene.key, **parameters)
        event = scene.inside.events()[-1]
        assert event["requestParameters"] == {
            "keyId": scene.key,
            "wrappingAlgorithm": "RSAES_OAEP_SHA_256",
            "wrappingKeySpec": "RSA_2048",
        }
        assert (event["responseElements"], event["readOnly"]) == (None, True)
        date = moment(scene, HOUR)
        material = scene.bring(
            A, ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=date, KeyMaterialDescription="mine"
        )
        event = scene.inside.events()[-1]
        assert event["requestParameters"] == {
            "keyId": scene.key,
            "validTo": date.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "expirationModel": "KEY_MATERIAL_EXPIRES",
            "keyMaterialDescription": "mine",
        }
        elements = {"keyId": scene.key, "keyMaterialId": material}
        assert (event["responseElements"], event["readOnly"]) == (elements, False)
        scene.lose()
        event = scene.inside.events()[-1]
        assert (event["requestParameters"], event["responseElements"]) == ({"keyId": scene.key}, elements)

    def test_a_refused_import_is_recorded_without_material(self, scene: ImportScene) -> None:
        given = scene.request(b"m" * 16)
        refused("InvalidCiphertextException", scene.kms.import_key_material, **given)
        event = scene.inside.events()[-1]
        assert event["errorCode"] == "InvalidCiphertextException"
        assert event["requestParameters"].keys() == {"keyId", "expirationModel"}


class TestOtherKinds:
    @pytest.mark.parametrize("spec", ["HMAC_256", "ECC_NIST_P256"])
    def test_they_have_one_material_and_do_not_rotate(self, scene: ImportScene, spec: str) -> None:
        usage = "GENERATE_VERIFY_MAC" if spec == "HMAC_256" else "SIGN_VERIFY"
        key = scene.new_key(spec, usage)
        assert (
            refused(
                "ValidationException",
                scene.kms.delete_imported_key_material,
                KeyId=key,
                KeyMaterialId="0" * 64,
            )
            == f"Input parameter keyMaterialId cannot be used with {spec} imported keys."
        )
        refused("KMSInvalidStateException", scene.kms.rotate_key_on_demand, KeyId=key)
        assert "CurrentKeyMaterialId" not in scene.kms.describe_key(KeyId=key)["KeyMetadata"]

    def test_an_hmac_key_takes_no_other_material(self, scene: ImportScene) -> None:
        key = scene.new_key("HMAC_256", "GENERATE_VERIFY_MAC")
        token = scene.token(key, spec="HMAC_256")
        given = scene.request(A, KeyId=key, ImportToken=token)
        assert "KeyMaterialId" not in scene.kms.import_key_material(**given)
        mac = scene.kms.generate_mac(KeyId=key, Message=b"m", MacAlgorithm="HMAC_SHA_256")["Mac"]
        scene.kms.delete_imported_key_material(KeyId=key)
        refused(
            "IncorrectKeyMaterialException",
            scene.kms.import_key_material,
            **scene.request(B, KeyId=key, ImportToken=token),
        )
        scene.kms.import_key_material(**given)
        scene.kms.verify_mac(KeyId=key, Message=b"m", MacAlgorithm="HMAC_SHA_256", Mac=mac)
        assert refused("UnsupportedOperationException", scene.kms.rotate_key_on_demand, KeyId=key) == ""

    @pytest.mark.parametrize(
        ("spec", "usage"), [("ML_DSA_44", "SIGN_VERIFY"), ("ML_KEM_768", "ENCAPSULATE_DECAPSULATE")]
    )
    def test_post_quantum_keys_are_not_imported(self, scene: ImportScene, spec: str, usage: str) -> None:
        assert (
            refused(
                "ValidationException", scene.kms.create_key, Origin="EXTERNAL", KeySpec=spec, KeyUsage=usage
            )
            == f"KeySpec {spec} is not supported for Origin EXTERNAL"
        )


def test_another_account_cannot(scene: ImportScene) -> None:
    policy = json.loads(scene.kms.get_key_policy(KeyId=scene.key)["Policy"])
    other = "111122223333"
    policy["Statement"][0]["Principal"] = {
        "AWS": [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{other}:root"]
    }
    scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(policy))
    stranger = scene.inside.client("kms", (other, "test"))
    for call in CALLS.values():
        refused("AccessDeniedException", lambda call=call: call(stranger, scene, scene.key))
