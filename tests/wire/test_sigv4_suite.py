"""AWS's published SigV4 cases, both ways: what they signed verifies, and we sign as they did."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from keystead.names import AccessKeyId
from keystead.shapes.errors import AwsError
from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

SUITE = json.loads((Path(__file__).parents[2] / "vectors/wire/sigv4.json").read_text("utf-8"))
CASES = SUITE["cases"]
CREDENTIALS = sigv4.Credentials(AccessKeyId.parse(SUITE["access_key_id"]), SUITE["secret"])

each_case = pytest.mark.parametrize("case", CASES, ids=[f"{case['form']}-{case['name']}" for case in CASES])


def request_of(case: dict[str, Any]) -> HttpRequest:
    body = case["body"].encode()
    return HttpRequest(case["method"], case["path"], case["query"], case["headers"], body, "192.0.2.1", True)


@each_case
def test_the_published_signature_has_the_published_result(case: dict[str, Any]) -> None:
    http = request_of(case)
    claim = sigv4.read(http)
    assert claim.timestamp == SUITE["timestamp"]
    sigv4.check_scope(claim, SUITE["service"], {SUITE["region"]}, claim.time)
    try:
        sigv4.verify(claim, http, SUITE["secret"])
        result = "accepted"
    except AwsError as error:
        result = error.code
    assert result == case["result"]


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["form"] == "header" and case["result"] == "accepted"],
    ids=lambda case: case["name"],
)
def test_we_sign_as_published(case: dict[str, Any]) -> None:
    http = request_of(case)
    token = http.headers.get("x-amz-security-token")
    unsigned = {
        name: value
        for name, value in http.headers.items()
        if name not in ("authorization", "x-amz-date", "x-amz-security-token")
    }
    signed = sigv4.sign(
        replace(http, headers=unsigned),
        sigv4.Credentials(CREDENTIALS.access_key_id, CREDENTIALS.secret, token),
        SUITE["region"],
        SUITE["service"],
        SUITE["timestamp"],
    )
    assert signed.headers == http.headers


def test_every_kind_of_case_is_there() -> None:
    kinds = {(case["form"], case["result"]) for case in CASES}
    assert kinds == {
        ("header", "accepted"),
        ("header", "InvalidSignatureException"),
        ("presigned", "accepted"),
    }
    assert len(CASES) == len({(case["form"], case["name"]) for case in CASES}) >= 40
