"""Ids and secrets that are drawn at random: their form, and that no bit of randomness is lost or shared."""

import os
import re
import uuid

from keystead.service.iam.identifiers import new_access_key_id, new_secret, new_unique_id
from keystead.service.uuids import Uuids


def test_uuids_are_version_4_uuids_that_do_not_repeat() -> None:
    ids = Uuids(os.urandom)
    drawn = [ids.draw() for _ in range(1000)]
    assert len(set(drawn)) == 1000
    for text in drawn:
        parsed = uuid.UUID(text)
        assert (parsed.version, parsed.variant, str(parsed)) == (4, uuid.RFC_4122, text)


def test_uuids_come_from_the_randomness_given() -> None:
    assert Uuids(bytes).draw() == "00000000-0000-4000-8000-000000000000"


def test_access_keys_have_the_forms_of_iam() -> None:
    assert re.fullmatch("AKIA[A-Z2-7]{16}", new_access_key_id(os.urandom))
    assert re.fullmatch("[A-Za-z0-9+/]{40}", new_secret(os.urandom))
    assert re.fullmatch("AIDA[A-Z2-7]{17}", new_unique_id("AIDA", os.urandom))
    assert new_access_key_id(bytes) == "AKIA" + "A" * 16


def test_every_character_of_an_id_is_reached() -> None:
    seen = new_unique_id("AROA", lambda length: bytes(range(length)))
    assert seen == "AROAABCDEFGHIJKLMNOPQ"
    assert new_unique_id("AROA", lambda length: b"\xff" * length) == "AROA" + "7" * 17
