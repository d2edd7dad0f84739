"""Keys whose material is imported, in process, with wrapping keys that were made once."""

import os
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding
from tests.iam.in_process import InProcess

from keystead.crypto.import_token import ImportParameters, new_import_token
from keystead.kinds import KeySpec, WrappingAlgorithm
from keystead.names import KeyArn
from keystead.service.owned_keys import OwnedKeys

_WRAPPING_KEY = rsa.generate_private_key(65537, 2048)
_PRIVATE = _WRAPPING_KEY.private_bytes(
    serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
A, B, C = (letter * 32 for letter in (b"A", b"B", b"C"))
"""Three materials of symmetric keys."""

FOREVER = {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}


def wrapped(public_key: rsa.RSAPublicKey, material: bytes, algorithm: str) -> bytes:
    """KMS Developer Guide, "Importing key material: encrypt the key material"."""
    function = hashes.SHA1() if algorithm.endswith("SHA_1") else hashes.SHA256()
    oaep = padding.OAEP(padding.MGF1(function), function, None)
    if algorithm.startswith("RSAES_OAEP"):
        return public_key.encrypt(material, oaep)
    key = os.urandom(32)
    return public_key.encrypt(key, oaep) + aes_key_wrap_with_padding(key, material)


class ImportScene:
    """A service, a key of origin EXTERNAL, and its imports.

    Tokens are made with the service's own root key around one wrapping key, for RSA keys take their time.
    """

    def __init__(self, inside: InProcess | None = None) -> None:
        self.inside = InProcess() if inside is None else inside
        self.kms = self.inside.client("kms")
        self.key = self.new_key()

    def new_key(self, spec: str = "SYMMETRIC_DEFAULT", usage: str = "ENCRYPT_DECRYPT") -> str:
        answer = self.kms.create_key(Origin="EXTERNAL", KeySpec=spec, KeyUsage=usage)
        return str(answer["KeyMetadata"]["Arn"])

    def token(
        self,
        key: str | None = None,
        *,
        algorithm: str = "RSAES_OAEP_SHA_256",
        spec: str = "SYMMETRIC_DEFAULT",
        lasts: float = 86_400,
    ) -> bytes:
        valid_to = int((self.inside.now + lasts) * 1000)
        parameters = ImportParameters(WrappingAlgorithm(algorithm), _PRIVATE, valid_to)
        arn = KeyArn.parse(self.key if key is None else key)
        inside = self.inside
        sealer = OwnedKeys(inside.store, inside.sealer, inside.random).sealer
        return new_import_token(sealer, arn, KeySpec(spec), parameters)

    def request(
        self, material: bytes = A, *, algorithm: str = "RSAES_OAEP_SHA_256", **more: Any
    ) -> dict[str, Any]:
        """The members of an ImportKeyMaterial."""
        given = {
            "KeyId": self.key,
            "ImportToken": self.token(more.get("KeyId"), algorithm=algorithm),
            "EncryptedKeyMaterial": wrapped(_WRAPPING_KEY.public_key(), material, algorithm),
        }
        return given | ({} if "ValidTo" in more or "ExpirationModel" in more else FOREVER) | more

    def bring(self, material: bytes = A, **more: Any) -> str:
        """Imports, and returns the id of the material."""
        return str(self.kms.import_key_material(**self.request(material, **more)).get("KeyMaterialId"))

    def stage(self, material: bytes = B, **more: Any) -> str:
        return self.bring(material, ImportType="NEW_KEY_MATERIAL", **more)

    def lose(self, **more: Any) -> None:
        self.kms.delete_imported_key_material(KeyId=self.key, **more)

    def described(self) -> dict[str, Any]:
        return dict(self.kms.describe_key(KeyId=self.key)["KeyMetadata"])

    def state(self) -> str:
        return str(self.described()["KeyState"])

    def versions(self) -> list[dict[str, Any]]:
        answer = self.kms.list_key_rotations(KeyId=self.key, IncludeKeyMaterial="ALL_KEY_MATERIAL")
        return list(answer["Rotations"])

    def encrypt(self) -> bytes:
        return bytes(self.kms.encrypt(KeyId=self.key, Plaintext=b"x")["CiphertextBlob"])
