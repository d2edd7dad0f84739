"""A request and its facts as a JSON text: what a tool reads from a file (`docs/explain.md` has the schema).

The schema is that of the recorded cases in `vectors/policy`, so each of them is a scenario. Reading is
strict: an unknown or repeated member is a fault with its place in the text, and so is every fault of a policy
in it. Nothing is raised.

- `members`: the members of an object, of the types that they must have.
- `policies`, `grants`: the facts. `reading`: the request, and the whole.
"""

from keystead.policy.scenario.policies import FULL_ACCESS
from keystead.policy.scenario.reading import Scenario, read_grants, read_scenario

__all__ = ["FULL_ACCESS", "Scenario", "read_grants", "read_scenario"]
