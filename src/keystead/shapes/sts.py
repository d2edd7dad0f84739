"""Requests and responses of AWS Security Token Service.

Written by `tools/generate_shapes.py` from AWS's model sts 2011-06-15: do not edit.
"""

# ruff: noqa: D101 -- AWS documents its structures, and their names are its own
from typing import Annotated

from msgspec import Meta

from keystead.shapes.record import OperationShape, Record, ServiceShape

EncodedMessageType = Annotated[str, Meta(min_length=1, max_length=10240)]


class DecodeAuthorizationMessageRequest(Record, frozen=True, kw_only=True):
    encoded_message: EncodedMessageType


class DecodeAuthorizationMessageResponse(Record, frozen=True, kw_only=True):
    decoded_message: str | None = None


class GetCallerIdentityRequest(Record, frozen=True, kw_only=True):
    pass


class GetCallerIdentityResponse(Record, frozen=True, kw_only=True):
    user_id: str | None = None
    account: str | None = None
    arn: str | None = None


OPERATIONS: dict[str, OperationShape] = {
    operation.name: operation
    for operation in (
        OperationShape(
            "DecodeAuthorizationMessage",
            DecodeAuthorizationMessageRequest,
            DecodeAuthorizationMessageResponse,
        ),
        OperationShape("GetCallerIdentity", GetCallerIdentityRequest, GetCallerIdentityResponse),
    )
}
SERVICE = ServiceShape(
    name="sts",
    version="2011-06-15",
    namespace="https://sts.amazonaws.com/doc/2011-06-15/",
    operations=OPERATIONS,
)
