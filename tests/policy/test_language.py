"""Documents: what is a policy of each kind, and where the faults are."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.names import AccountId
from keystead.policy import (
    Malformed,
    Policy,
    PolicyKind,
    PrincipalKind,
    default_key_policy,
    parse_policy,
    pretty,
    principal_entries,
    rewrite_principals,
)
from keystead.policy.language.layout import condensed

ACCOUNT = AccountId("111122223333")
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
USER = f"arn:aws:iam::{ACCOUNT}:user/ops/ann"


def statement(**elements: Any) -> dict[str, Any]:
    whole = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"} | elements
    return {name: value for name, value in whole.items() if value is not None}


def document(*statements: Any, **elements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)} | elements)


def codes(text: str, kind: PolicyKind = PolicyKind.KEY) -> list[str]:
    parsed = parse_policy(text, kind)
    return [finding.code for finding in parsed.findings] if isinstance(parsed, Malformed) else []


WELL_FORMED: dict[str, Any] = {
    "account": statement(),
    "account id": statement(Principal={"AWS": str(ACCOUNT)}),
    "everyone": statement(Principal="*"),
    "list": statement(Principal={"AWS": [ROOT, USER], "Service": "logs.amazonaws.com"}),
    "unique ids": statement(Principal={"AWS": ["AIDAEXAMPLE00000001", "AROAEXAMPLE00000001:run"]}),
    "deny with NotPrincipal": statement(Effect="Deny", Principal=None, NotPrincipal={"AWS": ROOT}),
    "without Resource": statement(Resource=None),
    "without Action": statement(Action=None),
    "blanks in Sid": statement(Sid="Allow use of the key"),
    "another resource": statement(Resource="arn:aws:s3:::bucket"),
    "numbers and booleans": statement(Condition={"NumericEquals": {"a:b": 7}, "Bool": {"a:c": True}}),
    "unknown action and key": statement(Action="kms:NoSuch", Condition={"StringEquals": {"kms:NoSuch": "x"}}),
    "empty condition": statement(Condition={}),
}


@pytest.mark.parametrize("name", WELL_FORMED)
def test_key_policies_take(name: str) -> None:
    assert codes(document(WELL_FORMED[name])) == []


MALFORMED: dict[str, tuple[Any, str]] = {
    "no effect": (statement(Effect=None), "MISSING_EFFECT"),
    "effect in lower case": (statement(Effect="allow"), "INVALID_EFFECT"),
    "no principal": (statement(Principal=None), "MISSING_PRINCIPAL"),
    "empty principal": (statement(Principal={}), "MISSING_PRINCIPAL"),
    "bare ARN": (statement(Principal=ROOT), "INVALID_PRINCIPAL"),
    "wildcard inside": (statement(Principal={"AWS": f"{USER}*"}), "INVALID_PRINCIPAL"),
    "group": (statement(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:group/g"}), "INVALID_PRINCIPAL"),
    "other partition": (statement(Principal={"AWS": ROOT.replace("aws", "aws-cn")}), "INVALID_PRINCIPAL"),
    "canonical user": (statement(Principal={"CanonicalUser": "79a5"}), "INVALID_PRINCIPAL"),
    "unknown form": (statement(Principal={"Aws": ROOT}), "INVALID_POLICY_ELEMENT"),
    "allow with NotPrincipal": (
        statement(Principal=None, NotPrincipal={"AWS": ROOT}),
        "UNSUPPORTED_ELEMENT_COMBINATION",
    ),
    "both principals": (statement(NotPrincipal={"AWS": ROOT}), "UNSUPPORTED_ELEMENT_COMBINATION"),
    "both actions": (statement(NotAction="kms:*"), "UNSUPPORTED_ELEMENT_COMBINATION"),
    "both resources": (statement(NotResource="*"), "UNSUPPORTED_ELEMENT_COMBINATION"),
    "action without prefix": (statement(Action="Encrypt"), "INVALID_ACTION"),
    "wildcard in the prefix": (statement(Action="k*:Encrypt"), "INVALID_ACTION"),
    "action a number": (statement(Action=1), "DATA_TYPE_MISMATCH"),
    "resource no ARN": (statement(Resource="key/1"), "INVALID_ARN_RESOURCE"),
    "unknown element": (statement(Efect="Allow"), "INVALID_POLICY_ELEMENT"),
    "unknown operator": (statement(Condition={"StringIs": {"a:b": "c"}}), "INVALID_OPERATOR"),
    "operator in lower case": (statement(Condition={"stringequals": {"a:b": "c"}}), "INVALID_OPERATOR"),
    "NullIfExists": (statement(Condition={"NullIfExists": {"a:b": "true"}}), "INVALID_OPERATOR"),
    "unknown set operator": (statement(Condition={"ForSome:StringEquals": {"a:b": "c"}}), "INVALID_OPERATOR"),
    "key without prefix": (statement(Condition={"StringEquals": {"b": "c"}}), "INVALID_CONDITION_KEY"),
    "operand no number": (statement(Condition={"NumericEquals": {"a:b": "x"}}), "MISMATCHED_TYPE"),
    "operand no network": (statement(Condition={"IpAddress": {"a:b": "::1/64"}}), "MISMATCHED_TYPE"),
    "operand null": (statement(Condition={"StringEquals": {"a:b": None}}), "DATA_TYPE_MISMATCH"),
    "condition a list": (statement(Condition=[]), "DATA_TYPE_MISMATCH"),
    "over-permissive": (
        statement(Condition={"ForAllValues:StringEquals": {"kms:EncryptionContext:a": "b"}}),
        "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
    ),
    "statement a text": ("x", "DATA_TYPE_MISMATCH"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_key_policies_refuse(name: str) -> None:
    given, code = MALFORMED[name]
    assert code in codes(document(given))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "JSON_SYNTAX_ERROR"),
        ("{", "JSON_SYNTAX_ERROR"),
        ('{"Statement":[],}', "JSON_SYNTAX_ERROR"),
        ("{} // comment", "JSON_SYNTAX_ERROR"),
        ('"\\ud800"', "JSON_SYNTAX_ERROR"),
        ('{"a":01}', "JSON_SYNTAX_ERROR"),
        ("NaN", "JSON_SYNTAX_ERROR"),
        ("[" * 100_000, "JSON_SYNTAX_ERROR"),
        ('{"a":' * 20_000, "JSON_SYNTAX_ERROR"),
        (" " * 200_000, "JSON_SYNTAX_ERROR"),
        ("[]", "DATA_TYPE_MISMATCH"),
        ("{}", "MISSING_STATEMENT"),
        (document(), "MISSING_STATEMENT"),
        (document(statement(), Version="2020-01-01"), "INVALID_VERSION"),
        (document(statement(), Extra=1), "INVALID_POLICY_ELEMENT"),
        (document(statement(), statement(), Id=1), "DATA_TYPE_MISMATCH"),
        (document(statement(Sid="A"), statement(Sid="A")), "UNIQUE_SIDS_REQUIRED"),
        ('{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}', "DUPLICATE_ELEMENT"),
    ],
)
def test_documents_refused(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    ("kind", "elements", "code"),
    [
        (PolicyKind.IDENTITY, {}, "UNSUPPORTED_PRINCIPAL"),
        (PolicyKind.IDENTITY, {"Principal": None, "Resource": None}, "MISSING_RESOURCE"),
        (PolicyKind.IDENTITY, {"Principal": None, "Action": None}, "MISSING_ACTION"),
        (PolicyKind.IDENTITY, {"Principal": None, "Action": []}, "MISSING_ACTION"),
        (PolicyKind.IDENTITY, {"Principal": None, "Sid": "a b"}, "UNSUPPORTED_SID"),
        (PolicyKind.SCP, {}, "UNSUPPORTED_PRINCIPAL"),
        (PolicyKind.TRUST, {}, "UNSUPPORTED_RESOURCE"),
        (PolicyKind.RCP, {}, "RCP_SYNTAX_ERROR"),
    ],
)
def test_other_kinds_refuse(kind: PolicyKind, elements: dict[str, Any], code: str) -> None:
    assert code in codes(document(statement(**elements)), kind)


def test_scps_need_a_version() -> None:
    text = json.dumps({"Statement": statement(Principal=None)})
    assert codes(text, PolicyKind.SCP) == ["MISSING_VERSION"]
    assert codes(text, PolicyKind.IDENTITY) == []


def test_aws_sentences() -> None:
    def first(given: dict[str, Any]) -> str:
        parsed = parse_policy(document(given), PolicyKind.KEY)
        assert isinstance(parsed, Malformed)
        return parsed.findings[0].message

    assert first(statement(Principal=None)) == "Policy contains a statement with no principal."
    wrong = statement(Principal={"AWS": "nobody"})
    assert first(wrong) == "Policy contains a statement with one or more invalid principals."


def test_iam_sentences() -> None:
    """As IAM's clients saw them."""

    def first(kind: PolicyKind, given: dict[str, Any]) -> str:
        parsed = parse_policy(document(given), kind)
        assert isinstance(parsed, Malformed)
        return parsed.findings[0].message

    assert first(PolicyKind.IDENTITY, statement()) == "Policy document should not specify a principal."
    assert first(PolicyKind.TRUST, statement()) == "Has prohibited field Resource"


