"""ListGrants and ListRetirableGrants.

Sources: KMS API; recordings. Sentences marked ours are not known of AWS.
"""

from keystead.model import Grant
from keystead.names import AccountRootArn, GrantId, parse_principal_arn
from keystead.policy.request import CallerKind
from keystead.service.call import Call
from keystead.service.kms.grants import check_grant_id, stored_arn, together
from keystead.service.kms.pages import Page, page
from keystead.service.lookup import null_member
from keystead.service.operation import OnKey, OnNothing, reads, recorded
from keystead.service.principals import account_of, exists, is_service, is_unique_id, shown
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    GrantConstraints,
    GrantListEntry,
    ListGrantsRequest,
    ListGrantsResponse,
    ListRetirableGrantsRequest,
)
from keystead.shapes.kms_errors import InvalidArnException, NotFoundException
from keystead.store.port import ReadTx

DEFAULT, MOST = 50, 100
"""Entries of a page."""


def _check_filters(request: ListGrantsRequest) -> None:
    if request.grantee_principal is not None and request.grantee_service_principal is not None:
        raise together("GranteePrincipal", "GranteeServicePrincipal")
    if request.grant_id is not None:
        check_grant_id(request.grant_id)


def _of_services(member: str) -> ValidationException:
    """KMS API: "This filter is only usable by callers in a service principal"; the sentence is ours."""
    return ValidationException(f"{member} can only be specified by a service principal.")


@reads(
    "kms",
    "ListGrants",
    OnKey("kms:ListGrants", cross_account=True),
    check=_check_filters,
    recorded=recorded(
        "key_id", "limit", "marker", "grant_id", "grantee_principal", "grantee_service_principal"
    ),
)
def list_grants(call: Call, request: ListGrantsRequest) -> ListGrantsResponse:
    """The grants of a key: all, one, or those of one grantee."""
    service = request.grantee_service_principal
    if service is not None and call.caller.kind is not CallerKind.SERVICE:
        raise _of_services("GranteeServicePrincipal")
    bounds = page(call, request, default=DEFAULT, most=MOST, of=call.key.arn)
    key = call.key.key.arn
    with call.reading() as tx:
        grantee = service if request.grantee_principal is None else _grantee(tx, request.grantee_principal)
        if request.grant_id is None:
            found = tx.grants(key, bounds.after, bounds.limit + 1, grantee)
        else:
            one = tx.grant(key, GrantId.parse(request.grant_id))
            found = (one,) if one is not None and grantee in (None, one.grantee) else ()
        return _response(tx, bounds.cut(found, lambda grant: grant.id))


def _grantee(tx: ReadTx, text: str) -> str:
    if not is_unique_id(text):
        return stored_arn(tx, text)
    if not exists(tx, text):
        raise InvalidArnException("Input does not refer to a valid principal")
    return text


def _check_retiring(request: ListRetirableGrantsRequest) -> None:
    if request.retiring_principal is not None and request.retiring_service_principal is not None:
        raise together("RetiringPrincipal", "RetiringServicePrincipal")
    if request.retiring_service_principal is not None:
        raise _of_services("RetiringServicePrincipal")  # no policy could allow a service this operation
    if request.retiring_principal is None:
        raise null_member("retiring_principal")


@reads(
    "kms",
    "ListRetirableGrants",
    OnNothing("kms:ListRetirableGrants"),
    check=_check_retiring,
    recorded=recorded("limit", "marker", "retiring_principal"),
)
def list_retirable_grants(call: Call, request: ListRetirableGrantsRequest) -> ListGrantsResponse:
    """The grants in the Region that name a principal of the caller's account as the one to retire them."""
    assert request.retiring_principal is not None
    bounds = page(call, request, default=DEFAULT, most=MOST, of=request.retiring_principal)
    key_id, _, grant_id = bounds.after.partition(" ")
    with call.reading() as tx:
        retiring = _retiring(call, tx, request.retiring_principal)
        found = tx.retirable_grants(call.region, retiring, (key_id, grant_id), bounds.limit + 1)
        return _response(tx, bounds.cut(found, lambda grant: f"{grant.key.key_id} {grant.id}"))


def _retiring(call: Call, tx: ReadTx, text: str) -> str:
    """The principal as grants hold it; one of another account counts as one that is not there (ours)."""
    if is_unique_id(text):
        if account_of(tx, text) != call.account:
            raise NotFoundException(f"Retiring principal {text} could not be found")
        return text
    stored = stored_arn(tx, text)
    if parse_principal_arn(text).account != call.account:
        raise InvalidArnException(f"ARN does not refer to a valid principal: {text}")
    return stored


def _response(tx: ReadTx, entries: Page[Grant]) -> ListGrantsResponse:
    return ListGrantsResponse(
        grants=[_entry(tx, grant) for grant in entries.items],
        next_marker=entries.marker,
        truncated=entries.marker is not None,
    )


def _entry(tx: ReadTx, grant: Grant) -> GrantListEntry:
    """A grant as lists show it: never its token, its issuer as the account's root (recorded)."""
    constraints = grant.constraints
    kinds = (constraints.encryption_context_equals, constraints.encryption_context_subset)
    by_service = is_service(grant.grantee)
    retiring = grant.retiring
    retired_by_service = retiring is not None and is_service(retiring)
    return GrantListEntry(
        key_id=str(grant.key),
        grant_id=grant.id,
        name=grant.name,
        creation_date=grant.created / 1000,
        grantee_principal=None if by_service else shown(tx, grant.grantee),
        grantee_service_principal=grant.grantee if by_service else None,
        retiring_principal=None if retiring is None or retired_by_service else shown(tx, retiring),
        retiring_service_principal=retiring if retired_by_service else None,
        issuing_account=str(AccountRootArn(grant.issuing_account)),
        operations=list(grant.operations),
        constraints=_constraints(grant) if (*kinds, constraints.source_arn) != (None, None, None) else None,
    )


def _constraints(grant: Grant) -> GrantConstraints:
    equals, subset = grant.constraints.encryption_context_equals, grant.constraints.encryption_context_subset
    return GrantConstraints(
        encryption_context_equals=None if equals is None else dict(equals),
        encryption_context_subset=None if subset is None else dict(subset),
        source_arn=grant.constraints.source_arn,
    )
