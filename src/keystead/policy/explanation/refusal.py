"""AWS's sentence for a refusal.

Sources: IAM User Guide, "Troubleshoot access denied error messages"; recorded refusals
(`vectors/policy/messages.json`).
"""

from typing import Final

from keystead.policy.authorize import is_foreign
from keystead.policy.decision import Allowed, Decision, ExplicitlyDenied, ImplicitlyDenied, Layer
from keystead.policy.language.findings import with_article
from keystead.policy.request import CallerKind, Request

HIDDEN: Final = (
    "because the resource does not exist in this Region, no resource-based policies allow access, "
    "or a resource-based policy explicitly denies access"
)
"""What a stranger reads of a key missing, silent or denying (`docs/policy.md`, "Foreign keys")."""

NOT_BY_WEB_IDENTITY: Final = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
"""What STS says to whom a provider vouches for, whatever the reason (seen in the field)."""

_ORGANIZATION = (Layer.SCP, Layer.RCP)
_OWNERS = (Layer.RCP, Layer.RESOURCE)


def sentence(request: Request, decision: Decision, *, from_ciphertext: bool = False, shown: str = "") -> str:
    """AWS's message to the client for a refusal.

    `from_ciphertext` says that the request named no key and the ciphertext did: a foreign caller reads of
    that, others of the key (recorded, `vectors/kms/scenarios/grants.json`). `shown` is what IAM calls the
    resource where that is not its ARN. ValueError if allowed.
    """
    if isinstance(decision, Allowed):
        raise ValueError("an allowed request has no refusal")  # noqa: TRY004 - the value is wrong, not its type
    if request.caller.kind is CallerKind.WEB_IDENTITY:
        return NOT_BY_WEB_IDENTITY
    # A service is at home nowhere: each key is a stranger's, and what refuses it is the owner's (unverified).
    service = request.caller.kind is CallerKind.SERVICE
    hides = request.on_key and (service or is_foreign(request))
    if hides and from_ciphertext:
        where = "on the resource associated with this ciphertext"
    elif hides:
        where = "on this resource"
    else:
        where = f"on resource: {shown or request.resource}"
    action = _spelling(request.action)
    said = f"User: {request.caller.arn} is not authorized to perform: {action} {where}"
    if _of_role(request):
        reason = _reason_of_role(request, action, decision)
    else:
        reason = HIDDEN if hides and (service or from_ciphertext) else _reason(action, decision, hides=hides)
    return f"{said} {reason}" if reason else said


def _of_role(request: Request) -> bool:
    """Whether a role is to be assumed: its trust policy is a resource-based policy of another name."""
    return request.action.startswith("sts:") and ":role/" in request.resource


def _reason_of_role(request: Request, action: str, decision: ExplicitlyDenied | ImplicitlyDenied) -> str:
    """STS says least: nothing of a trust policy that is silent, and so nothing of a role that is not there.

    Seen in the field: no reason across accounts, none of a silent trust policy, else that of other services.
    The words for a trust policy that denies are those of the IAM User Guide.
    """
    if isinstance(decision, ExplicitlyDenied):
        if decision.by.layer is Layer.RESOURCE:
            return "with an explicit deny in the role trust policy"
        return _reason(action, decision, hides=False)
    told = decision.layer is not Layer.RESOURCE and not is_foreign(request)
    return _reason(action, decision, hides=False) if told else ""


def _reason(action: str, decision: ExplicitlyDenied | ImplicitlyDenied, *, hides: bool) -> str:
    if isinstance(decision, ImplicitlyDenied):
        return (
            HIDDEN if decision.hidden and hides else f"because no {decision.layer} allows the {action} action"
        )
    by = decision.by
    if hides and by.layer in _OWNERS:
        return HIDDEN
    # The ARN of a managed policy is told within one account or organization (IAM User Guide).
    told = by.policy_arn and (not hides or by.layer in _ORGANIZATION)
    return f"with an explicit deny in {with_article(by.layer)}" + (f": {by.policy_arn}" if told else "")


def _spelling(action: str) -> str:
    # Recorded: SQS alone writes its actions in lower case.
    return action.lower() if action.startswith("sqs:") else action