def test_findings_are_located() -> None:
    text = '{"Version": "2012-10-17",\r\n  "Statement": [\n    {"Effect": "Allow", "Principal": "*",\n'
    text += '     "Action": ["kms:*",\n       "Encrypt"], "Resource": "*"}]}'
    parsed = parse_policy(text, PolicyKind.KEY)
    assert isinstance(parsed, Malformed)
    (finding,) = parsed.findings
    assert (finding.line, finding.column, finding.path) == (5, 7, "Statement[0].Action[1]")


def test_findings_are_bounded() -> None:
    parsed = parse_policy(document(*[{}] * 5000), PolicyKind.KEY)
    assert isinstance(parsed, Malformed)
    assert len(parsed.findings) == 100


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet='{}[]",:\\ ua1.-eStatemnPricpl*\n\x00é\U00010400', max_size=60),
    st.sampled_from(PolicyKind),
)
def test_any_text_is_a_policy_or_malformed(text: str, kind: PolicyKind) -> None:
    assert isinstance(parse_policy(text, kind), Policy | Malformed)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.sampled_from(["*", ROOT, "kms:*", "Deny"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ELEMENTS = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
]


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(ELEMENTS), JSON_VALUES),
    st.dictionaries(st.sampled_from(["Version", "Id", "Statement"]), JSON_VALUES),
    st.sampled_from(PolicyKind),
)
def test_any_json_is_a_policy_or_malformed(one: Any, rest: Any, kind: PolicyKind) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement(), one]} | rest)
    parsed = parse_policy(text, kind)
    assert isinstance(parsed, Policy) or parsed.findings
    assert json.loads(pretty(text)) == json.loads(text)
    rewrite_principals(text, str.upper)


