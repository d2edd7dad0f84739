"""OIDC providers: whose tokens AssumeRoleWithWebIdentity may take.

A provider is named by its URL without `https://`, in its ARN and in every answer. Nothing is fetched from it
here: without thumbprints it has none, where AWS would look for one.
"""

import re
from dataclasses import replace
from typing import Any

from keystead.model import OidcProvider
from keystead.names import InvalidName, OidcProviderArn
from keystead.policy.catalogue import ResourceType
from keystead.service.call import Call, WriteCall
from keystead.service.iam.pages import page
from keystead.service.iam.tags import EXACT, checked, page_of_tags, shown, with_tags, without_tags
from keystead.service.operation import Named, OnArn, OnNothing, Parameter, Recorded, reads, writes
from keystead.shapes.errors import ValidationException
from keystead.shapes.iam import (
    AddClientIDToOpenIDConnectProviderRequest,
    CreateOpenIDConnectProviderRequest,
    CreateOpenIDConnectProviderResponse,
    DeleteOpenIDConnectProviderRequest,
    GetOpenIDConnectProviderRequest,
    GetOpenIDConnectProviderResponse,
    ListOpenIDConnectProvidersRequest,
    ListOpenIDConnectProvidersResponse,
    ListOpenIDConnectProviderTagsRequest,
    ListOpenIDConnectProviderTagsResponse,
    OpenIDConnectProviderListEntry,
    RemoveClientIDFromOpenIDConnectProviderRequest,
    TagOpenIDConnectProviderRequest,
    UntagOpenIDConnectProviderRequest,
    UpdateOpenIDConnectProviderThumbprintRequest,
)
from keystead.shapes.iam_errors import (
    EntityAlreadyExistsException,
    InvalidInputException,
    LimitExceededException,
    NoSuchEntityException,
)
from keystead.store.port import AlreadyExists, ReadTx

# IAM User Guide, "IAM and AWS STS quotas". The names in the sentences are unverified.
MOST_PROVIDERS = 100
MOST_CLIENT_IDS = 100
MOST_THUMBPRINTS = 5

_SCHEME = "https://"

# Scheme, host, perhaps a port, perhaps a path: no user, query or fragment. AWS wants no port (API reference:
# "should not"); here the provider may be a cluster's API server, which has one.
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_URL = re.compile(
    rf"{_SCHEME}{_LABEL}(?:\.{_LABEL})*(?::[1-9][0-9]{{0,4}})?(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
)


def _recorded(*names: str) -> Recorded:
    """The parameters that an event shows, spelled as AWS does: `clientIDList`, not `clientIdList`."""
    return Recorded(tuple(Parameter(name, _SPELLED[name], None) for name in names))


_SPELLED = {
    "open_id_connect_provider_arn": "openIDConnectProviderArn",
    "client_id": "clientID",
    "client_id_list": "clientIDList",
    "thumbprint_list": "thumbprintList",
    "url": "url",
    "tags": "tags",
    "tag_keys": "tagKeys",
    "marker": "marker",
    "max_items": "maxItems",
}


def _new(call: Call, request: CreateOpenIDConnectProviderRequest) -> Named:
    return Named(str(OidcProviderArn(call.account, request.url.removeprefix(_SCHEME))))


def _tagged(request: CreateOpenIDConnectProviderRequest) -> bool:
    return bool(request.tags)


def _check_create(request: CreateOpenIDConnectProviderRequest) -> None:
    if not _URL.fullmatch(request.url):
        raise ValidationException("Invalid Open ID Connect Provider URL")  # (unverified)
    _check_thumbprints(request.thumbprint_list)
    _check_client_ids(request.client_id_list or ())
    checked(request.tags, EXACT)


def _check_thumbprints(thumbprints: Any) -> None:
    if len(thumbprints or ()) > MOST_THUMBPRINTS:
        raise InvalidInputException(f"Thumbprint list must contain fewer than {MOST_THUMBPRINTS} entries.")


def _check_client_ids(client_ids: Any) -> None:
    if len(client_ids) > MOST_CLIENT_IDS:
        raise LimitExceededException(
            f"Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: {MOST_CLIENT_IDS}"
        )


