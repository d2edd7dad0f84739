"""What is asked of a new session: its policies and tags, checked.

Sources: STS API, `AssumeRole`; IAM User Guide, "Session policies" and "Pass session tags in AWS STS". The
codes and sentences about tags were seen in the field; the others are ours where they say (unverified).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from keystead.model import Session, SessionKind, SessionTag
from keystead.names import AccountId, InvalidName, ManagedPolicyArn
from keystead.policy import Malformed, PolicyKind, parse_policy
from keystead.service.call import Call
from keystead.shapes import sts as shapes
from keystead.shapes.errors import (
    AccessDeniedException,
    InvalidParameterValueException,
    ValidationException,
)
from keystead.shapes.sts_errors import MalformedPolicyDocumentException, PackedPolicyTooLargeException

MOST_CHARACTERS: Final = 2048
"""Of the inline session policy and the ARNs of the managed ones together."""

MOST_ARNS: Final = 10

NO_MFA: Final = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is "
    "valid and associated with this user."
)


def check_policies(policy: str | None, arns: Sequence[shapes.PolicyDescriptorType] | None) -> None:
    """Refuses session policies for themselves: malformed, or too many, or too long."""
    if len(arns or ()) > MOST_ARNS:
        raise ValidationException(  # (unverified)
            "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MOST_ARNS}"
        )
    characters = len(policy or "") + sum(len(each.arn or "") for each in arns or ())
    if characters > MOST_CHARACTERS:
        raise too_large(characters, MOST_CHARACTERS)
    if policy is not None:
        parsed = parse_policy(policy, PolicyKind.SESSION)
        if isinstance(parsed, Malformed):
            raise MalformedPolicyDocumentException(parsed.findings[0].located)


def too_large(size: int, most: int) -> PackedPolicyTooLargeException:
    """The refusal of policies and tags that take too much space."""
    percent = -(-100 * size // most)
    return PackedPolicyTooLargeException(
        f"Packed policy consumes {percent}% of allotted space, please use smaller policy."
    )


def managed_policies(
    call: Call, account: AccountId, arns: Sequence[shapes.PolicyDescriptorType] | None
) -> tuple[str, ...]:
    """The ARNs of the managed session policies: of the account's own, or of AWS's, and there."""
    named = tuple(dict.fromkeys(each.arn for each in arns or () if each.arn is not None))
    for arn in named:
        try:
            owner = ManagedPolicyArn.parse(arn).account
        except InvalidName:
            raise ValidationException(f"ARN {arn} is not valid.") from None  # (unverified)
        if owner not in (None, account) or call.records.managed_policy(arn) is None:
            raise ValidationException(f"Policy {arn} does not exist or is not attachable.")  # (unverified)
    return named


def check_tags(tags: Sequence[shapes.Tag] | None, transitive_keys: Sequence[str] | None = None) -> None:
    """Refuses session tags for themselves."""
    keys = [tag.key.lower() for tag in tags or ()]
    if len(set(keys)) < len(keys):
        raise InvalidParameterValueException(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )
    if any(key.startswith("aws:") for key in keys):
        raise InvalidParameterValueException(
            "Tag keys that begin with aws: are reserved for system use."  # (unverified)
        )
    if not {key.lower() for key in transitive_keys or ()} <= set(keys):
        raise InvalidParameterValueException(
            "The specified transitive tag key must be included in the requested tags."
        )


def session_tags(
    tags: Sequence[shapes.Tag] | None, transitive_keys: Sequence[str] | None = None
) -> tuple[SessionTag, ...]:
    """The session tags of a request that `check_tags` has passed."""
    transitive = {key.lower() for key in transitive_keys or ()}
    return tuple(SessionTag(tag.key, tag.value, tag.key.lower() in transitive) for tag in tags or ())


def inherited(session: Session | None) -> tuple[SessionTag, ...]:
    """The tags that a session hands on to those made with its credentials."""
    return () if session is None else tuple(tag for tag in session.tags if tag.transitive)


def joined(before: Iterable[SessionTag], asked: Iterable[SessionTag]) -> tuple[SessionTag, ...]:
    """Inherited tags, which cannot be set anew, and those asked for."""
    before, asked = tuple(before), tuple(asked)
    taken = {tag.key.lower() for tag in before}
    if any(tag.key.lower() in taken for tag in asked):
        raise InvalidParameterValueException(
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive "
            "tag key from the calling session."
        )
    return before + asked


def refuse_kinds(call: Call, *kinds: SessionKind) -> None:
    """Refuses callers with credentials of these kinds (IAM User Guide, "Compare AWS STS credentials")."""
    session = call.who.session
    if session is not None and session.kind in kinds:
        raise AccessDeniedException(f"Cannot call {call.operation.name} with session credentials")


def check_mfa(serial_number: str | None, token_code: str | None) -> None:
    """Refuses MFA, for there are no devices yet: who asks for it must not get a session without it."""
    if serial_number is not None or token_code is not None:
        raise AccessDeniedException(NO_MFA)