def test_the_default_policy_has_the_layout_of_aws() -> None:
    text = default_key_policy(ACCOUNT)
    assert pretty(text) == text
    assert pretty(json.dumps(json.loads(text))) == text
    assert codes(text) == []


def test_a_condensed_document_says_the_same() -> None:
    text = '{ "a" :\t[ "x  y", "\\\\\\" \\n" , 1 ],\r\n"b" : { } , "c \\\\" : null }'
    assert condensed(text) == '{"a":["x  y","\\\\\\" \\n",1],"b":{},"c \\\\":null}'


@settings(max_examples=150, deadline=None)
@given(JSON_VALUES, st.sampled_from([None, 0, 3, "\t", " \r\n"]))
def test_condensing_leaves_nothing_but_what_counts(value: Any, indent: Any) -> None:
    text = condensed(json.dumps(value, indent=indent))
    assert json.loads(text) == value
    assert condensed(text) == text
    assert text == json.dumps(value, separators=(",", ":"))


def test_the_layout_of_lists_and_empties() -> None:
    text = '{"a":["x","y"],"b":[],"c":{},"d":[{"e":1},{"f":true}],"g":"\\u00e9\\n\\u0001\\/"}'
    assert pretty(text) == (
        '{\n  "a" : [ "x", "y" ],\n  "b" : [ ],\n  "c" : { },\n  "d" : [ {\n    "e" : 1\n  }, {\n'
        '    "f" : true\n  } ],\n  "g" : "é\\n\\u0001/"\n}'
    )


