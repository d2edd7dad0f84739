"""`keystead policy explain`: why a request is allowed or denied, and what would allow it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keystead.cli.options import refuse
from keystead.cli.policy_options import Boundary, ServiceControlPolicies, asked, policy_file, policy_levels

if TYPE_CHECKING:
    from keystead.policy import ContextValue, Request


def explain(
    request: Annotated[
        Path | None,
        typer.Option(
            "--request",
            metavar="FILE",
            help="JSON file with the request, its policies and its grants, in place of the options below.",
            show_default=False,
        ),
    ] = None,
    caller: Annotated[
        str | None,
        asked(
            "ARN of the user, assumed-role session, federated user or root user that calls; or the name of a "
            "service."
        ),
    ] = None,
    role: Annotated[str, asked("ARN of the session's role, if the role has a path.")] = "",
    issuer: Annotated[str, asked("ARN of the IAM user that issued the federated user's token.")] = "",
    user_id: Annotated[str, asked("Unique id of the caller, such as AIDA... or AROA...:session.")] = "",
    action: Annotated[str | None, asked("IAM action, such as kms:Decrypt.")] = None,
    resource: Annotated[
        str, asked("ARN of the key or other resource; * for actions without one.", default=True)
    ] = "*",
    context: Annotated[
        list[str] | None,
        asked(
            "A condition key of the request; repeatable. KEY[]=VALUE, once for each value, for a multivalued "
            "key. Keys that follow from the caller and the resource are filled in.",
            metavar="KEY=VALUE",
        ),
    ] = None,
    encryption_context: Annotated[
        list[str] | None, asked("A pair of the encryption context; repeatable.", metavar="NAME=VALUE")
    ] = None,
    key_policy: Annotated[Path | None, policy_file("File with the key policy.")] = None,
    trust_policy: Annotated[
        Path | None, policy_file("File with the trust policy of the role that is assumed.")
    ] = None,
    grants: Annotated[Path | None, policy_file("JSON file with the grants of the key.")] = None,
    identity_policy: Annotated[
        list[Path] | None, policy_file("File with an identity-based policy of the caller; repeatable.")
    ] = None,
    boundary: Boundary = None,
    session_policy: Annotated[
        list[Path] | None, policy_file("File with a session policy of the caller; repeatable.")
    ] = None,
    scp: ServiceControlPolicies = None,
    rcp: Annotated[
        list[str] | None,
        policy_levels(
            "Resource control policies of one level of the owner's organization, likewise. "
            "RCPFullAWSAccess is part of every level."
        ),
    ] = None,
    endpoint_policy: Annotated[
        Path | None, policy_file("File with the policy of the VPC endpoint that the call comes through.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    documents: Annotated[
        bool, typer.Option("--documents", help="Print the whole of every policy that a suggestion changes.")
    ] = False,
) -> None:
    """Explain why a request is allowed or denied, offline, on files.

    Prints the decision with AWS's sentence for a refusal, every statement and grant that was considered, what
    came nearest to allowing a denied request, and the smallest changes that would allow it, each of them
    checked. A policy that is not given does not exist, as if nothing of its kind were attached.

    Exit code 0: allowed. 1: denied. 2: an input is wrong; what and where is said on standard error.
    """
    # Other commands need not wait for the policy engine to load.
    from json import dumps

    from keystead.cli.explanation import print_explanation
    from keystead.cli.policy_files import (
        read_grants_file,
        read_levels,
        read_policies,
        read_policy,
        read_request_file,
    )
    from keystead.policy import (
        Allowed,
        Facts,
        InvalidName,
        PolicyKind,
        caller_of,
        explanation_document,
        make_request,
        nearest_miss,
        remedies,
    )
    from keystead.policy import explain as trace_of

    given = [
        caller, role, issuer, user_id, action, context, encryption_context, key_policy, trust_policy, grants,
        identity_policy, boundary, session_policy, scp, rcp, endpoint_policy,
    ]  # fmt: skip
    if request is not None:
        if any(given) or resource != "*":
            refuse("--request holds the whole request; give it alone, or the single options without it")
        scenario = read_request_file(request)
        check, facts = scenario.request, scenario.facts
    else:
        if caller is None or action is None:
            refuse("give --caller and --action, or --request")
        facts = Facts(
            key_policy=None if key_policy is None else read_policy(key_policy, PolicyKind.KEY),
            resource_policy=None if trust_policy is None else read_policy(trust_policy, PolicyKind.TRUST),
            identity=read_policies(identity_policy or (), PolicyKind.IDENTITY),
            boundary=None if boundary is None else read_policy(boundary, PolicyKind.BOUNDARY),
            session=read_policies(session_policy, PolicyKind.SESSION) if session_policy else None,
            scps=read_levels(scp, PolicyKind.SCP) if scp else None,
            rcps=read_levels(rcp, PolicyKind.RCP) if rcp else None,
            endpoint=None if endpoint_policy is None else read_policy(endpoint_policy, PolicyKind.ENDPOINT),
            grants=() if grants is None else read_grants_file(grants),
        )
        try:
            who = caller_of(caller, role_arn=role, issuer_arn=issuer, unique_id=user_id)
        except InvalidName as invalid:
            refuse(str(invalid))
        check = make_request(
            who,
            action,
            resource,
            context=_context(context or []),
            encryption_context=_pairs(encryption_context) if encryption_context else None,
        )
    _check(check)
    trace = trace_of(check, facts)
    missed, found = nearest_miss(trace), remedies(check, facts)
    if json:
        typer.echo(dumps(explanation_document(trace, missed, found), indent=2))
    else:
        print_explanation(trace, missed, found, documents=documents)
    raise typer.Exit(0 if isinstance(trace.decision, Allowed) else 1)


def _check(request: "Request") -> None:
    """Refuses what no service would ask."""
    from keystead.cli.policy_files import check_action

    if ":" not in request.action or "*" in request.action:
        refuse(f"`{request.action[:200]}` is not an action, such as kms:Decrypt")
    check_action(request.action)
    if request.resource != "*" and not request.resource.startswith("arn:"):
        refuse(f"`{request.resource[:200]}` is neither an ARN nor `*`")
    if request.action == "kms:RetireGrant" and request.retires is None:
        refuse("kms:RetireGrant is decided by the grant it retires: give it in a file, with --request")


def _context(given: list[str]) -> "dict[str, ContextValue | None]":
    context: dict[str, ContextValue | None] = {}
    for text in given:
        name, value = _pair(text, "--context", "KEY=VALUE")
        key = name.lower().removesuffix("[]")
        held = context.get(key)
        if not name.endswith("[]"):
            if held is not None:
                refuse(f"--context gives `{key}` twice; a multivalued key is written `{name}[]=VALUE`")
            context[key] = value
        elif isinstance(held, str):
            refuse(f"--context gives `{key}` both as a single-valued and as a multivalued key")
        else:
            context[key] = (*(held or ()), value)
    return context


def _pairs(given: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in given:
        name, value = _pair(text, "--encryption-context", "NAME=VALUE")
        if name in pairs:
            refuse(f"--encryption-context gives `{name}` twice")
        pairs[name] = value
    return pairs


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        refuse(f"{option} takes {form}, not `{text[:200]}`")
    return name, value
