"""Explanations in plain English, a sentence or half of one each. For people; programs read `document`."""

from keystead.policy.decision import By, Layer, Statement, Strength
from keystead.policy.explanation.comparison import (
    Absent,
    ActionComparison,
    Actual,
    Comparison,
    ConditionComparison,
    ConditionUndecided,
    Excepted,
    Expected,
    Held,
    Listed,
    PrincipalComparison,
    ResourceComparison,
    Unseen,
    Unstated,
)
from keystead.policy.explanation.edit import (
    AddAction,
    AddPrincipal,
    AddResource,
    AddStatement,
    AttachPolicy,
    ChangeEncryptionContext,
    CreateGrant,
    DetachPolicy,
    Edit,
    NarrowDeny,
    PolicyPlace,
    RemoveDeny,
    ReplaceDeny,
    StatementPlace,
)
from keystead.policy.explanation.grant_comparison import (
    ContextEqualsMismatch,
    ContextSubsetMismatch,
    GranteeMismatch,
    GrantMismatch,
    NothingToCreate,
    NotNarrower,
    OperationMismatch,
    Pairs,
    RetirerMismatch,
    SourceArnMismatch,
)
from keystead.policy.explanation.rule import (
    CeilingSilent,
    DenyApplies,
    IdentityAlone,
    IdentitySilent,
    LeftToIdentity,
    LevelSilent,
    NamedByOwner,
    NoDelegation,
    NoResourceAllow,
    NoSessionPolicy,
    NotAcrossAccounts,
    NotRetirer,
    OwnerSideSilent,
    Rule,
)
from keystead.policy.language.document import PolicyKind
from keystead.policy.language.findings import with_article
from keystead.policy.request import Grant


def rule_in_words(rule: Rule) -> str:
    """The deciding rule as a sentence."""
    match rule:
        case NamedByOwner(by, strength):
            return f"{_capital(by_in_words(by))} names {_NAMED[strength]}, and that suffices."
        case LeftToIdentity(opened, identity):
            return f"{_capital(by_in_words(opened))} leaves it to the caller's side, and {_allows(identity)}."
        case IdentityAlone(identity):
            return f"No policy of the resource is asked, and {_allows(identity)}."
        case NotAcrossAccounts():
            return "This operation cannot be used from another account, whatever the policies say."
        case DenyApplies(statement, level):
            return f"Explicit deny: {statement_in_words(statement)}{_level(statement.layer, level)} applies."
        case LevelSilent(layer, level):
            return f"No {layer} at level {level} allows it, and every level must."
        case CeilingSilent(Layer.ENDPOINT):
            return "The VPC endpoint policy does not allow it."
        case CeilingSilent(layer):
            return f"The {layer} is a ceiling and does not allow it."
        case NoSessionPolicy():
            return (
                "A federated user whose token carries no session policy has no permissions of its issuer's."
            )
        case IdentitySilent():
            return "It is left to the caller's identity-based policies, and none allows it."
        case NoDelegation():
            return (
                "The caller's identity-based policies allow it, but the resource's policy does not leave it "
                "to them: it names neither the caller nor its account for this."
            )
        case NoResourceAllow():
            return "Neither the resource's policy nor a grant names the caller or its account for this."
        case OwnerSideSilent():
            return "The resource is another account's, and neither its policy nor a grant lets the caller in."
        case NotRetirer():
            return "The grant names others to retire it, and the caller's account has no say in it."


_NAMED = {
    Strength.DIRECT: "the caller directly",
    Strength.ROLE: "the caller's role or issuing user",
    Strength.ACCOUNT: "the caller's account",
}


def by_in_words(by: By) -> str:
    """What allowed: a statement, or a grant by its id."""
    return statement_in_words(by) if isinstance(by, Statement) else f"grant {by}"


def statement_in_words(statement: Statement) -> str:
    """A statement by its Sid or index, its policy and layer."""
    named = f"`{statement.sid}`" if statement.sid else f"{statement.index}"
    return f"statement {named} of {_called(statement.policy_arn or statement.policy, statement.layer)}"


def _called(policy: str, layer: Layer) -> str:
    """A policy by its ARN or name, with its layer; by what it is, if it has no name of its own."""
    if not policy or policy in set(PolicyKind):
        return f"the {policy or layer}"
    return f"{policy} ({layer})"


def _allows(identity: Statement | None) -> str:
    return (
        "a root user is allowed everything else" if identity is None else f"{by_in_words(identity)} allows it"
    )


def _level(layer: Layer, level: int) -> str:
    return f" at level {level}" if layer in (Layer.SCP, Layer.RCP) else ""


def comparison_in_words(compared: Comparison) -> str:
    """One element of a statement beside what the request has."""
    match compared:
        case PrincipalComparison(expected, actual):
            return f"{_element('Principal', expected)}; the caller is {actual}"
        case ActionComparison(expected, actual):
            return f"{_element('Action', expected)}; the action is {actual}"
        case ResourceComparison(expected, actual):
            return f"{_element('Resource', expected)}; the resource is {actual}"
        case ConditionComparison(operator, key, operands, actual):
            return f"{operator} {key}: {_list(operands)}; {_actual(actual, operator)}"
        case ConditionUndecided(operator, key, operands, actual):
            return f"{operator} {key}: {_list(operands)} cannot be decided; {_actual(actual, operator)}"


