from dataclasses import replace

import pytest
import store_records as make

from keystead.model import OidcProvider, Tag
from keystead.names import InvalidName, OidcProviderArn
from keystead.store import AlreadyExists, Change, Store, StoreError, Topic

TAGS = (Tag("k", "v"), Tag("K2", ""))
PROVIDER = OidcProvider(make.ACCOUNT, "b.example/x", ("a", "ü"), ("f" * 40,), 7, TAGS)


def test_providers(store: Store) -> None:
    other = replace(PROVIDER, account=make.OTHER)
    first = replace(PROVIDER, url="a.example", client_ids=(), thumbprints=(), tags=())
    with store.write("test") as tx:
        assert tx.oidc_provider(PROVIDER.arn) is None
        assert tx.oidc_providers(make.ACCOUNT) == ()
        tx.add_account(make.account())
        tx.add_account(make.account(make.OTHER))
        for each in (PROVIDER, other, first):
            tx.add_oidc_provider(each)
        with pytest.raises(AlreadyExists, match="OIDC provider arn:aws:iam::111122223333:oidc-provider/b"):
            tx.add_oidc_provider(replace(PROVIDER, client_ids=()))
    with store.read() as read:
        assert read.oidc_provider(PROVIDER.arn) == PROVIDER
        assert read.oidc_providers(make.ACCOUNT) == (first, PROVIDER)
    with store.write("test") as tx:
        tx.put_oidc_provider(replace(PROVIDER, client_ids=("c",)))
        tx.delete_oidc_provider(first.arn)
        with pytest.raises(StoreError, match="does not exist"):
            tx.delete_oidc_provider(first.arn)
    with store.read() as read:
        assert read.oidc_providers(make.ACCOUNT) == (replace(PROVIDER, client_ids=("c",)),)
        assert read.oidc_providers(make.OTHER) == (other,)


def test_each_change_is_told(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
    store.changes()
    with store.write("test") as tx:
        tx.add_oidc_provider(PROVIDER)
        tx.put_oidc_provider(PROVIDER)
        tx.delete_oidc_provider(PROVIDER.arn)
    changes = store.changes()
    assert changes is not None
    assert [(change.topic, change.subject) for change in changes] == [
        (Topic.OIDC_PROVIDER, str(PROVIDER.arn))
    ] * 3
    assert isinstance(changes[0], Change)


def test_arns_of_providers() -> None:
    arn = PROVIDER.arn
    assert str(arn) == "arn:aws:iam::111122223333:oidc-provider/b.example/x"
    assert OidcProviderArn.parse(str(arn)) == arn
    port = OidcProviderArn(make.ACCOUNT, "b.example:8443/x")
    assert OidcProviderArn.parse(str(port)) == port
    for text in ("", str(arn).replace("oidc-provider", "user"), str(arn).replace(":iam::", ":iam:r:")):
        with pytest.raises(InvalidName, match="OIDC provider ARN"):
            OidcProviderArn.parse(text)