@writes(
    "iam",
    "CreateOpenIDConnectProvider",
    OnArn("iam:CreateOpenIDConnectProvider", _new, ResourceType.OIDC_PROVIDER),
    OnArn("iam:TagOpenIDConnectProvider", _new, ResourceType.OIDC_PROVIDER, when=_tagged),
    check=_check_create,
    recorded=_recorded("url", "client_id_list", "thumbprint_list", "tags"),
)
def create_oidc_provider(
    call: WriteCall, request: CreateOpenIDConnectProviderRequest
) -> CreateOpenIDConnectProviderResponse:
    """Makes a provider; its URL is new in the account."""
    provider = OidcProvider(
        account=call.account,
        url=request.url.removeprefix(_SCHEME),
        client_ids=tuple(dict.fromkeys(request.client_id_list or ())),
        thumbprints=tuple(request.thumbprint_list or ()),
        created=call.time,
        tags=checked(request.tags, EXACT),
    )
    others = call.tx.oidc_providers(call.account)
    if len(others) >= MOST_PROVIDERS and provider.url not in {other.url for other in others}:
        raise LimitExceededException(
            f"Cannot exceed quota for OpenIdConnectProvidersPerAccount: {MOST_PROVIDERS}"
        )
    try:
        call.tx.add_oidc_provider(provider)
    except AlreadyExists:
        raise EntityAlreadyExistsException(f"Provider with url {request.url} already exists.") from None
    return CreateOpenIDConnectProviderResponse(
        open_id_connect_provider_arn=str(provider.arn), tags=shown(provider.tags)
    )


def _arn_of(request: Any) -> OidcProviderArn:
    text: str = request.open_id_connect_provider_arn
    try:
        return OidcProviderArn.parse(text)
    except InvalidName:
        raise InvalidInputException(f"Invalid ARN: {text[:256]}") from None  # (unverified)


def _check_arn(request: Any) -> None:
    _arn_of(request)


def _provider(call: Call, tx: ReadTx, request: Any) -> OidcProvider | None:
    """The named provider of the caller's account; another account's is not there."""
    arn = _arn_of(request)
    return tx.oidc_provider(arn) if arn.account == call.account else None


def _provider_of(call: Call, tx: ReadTx, request: Any) -> OidcProvider:
    provider = _provider(call, tx, request)
    if provider is None:
        raise NoSuchEntityException(
            f"OpenIDConnect Provider not found for arn {request.open_id_connect_provider_arn}"
        )
    return provider


def _named(call: Call, request: Any) -> Named:
    with call.reading() as tx:
        provider = _provider(call, tx, request)
    return Named(str(request.open_id_connect_provider_arn), () if provider is None else provider.tags)


def _on_provider(action: str) -> OnArn:
    """A check on the provider whose ARN is in the request."""
    return OnArn(action, _named, ResourceType.OIDC_PROVIDER)


@reads(
    "iam",
    "GetOpenIDConnectProvider",
    _on_provider("iam:GetOpenIDConnectProvider"),
    check=_check_arn,
    recorded=_recorded("open_id_connect_provider_arn"),
)
def get_oidc_provider(
    call: Call, request: GetOpenIDConnectProviderRequest
) -> GetOpenIDConnectProviderResponse:
    """A provider; its URL without `https://`, as AWS answers it."""
    with call.reading() as tx:
        provider = _provider_of(call, tx, request)
    return GetOpenIDConnectProviderResponse(
        url=provider.url,
        client_id_list=list(provider.client_ids),
        thumbprint_list=list(provider.thumbprints),
        create_date=provider.created / 1000,
        tags=shown(provider.tags),
    )


@reads("iam", "ListOpenIDConnectProviders", OnNothing("iam:ListOpenIDConnectProviders"))
def list_oidc_providers(
    call: Call, _: ListOpenIDConnectProvidersRequest
) -> ListOpenIDConnectProvidersResponse:
    """The ARNs of all providers of the caller's account."""
    with call.reading() as tx:
        found = tx.oidc_providers(call.account)
    entries = [OpenIDConnectProviderListEntry(arn=str(provider.arn)) for provider in found]
    return ListOpenIDConnectProvidersResponse(open_id_connect_provider_list=entries)


@writes(
    "iam",
    "DeleteOpenIDConnectProvider",
    _on_provider("iam:DeleteOpenIDConnectProvider"),
    check=_check_arn,
    recorded=_recorded("open_id_connect_provider_arn"),
)
def delete_oidc_provider(call: WriteCall, request: DeleteOpenIDConnectProviderRequest) -> None:
    """Removes a provider; one that is not there is no error. Roles that trust it trust nobody then."""
    provider = _provider(call, call.tx, request)
    if provider is not None:
        call.tx.delete_oidc_provider(provider.arn)