def test_rewriting_touches_aws_principals_alone() -> None:
    text = document(
        statement(Sid=USER, Principal={"AWS": [USER, "*"], "Service": "logs.amazonaws.com"}, Resource=USER),
        statement(Effect="Deny", Principal=None, NotPrincipal={"AWS": USER}),
        statement(Principal="*"),
    )
    changed = json.loads(rewrite_principals(text, lambda arn: "AIDA1" if arn == USER else arn))
    first, second, third = changed["Statement"]
    assert first["Principal"] == {"AWS": ["AIDA1", "*"], "Service": "logs.amazonaws.com"}
    assert (first["Sid"], first["Resource"]) == (USER, USER)
    assert second["NotPrincipal"] == {"AWS": "AIDA1"}
    assert third["Principal"] == "*"
    assert list(changed) == ["Version", "Statement"]


def test_rewriting_keeps_everything_else_to_the_letter() -> None:
    text = (
        ' { "Statement":[ {"Sid": "\\u0041", "Principal" : {"AWS":'
        '\t["USER" , "*",\n"arn:aws:iam::1:user\\/b"]},'
        ' "Principal":{ "AWS":"x" },"NotPrincipal": "USER"}, 7,'
        ' {"Principal":{"Service":"USER"}} ],"Id":"USER" }\n'
    )
    assert rewrite_principals(text, lambda name: name) == text
    changed = rewrite_principals(text, lambda name: f"<{name}>")
    assert changed == text.replace('["USER"', '["<USER>"').replace('"x"', '"<x>"').replace(
        '"arn:aws:iam::1:user\\/b"', '"<arn:aws:iam::1:user/b>"'
    )


def test_entries_say_whom_a_policy_names() -> None:
    names = [
        str(ACCOUNT),
        USER,
        f"arn:aws:iam::{ACCOUNT}:role/p/r",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/r/session",
        f"arn:aws:sts::{ACCOUNT}:federated-user/fred",
        "AROAEXAMPLE00000001",
        "*",
    ]
    policy = parse_policy(
        document(
            statement(Principal={"AWS": names}),
            statement(Effect="Deny", Principal=None, NotPrincipal={"Service": "logs.amazonaws.com"}),
        ),
        PolicyKind.KEY,
    )
    assert isinstance(policy, Policy)
    entries = principal_entries(policy)
    assert [entry.kind for entry in entries] == [
        PrincipalKind.ACCOUNT,
        PrincipalKind.USER,
        PrincipalKind.ROLE,
        PrincipalKind.SESSION,
        PrincipalKind.FEDERATED_USER,
        PrincipalKind.UNIQUE_ID,
        PrincipalKind.EVERYONE,
        PrincipalKind.SERVICE,
    ]
    assert [entry.text for entry in entries[:7]] == names
    assert {entry.account for entry in entries[:5]} == {ACCOUNT}
    assert (entries[7].statement, entries[7].excluded) == (1, True)
