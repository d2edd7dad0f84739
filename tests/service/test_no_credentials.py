"""Nothing works without credentials: every operation that has a route, in every way of having none."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import botocore.session
import pytest
from msgspec.structs import replace

from keystead.crypto.material import Sealer, seal_secret
from keystead.kinds import CredentialStatus, PrincipalType
from keystead.model import Account, Credential, Principal
from keystead.names import AccessKeyId, AccountId
from keystead.service.answer import Answer
from keystead.service.service import Service
from keystead.store import Store, open_store
from keystead.wire import routes, sigv4
from keystead.wire.http import HttpRequest

ACCOUNT = AccountId("111122223333")
NOW = 1_800_000_000.0
KEY, INACTIVE, OF_NOBODY = (
    AccessKeyId("AKIAACTIVE0000000001"),
    AccessKeyId("AKIAINACTIVE00000001"),
    "AKIANOBODY",
)
SECRET = "s3cret/s3cret/s3cret/s3cret/s3cret/s3cret"

ROUTES = {
    f"{route.service}:{name}": route
    for table in (routes.TARGETS, *routes.ACTIONS.values())
    for name, route in ((name.rpartition(".")[2], route) for name, route in table.items())
}


def needs_no_signature(route: routes.Route) -> bool:
    """What AWS's own model says: a token of somebody else's takes the place of the signature."""
    if route.service == "keystead":  # ours
        return False
    model = botocore.session.get_session().get_service_model(route.service)
    return bool(model.operation_model(route.operation).auth_type == "none")


TARGETS = {(route.service, route.operation): target for target, route in routes.TARGETS.items()}

SIGNED = sorted(name for name, route in ROUTES.items() if not needs_no_signature(route))


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    sealer = Sealer(bytes(32))
    made = open_store(":memory:")
    with made.write("test") as tx:
        tx.add_account(Account(ACCOUNT, 1))
        tx.add_principal(Principal("AIDAONE", ACCOUNT, PrincipalType.USER, "/", "one", 1))
        for name, principal, status in (
            (KEY, None, CredentialStatus.ACTIVE),
            (INACTIVE, "AIDAONE", CredentialStatus.INACTIVE),
        ):
            sealed = seal_secret(sealer, name, SECRET)
            tx.add_credential(Credential(name, ACCOUNT, principal, status, sealed, 1))
    yield made
    made.close()


@pytest.fixture(scope="module")
def service(store: Store) -> Service:
    """As `keystead serve` makes it."""
    return Service(store=store, sealer=Sealer(bytes(32)), clock=lambda: NOW)


def request(name: str, *, get: bool = False) -> HttpRequest:
    """A call of the operation, not signed."""
    route = ROUTES[name]
    headers = {"host": "keystead.test", "x-amz-date": timestamp()}
    form = f"Action={route.operation}&Version={route.version}"
    query, body = "", b"{}"
    if route.protocol is routes.Protocol.JSON:
        headers |= {"x-amz-target": TARGETS[route.service, route.operation]}
        headers |= {"content-type": "application/x-amz-json-1.1"}
    elif get:
        query, body = form, b""
    else:
        headers |= {"content-type": "application/x-www-form-urlencoded"}
        body = form.encode()
    return HttpRequest("GET" if get else "POST", "/", query, headers, body, "192.0.2.7", secure=False)


def timestamp() -> str:
    return datetime.fromtimestamp(NOW, UTC).strftime("%Y%m%dT%H%M%SZ")


def signed(name: str, access_key_id: str, secret: str) -> HttpRequest:
    credentials = sigv4.Credentials(access_key_id, secret)
    return sigv4.sign(request(name), credentials, "us-east-1", ROUTES[name].service, timestamp())


def with_header(name: str, **headers: str) -> HttpRequest:
    http = signed(name, KEY, SECRET)
    return replace(http, headers=http.headers | headers)


WAYS: dict[str, Callable[[str], HttpRequest]] = {
    "unsigned": request,
    "unsigned GET": lambda name: request(name, get=ROUTES[name].protocol is routes.Protocol.QUERY),
    "empty signature": lambda name: with_header(name, authorization=""),
    "basic": lambda name: with_header(name, authorization="Basic dGVzdDp0ZXN0"),
    "nobody's access key": lambda name: signed(name, OF_NOBODY, SECRET),
    "development": lambda name: signed(name, "test", "test"),
    "digits": lambda name: signed(name, ACCOUNT, "test"),
    "digits twice": lambda name: signed(name, ACCOUNT, ACCOUNT),
    "wrong secret": lambda name: signed(name, KEY, SECRET[::-1]),
    "no secret": lambda name: signed(name, KEY, ""),
    "inactive": lambda name: signed(name, INACTIVE, SECRET),
    "another body": lambda name: replace(signed(name, KEY, SECRET), body=request(name).body + b"&more=1"),
    "a session that is none": lambda name: with_header(name, **{"x-amz-security-token": "token"}),
}

REFUSALS = {
    "MissingAuthenticationToken",
    "IncompleteSignature",
    "UnrecognizedClient",
    "InvalidClientTokenId",
    "InvalidSignature",
    "SignatureDoesNotMatch",
}


def test_the_routes_are_those_of_every_service() -> None:
    assert {route.service for route in ROUTES.values()} == {"kms", "iam", "keystead", "organizations", "sts"}
    assert len(SIGNED) > 90


@pytest.mark.parametrize("way", WAYS)
def test_no_operation_is_reached(store: Store, service: Service, way: str) -> None:
    with store.read() as tx:
        before = tx.last_change()
    for name in SIGNED:
        service.refresh()
        answer = service.begin(WAYS[way](name), "request")
        assert isinstance(answer, Answer), (name, way)
        assert 400 <= answer.response.status < 500, (name, way)
        said = answer.response.body.decode()
        assert any(code in said for code in REFUSALS), (name, way, said)
        assert SECRET not in said
        assert answer.event is None  # nobody is known who could be named in one
    service.keep_last_uses()
    with store.read() as tx:
        assert tx.last_change() == before
        assert tx.events(0, 1) == ()
        assert tx.credential_use(KEY) is None


def test_with_credentials_they_are_reached(store: Store, service: Service) -> None:
    """The other side of the test above: the same requests, signed as they should be."""
    for name in SIGNED:
        service.refresh()
        begun = service.begin(signed(name, KEY, SECRET), "request")
        event = begun.event if isinstance(begun, Answer) else None
        assert not isinstance(begun, Answer) or event is not None, name