@writes(
    "iam",
    "AddClientIDToOpenIDConnectProvider",
    _on_provider("iam:AddClientIDToOpenIDConnectProvider"),
    check=_check_arn,
    recorded=_recorded("open_id_connect_provider_arn", "client_id"),
)
def add_client_id(call: WriteCall, request: AddClientIDToOpenIDConnectProviderRequest) -> None:
    """Adds an audience; one that is there already is no error."""
    provider = _provider_of(call, call.tx, request)
    if request.client_id in provider.client_ids:
        return
    client_ids = (*provider.client_ids, request.client_id)
    _check_client_ids(client_ids)
    call.tx.put_oidc_provider(replace(provider, client_ids=client_ids))


@writes(
    "iam",
    "RemoveClientIDFromOpenIDConnectProvider",
    _on_provider("iam:RemoveClientIDFromOpenIDConnectProvider"),
    check=_check_arn,
    recorded=_recorded("open_id_connect_provider_arn", "client_id"),
)
def remove_client_id(call: WriteCall, request: RemoveClientIDFromOpenIDConnectProviderRequest) -> None:
    """Removes an audience; one that is not there is no error."""
    provider = _provider_of(call, call.tx, request)
    client_ids = tuple(each for each in provider.client_ids if each != request.client_id)
    call.tx.put_oidc_provider(replace(provider, client_ids=client_ids))


def _check_update(request: UpdateOpenIDConnectProviderThumbprintRequest) -> None:
    _check_arn(request)
    _check_thumbprints(request.thumbprint_list)


@writes(
    "iam",
    "UpdateOpenIDConnectProviderThumbprint",
    _on_provider("iam:UpdateOpenIDConnectProviderThumbprint"),
    check=_check_update,
    recorded=_recorded("open_id_connect_provider_arn", "thumbprint_list"),
)
def update_thumbprints(call: WriteCall, request: UpdateOpenIDConnectProviderThumbprintRequest) -> None:
    """Replaces the whole list of thumbprints."""
    provider = _provider_of(call, call.tx, request)
    call.tx.put_oidc_provider(replace(provider, thumbprints=tuple(request.thumbprint_list)))


def _check_tags(request: TagOpenIDConnectProviderRequest) -> None:
    _check_arn(request)
    checked(request.tags, EXACT)


@writes(
    "iam",
    "TagOpenIDConnectProvider",
    _on_provider("iam:TagOpenIDConnectProvider"),
    check=_check_tags,
    recorded=_recorded("open_id_connect_provider_arn", "tags"),
)
def tag_oidc_provider(call: WriteCall, request: TagOpenIDConnectProviderRequest) -> None:
    """Adds tags, or gives those that are there new values."""
    provider = _provider_of(call, call.tx, request)
    call.tx.put_oidc_provider(
        replace(provider, tags=with_tags(provider.tags, checked(request.tags, EXACT), EXACT))
    )


@writes(
    "iam",
    "UntagOpenIDConnectProvider",
    _on_provider("iam:UntagOpenIDConnectProvider"),
    check=_check_arn,
    recorded=_recorded("open_id_connect_provider_arn", "tag_keys"),
)
def untag_oidc_provider(call: WriteCall, request: UntagOpenIDConnectProviderRequest) -> None:
    """Removes tags by their keys."""
    provider = _provider_of(call, call.tx, request)
    call.tx.put_oidc_provider(replace(provider, tags=without_tags(provider.tags, request.tag_keys, EXACT)))


@reads(
    "iam",
    "ListOpenIDConnectProviderTags",
    _on_provider("iam:ListOpenIDConnectProviderTags"),
    check=_check_arn,
    recorded=_recorded("open_id_connect_provider_arn", "marker", "max_items"),
)
def list_oidc_provider_tags(
    call: Call, request: ListOpenIDConnectProviderTagsRequest
) -> ListOpenIDConnectProviderTagsResponse:
    """The tags of a provider, by key."""
    bounds = page(call, request)
    with call.reading() as tx:
        found = page_of_tags(_provider_of(call, tx, request).tags, bounds)
    return ListOpenIDConnectProviderTagsResponse(
        tags=list(found.items),
        is_truncated=found.marker is not None,
        marker=found.marker,
    )
