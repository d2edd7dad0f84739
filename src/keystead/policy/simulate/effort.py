"""How much work a simulation is, counted before it begins, in the steps of `keystead.policy.steps`."""

from collections.abc import Sequence
from typing import Final

from keystead.policy.language.statement import ActionMatcher, ResourceMatcher, resource_template
from keystead.policy.language.variables import parse_template
from keystead.policy.simulate.differences import default_context
from keystead.policy.simulate.simulator import Simulation
from keystead.policy.steps import NO_STEPS, Steps, of_all, of_patterns

_PASSES: Final = 2
"""Times that each statement is looked at: to decide as live, and to tell every one that applies."""

_RESULT: Final = 500
"""Steps of the result for one resource, with its form in an answer."""

_STATEMENT: Final = 150
"""Steps of telling that one statement applies to one resource."""

_KEY: Final = 20
"""Steps of looking up one condition key, and of telling one resource that it is missing."""


class Effort:
    """The work of a simulation on resources, by action.

    What counts is patterns and values by their lengths, for each action on each resource, and what is told.
    """

    def __init__(self, simulation: Simulation, resources: Sequence[str]) -> None:
        statements = [each for attached in simulation.policies() for each in attached.policy.statements]
        self._resources = len(resources)
        self._actions = of_all(_of_actions(each.action) for each in statements if each.action is not None)
        on_resources = of_all(
            _of_resources(each.resource) for each in statements if each.resource is not None
        )
        context = default_context(simulation.caller) | dict(simulation.context)
        each = _RESULT
        for statement in statements:
            each += _STATEMENT
            if statement.resource is not None:
                each += _KEY * len(statement.resource.reads)
            for condition in statement.conditions:
                compared = condition.work.on(context.get(condition.lookup))
                each += _KEY * (1 + len(condition.reads)) + _PASSES * compared
        self._fixed = len(resources) * each + _PASSES * sum(map(on_resources.on, resources))

    def of(self, action: str) -> int:
        """The steps of simulating `action` on all the resources."""
        return self._fixed + self._resources * _PASSES * self._actions.on(action)


def _of_actions(matcher: ActionMatcher) -> Steps:
    return of_patterns(
        (parse_template(each, variables=False, wildcards=True) for each in matcher.patterns), each=2
    )


def _of_resources(matcher: ResourceMatcher) -> Steps:
    if matcher.everything:
        return NO_STEPS
    literal = matcher.literals
    tried = (resource_template(each, variables=True) for each in matcher.patterns if each not in literal)
    return of_patterns(tried, each=12)
