"""Policies and the principals they name: stored by unique id, shown by the ARN of now."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.kinds import PrincipalType
from keystead.model import Account, Principal, RoleDetails
from keystead.names import AccountId, AssumedRoleArn
from keystead.policy import Policy, PolicyKind, parse_policy
from keystead.service.principals import bound_document, nobody, shown_document
from keystead.store import Store, open_store
from keystead.store.port import ReadTx

HERE, THERE, NOWHERE = AccountId("111122223333"), AccountId("444455556666"), AccountId("777788889999")


def principal(unique_id: str, path: str, name: str, account: AccountId = HERE) -> Principal:
    whole_id = unique_id.ljust(21, "A")
    if unique_id.startswith("AIDA"):
        return Principal(whole_id, account, PrincipalType.USER, path, name, 1)
    return Principal(whole_id, account, PrincipalType.ROLE, path, name, 1, role=RoleDetails("{}"))


PRINCIPALS = (
    principal("AIDA2", "/", "ann"),
    principal("AIDA3", "/team/a%b_/", "Bob"),
    principal("AIDA4", "/", "ann", THERE),
    principal("AROA2", "/", "ann"),
    principal("AROA3", "/service-role/", "app"),
)
USERS, ROLES = PRINCIPALS[:3], PRINCIPALS[3:]
SESSION = AssumedRoleArn(HERE, "app", "run")
LIVING = [str(one.arn) for one in PRINCIPALS] + [str(SESSION)]
TAKEN_AS_THEY_ARE = [
    "*",
    HERE,
    f"arn:aws:iam::{HERE}:root",
    f"arn:aws:iam::{NOWHERE}:root",
    f"arn:aws:sts::{HERE}:federated-user/fred",
]


def filled(*principals: Principal) -> Store:
    store = open_store(":memory:")
    with store.write("test") as tx:
        for account in (HERE, THERE):
            tx.add_account(Account(account, 1))
        for one in principals:
            tx.add_principal(one)
    return store


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    made = filled(*PRINCIPALS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def tx() -> Iterator[ReadTx]:
    store = filled(*PRINCIPALS)
    with store.read() as reading:
        yield reading
    store.close()


def names(*texts: str) -> st.SearchStrategy[Any]:
    one = st.sampled_from(texts)
    return one | st.lists(one, min_size=1, max_size=4)


def statements(*texts: str) -> st.SearchStrategy[dict[str, Any]]:
    elements = st.fixed_dictionaries({"AWS": names(*texts)}, optional={"Service": names("s3.amazonaws.com")})
    permits = st.fixed_dictionaries(
        {"Effect": st.just("Allow"), "Action": st.just("kms:*"), "Principal": elements},
        optional={"Sid": st.sampled_from(texts), "Resource": names(*texts)},
    )
    spares = st.fixed_dictionaries(
        {"NotPrincipal": elements, "Effect": st.just("Deny"), "Action": st.just("kms:*")},
        optional={"Condition": st.just({"ArnEquals": {"aws:PrincipalArn": list(texts)}})},
    )
    return permits | spares


def documents(*texts: str) -> st.SearchStrategy[str]:
    several = st.lists(statements(*texts), min_size=1, max_size=3)
    whole = st.fixed_dictionaries({"Id": st.sampled_from(texts), "Statement": several | statements(*texts)})
    layouts = st.sampled_from([None, 1, "\t"])
    return st.tuples(whole, layouts).map(lambda made: json.dumps(made[0], indent=made[1]))


@settings(deadline=None)
@given(documents(*LIVING, *TAKEN_AS_THEY_ARE))
def test_what_is_stored_is_shown_as_it_was_given_while_all_live(tx: ReadTx, text: str) -> None:
    stored = bound_document(tx, text)
    assert shown_document(tx, stored) == text
    assert bound_document(tx, stored) == stored
    assert _without_principals(stored) == _without_principals(text)
    for one in _named(stored):
        assert one in TAKEN_AS_THEY_ARE or one[:4] in ("AIDA", "AROA")


class _Undone(Exception):
    """Ends a transaction without a trace."""


@settings(deadline=None)
@given(documents(*LIVING), st.sets(st.sampled_from(PRINCIPALS)))
def test_who_is_gone_is_shown_by_unique_id_and_a_namesake_is_another(
    store: Store, text: str, gone: set[Principal]
) -> None:
    app = PRINCIPALS[-1]
    expected = {str(one.arn): one.unique_id if one in gone else str(one.arn) for one in PRINCIPALS}
    expected[str(SESSION)] = f"{app.unique_id}:run" if app in gone else str(SESSION)
    with suppress(_Undone), store.write("test") as tx:
        stored = bound_document(tx, text)
        for one in gone:
            tx.delete_principal(one.unique_id)
            tx.add_principal(
                principal(one.unique_id[:4] + "7" + one.unique_id[4], one.path, one.name, one.account)
            )
        assert _named(shown_document(tx, stored)) == [expected[one] for one in _named(text)]
        raise _Undone


def test_a_renamed_principal_is_shown_by_its_new_arn() -> None:
    store = filled(*PRINCIPALS)
    ann, app = PRINCIPALS[0], PRINCIPALS[-1]
    text = json.dumps(
        {
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": [str(ann.arn), str(SESSION)]},
                "Action": "kms:*",
            }
        }
    )
    with store.write("rename") as tx:
        stored = bound_document(tx, text)
        tx.alter_principal(principal(ann.unique_id, "/new/", "anna"))
        tx.alter_principal(principal(app.unique_id, "/", "apple"))
        assert _named(shown_document(tx, stored)) == [
            f"arn:aws:iam::{HERE}:user/new/anna",
            f"arn:aws:sts::{HERE}:assumed-role/apple/run",
        ]
        tx.add_principal(principal("AIDA9", "/", "ann"))
        assert str(ann.arn) not in shown_document(tx, stored)
    store.close()


def test_a_document_of_before_that_holds_arns_is_shown_as_it_is(tx: ReadTx) -> None:
    text = json.dumps({"Statement": {"Principal": {"AWS": [*LIVING, f"arn:aws:iam::{HERE}:user/gone"]}}})
    assert shown_document(tx, text) == text


NOBODIES = [
    f"arn:aws:iam::{HERE}:user/nobody",
    f"arn:aws:iam::{THERE}:user/Bob",
    f"arn:aws:iam::{NOWHERE}:user/ann",
    f"arn:aws:iam::{HERE}:user/Ann",
    f"arn:aws:iam::{HERE}:user/Bob",
    f"arn:aws:iam::{HERE}:user/team/A%b_/Bob",
    f"arn:aws:iam::{HERE}:role/app",
    f"arn:aws:iam::{HERE}:role/Bob",
    f"arn:aws:sts::{HERE}:assumed-role/App/run",
    f"arn:aws:sts::{HERE}:assumed-role/service-role/app",
    f"arn:aws:sts::{NOWHERE}:federated-user/fred",
    "AIDA9AAAAAAAAAAAAAAAA",
    "AROA9AAAAAAAAAAAAAAAA:run",
    "AIDA22222222",
]


@pytest.mark.parametrize("name", NOBODIES)
@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_who_does_not_exist_is_found(tx: ReadTx, name: str, element: str) -> None:
    effect = "Allow" if element == "Principal" else "Deny"
    found = nobody(tx, _policy({element: {"AWS": [*LIVING, name]}, "Effect": effect}))
    assert found is not None
    assert (found.text, found.statement, found.excluded) == (name, 1, element == "NotPrincipal")


@pytest.mark.parametrize("name", [*LIVING, *TAKEN_AS_THEY_ARE, *(one.unique_id for one in PRINCIPALS)])
def test_who_exists_is_not(tx: ReadTx, name: str) -> None:
    assert nobody(tx, _policy({"Principal": {"AWS": name}, "Effect": "Allow"})) is None


def test_of_services_the_form_counts(tx: ReadTx) -> None:
    for name in ("s3.amazonaws.com", "logs.us-east-1.amazonaws.com", "ec2.amazonaws.com.cn"):
        assert nobody(tx, _policy({"Principal": {"Service": name}, "Effect": "Allow"})) is None
    for name in ("s3.example.com", "s3.amazonaws.com.example.com"):
        found = nobody(tx, _policy({"Principal": {"Service": name}, "Effect": "Allow"}))
        assert found is not None, name


def test_identity_providers_are_principals_of_trust_policies_alone(tx: ReadTx) -> None:
    provider = f"arn:aws:iam::{HERE}:oidc-provider/issuer.example.com"
    element = {"Principal": {"Federated": provider}, "Effect": "Allow"}
    found = nobody(tx, _policy(element))
    assert found is not None
    assert found.text == provider
    trust = {"Version": "2012-10-17", "Statement": element | {"Action": "sts:AssumeRoleWithWebIdentity"}}
    parsed = parse_policy(json.dumps(trust), PolicyKind.TRUST)
    assert isinstance(parsed, Policy)
    assert nobody(tx, parsed) is None


def _policy(element: dict[str, Any]) -> Policy:
    rest = {"Action": "kms:*", "Resource": "*"}
    root = {"Effect": "Allow", "Principal": {"AWS": HERE}}
    statement = [root | rest, element | rest]
    made = parse_policy(json.dumps({"Version": "2012-10-17", "Statement": statement}), PolicyKind.KEY)
    assert isinstance(made, Policy), made
    return made


def _elements(text: str) -> Iterator[dict[str, Any]]:
    given = json.loads(text)["Statement"]
    for statement in given if isinstance(given, list) else [given]:
        yield from (statement[name] for name in ("Principal", "NotPrincipal") if name in statement)


def _named(text: str) -> list[str]:
    found: list[str] = []
    for element in _elements(text):
        held = element["AWS"]
        found += held if isinstance(held, list) else [held]
    return found


def _without_principals(text: str) -> Any:
    rest = json.loads(text)
    given = rest["Statement"]
    for statement in given if isinstance(given, list) else [given]:
        for name in ("Principal", "NotPrincipal"):
            statement.get(name, {}).pop("AWS", None)
    return rest
