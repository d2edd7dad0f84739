"""What fills the keys of services: those that call for themselves, and those that act for a caller."""

# ruff: noqa: D103 -- each is called as its key, and the catalogue says what that holds
from keystead.names import AccountId
from keystead.policy.request import CallerKind
from keystead.service.account_entry import AccountEntry
from keystead.service.call import Call, Touched
from keystead.service.context.value import TRUTH
from keystead.service.source import SOURCE_ACCOUNT, SOURCE_ARN

# A service that calls for itself.


def principal_is_aws_service(call: Call, _touched: Touched) -> str:
    return TRUTH[call.caller.kind is CallerKind.SERVICE]


def principal_service_name(call: Call, _touched: Touched) -> str | None:
    return call.caller.arn if call.caller.kind is CallerKind.SERVICE else None


def principal_service_names_list(call: Call, _touched: Touched) -> tuple[str, ...] | None:
    return (call.caller.arn,) if call.caller.kind is CallerKind.SERVICE else None


# The resource for which it calls. The header of anybody else says nothing.


def source_arn(call: Call, _touched: Touched) -> str | None:
    return _told(call, SOURCE_ARN)


def source_account(call: Call, _touched: Touched) -> str | None:
    return _told(call, SOURCE_ACCOUNT)


def source_org_id(call: Call, _touched: Touched) -> str | None:
    account = _source(call)
    return None if account is None or account.organization is None else account.organization.id


def source_org_paths(call: Call, _touched: Touched) -> tuple[str, ...] | None:
    account = _source(call)
    return None if account is None or not account.path else (account.path,)


def _told(call: Call, header: str) -> str | None:
    return call.http.headers.get(header) if call.caller.kind is CallerKind.SERVICE else None


def _source(call: Call) -> AccountEntry | None:
    account = _told(call, SOURCE_ACCOUNT)
    return None if account is None else call.records.account(AccountId(account))


# Services that act for a caller.


def via_aws_service(call: Call, _touched: Touched) -> str:
    return TRUTH[bool(call.who.called_via)]


def called_via(call: Call, _touched: Touched) -> tuple[str, ...] | None:
    return tuple(service.principal for service in call.who.called_via) or None


def called_via_first(call: Call, _touched: Touched) -> str | None:
    return call.who.called_via[0].principal if call.who.called_via else None


def called_via_last(call: Call, _touched: Touched) -> str | None:
    return call.who.called_via[-1].principal if call.who.called_via else None


def via_service(call: Call, _touched: Touched) -> str | None:
    """The service in the Region where the caller asked it, whatever Region the key is in (unverified).

    That AWS has it so, the policy of Secrets Manager's key suggests: it takes the service in any Region.
    """
    return call.who.via or None


def grant_is_for_aws_resource(call: Call, _touched: Touched) -> str:
    """Whether a service makes the request: for a caller, or for itself (unverified)."""
    return TRUTH[bool(call.who.invoked_by)]
