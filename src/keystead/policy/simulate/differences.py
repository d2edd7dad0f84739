"""Where IAM's policy simulator answers otherwise than a live request is answered: the whole list.

1. `NumericNotEquals` does not hold for a value that is no number; live it does. Recorded:
   `simulator/values/NumericNotEquals`.
2. In one account an Allow of the resource's policy suffices, even one to the account or to the role, and
   whatever the permissions boundary omits. A Deny of the boundary counts. Recorded: `simulator/same-account`.
3. With a caller, `aws:userid` is its ARN and `aws:username` the last part of that, unless the context has
   them. Recorded: `simulator/default-context`.
4. Nothing is hidden: an explicit Deny of any layer is what is reported, across accounts too (unverified
   there).
5. An action is allowed only on a resource of a type that it can be about. Recorded for the service of the
   ARN; the rest of `resources` is unverified. A Deny applies all the same (unverified).

The second is not applied to KMS keys (unverified). Their resource policy is the key policy, and one that
delegates to IAM policies grants nothing: a simulator that said "allowed" would mislead. Without a key policy
the identity policies decide, for the simulator looks up no policy of a resource.
"""

from collections.abc import Mapping
from dataclasses import replace

from keystead.policy.authorize import is_foreign
from keystead.policy.conditions import Condition, SetOperator, parse_operator
from keystead.policy.decision import Decision, ImplicitlyDenied, Layer
from keystead.policy.language.document import Policy
from keystead.policy.language.values import read_number
from keystead.policy.operators import Verdict
from keystead.policy.request import Caller, ContextValue, Request


def as_simulated(policy: Policy) -> Policy:
    """The policy as the simulator reads it."""
    statements = tuple(
        replace(statement, conditions=tuple(_numeric(condition) for condition in statement.conditions))
        for statement in policy.statements
    )
    return replace(policy, statements=statements)


def _numeric(condition: Condition) -> Condition:
    parsed = parse_operator(condition.operator)
    if parsed is None or parsed[1] != "NumericNotEquals":
        return condition
    kind = parsed[0]

    def decide(held: ContextValue | None, context: Mapping[str, ContextValue]) -> Verdict:
        values = (held,) if isinstance(held, str) else held or ()
        numbers = tuple(value for value in values if read_number(value) is not None)
        if len(numbers) == len(values):
            return condition.decide(held, context)
        # With a set operator (unverified): such a value is one that does not satisfy.
        return condition.decide(numbers, context) if kind is SetOperator.ANY else False

    return replace(condition, decide=decide)


def default_context(caller: Caller | None) -> dict[str, ContextValue]:
    """What the simulator itself puts into the context; `caller` was made by `caller_of`."""
    if caller is None:
        return {}
    arn = caller.role_arn or caller.arn
    return {"aws:userid": arn, "aws:username": arn.rpartition("/")[2]}


def resource_policy_suffices(request: Request, decision: Decision) -> bool:
    """Whether an Allow of the resource's policy allows what `authorize` denied."""
    if is_foreign(request) or request.on_key:
        return False
    return isinstance(decision, ImplicitlyDenied) and decision.layer is not Layer.SCP
