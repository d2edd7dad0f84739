from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from foreign import OpenSsl


@pytest.fixture
def openssl(tmp_path: Path) -> OpenSsl:
    return OpenSsl(tmp_path)


@pytest.fixture(scope="module")
def key_of(shared_dev: Any) -> Callable[[str, str], tuple[str, bytes]]:
    """The ARN of a key of a kind and its public key, made when it is first asked for."""
    kms, made = shared_dev.client("kms"), {}

    def of(spec: str, usage: str) -> tuple[str, bytes]:
        if (spec, usage) not in made:
            arn = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"]
            made[spec, usage] = (arn, kms.get_public_key(KeyId=arn)["PublicKey"])
        return made[spec, usage]

    return of
