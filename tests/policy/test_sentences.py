"""What the client is told beyond what was recorded (`vectors/policy/messages.json`)."""

import pytest
from scenes import (
    ALLOWS,
    DELEGATES,
    DENIES,
    FOREIGN,
    FOREIGN_ARN,
    KEY,
    SILENT,
    USER,
    USER_ARN,
    ask,
    key_policy,
    statement,
)

from keystead.policy import (
    Allowed,
    ExplicitlyDenied,
    Facts,
    Layer,
    Statement,
    authorize,
    sentence,
)
from keystead.policy.explanation.refusal import HIDDEN

HEAD = f"User: {USER_ARN} is not authorized to perform: kms:Encrypt"
FOREIGN_HEAD = f"User: {FOREIGN_ARN} is not authorized to perform: kms:Encrypt"


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Layer.IDENTITY, "an identity-based policy"),
        (Layer.RESOURCE, "a resource-based policy"),
        (Layer.SESSION, "a session policy"),
        (Layer.BOUNDARY, "a permissions boundary"),
        (Layer.SCP, "a service control policy"),
        (Layer.RCP, "a resource control policy"),
        (Layer.ENDPOINT, "a VPC endpoint policy"),
    ],
)
def test_explicit_denies(layer: Layer, words: str) -> None:
    told = sentence(ask(USER), ExplicitlyDenied(Statement(layer, "p", "", 0, "")))
    assert told == f"{HEAD} on resource: {KEY} with an explicit deny in {words}"


def test_a_managed_policy_is_named() -> None:
    arn = "arn:aws:iam::111111111111:policy/no"
    told = sentence(ask(USER), ExplicitlyDenied(Statement(Layer.IDENTITY, "no", arn, 0, "")))
    assert told.endswith(f"with an explicit deny in an identity-based policy: {arn}")


def test_requests_without_resource() -> None:
    request = ask(USER, "kms:ListKeys", resource="*")
    told = sentence(request, authorize(request, Facts()))
    assert told.endswith(
        "kms:ListKeys on resource: * because no identity-based policy allows the kms:ListKeys action"
    )


def test_foreign_callers_read_the_same_of_missing_silent_and_denying_keys() -> None:
    denying = key_policy(statement(Effect="Deny", Principal="*"))
    for attached in (None, key_policy(DELEGATES), denying):
        for identity in (ALLOWS, SILENT, DENIES):
            decision = authorize(ask(FOREIGN), Facts(key_policy=attached, identity=identity))
            assert sentence(ask(FOREIGN), decision) == f"{FOREIGN_HEAD} on this resource {HIDDEN}"


def test_a_key_named_by_the_ciphertext() -> None:
    where = "on the resource associated with this ciphertext"
    own = authorize(ask(USER), Facts(key_policy=key_policy(DELEGATES)))
    reason = "because no identity-based policy allows the kms:Encrypt action"
    assert sentence(ask(USER), own, from_ciphertext=True) == f"{HEAD} on resource: {KEY} {reason}"
    for identity in (ALLOWS, SILENT):
        foreign = authorize(ask(FOREIGN), Facts(key_policy=key_policy(DELEGATES), identity=identity))
        assert sentence(ask(FOREIGN), foreign, from_ciphertext=True) == f"{FOREIGN_HEAD} {where} {HIDDEN}"


def test_an_allowed_request_has_no_refusal() -> None:
    with pytest.raises(ValueError, match="allowed"):
        sentence(ask(USER), Allowed(None))