def _element(name: str, expected: Expected) -> str:
    match expected:
        case Listed(entries):
            return f"{name}: {_list(entries)}"
        case Excepted(entries):
            return f"Not{name}: {_list(entries)}"
        case Unstated():
            return f"no {name}, so the statement applies to nothing"


MAX_SHOWN = 6
"""Entries of one list in a sentence."""


def _list(entries: tuple[str, ...]) -> str:
    shown = ", ".join(entries[:MAX_SHOWN]) or "nothing"
    return f"{shown} and {len(entries) - MAX_SHOWN} more" if len(entries) > MAX_SHOWN else shown


def _actual(actual: Actual, operator: str) -> str:
    match actual:
        case Absent():
            return "the request does not have the key"
        case Unseen():
            return "the key is for IAM policies, a key policy does not see it"
        case Held(str() as value):
            return f"the request has {value}"
        case Held(values):
            bare = not operator.startswith(("ForAllValues:", "ForAnyValue:", "Null"))
            hint = " (a multivalued key needs ForAllValues or ForAnyValue)" if bare else ""
            return f"the request has the list {_list(tuple(values))}{hint}"


def grant_mismatch_in_words(reason: GrantMismatch) -> str:
    """Why a grant does not apply."""
    match reason:
        case GranteeMismatch(grantee, caller):
            return f"grantee: {grantee}; the caller is {caller}"
        case OperationMismatch(operations, operation):
            return f"operations: {_list(operations)}; the operation is {operation}"
        case ContextEqualsMismatch(missing, surplus):
            return f"EncryptionContextEquals: {_difference(missing, surplus)}"
        case ContextSubsetMismatch(missing):
            return f"EncryptionContextSubset: {_difference(missing, ())}"
        case SourceArnMismatch(expected, actual):
            return f"SourceArn: {expected}; {_actual(actual, 'Null')}"
        case NotNarrower(()):
            return "the grant to create has weaker constraints than this one"
        case NotNarrower(operations):
            return f"the grant to create has operations that this one lacks: {_list(operations)}"
        case NothingToCreate():
            return "the request does not say which grant it would create"
        case RetirerMismatch(retiring, grantee, accounts, caller):
            whom = _list(tuple(name for name in (retiring, grantee) if name))
            return f"retirers: {whom}, and accounts {_list(accounts)}; the caller is {caller}"


def _difference(missing: Pairs, surplus: Pairs) -> str:
    parts = [f"the request lacks {_pairs(missing)}"] if missing else []
    parts += [f"the request has {_pairs(surplus)} beyond it"] if surplus else []
    return " and ".join(parts)


def _pairs(pairs: Pairs) -> str:
    return _list(tuple(f"{name}={value}" for name, value in pairs))


def edit_in_words(edit: Edit) -> str:
    """A change as a sentence in the imperative."""
    match edit:
        case AddStatement(place):
            return f"Add a statement to {_policy(place)}."
        case AttachPolicy(Layer.SCP | Layer.RCP as layer, level):
            return f"Attach {with_article(layer)} at level {level}."
        case AttachPolicy(Layer.SESSION):
            return "Pass a session policy when the session is made."
        case AttachPolicy(layer):
            return f"Attach {with_article(layer)} to the caller."
        case AddAction(place, action):
            return f"Add the action {action} to {_statement(place)}."
        case AddResource(place, resource):
            return f"Add the resource {resource} to {_statement(place)}."
        case AddPrincipal(place, principal):
            return f"Add the principal {principal} to {_statement(place)}."
        case NarrowDeny(place, statements):
            those = "a narrower one" if len(statements) == 1 else f"{len(statements)} narrower ones"
            return f"Make an exception to the Deny: replace {_statement(place)} by {those}."
        case RemoveDeny(place):
            return f"Remove the Deny: {_statement(place)}."
        case DetachPolicy(place):
            return f"Detach {_policy(place)}: all it holds is this Deny."
        case ReplaceDeny(place):
            return f"Replace the Deny by an Allow of this request: {_statement(place)}."
        case ChangeEncryptionContext(send, omit):
            parts = [f"send {_pairs(send)}"] if send else []
            parts += [f"leave out {_list(omit)}"] if omit else []
            return f"Make the request with another encryption context: {' and '.join(parts)}."
        case CreateGrant(grant):
            return _grant(grant)


def _grant(grant: Grant) -> str:
    pairs = tuple((grant.encryption_context_equals or {}).items())
    under = f" with EncryptionContextEquals {_pairs(pairs)}" if pairs else ""
    return f"Create a grant of {_list(tuple(sorted(grant.operations)))} to {grant.grantee}{under}."


def _policy(place: PolicyPlace) -> str:
    return f"{_called(place.arn or place.name, place.layer)}{_level(place.layer, place.level)}"


def _statement(place: StatementPlace) -> str:
    return f"statement {f'`{place.sid}`' if place.sid else place.index} of {_policy(place.policy)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
