"""What the condition keys hold of callers, connections and the clock."""

from typing import Any

import pytest
from context_scene import (
    ACCOUNT,
    FEDERATED,
    HEADERS,
    REGION,
    ROOT,
    SERVICE,
    SESSION,
    USER,
    bare,
    call,
    touched_by,
)

from keystead.policy.request import Caller
from keystead.service.context import CheckContext
from keystead.service.context.table import TABLE
from keystead.service.operation import OnKey
from keystead.shapes import kms


@pytest.mark.parametrize(
    ("caller", "arn", "type", "name"),
    [
        (USER, f"arn:aws:iam::{ACCOUNT}:user/team/ada", "User", "ada"),
        (ROOT, f"arn:aws:iam::{ACCOUNT}:root", "Account", None),
        (SESSION, f"arn:aws:iam::{ACCOUNT}:role/team/r", "AssumedRole", None),
        (FEDERATED, f"arn:aws:sts::{ACCOUNT}:federated-user/fred", "FederatedUser", None),
    ],
    ids=["user", "root", "session", "federated"],
)
def test_principals(caller: Caller, arn: str, type: str, name: str | None) -> None:
    touched = touched_by(OnKey("kms:DescribeKey"))
    context = CheckContext(call(bare(kms.DescribeKeyRequest), caller, touched=[touched]), touched)
    assert context.get("aws:principalarn") == arn
    assert context.get("aws:principaltype") == type
    assert context.get("aws:username") == name
    assert context.get("aws:userid") == caller.unique_id
    assert context.get("aws:principalaccount") == ACCOUNT
    assert context.get("kms:calleraccount") == ACCOUNT
    assert context.get("aws:principalisawsservice") == "false"
    assert context.get("aws:viaawsservice") == "false"


def test_a_service_that_calls_for_itself_has_no_account() -> None:
    touched = touched_by(OnKey("kms:DescribeKey"))
    context = CheckContext(call(bare(kms.DescribeKeyRequest), SERVICE, touched=[touched]), touched)
    for key in (
        "aws:principalarn",
        "aws:principalaccount",
        "aws:userid",
        "aws:username",
        "kms:calleraccount",
    ):
        assert context.get(key) is None
    assert context.get("aws:principalisawsservice") == "true"


def test_a_service_says_for_which_resource_it_calls_and_nobody_else_does() -> None:
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue"
    headers = {"x-keystead-source-arn": queue, "x-keystead-source-account": ACCOUNT}
    touched = touched_by(OnKey("kms:DescribeKey"))
    told = {
        "aws:principalservicename": "cloudtrail.amazonaws.com",
        "aws:principalservicenameslist": ("cloudtrail.amazonaws.com",),
        "aws:sourcearn": queue,
        "aws:sourceaccount": ACCOUNT,
        "aws:sourceorgid": "o-exampleorg",
        "aws:sourceorgpaths": ("o-exampleorg/r-root/ou-root-payments/",),
    }
    for caller, expected in ((SERVICE, told), (USER, dict.fromkeys(told)), (ROOT, dict.fromkeys(told))):
        made = call(bare(kms.DescribeKeyRequest), caller, touched=[touched], headers=headers)
        context = CheckContext(made, touched)
        assert {key: context.get(key) for key in told} == expected


def context_with(**connection: Any) -> CheckContext:
    touched = touched_by(OnKey("kms:DescribeKey"))
    return CheckContext(call(bare(kms.DescribeKeyRequest), touched=[touched], **connection), touched)


@pytest.mark.parametrize(
    ("client", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::FFFF:C000:0207", "192.0.2.7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("::1", "::1"),
        ("", None),
        ("unix:", None),
        ("192.0.2.7, 198.51.100.1", None),
    ],
)
def test_the_source_address(client: str, address: str | None) -> None:
    assert context_with(client=client).get("aws:sourceip") == address


def test_no_header_but_user_agent_and_referer_fills_a_key() -> None:
    """Nothing that a client can send by the name of a fact makes it one."""
    names = [name.lower() for name in TABLE]
    parts = [name.rpartition(":")[2].rstrip("/") for name in names]
    forged = dict.fromkeys([*names, *parts], "forged")
    forged |= {"x-forwarded-for": "203.0.113.9", "forwarded": "for=203.0.113.9;proto=https"}
    forged |= {"x-forwarded-proto": "https", "x-amz-source-arn": "arn:x", "x-amz-source-account": ACCOUNT}
    plain, given = context_with(headers={}, secure=False), context_with(headers=forged, secure=False)
    assert set(given) - set(plain) == {"aws:referer"}
    assert {key: given.get(key) for key in plain} == dict(plain)
    assert context_with(headers=HEADERS).get("aws:useragent") == "aws-cli/2"
    assert context_with(headers=HEADERS).get("aws:referer") == "https://example.com/"


def test_the_connection_the_region_and_the_clock() -> None:
    context = context_with()
    assert context.get("aws:securetransport") == "true"
    assert context_with(secure=False).get("aws:securetransport") == "false"
    assert context.get("aws:requestedregion") == REGION
    assert context.get("aws:resourceaccount") == ACCOUNT
    assert context.get("aws:currenttime") == "2027-01-15T08:02:03Z"
    assert context.get("aws:epochtime") == "1800000123"


# The context as a mapping.


def test_a_context_remembers_whether_it_was_consulted() -> None:
    context = context_with()
    assert not context.consulted
    assert context.get("kms:nosuchkey") is None
    assert context.consulted


def test_a_context_is_a_mapping_of_what_is_there() -> None:
    context = context_with()
    assert len(context) == len(dict(context)) > 20
    assert context["aws:username"] == "ada"
    with pytest.raises(KeyError):
        context["kms:viaservice"]
