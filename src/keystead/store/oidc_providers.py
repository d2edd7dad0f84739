"""OIDC providers: the verbs and their statements."""

import json
from typing import Any

from sqlalchemy import Row, bindparam, delete, select

from keystead.model import OidcProvider
from keystead.names import AccountId, OidcProviderArn
from keystead.store.connection import ReadConnection, WriteConnection, at, insert_if_absent, upsert
from keystead.store.port import Topic
from keystead.store.tables import OIDC_PROVIDER
from keystead.store.tags import tags_of, tags_text

_OIDC_PROVIDER = select(OIDC_PROVIDER).where(*at(OIDC_PROVIDER))
_OIDC_PROVIDERS = (
    select(OIDC_PROVIDER).where(OIDC_PROVIDER.c.account == bindparam("account")).order_by(OIDC_PROVIDER.c.url)
)
_ADD_OIDC_PROVIDER = insert_if_absent(OIDC_PROVIDER)
_PUT_OIDC_PROVIDER = upsert(OIDC_PROVIDER)
_DELETE_OIDC_PROVIDER = delete(OIDC_PROVIDER).where(*at(OIDC_PROVIDER))


class OidcProviderReads(ReadConnection):
    """The verbs of `ReadTx` about OIDC providers."""

    def oidc_provider(self, arn: OidcProviderArn) -> OidcProvider | None:
        row = self.row(_OIDC_PROVIDER, _at(arn))
        return _provider(row) if row else None

    def oidc_providers(self, account: AccountId) -> tuple[OidcProvider, ...]:
        return tuple(_provider(row) for row in self.rows(_OIDC_PROVIDERS, {"account": account}))


class OidcProviderWrites(OidcProviderReads, WriteConnection):
    """The verbs of `WriteTx` about OIDC providers."""

    def add_oidc_provider(self, provider: OidcProvider) -> None:
        self.add(_ADD_OIDC_PROVIDER, _row(provider), f"OIDC provider {provider.arn}")
        self.record(Topic.OIDC_PROVIDER, provider.arn)

    def put_oidc_provider(self, provider: OidcProvider) -> None:
        self.connection.execute(_PUT_OIDC_PROVIDER, _row(provider))
        self.record(Topic.OIDC_PROVIDER, provider.arn)

    def delete_oidc_provider(self, arn: OidcProviderArn) -> None:
        self.alter(_DELETE_OIDC_PROVIDER, _at(arn), f"OIDC provider {arn}")
        self.record(Topic.OIDC_PROVIDER, arn)


def _at(arn: OidcProviderArn) -> dict[str, str]:
    return {"at_account": arn.account, "at_url": arn.url}


def _row(provider: OidcProvider) -> dict[str, object]:
    return {
        "account": provider.account,
        "url": provider.url,
        "client_ids": json.dumps(provider.client_ids),
        "thumbprints": json.dumps(provider.thumbprints),
        "tags": tags_text(provider.tags),
        "created": provider.created,
    }


def _provider(row: Row[Any]) -> OidcProvider:
    return OidcProvider(
        account=AccountId(row.account),
        url=row.url,
        client_ids=tuple(json.loads(row.client_ids)),
        thumbprints=tuple(json.loads(row.thumbprints)),
        created=row.created,
        tags=tags_of(row.tags),
    )
