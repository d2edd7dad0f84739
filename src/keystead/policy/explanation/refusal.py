"""AWS's sentence for a refusal.

Sources: IAM User Guide, "Troubleshoot access denied error messages"; recorded refusals
(`vectors/policy/messages.json`).
"""

from typing import Final

from keystead.policy.authorize import is_foreign
from keystead.policy.decision import Allowed, Decision, ExplicitlyDenied, ImplicitlyDenied, Layer
from keystead.policy.request import Request

HIDDEN: Final = (
    "because the resource does not exist in this Region, no resource-based policies allow access, "
    "or a resource-based policy explicitly denies access"
)
"""What a foreign caller reads of a key missing, silent or denying (`docs/policy.md`, "Foreign keys")."""

_ORGANIZATION = (Layer.SCP, Layer.RCP)
_OWNERS = (Layer.RCP, Layer.RESOURCE)


def sentence(request: Request, decision: Decision, *, from_ciphertext: bool = False, shown: str = "") -> str:
    """AWS's message to the client for a refusal.

    `from_ciphertext` says that the request named no key and the ciphertext did; `shown` is what IAM calls the
    resource where that is not its ARN. ValueError if allowed.
    """
    if isinstance(decision, Allowed):
        raise ValueError("an allowed request has no refusal")  # noqa: TRY004 - the value is wrong, not its type
    hides = request.on_key and is_foreign(request)
    if from_ciphertext:
        where = "on the resource associated with this ciphertext"
    elif hides:
        where = "on this resource"
    else:
        where = f"on resource: {shown or request.resource}"
    action = _spelling(request.action)
    reason = HIDDEN if hides and from_ciphertext else _reason(action, decision, hides=hides)
    return f"User: {request.caller.arn} is not authorized to perform: {action} {where} {reason}"


def _reason(action: str, decision: ExplicitlyDenied | ImplicitlyDenied, *, hides: bool) -> str:
    if isinstance(decision, ImplicitlyDenied):
        return (
            HIDDEN if decision.hidden and hides else f"because no {decision.layer} allows the {action} action"
        )
    by = decision.by
    if hides and by.layer in _OWNERS:
        return HIDDEN
    article = "an" if by.layer is Layer.IDENTITY else "a"
    # The ARN of a managed policy is told within one account or organization (IAM User Guide).
    told = by.policy_arn and (not hides or by.layer in _ORGANIZATION)
    return f"with an explicit deny in {article} {by.layer}" + (f": {by.policy_arn}" if told else "")


def _spelling(action: str) -> str:
    # Recorded: SQS alone writes its actions in lower case.
    return action.lower() if action.startswith("sqs:") else action
