"""`keystead policy simulate`: what policies in files would decide, as IAM's policy simulator tells it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keystead.cli.options import refuse
from keystead.cli.policy_options import Boundary, ServiceControlPolicies, asked, policy_file

if TYPE_CHECKING:
    from keystead.policy import AttachedPolicy, PolicyKind
    from keystead.policy.simulate import ContextEntry, Simulation


def simulate(
    action: Annotated[list[str], asked("IAM action, such as kms:Decrypt, without wildcards; repeatable.")],
    resource: Annotated[list[str] | None, asked("ARN of a resource; repeatable.", default="*")] = None,
    caller: Annotated[
        str | None,
        asked("ARN of the IAM user, group or role that calls; required with --resource-policy."),
    ] = None,
    resource_owner: Annotated[
        str | None,
        asked(
            "arn:aws:iam::ACCOUNT:root of the account that owns the resources whose ARNs name none.",
            metavar="ARN",
            default="the caller's",
        ),
    ] = None,
    context: Annotated[
        list[str] | None,
        asked(
            "A condition key of the request; repeatable. TYPE is string, numeric, boolean, ip, binary or "
            "date, or one of them with List behind it for a multivalued key, which is given once for each "
            "value. KEY[]=VALUE is short for KEY:stringList=VALUE.",
            metavar="KEY[:TYPE]=VALUE",
        ),
    ] = None,
    policy: Annotated[
        list[Path] | None,
        policy_file("File with an identity-based policy; repeatable.", "--policy", "--identity-policy"),
    ] = None,
    resource_policy: Annotated[
        Path | None, policy_file("File with the policy of the resources; of KMS keys the key policy.")
    ] = None,
    boundary: Boundary = None,
    scp: ServiceControlPolicies = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print what IAM's SimulateCustomPolicy would answer.")
    ] = False,
) -> None:
    """Simulate requests under policies, offline, on files, as IAM's policy simulator does.

    Prints the decision for every action on every resource, the statements that determined it, and after an
    implicit deny the condition keys that the policies read and that the request lacks.

    Exit code 0: everything is allowed. 1: something is not. 2: an input is wrong; what and where is said on
    standard error.
    """
    # Other commands need not wait for the policy engine to load.
    from keystead.cli.policy_files import check_action
    from keystead.policy.simulate import (
        NO_RESOURCE,
        EvalDecision,
        InvalidSimulation,
        Simulation,
        Simulator,
        caller_of,
        check_actions,
        check_resources,
        owner_of,
        read_context,
    )

    if not policy and resource_policy is None:
        refuse("give the policies to simulate: --policy, --resource-policy, or both")
    if resource_policy is not None and caller is None:
        refuse("--resource-policy needs --caller, for its statements name who may call")
    resources = resource or [NO_RESOURCE]
    try:
        check_actions(action)
        for each in action:
            check_action(each)
        check_resources(resources)
        simulation = Simulation(
            caller=None if caller is None else caller_of(caller),
            owner="" if resource_owner is None else owner_of(resource_owner),
            context=read_context(_entries(context or ())),
        )
    except InvalidSimulation as invalid:
        refuse(str(invalid))
    simulator = Simulator(_with_policies(simulation, policy or (), resource_policy, resources, boundary, scp))
    results = [simulator.simulate(each, resources) for each in action]
    if json:
        from msgspec import json as msgspec_json

        from keystead.service.iam.simulated import simulated

        answer = msgspec_json.encode(simulated(results, None))
        typer.echo(msgspec_json.format(answer, indent=2).decode())
    else:
        from keystead.cli.simulation import print_results

        print_results(results)
    allowed = all(result.eval_decision is EvalDecision.ALLOWED for result in results)
    raise typer.Exit(0 if allowed else 1)


def _with_policies(
    simulation: "Simulation",
    identity: Iterable[Path],
    resource_policy: Path | None,
    resources: Sequence[str],
    boundary: Path | None,
    scp: list[str] | None,
) -> "Simulation":
    """The simulation with the policies of the files."""
    from keystead.cli.policy_files import read_levels
    from keystead.policy import PolicyKind as Kind
    from keystead.policy.simulate import resource_policy_kinds

    attached: dict[PolicyKind, AttachedPolicy] = {}
    if resource_policy is not None:
        attached = {
            kind: _read(resource_policy, kind, warned=number > 0)
            for number, kind in enumerate(resource_policy_kinds(resources))
        }
    return replace(
        simulation,
        identity=tuple(_read(file, Kind.IDENTITY) for file in identity),
        boundary=None if boundary is None else _read(boundary, Kind.BOUNDARY),
        scps=read_levels(scp, Kind.SCP) if scp else None,
        resource_policy=attached.get(Kind.RESOURCE),
        key_policy=attached.get(Kind.KEY),
    )


def _read(file: Path, kind: "PolicyKind", *, warned: bool = False) -> "AttachedPolicy":
    """The policy in `file`, called by its path as given: two files may share a name."""
    from keystead.cli.policy_files import read_policy

    return replace(read_policy(file, kind, warned=warned), name=str(file))


def _entries(given: Iterable[str]) -> "list[ContextEntry]":
    """The context entries; the values of a multivalued key are gathered into one."""
    from keystead.policy.simulate import ContextEntry

    entries: list[ContextEntry] = []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            refuse(f"--context takes KEY[:TYPE]=VALUE, not `{text[:200]}`")
        key, type_name = _key_and_type(name)
        entry = ContextEntry.parse(key, type_name, [value])
        same = [each for each in entries if (each.name, each.type, each.many) == (key, entry.type, True)]
        if entry.many and same:
            entries[entries.index(same[0])] = replace(entry, values=(*same[0].values, value))
        else:
            entries.append(entry)
    return entries


def _key_and_type(name: str) -> tuple[str, str]:
    """The key and the name of its type: what follows the last colon, if a key is left before it."""
    from keystead.policy.simulate import ContextType

    if name.endswith("[]"):
        return name.removesuffix("[]"), f"{ContextType.STRING}List"
    key, _, last = name.rpartition(":")
    if ":" in key and last.removesuffix("List") in list(ContextType):
        return key, last
    return name, ContextType.STRING
