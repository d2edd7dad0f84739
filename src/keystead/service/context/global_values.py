"""What fills the `aws:` keys, one function a key."""

# ruff: noqa: D103 -- each is called as its key, and the catalogue says what that holds

import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from keystead.policy.request import CallerKind
from keystead.service.account_entry import AccountEntry
from keystead.service.call import Call, Touched
from keystead.service.context.value import TRUTH
from keystead.shapes import iam, kms, organizations

# The principal. A service that calls for itself has no account, ARN or unique id: they are empty texts.


def principal_arn(call: Call, _touched: Touched) -> str | None:
    caller = call.caller
    if caller.kind is CallerKind.SERVICE:
        return None
    return caller.role_arn or caller.arn


def principal_account(call: Call, _touched: Touched) -> str | None:
    return call.caller.account or None


def _organization_of(account: AccountEntry | None) -> str | None:
    return None if account is None or account.organization is None else account.organization.id


def _paths_of(account: AccountEntry | None) -> tuple[str, ...] | None:
    return None if account is None or not account.path else (account.path,)


def principal_org_id(call: Call, _touched: Touched) -> str | None:
    return _organization_of(call.account_entry)


def principal_org_paths(call: Call, _touched: Touched) -> tuple[str, ...] | None:
    return _paths_of(call.account_entry)


def principal_type(call: Call, _touched: Touched) -> str:
    return call.caller.kind.value  # what a service has there is unverified


def user_id(call: Call, _touched: Touched) -> str | None:
    return call.caller.unique_id or None


def user_name(call: Call, _touched: Touched) -> str | None:
    caller = call.caller
    return caller.arn.rpartition("/")[2] if caller.kind is CallerKind.USER else None


# The request.


def current_time(call: Call, _touched: Touched) -> str:
    return datetime.fromtimestamp(call.time / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch_time(call: Call, _touched: Touched) -> str:
    return str(call.time // 1000)


def requested_region(call: Call, touched: Touched) -> str:
    return str(touched.region or call.region)


def secure_transport(call: Call, _touched: Touched) -> str:
    return TRUTH[call.http.secure]


def source_ip(call: Call, _touched: Touched) -> str | None:
    return _address(call.http.client)


@lru_cache(maxsize=4096)
def _address(peer: str) -> str | None:
    """The peer's address in the form that policies know, None if it has none.

    IPv4 that reaches an IPv6 socket is IPv4, for string operators too. A zone (`fe80::1%eth0`) is left out:
    with it the text would be no address, and a Deny with NotIpAddress would not apply.
    """
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(address if mapped is None else mapped)


def user_agent(call: Call, _touched: Touched) -> str | None:
    return call.http.headers.get("user-agent")


def referer(call: Call, _touched: Touched) -> str | None:
    return call.http.headers.get("referer")


# The resource, and the tags asked for.


def resource_account(_call: Call, touched: Touched) -> str | None:
    return touched.owner or None  # nobody's: the key of a ciphertext that is not there


def resource_org_id(call: Call, touched: Touched) -> str | None:
    return _organization_of(call.owner(touched))


def resource_org_paths(call: Call, touched: Touched) -> tuple[str, ...] | None:
    return _paths_of(call.owner(touched))


def resource_tags(_call: Call, touched: Touched) -> Mapping[str, str]:
    if touched.entry is not None:
        tags = touched.entry.key.tags
    else:
        tags = () if touched.named is None else touched.named.tags
    return {tag.key: tag.value for tag in tags}


def request_tags(call: Call, touched: Touched) -> Mapping[str, str]:
    if touched.named is not None and isinstance(call.request, kms.CreateKeyRequest):
        return {}  # they are the key's, not the service-linked role's
    if call.who.vouched is not None:
        return {tag.key: tag.value for tag in call.who.vouched.tags}
    given = getattr(call.request, "tags", None) or ()
    return dict(_pair(tag) for tag in given)


def _pair(tag: kms.Tag | iam.Tag | organizations.Tag) -> tuple[str, str]:
    return (tag.tag_key, tag.tag_value) if isinstance(tag, kms.Tag) else (tag.key, tag.value)


def tag_keys(call: Call, touched: Touched) -> tuple[str, ...] | None:
    taken = getattr(call.request, "tag_keys", None)
    return tuple(dict.fromkeys(taken or request_tags(call, touched))) or None
