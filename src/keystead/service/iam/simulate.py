"""SimulateCustomPolicy, SimulatePrincipalPolicy, and GetContextKeysFor the same two.

Source: IAM API Reference. What is decided, and AWS's sentences about what cannot be, is `policy.simulate`'s.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from keystead.policy import AttachedPolicy, Malformed, PolicyKind, parse_policy
from keystead.policy.simulate import (
    NO_RESOURCE,
    ContextEntry,
    Effort,
    InvalidSimulation,
    Simulation,
    Simulator,
    caller_of,
    check_actions,
    check_resources,
    context_keys,
    owner_of,
    read_context,
    resource_policy_kinds,
)
from keystead.service.call import Call
from keystead.service.iam.policy_source import on_source, source_of
from keystead.service.iam.simulated import simulated
from keystead.service.operation import OnNothing, reads, recorded
from keystead.shapes import iam as shapes
from keystead.shapes.iam_errors import InvalidInputException

MOST_STEPS = 2_000_000
"""Steps of simulating one action on all resources, some tenths of a second at worst; more is refused."""

PAGE_STEPS = 500_000
"""The same for a page of several actions. It ends early then, as AWS reserves the right to."""

MOST_CHARACTERS = 262_144
"""Characters of all policies of a request, which take some tenths of a second to read; more are refused."""

_DEFAULT_ITEMS = 100

_HANDLING_OPTIONS = frozenset(
    {"EC2-VPC-InstanceStore", "EC2-VPC-InstanceStore-Subnet", "EC2-VPC-EBS", "EC2-VPC-EBS-Subnet"}
)
"""Which resources a simulation of EC2 must name; not checked here, where EC2's actions are like any other."""

_SimulateRequest = shapes.SimulateCustomPolicyRequest | shapes.SimulatePrincipalPolicyRequest
_Request = (
    _SimulateRequest
    | shapes.GetContextKeysForCustomPolicyRequest
    | shapes.GetContextKeysForPrincipalPolicyRequest
)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except InvalidSimulation as invalid:
        raise InvalidInputException(str(invalid)) from None


@reads(
    "iam",
    "SimulateCustomPolicy",
    OnNothing("iam:SimulateCustomPolicy"),
    recorded=recorded("action_names", "resource_arns", "resource_owner", "caller_arn", "max_items", "marker"),
    slow=True,
)
def simulate_custom_policy(
    call: Call,  # noqa: ARG001 - nothing of the caller's account goes into it
    request: shapes.SimulateCustomPolicyRequest,
) -> shapes.SimulatePolicyResponse:
    """What the given policies decide."""
    with _refusing():
        _check_characters(request)
        scps = _organization(request.ordered_organization_policy_input_list)
        identity = _policies(request.policy_input_list)
        return _page(_simulation(request, identity, scps, request.caller_arn), request)


@reads(
    "iam",
    "SimulatePrincipalPolicy",
    on_source("iam:SimulatePrincipalPolicy"),
    recorded=recorded(
        "policy_source_arn",
        "action_names",
        "resource_arns",
        "resource_owner",
        "caller_arn",
        "max_items",
        "marker",
    ),
    slow=True,
)
def simulate_principal_policy(
    call: Call, request: shapes.SimulatePrincipalPolicyRequest
) -> shapes.SimulatePolicyResponse:
    """What the policies of an IAM entity decide, with those given beside them."""
    source = source_of(call, request.policy_source_arn)
    with _refusing():
        _check_characters(request)
        left = source.without(request.policy_exclusion_list or ())
        identity = (*left.identity, *_policies(request.policy_input_list or ()))
        scps = None if call.account_entry is None else call.account_entry.scps
        simulation = _simulation(request, identity, scps, request.caller_arn or source.arn)
        if simulation.boundary is None:  # one in the request takes the place of the entity's
            simulation = replace(simulation, boundary=left.boundary)
        return _page(simulation, request)


