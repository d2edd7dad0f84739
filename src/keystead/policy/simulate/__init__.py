"""IAM's policy simulator: what policies given as texts would decide, in the form in which AWS answers.

It has no semantics of its own. `authorize` decides, and `evaluate.examine` says which statements apply; where
the simulator is known to answer otherwise than a live request is answered, `differences` says so, and only
there.

Most callers need

- `Simulation`: the policies, the caller and the context; `Simulator`: makes of an action and resources an
  `EvaluationResult` with the members of AWS's.
- `check_actions`, `check_resources`, `caller_of`, `owner_of`, `read_context`: what is simulated, checked as
  AWS checks it. They raise `InvalidSimulation` with AWS's sentence.
- `Effort`: how much work a simulation is, for those who must bound it.
- `context_keys`: the condition keys that policies read.

Grants, session policies, resource control policies and VPC endpoint policies are no part of a simulation.

Sources: IAM API Reference, `SimulateCustomPolicy` and `SimulatePrincipalPolicy`; recorded answers of the
simulator (`vectors/policy`, kind `simulate`).
"""

from keystead.policy.simulate.effort import Effort
from keystead.policy.simulate.inputs import (
    NO_RESOURCE,
    ContextEntry,
    ContextType,
    InvalidSimulation,
    caller_of,
    check_actions,
    check_resources,
    owner_of,
    read_context,
    resource_policy_kinds,
)
from keystead.policy.simulate.keys import context_keys
from keystead.policy.simulate.results import (
    EvalDecision,
    EvaluationResult,
    MatchedStatement,
    PolicySource,
    ResourceSpecificResult,
)
from keystead.policy.simulate.simulator import Simulation, Simulator

__all__ = [
    "NO_RESOURCE",
    "ContextEntry",
    "ContextType",
    "Effort",
    "EvalDecision",
    "EvaluationResult",
    "InvalidSimulation",
    "MatchedStatement",
    "PolicySource",
    "ResourceSpecificResult",
    "Simulation",
    "Simulator",
    "caller_of",
    "check_actions",
    "check_resources",
    "context_keys",
    "owner_of",
    "read_context",
    "resource_policy_kinds",
]