@reads(
    "iam",
    "GetContextKeysForCustomPolicy",
    OnNothing("iam:GetContextKeysForCustomPolicy"),
    slow=True,
)
def get_context_keys_for_custom_policy(
    call: Call,  # noqa: ARG001 - nothing of the caller's account goes into it
    request: shapes.GetContextKeysForCustomPolicyRequest,
) -> shapes.GetContextKeysForPolicyResponse:
    """The condition keys that the given policies read."""
    with _refusing():
        _check_characters(request)
        return _keys(_policies(request.policy_input_list))


@reads(
    "iam",
    "GetContextKeysForPrincipalPolicy",
    on_source("iam:GetContextKeysForPrincipalPolicy"),
    recorded=recorded("policy_source_arn"),
    slow=True,
)
def get_context_keys_for_principal_policy(
    call: Call, request: shapes.GetContextKeysForPrincipalPolicyRequest
) -> shapes.GetContextKeysForPolicyResponse:
    """The condition keys that the policies of an IAM entity read, and those given beside them.

    Its permissions boundary counts as one of them (unverified).
    """
    source = source_of(call, request.policy_source_arn)
    with _refusing():
        _check_characters(request)
        bound = () if source.boundary is None else (source.boundary,)
        return _keys((*source.identity, *bound, *_policies(request.policy_input_list or ())))


def _check_characters(request: _Request) -> None:
    """Refuses policies that are too long together, before any is read; the sentence is ours."""
    documents = list(request.policy_input_list or ())
    if isinstance(request, _SimulateRequest):
        documents += request.permissions_boundary_policy_input_list or ()
        documents += [] if request.resource_policy is None else [request.resource_policy]
    if isinstance(request, shapes.SimulateCustomPolicyRequest):
        for level in request.ordered_organization_policy_input_list or ():
            documents += level.service_control_policy_input_list or ()
    characters = sum(map(len, documents))
    if characters > MOST_CHARACTERS:
        raise InvalidSimulation(
            f"The policies of the request have {characters} characters together, which is more than "
            f"{MOST_CHARACTERS}."
        )


def _keys(policies: Sequence[AttachedPolicy]) -> shapes.GetContextKeysForPolicyResponse:
    keys = context_keys(each.policy for each in policies)
    return shapes.GetContextKeysForPolicyResponse(context_key_names=list(keys))


def _page(simulation: Simulation, request: _SimulateRequest) -> shapes.SimulatePolicyResponse:
    """The page of results that `Marker` and `MaxItems` ask for: one result for each action."""
    resources = request.resource_arns or [NO_RESOURCE]
    actions = request.action_names
    start = _start(request.marker, len(actions))
    effort = Effort(simulation, resources)
    end, steps = start, 0
    for action in actions[start : start + (request.max_items or _DEFAULT_ITEMS)]:
        more = effort.of(action)
        if end > start and steps + more > PAGE_STEPS:
            break
        if more > MOST_STEPS:  # the sentence is ours
            raise InvalidSimulation(
                f"The simulation of {action} on {len(resources)} resources takes {more} steps, which is more "
                f"than {MOST_STEPS}; give fewer resources, or fewer patterns, statements and context values."
            )
        steps += more
        end += 1
    simulator = Simulator(simulation)
    results = [simulator.simulate(action, resources) for action in actions[start:end]]
    return simulated(results, str(end) if end < len(actions) else None)


def _start(marker: str | None, actions: int) -> int:
    """Recorded: a marker is a bare offset, good for any actions, policies and size of page."""
    if marker is None:
        return 0
    # An offset beyond the actions begins no page (unverified).
    if not (marker.isascii() and marker.isdigit() and len(marker) < 10 and int(marker) < actions):
        raise InvalidSimulation("Invalid marker for pagination.")
    return int(marker)


def _simulation(
    request: _SimulateRequest,
    identity: tuple[AttachedPolicy, ...],
    scps: tuple[tuple[AttachedPolicy, ...], ...] | None,
    caller_arn: str | None,
) -> Simulation:
    resources = request.resource_arns or [NO_RESOURCE]
    check_actions(request.action_names)
    check_resources(resources)
    option = request.resource_handling_option
    if option is not None and option not in _HANDLING_OPTIONS:
        raise InvalidSimulation(f"'{option}' is not a valid ResourceHandlingOption.")  # the sentence is ours
    kinds = resource_policy_kinds(resources)
    attached = {kind: _resource_policy(request.resource_policy, kind) for kind in kinds}
    if request.resource_policy is not None:
        _check_caller(caller_arn)
    return Simulation(
        identity=identity,
        boundary=_boundary(request.permissions_boundary_policy_input_list or ()),
        scps=scps,
        resource_policy=attached.get(PolicyKind.RESOURCE),
        key_policy=attached.get(PolicyKind.KEY),
        caller=None if caller_arn is None else caller_of(caller_arn),
        owner="" if request.resource_owner is None else owner_of(request.resource_owner),
        context=read_context(_entry(entry) for entry in request.context_entries or ()),
    )


def _check_caller(arn: str | None) -> None:
    """Who calls under a resource's policy; the sentences are ours (unverified)."""
    if arn is None:
        raise InvalidSimulation("CallerArn is required with a ResourcePolicy.")
    if caller_of(arn).role_arn:
        raise InvalidSimulation("Simulation of resource-based policies isn't supported for IAM roles.")


def _entry(entry: shapes.ContextEntry) -> ContextEntry:
    if entry.context_key_name is None or entry.context_key_type is None:
        # The model lets them be absent; the sentence is ours.
        raise InvalidSimulation("A context entry needs ContextKeyName and ContextKeyType.")
    return ContextEntry.parse(entry.context_key_name, entry.context_key_type, entry.context_key_values or ())


def _policies(documents: Sequence[str]) -> tuple[AttachedPolicy, ...]:
    """`PolicyInputList`, by the ids under which its statements are answered."""
    attached: list[AttachedPolicy] = []
    for number, document in enumerate(documents, 1):
        parsed = parse_policy(document, PolicyKind.IDENTITY)
        if isinstance(parsed, Malformed):
            raise InvalidSimulation(f"Policy input list item {number} has invalid content")
        attached.append(AttachedPolicy(parsed, f"PolicyInputList.{number}"))
    return tuple(attached)


def _boundary(documents: Sequence[str]) -> AttachedPolicy | None:
    if len(documents) > 1:
        raise InvalidSimulation("The list of Permissions Boundary policies cannot exceed 1 items.")
    return next(
        (_parsed(each, PolicyKind.BOUNDARY, "PermissionsBoundaryPolicyInputList.1") for each in documents),
        None,
    )


def _organization(
    levels: Sequence[shapes.OrderedOrganizationPolicyType] | None,
) -> tuple[tuple[AttachedPolicy, ...], ...] | None:
    if not levels:
        return None
    made: list[tuple[AttachedPolicy, ...]] = []
    for number, level in enumerate(levels, 1):
        documents = level.service_control_policy_input_list
        if not documents:
            raise InvalidSimulation(
                f"Organization policy at index {number} must contain at least one service control policy"
            )
        name = f"OrderedOrganizationPolicyInputList.{number}"
        made.append(tuple(_parsed(each, PolicyKind.SCP, name) for each in documents))
    return tuple(made)


def _resource_policy(document: str | None, kind: PolicyKind) -> AttachedPolicy | None:
    return None if document is None else _parsed(document, kind, "ResourcePolicy")


def _parsed(document: str, kind: PolicyKind, source_id: str) -> AttachedPolicy:
    parsed = parse_policy(document, kind)
    if isinstance(parsed, Malformed):  # the sentence is ours
        raise InvalidSimulation(f"{source_id} has invalid content: {parsed.findings[0].located}")
    return AttachedPolicy(parsed, source_id)
